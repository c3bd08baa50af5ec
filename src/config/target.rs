//! `[target.NAME]`: one far side among several, as a file describes it.

use std::fmt;
use std::str::FromStr;

use super::key::Key;
use super::layer::Layer;
use super::setting::{Source, shown_value};
use super::value::Backend;

/// The name of a target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TargetName(String);

impl TargetName {
    /// The name of the one target that there is where no table names any.
    #[must_use]
    pub fn of_backend(backend: Backend) -> Self {
        Self(backend.to_string())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TargetName {
    type Err = String;

    /// Takes 1 to 64 of `a-z A-Z 0-9 _ -`, not starting with `-`.
    fn from_str(text: &str) -> Result<Self, String> {
        let fits = (1..=64).contains(&text.len())
            && !text.starts_with('-')
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("`{}` is not a target's name: use 1 to 64 letters, digits, `_` or `-`", shown_value(text)))
        }
    }
}

impl fmt::Display for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A `[target.NAME]` of a file.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: TargetName,
    pub(super) source: Source,
    /// What it says, by the key that says the same of the one target that there is without any table.
    pub(super) layer: Layer,
}

/// What a table may say.
pub(super) const KEYS: [Key; 11] = [
    Key::Backend,
    Key::Profile,
    Key::Region,
    Key::EndpointUrl,
    Key::Mode,
    Key::Buckets,
    Key::Prefixes,
    Key::Tables,
    Key::Store,
    Key::DefaultBucket,
    Key::DefaultTable,
];

/// What of it chooses whose account and which server is asked.
pub(super) const ACCOUNT: [Key; 3] = [Key::Backend, Key::Profile, Key::EndpointUrl];

/// The allow-lists of S3, which are one question, and that of DynamoDB.
pub(super) const S3_LISTS: [Key; 2] = [Key::Buckets, Key::Prefixes];

impl Table {
    /// The backend that it means where it does not say.
    pub(super) fn implied(layers: &[&Layer], name: &TargetName) -> Option<Backend> {
        let says = |key| layers.iter().any(|layer| layer.get(key).is_some());
        match name.as_str() {
            "local" => Some(Backend::Local),
            "aws" => Some(Backend::Aws),
            _ if says(Key::Profile) || says(Key::EndpointUrl) => Some(Backend::Aws),
            _ if says(Key::Store) => Some(Backend::Local),
            _ => None,
        }
    }
}
