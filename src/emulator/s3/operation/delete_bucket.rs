//! DeleteBucket.

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::{Bucket, Upload, Versioning};
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::store::{Read, Table};

/// Deletes a bucket that holds no objects. Uploads that are open go with it, as on AWS.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let context = context.clone();
    core.write(move |change| {
        let bucket = context.open_bucket(change)?;
        let rows = bucket.id.to_be_bytes();
        for table in [Table::Versions, Table::Noncurrent] {
            if change.prefix(table, &rows)?.next().transpose()?.is_some() {
                let message = match bucket.versioning {
                    Versioning::Unversioned => "The bucket you tried to delete is not empty",
                    _ => "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
                };
                return Err(AwsError::new(409, "BucketNotEmpty", message).with("BucketName", context.bucket()));
            }
        }
        let mut uploads = Vec::new();
        for row in change.prefix(Table::Uploads, &rows)? {
            let row = row?;
            uploads.push((row.key().to_vec(), Upload::decode(row.value())?));
        }
        for (row, upload) in uploads {
            Upload::drop_parts(change, &upload.id, |_| false)?;
            change.delete(Table::Uploads, row);
        }
        Ok(Bucket::remove(change, context.bucket())?)
    })
    .await?;
    Ok(Reply::empty())
}
