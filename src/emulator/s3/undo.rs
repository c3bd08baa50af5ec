//! Versions of objects and buckets as they were before a tool call wrote them.
//!
//! What a noted write replaces or deletes keeps its bodies: its image has the reference that the version's row had.

use serde::{Deserialize, Serialize};

use super::catalogue::{Bucket, Change, Content, Placed, Version};
use crate::emulator::inverse::{Outcome, Refused};
use crate::emulator::store::log::{Image, every_image, mark_of};
use crate::emulator::store::{Read, StoreError, Table};

/// A change of rows under way, by whoever takes something back.
pub type Undoing<'a, 't> = Change<'a, 't>;

/// The kind of a version's images.
pub const VERSION: u8 = b'v';
/// The kind of a bucket's images.
pub const BUCKET: u8 = b'b';

/// A change of the versions of a key.
#[derive(Debug, Serialize, Deserialize)]
struct OfVersion {
    bucket: u64,
    key: String,
    /// The place of the version that was replaced, amended or deleted.
    old: Option<u64>,
    /// The place of the version that was written, and what it is.
    new: Option<(u64, String)>,
    /// The place of the key's newest version after the change.
    newest: Option<u64>,
    /// The place of the version below the one that was written, which is the newest again without it, and what it is.
    #[serde(default)]
    below: Option<(u64, String)>,
}

/// A change of a bucket's row.
#[derive(Debug, Serialize, Deserialize)]
struct OfBucket {
    name: String,
    /// What it is after the change; none where it is gone.
    new: Option<String>,
}

/// Notes the change of a key's versions, which was made just now.
pub(super) fn note_version(
    change: &mut Change<'_, '_>,
    bucket: u64,
    key: &str,
    old: Option<&Placed>,
    new: Option<&Placed>,
) -> Result<(), StoreError> {
    let newest = Placed::newest(change, bucket, key)?.map(|newest| newest.order);
    let amends = old.zip(new).is_some_and(|(old, new)| old.order == new.order);
    let below = match new.filter(|_| !amends) {
        Some(new) => below(change, bucket, key, new.order)?,
        None => None,
    };
    let held = old.filter(|_| !amends).map_or(0, |old| old.version.size);
    let about = OfVersion {
        bucket,
        key: key.to_owned(),
        old: old.map(|old| old.order),
        new: new.map(|new| Ok::<_, StoreError>((new.order, mark_of(&new.version.encode()?)))).transpose()?,
        newest,
        below,
    };
    let image = Image { about, old: old.map(|old| old.version.encode()).transpose()? }.encode(VERSION)?;
    change.beside().note(image, held);
    Ok(())
}

/// The newest version of a key before the one at `order`: its place, and what it is.
fn below(read: &impl Read, bucket: u64, key: &str, order: u64) -> Result<Option<(u64, String)>, StoreError> {
    let below = Placed::newest_before(read, bucket, key, order)?;
    below.map(|below| Ok((below.order, mark_of(&below.version.encode()?)))).transpose()
}

/// Notes that a bucket's row becomes `new`, or goes, where a tool call makes that.
pub(super) fn note_bucket(change: &mut Change<'_, '_>, name: &str, new: Option<&[u8]>) -> Result<(), StoreError> {
    if !change.beside().notes()? {
        return Ok(());
    }
    let old = change.get(Table::Buckets, name.as_bytes())?;
    let image = Image { about: OfBucket { name: name.to_owned(), new: new.map(mark_of) }, old }.encode(BUCKET)?;
    change.beside().note(image, 0);
    Ok(())
}

/// Takes the change of a key's versions back. `known` is the bucket of the change before: most often it is this one's too.
pub fn put_version_back(change: &mut Change<'_, '_>, image: &[u8], known: &mut String) -> Outcome {
    let Image { about, old: row } = Image::<OfVersion>::decode(image)?;
    let OfVersion { bucket, key, old, new, newest, below: stood } = about;
    let Some(name) = name_of(change, bucket, known)? else {
        return Err(Refused::Newer(format!("the bucket of the object {key:?} was deleted or restored since")));
    };
    let uri = format!("s3://{name}/{key}");
    let newer = || Err(Refused::Newer(format!("the object {uri:?} was written since")));
    if Placed::newest(change, bucket, &key)?.map(|newest| newest.order) != newest {
        return newer();
    }
    let written = match &new {
        Some((order, mark)) => match Placed::at(change, bucket, &key, *order)? {
            Some(found) if mark_of(&found.version.encode()?) == *mark => Some(found),
            _ => return newer(),
        },
        None => None,
    };
    if let Some(written) = written.as_ref().filter(|written| old != Some(written.order))
        && below(change, bucket, &key, written.order)? != stood
    {
        return Err(Refused::Newer(format!("an older version of the object {uri:?} was deleted or changed since")));
    }
    let before = row.map(|row| Version::decode(&row)).transpose()?;
    let did = match (&before, &written) {
        (Some(_), Some(_)) => "objects changed back",
        (Some(_), None) => "objects put back",
        (None, _) => "objects deleted again",
    };
    let before = before.zip(old).map(|(version, order)| Placed::new(order, version));
    change.swap_back(bucket, &key, written.as_ref(), before.as_ref())?;
    Ok((format!("s3://{name}"), did))
}

/// The name of the bucket of this id.
fn name_of(read: &impl Read, id: u64, known: &mut String) -> Result<Option<String>, StoreError> {
    if Bucket::find(read, known)?.is_some_and(|bucket| bucket.id == id) {
        return Ok(Some(known.clone()));
    }
    let mut all = Bucket::all(read, "", None)?;
    let found = all.find(|row| row.as_ref().map_or(true, |(_, bucket)| bucket.id == id)).transpose()?;
    Ok(found.map(|(name, _)| {
        known.clone_from(&name);
        name
    }))
}

/// Takes the change of a bucket's row back.
pub fn put_bucket_back(change: &mut Change<'_, '_>, image: &[u8]) -> Outcome {
    let Image { about: OfBucket { name, new }, old } = Image::<OfBucket>::decode(image)?;
    let uri = format!("s3://{name}");
    let current = change.get(Table::Buckets, name.as_bytes())?;
    if current.as_deref().map(mark_of) != new {
        return Err(Refused::Newer(format!("the bucket {uri} was changed since")));
    }
    let did = match (&current, old) {
        (_, Some(old)) => {
            change.put(Table::Buckets, name.into_bytes(), old);
            if current.is_some() { "bucket changed back" } else { "bucket put back" }
        }
        (Some(current), None) => {
            let bucket = Bucket::decode(current)?;
            for table in [Table::Versions, Table::Noncurrent] {
                if change.prefix(table, &bucket.id.to_be_bytes())?.next().transpose()?.is_some() {
                    return Err(Refused::Newer(format!("the bucket {uri} has objects by now")));
                }
            }
            if change.prefix(Table::Uploads, &bucket.id.to_be_bytes())?.next().transpose()?.is_some() {
                return Err(Refused::Newer(format!("the bucket {uri} has open uploads by now")));
            }
            change.delete(Table::Buckets, name.into_bytes());
            "bucket deleted again"
        }
        (None, None) => "bucket left as it is",
    };
    Ok((uri, did))
}

/// Lets go of the bodies that an image keeps.
pub fn let_go(change: &mut Change<'_, '_>, image: &[u8]) -> Result<(), StoreError> {
    match kept(image)? {
        Some((_, version)) => change.let_go(&version.content),
        None => Ok(()),
    }
}

/// The versions that images keep, with their keys.
pub(super) fn every_kept(read: &impl Read) -> Result<Vec<(String, Version)>, StoreError> {
    let images = every_image(read)?;
    let versions = images.iter().filter(|image| image.first() == Some(&VERSION));
    versions.filter_map(|image| kept(image).transpose()).collect()
}

/// The version whose bodies an image of a version keeps: what was amended has them still.
fn kept(image: &[u8]) -> Result<Option<(String, Version)>, StoreError> {
    let Image { about: OfVersion { key, old, new, .. }, old: row } = Image::<OfVersion>::decode(image)?;
    if old.is_none() || old == new.map(|(order, _)| order) {
        return Ok(None);
    }
    row.map(|row| Ok((key, Version::decode(&row)?))).transpose()
}

impl Change<'_, '_> {
    /// Takes `written` away and puts `before` in its place, whose bodies are held; with the same order, `written` is what
    /// `before` was amended to. Of the versions of `key`, the newest is current again if it is an object.
    fn swap_back(
        &mut self,
        bucket: u64,
        key: &str,
        written: Option<&Placed>,
        before: Option<&Placed>,
    ) -> Result<(), StoreError> {
        let amends = written.zip(before).is_some_and(|(written, before)| written.order == before.order);
        if let Some(written) = written {
            self.delete(Table::Versions, Placed::key_at(bucket, key, written.order));
            self.delete(Table::Noncurrent, Placed::key_at(bucket, key, written.order));
            if !amends {
                self.let_go(&written.version.content)?;
            }
        }
        if let Some(before) = before {
            // What it is made of is what it was amended from.
            let content =
                written.filter(|_| amends).map_or(&before.version.content, |written| &written.version.content);
            let version = Version { content: content.clone(), ..before.version.clone() };
            self.put(Table::Noncurrent, Placed::key_at(bucket, key, before.order), version.encode()?);
        }
        let current = Placed::current(self, bucket, key)?;
        let other = Placed::newest_other(self, bucket, key)?;
        let (current_order, other_order) = (current.as_ref().map(|at| at.order), other.as_ref().map(|at| at.order));
        if other_order > current_order {
            if let Some(current) = current {
                self.delete(Table::Versions, Placed::key_at(bucket, key, current.order));
                self.put(Table::Noncurrent, Placed::key_at(bucket, key, current.order), current.version.encode()?);
            }
            if let Some(other) = other.filter(|other| other.version.content != Content::Marker) {
                self.delete(Table::Noncurrent, Placed::key_at(bucket, key, other.order));
                self.put(Table::Versions, Placed::key_at(bucket, key, other.order), other.version.encode()?);
            }
        }
        Ok(())
    }
}
