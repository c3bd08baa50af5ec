//! PutBucketEncryption.

use s3s::S3Response;
use s3s::dto::{PutBucketEncryptionInput, PutBucketEncryptionOutput, ServerSideEncryptionRule};

use super::Result;
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::error::malformed_xml;
use crate::emulator::s3::service::Core;

/// Sets the default encryption: S3's own keys. KMS is not built, and says so.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    input: PutBucketEncryptionInput,
) -> Result<PutBucketEncryptionOutput> {
    let rules = input.server_side_encryption_configuration.rules;
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        let [rule] = <[ServerSideEncryptionRule; 1]>::try_from(rules).map_err(|_| malformed_xml())?;
        check(&rule)?;
        bucket.encryption_bucket_key = rule.bucket_key_enabled.unwrap_or_default();
        Ok(bucket.put(change, context.bucket())?)
    })
    .await?;
    Ok(S3Response::new(PutBucketEncryptionOutput {}))
}

fn check(rule: &ServerSideEncryptionRule) -> std::result::Result<(), AwsError> {
    let Some(default) = &rule.apply_server_side_encryption_by_default else { return Err(malformed_xml()) };
    match default.sse_algorithm.as_str() {
        "AES256" if default.kms_master_key_id.is_some() => {
            let message = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or \
                           aws:kms:dsse";
            Err(AwsError::new(400, "InvalidArgument", message)
                .with("ArgumentName", "ApplyServerSideEncryptionByDefault"))
        }
        "AES256" => Ok(()),
        "aws:kms" | "aws:kms:dsse" => {
            Err(AwsError::not_implemented("default encryption with KMS keys: SSEAlgorithm must be AES256"))
        }
        _ => Err(malformed_xml()),
    }
}
