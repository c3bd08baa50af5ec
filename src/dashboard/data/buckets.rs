//! Buckets: ListBuckets.

use footbridge_tui::ask::{Answer, Bucket, Page, Trouble};
use serde_json::json;

use super::asked::{Asked, millis};

/// The buckets of a page. With a number S3 says the regions too.
const PAGE: i32 = 1000;

pub(super) async fn page(asked: &Asked<'_>, after: Option<&str>) -> Result<Answer, Trouble> {
    let list = Box::pin(async {
        let s3 = &asked.reach.bridge.context().s3;
        let request = s3.list_buckets().max_buckets(PAGE);
        let answer = request.set_continuation_token(after.map(str::to_owned)).send().await?;
        let rows: Vec<_> = answer
            .buckets()
            .iter()
            .map(|bucket| Bucket {
                name: bucket.name().unwrap_or_default().to_owned(),
                created: millis(bucket.creation_date()),
                region: bucket.bucket_region().map(str::to_owned),
            })
            .collect();
        for bucket in &rows {
            if let Some(region) = &bucket.region {
                asked.reach.lies_in(&bucket.name, region);
            }
        }
        let next = answer.continuation_token.filter(|token| !token.is_empty());
        Ok((json!({ "buckets": rows.len() }), Page { rows, next }))
    });
    let page = asked.read("s3_list_buckets", json!({ "limit": PAGE }), None, list).await?;
    Ok(Answer::Buckets(page))
}
