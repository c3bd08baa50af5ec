//! ListBuckets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Bucket;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;
use crate::emulator::s3::{date, error};

/// The most buckets of one page, and the number of them where none is asked for.
const PAGE: u32 = 10_000;

/// Lists the caller's buckets by name.
pub(super) fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let caller = context.caller();
    if caller.is_anonymous() {
        return Err(error::access_denied());
    }
    let limit = context.number("max-buckets", PAGE)?;
    if !(1..=PAGE).contains(&limit) {
        let message = format!("Argument max-buckets must be an integer between 1 and {PAGE}");
        return Err(error::invalid_argument(&message, "max-buckets", limit.to_string()));
    }
    let region = context.query("bucket-region").filter(|region| !region.is_empty());
    if let Some(region) = region.filter(|region| !super::create_bucket::is_region(region)) {
        let message = format!("Argument value {region} is not a valid AWS Region");
        return Err(AwsError::new(400, "InvalidArgument", message).with("ArgumentName", "bucket-region"));
    }
    let prefix = context.query("prefix");
    let after = match context.query("continuation-token").filter(|token| !token.is_empty()) {
        None => None,
        Some(token) => Some(name_of(token).ok_or_else(|| {
            AwsError::new(400, "InvalidArgument", "The continuation token provided is incorrect")
                .with("ArgumentName", "continuation-token")
        })?),
    };
    let read = core.read()?;
    let mut listed = Vec::new();
    let mut more = false;
    for row in Bucket::all(&read, prefix.unwrap_or_default(), after.as_deref())? {
        let (name, bucket) = row?;
        if bucket.account != caller.account || region.is_some_and(|region| region != bucket.region) {
            continue;
        }
        if listed.len() == limit as usize {
            more = true;
            break;
        }
        listed.push((name, bucket));
    }
    let mut document = Document::new("ListAllMyBucketsResult");
    document.inside("Owner", |owner| owner.text("ID", &caller.canonical_id));
    document.inside("Buckets", |shown| {
        for (name, bucket) in &listed {
            shown.inside("Bucket", |shown| show(shown, name, bucket));
        }
    });
    if let Some((last, _)) = listed.last().filter(|_| more) {
        document.text("ContinuationToken", &URL_SAFE_NO_PAD.encode(last));
    }
    document.maybe("Prefix", prefix);
    Ok(Reply::document(document))
}

fn show(shown: &mut Document, name: &str, bucket: &Bucket) {
    shown.text("Name", name);
    shown.text("CreationDate", &date::iso(bucket.created));
    shown.text("BucketArn", &format!("arn:aws:s3:::{name}"));
    shown.text("BucketRegion", &bucket.region);
}

fn name_of(token: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()
}
