//! What is secret, by the name it stands under or by its own look.

use std::borrow::Cow;

use regex_lite::Regex;

use super::token::without_tokens;

/// What stands in a secret's place.
pub(super) const REDACTED: &str = "[redacted]";

/// A name that contains one of these, case and separators aside, names a secret.
const NAME_PARTS: [&str; 18] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "credential",
    "apikey",
    "privatekey",
    "accesskey",
    "customerkey",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "authtoken",
    "sessiontoken",
    "securitytoken",
    "authorization",
    "signature",
    "cookie",
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
    pattern: &'static str,
    /// What takes a match's place.
    with: &'static str,
}

static LOOKS: [Look; 11] = [
    // A private key in PEM, also where its end was cut off.
    Look {
        hints: &["private key"],
        pattern: r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
        with: REDACTED,
    },
    // Presigned and otherwise signed URLs, and the Authorization header's parts.
    Look {
        hints: &["signature=", "credential=", "token=", "accesskeyid=", "sig="],
        pattern: r"(?i)\b((?:X-Amz-(?:Signature|Security-Token|Credential)|Signature|Credential|AWSAccessKeyId|access_token|sig|token)=)[^&,\s\x22'<>]+",
        with: "${1}[redacted]",
    },
    Look {
        hints: &["bearer", "basic"],
        pattern: r"(?i)\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}",
        with: "${1} [redacted]",
    },
    // Headers that are secret to the end of their line, whatever their form.
    Look {
        hints: &["authorization", "cookie"],
        pattern: r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(\\*[\x22']?\s*[:=]\s*\\*[\x22']?)[^\r\n\x22'\\]+",
        with: "${1}${2}[redacted]",
    },
    // name=value and "name": "value" inside a text, which may itself be JSON inside JSON, with quotes escaped.
    Look {
        hints: &["passw", "passphrase", "secret", "key", "token", "pass=", "pwd=", "pass =", "pwd ="],
        pattern: r"(?i)((?:(?:password|passwd|passphrase|secret|api[_-]?key|private[_-]?key|(?:access|account|session|security|refresh|auth)[_-]?(?:key|token))[\w-]*\\*[\x22']?\s*[:=]|\btoken\\*[\x22']?\s*[:=]|(?:\b|_)(?:pass|pwd)\s*=)\s*)(?:\\*\x22[^\x22]*\x22?|\\*'[^']*'?|[^\s&,;\x22'\[\\]+)",
        with: "${1}[redacted]",
    },
    Look {
        hints: &["</"],
        pattern: r"(?i)(<[\w:.-]*(?:password|passwd|secret|api[_-]?key|token)[\w:.-]*>)[^<]+",
        with: "${1}[redacted]",
    },
    Look { hints: &["://"], pattern: r"(://)[^/\s:@]*:[^/\s@]+@", with: "${1}[redacted]@" },
    // Access key ids, then session tokens, which all begin alike.
    Look {
        hints: &["akia", "asia", "abia", "acca"],
        pattern: r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
        with: REDACTED,
    },
    Look {
        hints: &["iqojb3jpz2lu", "ogzxivyxdz"],
        pattern: r"\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9/+=]{16,}",
        with: REDACTED,
    },
    Look { hints: &["eyj"], pattern: r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*", with: REDACTED },
    // Addresses to which whoever knows them may post.
    Look {
        hints: &["hooks.slack", "/webhooks/", "webhook.office", "hooks.zapier", "api.telegram.org/bot"],
        pattern: r"(?i)(hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/(?:v\d+/)?webhooks/|webhook\.office\.com/webhookb2/|hooks\.zapier\.com/hooks/catch/|api\.telegram\.org/bot)[^\s\x22'<>]+",
        with: "${1}[redacted]",
    },
];

/// Finds secrets.
#[derive(Debug)]
pub struct Redactor(Vec<(Regex, &'static Look)>);

impl Redactor {
    /// Compiles the patterns.
    ///
    /// # Errors
    /// One of them is broken, so that nothing may be recorded.
    pub fn new() -> Result<Self, regex_lite::Error> {
        LOOKS.iter().map(|look| Ok((Regex::new(look.pattern)?, look))).collect::<Result<_, _>>().map(Self)
    }

    /// Whether what stands under `name` is a secret, whatever it looks like.
    #[must_use]
    pub fn is_secret_name(&self, given: &str) -> bool {
        let name: String = given.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let last = given.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
        NAMES.contains(&name.as_str())
            || LAST_WORDS.contains(&last.as_str())
            || NAME_PARTS.iter().any(|part| name.contains(part))
    }

    /// `text` without what looks like a secret; borrowed where there is none.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let lower = text.to_ascii_lowercase();
        let mut clean = Cow::Borrowed(text);
        for (pattern, look) in &self.0 {
            if look.hints.iter().any(|hint| lower.contains(hint))
                && let Cow::Owned(replaced) = pattern.replace_all(&clean, look.with)
            {
                clean = Cow::Owned(replaced);
            }
        }
        if let Cow::Owned(replaced) = without_tokens(&clean) {
            clean = Cow::Owned(replaced);
        }
        match without_secret_keys(&clean) {
            Some(replaced) => Cow::Owned(replaced),
            None => clean,
        }
    }
}

/// `text` without what may be AWS's secret access keys, where there are any.
fn without_secret_keys(text: &str) -> Option<String> {
    let is_outside = |c: char| !(c.is_ascii_alphanumeric() || c == '/' || c == '+');
    let is_secret = |run: &&str| is_secret_key(run.trim_end_matches(is_outside));
    text.split_inclusive(is_outside).find(is_secret)?;
    let mut clean = String::with_capacity(text.len());
    for run in text.split_inclusive(is_outside) {
        if is_secret(&run) {
            clean.push_str(REDACTED);
            clean.push_str(&run[40..]);
        } else {
            clean.push_str(run);
        }
    }
    Some(clean)
}

/// Whether they are forty characters, mixed as random ones are: digests in hexadecimal and words are not.
fn is_secret_key(run: &str) -> bool {
    let count = |class: fn(&u8) -> bool| run.bytes().filter(class).count();
    run.len() == 40
        && count(u8::is_ascii_uppercase) >= 5
        && count(u8::is_ascii_lowercase) >= 5
        && count(u8::is_ascii_digit) >= 1
}
