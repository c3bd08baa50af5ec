//! A bucket and its settings.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::types::{BucketVersioningStatus, CorsRule, ServerSideEncryption, ServerSideEncryptionRule};

use super::hcl::{Body, Value, Writer};
use super::reason;

/// Writes the bucket of this name, with versioning, CORS, default encryption and tags where they are set.
pub(super) async fn write(writer: &mut Writer, client: &Client, name: &str, label: &str) -> Result<(), String> {
    client.head_bucket().bucket(name).send().await.map_err(|error| match &error {
        SdkError::ServiceError(told) if told.raw().status().as_u16() == 404 => {
            "it does not exist (any more)".to_owned()
        }
        _ => reason(&error),
    })?;
    let tags = set(client.get_bucket_tagging().bucket(name).send().await, "NoSuchTagSet")?;
    let versioning = client.get_bucket_versioning().bucket(name).send().await.map_err(|error| reason(&error))?;
    let cors = set(client.get_bucket_cors().bucket(name).send().await, "NoSuchCORSConfiguration")?;
    let encryption = set(
        client.get_bucket_encryption().bucket(name).send().await,
        "ServerSideEncryptionConfigurationNotFoundError",
    )?;

    let mut body = Body::default();
    body.set("bucket", Value::text(name));
    if let Some(tags) = tags.filter(|tags| !tags.tag_set.is_empty()) {
        let pairs = tags.tag_set.into_iter().map(|tag| (tag.key, Value::Text(tag.value)));
        body.set("tags", Value::Map(pairs.collect()));
    }
    writer.resource("aws_s3_bucket", label, &body);

    let of_bucket = || {
        let mut body = Body::default();
        body.set("bucket", Value::Reference(format!("aws_s3_bucket.{label}.id")));
        body
    };
    if let Some(status @ (BucketVersioningStatus::Enabled | BucketVersioningStatus::Suspended)) = versioning.status() {
        let (mut body, mut configuration) = (of_bucket(), Body::default());
        configuration.set("status", Value::text(status.as_str()));
        body.block("versioning_configuration", configuration);
        writer.resource("aws_s3_bucket_versioning", label, &body);
    }
    if let Some(cors) = cors.filter(|cors| !cors.cors_rules().is_empty()) {
        let mut body = of_bucket();
        for rule in cors.cors_rules() {
            body.block("cors_rule", cors_rule(rule));
        }
        writer.resource("aws_s3_bucket_cors_configuration", label, &body);
    }
    let configuration = encryption.and_then(|found| found.server_side_encryption_configuration);
    let rules: Vec<_> = configuration.map(|found| found.rules).into_iter().flatten().collect();
    let rules: Vec<Body> = rules.iter().filter_map(encryption_rule).collect();
    if !rules.is_empty() {
        let mut body = of_bucket();
        for rule in rules {
            body.block("rule", rule);
        }
        writer.resource("aws_s3_bucket_server_side_encryption_configuration", label, &body);
    }
    Ok(())
}

/// An answer, or `None` where AWS says by `absent` that nothing is set.
fn set<T, E, R>(answer: Result<T, SdkError<E, R>>, absent: &str) -> Result<Option<T>, String>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.code() == Some(absent) => Ok(None),
        Err(error) => Err(reason(&error)),
    }
}

fn cors_rule(rule: &CorsRule) -> Body {
    let texts = |texts: &[String]| (!texts.is_empty()).then(|| Value::texts(texts));
    let mut body = Body::default();
    body.set_some("id", rule.id().map(Value::text));
    body.set_some("allowed_headers", texts(rule.allowed_headers()));
    body.set_some("allowed_methods", texts(rule.allowed_methods()));
    body.set_some("allowed_origins", texts(rule.allowed_origins()));
    body.set_some("expose_headers", texts(rule.expose_headers()));
    body.set_some("max_age_seconds", rule.max_age_seconds().map(|seconds| Value::Number(seconds.into())));
    body
}

/// A rule; `None` for the one that AWS has for every bucket by itself.
fn encryption_rule(rule: &ServerSideEncryptionRule) -> Option<Body> {
    let default = rule.apply_server_side_encryption_by_default()?;
    let keyed = rule.bucket_key_enabled().unwrap_or_default();
    if *default.sse_algorithm() == ServerSideEncryption::Aes256 && !keyed {
        return None;
    }
    let mut by_default = Body::default();
    by_default.set("sse_algorithm", Value::text(default.sse_algorithm().as_str()));
    by_default.set_some("kms_master_key_id", default.kms_master_key_id().map(Value::text));
    let mut body = Body::default();
    body.set_some("bucket_key_enabled", keyed.then_some(Value::Bool(true)));
    body.block("apply_server_side_encryption_by_default", by_default);
    Some(body)
}
