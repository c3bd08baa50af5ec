//! What to do about an error: one sentence where we have one.

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
