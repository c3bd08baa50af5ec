//! PutBucketCors.

use s3s::S3Response;
use s3s::dto::{CORSRule, PutBucketCorsInput, PutBucketCorsOutput};

use super::Result;
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::cors::Rule;
use crate::emulator::s3::error::{invalid_request, malformed_xml};
use crate::emulator::s3::service::Core;

const METHODS: [&str; 5] = ["GET", "PUT", "HEAD", "POST", "DELETE"];
const MOST_RULES: usize = 100;
const LONGEST_ID: usize = 255;

/// Sets the rules by which pages of other origins may use the bucket.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    input: PutBucketCorsInput,
) -> Result<PutBucketCorsOutput> {
    let rules = input.cors_configuration.cors_rules;
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        if rules.is_empty() {
            return Err(malformed_xml());
        }
        if rules.len() > MOST_RULES {
            let message = format!("The number of CORS rules should not exceed allowed limit of {MOST_RULES} rules.");
            return Err(invalid_request(message));
        }
        bucket.cors = rules.into_iter().map(read).collect::<std::result::Result<_, _>>()?;
        Ok(bucket.put(change, context.bucket())?)
    })
    .await?;
    Ok(S3Response::new(PutBucketCorsOutput {}))
}

fn read(given: CORSRule) -> std::result::Result<Rule, AwsError> {
    let rule = Rule {
        id: given.id,
        origins: given.allowed_origins,
        methods: given.allowed_methods,
        headers: given.allowed_headers.unwrap_or_default(),
        expose: given.expose_headers.unwrap_or_default(),
        max_age: given.max_age_seconds,
    };
    if let Some(unknown) = rule.methods.iter().find(|method| !METHODS.contains(&method.as_str())) {
        let message = format!("Found unsupported HTTP method in CORS config. Unsupported method is {unknown}");
        return Err(invalid_request(message));
    }
    for (element, values) in [("AllowedOrigin", &rule.origins), ("AllowedHeader", &rule.headers)] {
        if let Some(value) = values.iter().find(|value| value.matches('*').count() > 1) {
            return Err(invalid_request(format!("{element} \"{value}\" can not have more than one wildcard.")));
        }
    }
    if let Some(value) = rule.expose.iter().find(|value| value.contains('*')) {
        return Err(invalid_request(format!(
            "ExposeHeader \"{value}\" contains wildcard. We currently do not support wildcard for ExposeHeader."
        )));
    }
    if rule.id.as_ref().is_some_and(|id| id.len() > LONGEST_ID) {
        return Err(invalid_request(format!("ID length should not exceed allowed limit of {LONGEST_ID}.")));
    }
    Ok(rule)
}
