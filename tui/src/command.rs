//! Commands that are offered: where they go, and what the AWS CLI makes of what they hold.

use footbridge_record::Target;
use serde_json::Value;

use crate::app::desk::Glance;
use crate::text::shell_word;

/// The account of the key `test`.
const TEST: &str = "000000000000";

/// Where a command goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Endpoint {
    /// The address, where it is not AWS's own.
    pub(crate) url: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) account: Option<String>,
    /// Whether the emulator's own keys are to be used.
    pub(crate) local: bool,
}

impl Endpoint {
    /// What reaches `target`; `local` is the endpoint that reaches the emulator now.
    pub(crate) fn of(target: &Target, local: Option<&str>) -> Self {
        match target.clone() {
            Target::Local { account, region } => Self {
                url: Some(local.unwrap_or("http://127.0.0.1:4566").to_owned()),
                region,
                account: account.or_else(|| Some(TEST.to_owned())),
                local: true,
            },
            Target::Aws { account, region } => Self { url: None, region, account, local: false },
            Target::Custom { url, region } => Self { url: Some(url), region, account: None, local: false },
        }
    }

    /// What reaches the data that is looked at.
    pub(crate) fn here(glance: &Glance) -> Self {
        let facts = glance.facts.as_ref();
        facts.map_or_else(Self::default, |facts| Self::of(&facts.target, facts.endpoint.as_deref()))
    }

    /// The options of the AWS CLI that say so, with a space before each.
    pub(crate) fn options(&self) -> String {
        let one = |name: &str, value: Option<&String>| value.map(|value| format!(" {}", option(name, value)));
        let [url, region] = [one("--endpoint-url", self.url.as_ref()), one("--region", self.region.as_ref())];
        url.unwrap_or_default() + &region.unwrap_or_default()
    }

    /// The access key that names the emulator's account.
    pub(crate) fn key(&self) -> &str {
        match self.account.as_deref() {
            Some(account) if account != TEST => account,
            _ => "test",
        }
    }

    /// The beginning of an AWS CLI command: variables, and `aws`.
    pub(crate) fn aws(&self) -> String {
        if self.local {
            format!("AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY=test aws", shell_word(self.key()))
        } else {
            "aws".to_owned()
        }
    }
}

/// An option and its value in one word, so that no value is taken for an option.
pub(crate) fn option(name: &str, value: &str) -> String {
    format!("{name}={}", shell_word(value))
}

/// Whether the AWS CLI takes `value` for the place of the value: a file of the person's, or a URL.
pub(crate) fn names_a_file(value: &str) -> bool {
    let begins = ["file://", "fileb://", "http://", "https://"].iter().any(|scheme| value.starts_with(scheme));
    // In its shorthand, a member that is given with `@=` is one too.
    begins || (value.contains("@=") && !value.starts_with(['{', '[']))
}

/// Whether `value`, natural or typed, has binary in it: the AWS CLI takes that as base64 since its version 2.
pub(crate) fn has_binary(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(has_binary),
        Value::Object(members) => {
            let mut names = members.keys();
            let only = names.next().filter(|_| names.next().is_none());
            only.is_some_and(|name| matches!(name.as_str(), "B" | "BS" | "$b" | "$bs"))
                || members.values().any(has_binary)
        }
        _ => false,
    }
}
