//! What S3 holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

use super::digest::Checksum;
use super::refusal::{self, Refusal};
use super::text;

/// Whether a bucket keeps versions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Keeping {
    #[default]
    Never,
    Enabled,
    Suspended,
}

#[derive(Debug, Default)]
pub struct World {
    pub buckets: BTreeMap<String, Bucket>,
    /// Every version id that was ever given.
    ids: BTreeSet<String>,
    count: usize,
}

#[derive(Debug, Default)]
pub struct Bucket {
    pub keeping: Keeping,
    /// What its location constraint is.
    pub constraint: Option<String>,
    /// The versions of each key that has any, newest first.
    pub keys: BTreeMap<String, Vec<Version>>,
    /// Open uploads, as they were begun.
    pub uploads: Vec<Upload>,
    pub tags: Tags,
    pub cors: Option<Json>,
    pub encryption: Option<Json>,
}

pub type Tags = BTreeMap<String, String>;

/// A version; a delete marker has no object.
#[derive(Debug, Clone)]
pub struct Version {
    pub id: String,
    /// Where it stands in the order of all writes.
    pub order: usize,
    pub object: Option<Object>,
}

#[derive(Debug, Clone)]
pub struct Object {
    pub bytes: Arc<Vec<u8>>,
    /// Without quotes.
    pub etag: String,
    pub checksum: Checksum,
    pub described: Described,
    /// The parts of a multipart upload, by its place; none for others.
    pub parts: Vec<Part>,
    /// The upload that it was completed from.
    pub upload: Option<String>,
    /// Whether its parts show checksums of their own.
    pub part_checksums: bool,
    /// Which bodies it consists of; copies share one.
    pub bodies: Vec<usize>,
}

/// What a write says of its object beside the bytes.
#[derive(Debug, Clone, Default)]
pub struct Described {
    /// Members of GetObject's output.
    pub headers: BTreeMap<&'static str, String>,
    pub metadata: BTreeMap<String, String>,
    pub tags: Tags,
    pub class: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Part {
    pub number: u16,
    pub bytes: Arc<Vec<u8>>,
    pub etag: String,
    pub checksum: Checksum,
    pub body: usize,
}

#[derive(Debug, Clone)]
pub struct Upload {
    pub id: String,
    pub key: String,
    pub described: Described,
    /// The algorithm and type that it was begun with.
    pub checksum: Option<(&'static str, &'static str)>,
    pub parts: BTreeMap<u16, Part>,
    /// Whether what the key shows changed since it began.
    pub changed: bool,
}

/// The key of a call, where it is not too long.
pub fn check_key(input: &Json) -> Result<&str, Refusal> {
    let key = text(input, "Key").expect("a key");
    if key.len() > 1024 { Err(refusal::key_too_long(key)) } else { Ok(key) }
}

impl World {
    /// The bucket of a call.
    pub fn bucket(&mut self, input: &Json) -> Result<&mut Bucket, Refusal> {
        let name = text(input, "Bucket").expect("a bucket");
        self.buckets.get_mut(name).ok_or_else(|| refusal::no_such_bucket(name))
    }

    /// The bucket of a call, and the key, which is not too long.
    pub fn place<'i>(&mut self, input: &'i Json) -> Result<(&mut Bucket, &'i str), Refusal> {
        let key = check_key(input)?;
        Ok((self.bucket(input)?, key))
    }

    /// A new version's id.
    pub fn version_id(&mut self, keeping: Keeping) -> String {
        if keeping != Keeping::Enabled {
            return "null".to_owned();
        }
        let id = format!("version-{}", self.next());
        self.ids.insert(id.clone());
        id
    }

    /// A number that was never given.
    pub fn next(&mut self) -> usize {
        self.count += 1;
        self.count
    }

    /// The version id that a call names. What no bucket ever gave is refused.
    pub fn named<'i>(&self, input: &'i Json) -> Result<Option<&'i str>, Refusal> {
        match text(input, "VersionId") {
            Some(id) if !self.is_id(id) => {
                Err(refusal::invalid_argument("Invalid version id specified", "versionId", id))
            }
            named => Ok(named),
        }
    }

    pub fn is_id(&self, id: &str) -> bool {
        id == "null" || self.ids.contains(id)
    }

    /// Makes an object, or a delete marker, the newest version: the version's id.
    pub fn add(&mut self, bucket: &str, key: &str, object: Option<Object>) -> String {
        let keeping = self.buckets[bucket].keeping;
        let id = self.version_id(keeping);
        let order = self.next();
        let bucket = self.buckets.get_mut(bucket).expect("a bucket");
        let versions = bucket.keys.entry(key.to_owned()).or_default();
        if id == "null" {
            versions.retain(|version| version.id != "null");
        }
        versions.insert(0, Version { id: id.clone(), order, object });
        bucket.touch(key);
        id
    }

    /// How many bodies there must be once all is settled.
    pub fn bodies(&self) -> usize {
        let of = |bucket: &Bucket| {
            let objects = bucket.keys.values().flatten().filter_map(|version| version.object.clone());
            let parts = bucket.uploads.iter().flat_map(|upload| upload.parts.values().map(|part| part.body));
            objects.flat_map(|object| object.bodies).chain(parts).collect::<Vec<_>>()
        };
        self.buckets.values().flat_map(of).collect::<BTreeSet<usize>>().len()
    }
}

impl Bucket {
    pub fn versions(&self, key: &str) -> &[Version] {
        self.keys.get(key).map_or(&[], Vec::as_slice)
    }

    /// The object that a plain GET shows.
    pub fn current(&self, key: &str) -> Option<&Object> {
        self.versions(key).first()?.object.as_ref()
    }

    /// The version that is meant: the newest, or the named one. A delete marker counts.
    pub fn find(&self, key: &str, id: Option<&str>) -> Result<&Version, Refusal> {
        let versions = self.versions(key);
        match id {
            None => versions.first().ok_or_else(|| refusal::no_such_key(key)),
            Some(id) => {
                let found = versions.iter().find(|version| version.id == id);
                found.ok_or_else(|| refusal::no_such_version(key, id))
            }
        }
    }

    /// The object that a read means, by GET or HEAD.
    pub fn read(&self, key: &str, id: Option<&str>, method: &str) -> Result<(&Version, &Object), Refusal> {
        let version = self.find(key, id)?;
        match (&version.object, id) {
            (Some(object), _) => Ok((version, object)),
            (None, None) => Err(refusal::marked(refusal::no_such_key(key), version)),
            (None, Some(_)) => Err(refusal::is_marker(method, version)),
        }
    }

    /// Deletes a version for good: whether it was a delete marker.
    pub fn remove(&mut self, key: &str, id: &str) -> bool {
        let Some(versions) = self.keys.get_mut(key) else { return false };
        let Some(at) = versions.iter().position(|version| version.id == id) else { return false };
        let gone = versions.remove(at);
        if versions.is_empty() {
            self.keys.remove(key);
        }
        if at == 0 {
            self.touch(key);
        }
        gone.object.is_none()
    }

    /// The id to show of a version, in answers that show none where no versions are kept.
    pub fn shown<'v>(&self, version: &'v Version) -> Option<&'v str> {
        (self.keeping != Keeping::Never).then_some(version.id.as_str())
    }

    fn touch(&mut self, key: &str) {
        self.uploads.iter_mut().filter(|upload| upload.key == key).for_each(|upload| upload.changed = true);
    }
}
