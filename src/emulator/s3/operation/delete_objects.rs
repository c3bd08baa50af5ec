//! DeleteObjects.

use uuid::Uuid;

use super::delete_object::delete;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Bucket, Change, Deleted, VersionId};
use crate::emulator::s3::condition::DeleteCondition;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::{self, Document, Element};

/// The most objects of one request.
const MOST: usize = 1000;

/// Deletes up to a thousand objects in one commit. What cannot be deleted is told beside what was.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let (objects, quiet) = asked(context.document())?;
    let context = context.clone();
    let modified = core.clock().millis();
    let ids: Vec<Uuid> = objects.iter().map(|_| core.ids().next()).collect();
    let results = core
        .write(move |change| {
            let bucket = context.open_bucket(change)?;
            let mut results = Vec::new();
            for (object, random) in objects.into_iter().zip(ids) {
                match delete_one(change, &bucket, &object, modified, random) {
                    // A failure of the store fails the whole request: nothing of it was written.
                    Err(error) if error.status >= 500 && error.status != 501 => return Err(error),
                    result => results.push((object, result)),
                }
            }
            Ok(results)
        })
        .await?;
    Ok(Reply::document(answer(&results, quiet)))
}

/// An object to be deleted, as the request lists it.
#[derive(Debug)]
struct Asked {
    key: String,
    version_id: Option<String>,
    etag: Option<String>,
    by_time: bool,
    by_size: bool,
}

impl Asked {
    fn read(mut object: Element) -> Result<Self, AwsError> {
        let asked = Self {
            key: object.take_text("Key")?.ok_or_else(error::malformed_xml)?,
            version_id: object.take_text("VersionId")?,
            etag: object.take_text("ETag")?,
            by_time: object.take_text("LastModifiedTime")?.is_some(),
            by_size: object.take_value::<u64>("Size")?.is_some(),
        };
        object.end()?;
        Ok(asked)
    }
}

/// The objects that the document lists, and whether it wants to hear of errors alone.
fn asked(document: &[u8]) -> Result<(Vec<Asked>, bool), AwsError> {
    let mut root = xml::read(document, "Delete")?;
    let quiet = root.take_value("Quiet")?.unwrap_or(false);
    let objects = root.take_all("Object");
    root.end()?;
    if objects.is_empty() || objects.len() > MOST {
        return Err(error::malformed_xml());
    }
    Ok((objects.into_iter().map(Asked::read).collect::<Result<_, _>>()?, quiet))
}

fn answer(results: &[(Asked, Result<Deleted, AwsError>)], quiet: bool) -> Document {
    let mut document = Document::new("DeleteResult");
    for (object, result) in results {
        match result {
            Ok(_) if quiet => {}
            Ok(done) => document.inside("Deleted", |deleted| {
                deleted.text("Key", &object.key);
                deleted.maybe("VersionId", object.version_id.as_deref());
                if done.marker {
                    deleted.value("DeleteMarker", true);
                    deleted.maybe("DeleteMarkerVersionId", done.version_id.as_deref());
                }
            }),
            Err(failed) => document.inside("Error", |error| {
                error.text("Key", &object.key);
                error.maybe("VersionId", object.version_id.as_deref());
                error.text("Code", &failed.code);
                error.text("Message", &failed.message);
            }),
        }
    }
    document
}

fn delete_one(
    change: &mut Change<'_, '_>,
    bucket: &Bucket,
    object: &Asked,
    modified: u64,
    random: Uuid,
) -> Result<Deleted, AwsError> {
    // Only directory buckets know these conditions: refused by the names of DeleteObject's headers (recorded).
    if object.by_time {
        return Err(error::header_not_implemented("x-amz-if-match-last-modified-time"));
    }
    if object.by_size {
        return Err(error::header_not_implemented("x-amz-if-match-size"));
    }
    if object.key.is_empty() {
        return Err(AwsError::new(
            400,
            "UserKeyMustBeSpecified",
            "The bucket POST must contain the specified field name.",
        ));
    }
    error::check_key(&object.key)?;
    let named = object.version_id.as_deref().filter(|id| !id.is_empty());
    // Recorded: here an id that no bucket ever gave is told as missing.
    let version =
        named.map(|id| VersionId::parse(id).map_err(|_| error::no_such_version(&object.key, id))).transpose()?;
    let condition = DeleteCondition::of(object.etag.as_deref());
    delete(change, bucket, &object.key, version.as_ref(), &condition, modified, random)
}
