//! DeleteObjects.

use s3s::S3Response;
use s3s::dto::{DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ETag, Error, ObjectIdentifier};

use uuid::Uuid;

use super::Result;
use super::delete_object::delete;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Bucket, Change, Deleted, VersionId};
use crate::emulator::s3::condition::DeleteCondition;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error;
use crate::emulator::s3::service::Core;

/// The most objects of one request.
const MOST: usize = 1000;

/// Deletes up to a thousand objects in one commit. What cannot be deleted is told beside what was.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    input: DeleteObjectsInput,
) -> Result<DeleteObjectsOutput> {
    let asked = input.delete;
    let quiet = asked.quiet.unwrap_or(false);
    if asked.objects.is_empty() || asked.objects.len() > MOST {
        return Err(error::malformed_xml());
    }
    let context = context.clone();
    let modified = core.clock().millis();
    let ids: Vec<Uuid> = asked.objects.iter().map(|_| core.ids().next()).collect();
    let (deleted, errors) = core
        .write(move |change| {
            let bucket = context.open_bucket(change)?;
            let (mut deleted, mut errors) = (Vec::new(), Vec::new());
            for (object, random) in asked.objects.into_iter().zip(ids) {
                match delete_one(change, &bucket, &object, modified, random) {
                    Ok(done) => deleted.push(DeletedObject {
                        key: Some(object.key),
                        version_id: object.version_id,
                        delete_marker: done.marker.then_some(true),
                        delete_marker_version_id: done.version_id.filter(|_| done.marker),
                    }),
                    // A failure of the store fails the whole request: nothing of it was written.
                    Err(error) if error.status >= 500 && error.status != 501 => return Err(error),
                    Err(error) => errors.push(Error {
                        code: Some(error.code.into_owned()),
                        key: Some(object.key),
                        message: Some(error.message),
                        version_id: object.version_id,
                    }),
                }
            }
            Ok((deleted, errors))
        })
        .await?;
    Ok(S3Response::new(DeleteObjectsOutput {
        deleted: (!quiet && !deleted.is_empty()).then_some(deleted),
        errors: (!errors.is_empty()).then_some(errors),
        request_charged: None,
    }))
}

fn delete_one(
    change: &mut Change<'_, '_>,
    bucket: &Bucket,
    object: &ObjectIdentifier,
    modified: u64,
    random: Uuid,
) -> std::result::Result<Deleted, AwsError> {
    // Only directory buckets know these conditions: refused by the names of DeleteObject's headers (recorded).
    if object.last_modified_time.is_some() {
        return Err(error::header_not_implemented("x-amz-if-match-last-modified-time"));
    }
    if object.size.is_some() {
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
    let condition = DeleteCondition::of(object.e_tag.as_ref().map(ETag::value));
    delete(change, bucket, &object.key, version.as_ref(), &condition, modified, random)
}
