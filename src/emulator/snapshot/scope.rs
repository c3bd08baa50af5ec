//! What a snapshot covers.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::SnapshotError;
use crate::emulator::dynamodb::TableName;
use crate::emulator::s3::span::Span;

/// How many of its parts a scope names where it is shown.
const SHOWN: usize = 10;

/// What a snapshot covers: everything, or these tables and objects. Sorted, and nothing twice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Scope {
    /// Everything, of every account and region.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    all: bool,
    /// By account, region and name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tables: Vec<TableName>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objects: Vec<Objects>,
}

/// A scope as somebody wrote it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    all: bool,
    #[serde(default)]
    tables: Vec<TableName>,
    #[serde(default)]
    objects: Vec<Objects>,
}

impl TryFrom<Written> for Scope {
    type Error = &'static str;

    fn try_from(Written { all, tables, objects }: Written) -> Result<Self, Self::Error> {
        let scope = Self { all, tables, objects };
        let tidy = scope.clone().tidied();
        if tidy == scope { Ok(scope) } else { Err("a scope that is not in order, or that covers something twice") }
    }
}

/// Objects of a bucket, or all of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Named", into = "Named")]
pub(super) struct Objects {
    pub(super) bucket: String,
    pub(super) span: Span,
}

/// The same in JSON: with neither, the bucket as a whole.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    bucket: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl TryFrom<Named> for Objects {
    type Error = &'static str;

    fn try_from(Named { bucket, prefix, key }: Named) -> Result<Self, Self::Error> {
        let span = match (prefix, key) {
            (None, None) => Span::Whole,
            (Some(prefix), None) => Span::Prefix(prefix),
            (None, Some(key)) if !key.is_empty() => Span::Key(key),
            _ => return Err("objects are named by a key or by a prefix"),
        };
        Ok(Self { bucket, span })
    }
}

impl From<Objects> for Named {
    fn from(Objects { bucket, span }: Objects) -> Self {
        let (prefix, key) = match span {
            Span::Whole => (None, None),
            Span::Prefix(prefix) => (Some(prefix), None),
            Span::Key(key) => (None, Some(key)),
        };
        Self { bucket, prefix, key }
    }
}

impl fmt::Display for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bucket = &self.bucket;
        match &self.span {
            Span::Whole => write!(f, "s3://{bucket}"),
            Span::Prefix(prefix) => write!(f, "s3://{bucket}/{prefix}*"),
            Span::Key(key) => write!(f, "s3://{bucket}/{key}"),
        }
    }
}

/// Whose words URIs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// Somebody's, who means what begins so by a `*` or a `/` at the end.
    Asked,
    /// A call's own: a `*` at the end stands for what begins so.
    Pattern,
    /// A call's own: each key is one.
    Exact,
}

impl Scope {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// What these URIs mean to a caller of this account and region: `dynamodb://table`, `s3://bucket`, `s3://bucket/key`,
    /// `s3://bucket/prefix*`. No URIs mean everything.
    ///
    /// # Errors
    /// What is no such URI.
    pub fn parse(account: &str, region: &str, uris: &[String], words: Words) -> Result<Self, SnapshotError> {
        if uris.is_empty() {
            return Ok(Self::all());
        }
        let mut scope = Self::default();
        for uri in uris {
            let wrong = || {
                SnapshotError::asked(format!(
                    "{uri:?} is none of dynamodb://TABLE, s3://BUCKET, s3://BUCKET/KEY and s3://BUCKET/PREFIX*"
                ))
            };
            if let Some(name) = uri.strip_prefix("dynamodb://") {
                if name.is_empty() || name.contains('/') {
                    return Err(wrong());
                }
                let (account, region) = (account.to_owned(), region.to_owned());
                scope.tables.push(TableName { account, region, name: name.to_owned() });
            } else if let Some(rest) = uri.strip_prefix("s3://") {
                let (bucket, key) = rest.split_once('/').map_or((rest, None), |(bucket, key)| (bucket, Some(key)));
                if bucket.is_empty() {
                    return Err(wrong());
                }
                let span = key.map_or(Some(Span::Whole), |key| span(key, words)).ok_or_else(wrong)?;
                scope.objects.push(Objects { bucket: bucket.to_owned(), span });
            } else {
                return Err(wrong());
            }
        }
        Ok(scope.tidied())
    }

    /// Sorted, and nothing twice: what is part of something else goes, also of everything.
    fn tidied(mut self) -> Self {
        if self.all {
            return Self::all();
        }
        self.tables.sort_by_cached_key(TableName::row_key);
        self.tables.dedup();
        self.objects.sort();
        // What is covered by any is covered by the last that stays: all that a prefix covers stands right behind it.
        self.objects.dedup_by(|next, kept| kept.bucket == next.bucket && kept.span.covers(&next.span));
        self
    }

    /// Whether it is everything.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.all
    }

    /// Its tables, sorted; none where it is everything.
    pub(super) fn tables(&self) -> &[TableName] {
        &self.tables
    }

    /// Its objects, sorted; none where it is everything.
    pub(super) fn objects(&self) -> &[Objects] {
        &self.objects
    }

    /// Whether it covers this table.
    #[must_use]
    pub fn has_table(&self, name: &TableName) -> bool {
        self.all || among(&self.tables, name)
    }

    /// Whether it covers this bucket or something of it.
    #[must_use]
    pub fn has_bucket(&self, bucket: &str) -> bool {
        self.all || !self.of_bucket(bucket).is_empty()
    }

    /// What it covers of this bucket.
    #[must_use]
    pub fn spans(&self, bucket: &str) -> Vec<Span> {
        if self.all {
            return vec![Span::Whole];
        }
        self.of_bucket(bucket).iter().map(|objects| objects.span.clone()).collect()
    }

    fn of_bucket(&self, bucket: &str) -> &[Objects] {
        let from = self.objects.partition_point(|objects| objects.bucket.as_str() < bucket);
        let of = self.objects[from..].partition_point(|objects| objects.bucket == bucket);
        &self.objects[from..from + of]
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
        let table = self.tables.iter().find(|table| !whole.has_table(table)).map(shown);
        let outside = table.or_else(|| {
            let outside = self.objects.iter().find(|objects| {
                let of = whole.of_bucket(&objects.bucket);
                let after = of.partition_point(|known| known.span <= objects.span);
                !of[..after].last().is_some_and(|known| known.span.covers(&objects.span))
            });
            outside.map(Objects::to_string)
        });
        match outside {
            Some(outside) => {
                Err(SnapshotError::asked(format!("the snapshot does not cover {outside}: it has {whole}")))
            }
            None => Ok(self),
        }
    }
}

/// What somebody means by the part of a URI that follows the bucket; nothing where that can be no key.
fn span(key: &str, words: Words) -> Option<Span> {
    let starts = match words {
        Words::Asked | Words::Pattern => key.strip_suffix('*'),
        Words::Exact => None,
    };
    match (starts, words) {
        // A bucket and a slash, as people write it.
        (None, Words::Asked) if key.is_empty() => Some(Span::Whole),
        (None, Words::Asked) if key.ends_with('/') => Some(Span::Prefix(key.to_owned())),
        (Some(start), _) => Some(Span::Prefix(start.to_owned())),
        (None, _) => (!key.is_empty()).then(|| Span::Key(key.to_owned())),
    }
}

/// Whether a table is among those that are sorted.
pub(super) fn among(tables: &[TableName], name: &TableName) -> bool {
    let key = name.row_key();
    tables.binary_search_by(|known| known.row_key().cmp(&key)).is_ok()
}

/// The URI of a table.
pub(super) fn shown(table: &TableName) -> String {
    format!("dynamodb://{}", table.name)
}

/// These spans of a bucket in a few words.
pub(super) fn named(bucket: &str, spans: &[Span]) -> String {
    let of = |span: &Span| Objects { bucket: bucket.to_owned(), span: span.clone() }.to_string();
    few(spans.len(), spans.iter().map(of))
}

/// The first of so many names, and how many more there are.
fn few(all: usize, names: impl Iterator<Item = String>) -> String {
    let shown = names.take(SHOWN).collect::<Vec<_>>().join(", ");
    if all > SHOWN { format!("{shown} and {} more", all - SHOWN) } else { shown }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.all {
            return f.write_str("everything");
        }
        let names = self.tables.iter().map(shown).chain(self.objects.iter().map(Objects::to_string));
        f.write_str(&few(self.tables.len() + self.objects.len(), names))
    }
}
