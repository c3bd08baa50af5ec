//! ListObjectsV2.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use s3s::S3Response;
use s3s::dto::{ListObjectsV2Input, ListObjectsV2Output};

use super::Result;
use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::listing::{self, Ask, Common, list_current};
use crate::emulator::s3::service::Core;
use crate::emulator::s3::{error, object_headers};

/// Lists objects, resuming by a token or after a key.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: ListObjectsV2Input,
) -> Result<ListObjectsV2Output> {
    if let Some(other) = context.query("list-type").filter(|version| *version != "2") {
        return Err(error::invalid_argument("Invalid List Type specified in Request", "list-type", other));
    }
    listing::check_optional_attributes(context)?;
    let common = Common::read(context)?;
    let max_keys = listing::max_keys(context)?;
    let token = context.query("continuation-token");
    let start_after = context.query("start-after").filter(|key| !key.is_empty());
    let after = match token {
        Some(token) => Some(resume_at(token)?),
        None => start_after.map(str::to_owned),
    };
    let owner = context.query("fetch-owner").is_some_and(|fetch| fetch.eq_ignore_ascii_case("true"));
    let read = core.read()?;
    let bucket = context.open_bucket(&read)?;
    let ask =
        Ask { prefix: common.prefix.clone(), delimiter: common.delimiter.clone(), after, limit: max_keys as usize };
    let page = list_current(read, bucket.id, ask).await?;
    let next = page.last.as_deref().filter(|_| page.truncated);
    let mut headers = http::HeaderMap::new();
    object_headers::set(&mut headers, "x-amz-bucket-region", &bucket.region);
    Ok(S3Response::with_headers(
        ListObjectsV2Output {
            common_prefixes: common.show_prefixes(&page.prefixes),
            contents: common.show_objects(&page.items, owner),
            continuation_token: token.map(str::to_owned),
            delimiter: common.delimiter.as_deref().map(|delimiter| common.show(delimiter)),
            encoding_type: common.encoding(),
            is_truncated: Some(page.truncated),
            key_count: i32::try_from(page.items.len() + page.prefixes.len()).ok(),
            max_keys: i32::try_from(max_keys).ok(),
            name: Some(context.bucket().to_owned()),
            next_continuation_token: next.map(|last| URL_SAFE_NO_PAD.encode(last)),
            prefix: Some(common.show(&common.prefix)),
            request_charged: None,
            // Recorded: a token wins, and what it replaces is not shown.
            start_after: start_after.filter(|_| token.is_none()).map(|key| common.show(key)),
        },
        headers,
    ))
}

/// The key or common prefix that a token resumes after.
fn resume_at(token: &str) -> std::result::Result<String, AwsError> {
    let decoded = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.filter(|last| !last.is_empty()).ok_or_else(|| {
        AwsError::new(400, "InvalidArgument", "The continuation token provided is incorrect")
            .with("ArgumentName", "continuation-token")
    })
}
