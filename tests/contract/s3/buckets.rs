//! Buckets and what they are configured with.

use aws_sdk_s3::types::{CorsConfiguration, CorsRule, ServerSideEncryption};

use super::put;
use crate::world::{World, refusal};

pub async fn a_bucket_is_made_seen_and_deleted(world: &World) {
    let name = world.bucket("b").await;
    world.s3.head_bucket().bucket(&name).send().await.unwrap();
    let listed = world.s3.list_buckets().prefix(world.prefix()).send().await.unwrap();
    assert_eq!(listed.buckets().iter().map(|bucket| bucket.name().unwrap()).collect::<Vec<_>>(), [&name]);
    assert!(listed.buckets()[0].creation_date().is_some());
    world.s3.delete_bucket().bucket(&name).send().await.unwrap();
    assert_eq!(refusal(world.s3.head_bucket().bucket(&name).send().await), "404 NotFound");
    assert_eq!(refusal(world.s3.delete_bucket().bucket(&name).send().await), "404 NoSuchBucket");
}

pub async fn a_bucket_with_something_in_it_stays(world: &World) {
    let bucket = world.bucket("b").await;
    put(world, &bucket, "k", "x").await;
    assert_eq!(refusal(world.s3.delete_bucket().bucket(&bucket).send().await), "409 BucketNotEmpty");
    world.s3.delete_object().bucket(&bucket).key("k").send().await.unwrap();
    world.s3.delete_bucket().bucket(&bucket).send().await.unwrap();
}

pub async fn a_bucket_tells_its_region(world: &World) {
    let bucket = world.bucket("b").await;
    let told = world.s3.get_bucket_location().bucket(&bucket).send().await.unwrap();
    let region = told.location_constraint().map_or("", |region| region.as_str());
    assert_eq!(if region.is_empty() { "us-east-1" } else { region }, world.region());
}

pub async fn names_follow_the_rules(world: &World) {
    for label in ["Upper", "under_score", "two..dots", "ends-"] {
        let name = format!("{}{label}", world.prefix());
        assert_eq!(refusal(world.s3.create_bucket().bucket(&name).send().await), "400 InvalidBucketName", "{name}");
    }
    let long = format!("{:x<64}", world.prefix());
    assert_eq!(refusal(world.s3.create_bucket().bucket(&long).send().await), "400 InvalidBucketName");
}

pub async fn a_bucket_that_is_not_there_has_nothing(world: &World) {
    let nowhere = world.bucket_name("nowhere");
    assert_eq!(refusal(world.s3.get_object().bucket(&nowhere).key("k").send().await), "404 NoSuchBucket");
    assert_eq!(refusal(super::putting(world, &nowhere, "k", "x").send().await), "404 NoSuchBucket");
    assert_eq!(refusal(world.s3.delete_object().bucket(&nowhere).key("k").send().await), "404 NoSuchBucket");
    assert_eq!(refusal(world.s3.get_bucket_versioning().bucket(&nowhere).send().await), "404 NoSuchBucket");
    let upload = world.s3.create_multipart_upload().bucket(&nowhere).key("k").send().await;
    assert_eq!(refusal(upload), "404 NoSuchBucket");
}

pub async fn cors_rules_come_back(world: &World) {
    let bucket = world.bucket("b").await;
    let get = || world.s3.get_bucket_cors().bucket(&bucket).send();
    assert_eq!(refusal(get().await), "404 NoSuchCORSConfiguration");
    let rule = CorsRule::builder().allowed_origins("https://a.example").allowed_methods("GET").allowed_methods("PUT");
    let rule = rule.allowed_headers("*").expose_headers("ETag").max_age_seconds(60).build().unwrap();
    let configuration = CorsConfiguration::builder().cors_rules(rule.clone()).build().unwrap();
    world.s3.put_bucket_cors().bucket(&bucket).cors_configuration(configuration).send().await.unwrap();
    assert_eq!(get().await.unwrap().cors_rules(), [rule]);
    world.s3.delete_bucket_cors().bucket(&bucket).send().await.unwrap();
    assert_eq!(refusal(get().await), "404 NoSuchCORSConfiguration");
}

pub async fn everything_is_encrypted_by_default(world: &World) {
    let bucket = world.bucket("b").await;
    let told = world.s3.get_bucket_encryption().bucket(&bucket).send().await.unwrap();
    let rules = told.server_side_encryption_configuration.unwrap().rules;
    let default = rules[0].apply_server_side_encryption_by_default().unwrap();
    assert_eq!(default.sse_algorithm(), &ServerSideEncryption::Aes256);
    let put = super::putting(world, &bucket, "k", "x").send().await.unwrap();
    assert_eq!(put.server_side_encryption(), Some(&ServerSideEncryption::Aes256));
}
