//! What S3 does to objects and versions, as plainly as it can be written.

use std::collections::{BTreeMap, BTreeSet};

use super::step::{Condition, Place, Which};

/// Whether a bucket keeps versions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Unversioned,
    Enabled,
    Suspended,
}

#[derive(Debug, Clone)]
pub struct Object {
    pub bytes: Vec<u8>,
    pub etag: String,
    /// The upload that it was completed from.
    pub upload: Option<String>,
    /// Which body it has; copies share one.
    pub body: usize,
}

/// A version; a delete marker has no object.
#[derive(Debug, Clone)]
pub struct Version {
    pub id: String,
    pub object: Option<Object>,
}

#[derive(Debug, Clone, Default)]
pub struct Bucket {
    pub state: State,
    /// The versions of each key that has any, newest first.
    pub keys: BTreeMap<String, Vec<Version>>,
}

#[derive(Debug, Clone)]
pub struct Upload {
    pub id: String,
    pub place: Place,
    /// Body and entity tag by part number.
    pub parts: BTreeMap<u16, (Vec<u8>, String)>,
    /// Whether what the key shows changed since it began.
    pub changed: bool,
    pub open: bool,
}

#[derive(Debug, Default)]
pub struct Model {
    pub buckets: BTreeMap<&'static str, Bucket>,
    pub uploads: Vec<Upload>,
    /// Every version id that was ever given.
    pub ids: Vec<String>,
    /// How many bodies there ever were.
    pub bodies: usize,
}

/// Status and error code; no code for success.
pub type Outcome = (u16, &'static str);

/// A line of a listing of versions: key, version id, whether it is a delete marker, whether it is the latest.
pub type Line = (String, String, bool, bool);

impl Model {
    pub fn bucket(&mut self, name: &str) -> &mut Bucket {
        self.buckets.get_mut(name).unwrap()
    }

    pub fn versions(&self, place: &Place) -> &[Version] {
        self.buckets[place.bucket].keys.get(place.key).map_or(&[], Vec::as_slice)
    }

    /// The newest version, where it is an object.
    pub fn current(&self, place: &Place) -> Option<&Object> {
        self.versions(place).first()?.object.as_ref()
    }

    /// What a condition of a put or a completion comes to.
    pub fn judge_write(&self, place: &Place, condition: Condition) -> Option<Outcome> {
        match (condition, self.current(place)) {
            (Condition::Existence | Condition::Mismatch, Some(_)) => Some((412, "PreconditionFailed")),
            (Condition::Match | Condition::Mismatch, None) => Some((404, "NoSuchKey")),
            _ => None,
        }
    }

    /// What a condition of a delete comes to.
    pub fn judge_delete(&self, place: &Place, condition: Condition) -> Option<Outcome> {
        match (condition, self.current(place)) {
            (Condition::Always, _) | (Condition::Existence | Condition::Match, Some(_)) => None,
            (_, None) => Some((404, "NoSuchKey")),
            (Condition::Mismatch, Some(_)) => Some((412, "PreconditionFailed")),
        }
    }

    /// The version that is meant, by its id; none for the newest.
    pub fn name(&self, place: &Place, which: Which) -> Option<String> {
        let made_up = || Some("HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD".to_owned());
        match which {
            Which::Newest => None,
            Which::Null => Some("null".to_owned()),
            Which::MadeUp => made_up(),
            Which::Nth(number) => match self.versions(place) {
                [] => None,
                versions => Some(versions[number % versions.len()].id.clone()),
            },
            Which::Gone(number) => match self.ids.as_slice() {
                [] => made_up(),
                ids => Some(ids[ids.len() - 1 - number % ids.len()].clone()),
            },
        }
    }

    /// Whether any bucket ever gave this id.
    pub fn is_id(&self, id: &str) -> bool {
        id == "null" || self.ids.iter().any(|known| known == id)
    }

    pub fn find(&self, place: &Place, id: Option<&str>) -> Option<&Version> {
        let versions = self.versions(place);
        match id {
            None => versions.first(),
            Some(id) => versions.iter().find(|version| version.id == id),
        }
    }

    /// Adds a version as the newest; in a bucket that keeps none, in place of the null version.
    pub fn add(&mut self, place: &Place, id: String, object: Option<Object>) {
        let bucket = self.bucket(place.bucket);
        let versions = bucket.keys.entry(place.key.to_owned()).or_default();
        if bucket.state != State::Enabled {
            assert_eq!(id, "null");
            versions.retain(|version| version.id != "null");
        }
        versions.insert(0, Version { id: id.clone(), object });
        if id != "null" {
            assert!(!self.ids.contains(&id), "{id} was given twice");
            self.ids.push(id);
        }
        self.touch(place);
    }

    /// Deletes a version for good.
    pub fn remove(&mut self, place: &Place, id: &str) {
        let keys = &mut self.bucket(place.bucket).keys;
        let Some(versions) = keys.get_mut(place.key) else { return };
        let Some(at) = versions.iter().position(|version| version.id == id) else { return };
        versions.remove(at);
        if versions.is_empty() {
            keys.remove(place.key);
        }
        if at == 0 {
            self.touch(place);
        }
    }

    /// A body of its own.
    pub fn body(&mut self) -> usize {
        self.bodies += 1;
        self.bodies
    }

    fn touch(&mut self, place: &Place) {
        for upload in &mut self.uploads {
            if upload.place.bucket == place.bucket && upload.place.key == place.key {
                upload.changed = true;
            }
        }
    }

    /// Keys of objects as they stand, and common prefixes.
    pub fn list(&self, bucket: &str, prefix: &str, delimiter: &str) -> (Vec<(String, String)>, Vec<String>) {
        let (mut objects, mut prefixes) = (Vec::new(), BTreeSet::new());
        for (key, versions) in &self.buckets[bucket].keys {
            let Some(object) = &versions[0].object else { continue };
            match roll(key, prefix, delimiter) {
                _ if !key.starts_with(prefix) => {}
                Some(common) => drop(prefixes.insert(common)),
                None => objects.push((key.clone(), object.etag.clone())),
            }
        }
        (objects, prefixes.into_iter().collect())
    }

    /// Every version in the order of a listing, and common prefixes.
    pub fn list_versions(&self, bucket: &str, prefix: &str, delimiter: &str) -> (Vec<Line>, Vec<String>) {
        let (mut lines, mut prefixes) = (Vec::new(), BTreeSet::new());
        for (key, versions) in &self.buckets[bucket].keys {
            match roll(key, prefix, delimiter) {
                _ if !key.starts_with(prefix) => {}
                Some(common) => drop(prefixes.insert(common)),
                None => lines.extend(
                    versions
                        .iter()
                        .enumerate()
                        .map(|(at, version)| (key.clone(), version.id.clone(), version.object.is_none(), at == 0)),
                ),
            }
        }
        (lines, prefixes.into_iter().collect())
    }

    /// How many bodies there must be once all is settled.
    pub fn left(&self) -> usize {
        let versions = self.buckets.values().flat_map(|bucket| bucket.keys.values().flatten());
        let objects: BTreeSet<usize> = versions.filter_map(|version| Some(version.object.as_ref()?.body)).collect();
        objects.len() + self.uploads.iter().filter(|upload| upload.open).map(|upload| upload.parts.len()).sum::<usize>()
    }
}

fn roll(key: &str, prefix: &str, delimiter: &str) -> Option<String> {
    let at = key.strip_prefix(prefix)?.find(delimiter).filter(|_| !delimiter.is_empty())?;
    Some(key[..prefix.len() + at + delimiter.len()].to_owned())
}
