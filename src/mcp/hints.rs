//! What to do about an error: one sentence where we have one.

use aws_sdk_dynamodb::config::Region;

use super::context::Context;
use super::error::ToolError;
use super::tool::Access;

/// The regions that a missing table is looked for in; on the local backend that costs microseconds.
const REGIONS: [&str; 17] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "ap-northeast-2",
];

/// Says where a table is that was asked for in the wrong region. Only the local backend is searched.
pub(super) async fn elsewhere(context: &Context, access: &Access, error: ToolError) -> ToolError {
    if error.code != "ResourceNotFoundException" || !context.is_local() {
        return error;
    }
    for table in access.resources.iter().filter_map(|resource| resource.strip_prefix("dynamodb://")) {
        for region in REGIONS.into_iter().filter(|region| *region != context.target.region) {
            let there = aws_sdk_dynamodb::config::Builder::new().region(Region::new(region));
            let request = context.dynamodb.describe_table().table_name(table).customize().config_override(there);
            if request.send().await.is_ok() {
                return error.hint(format!("{table} exists in {region}: a person can restart with --region {region}."));
            }
        }
    }
    error
}

/// A hint for an AWS error code.
pub(crate) fn for_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "NoSuchBucket" => "s3_list_buckets shows the buckets there are; s3_create_bucket makes one.",
        "NoSuchKey" | "NotFound" => "s3_list_objects with a prefix shows the keys there are.",
        "BucketNotEmpty" => "force: true deletes the objects first.",
        "BucketAlreadyExists" => "bucket names are shared by all accounts: choose another.",
        "ResourceNotFoundException" => "dynamodb_list_tables shows the tables of this region.",
        "ResourceInUseException" => "the table exists already or is being changed: dynamodb_describe_table shows it.",
        "ConditionalCheckFailedException" => "the condition was false: read the item and decide again.",
        "TransactionCanceledException" => "nothing was written: each operation at fault is named with its reason.",
        "ExpiredToken" | "ExpiredTokenException" => {
            "the credentials have expired: a person must renew them (aws sso login), then call again."
        }
        "AccessDenied" | "AccessDeniedException" => {
            "the credentials lack this permission: bridge_status shows whose they are."
        }
        "InvalidAccessKeyId"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException" => {
            "AWS does not accept the credentials: `footbridge doctor` shows where they come from."
        }
        "PermanentRedirect" | "AuthorizationHeaderMalformed" => {
            "the bucket is in another region: restart with --region."
        }
        _ => return None,
    })
}

/// Whether the same call may succeed later.
pub(crate) fn is_retryable(code: &str, status: Option<u16>) -> bool {
    const CODES: [&str; 12] = [
        "ThrottlingException",
        "Throttling",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "LimitExceededException",
        "TransactionInProgressException",
        "TransactionConflictException",
        "SlowDown",
        "RequestTimeout",
        "OperationAborted",
        "InternalServerError",
        "ServiceUnavailable",
    ];
    CODES.contains(&code) || status.is_some_and(|status| status >= 500 && status != 501)
}
