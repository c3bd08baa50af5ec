//! ListObjects, the first version.

use s3s::S3Response;
use s3s::dto::{ListObjectsInput, ListObjectsOutput};

use super::Result;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::listing::{self, Ask, Common, list_current};
use crate::emulator::s3::service::Core;

/// Lists objects, resuming after a marker.
pub(in crate::emulator::s3) async fn run(
    core: &Core,
    context: &Context,
    _: ListObjectsInput,
) -> Result<ListObjectsOutput> {
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
    Ok(S3Response::with_headers(
        ListObjectsOutput {
            common_prefixes: common.show_prefixes(&page.prefixes),
            contents: common.show_objects(&page.items, true),
            delimiter: common.delimiter.as_deref().map(|delimiter| common.show(delimiter)),
            encoding_type: common.encoding(),
            is_truncated: Some(page.truncated),
            marker: Some(common.show(marker)),
            max_keys: i32::try_from(max_keys).ok(),
            name: Some(context.bucket().to_owned()),
            next_marker: next.map(|next| common.show(next)),
            prefix: Some(common.show(&common.prefix)),
            request_charged: None,
        },
        headers,
    ))
}
