//! ListObjects, the first version.

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::listing::{self, Ask, Common, list_current};
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::Document;

/// Lists objects, resuming after a marker.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    listing::check_optional_attributes(context)?;
    let common = Common::read(context)?;
    let max_keys = listing::max_keys(context)?;
    let marker = context.query("marker").unwrap_or_default();
    let read = core.read()?;
    let bucket = context.open_bucket(&read)?;
    let ask = Ask {
        prefix: common.prefix.clone(),
        delimiter: common.delimiter.clone(),
        after: Some(marker.to_owned()).filter(|marker| !marker.is_empty()),
        limit: max_keys as usize,
    };
    let page = list_current(read, bucket.id, ask).await?;
    // Recorded: NextMarker comes only with a delimiter; without one, the last key is the marker.
    let next = page.last.as_deref().filter(|_| page.truncated && common.delimiter.is_some());
    let mut headers = http::HeaderMap::new();
    crate::emulator::s3::object_headers::set(&mut headers, "x-amz-bucket-region", &bucket.region);
    let mut document = Document::new("ListBucketResult");
    document.text("Name", context.bucket());
    document.text("Prefix", &common.show(&common.prefix));
    document.text("Marker", &common.show(marker));
    document.maybe("NextMarker", next.map(|next| common.show(next)).as_deref());
    document.value("MaxKeys", max_keys);
    document.maybe("Delimiter", common.shown_delimiter().as_deref());
    document.maybe("EncodingType", common.encoding());
    document.value("IsTruncated", page.truncated);
    common.list_objects(&mut document, &page.items, true);
    common.list_prefixes(&mut document, &page.prefixes);
    Ok(Reply::document_with(document, headers))
}
