//! ListObjectsV2.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::listing::{self, Ask, Common, list_current};
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;
use crate::emulator::s3::{error, object_headers};

/// Lists objects, resuming by a token or after a key.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    if let Some(other) = context.query("list-type").filter(|version| *version != "2") {
        return Err(error::invalid_argument("Invalid List Type specified in Request", "list-type", other));
    }
    listing::check_optional_attributes(context)?;
    let common = Common::read(context)?;
    let max_keys = listing::max_keys(context)?;
    let token = context.query("continuation-token");
    let start_after = context.query("start-after");
    let after = match token {
        Some(token) => Some(resume_at(token)?),
        None => start_after.filter(|key| !key.is_empty()).map(str::to_owned),
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
    let mut document = Document::new("ListBucketResult");
    document.text("Name", context.bucket());
    document.text("Prefix", &common.show(&common.prefix));
    document.maybe("ContinuationToken", token);
    document.maybe("NextContinuationToken", next.map(|last| URL_SAFE_NO_PAD.encode(last)).as_deref());
    // Recorded: a token wins, and what it replaces is not shown.
    document.maybe("StartAfter", start_after.filter(|_| token.is_none()).map(|key| common.show(key)).as_deref());
    document.value("KeyCount", page.items.len() + page.prefixes.len());
    document.value("MaxKeys", max_keys);
    document.maybe("Delimiter", common.shown_delimiter().as_deref());
    document.maybe("EncodingType", common.encoding());
    document.value("IsTruncated", page.truncated);
    common.list_objects(&mut document, &page.items, owner);
    common.list_prefixes(&mut document, &page.prefixes);
    Ok(Reply::document_with(document, headers))
}

/// The key or common prefix that a token resumes after.
fn resume_at(token: &str) -> Result<String, AwsError> {
    let decoded = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.filter(|last| !last.is_empty()).ok_or_else(|| {
        AwsError::new(400, "InvalidArgument", "The continuation token provided is incorrect")
            .with("ArgumentName", "continuation-token")
    })
}
