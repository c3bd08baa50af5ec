//! ListBuckets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use s3s::S3Response;
use s3s::dto::{ListBucketsInput, ListBucketsOutput};

use super::Result;
use crate::emulator::body;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Bucket;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::gate::element;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::{date, error};

/// The most buckets of one page, and the number of them where none is asked for.
const PAGE: u32 = 10_000;

/// Lists the caller's buckets by name.
pub(in crate::emulator::s3) fn run(core: &Core, context: &Context, _: ListBucketsInput) -> Result<ListBucketsOutput> {
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
    let mut listed = String::new();
    let (mut count, mut last, mut more) = (0, String::new(), false);
    for row in Bucket::all(&read, prefix.unwrap_or_default(), after.as_deref())? {
        let (name, bucket) = row?;
        if bucket.account != caller.account || region.is_some_and(|region| region != bucket.region) {
            continue;
        }
        if count == limit {
            more = true;
            break;
        }
        show(&mut listed, &name, &bucket);
        count += 1;
        last = name;
    }
    // s3s knows no BucketArn, which AWS sends (recorded 2026-02).
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListAllMyBucketsResult xmlns=\"");
    xml.push_str("http://s3.amazonaws.com/doc/2006-03-01/\"><Owner>");
    element(&mut xml, "ID", &caller.canonical_id);
    xml.push_str("</Owner><Buckets>");
    xml.push_str(&listed);
    xml.push_str("</Buckets>");
    if more {
        element(&mut xml, "ContinuationToken", &URL_SAFE_NO_PAD.encode(last));
    }
    if let Some(prefix) = prefix {
        element(&mut xml, "Prefix", prefix);
    }
    xml.push_str("</ListAllMyBucketsResult>");
    context.answer_with(body::full(xml));
    Ok(S3Response::new(ListBucketsOutput::default()))
}

fn show(xml: &mut String, name: &str, bucket: &Bucket) {
    xml.push_str("<Bucket>");
    element(xml, "Name", name);
    element(xml, "CreationDate", &date::iso(bucket.created));
    element(xml, "BucketArn", &format!("arn:aws:s3:::{name}"));
    element(xml, "BucketRegion", &bucket.region);
    xml.push_str("</Bucket>");
}

fn name_of(token: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()
}
