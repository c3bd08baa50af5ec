//! Resources as IAM names them.

use crate::journal::Target;

/// What stands in a journal for a secret.
const REDACTED: &str = "[redacted]";

/// Where calls went, as ARNs have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// `aws`, `aws-cn`, …
    pub partition: String,
    /// The region, or `*` where it is not known.
    pub region: String,
    /// The account, or `*` where it is not known.
    pub account: String,
}

impl Place {
    /// Where a call to `target` went, as far as nothing else was asked for.
    #[must_use]
    pub fn of(target: &Target, partition: Option<&str>, region: Option<&str>, account: Option<&str>) -> Self {
        let (known_account, known_region) = match target {
            Target::Local { account, region } | Target::Aws { account, region } => {
                (account.as_deref(), region.as_deref())
            }
            Target::Custom { region, .. } => (None, region.as_deref()),
        };
        let region = region.or(known_region).unwrap_or("*");
        let partition = partition.unwrap_or(match region {
            china if china.starts_with("cn-") => "aws-cn",
            government if government.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        });
        Self {
            partition: partition.to_owned(),
            region: region.to_owned(),
            account: account.or(known_account).unwrap_or("*").to_owned(),
        }
    }

    /// The ARN of a bucket, which has neither region nor account.
    #[must_use]
    pub fn bucket(&self, name: &str) -> String {
        format!("arn:{}:s3:::{name}", self.partition)
    }

    /// The ARN of a table.
    #[must_use]
    pub fn table(&self, name: &str) -> String {
        format!("arn:{}:dynamodb:{}:{}:table/{name}", self.partition, self.region, self.account)
    }
}

/// A name with what IAM takes for a wildcard or a variable written as itself, and what a policy cannot hold (only
/// U+0020 to U+00FF can be in one) or the journal does not know, as a wildcard.
pub(super) fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for c in name.replace(REDACTED, "\0").chars() {
        match c {
            '*' | '?' | '$' => escaped.extend(['$', '{', c, '}']),
            ' '..='~' | '\u{a0}'..='\u{ff}' => escaped.push(c),
            _ if escaped.ends_with('*') => {}
            _ => escaped.push('*'),
        }
    }
    escaped
}

/// Whether [`escaped`] widens this name.
pub(super) fn is_widened(name: &str) -> bool {
    name.contains(REDACTED) || !name.chars().all(|c| matches!(c, ' '..='~' | '\u{a0}'..='\u{ff}'))
}

/// Whether a bucket or a table can have this name on AWS: no other reaches the point where IAM is asked.
pub(super) fn is_name(name: &str) -> bool {
    (3..=255).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}
