//! Small projects of each language, in `trees/`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use super::report;

/// Every operation of a tree: its status, and its parameters that are not as on AWS.
fn of(tree: &str) -> (BTreeMap<String, String>, Json) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/trees").join(tree);
    let (report, code) = report(&directory, &[]);
    assert_eq!(code, 5, "each of them uses something that is not emulated");
    let shown = report["operations"].as_array().unwrap().iter().map(|operation| {
        let apart =
            operation["parameters"].as_array().unwrap().iter().filter(|parameter| parameter["status"] != "works");
        let apart: Vec<_> = apart
            .map(|parameter| {
                format!(" {}={}", parameter["name"].as_str().unwrap(), parameter["status"].as_str().unwrap())
            })
            .collect();
        (
            operation["operation"].as_str().unwrap().to_owned(),
            operation["status"].as_str().unwrap().to_owned() + &apart.concat(),
        )
    });
    (shown.collect(), report)
}

fn assert_found(tree: &str, expected: &[(&str, &str)]) -> Json {
    let (found, report) = of(tree);
    let expected: BTreeMap<_, _> =
        expected.iter().map(|(name, status)| ((*name).to_owned(), (*status).to_owned())).collect();
    assert_eq!(found, expected);
    report
}

fn operation<'a>(report: &'a Json, name: &str) -> &'a Json {
    report["operations"].as_array().unwrap().iter().find(|operation| operation["operation"] == name).unwrap()
}

#[test]
fn python_is_read() {
    let report = assert_found(
        "python",
        &[
            ("AbortMultipartUpload", "works"),
            ("BatchWriteItem", "differs"),
            ("CompleteMultipartUpload", "works"),
            ("CreateMultipartUpload", "differs ACL=differs"),
            ("DeleteObject", "works"),
            ("DeleteObjects", "works"),
            ("DescribeTable", "works"),
            ("ExecuteStatement", "not_emulated"),
            ("GetObject", "works"),
            ("HeadObject", "works"),
            ("ListObjectVersions", "works"),
            ("ListObjects", "works"),
            ("ListObjectsV2", "works"),
            ("PutBucketLifecycleConfiguration", "not_emulated"),
            ("PutBucketPolicy", "not_emulated"),
            ("PutBucketVersioning", "works"),
            ("PutObject", "not_emulated ACL=differs SSEKMSKeyId=not_emulated ServerSideEncryption=not_emulated"),
            ("Query", "works"),
            ("UploadPart", "works"),
        ],
    );
    assert_eq!(report["other_services"]["sqs"]["used"][0]["file"], "app.py");
    let query = operation(&report, "Query");
    assert_eq!(query["used"][0], serde_json::json!({"file": "app.py", "line": 39}));
    assert!(query["tested"].as_array().unwrap().contains(&"tests/dynamodb_pages.rs".into()));
    let given: Vec<_> =
        query["parameters"].as_array().unwrap().iter().map(|given| given["name"].as_str().unwrap()).collect();
    assert_eq!(given, ["ExclusiveStartKey", "IndexName", "KeyConditionExpression"]);
}

#[test]
fn javascript_and_typescript_are_read() {
    let report = assert_found(
        "javascript",
        &[
            ("AbortMultipartUpload", "works"),
            ("CompleteMultipartUpload", "not_emulated SSECustomerKey=not_emulated"),
            ("CreateBackup", "not_emulated"),
            ("CreateMultipartUpload", "not_emulated SSECustomerKey=not_emulated"),
            ("DescribeTable", "works"),
            ("GetItem", "works"),
            ("GetObject", "works"),
            ("ListObjectsV2", "works"),
            ("PutItem", "differs ReturnConsumedCapacity=differs"),
            ("PutObject", "not_emulated ACL=differs SSECustomerKey=not_emulated ServerSideEncryption=not_emulated"),
            ("Query", "works"),
            ("Scan", "differs"),
            ("UpdateItem", "works"),
            ("UploadPart", "not_emulated SSECustomerKey=not_emulated"),
        ],
    );
    // What is handed in from elsewhere cannot be seen.
    assert_eq!(operation(&report, "GetItem")["not_visible"], 1);
    assert_eq!(operation(&report, "Scan")["count"], 2);
    assert!(report["other_services"]["sns"].is_object() && report["other_services"]["sqs"].is_object());
}

#[test]
fn go_is_read() {
    let report = assert_found(
        "go",
        &[
            ("AbortMultipartUpload", "works"),
            ("CompleteMultipartUpload", "works"),
            ("CreateMultipartUpload", "works"),
            ("DescribeTable", "works"),
            ("GetObject", "works"),
            ("ListObjectsV2", "works"),
            ("PutItem", "works"),
            ("PutObject", "not_emulated ServerSideEncryption=not_emulated"),
            ("UpdateContinuousBackups", "not_emulated PointInTimeRecoverySpecification=not_emulated"),
            ("UpdateItem", "works"),
            ("UploadPart", "works"),
        ],
    );
    assert_eq!(operation(&report, "UpdateItem")["not_visible"], 1);
    let given = operation(&report, "PutItem")["parameters"].as_array().unwrap();
    assert!(given.iter().any(|given| given["name"] == "ConditionExpression"));
}

#[test]
fn java_is_read() {
    let report = assert_found(
        "java",
        &[
            ("DeleteObject", "works"),
            ("ExecuteStatement", "not_emulated"),
            ("GetItem", "works"),
            ("HeadObject", "works"),
            ("ListObjectsV2", "works"),
            ("PutBucketVersioning", "not_emulated VersioningConfiguration=not_emulated"),
            ("PutItem", "works"),
            ("PutObject", "differs StorageClass=differs"),
            ("Query", "works"),
            ("Scan", "differs"),
        ],
    );
    assert_eq!(operation(&report, "PutObject")["count"], 2);
}

#[test]
fn terraform_is_read() {
    let report = assert_found(
        "terraform",
        &[
            ("CreateBucket", "works"),
            ("CreateTable", "not_emulated SSESpecification=not_emulated"),
            ("DeleteBucket", "works"),
            ("DeleteBucketLifecycle", "differs"),
            ("DeleteBucketOwnershipControls", "not_emulated"),
            ("DeleteItem", "works"),
            ("DeleteObject", "works"),
            ("DeleteTable", "differs"),
            ("DescribeContinuousBackups", "differs"),
            ("DescribeTable", "works"),
            ("DescribeTimeToLive", "works"),
            ("GetBucketLifecycleConfiguration", "differs"),
            ("GetBucketOwnershipControls", "differs"),
            ("GetBucketTagging", "works"),
            ("GetBucketVersioning", "works"),
            ("GetItem", "works"),
            ("GetObject", "works"),
            ("GetObjectTagging", "works"),
            ("HeadBucket", "works"),
            ("HeadObject", "works"),
            ("ListObjectsV2", "works"),
            ("ListTagsOfResource", "works"),
            ("PutBucketLifecycleConfiguration", "not_emulated"),
            ("PutBucketOwnershipControls", "differs"),
            ("PutBucketTagging", "works"),
            ("PutBucketVersioning", "not_emulated VersioningConfiguration=not_emulated"),
            ("PutItem", "works"),
            ("PutObject", "works"),
            ("UpdateContinuousBackups", "not_emulated PointInTimeRecoverySpecification=not_emulated"),
            ("UpdateTimeToLive", "differs"),
        ],
    );
    assert!(report["other_services"]["lambda (Terraform)"].is_object());
}
