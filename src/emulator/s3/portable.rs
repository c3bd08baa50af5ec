//! Buckets and versions of objects as a snapshot has them: without the ids that are one store's own.

use std::iter::Peekable;

use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio::runtime::Handle;

use super::blobs::{BlobError, BlobId, Blobs, Reader};
use super::call::is_bucket_name;
use super::catalogue::{
    BlobRow, Bucket, Content, NULL_VERSION, Part, Placed, Version, VersionId, Versioning, split_key,
};
use super::checksum::{Checksum, Hasher, Kind};
use super::error::{internal, invalid_request};
use super::object_headers;
use super::service::Service;
use super::span::Span;
use super::tags::{self, Holder};
use crate::emulator::error::AwsError;
use crate::emulator::region::REGIONS;
use crate::emulator::store::{Read, Rows, Snapshot, StoreError, Table};
use crate::emulator::unique::all_read;
use crate::hex::hex;

/// The longest key, in bytes.
const LONGEST_KEY: usize = 1024;
/// The largest number of a write that is believed: no store gets so far, and from there on there is room enough.
const LAST_ORDER: u64 = 1 << 53;

/// A bucket in a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketEntry {
    /// Its name.
    pub name: String,
    /// Its row, without its id.
    row: Json,
}

/// A version of an object in a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectEntry {
    /// The key.
    pub key: String,
    /// Its place in the order of writes, which its id tells too.
    order: u64,
    /// Its row, without where its bytes are.
    version: Json,
    /// Whether it is a delete marker.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    marker: bool,
    /// The parts that it was uploaded in, where it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartEntry>,
}

/// A part of an object in a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartEntry {
    pub(super) number: u16,
    pub(super) size: u64,
    pub(super) etag: String,
    pub(super) checksum: Checksum,
    pub(super) modified: u64,
}

/// What an [`ObjectEntry`] describes.
#[derive(Debug)]
pub struct Described {
    pub(super) key: String,
    pub(super) order: u64,
    pub(super) version: Version,
    pub(super) parts: Vec<PartEntry>,
}

/// A bucket that is there.
#[derive(Debug)]
pub struct Found {
    /// Its name.
    pub name: String,
    bucket: Bucket,
}

/// Every bucket that `wanted` wants, by name.
pub fn buckets(read: &impl Read, wanted: impl Fn(&str) -> bool) -> Result<Vec<Found>, StoreError> {
    let all = Bucket::all(read, "", None)?.map(|row| row.map(|(name, bucket)| Found { name, bucket }));
    all.filter(|row| row.as_ref().is_ok_and(|found| wanted(&found.name)) || row.is_err()).collect()
}

impl Found {
    /// As a snapshot has it.
    pub fn entry(&self) -> Result<BucketEntry, AwsError> {
        let mut row = serde_json::to_value(&self.bucket).map_err(|error| internal(&error.to_string()))?;
        if let Some(row) = row.as_object_mut() {
            row.shift_remove("id");
        }
        Ok(BucketEntry { name: self.name.clone(), row })
    }

    /// All versions of its objects in `span`, by key, and of each key the newest first.
    pub fn versions<'r>(&self, read: &'r impl Read, span: &Span) -> Result<Versions<'r>, StoreError> {
        Ok(Versions {
            current: read.range(Table::Versions, span.range(self.bucket.id), false)?.peekable(),
            others: read.range(Table::Noncurrent, span.range(self.bucket.id), false)?.peekable(),
        })
    }
}

/// Versions of objects, read as they are asked for.
pub struct Versions<'r> {
    current: Peekable<Rows<'r>>,
    others: Peekable<Rows<'r>>,
}

/// A version that is there.
#[derive(Debug)]
pub struct Stored {
    key: String,
    placed: Placed,
}

impl Iterator for Versions<'_> {
    type Item = Result<Stored, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let current = match (self.current.peek(), self.others.peek()) {
            (Some(Ok(one)), Some(Ok(other))) => one.key() < other.key(),
            (one, _) => one.is_some(),
        };
        let (rows, table) =
            if current { (&mut self.current, Table::Versions) } else { (&mut self.others, Table::Noncurrent) };
        let row = rows.next()?;
        Some(row.and_then(|row| {
            let (key, place) = split_key(row.key())?;
            Ok(Stored { key, placed: Placed::decode(table, place, row.value())? })
        }))
    }
}

impl Stored {
    /// Its length in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.placed.version.size
    }

    /// As a snapshot has it.
    pub fn entry(&self, read: &impl Read) -> Result<ObjectEntry, AwsError> {
        let version = &self.placed.version;
        let mut row = serde_json::to_value(version).map_err(|error| internal(&error.to_string()))?;
        if let Some(row) = row.as_object_mut() {
            row.shift_remove("content");
        }
        let parts = match &version.content {
            Content::Parts(upload) => Part::all(read, upload)?,
            Content::Blob(_) | Content::Marker => Vec::new(),
        };
        let parts = parts.into_iter().map(|(number, part)| {
            let Part { size, etag, checksum, modified, .. } = part;
            PartEntry { number, size, etag, checksum, modified }
        });
        Ok(ObjectEntry {
            key: self.key.clone(),
            order: self.placed.order,
            version: row,
            marker: version.is_marker(),
            parts: parts.collect(),
        })
    }
}

/// Keeps the bodies that a state of the store names until it was read.
#[derive(Debug)]
pub struct Bodies {
    blobs: Blobs,
    _reader: Reader,
    runtime: Handle,
}

impl Service {
    /// Keeps bodies from being swept. To be asked before the state of the store is, inside a runtime.
    #[must_use]
    pub fn bodies(&self) -> Bodies {
        let blobs = self.core().blobs().clone();
        Bodies { _reader: blobs.reader(), blobs, runtime: Handle::current() }
    }
}

impl Bodies {
    /// Gives the bytes of a version to `take`, and holds them against their checksums. Blocks the thread.
    pub fn read<E: From<AwsError>>(
        &self,
        read: &Snapshot,
        stored: &Stored,
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let version = &stored.placed.version;
        match &version.content {
            Content::Blob(id) => self.blob(read, *id, version.size, version.checksum.as_ref(), &mut take),
            Content::Parts(upload) => {
                for (_, part) in Part::all(read, upload).map_err(AwsError::from)? {
                    self.blob(read, part.blob, part.size, Some(&part.checksum), &mut take)?;
                }
                Ok(())
            }
            Content::Marker => Ok(()),
        }
    }

    fn blob<E: From<AwsError>>(
        &self,
        read: &Snapshot,
        id: BlobId,
        size: u64,
        named: Option<&Checksum>,
        take: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let checksum = BlobRow::checksum(read, id, named).map_err(AwsError::from)?;
        let mut proof = checksum.map(|checksum| (Hasher::new(checksum.algorithm), checksum.value));
        let mut give = |bytes: &[u8]| {
            if let Some((hasher, _)) = &mut proof {
                hasher.update(bytes);
            }
            take(bytes)
        };
        if let Some(rider) = read.get(Table::Riders, &id.key()).map_err(AwsError::from)? {
            give(&rider)?;
        } else if size > 0 {
            let failed = |error: BlobError| E::from(AwsError::from(error));
            let mut reading = self.runtime.block_on(self.blobs.read(id, 0..size)).map_err(failed)?;
            while let Some(bytes) = self.runtime.block_on(reading.next()).map_err(failed)? {
                give(&bytes)?;
            }
        }
        if proof.is_none_or(|(hasher, expected)| hasher.finish() == expected) {
            return Ok(());
        }
        Err(AwsError::from(BlobError::Damaged(id)).into())
    }
}

impl BucketEntry {
    /// The bucket that it describes, with no id yet.
    ///
    /// # Errors
    /// What no call could have made so.
    fn read(mut self) -> Result<(String, Bucket), AwsError> {
        let wrong = |what: &str| invalid_request(format!("the bucket {:?} of the snapshot: {what}", self.name));
        if !is_bucket_name(&self.name) {
            return Err(wrong("no bucket can have this name"));
        }
        if let Some(row) = self.row.as_object_mut() {
            row.insert("id".to_owned(), Json::from(0));
        }
        let bucket: Bucket = serde_json::from_value(self.row.clone()).map_err(|error| wrong(&error.to_string()))?;
        all_read(&self.row, &bucket).map_err(|what| wrong(&what))?;
        let account = bucket.account.len() == 12 && bucket.account.bytes().all(|byte| byte.is_ascii_digit());
        if !account || !is_owner(&bucket.owner) || !REGIONS.contains(&bucket.region.as_str()) {
            return Err(wrong("no such owner or region"));
        }
        let fits = |(name, value): (&String, &Json)| match name.as_str() {
            "accelerate" => value == "Enabled" || value == "Suspended",
            "publicAccessBlock" => {
                value.is_null()
                    || value.as_array().is_some_and(|set| set.len() == 4 && set.iter().all(Json::is_boolean))
            }
            _ => false,
        };
        if !bucket.settings.iter().all(fits) || bucket.cors.len() > 100 {
            return Err(wrong("its settings cannot be so"));
        }
        tags::checked(Holder::Bucket, bucket.tags.clone()).map_err(|error| wrong(&error.message))?;
        Ok((self.name, bucket))
    }
}

impl ObjectEntry {
    /// The version that it describes, whose content is yet to come.
    ///
    /// # Errors
    /// What no call could have made so.
    fn read(self, bucket: &Bucket) -> Result<Described, AwsError> {
        let Self { key, order, version: mut row, marker, parts } = self;
        let wrong = |what: &str| invalid_request(format!("the object {key:?} of the snapshot: {what}"));
        if key.is_empty() || key.len() > LONGEST_KEY || !(1..=LAST_ORDER).contains(&order) {
            return Err(wrong("no object can have this key"));
        }
        if let Some(row) = row.as_object_mut() {
            row.insert("content".to_owned(), Json::from("Marker"));
        }
        let version: Version = serde_json::from_value(row.clone()).map_err(|error| wrong(&error.to_string()))?;
        all_read(&row, &version).map_err(|what| wrong(&what))?;
        let id = match VersionId::parse(&version.id).map_err(|_| wrong("its version id is none"))? {
            VersionId::Null => NULL_VERSION.to_owned(),
            VersionId::Made { order: of_id, text }
                if of_id == order && bucket.versioning != Versioning::Unversioned =>
            {
                text
            }
            VersionId::Made { .. } => return Err(wrong("its version id is that of another")),
        };
        if id != version.id || version.null_order.is_some_and(|null| null >= order) || !is_owner(&version.owner) {
            return Err(wrong("its version or its owner cannot be so"));
        }
        let described = Described { key: key.clone(), order, version, parts };
        if marker {
            let bare = described.version.size == 0 && described.parts.is_empty();
            let kept = bucket.versioning != Versioning::Unversioned;
            return if bare && kept { Ok(described) } else { Err(wrong("no delete marker can be so")) };
        }
        described.check().map_err(|what| wrong(&what))?;
        Ok(described)
    }
}

/// Holds the lines of a bucket against what calls could have made, one after the other.
#[derive(Debug)]
pub struct Checker {
    pub(super) name: String,
    pub(super) bucket: Bucket,
    /// What is covered of it, sorted.
    pub(super) spans: Vec<Span>,
    /// The key and the order of the version before.
    last: Option<(String, u64)>,
}

/// A version whose bodies are yet to be seen.
#[derive(Debug)]
pub struct Expected {
    pub(super) described: Described,
    /// Whether no other of its key is newer.
    pub(super) newest: bool,
    bodies: std::vec::IntoIter<(u64, String, Option<Checksum>)>,
}

/// A body, as far as it was seen.
pub struct BodyCheck {
    size: u64,
    seen: u64,
    expected: (String, Option<String>),
    md5: Md5,
    hasher: Option<Hasher>,
}

impl Checker {
    /// Of a bucket, of which these spans are covered.
    ///
    /// # Errors
    /// What no call could have made so.
    pub fn of(entry: BucketEntry, spans: Vec<Span>) -> Result<Self, AwsError> {
        let (name, bucket) = entry.read()?;
        Ok(Self { name, bucket, spans, last: None })
    }

    /// The next version: they come by key, and of each key the newest first.
    ///
    /// # Errors
    /// What no call could have put.
    pub fn object(&mut self, entry: ObjectEntry) -> Result<Expected, AwsError> {
        let marker = entry.marker;
        let described = entry.read(&self.bucket)?;
        let (key, order) = (described.key.clone(), described.order);
        let versions = self.bucket.versioning != Versioning::Unversioned;
        let after = self
            .last
            .as_ref()
            .is_none_or(|(last, before)| last.as_str() < key.as_str() || (*last == key && *before > order && versions));
        if !after || Span::of(&self.spans, &key).is_none() {
            let what = format!(
                "the object {key:?} of the snapshot is not where it belongs in the order of keys and versions, or not covered"
            );
            return Err(invalid_request(what));
        }
        let newest = self.last.as_ref().is_none_or(|(last, _)| *last != key);
        self.last = Some((key, order));
        let bodies = if marker { Vec::new() } else { described.bodies() }.into_iter();
        Ok(Expected { described, newest, bodies })
    }
}

impl Expected {
    /// The key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.described.key
    }

    /// What the next body must be, if there is one more.
    pub(super) fn next_body(&mut self) -> Option<(u64, String, Option<Checksum>)> {
        self.bodies.next()
    }

    /// The length of the next body, if there is one more.
    #[must_use]
    pub fn wants(&self) -> Option<u64> {
        self.bodies.as_slice().first().map(|(size, ..)| *size)
    }

    /// What the next body is held against, if there is one more.
    pub fn check(&mut self) -> Option<BodyCheck> {
        let (size, md5, checksum) = self.next_body()?;
        let hasher = checksum.as_ref().map(|checksum| Hasher::new(checksum.algorithm));
        let expected = (md5, checksum.map(|checksum| checksum.value));
        Some(BodyCheck { size, seen: 0, expected, md5: Md5::new(), hasher })
    }

    /// Its bytes are not those that were stored.
    pub(super) fn other(&self) -> AwsError {
        invalid_request(format!(
            "the bytes of the object {:?} of the snapshot are not those that were stored",
            self.key()
        ))
    }
}

impl BodyCheck {
    /// Takes as many of `bytes` as are its own; the others.
    pub fn take<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let left = usize::try_from(self.size - self.seen).unwrap_or(usize::MAX).min(bytes.len());
        let (own, others) = bytes.split_at(left);
        self.seen += own.len() as u64;
        self.md5.update(own);
        if let Some(hasher) = &mut self.hasher {
            hasher.update(own);
        }
        others
    }

    /// Whether all of it was seen.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.seen == self.size
    }

    /// Whether it is the one that was stored.
    #[must_use]
    pub fn holds(self) -> bool {
        let Self { expected: (md5, checksum), .. } = self;
        let same = self.hasher.zip(checksum).is_none_or(|(hasher, expected)| hasher.finish() == expected);
        hex(&self.md5.finalize()) == md5 && same
    }
}

impl Described {
    fn check(&self) -> Result<(), String> {
        let Self { version, parts, .. } = self;
        object_headers::check(version)?;
        tags::checked(Holder::Object, version.tags.clone()).map_err(|error| error.message)?;
        if version.parts as usize != parts.len() || parts.len() > 10_000 {
            return Err("it has not the parts that it should have".to_owned());
        }
        if parts.is_empty() {
            return if is_md5(&version.etag) { Ok(()) } else { Err("its entity tag is no MD5".to_owned()) };
        }
        let ascending = parts.windows(2).all(|pair| pair[0].number < pair[1].number);
        let total = parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(part.size));
        if !ascending || parts[0].number == 0 || total != Some(version.size) {
            return Err("its parts do not make it".to_owned());
        }
        let mut digests = Md5::new();
        for part in parts {
            let digest = u128::from_str_radix(&part.etag, 16).ok().filter(|_| is_md5(&part.etag));
            digests.update(digest.ok_or("the entity tag of a part is no MD5")?.to_be_bytes());
        }
        if version.etag != format!("{}-{}", hex(&digests.finalize()), parts.len()) {
            return Err("its entity tag is not that of its parts".to_owned());
        }
        Ok(())
    }

    /// The bodies that make it: the length of each, its MD5, and its checksum.
    fn bodies(&self) -> Vec<(u64, String, Option<Checksum>)> {
        if self.parts.is_empty() {
            let whole = self.version.checksum.clone().filter(|checksum| checksum.kind == Kind::FullObject);
            return vec![(self.version.size, self.version.etag.clone(), whole)];
        }
        self.parts.iter().map(|part| (part.size, part.etag.clone(), Some(part.checksum.clone()))).collect()
    }
}

fn is_md5(etag: &str) -> bool {
    etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn is_owner(id: &str) -> bool {
    id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}
