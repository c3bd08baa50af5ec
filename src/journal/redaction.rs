//! What is secret, by the name it stands under or by its own look.

use std::borrow::Cow;

use regex_lite::{Captures, Regex};

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
const NAMES: [&str; 6] = ["token", "pwd", "pass", "auth", "jwt", "bearer"];

/// Patterns, each with what takes a match's place.
const PATTERNS: [(&str, &str); 9] = [
    // A private key in PEM, also where its end was cut off.
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)", REDACTED),
    // Presigned and otherwise signed URLs, and the Authorization header's parts.
    (
        r"(?i)\b((?:X-Amz-(?:Signature|Security-Token|Credential)|Signature|Credential|AWSAccessKeyId|access_token|sig|token)=)[^&,\s\x22'<>]+",
        "${1}[redacted]",
    ),
    (r"(?i)\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}", "${1} [redacted]"),
    // name=value and "name": "value" inside a text.
    (
        r"(?i)((?:password|passwd|passphrase|secret|api[_-]?key|private[_-]?key|(?:access|session|security|refresh|auth)[_-]?(?:key|token))[\w-]*[\x22']?\s*[:=]\s*)(?:\x22[^\x22]*\x22?|'[^']*'?|[^\s&,;\x22'\[]+)",
        "${1}[redacted]",
    ),
    (r"(://)[^/\s:@]*:[^/\s@]+@", "${1}[redacted]@"),
    // Access key ids, then session tokens, which all begin alike.
    (r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", REDACTED),
    (r"\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9/+=]{16,}", REDACTED),
    // JSON Web Tokens, then tokens of services that mark them.
    (r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*", REDACTED),
    (
        r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|sk-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,})",
        REDACTED,
    ),
];

/// Runs of forty characters of base64, as AWS's secret access keys are.
const FORTY: &str = r"[A-Za-z0-9/+=]+";

/// Finds secrets.
#[derive(Debug)]
pub struct Redactor {
    patterns: Vec<(Regex, &'static str)>,
    forty: Regex,
}

impl Redactor {
    /// Compiles the patterns.
    ///
    /// # Errors
    /// One of them is broken, so that nothing may be recorded.
    pub fn new() -> Result<Self, regex_lite::Error> {
        let compile = |(pattern, with): &(&str, &'static str)| Ok((Regex::new(pattern)?, *with));
        Ok(Self {
            patterns: PATTERNS.iter().map(compile).collect::<Result<_, regex_lite::Error>>()?,
            forty: Regex::new(FORTY)?,
        })
    }

    /// Whether what stands under `name` is a secret, whatever it looks like.
    #[must_use]
    pub fn is_secret_name(&self, name: &str) -> bool {
        let name: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        NAMES.contains(&name.as_str()) || NAME_PARTS.iter().any(|part| name.contains(part))
    }

    /// `text` without what looks like a secret; borrowed where there is none.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut clean = Cow::Borrowed(text);
        for (pattern, with) in &self.patterns {
            if let Cow::Owned(replaced) = pattern.replace_all(&clean, *with) {
                clean = Cow::Owned(replaced);
            }
        }
        let replace = |found: &Captures<'_>| {
            let run = &found[0];
            if is_secret_key(run) { REDACTED.to_owned() } else { run.to_owned() }
        };
        if self.forty.find_iter(&clean).any(|run| is_secret_key(run.as_str())) {
            clean = Cow::Owned(self.forty.replace_all(&clean, replace).into_owned());
        }
        clean
    }
}

/// Whether forty characters are mixed as random ones are: digests in hexadecimal and words are not.
fn is_secret_key(run: &str) -> bool {
    let count = |class: fn(&u8) -> bool| run.bytes().filter(class).count();
    run.len() == 40
        && count(u8::is_ascii_uppercase) >= 5
        && count(u8::is_ascii_lowercase) >= 5
        && count(u8::is_ascii_digit) >= 2
}
