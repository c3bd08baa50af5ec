//! ListObjectVersions.

use std::cmp::Ordering;
use std::iter::Peekable;
use std::ops::Bound;

use s3s::S3Response;
use s3s::dto::{ListObjectVersionsInput, ListObjectVersionsOutput};

use super::Result;
use crate::emulator::body;
use crate::emulator::s3::catalogue::{Placed, VersionId, key_range, split_key};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::gate::element;
use crate::emulator::s3::listing::{self, Ask, Common, PAGE, Page};
use crate::emulator::s3::service::Core;
use crate::emulator::s3::{date, error, object_headers};
use crate::emulator::store::{KeyRange, Read, Row, Rows, Snapshot, StoreError, Table};

/// A version as a listing shows it.
struct Listed {
    placed: Placed,
    latest: bool,
}

/// Lists every version and delete marker of a bucket: by key, and those of a key newest first.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: ListObjectVersionsInput,
) -> Result<ListObjectVersionsOutput> {
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
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListVersionsResult xmlns=\"");
    xml.push_str("http://s3.amazonaws.com/doc/2006-03-01/\">");
    element(&mut xml, "Name", context.bucket());
    element(&mut xml, "Prefix", &common.show(&common.prefix));
    element(&mut xml, "KeyMarker", &common.show(&key_marker));
    element(&mut xml, "VersionIdMarker", &id_marker);
    if page.truncated {
        let next = page.last.as_deref().unwrap_or_default();
        element(&mut xml, "NextKeyMarker", &common.show(next));
        // Recorded: where a common prefix came last, there is no version to resume after.
        if let Some((_, listed)) = page.items.last().filter(|(key, _)| key == next) {
            element(&mut xml, "NextVersionIdMarker", &listed.placed.version.id);
        }
    }
    element(&mut xml, "MaxKeys", &max_keys.to_string());
    if let Some(delimiter) = &common.delimiter {
        element(&mut xml, "Delimiter", &common.show(delimiter));
    }
    if common.encode {
        element(&mut xml, "EncodingType", "url");
    }
    element(&mut xml, "IsTruncated", if page.truncated { "true" } else { "false" });
    for (key, listed) in &page.items {
        show(&mut xml, &common.show(key), listed);
    }
    for prefix in &page.prefixes {
        xml.push_str("<CommonPrefixes>");
        element(&mut xml, "Prefix", &common.show(prefix));
        xml.push_str("</CommonPrefixes>");
    }
    xml.push_str("</ListVersionsResult>");
    context.answer_with(body::full(xml));
    let mut headers = http::HeaderMap::new();
    object_headers::set(&mut headers, "content-type", "application/xml");
    Ok(S3Response::with_headers(ListObjectVersionsOutput::default(), headers))
}

fn show(xml: &mut String, key: &str, listed: &Listed) {
    let version = &listed.placed.version;
    let name = if version.is_marker() { "DeleteMarker" } else { "Version" };
    xml.push('<');
    xml.push_str(name);
    xml.push('>');
    element(xml, "Key", key);
    element(xml, "VersionId", &version.id);
    element(xml, "IsLatest", if listed.latest { "true" } else { "false" });
    element(xml, "LastModified", &date::iso(version.modified));
    if !version.is_marker() {
        element(xml, "ETag", &version.quoted_etag());
        if let Some(checksum) = &version.checksum {
            element(xml, "ChecksumAlgorithm", checksum.algorithm.name());
            element(xml, "ChecksumType", checksum.kind.name());
        }
        element(xml, "Size", &version.size.to_string());
        element(xml, "StorageClass", &version.storage_class);
    }
    xml.push_str("<Owner>");
    element(xml, "ID", &version.owner);
    xml.push_str("</Owner></");
    xml.push_str(name);
    xml.push('>');
}

/// Reads about as many rows as the page has entries, however many versions the keys have and the prefixes hide.
fn walk(
    read: &Snapshot,
    bucket: u64,
    ask: &Ask,
    within: Option<&VersionId>,
) -> std::result::Result<Page<Listed>, StoreError> {
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
fn after_version(
    read: &Snapshot,
    bucket: u64,
    ask: &Ask,
    key: &str,
    id: &VersionId,
) -> std::result::Result<KeyRange, StoreError> {
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
    fn new(read: &'a Snapshot, range: &KeyRange) -> std::result::Result<Self, StoreError> {
        let rows = |table| Ok::<_, StoreError>(read.range(table, range.clone(), false)?.peekable());
        Ok(Self { current: rows(Table::Versions)?, others: rows(Table::Noncurrent)? })
    }
}

impl<'a> Iterator for Merged<'a> {
    type Item = std::result::Result<(Table, Row<'a>), StoreError>;

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
