//! DeleteObjects.

use s3s::S3Response;
use s3s::dto::{DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, Error, ObjectIdentifier};

use super::Result;
use super::delete_object::delete;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Bucket, Change, NULL_VERSION};
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
    let (deleted, errors) = core
        .write(move |change| {
            let bucket = context.open_bucket(change)?;
            let (mut deleted, mut errors) = (Vec::new(), Vec::new());
            for object in asked.objects {
                match delete_one(change, &bucket, &object) {
                    Ok(()) => deleted.push(DeletedObject {
                        key: Some(object.key),
                        version_id: object.version_id,
                        ..DeletedObject::default()
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
) -> std::result::Result<(), AwsError> {
    if object.e_tag.is_some() || object.last_modified_time.is_some() || object.size.is_some() {
        // Recorded for general purpose buckets, by the names of DeleteObject's headers.
        return Err(error::header_not_implemented("If-Match"));
    }
    if object.key.is_empty() {
        return Err(AwsError::new(
            400,
            "UserKeyMustBeSpecified",
            "The bucket POST must contain the specified field name.",
        ));
    }
    let version = object.version_id.as_deref().filter(|id| !id.is_empty());
    if let Some(id) = version.filter(|id| *id != NULL_VERSION) {
        // Recorded: any other id of an unversioned object is told as missing.
        return Err(error::no_such_version(&object.key, id));
    }
    delete(change, bucket.id, &object.key, version)
}
