//! ListObjectVersions.

use std::cmp::Ordering;
use std::iter::Peekable;
use std::ops::Bound;

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Placed, VersionId, key_range, split_key};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::listing::{self, Ask, Common, PAGE, Page};
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;
use crate::emulator::s3::{date, error};
use crate::emulator::store::{KeyRange, Read, Row, Rows, Snapshot, StoreError, Table};

/// A version as a listing shows it.
struct Listed {
    placed: Placed,
    latest: bool,
}

/// Lists every version and delete marker of a bucket: by key, and those of a key newest first.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    listing::check_optional_attributes(context)?;
    let common = Common::read(context)?;
    // Measured in 2026-02: in other words than those of the listings of objects.
    let negative = |text: &str| error::invalid_argument("max-keys cannot be negative", "max-keys", text);
    let max_keys = context.number_or("max-keys", PAGE, negative)?.min(PAGE);
    let key_marker = context.query("key-marker").unwrap_or_default().to_owned();
    let id_marker = context.query("version-id-marker").unwrap_or_default().to_owned();
    if key_marker.is_empty() && !id_marker.is_empty() {
        let message = "A version-id marker cannot be specified without a key marker.";
        return Err(error::invalid_argument(message, "version-id-marker", id_marker));
    }
    let within = Some(id_marker.as_str()).filter(|id| !id.is_empty()).map(VersionId::parse).transpose();
    let within = within.map_err(|_| {
        error::invalid_argument("Invalid version id specified", "version-id-marker", id_marker.as_str())
    })?;
    let read = core.read()?;
    let bucket = context.open_bucket(&read)?;
    let ask = Ask {
        prefix: common.prefix.clone(),
        delimiter: common.delimiter.clone(),
        after: Some(key_marker.clone()).filter(|marker| !marker.is_empty()),
        limit: max_keys as usize,
    };
    // A page is up to a thousand rows: read on a thread that may block.
    let page = tokio::task::spawn_blocking(move || walk(&read, bucket.id, &ask, within.as_ref()));
    let page = page.await.map_err(|_| StoreError::Panicked)??;
    let mut document = Document::new("ListVersionsResult");
    document.text("Name", context.bucket());
    document.text("Prefix", &common.show(&common.prefix));
    document.text("KeyMarker", &common.show(&key_marker));
    document.text("VersionIdMarker", &id_marker);
    if page.truncated {
        let next = page.last.as_deref().unwrap_or_default();
        document.text("NextKeyMarker", &common.show(next));
        // Recorded: where a common prefix came last, there is no version to resume after.
        if let Some((_, listed)) = page.items.last().filter(|(key, _)| key == next) {
            document.text("NextVersionIdMarker", &listed.placed.version.id);
        }
    }
    document.value("MaxKeys", max_keys);
    document.maybe("Delimiter", common.shown_delimiter().as_deref());
    document.maybe("EncodingType", common.encoding());
    document.value("IsTruncated", page.truncated);
    for (key, listed) in &page.items {
        let name = if listed.placed.version.is_marker() { "DeleteMarker" } else { "Version" };
        document.inside(name, |shown| show(shown, &common.show(key), listed));
    }
    common.list_prefixes(&mut document, &page.prefixes);
    Ok(Reply::document(document))
}

fn show(shown: &mut Document, key: &str, listed: &Listed) {
    let version = &listed.placed.version;
    shown.text("Key", key);
    shown.text("VersionId", &version.id);
    shown.value("IsLatest", listed.latest);
    shown.text("LastModified", &date::iso(version.modified));
    if !version.is_marker() {
        shown.text("ETag", &version.quoted_etag());
        if let Some(checksum) = &version.checksum {
            shown.text("ChecksumAlgorithm", checksum.algorithm.name());
            shown.text("ChecksumType", checksum.kind.name());
        }
        shown.value("Size", version.size);
        shown.text("StorageClass", &version.storage_class);
    }
    shown.inside("Owner", |owner| owner.text("ID", &version.owner));
}

/// Reads about as many rows as the page has entries, however many versions the keys have and the prefixes hide.
fn walk(read: &Snapshot, bucket: u64, ask: &Ask, within: Option<&VersionId>) -> Result<Page<Listed>, StoreError> {
    let range = match (ask.after.as_deref(), within) {
        (Some(key), Some(id)) if ask.rolled_up(key).is_none() => Some(after_version(read, bucket, ask, key, id)?),
        _ => ask.range(bucket),
    };
    let mut before: Option<String> = None;
    listing::walk(
        bucket,
        ask,
        range,
        |range| Merged::new(read, &range),
        |key, (table, row)| {
            let (_, place) = split_key(row.key())?;
            let placed = Placed::decode(table, place, row.value())?;
            let latest = match table {
                Table::Versions => true,
                _ if before.as_deref() == Some(key) || !placed.version.is_marker() => false,
                // Nothing newer of the key was seen, but the page may have begun behind it.
                _ if ask.after.as_deref() == Some(key) => {
                    Placed::newest(read, bucket, key)?.is_some_and(|newest| newest.order == placed.order)
                }
                _ => true,
            };
            before = Some(key.to_owned());
            Ok(Listed { placed, latest })
        },
    )
}

/// The rows behind the version `id` of `key`, which may be gone: its id still tells its place.
fn after_version(read: &Snapshot, bucket: u64, ask: &Ask, key: &str, id: &VersionId) -> Result<KeyRange, StoreError> {
    let order = match id {
        VersionId::Made { order, .. } => Some(*order),
        VersionId::Null => Placed::of_id(read, bucket, key, id)?.map(|placed| placed.order),
    };
    let (start, end) = key_range(bucket, &ask.prefix, Bound::Included(key.as_bytes()));
    let start = match (order, start) {
        (Some(order), Bound::Included(start)) => {
            let row = Placed::key_at(bucket, key, order);
            if row < start { Bound::Included(start) } else { Bound::Excluded(row) }
        }
        // A null version that is gone tells no place: the key's versions come again rather than not at all.
        (_, start) => start,
    };
    Ok((start, end))
}

/// Current versions and all others, in the order of their rows.
struct Merged<'a> {
    current: Peekable<Rows<'a>>,
    others: Peekable<Rows<'a>>,
}

impl<'a> Merged<'a> {
    fn new(read: &'a Snapshot, range: &KeyRange) -> Result<Self, StoreError> {
        let rows = |table| Ok::<_, StoreError>(read.range(table, range.clone(), false)?.peekable());
        Ok(Self { current: rows(Table::Versions)?, others: rows(Table::Noncurrent)? })
    }
}

impl<'a> Iterator for Merged<'a> {
    type Item = Result<(Table, Row<'a>), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let order = match (self.current.peek(), self.others.peek()) {
            (Some(Ok(current)), Some(Ok(other))) => current.key().cmp(other.key()),
            (None, Some(_)) | (Some(Ok(_)), Some(Err(_))) => Ordering::Greater,
            _ => Ordering::Less,
        };
        let (table, row) = match order {
            Ordering::Greater => (Table::Noncurrent, self.others.next()),
            _ => (Table::Versions, self.current.next()),
        };
        row.map(|row| row.map(|row| (table, row)))
    }
}
