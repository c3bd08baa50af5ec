//! What S3 does.

pub mod buckets;
pub mod conditions;
pub mod copies;
pub mod listing;
pub mod multipart;
pub mod objects;
pub mod ranges;
pub mod tags;
pub mod versions;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;

use crate::world::World;

/// A PutObject of these bytes.
pub fn putting(world: &World, bucket: &str, key: &str, body: impl Into<Vec<u8>>) -> PutObjectFluentBuilder {
    world.s3.put_object().bucket(bucket).key(key).body(ByteStream::from(body.into()))
}

/// Puts bytes; the version that they became, where there are versions.
pub async fn put(world: &World, bucket: &str, key: &str, body: impl Into<Vec<u8>>) -> Option<String> {
    putting(world, bucket, key, body).send().await.unwrap().version_id
}

/// The bytes of an object.
pub async fn get(world: &World, bucket: &str, key: &str) -> Vec<u8> {
    bytes(world.s3.get_object().bucket(bucket).key(key).send().await.unwrap()).await
}

/// The bytes of an answer.
pub async fn bytes(output: GetObjectOutput) -> Vec<u8> {
    output.body.collect().await.unwrap().to_vec()
}

/// The entity tag of an object.
pub async fn tag_of(world: &World, bucket: &str, key: &str) -> String {
    world.s3.head_object().bucket(bucket).key(key).send().await.unwrap().e_tag.unwrap()
}

/// The keys of a bucket, in the order in which they are listed.
pub async fn keys(world: &World, bucket: &str) -> Vec<String> {
    let listed = world.s3.list_objects_v2().bucket(bucket).send().await.unwrap();
    listed.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
}
