//! What a snapshot covers.

use serde::{Deserialize, Serialize};

use super::SnapshotError;
use crate::emulator::dynamodb::TableName;

/// What a snapshot covers: everything, or these tables and prefixes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Everything, of every account and region.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
    /// These tables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableName>,
    /// What is below these prefixes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prefixes: Vec<Prefix>,
}

/// The objects of a bucket whose keys begin so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Prefix {
    /// The bucket.
    pub bucket: String,
    /// How the keys begin; empty for the bucket as a whole, with its settings.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
}

impl Prefix {
    /// Whether all of `other` is below this.
    fn covers(&self, other: &Self) -> bool {
        self.bucket == other.bucket && other.prefix.starts_with(&self.prefix)
    }

    /// Its URI.
    #[must_use]
    pub fn uri(&self) -> String {
        if self.prefix.is_empty() {
            format!("s3://{}", self.bucket)
        } else {
            format!("s3://{}/{}", self.bucket, self.prefix)
        }
    }
}

impl Scope {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// What these URIs mean to a caller of this account and region: `dynamodb://table`, `s3://bucket`,
    /// `s3://bucket/prefix`. No URIs mean everything.
    ///
    /// # Errors
    /// What is no such URI.
    pub fn parse(account: &str, region: &str, uris: &[String]) -> Result<Self, SnapshotError> {
        if uris.is_empty() {
            return Ok(Self::all());
        }
        let mut scope = Self::default();
        for uri in uris {
            let wrong = || SnapshotError::asked(format!("{uri:?} is neither dynamodb://TABLE nor s3://BUCKET/PREFIX"));
            if let Some(rest) = uri.strip_prefix("dynamodb://") {
                let name = rest.split('/').next().filter(|name| !name.is_empty()).ok_or_else(wrong)?;
                scope.tables.push(TableName {
                    account: account.to_owned(),
                    region: region.to_owned(),
                    name: name.to_owned(),
                });
            } else if let Some(rest) = uri.strip_prefix("s3://") {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                if bucket.is_empty() {
                    return Err(wrong());
                }
                let prefix = prefix.strip_suffix('*').unwrap_or(prefix);
                scope.prefixes.push(Prefix { bucket: bucket.to_owned(), prefix: prefix.to_owned() });
            } else {
                return Err(wrong());
            }
        }
        scope.tidy();
        Ok(scope)
    }

    /// Sorted, and nothing twice: a prefix below another one is part of that.
    fn tidy(&mut self) {
        self.tables.sort_by_key(TableName::row_key);
        self.tables.dedup();
        self.prefixes.sort();
        let all = std::mem::take(&mut self.prefixes);
        for prefix in all {
            if !self.prefixes.iter().any(|known| known.covers(&prefix)) {
                self.prefixes.push(prefix);
            }
        }
    }

    /// Whether it covers nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.all && self.tables.is_empty() && self.prefixes.is_empty()
    }

    /// Whether it covers this table.
    #[must_use]
    pub fn has_table(&self, name: &TableName) -> bool {
        self.all || self.tables.contains(name)
    }

    /// The prefixes of this bucket that it covers; an empty one is the bucket as a whole.
    #[must_use]
    pub fn prefixes_of(&self, bucket: &str) -> Vec<String> {
        if self.all {
            return vec![String::new()];
        }
        self.prefixes.iter().filter(|known| known.bucket == bucket).map(|known| known.prefix.clone()).collect()
    }

    /// This, where all of it is in `whole`.
    ///
    /// # Errors
    /// What is not.
    pub fn within(self, whole: &Self) -> Result<Self, SnapshotError> {
        if whole.all {
            return Ok(self);
        }
        if self.all {
            return Ok(whole.clone());
        }
        let table = self
            .tables
            .iter()
            .find(|table| !whole.tables.contains(table))
            .map(|table| format!("dynamodb://{}", table.name));
        let prefix = self.prefixes.iter().find(|prefix| !whole.prefixes.iter().any(|known| known.covers(prefix)));
        match table.or_else(|| prefix.map(Prefix::uri)) {
            Some(outside) => {
                Err(SnapshotError::asked(format!("the snapshot does not cover {outside}: it has {whole}")))
            }
            None => Ok(self),
        }
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.all {
            return f.write_str("everything");
        }
        let tables = self.tables.iter().map(|table| format!("dynamodb://{}", table.name));
        let all: Vec<_> = tables.chain(self.prefixes.iter().map(Prefix::uri)).collect();
        f.write_str(&all.join(", "))
    }
}
