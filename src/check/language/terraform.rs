//! Terraform: what AWS's provider calls to make, read and delete the resources of a configuration.
//!
//! The table says so of version 5 and 6 of the provider. What reads of a bucket find that was never set is left out: it is
//! answered here as on AWS, whatever the bucket is.

use crate::check::found::{Found, Given, Value};
use crate::check::model::Model;
use crate::check::token::Tokens;

/// How deep a block is read.
const DEPTH: usize = 16;

/// Resources and data sources, and what they call. A word with `=` is an argument or block with which something more is
/// called: `argument=Operation`, or `argument=Operation.Member`, where the member gets the argument's value.
#[rustfmt::skip]
const RESOURCES: &[(&str, &[&str])] = &[
    ("aws_s3_bucket", &[
        "CreateBucket", "HeadBucket", "DeleteBucket", "bucket=CreateBucket.Bucket", "object_lock_enabled=CreateBucket.ObjectLockEnabledForBucket",
        "tags=PutBucketTagging", "tags=GetBucketTagging", "force_destroy=ListObjectVersions", "force_destroy=DeleteObjects",
        "acl=PutBucketAcl.ACL", "grant=PutBucketAcl", "policy=PutBucketPolicy.Policy",
        "versioning=PutBucketVersioning.VersioningConfiguration", "lifecycle_rule=PutBucketLifecycleConfiguration",
        "website=PutBucketWebsite", "cors_rule=PutBucketCors", "logging=PutBucketLogging",
        "server_side_encryption_configuration=PutBucketEncryption.ServerSideEncryptionConfiguration",
        "replication_configuration=PutBucketReplication", "object_lock_configuration=PutObjectLockConfiguration",
        "acceleration_status=PutBucketAccelerateConfiguration", "request_payer=PutBucketRequestPayment",
    ]),
    ("aws_s3_bucket_acl", &["PutBucketAcl", "GetBucketAcl", "acl=PutBucketAcl.ACL"]),
    ("aws_s3_bucket_accelerate_configuration", &["PutBucketAccelerateConfiguration", "GetBucketAccelerateConfiguration"]),
    ("aws_s3_bucket_analytics_configuration", &["PutBucketAnalyticsConfiguration", "GetBucketAnalyticsConfiguration", "DeleteBucketAnalyticsConfiguration"]),
    ("aws_s3_bucket_cors_configuration", &["PutBucketCors", "GetBucketCors", "DeleteBucketCors"]),
    ("aws_s3_bucket_intelligent_tiering_configuration", &["PutBucketIntelligentTieringConfiguration", "GetBucketIntelligentTieringConfiguration", "DeleteBucketIntelligentTieringConfiguration"]),
    ("aws_s3_bucket_inventory", &["PutBucketInventoryConfiguration", "GetBucketInventoryConfiguration", "DeleteBucketInventoryConfiguration"]),
    ("aws_s3_bucket_lifecycle_configuration", &["PutBucketLifecycleConfiguration", "GetBucketLifecycleConfiguration", "DeleteBucketLifecycle"]),
    ("aws_s3_bucket_logging", &["PutBucketLogging", "GetBucketLogging"]),
    ("aws_s3_bucket_metric", &["PutBucketMetricsConfiguration", "GetBucketMetricsConfiguration", "DeleteBucketMetricsConfiguration"]),
    ("aws_s3_bucket_notification", &["PutBucketNotificationConfiguration", "GetBucketNotificationConfiguration"]),
    ("aws_s3_bucket_object", &["PutObject", "HeadObject", "GetObjectTagging", "DeleteObject", "acl=PutObject.ACL", "storage_class=PutObject.StorageClass", "server_side_encryption=PutObject.ServerSideEncryption", "kms_key_id=PutObject.SSEKMSKeyId", "object_lock_mode=PutObject.ObjectLockMode", "object_lock_legal_hold_status=PutObject.ObjectLockLegalHoldStatus"]),
    ("aws_s3_bucket_object_lock_configuration", &["PutObjectLockConfiguration", "GetObjectLockConfiguration"]),
    ("aws_s3_bucket_ownership_controls", &["PutBucketOwnershipControls", "GetBucketOwnershipControls", "DeleteBucketOwnershipControls", "rule=PutBucketOwnershipControls.OwnershipControls"]),
    ("aws_s3_bucket_policy", &["PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy"]),
    ("aws_s3_bucket_public_access_block", &["PutPublicAccessBlock", "GetPublicAccessBlock", "DeletePublicAccessBlock"]),
    ("aws_s3_bucket_replication_configuration", &["PutBucketReplication", "GetBucketReplication", "DeleteBucketReplication"]),
    ("aws_s3_bucket_request_payment_configuration", &["PutBucketRequestPayment", "GetBucketRequestPayment", "payer=PutBucketRequestPayment.RequestPaymentConfiguration"]),
    ("aws_s3_bucket_server_side_encryption_configuration", &["PutBucketEncryption", "GetBucketEncryption", "DeleteBucketEncryption", "rule=PutBucketEncryption.ServerSideEncryptionConfiguration"]),
    ("aws_s3_bucket_versioning", &["PutBucketVersioning", "GetBucketVersioning", "versioning_configuration=PutBucketVersioning.VersioningConfiguration", "mfa=PutBucketVersioning.MFA"]),
    ("aws_s3_bucket_website_configuration", &["PutBucketWebsite", "GetBucketWebsite", "DeleteBucketWebsite"]),
    ("aws_s3_directory_bucket", &["CreateSession", "CreateBucket", "DeleteBucket"]),
    ("aws_s3_object", &["PutObject", "HeadObject", "GetObjectTagging", "DeleteObject", "acl=PutObject.ACL", "storage_class=PutObject.StorageClass", "server_side_encryption=PutObject.ServerSideEncryption", "kms_key_id=PutObject.SSEKMSKeyId", "object_lock_mode=PutObject.ObjectLockMode", "object_lock_legal_hold_status=PutObject.ObjectLockLegalHoldStatus"]),
    ("aws_s3_object_copy", &["CopyObject", "HeadObject", "GetObjectTagging", "DeleteObject", "acl=CopyObject.ACL", "storage_class=CopyObject.StorageClass", "server_side_encryption=CopyObject.ServerSideEncryption", "kms_key_id=CopyObject.SSEKMSKeyId"]),
    ("aws_dynamodb_contributor_insights", &["UpdateContributorInsights", "DescribeContributorInsights"]),
    ("aws_dynamodb_global_table", &["CreateGlobalTable", "DescribeGlobalTable", "UpdateGlobalTable"]),
    ("aws_dynamodb_kinesis_streaming_destination", &["EnableKinesisStreamingDestination", "DescribeKinesisStreamingDestination", "DisableKinesisStreamingDestination"]),
    ("aws_dynamodb_resource_policy", &["PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy"]),
    ("aws_dynamodb_table", &[
        "CreateTable", "DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups", "ListTagsOfResource", "DeleteTable",
        "billing_mode=CreateTable.BillingMode", "table_class=CreateTable.TableClass", "local_secondary_index=CreateTable.LocalSecondaryIndexes",
        "global_secondary_index=CreateTable.GlobalSecondaryIndexes", "stream_enabled=CreateTable.StreamSpecification",
        "deletion_protection_enabled=CreateTable.DeletionProtectionEnabled", "server_side_encryption=CreateTable.SSESpecification",
        "tags=CreateTable.Tags", "ttl=UpdateTimeToLive.TimeToLiveSpecification", "replica=UpdateTable.ReplicaUpdates",
        "point_in_time_recovery=UpdateContinuousBackups.PointInTimeRecoverySpecification", "import_table=ImportTable",
        "restore_source_name=RestoreTableToPointInTime", "restore_source_table_arn=RestoreTableToPointInTime",
    ]),
    ("aws_dynamodb_table_export", &["ExportTableToPointInTime", "DescribeExport"]),
    ("aws_dynamodb_table_item", &["PutItem", "GetItem", "UpdateItem", "DeleteItem"]),
    ("aws_dynamodb_table_replica", &["UpdateTable", "DescribeTable"]),
    ("aws_dynamodb_tag", &["TagResource", "ListTagsOfResource", "UntagResource"]),
    ("data.aws_dynamodb_table", &["DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups", "ListTagsOfResource"]),
    ("data.aws_dynamodb_table_item", &["GetItem"]),
    ("data.aws_dynamodb_tables", &["ListTables"]),
    ("data.aws_s3_bucket", &["HeadBucket"]),
    ("data.aws_s3_bucket_object", &["HeadObject", "GetObject", "GetObjectTagging"]),
    ("data.aws_s3_bucket_objects", &["ListObjectsV2"]),
    ("data.aws_s3_bucket_policy", &["GetBucketPolicy"]),
    ("data.aws_s3_object", &["HeadObject", "GetObject", "GetObjectTagging"]),
    ("data.aws_s3_objects", &["ListObjectsV2"]),
    ("data.aws_s3_directory_buckets", &["ListDirectoryBuckets"]),
];

/// Blocks whose members the provider names otherwise than AWS, which tells what differs by them.
const NAMES: &[(&str, &str)] = &[
    ("enabled", "PointInTimeRecoveryEnabled"),
    ("kms_key_arn", "KMSMasterKeyId"),
    ("mfa_delete", "MFADelete"),
    ("sse_algorithm", "SSEAlgorithm"),
];

/// Reads a file.
pub(super) fn read(model: &Model, tokens: &Tokens<'_>) -> Found {
    let mut found = Found::default();
    for at in 0..tokens.len() {
        if let (Some(kind @ ("resource" | "data")), Some(of), Some(_)) =
            (tokens.word(at), tokens.text(at + 1), tokens.text(at + 2))
            && tokens.is(at + 3, b'{')
        {
            resource(model, kind, of, &body(tokens, at + 3, DEPTH), tokens.line(at), &mut found);
        } else if tokens.word(at) == Some("backend") && tokens.text(at + 1) == Some("s3") && tokens.is(at + 2, b'{') {
            backend(model, &body(tokens, at + 2, DEPTH), tokens.line(at), &mut found);
        }
    }
    found
}

fn resource(model: &Model, kind: &str, of: &str, given: &Given, line: u32, found: &mut Found) {
    let name = if kind == "data" { format!("data.{of}") } else { of.to_owned() };
    let Some((_, calls)) = RESOURCES.iter().find(|(known, _)| *known == name) else {
        // Data sources that ask nobody, and identity, which is here.
        let silent = kind == "data"
            && matches!(of, "aws_caller_identity" | "aws_region" | "aws_partition" | "aws_iam_policy_document");
        if let Some(service) = of.strip_prefix("aws_").filter(|_| !silent) {
            found.other(&format!("{} (Terraform)", service.split('_').next().unwrap_or(service)), line);
        }
        return;
    };
    let mut uses: Vec<(&'static str, Given)> = Vec::new();
    for call in *calls {
        let Some((argument, called)) = call.split_once('=') else {
            uses.extend(model.operation(call).map(|operation| (operation.name, Given::default())));
            continue;
        };
        let values: Vec<_> =
            given.members.iter().filter(|(name, _)| name == argument).map(|(_, value)| value).collect();
        // Turned off is not there.
        if values.iter().all(|value| matches!(value, Value::Word(word) if matches!(word.as_str(), "false" | "null"))) {
            continue;
        }
        let (name, member) = called.split_once('.').map_or((called, None), |(name, member)| (name, Some(member)));
        let Some(operation) = model.operation(name) else { continue };
        let known = uses.iter().position(|(name, _)| *name == operation.name);
        let index = known.unwrap_or_else(|| {
            uses.push((operation.name, Given::default()));
            uses.len() - 1
        });
        if let Some(member) = member {
            uses[index].1.members.extend(values.into_iter().map(|value| (member.to_owned(), value.clone())));
        }
    }
    for (operation, given) in uses {
        found.add(operation, given, line);
    }
}

/// Where Terraform's state is: the backend reads, writes and locks it.
fn backend(model: &Model, given: &Given, line: u32, found: &mut Found) {
    let has = |name: &str| given.members.iter().any(|(member, _)| member == name);
    let mut operations = vec!["ListObjectsV2", "GetObject", "HeadObject", "PutObject", "DeleteObject"];
    if has("dynamodb_table") {
        operations.extend(["GetItem", "PutItem", "DeleteItem"]);
    }
    let known = operations.into_iter().filter_map(|name| model.operation(name));
    for operation in known {
        found.add(operation.name, Given::default(), line);
    }
}

/// The arguments and blocks between the brackets at `open`.
fn body(tokens: &Tokens<'_>, open: usize, depth: usize) -> Given {
    let mut given = Given::default();
    let (Some(close), Some(depth)) = (tokens.partner(open), depth.checked_sub(1)) else { return Given::hidden() };
    let mut at = open + 1;
    while at < close {
        let Some(word) = tokens.word(at) else {
            at = tokens.after(at);
            continue;
        };
        if tokens.is(at + 1, b'=') && !tokens.is(at + 2, b'=') {
            let end = expression(tokens, at + 2, close);
            given.members.push((named(word), value(tokens, at + 2, end, depth)));
            at = end;
            continue;
        }
        // `rule {`, `dynamic "rule" {` with `content {`
        let labels = (at + 1..close).take_while(|at| tokens.text(*at).is_some()).count();
        let block = at + 1 + labels;
        if tokens.is(block, b'{') {
            let name = if word == "dynamic" { tokens.text(at + 1).unwrap_or(word) } else { word };
            given.members.push((named(name), Value::Members(body(tokens, block, depth))));
            at = tokens.after(block);
        } else {
            at += 1;
        }
    }
    given
}

fn named(word: &str) -> String {
    NAMES.iter().find(|(theirs, _)| *theirs == word).map_or(word, |(_, aws)| aws).to_owned()
}

/// Where an expression ends: at the end of the line on which its last bracket is closed.
fn expression(tokens: &Tokens<'_>, start: usize, close: usize) -> usize {
    let mut at = start;
    while at < close {
        let next = tokens.after(at);
        if next >= close || tokens.line(next) != tokens.line(next - 1) {
            return next.min(close);
        }
        at = next;
    }
    close
}

fn value(tokens: &Tokens<'_>, start: usize, end: usize, depth: usize) -> Value {
    if end == start + 1 {
        if let Some(text) = tokens.text(start) {
            return Value::Text(text.to_owned());
        }
        if let Some(word) = tokens.word(start) {
            return Value::Word(word.to_owned());
        }
    }
    match tokens.partner(start) {
        Some(last) if last + 1 == end && tokens.is(start, b'{') => Value::Members(body(tokens, start, depth)),
        Some(last) if last + 1 == end && tokens.is(start, b'[') => {
            let Some(depth) = depth.checked_sub(1) else { return Value::Unknown };
            Value::List(tokens.parts(start).into_iter().map(|(from, to)| value(tokens, from, to, depth)).collect())
        }
        _ => Value::Unknown,
    }
}
