//! Some of an object's bytes: GetObject of a range.

use aws_sdk_s3::primitives::ByteStream;
use footbridge_tui::ask::{Answer, ObjectName, Trouble};
use serde_json::json;

use super::asked::{Asked, count};
use crate::mcp::ToolError;

/// The most bytes of an answer: they are held in memory.
const MOST: u64 = 8 << 20;

pub(super) async fn some(asked: &Asked<'_>, object: &ObjectName, from: u64, length: u64) -> Result<Answer, Trouble> {
    let ObjectName { bucket, key, version } = object;
    let length = length.min(MOST);
    let read = Box::pin(async {
        // No range without a byte can be asked for.
        let Some(last) = length.checked_sub(1).and_then(|more| from.checked_add(more)) else {
            return Ok((json!({ "bytes": 0 }), (Vec::new(), size(asked, object).await?)));
        };
        let get = async |s3: aws_sdk_s3::Client| {
            let request = s3.get_object().bucket(bucket).key(key).set_version_id(version.clone());
            request.range(format!("bytes={from}-{last}")).send().await
        };
        let answer = match asked.about(bucket, get).await {
            Ok(answer) => answer,
            // No range of an empty object can be satisfied, not even all of it.
            Err(error) if error.code == "InvalidRange" => {
                return Ok((json!({ "bytes": 0 }), (Vec::new(), size(asked, object).await?)));
            }
            Err(error) => return Err(error),
        };
        let range = answer.content_range().and_then(|range| range.rsplit_once('/')?.1.parse().ok());
        let total = range.unwrap_or_else(|| count(answer.content_length()));
        let bytes = collect(answer.body, length).await?;
        Ok((json!({ "bytes": bytes.len() }), (bytes, total)))
    });
    let mut arguments = json!({ "bucket": bucket, "key": key });
    arguments["range"] = json!(format!("bytes={from}-{}", from.saturating_add(length).saturating_sub(1)));
    if let Some(version) = version {
        arguments["version_id"] = json!(version);
    }
    let (bytes, total) = asked.read("s3_get_object", arguments, Some(format!("s3://{bucket}/{key}")), read).await?;
    Ok(Answer::Bytes { from, total, bytes })
}

async fn size(asked: &Asked<'_>, object: &ObjectName) -> Result<u64, ToolError> {
    let ObjectName { bucket, key, version } = object;
    let head = async |s3: aws_sdk_s3::Client| {
        s3.head_object().bucket(bucket).key(key).set_version_id(version.clone()).send().await
    };
    Ok(count(asked.about(bucket, head).await?.content_length()))
}

/// A body of at most so many bytes; one that does not care for the range is read no further.
async fn collect(mut body: ByteStream, most: u64) -> Result<Vec<u8>, ToolError> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    while bytes.len() < most {
        let chunk = body.try_next().await.map_err(|error| broke_off(&error))?;
        let Some(chunk) = chunk else { break };
        bytes.extend_from_slice(&chunk[..chunk.len().min(most - bytes.len())]);
    }
    Ok(bytes)
}

/// The object's bytes ended before they should.
pub(super) fn broke_off(error: &dyn std::error::Error) -> ToolError {
    let mut broken = ToolError::new("no_answer", format!("the object's body broke off: {error}"));
    broken.retryable = true;
    broken
}
