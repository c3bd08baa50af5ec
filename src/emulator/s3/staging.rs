//! Objects that a restore puts beside those that are there, in a bucket that nobody sees, and then in their place in one
//! commit. What is replaced so goes in the background.

use uuid::Uuid;

use super::catalogue::{Bucket, Change, Content, Part, UploadId, Versioning};
use super::checksum::Algorithm;
use super::error::invalid_request;
use super::ingest::{Claims, Stored};
use super::portable::{BucketEntry, Checker, Described, Expected, ObjectEntry, PartEntry};
use super::service::Service;
use super::span::Span;
use crate::emulator::body::Body;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, StoreError, Table, Txn};

/// What the keys of the marks of buckets in the making start with, in [`Table::Meta`]; an id follows.
const MARKS: &[u8] = b"s3/staging/";
/// The same of buckets that are gone and whose rows are to follow.
const QUEUE: &[u8] = b"s3/sweep/";
/// The most versions of one commit.
const BATCH: usize = 128;
/// The most bytes of bodies that ride in one commit.
const BATCH_BYTES: u64 = 4 << 20;
/// The most rows that one commit sweeps.
const SWEEP: usize = 500;

/// A bucket that is being made.
#[derive(Debug)]
pub struct Staged {
    service: Service,
    checker: Checker,
    batch: Vec<Ready>,
    bytes: u64,
}

/// A version whose bodies are stored and which no row names yet.
#[derive(Debug)]
struct Ready {
    described: Described,
    newest: bool,
    bodies: Vec<Stored>,
    random: Uuid,
}

/// A version whose bodies are yet to come.
#[derive(Debug)]
pub struct Incoming {
    expected: Expected,
    bodies: Vec<Stored>,
}

impl Incoming {
    /// The length of the body that comes next.
    #[must_use]
    pub fn wants(&self) -> Option<u64> {
        self.expected.wants()
    }
}

impl Service {
    /// Begins a bucket as a snapshot has it, or these spans of it.
    ///
    /// # Errors
    /// What no call could have made so.
    pub async fn stage(&self, entry: BucketEntry, spans: Vec<Span>) -> Result<Staged, AwsError> {
        let mut checker = Checker::of(entry, spans)?;
        let write = |change: &mut Change<'_, '_>| {
            let id = change.next_sequence()?;
            change.put(Table::Meta, mark(id), Vec::new());
            Ok(id)
        };
        checker.bucket.id = self.core().write(write).await?;
        Ok(Staged { service: self.clone(), checker, batch: Vec::new(), bytes: 0 })
    }

    /// Deletes a bucket with all that is in it, as a part of a restore; `also` is in the same commit.
    pub async fn remove(
        &self,
        name: String,
        also: impl FnOnce(&mut Txn<'_>) -> Result<(), AwsError> + Send + 'static,
    ) -> Result<(), AwsError> {
        let write = move |change: &mut Change<'_, '_>| {
            if let Some(bucket) = Bucket::find(change, &name)? {
                change.delete(Table::Buckets, name.into_bytes());
                change.put(Table::Meta, queued(bucket.id), Vec::new());
            }
            also(change.beside())
        };
        self.core().write(write).await?;
        self.sweep().await
    }

    /// Deletes the objects of these spans, in one commit, as a part of a restore.
    pub async fn remove_objects(
        &self,
        name: String,
        spans: Vec<Span>,
        also: impl FnOnce(&mut Txn<'_>) -> Result<(), AwsError> + Send + 'static,
    ) -> Result<(), AwsError> {
        let write = move |change: &mut Change<'_, '_>| {
            if let Some(bucket) = Bucket::find(change, &name)? {
                for span in &spans {
                    change.drop_versions(bucket.id, span, usize::MAX)?;
                }
            }
            also(change.beside())
        };
        self.core().write(write).await
    }

    /// Deletes what was begun and not finished.
    pub async fn discard_staged(&self) -> Result<(), AwsError> {
        self.core().write(|change| Ok(leave_to_sweep(change.beside())?)).await?;
        self.sweep().await
    }

    /// Deletes the rows of every bucket that is gone, in bounded batches.
    pub async fn sweep(&self) -> Result<(), AwsError> {
        while let Some(id) = first_queued(&self.core().read()?)? {
            let batch = move |change: &mut Change<'_, '_>| {
                let more = change.drop_versions(id, &Span::Whole, SWEEP)? || change.drop_uploads(id, SWEEP)?;
                if !more {
                    change.delete(Table::Meta, queued(id));
                }
                Ok(more)
            };
            while self.core().write(batch).await? {}
        }
        Ok(())
    }

    /// Starts in the background what a restart broke off.
    pub(super) fn resume_sweep(&self) {
        if self.core().read().and_then(|read| Ok(first_queued(&read)?)).is_ok_and(|first| first.is_none()) {
            return;
        }
        let service = self.clone();
        tokio::spawn(async move {
            // What cannot be done now stays queued and is done after the next start.
            if let Err(error) = service.sweep().await {
                tracing::warn!(%error, "deleting the rows of a bucket that is gone stopped");
            }
        });
    }
}

impl Staged {
    /// Begins a version; versions come by key, and of each key the newest first.
    ///
    /// # Errors
    /// What no call could have put.
    pub fn object(&mut self, entry: ObjectEntry) -> Result<Incoming, AwsError> {
        Ok(Incoming { expected: self.checker.object(entry)?, bodies: Vec::new() })
    }

    /// Takes the next body of a version in.
    ///
    /// # Errors
    /// A body that is not the one that was stored.
    pub async fn body(&mut self, object: &mut Incoming, body: Body) -> Result<(), AwsError> {
        let next = object.expected.next_body();
        let (size, md5, checksum) = next.ok_or_else(|| object.expected.other())?;
        let algorithm = checksum.as_ref().map_or(Algorithm::Crc64Nvme, |checksum| checksum.algorithm);
        let stored = self.service.core().ingest(body, Claims::own(size, algorithm)).await?;
        let same = checksum.is_none_or(|expected| expected.value == stored.checksum.value);
        if stored.md5 != md5 || !same {
            return Err(object.expected.other());
        }
        self.bytes += stored.rider().map_or(0, |rider| rider.len() as u64);
        object.bodies.push(stored);
        Ok(())
    }

    /// Adds a version that is whole.
    pub async fn add(&mut self, object: Incoming) -> Result<(), AwsError> {
        let Incoming { expected, bodies } = object;
        if expected.wants().is_some() {
            return Err(expected.other());
        }
        let Expected { described, newest, .. } = expected;
        self.batch.push(Ready { described, newest, bodies, random: self.service.core().ids().next() });
        if self.batch.len() >= BATCH || self.bytes >= BATCH_BYTES { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), AwsError> {
        let (batch, bucket) = (std::mem::take(&mut self.batch), self.checker.bucket.id);
        self.bytes = 0;
        let write = move |change: &mut Change<'_, '_>| {
            let mut kept = Vec::new();
            for Ready { described, newest, bodies, random } in batch {
                let Described { key, order, mut version, parts } = described;
                version.content = hold(change, &bodies, parts, random)?;
                change.place(bucket, &key, order, &version, newest)?;
                kept.extend(bodies);
            }
            Ok(kept)
        };
        self.service.core().write(write).await?.into_iter().for_each(Stored::keep);
        Ok(())
    }

    /// Puts it in the place of what is there of these spans, or of the bucket as a whole; `also` is in the same commit.
    pub async fn finish(
        mut self,
        also: impl FnOnce(&mut Txn<'_>) -> Result<(), AwsError> + Send + 'static,
    ) -> Result<(), AwsError> {
        self.flush().await?;
        let Self { service, checker: Checker { name, bucket, spans, .. }, .. } = self;
        let whole = spans.contains(&Span::Whole);
        let write = move |change: &mut Change<'_, '_>| {
            match Bucket::find(change, &name)? {
                Some(there) if !whole => {
                    if there.versioning == Versioning::Unversioned && bucket.versioning != Versioning::Unversioned {
                        return Err(invalid_request(format!(
                            "the bucket {name} keeps no versions, and the snapshot's did: restore the bucket as a whole"
                        )));
                    }
                    for span in &spans {
                        change.drop_versions(there.id, span, usize::MAX)?;
                        change.move_versions(bucket.id, there.id, span)?;
                    }
                    change.put(Table::Meta, queued(bucket.id), Vec::new());
                }
                there => {
                    bucket.put(change, &name)?;
                    if let Some(there) = there {
                        change.put(Table::Meta, queued(there.id), Vec::new());
                    }
                }
            }
            change.delete(Table::Meta, mark(bucket.id));
            also(change.beside())
        };
        service.core().write(write).await?;
        service.sweep().await
    }
}

/// Holds the bodies of a version; what it is made of.
fn hold(
    change: &mut Change<'_, '_>,
    bodies: &[Stored],
    parts: Vec<PartEntry>,
    random: Uuid,
) -> Result<Content, StoreError> {
    if parts.is_empty() {
        return Ok(match bodies.first() {
            Some(body) => Content::Blob(change.hold(body)?),
            None => Content::Marker,
        });
    }
    let upload = UploadId::new(change.next_sequence()?, random).text;
    for (entry, body) in parts.into_iter().zip(bodies) {
        let PartEntry { number, size, etag, checksum, modified } = entry;
        let blob = change.hold(body)?;
        Part { blob, size, etag, checksum, modified }.put(change, &upload, number)?;
    }
    Ok(Content::Parts(upload))
}

/// Leaves every bucket that is not finished to the sweep.
pub fn leave_to_sweep(txn: &mut Txn<'_>) -> Result<(), StoreError> {
    for id in ids(txn, MARKS)? {
        txn.put(Table::Meta, queued(id), Vec::new());
        txn.delete(Table::Meta, mark(id));
    }
    Ok(())
}

/// The buckets in the making and those that are gone, whose rows no bucket's row stands for.
pub(super) fn unseen(read: &impl Read) -> Result<Vec<u64>, StoreError> {
    Ok([ids(read, MARKS)?, ids(read, QUEUE)?].concat())
}

fn first_queued(read: &impl Read) -> Result<Option<u64>, StoreError> {
    Ok(ids(read, QUEUE)?.first().copied())
}

fn ids(read: &impl Read, beginning: &[u8]) -> Result<Vec<u64>, StoreError> {
    let rows = read.prefix(Table::Meta, beginning)?;
    let ids = rows.map(|row| Ok(row?.key()[beginning.len()..].try_into().ok().map(u64::from_be_bytes)));
    Ok(ids.collect::<Result<Vec<_>, StoreError>>()?.into_iter().flatten().collect())
}

fn mark(id: u64) -> Vec<u8> {
    [MARKS, &id.to_be_bytes()].concat()
}

fn queued(id: u64) -> Vec<u8> {
    [QUEUE, &id.to_be_bytes()].concat()
}
