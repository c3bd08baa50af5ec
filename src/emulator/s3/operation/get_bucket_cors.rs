//! GetBucketCors.

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::cors::Rule;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;

/// Gives the bucket's rules as they were given.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let bucket = context.open_bucket(&core.read()?)?;
    if bucket.cors.is_empty() {
        return Err(AwsError::new(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist")
            .with("BucketName", context.bucket()));
    }
    let mut document = Document::new("CORSConfiguration");
    for rule in &bucket.cors {
        document.inside("CORSRule", |shown| show(shown, rule));
    }
    Ok(Reply::document(document))
}

fn show(shown: &mut Document, rule: &Rule) {
    shown.maybe("ID", rule.id.as_deref());
    for (name, values) in [
        ("AllowedMethod", &rule.methods),
        ("AllowedOrigin", &rule.origins),
        ("AllowedHeader", &rule.headers),
        ("ExposeHeader", &rule.expose),
    ] {
        for value in values {
            shown.text(name, value);
        }
    }
    if let Some(seconds) = rule.max_age {
        shown.value("MaxAgeSeconds", seconds);
    }
}
