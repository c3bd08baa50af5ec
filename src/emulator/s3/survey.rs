//! What the rows say of bodies, all of it: which versions and parts are made of which, and where rows contradict one
//! another. For whoever checks a data directory; nothing here looks at the bodies themselves.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::blobs::BlobId;
use super::catalogue::{BlobRow, Bucket, Content, Part, Placed, Upload, split_key};
use super::checksum::{Checksum, Hasher};
use super::staging::unseen;
use super::undo::every_kept;
use crate::emulator::store::{Read, StoreError, Table, Txn, key};

/// The account and the region of each bucket.
pub fn places(read: &impl Read) -> Result<Vec<(String, String)>, StoreError> {
    Bucket::all(read, "", None)?.map(|bucket| bucket.map(|(_, bucket)| (bucket.account, bucket.region))).collect()
}

/// What the rows say of bodies.
#[derive(Debug, Default)]
pub struct Survey {
    /// How many buckets there are.
    pub buckets: u64,
    /// How many versions of objects, delete markers among them.
    pub versions: u64,
    /// How many open uploads.
    pub uploads: u64,
    /// Every body that a row speaks of.
    pub bodies: BTreeMap<BlobId, Known>,
    /// Rows that contradict one another.
    pub faults: Vec<Fault>,
}

/// What rows say of one body.
#[derive(Debug, Default)]
pub struct Known {
    /// The body's own row.
    pub row: Option<Counted>,
    /// What is made of it: versions, and parts of uploads and of objects.
    pub holders: Vec<Holder>,
    /// Its length in bytes, by the first of its holders.
    pub size: u64,
    /// Whether its bytes still ride in the store.
    pub rides: bool,
    named: Option<Checksum>,
}

/// The row of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How many rows refer to it, by its own account.
    pub references: u32,
    /// Its length in bytes.
    pub size: u64,
    crc64: Option<u64>,
}

/// What is made of a body.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Holder {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The version's id, where it is one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The upload's id, where it is an open upload's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload: Option<String>,
    /// The part's number, where it is a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<u16>,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)?;
        match &self.version {
            Some(version) if version != super::catalogue::NULL_VERSION => write!(f, " (version {version})")?,
            _ => {}
        }
        if let Some(upload) = &self.upload {
            write!(f, " (open upload {upload})")?;
        }
        self.part.map_or(Ok(()), |part| write!(f, " (part {part})"))
    }
}

/// Rows that contradict one another.
#[derive(Debug)]
pub enum Fault {
    /// A row does not decode.
    Damaged {
        /// The table.
        table: &'static str,
        /// The row's key in hexadecimal.
        key: String,
    },
    /// The row of an object whose bucket is gone.
    NoBucket(Holder),
    /// An object of parts that has not all of them.
    Parts {
        /// The object.
        holder: Holder,
        /// Number and bytes of the parts that it is made of.
        wanted: (u64, u64),
        /// Number and bytes of those that are there.
        found: (u64, u64),
    },
    /// Parts of an upload that is neither open nor an object.
    Strays {
        /// The upload's id.
        upload: String,
        /// How many parts it has.
        parts: u64,
        /// Whether every row was read that it could belong to.
        certain: bool,
    },
}

/// Who the parts of an upload belong to.
struct Manifest {
    holder: Holder,
    /// Number and bytes of its parts, where it is an object.
    wanted: Option<(u64, u64)>,
    found: (u64, u64),
}

impl Known {
    /// Whether `bytes`, taken in from beginning to end by what this gives, are the body's; `None` where nothing tells.
    #[must_use]
    pub fn expected(&self) -> Option<Expected> {
        let crc64 = self.row.and_then(|row| row.crc64);
        let checksum = BlobRow::judge(crc64, self.named.as_ref())?;
        Some(Expected { hasher: Hasher::new(checksum.algorithm), value: checksum.value })
    }

    /// The row that the body should have: none where nothing is made of it.
    #[must_use]
    pub fn should_be(&self) -> Option<Counted> {
        let references = u32::try_from(self.holders.len()).unwrap_or(u32::MAX);
        let crc64 = self.row.and_then(|row| row.crc64);
        (references > 0).then_some(Counted { references, size: self.size, crc64 })
    }
}

/// A checksum under way, and what it must come to.
#[derive(Debug)]
pub struct Expected {
    hasher: Hasher,
    value: String,
}

impl Expected {
    /// Adds `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    /// Whether the bytes were the body's.
    #[must_use]
    pub fn holds(self) -> bool {
        self.hasher.finish() == self.value
    }
}

impl Survey {
    /// Reads every row of S3's.
    pub fn of(read: &impl Read) -> Result<Self, StoreError> {
        let mut survey = Self::default();
        let buckets = survey.read_buckets(read)?;
        let mut manifests = HashMap::new();
        for table in [Table::Versions, Table::Noncurrent] {
            survey.read_versions(read, table, &buckets, &mut manifests)?;
        }
        survey.read_kept(read, &mut manifests)?;
        survey.read_uploads(read, &buckets, &mut manifests)?;
        survey.read_parts(read, &mut manifests)?;
        survey.read_bodies(read)?;
        Ok(survey)
    }

    fn read_buckets(&mut self, read: &impl Read) -> Result<HashMap<u64, String>, StoreError> {
        let mut names = HashMap::new();
        for row in read.prefix(Table::Buckets, &[])? {
            let row = row?;
            match Bucket::decode(row.value()) {
                Ok(bucket) => {
                    names.insert(bucket.id, String::from_utf8_lossy(row.key()).into_owned());
                }
                Err(_) => self.damaged(Table::Buckets, row.key()),
            }
        }
        self.buckets = names.len() as u64;
        // Their rows are on their way out, or not seen yet.
        names.extend(unseen(read)?.into_iter().map(|id| (id, String::new())));
        Ok(names)
    }

    fn read_versions(
        &mut self,
        read: &impl Read,
        table: Table,
        buckets: &HashMap<u64, String>,
        manifests: &mut HashMap<String, Manifest>,
    ) -> Result<(), StoreError> {
        for row in read.prefix(table, &[])? {
            let row = row?;
            let placed =
                split_key(row.key()).and_then(|(key, place)| Ok((key, Placed::decode(table, place, row.value())?)));
            let (Ok((key, placed)), Some(bucket)) = (placed, bucket_of(row.key())) else {
                self.damaged(table, row.key());
                continue;
            };
            self.versions += 1;
            let version = placed.version;
            let holder = Holder {
                bucket: buckets.get(&bucket).cloned().unwrap_or_default(),
                key,
                version: Some(version.id),
                upload: None,
                part: None,
            };
            if !buckets.contains_key(&bucket) {
                self.faults.push(Fault::NoBucket(holder.clone()));
            }
            match version.content {
                Content::Blob(id) => self.hold(id, version.size, version.checksum, holder),
                Content::Parts(upload) => {
                    let wanted = Some((u64::from(version.parts), version.size));
                    manifests.insert(upload, Manifest { holder, wanted, found: (0, 0) });
                }
                Content::Marker => {}
            }
        }
        Ok(())
    }

    /// What is kept of replaced versions, so that a tool call can be taken back.
    fn read_kept(&mut self, read: &impl Read, manifests: &mut HashMap<String, Manifest>) -> Result<(), StoreError> {
        for (key, version) in every_kept(read)? {
            let bucket = "(kept for undo)".to_owned();
            let holder = Holder { bucket, key, version: Some(version.id), upload: None, part: None };
            match version.content {
                Content::Blob(id) => self.hold(id, version.size, version.checksum, holder),
                Content::Parts(upload) => {
                    let wanted = Some((u64::from(version.parts), version.size));
                    manifests.insert(upload, Manifest { holder, wanted, found: (0, 0) });
                }
                Content::Marker => {}
            }
        }
        Ok(())
    }

    fn read_uploads(
        &mut self,
        read: &impl Read,
        buckets: &HashMap<u64, String>,
        manifests: &mut HashMap<String, Manifest>,
    ) -> Result<(), StoreError> {
        for row in read.prefix(Table::Uploads, &[])? {
            let row = row?;
            let (Ok((key, _)), Ok(upload), Some(bucket)) =
                (split_key(row.key()), Upload::decode(row.value()), bucket_of(row.key()))
            else {
                self.damaged(Table::Uploads, row.key());
                continue;
            };
            self.uploads += 1;
            let holder = Holder {
                bucket: buckets.get(&bucket).cloned().unwrap_or_default(),
                key,
                version: None,
                upload: Some(upload.id.clone()),
                part: None,
            };
            if !buckets.contains_key(&bucket) {
                self.faults.push(Fault::NoBucket(holder.clone()));
            }
            manifests.insert(upload.id, Manifest { holder, wanted: None, found: (0, 0) });
        }
        Ok(())
    }

    fn read_parts(&mut self, read: &impl Read, manifests: &mut HashMap<String, Manifest>) -> Result<(), StoreError> {
        let mut strays: BTreeMap<String, u64> = BTreeMap::new();
        let owners = [Table::Versions, Table::Noncurrent, Table::Uploads].map(Table::name);
        let unread = |fault: &Fault| matches!(fault, Fault::Damaged { table, .. } if owners.contains(table));
        let certain = !self.faults.iter().any(unread);
        for row in read.prefix(Table::Parts, &[])? {
            let row = row?;
            let place = key::split(row.key()).and_then(|(upload, number)| {
                Some((String::from_utf8(upload).ok()?, u16::from_be_bytes(number.try_into().ok()?)))
            });
            let (Some((upload, number)), Ok(part)) = (place, Part::decode(row.value())) else {
                self.damaged(Table::Parts, row.key());
                continue;
            };
            let Some(manifest) = manifests.get_mut(&upload) else {
                if !certain {
                    // As long as nobody knows whose they are, their bodies are needed.
                    let (bucket, key, upload) = (String::new(), String::new(), Some(upload.clone()));
                    let holder = Holder { bucket, key, version: None, upload, part: Some(number) };
                    self.hold(part.blob, part.size, Some(part.checksum), holder);
                }
                *strays.entry(upload).or_default() += 1;
                continue;
            };
            manifest.found = (manifest.found.0 + 1, manifest.found.1 + part.size);
            let holder = Holder { part: Some(number), ..manifest.holder.clone() };
            self.hold(part.blob, part.size, Some(part.checksum), holder);
        }
        self.faults.extend(strays.into_iter().map(|(upload, parts)| Fault::Strays { upload, parts, certain }));
        let short = manifests.values().filter_map(|manifest| {
            let wanted = manifest.wanted.filter(|wanted| *wanted != manifest.found)?;
            Some(Fault::Parts { holder: manifest.holder.clone(), wanted, found: manifest.found })
        });
        self.faults.extend(short);
        Ok(())
    }

    fn read_bodies(&mut self, read: &impl Read) -> Result<(), StoreError> {
        for row in read.prefix(Table::Blobs, &[])? {
            let row = row?;
            match (BlobId::from_key(row.key()), BlobRow::decode(row.value())) {
                (Some(id), Ok(found)) => {
                    let BlobRow { references, size, crc64 } = found;
                    let known = self.bodies.entry(id).or_default();
                    known.row = Some(Counted { references, size, crc64 });
                    if known.holders.is_empty() {
                        known.size = size;
                    }
                }
                _ => self.damaged(Table::Blobs, row.key()),
            }
        }
        for row in read.prefix(Table::Riders, &[])? {
            let row = row?;
            match BlobId::from_key(row.key()) {
                Some(id) => self.bodies.entry(id).or_default().rides = true,
                None => self.damaged(Table::Riders, row.key()),
            }
        }
        Ok(())
    }

    fn hold(&mut self, id: BlobId, size: u64, checksum: Option<Checksum>, holder: Holder) {
        let known = self.bodies.entry(id).or_default();
        if known.holders.is_empty() {
            known.size = size;
            known.named = checksum;
        }
        known.holders.push(holder);
    }

    fn damaged(&mut self, table: Table, key: &[u8]) {
        self.faults.push(Fault::Damaged { table: table.name(), key: crate::hex::hex(key) });
    }
}

fn bucket_of(row: &[u8]) -> Option<u64> {
    row.first_chunk::<8>().map(|id| u64::from_be_bytes(*id))
}

/// The bytes of a body that rides in the store.
pub fn rider(read: &impl Read, id: BlobId) -> Result<Option<Vec<u8>>, StoreError> {
    read.get(Table::Riders, &id.key())
}

/// Writes the row of a body, or deletes it.
pub fn set_row(txn: &mut Txn<'_>, id: BlobId, row: Option<Counted>) -> Result<(), StoreError> {
    match row {
        Some(Counted { references, size, crc64 }) => {
            txn.put(Table::Blobs, id.key(), BlobRow { references, size, crc64 }.encode()?);
        }
        None => txn.delete(Table::Blobs, id.key()),
    }
    Ok(())
}

/// Deletes the bytes of a body from the store, where they ride.
pub fn drop_rider(txn: &mut Txn<'_>, id: BlobId) {
    txn.delete(Table::Riders, id.key());
}

/// Deletes the parts of an upload that is neither open nor an object. Their bodies stay.
pub fn drop_strays(txn: &mut Txn<'_>, upload: &str) -> Result<(), StoreError> {
    for (number, _) in Part::all(txn, upload)? {
        txn.delete(Table::Parts, Part::row_key(upload, number));
    }
    Ok(())
}
