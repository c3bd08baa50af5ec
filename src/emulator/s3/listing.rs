//! What the listing operations share: a walk over keys that rolls up common prefixes and seeks past them.

use std::ops::Bound;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::catalogue::{Version, key_range, split_key};
use super::context::Context;
use super::xml::Document;
use super::{date, error};
use crate::emulator::error::AwsError;
use crate::emulator::store::{KeyRange, Read, Row, Snapshot, StoreError, Table, key as store_key};

/// The most entries of one page.
pub(super) const PAGE: u32 = 1000;

/// What a listing asks for.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// Only keys that start with this.
    pub prefix: String,
    /// Keys that have this behind the prefix are rolled up.
    pub delimiter: Option<String>,
    /// Where to resume: after this key, and after the common prefix that it rolls up to.
    pub after: Option<String>,
    /// The most entries, keys and common prefixes together.
    pub limit: usize,
}

/// A page of a listing.
#[derive(Debug)]
pub(super) struct Page<T> {
    /// Keys and what stands for them, in byte order.
    pub items: Vec<(String, T)>,
    /// Common prefixes, in byte order.
    pub prefixes: Vec<String>,
    /// Whether there is more.
    pub truncated: bool,
    /// The last key or common prefix of the page.
    pub last: Option<String>,
}

impl Ask {
    /// The common prefix that `key` rolls up to.
    pub(super) fn rolled_up<'k>(&self, key: &'k str) -> Option<&'k str> {
        let delimiter = self.delimiter.as_deref()?;
        let rest = key.strip_prefix(self.prefix.as_str())?;
        let at = rest.find(delimiter)?;
        Some(&key[..self.prefix.len() + at + delimiter.len()])
    }

    /// The rows of a listing that resumes after `after`; `None` where there are none.
    pub(super) fn range(&self, bucket: u64) -> Option<KeyRange> {
        let start = match &self.after {
            None => Start::Beginning,
            Some(after) => match self.rolled_up(after) {
                // Recorded: a marker inside a common prefix skips all of it.
                Some(prefix) => Start::past_prefix(prefix),
                None => Start::After(after.as_bytes().to_vec()),
            },
        };
        start.range(bucket, self)
    }
}

/// Where to begin reading rows.
enum Start {
    /// At the first key.
    Beginning,
    /// At this key.
    At(Vec<u8>),
    /// Behind every row of this key.
    After(Vec<u8>),
    /// There is nothing left.
    Nowhere,
}

impl Start {
    /// Behind every key that starts with `prefix`.
    fn past_prefix(prefix: &str) -> Self {
        store_key::after_prefix(prefix.as_bytes()).map_or(Self::Nowhere, Self::At)
    }

    /// The rows from here on; `None` where there are none.
    fn range(&self, bucket: u64, ask: &Ask) -> Option<KeyRange> {
        let from = match self {
            Self::Beginning => Bound::Unbounded,
            Self::At(key) => Bound::Included(key.as_slice()),
            Self::After(key) => Bound::Excluded(key.as_slice()),
            Self::Nowhere => return None,
        };
        Some(key_range(bucket, &ask.prefix, from))
    }
}

/// Lists the objects of a bucket as they stand. Reads about as many rows as the page has entries: a common prefix costs
/// one row and a seek, however many keys it hides, and other versions and delete markers are in a table of their own.
///
/// A page is up to a thousand rows: read on a thread that may block.
pub(super) async fn list_current(read: Snapshot, bucket: u64, ask: Ask) -> Result<Page<Version>, StoreError> {
    let page = tokio::task::spawn_blocking(move || walk_current(&read, bucket, &ask));
    page.await.map_err(|_| StoreError::Panicked)?
}

fn walk_current(read: &impl Read, bucket: u64, ask: &Ask) -> Result<Page<Version>, StoreError> {
    let rows = |range: KeyRange| Ok(read.range(Table::Versions, range, false)?.map(|row| row.map(|row| ((), row))));
    walk(bucket, ask, ask.range(bucket), rows, |_, ((), row)| Version::decode(row.value()))
}

/// Walks over rows from the first of `range` on, and over those past each common prefix, until the page is full. `show`
/// makes an entry of a key's row and what came with it.
pub(super) fn walk<'r, With, Entry, Found>(
    bucket: u64,
    ask: &Ask,
    mut range: Option<KeyRange>,
    rows: impl Fn(KeyRange) -> Result<Found, StoreError>,
    mut show: impl FnMut(&str, (With, Row<'r>)) -> Result<Entry, StoreError>,
) -> Result<Page<Entry>, StoreError>
where
    Found: Iterator<Item = Result<(With, Row<'r>), StoreError>>,
{
    let mut page = Page { items: Vec::new(), prefixes: Vec::new(), truncated: false, last: None };
    if ask.limit == 0 {
        return Ok(page);
    }
    'seek: while let Some(here) = range.take() {
        for row in rows(here)? {
            let row = row?;
            let (key, _) = split_key(row.1.key())?;
            if page.items.len() + page.prefixes.len() == ask.limit {
                page.truncated = true;
                break 'seek;
            }
            if let Some(prefix) = ask.rolled_up(&key) {
                page.prefixes.push(prefix.to_owned());
                page.last = Some(prefix.to_owned());
                range = Start::past_prefix(prefix).range(bucket, ask);
                continue 'seek;
            }
            let entry = show(&key, row)?;
            page.last = Some(key.clone());
            page.items.push((key, entry));
        }
    }
    Ok(page)
}

/// Parameters that the listing operations share.
#[derive(Debug)]
pub(super) struct Common {
    /// The prefix; empty for none.
    pub prefix: String,
    /// The delimiter; an empty one is none.
    pub delimiter: Option<String>,
    /// Whether names are to be URL-encoded.
    pub encode: bool,
}

impl Common {
    pub(super) fn read(context: &Context) -> Result<Self, AwsError> {
        let encode = match context.query("encoding-type") {
            None => false,
            Some("url") => true,
            Some(other) => {
                // Recorded: an empty value is shown as none.
                let shown = if other.is_empty() { serde_json::Value::Null } else { other.into() };
                let message = "Invalid Encoding Method specified in Request";
                return Err(error::invalid_argument(message, "encoding-type", shown));
            }
        };
        Ok(Self {
            prefix: context.query("prefix").unwrap_or_default().to_owned(),
            delimiter: context.query("delimiter").filter(|delimiter| !delimiter.is_empty()).map(str::to_owned),
            encode,
        })
    }

    /// The encoding as the answer shows it.
    pub(super) fn encoding(&self) -> Option<&'static str> {
        self.encode.then_some("url")
    }

    /// A name as the answer shows it.
    pub(super) fn show(&self, name: &str) -> String {
        /// What AWS leaves as it is in listings; a space becomes `+`.
        const KEEP: &AsciiSet =
            &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b' ');
        if self.encode { utf8_percent_encode(name, KEEP).to_string().replace(' ', "+") } else { name.to_owned() }
    }

    /// The delimiter as the answer shows it.
    pub(super) fn shown_delimiter(&self) -> Option<String> {
        self.delimiter.as_deref().map(|delimiter| self.show(delimiter))
    }

    /// Lists common prefixes.
    pub(super) fn list_prefixes(&self, document: &mut Document, prefixes: &[String]) {
        for prefix in prefixes {
            document.inside("CommonPrefixes", |shown| shown.text("Prefix", &self.show(prefix)));
        }
    }

    /// Lists objects, with their owner where asked for.
    pub(super) fn list_objects(&self, document: &mut Document, items: &[(String, Version)], owner: bool) {
        for (key, version) in items {
            document.inside("Contents", |shown| {
                shown.text("Key", &self.show(key));
                shown.text("LastModified", &date::iso(version.modified));
                shown.text("ETag", &version.quoted_etag());
                if let Some(checksum) = &version.checksum {
                    shown.text("ChecksumAlgorithm", checksum.algorithm.name());
                    shown.text("ChecksumType", checksum.kind.name());
                }
                shown.value("Size", version.size);
                if owner {
                    shown.inside("Owner", |owner| owner.text("ID", &version.owner));
                }
                shown.text("StorageClass", &version.storage_class);
            });
        }
    }
}

/// The most entries that a listing of objects is asked for. Measured in 2026-09: it calls the parameter by another name.
pub(super) fn max_keys(context: &Context) -> Result<u32, AwsError> {
    let negative = |text: &str| {
        error::invalid_argument("Argument maxKeys must be an integer between 0 and 2147483647", "maxKeys", text)
    };
    Ok(context.number_or("max-keys", PAGE, negative)?.min(PAGE))
}

/// Accepts the one optional attribute there is, which no object here has: none was ever restored.
pub(super) fn check_optional_attributes(context: &Context) -> Result<(), AwsError> {
    match context.header("x-amz-optional-object-attributes") {
        None | Some("RestoreStatus") => Ok(()),
        Some(other) => {
            let message = "Invalid attribute name specified.";
            Err(error::invalid_argument(message, "x-amz-optional-object-attributes", other))
        }
    }
}
