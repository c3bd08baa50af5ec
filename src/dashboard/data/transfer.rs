//! Objects to files and files to objects, told how far they are.

use footbridge_tui::ask::{Answer, ObjectName, Progress, Trouble};
use serde_json::json;

use super::asked::{Asked, SHORT};
use super::bytes::broke_off;
use super::files::Desk;
use super::trouble;
use crate::mcp::s3::put_object::{self, content_type_of};
use crate::mcp::s3::upload::{self, Companion, Over, Upload};
use crate::mcp::{Access, ToolError};

/// So many bytes are worth a word.
const WORD: u64 = 256 << 10;

/// Writes an object to a new file.
pub(super) async fn download(asked: &Asked<'_>, object: &ObjectName, to: &str) -> Result<Answer, Trouble> {
    // The file comes first: a name that cannot be used costs no download.
    let new = Desk::here().and_then(|desk| desk.create(to)).map_err(trouble::of)?;
    let ObjectName { bucket, key, version } = object;
    let fetch = Box::pin(async {
        let get = async |s3: aws_sdk_s3::Client| {
            s3.get_object().bucket(bucket).key(key).set_version_id(version.clone()).send().await
        };
        let answer = asked.step(Box::pin(asked.about(bucket, get))).await?;
        let total = answer.content_length().and_then(|length| u64::try_from(length).ok());
        let mut body = answer.body;
        let (mut done, mut said) = (0, 0);
        asked.watch.report(Progress { done, total });
        while let Some(chunk) = asked.step(async { body.try_next().await.map_err(|error| broke_off(&error)) }).await? {
            new.write(&chunk)?;
            done += u64::try_from(chunk.len()).unwrap_or_default();
            if done - said >= WORD {
                said = done;
                asked.watch.report(Progress { done, total });
            }
        }
        if total.is_some_and(|total| total != done) {
            return Err(broke_off(&std::io::Error::other(format!("it ended after {done} bytes"))));
        }
        if said != done {
            asked.watch.report(Progress { done, total });
        }
        let path = new.keep()?;
        Ok((json!({ "saved_to": path, "bytes_written": done }), Answer::Saved { path, bytes: done }))
    });
    let mut arguments = json!({ "bucket": bucket, "key": key, "save_to": to });
    if let Some(version) = version {
        arguments["version_id"] = json!(version);
    }
    asked.through("s3_download_object", arguments, Access::read(format!("s3://{bucket}/{key}")), None, fetch).await
}

/// Writes a file to an object: where none is, or in place of the one with the entity tag `over`.
pub(super) async fn upload(
    asked: &Asked<'_>,
    from: &str,
    (bucket, key): (&str, &str),
    over: Option<&str>,
) -> Result<Answer, Trouble> {
    let replaces = over.is_some();
    let send = Box::pin(async {
        let file = Desk::here()?.open(from)?;
        let size = file.size();
        asked.watch.report(Progress { done: 0, total: Some(size) });
        let s3 = asked.step(async { Ok(asked.settled(bucket).await) }).await?;
        let content_type = content_type_of(key).unwrap_or("application/octet-stream");
        let over = over.map_or(Over::Nothing, |tag| Over::Tag(format!("\"{}\"", tag.trim_matches('"'))));
        let whole = Upload { bucket, key, content_type, metadata: None, over };
        let written = Box::pin(upload::file(&s3, whole, file, asked)).await?;
        let told = put_object::told((bucket, key), size, content_type, written);
        Ok((told, Answer::Done(format!("{size} bytes are in s3://{bucket}/{key}, as {content_type}"))))
    });
    let arguments = json!({ "bucket": bucket, "key": key, "file": from });
    let done = asked.through("s3_put_object", arguments, Access::write(format!("s3://{bucket}/{key}")), None, send);
    done.await.map_err(|trouble| match trouble.code.as_str() {
        // Another object came, or one comes or goes at this moment.
        "PreconditionFailed" | "ConditionalRequestConflict" => overtaken(trouble),
        // The one to replace is gone.
        "NoSuchKey" if replaces => overtaken(trouble),
        _ => trouble,
    })
}

fn overtaken(trouble: Trouble) -> Trouble {
    Trouble { code: Trouble::OVERTAKEN.to_owned(), ..trouble }
}

impl Companion for Asked<'_> {
    async fn step<T>(&self, step: impl Future<Output = Result<T, ToolError>>) -> Result<T, ToolError> {
        Asked::step(self, step).await
    }

    fn moved(&self, bytes: u64, of: u64) {
        self.watch.report(Progress { done: bytes, total: Some(of) });
    }
}

impl Asked<'_> {
    /// The client for a bucket whose region is settled: what is sent once cannot be sent to another one by itself.
    pub(super) async fn settled(&self, bucket: &str) -> aws_sdk_s3::Client {
        if !self.reach.bridge.context().is_local() && !self.reach.knows(bucket) {
            let head = async |s3: aws_sdk_s3::Client| s3.head_bucket().bucket(bucket).send().await;
            // Where that is not allowed the upload says what is wrong.
            if let Ok(Ok(answer)) = tokio::time::timeout(SHORT, self.about(bucket, head)).await
                && let Some(region) = answer.bucket_region()
            {
                self.reach.lies_in(bucket, region);
            }
        }
        self.reach.s3(bucket).0
    }
}
