//! ListBuckets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use s3s::S3Response;
use s3s::dto::{Bucket as Listed, ListBucketsInput, ListBucketsOutput, Owner};

use super::Result;
use crate::emulator::error::AwsError;
use crate::emulator::s3::catalogue::Bucket;
use crate::emulator::s3::context::Context;
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
    let mut buckets: Vec<Listed> = Vec::new();
    let mut continuation_token = None;
    for row in Bucket::all(&read, prefix.unwrap_or_default(), after.as_deref())? {
        let (name, bucket) = row?;
        if bucket.account != caller.account || region.is_some_and(|region| region != bucket.region) {
            continue;
        }
        if buckets.len() == limit as usize {
            let last = buckets.last().and_then(|bucket| bucket.name.as_deref()).unwrap_or_default();
            continuation_token = Some(URL_SAFE_NO_PAD.encode(last));
            break;
        }
        buckets.push(Listed {
            bucket_region: Some(bucket.region),
            creation_date: Some(date::stamp(date::whole_seconds(bucket.created))),
            name: Some(name),
        });
    }
    Ok(S3Response::new(ListBucketsOutput {
        buckets: Some(buckets),
        continuation_token,
        owner: Some(Owner { display_name: None, id: Some(caller.canonical_id.clone()) }),
        prefix: prefix.map(str::to_owned),
    }))
}

fn name_of(token: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()
}
