//! What is secret, by the name it stands under or by its own look.

use std::borrow::Cow;

use regex_lite::Regex;

use super::assigned::{without_assigned, without_elements};
use super::hints::Hints;
use super::token::{SHORTEST, without_tokens};

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

/// Names that are secret as a whole; as a part of a longer one they mean other things (`token_count`).
const NAMES: [&str; 10] = ["token", "tokens", "auth", "jwt", "bearer", "pass", "pwd", "pw", "pin", "otp"];

/// Names that are secret as the last word of a longer one as well: `db_pass`.
const LAST_WORDS: [&str; 5] = ["pass", "pwd", "pw", "pin", "otp"];

/// What a secret looks like.
#[derive(Debug)]
struct Look {
    /// Lower-case texts of which one must occur, case aside, before the slower pattern is tried.
    hints: &'static [&'static str],
    /// Characters of which one must occur as well, where there are any.
    signs: &'static [u8],
    pattern: &'static str,
    /// What takes a match's place.
    with: &'static str,
}

static LOOKS: [Look; 11] = [
    // A private key in PEM, also where its end was cut off.
    Look {
        hints: &["private key"],
        signs: b"-",
        pattern: r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
        with: REDACTED,
    },
    // Presigned and otherwise signed URLs, and the Authorization header's parts.
    Look {
        hints: &["signature=", "credential=", "token=", "accesskeyid=", "sig="],
        signs: b"=",
        pattern: r"(?i)\b((?:X-Amz-(?:Signature|Security-Token|Credential)|Signature|Credential|AWSAccessKeyId|access_token|sig|token)=)[^&,\s\x22'<>:][^&,\s\x22'<>]*",
        with: "${1}[redacted]",
    },
    Look {
        hints: &["bearer", "basic"],
        signs: b"",
        pattern: r"(?i)\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}",
        with: "${1} [redacted]",
    },
    // Headers that are secret to the end of their line, whatever their form.
    Look {
        hints: &["authorization", "cookie"],
        signs: b":=",
        pattern: r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(\\*[\x22']?\s*[:=]\s*\\*[\x22']?)[^\r\n\x22'\\: ][^\r\n\x22'\\]*",
        with: "${1}${2}[redacted]",
    },
    // name=value and "name": "value" inside a text, which may itself be JSON inside JSON, with quotes escaped.
    Look {
        hints: &["passw", "passphrase", "secret", "key", "token", "pass=", "pwd=", "pass =", "pwd ="],
        signs: b":=",
        pattern: r"(?i)((?:(?:password|passwd|passphrase|secret|api[_-]?key|private[_-]?key|(?:access|account|session|security|refresh|auth)[_-]?(?:key|token))[\w-]*\\*[\x22']?\s*[:=]|\btoken\\*[\x22']?\s*[:=]|(?:\b|_)(?:pass|pwd)\s*=)\s*)(?:\x22(?:\\[\s\S]|[^\x22\\])*\x22?|\\+\x22[^\x22]*\x22?|\\*'[^']*'?|[^\s&,;\x22'\[\\:][^\s&,;\x22'\[\\]*)",
        with: "${1}[redacted]",
    },
    // S3's ContinuationToken says where a list goes on.
    Look {
        hints: &["</"],
        signs: b"<",
        pattern: r"(?i)(<[\w:.-]*(?:password|passwd|secret|api[_-]?key|(?:\b|[^n\W]|session|json|login|admin|authori[sz]ation|authentication)token)[\w:.-]*(?:\s[^<>]*)?>)(?:<!\[CDATA\[[\s\S]*?(?:\]\]>|\z)|[^<]+)",
        with: "${1}[redacted]",
    },
    Look { hints: &["://"], signs: b"@", pattern: r"(://)[^/\s:@]*:[^/\s@]+@", with: "${1}[redacted]@" },
    // Access key ids, then session tokens, which all begin alike.
    Look {
        hints: &["akia", "asia", "abia", "acca"],
        signs: b"",
        pattern: r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
        with: REDACTED,
    },
    Look {
        hints: &["iqojb3jpz2lu", "ogzxivyxdz"],
        signs: b"",
        pattern: r"\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9/+=]{16,}",
        with: REDACTED,
    },
    Look {
        hints: &["eyj"],
        signs: b"",
        pattern: r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
        with: REDACTED,
    },
    // Addresses to which whoever knows them may post.
    Look {
        hints: &["hooks.slack", "/webhooks/", "webhook.office", "hooks.zapier", "api.telegram.org/bot"],
        signs: b"",
        pattern: r"(?i)(hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/(?:v\d+/)?webhooks/|webhook\.office\.com/webhookb2/|hooks\.zapier\.com/hooks/catch/|api\.telegram\.org/bot)[^\s\x22'<>]+",
        with: "${1}[redacted]",
    },
];

/// Finds secrets.
#[derive(Debug)]
pub struct Redactor {
    looks: Vec<(Regex, &'static Look)>,
    hints: Hints,
}

impl Redactor {
    /// Compiles the patterns.
    ///
    /// # Errors
    /// One of them is broken, so that nothing may be recorded.
    pub fn new() -> Result<Self, regex_lite::Error> {
        let looks = LOOKS.iter().map(|look| Ok((Regex::new(look.pattern)?, look))).collect::<Result<_, _>>()?;
        Ok(Self { looks, hints: Hints::new(LOOKS.iter().map(|look| look.hints)) })
    }

    /// Whether what stands under `name` is a secret, whatever it looks like.
    #[must_use]
    pub fn is_secret_name(&self, given: &str) -> bool {
        // DynamoDB's types stand everywhere.
        if given.len() < 2 {
            return false;
        }
        let name: SmallName = given.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let name = name.as_bytes();
        let last = given.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        NAMES.iter().any(|known| known.as_bytes() == name)
            || LAST_WORDS.iter().any(|known| last.eq_ignore_ascii_case(known))
            || (0..name.len()).any(|at| has_part(&name[at..]))
    }

    /// `text` without what looks like a secret; borrowed where there is none.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let sight = self.hints.look(text);
        let mut clean = if sight.has(b":=") { without_assigned(text, self) } else { Cow::Borrowed(text) };
        if sight.has(b"<")
            && let Cow::Owned(replaced) = without_elements(&clean, self)
        {
            clean = Cow::Owned(replaced);
        }
        for (at, (pattern, look)) in self.looks.iter().enumerate() {
            if sight.shows(at, look.signs)
                && let Cow::Owned(replaced) = pattern.replace_all(&clean, look.with)
            {
                clean = Cow::Owned(replaced);
            }
        }
        if sight.run >= SHORTEST
            && let Cow::Owned(replaced) = without_tokens(&clean)
        {
            clean = Cow::Owned(replaced);
        }
        match (sight.run >= SECRET_KEY).then(|| without_secret_keys(&clean)).flatten() {
            Some(replaced) => Cow::Owned(replaced),
            None => clean,
        }
    }
}

/// A name as it is compared, in place: names are short, and there are many.
#[derive(Default)]
struct SmallName {
    bytes: [u8; 32],
    length: usize,
    /// In place of the bytes, where it is longer.
    long: Vec<u8>,
}

impl FromIterator<char> for SmallName {
    fn from_iter<I: IntoIterator<Item = char>>(characters: I) -> Self {
        let mut name = Self::default();
        for character in characters {
            let mut bytes = [0; 4];
            let bytes = character.encode_utf8(&mut bytes).as_bytes();
            if name.long.is_empty() && name.length + bytes.len() <= name.bytes.len() {
                name.bytes[name.length..][..bytes.len()].copy_from_slice(bytes);
                name.length += bytes.len();
            } else {
                if name.long.is_empty() {
                    name.long.extend_from_slice(&name.bytes[..name.length]);
                }
                name.long.extend_from_slice(bytes);
            }
        }
        name
    }
}

impl SmallName {
    fn as_bytes(&self) -> &[u8] {
        if self.long.is_empty() { &self.bytes[..self.length] } else { &self.long }
    }
}

/// Whether `rest` begins with one of [`NAME_PARTS`].
fn has_part(rest: &[u8]) -> bool {
    // Few letters begin one.
    matches!(rest[0], b'a' | b'c' | b'i' | b'p' | b'r' | b's' | b't')
        && NAME_PARTS.iter().any(|part| rest.starts_with(part.as_bytes()))
}

/// Characters of an AWS secret access key.
const SECRET_KEY: usize = 40;

/// `text` without what may be AWS's secret access keys, where there are any.
fn without_secret_keys(text: &str) -> Option<String> {
    let is_outside = |c: char| !(c.is_ascii_alphanumeric() || c == '/' || c == '+');
    let is_secret = |run: &&str| is_secret_key(run.trim_end_matches(is_outside));
    text.split_inclusive(is_outside).find(is_secret)?;
    let mut clean = String::with_capacity(text.len());
    for run in text.split_inclusive(is_outside) {
        if is_secret(&run) {
            clean.push_str(REDACTED);
            clean.push_str(&run[SECRET_KEY..]);
        } else {
            clean.push_str(run);
        }
    }
    Some(clean)
}

/// Whether they are forty characters, mixed as random ones are: digests in hexadecimal and words are not.
fn is_secret_key(run: &str) -> bool {
    let count = |class: fn(&u8) -> bool| run.bytes().filter(class).count();
    run.len() == SECRET_KEY
        && count(u8::is_ascii_uppercase) >= 5
        && count(u8::is_ascii_lowercase) >= 5
        && count(u8::is_ascii_digit) >= 1
}

#[cfg(test)]
mod tests {
    use super::Redactor;

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
