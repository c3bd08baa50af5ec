//! Calls on buckets.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{CreateBucketConfiguration, VersioningConfiguration};
use serde_json::{Value as Json, json};

use super::shape::{ok, path, send, told, with};
use super::tagging::tags;
use crate::wire::Sent;

pub async fn create(client: &Client, input: &Json) -> Sent {
    let configuration = input.get("CreateBucketConfiguration").map(|given| {
        let made =
            with!(CreateBucketConfiguration::builder(), given, "LocationConstraint" => set_location_constraint as word);
        made.set_tags(given.get("Tags").map(tags)).build()
    });
    let call = with!(client.create_bucket(), input, "Bucket" => set_bucket);
    let (status, output) = send!(call.set_create_bucket_configuration(configuration), input);
    let mut told = told!(output, "BucketArn" => bucket_arn);
    told["Location"] = output.location().map(path).into();
    ok(status, told)
}

pub async fn delete(client: &Client, input: &Json) -> Sent {
    let (status, _) = send!(with!(client.delete_bucket(), input, "Bucket" => set_bucket), input);
    ok(status, json!({}))
}

pub async fn head(client: &Client, input: &Json) -> Sent {
    let (status, output) = send!(with!(client.head_bucket(), input, "Bucket" => set_bucket), input);
    ok(status, told!(output, "BucketRegion" => bucket_region, "BucketArn" => bucket_arn))
}

pub async fn list(client: &Client, input: &Json) -> Sent {
    let call = with!(client.list_buckets(), input, "Prefix" => set_prefix, "MaxBuckets" => set_max_buckets as number,
        "ContinuationToken" => set_continuation_token, "BucketRegion" => set_bucket_region);
    let (status, output) = send!(call, input);
    let mut told = told!(output, "Prefix" => prefix, "ContinuationToken" => continuation_token);
    let buckets = output.buckets().iter().map(|bucket| {
        told!(bucket, "Name" => name, "CreationDate" => creation_date as there, "BucketRegion" => bucket_region,
            "BucketArn" => bucket_arn)
    });
    told["Buckets"] = buckets.collect();
    ok(status, told)
}

pub async fn location(client: &Client, input: &Json) -> Sent {
    let (status, output) = send!(with!(client.get_bucket_location(), input, "Bucket" => set_bucket), input);
    ok(status, told!(output, "LocationConstraint" => location_constraint as word))
}

pub async fn put_versioning(client: &Client, input: &Json) -> Sent {
    let given = &input["VersioningConfiguration"];
    let configuration = with!(VersioningConfiguration::builder(), given, "Status" => set_status as word).build();
    let call = with!(client.put_bucket_versioning(), input, "Bucket" => set_bucket);
    let (status, _) = send!(call.versioning_configuration(configuration), input);
    ok(status, json!({}))
}

pub async fn get_versioning(client: &Client, input: &Json) -> Sent {
    let (status, output) = send!(with!(client.get_bucket_versioning(), input, "Bucket" => set_bucket), input);
    ok(status, told!(output, "Status" => status as word, "MFADelete" => mfa_delete as word))
}
