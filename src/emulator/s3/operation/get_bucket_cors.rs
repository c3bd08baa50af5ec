//! GetBucketCors.

use s3s::S3Response;
use s3s::dto::{CORSRule, GetBucketCorsInput, GetBucketCorsOutput};

use super::Result;
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::cors::Rule;
use crate::emulator::s3::service::Core;

/// Gives the bucket's rules as they were given.
pub(in crate::emulator::s3) fn run(
    core: &Core,
    context: &Context,
    _: GetBucketCorsInput,
) -> Result<GetBucketCorsOutput> {
    let bucket = context.open_bucket(&core.read()?)?;
    if bucket.cors.is_empty() {
        return Err(AwsError::new(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist")
            .with("BucketName", context.bucket()));
    }
    let rules = bucket.cors.into_iter().map(shown).collect();
    Ok(S3Response::new(GetBucketCorsOutput { cors_rules: Some(rules) }))
}

fn shown(rule: Rule) -> CORSRule {
    let some = |values: Vec<String>| (!values.is_empty()).then_some(values);
    CORSRule {
        allowed_headers: some(rule.headers),
        allowed_methods: rule.methods,
        allowed_origins: rule.origins,
        expose_headers: some(rule.expose),
        id: rule.id,
        max_age_seconds: rule.max_age,
    }
}
