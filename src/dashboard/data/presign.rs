//! URLs that anybody can use for a while.

use footbridge_tui::ask::{Answer, ObjectName, Trouble};
use serde_json::json;

use super::asked::Asked;
use crate::mcp::s3::presign_url::{self, Method, Object};
use crate::mcp::{Access, ToolError};

pub(super) async fn url(asked: &Asked<'_>, object: &ObjectName, put: bool, seconds: u64) -> Result<Answer, Trouble> {
    let ObjectName { bucket, key, version } = object;
    let (method, word) = if put { (Method::Put, "put") } else { (Method::Get, "get") };
    let access = format!("s3://{bucket}/{key}");
    // Whoever holds the URL of a put can write.
    let access = if put { Access::write(access) } else { Access::read(access) };
    let sign = Box::pin(async {
        let during = presign_url::lasting(seconds)?;
        let s3 = asked.settled(bucket).await;
        let s3 = presign_url::client(asked.reach.bridge.context(), &s3).await.map_err(no_endpoint)?;
        let version = version.clone().filter(|_| !put);
        let object = Object { bucket, key, version, content_type: None };
        let signed = presign_url::sign(&s3, object, method, during).await?;
        Ok((json!({ "method": word }), signed.uri().to_owned()))
    });
    let mut arguments = json!({ "bucket": bucket, "key": key, "method": word, "expires_in": seconds });
    if let Some(version) = version.as_ref().filter(|_| !put) {
        arguments["version_id"] = json!(version);
    }
    Ok(Answer::Text(asked.perform("s3_presign_url", arguments, access, sign).await?))
}

/// The hint is for somebody who can run a command.
fn no_endpoint(error: ToolError) -> ToolError {
    if error.code == "no_endpoint" { error.hint("`footbridge serve` in another shell offers one") } else { error }
}
