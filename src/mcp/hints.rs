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
        "ExpiredToken" | "ExpiredTokenException" => {
            "the credentials have expired: a person must renew them (aws sso login), then call again."
        }
        "AccessDenied" | "AccessDeniedException" => {
            "the credentials lack this permission: bridge_status shows whose they are."
        }
        "InvalidAccessKeyId" | "UnrecognizedClientException" | "SignatureDoesNotMatch" | "InvalidSignatureException" => {
            "AWS does not accept the credentials: `footbridge doctor` shows where they come from."
        }
        "PermanentRedirect" | "AuthorizationHeaderMalformed" => "the bucket is in another region: restart with --region.",
        _ => return None,
    })
}

/// A hint for a failure to get any answer.
pub(crate) fn for_transport(message: &str) -> Option<&'static str> {
    let lower = message.to_ascii_lowercase();
    if lower.contains("sso") && (lower.contains("expired") || lower.contains("token")) {
        Some("the SSO session has expired: a person must run `aws sso login`; the next call picks it up.")
    } else if lower.contains("credentials") {
        Some("no credentials were found: `footbridge doctor` shows where they are looked for.")
    } else {
        None
    }
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
