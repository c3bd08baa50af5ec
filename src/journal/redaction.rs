//! What is secret, by the name it stands under or by its own look.

use std::borrow::Cow;

use regex_lite::Regex;

use super::assigned::{without_assigned, without_elements};
use super::hints::{Hints, Needs, Sight, has_run};
use super::token::without_tokens;

/// What stands in a secret's place.
pub(super) const REDACTED: &str = "[redacted]";

/// A name that contains one of these, case and separators aside, names a secret.
const NAME_PARTS: [&str; 21] = [
    "accesskey",
    "accesstoken",
    "apikey",
    "authorization",
    "authtoken",
    "cookie",
    "credential",
    "customerkey",
    "identitytoken",
    "idtoken",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "refreshtoken",
    "samlassertion",
    "secret",
    "securitytoken",
    "sessiontoken",
    "signature",
    "tokencode",
];

/// Letters that the shortest of these has.
const SHORTEST_PART: usize = 6;

/// Names that are secret as a whole; as a part of a longer one they mean other things (`token_count`).
const NAMES: [&str; 10] = ["token", "tokens", "auth", "jwt", "bearer", "pass", "pwd", "pw", "pin", "otp"];

/// Names that are secret as the last word of a longer one as well: `db_pass`.
const LAST_WORDS: [&str; 5] = ["pass", "pwd", "pw", "pin", "otp"];

/// What a secret looks like.
#[derive(Debug)]
struct Look {
    /// What must occur before the slower pattern is tried.
    needs: Needs,
    pattern: &'static str,
    /// What takes a match's place.
    with: &'static str,
}

static LOOKS: [Look; 11] = [
    // A private key in PEM, also where its end was cut off.
    Look {
        needs: Needs { hints: &["private key"], signs: b"-", run: false },
        pattern: r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
        with: REDACTED,
    },
    // Presigned and otherwise signed URLs, and the Authorization header's parts.
    Look {
        needs: Needs {
            hints: &["signature=", "credential=", "token=", "accesskeyid=", "sig="],
            signs: b"=",
            run: false,
        },
        pattern: r"(?i)\b((?:X-Amz-(?:Signature|Security-Token|Credential)|Signature|Credential|AWSAccessKeyId|access_token|sig|token)=)[^&,\s\x22'<>:][^&,\s\x22'<>]*",
        with: "${1}[redacted]",
    },
    Look {
        needs: Needs { hints: &["bearer", "basic"], signs: b"", run: false },
        pattern: r"(?i)\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}",
        with: "${1} [redacted]",
    },
    // Headers that are secret to the end of their line, whatever their form.
    Look {
        needs: Needs { hints: &["authorization", "cookie"], signs: b":=", run: false },
        pattern: r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(\\*[\x22']?\s*[:=]\s*\\*[\x22']?)[^\r\n\x22'\\: ][^\r\n\x22'\\]*",
        with: "${1}${2}[redacted]",
    },
    // name=value and "name": "value" inside a text, which may itself be JSON inside JSON, with quotes escaped.
    Look {
        needs: Needs {
            hints: &["passw", "passphrase", "secret", "key", "token", "pass=", "pwd=", "pass =", "pwd ="],
            signs: b":=",
            run: false,
        },
        pattern: r"(?i)((?:(?:password|passwd|passphrase|secret|api[_-]?key|private[_-]?key|(?:access|account|session|security|refresh|auth)[_-]?(?:key|token))[\w-]*\\*[\x22']?\s*[:=]|\btoken\\*[\x22']?\s*[:=]|(?:\b|_)(?:pass|pwd)\s*=)\s*)(?:\x22(?:\\[\s\S]|[^\x22\\])*\x22?|\\+\x22[^\x22]*\x22?|\\*'[^']*'?|[^\s&,;\x22'\[\\:][^\s&,;\x22'\[\\]*)",
        with: "${1}[redacted]",
    },
    // S3's ContinuationToken says where a list goes on.
    Look {
        needs: Needs { hints: &["</"], signs: b"<", run: false },
        pattern: r"(?i)(<[\w:.-]*(?:password|passwd|secret|api[_-]?key|(?:\b|[^n\W]|session|json|login|admin|authori[sz]ation|authentication)token)[\w:.-]*(?:\s[^<>]*)?>)(?:<!\[CDATA\[[\s\S]*?(?:\]\]>|\z)|[^<]+)",
        with: "${1}[redacted]",
    },
    Look {
        needs: Needs { hints: &["://"], signs: b"@", run: false },
        pattern: r"(://)[^/\s:@]*:[^/\s@]+@",
        with: "${1}[redacted]@",
    },
    // Access key ids, then session tokens, which all begin alike.
    Look {
        needs: Needs { hints: &["akia", "asia", "abia", "acca"], signs: b"", run: true },
        pattern: r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
        with: REDACTED,
    },
    Look {
        needs: Needs { hints: &["iqojb3jpz2lu", "ogzxivyxdz"], signs: b"", run: true },
        pattern: r"\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9/+=]{16,}",
        with: REDACTED,
    },
    Look {
        needs: Needs { hints: &["eyj"], signs: b"", run: true },
        pattern: r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
        with: REDACTED,
    },
    // Addresses to which whoever knows them may post.
    Look {
        needs: Needs {
            hints: &["hooks.slack", "/webhooks/", "webhook.office", "hooks.zapier", "api.telegram.org/bot"],
            signs: b"",
            run: true,
        },
        pattern: r"(?i)(hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/(?:v\d+/)?webhooks/|webhook\.office\.com/webhookb2/|hooks\.zapier\.com/hooks/catch/|api\.telegram\.org/bot)[^\s\x22'<>]+",
        with: "${1}[redacted]",
    },
];

/// Finds secrets.
#[derive(Debug)]
pub struct Redactor {
    looks: Vec<(Regex, &'static str)>,
    hints: Hints,
}

impl Redactor {
    /// Compiles the patterns.
    ///
    /// # Errors
    /// One of them is broken, so that nothing may be recorded.
    pub fn new() -> Result<Self, regex_lite::Error> {
        let looks = LOOKS.iter().map(|look| Ok((Regex::new(look.pattern)?, look.with))).collect::<Result<_, _>>()?;
        Ok(Self { looks, hints: Hints::new(LOOKS.iter().map(|look| look.needs).collect()) })
    }

    /// Whether what stands under `name` is a secret, whatever it looks like.
    #[must_use]
    pub fn is_secret_name(&self, given: &str) -> bool {
        // DynamoDB's types stand everywhere.
        if given.len() < 2 {
            return false;
        }
        let mut place = [0; 32];
        let long: Vec<u8>;
        // In place, where it can be: names are short, and there are many.
        let name = if given.len() <= place.len() && given.is_ascii() {
            let letters = given.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
            let count = place.iter_mut().zip(letters).map(|(place, byte)| *place = byte).count();
            &place[..count]
        } else {
            let letters = given.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
            long = letters.collect::<String>().into_bytes();
            &long
        };
        let last = given.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        NAMES.iter().any(|known| known.as_bytes() == name)
            || LAST_WORDS.iter().any(|known| last.eq_ignore_ascii_case(known))
            || (0..=name.len().saturating_sub(SHORTEST_PART)).any(|at| has_part(&name[at..]))
    }

    /// `text` without what looks like a secret; borrowed where there is none.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.seen(text, self.hints.look(text))
    }

    /// The same of a text where so much was seen.
    fn seen<'t>(&self, text: &'t str, sight: Sight) -> Cow<'t, str> {
        let mut clean = if sight.has(b":=") { without_assigned(text, self) } else { Cow::Borrowed(text) };
        if sight.has(b"<")
            && let Cow::Owned(replaced) = without_elements(&clean, self)
        {
            clean = Cow::Owned(replaced);
        }
        for (at, (pattern, with)) in self.looks.iter().enumerate() {
            if sight.shows(at)
                && let Cow::Owned(replaced) = pattern.replace_all(&clean, *with)
            {
                clean = Cow::Owned(replaced);
            }
        }
        if sight.run
            && let Cow::Owned(replaced) = without_tokens(&clean)
        {
            clean = Cow::Owned(replaced);
        }
        match (sight.run && has_run(text, SECRET_KEY)).then(|| without_secret_keys(&clean)).flatten() {
            Some(replaced) => Cow::Owned(replaced),
            None => clean,
        }
    }
}

/// Whether `rest` begins with one of [`NAME_PARTS`].
fn has_part(rest: &[u8]) -> bool {
    let Some(first) = rest.first() else { return false };
    // Few letters begin one.
    matches!(first, b'a' | b'c' | b'i' | b'p' | b'r' | b's' | b't')
        && NAME_PARTS.iter().any(|part| part.as_bytes()[0] == *first && rest.starts_with(part.as_bytes()))
}

/// Characters of an AWS secret access key.
const SECRET_KEY: usize = 40;

/// `text` without what may be AWS's secret access keys, where there are any.
fn without_secret_keys(text: &str) -> Option<String> {
    let is_outside = |byte: &u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'));
    let (mut clean, mut kept, mut at) = (String::new(), 0, 0);
    for run in text.as_bytes().split(is_outside) {
        let (start, end) = (at, at + run.len());
        if is_secret_key(run) {
            clean.push_str(&text[kept..start]);
            clean.push_str(REDACTED);
            kept = end;
        }
        at = end + 1;
    }
    (kept > 0).then(|| clean + &text[kept..])
}

/// Whether they are forty characters, mixed as random ones are: digests in hexadecimal and words are not.
fn is_secret_key(run: &[u8]) -> bool {
    let count = |class: fn(&u8) -> bool| run.iter().filter(|byte| class(byte)).count();
    run.len() == SECRET_KEY
        && count(u8::is_ascii_uppercase) >= 5
        && count(u8::is_ascii_lowercase) >= 5
        && count(u8::is_ascii_digit) >= 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Redactor, Sight};

    proptest! {
        #[test]
        fn what_nothing_hints_at_holds_no_secret(
            text in "(bearer |Basic |AKIA|ASIA|[A-Z0-9]{16}|[A-Za-z0-9/+]{40}|eyJ|hooks\\.slack\\.com/services/|FwoGZXIvYXdz|npm_|sig|\
                     password|pwd|token|cookie|secret|key|[=:@<>&\"' \\n._-]|://|</|-----BEGIN PRIVATE KEY-----|[a-z]{1,9}|[a-z0-9]{20}|é){0,12}",
        ) {
            let redactor = Redactor::new().unwrap();
            prop_assert_eq!(redactor.text(&text), redactor.seen(&text, Sight::ALL));
        }
    }

    #[test]
    fn an_element_of_a_token_is_a_secret_and_that_of_a_page_is_none() {
        let redactor = Redactor::new().unwrap();
        for name in ["Token", "a:token", "SessionToken", "my_token", "AuthorizationToken", "WebIdentityToken"] {
            let text = format!("<a><{name}>hunter2</{name}></a>");
            assert_eq!(redactor.text(&text), format!("<a><{name}>[redacted]</{name}></a>"));
        }
        for name in ["ContinuationToken", "NextContinuationToken"] {
            let text = format!("<a><{name}>k1</{name}></a>");
            assert_eq!(redactor.text(&text), text);
        }
    }
}
