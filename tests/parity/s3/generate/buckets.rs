//! Calls on buckets, and on what is set for them.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::names::{ONE, and, bucket};
use super::objects::tags;
use crate::call::Call;

fn name() -> BoxedStrategy<String> {
    let wrong = [
        "ab",
        "A-name",
        "name_",
        "-name",
        "name-",
        "na..me",
        "192.168.5.4",
        "xn--name",
        "sthree-name",
        "name-s3alias",
        "name--ol-s3",
        "ends.",
        "a.-b",
    ];
    prop_oneof![
        4 => bucket().prop_map(str::to_owned),
        1 => select(wrong.to_vec()).prop_map(str::to_owned),
        1 => Just("n".repeat(64)),
        1 => Just("${p}with.dots-and-1".to_owned()),
    ]
    .boxed()
}

fn create() -> BoxedStrategy<Call> {
    let constraint = prop_oneof![
        6 => Just(None),
        1 => select(vec!["eu-west-1", "EU", "us-east-1", "nowhere"]).prop_map(|region| Some(json!({"LocationConstraint": region}))),
        1 => tags().prop_map(|tags| Some(json!({"Tags": tags}))),
    ];
    let times = prop_oneof![6 => Just(1), 1 => 2..4_u8];
    (name(), constraint, times)
        .prop_map(|(name, constraint, times)| {
            let plain = constraint.is_none();
            let configuration = constraint.map(|given| ("CreateBucketConfiguration", given));
            let call = Call::s3("CreateBucket", and(json!({"Bucket": name}), configuration));
            if times > 1 && plain { call.at_once(times) } else { call }
        })
        .boxed()
}

fn versioning() -> BoxedStrategy<Call> {
    let status = prop_oneof![
        4 => Just(json!({"Status": "Enabled"})), 3 => Just(json!({"Status": "Suspended"})), 1 => Just(json!({})),
        1 => Just(json!({"Status": "Disabled"})),
    ];
    (bucket(), status)
        .prop_map(|(bucket, configuration)| {
            Call::s3("PutBucketVersioning", json!({"Bucket": bucket, "VersioningConfiguration": configuration}))
        })
        .boxed()
}

fn cors() -> BoxedStrategy<Json> {
    select(vec![
        json!([{"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["*"]}]),
        json!([{"ID": "one", "AllowedMethods": ["HEAD"], "AllowedOrigins": ["https://a.example"], "AllowedHeaders": ["*"],
                "ExposeHeaders": ["etag"], "MaxAgeSeconds": 3}]),
        json!([{"AllowedMethods": ["PATCH"], "AllowedOrigins": ["*"]}]),
        json!([]),
        json!([{"AllowedMethods": ["GET"], "AllowedOrigins": []}]),
    ])
.boxed()
}

fn setting() -> BoxedStrategy<Call> {
    let tags = (bucket(), tags()).prop_map(|(bucket, tags)| {
        Call::s3("PutBucketTagging", json!({"Bucket": bucket, "Tagging": {"TagSet": tags}}))
    });
    let cors = (bucket(), cors()).prop_map(|(bucket, rules)| {
        Call::s3("PutBucketCors", json!({"Bucket": bucket, "CORSConfiguration": {"CORSRules": rules}}))
    });
    let encryption = (bucket(), any::<bool>()).prop_map(|(bucket, key)| {
        let rule = json!({"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": key});
        let configuration = json!({"Rules": [rule]});
        Call::s3("PutBucketEncryption", json!({"Bucket": bucket, "ServerSideEncryptionConfiguration": configuration}))
    });
    prop_oneof![2 => tags, 1 => cors, 1 => encryption].boxed()
}

pub fn step() -> BoxedStrategy<Call> {
    let plain = [
        "HeadBucket",
        "GetBucketLocation",
        "GetBucketVersioning",
        "GetBucketVersioning",
        "GetBucketTagging",
        "GetBucketTagging",
        "DeleteBucketTagging",
        "GetBucketCors",
        "DeleteBucketCors",
        "GetBucketEncryption",
        "DeleteBucketEncryption",
        "DeleteBucket",
        "DeleteBucket",
    ];
    let plain = (select(plain.to_vec()), name_or_bucket())
        .prop_map(|(operation, bucket)| Call::s3(operation, json!({"Bucket": bucket})));
    let list = prop_oneof![Just(1), Just(2), Just(0), Just(10_000), Just(10_001)].prop_map(|most| {
        let call = Call::s3("ListBuckets", json!({"Prefix": "${p}", "MaxBuckets": most}));
        if (1..10_000).contains(&most) { call.in_pages() } else { call }
    });
    prop_oneof![6 => plain, 3 => create(), 5 => versioning(), 4 => setting(), 1 => list].boxed()
}

fn name_or_bucket() -> BoxedStrategy<String> {
    prop_oneof![6 => bucket().prop_map(str::to_owned), 1 => Just(ONE.to_owned()), 1 => Just("${p}with.dots-and-1".to_owned())]
.boxed()
}
