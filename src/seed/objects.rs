//! Writes the objects of a bucket.

use std::path::Path;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::CreateBucketConfiguration;
use futures::{StreamExt, TryStreamExt, stream};
use md5::{Digest, Md5};
use tokio::io::AsyncReadExt;

use super::folder::{BucketPlan, ObjectPlan};
use super::{Progress, SeedError, Summary};

/// How many objects are under way at once.
const AT_ONCE: usize = 16;
const CHUNK: usize = 64 * 1024;

/// Makes the bucket where it is missing, and writes the objects that are not there as they should be.
pub(super) async fn seed(
    plan: &BucketPlan,
    client: &Client,
    progress: &dyn Progress,
    summary: &mut Summary,
) -> Result<(), SeedError> {
    let bucket = plan.name.as_str();
    if client.head_bucket().bucket(bucket).send().await.is_err() {
        // As on AWS, a bucket outside of us-east-1 has to say where it is to be.
        let region = client.config().region().map(AsRef::as_ref).filter(|region| *region != "us-east-1");
        let place =
            region.map(|region| CreateBucketConfiguration::builder().location_constraint(region.into()).build());
        let made = client.create_bucket().bucket(bucket).set_create_bucket_configuration(place).send().await;
        made.map_err(|error| SeedError::aws(format!("making the bucket {bucket}"), error))?;
        summary.buckets += 1;
    }
    let put = |object| async move {
        let wrote = ensure(bucket, object, client).await?;
        progress.advance(object.size);
        Ok::<_, SeedError>(wrote)
    };
    // Boxed, because the compiler cannot prove `Send` of a closure over borrowed plans otherwise.
    let mut all = stream::iter(plan.objects.iter().map(put)).buffer_unordered(AT_ONCE).boxed();
    while let Some(wrote) = all.try_next().await? {
        if wrote {
            summary.objects += 1;
        } else {
            summary.unchanged += 1;
        }
    }
    Ok(())
}

/// Writes the object unless it is there with the same bytes; whether it was written.
async fn ensure(bucket: &str, object: &ObjectPlan, client: &Client) -> Result<bool, SeedError> {
    let there = client.head_object().bucket(bucket).key(&object.key).send().await.ok();
    if let Some(there) = there
        && there.content_length.and_then(|length| u64::try_from(length).ok()) == Some(object.size)
        && there.e_tag.as_deref() == Some(&format!("\"{}\"", md5_of(&object.path).await?))
    {
        return Ok(false);
    }
    let body = ByteStream::from_path(&object.path).await;
    let body = body.map_err(|error| SeedError::content(&object.path, error))?;
    let kind = mime_guess::from_path(&object.key).first_raw().unwrap_or("binary/octet-stream");
    let put = client.put_object().bucket(bucket).key(&object.key).content_type(kind).body(body);
    let put = put.send().await;
    put.map_err(|error| SeedError::aws(format!("writing {}", object.path.display()), error))?;
    Ok(true)
}

async fn md5_of(path: &Path) -> Result<String, SeedError> {
    let failed = |error| SeedError::read(path, error);
    let mut file = tokio::fs::File::open(path).await.map_err(failed)?;
    let mut hasher = Md5::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk).await.map_err(failed)? {
            0 => break,
            read => hasher.update(&chunk[..read]),
        }
    }
    Ok(crate::hex::hex(&hasher.finalize()))
}
