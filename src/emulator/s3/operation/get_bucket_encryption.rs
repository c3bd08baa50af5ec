//! GetBucketEncryption.

use s3s::S3Response;
use s3s::dto::{
    GetBucketEncryptionInput, GetBucketEncryptionOutput, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};

use super::Result;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::service::Core;

/// Gives the default encryption, which every bucket has: S3's own keys.
pub(in crate::emulator::s3) fn run(
    core: &Core,
    context: &Context,
    _: GetBucketEncryptionInput,
) -> Result<GetBucketEncryptionOutput> {
    let bucket = context.open_bucket(&core.read()?)?;
    let default = ServerSideEncryptionByDefault {
        kms_master_key_id: None,
        sse_algorithm: ServerSideEncryption::from_static(ServerSideEncryption::AES256),
    };
    let rule = ServerSideEncryptionRule {
        apply_server_side_encryption_by_default: Some(default),
        bucket_key_enabled: Some(bucket.encryption_bucket_key),
    };
    let configuration = ServerSideEncryptionConfiguration { rules: vec![rule] };
    Ok(S3Response::new(GetBucketEncryptionOutput { server_side_encryption_configuration: Some(configuration) }))
}
