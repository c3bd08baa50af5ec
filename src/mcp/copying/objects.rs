//! The objects below a prefix, from one target to another: small ones whole and several at once, large ones in parts.

use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart, Object};
use bytes::Bytes;
use futures::stream::FuturesUnordered;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::mpsc;

use super::Tally;
use crate::mcp::{Context, ToolError, report};

/// Objects up to this size travel whole.
const WHOLE: u64 = 4 << 20;
/// What larger ones are cut into, at least.
const PART: u64 = 8 << 20;
const MOST_PARTS: u64 = 10_000;
/// How many are read, and how many are written, at once.
const AT_ONCE: usize = 8;
const WAITING: usize = 2;

/// Objects of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Objects {
    pub(crate) bucket: String,
    pub(crate) prefix: String,
}

impl Objects {
    /// Both prefixes as folders where one of them is, as in a copy of a folder: `a/` to `b` is `a/` to `b/`.
    pub(crate) fn alike(mut from: Self, mut to: Self) -> (Self, Self) {
        let folders = [from.prefix.ends_with('/'), to.prefix.ends_with('/')];
        for (place, other) in [(&mut from, folders[1]), (&mut to, folders[0])] {
            if other && !place.prefix.is_empty() && !place.prefix.ends_with('/') {
                place.prefix.push('/');
            }
        }
        (from, to)
    }

    /// One page after a key; whether there are more.
    pub(super) async fn page(&self, context: &Context, after: Option<&str>) -> Result<(Vec<Object>, bool), ToolError> {
        let request = context.s3.list_objects_v2().bucket(&self.bucket).prefix(&self.prefix);
        let answer = request.set_start_after(after.map(str::to_owned)).send().await?;
        let more = answer.is_truncated().unwrap_or_default();
        Ok((answer.contents.unwrap_or_default(), more))
    }
}

/// An object's size in bytes.
pub(super) fn size(object: &Object) -> u64 {
    object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or_default()
}

/// What is kept of an object beside its bytes.
#[derive(Debug, Clone, Default)]
struct About {
    content_type: Option<String>,
    cache_control: Option<String>,
    content_disposition: Option<String>,
    content_encoding: Option<String>,
    content_language: Option<String>,
    metadata: Option<HashMap<String, String>>,
}

impl About {
    fn of(answer: &GetObjectOutput) -> Self {
        Self {
            content_type: answer.content_type.clone(),
            cache_control: answer.cache_control.clone(),
            content_disposition: answer.content_disposition.clone(),
            content_encoding: answer.content_encoding.clone(),
            content_language: answer.content_language.clone(),
            metadata: answer.metadata.clone().filter(|metadata| !metadata.is_empty()),
        }
    }
}

/// What the source gives; keys without the source's prefix.
enum Sent {
    Whole(String, About, Bytes),
    Begin(String, About),
    Part(Bytes),
    End,
}

/// Copies objects to `to` of `context`. `read` does what it is given as a call of the source, whose context it gives.
/// Whether there are more than were wanted.
pub(crate) async fn copy<F>(
    context: &Context,
    from: Objects,
    to: &Objects,
    most: u64,
    tally: &Tally,
    read: impl FnOnce(Reader) -> F,
) -> Result<bool, ToolError>
where
    F: Future<Output = Result<bool, ToolError>>,
{
    let (sender, receiver) = mpsc::channel(WAITING);
    // Boxed: what an SDK's requests take would swell the call that waits for both.
    let reading = Box::pin(read(Reader { from, most, sender }));
    let writing = Box::pin(write(context, to, tally, receiver));
    let (read, written) = tokio::join!(reading, writing);
    written?;
    read
}

/// How many objects are wanted, as far as the bound, and their bytes; whether there are more.
pub(crate) async fn count(context: &Context, from: &Objects, most: u64) -> Result<(u64, u64, bool), ToolError> {
    let (mut objects, mut bytes) = (0, 0);
    let mut after: Option<String> = None;
    loop {
        let (page, more) = from.page(context, after.as_deref()).await?;
        for object in &page {
            if objects == most {
                return Ok((objects, bytes, true));
            }
            objects += 1;
            bytes += size(object);
        }
        report(objects, None);
        after = page.last().and_then(|object| object.key.clone());
        if !more || after.is_none() {
            return Ok((objects, bytes, false));
        }
    }
}

/// Reads what is wanted.
pub(crate) struct Reader {
    from: Objects,
    most: u64,
    sender: mpsc::Sender<Sent>,
}

/// Nobody takes what is read any more, or it could not be read.
enum Stop {
    Over,
    Failed(ToolError),
}

impl From<ToolError> for Stop {
    fn from(error: ToolError) -> Self {
        Self::Failed(error)
    }
}

impl Reader {
    /// Reads through the source's `context`. Whether there are more objects than are wanted.
    pub(crate) async fn run(self, context: &Context) -> Result<bool, ToolError> {
        match self.all(context).await {
            Ok(more) => Ok(more),
            // What keeps them from being written says so.
            Err(Stop::Over) => Ok(false),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    async fn all(&self, context: &Context) -> Result<bool, Stop> {
        let mut left = self.most;
        let mut after: Option<String> = None;
        loop {
            let (mut page, more) = self.from.page(context, after.as_deref()).await?;
            let taken = usize::try_from(left).unwrap_or(usize::MAX);
            let cut = page.len() > taken;
            page.truncate(taken);
            left -= u64::try_from(page.len()).unwrap_or_default();
            after = page.last().and_then(|object| object.key.clone());
            let (small, large): (Vec<_>, Vec<_>) = page.into_iter().partition(|object| size(object) <= WHOLE);
            // What is read is handed on by whoever read it, so that none of them stands still meanwhile.
            let turn = |object| async move { self.send(self.whole(context, object).await?).await };
            let turns: Vec<_> = small.iter().map(turn).collect();
            stream::iter(turns).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
            for object in &large {
                Box::pin(self.parts(context, object)).await?;
            }
            if cut || more && left == 0 {
                return Ok(true);
            }
            if !more || after.is_none() {
                return Ok(false);
            }
        }
    }

    async fn send(&self, sent: Sent) -> Result<(), Stop> {
        self.sender.send(sent).await.map_err(|_| Stop::Over)
    }

    /// The key without the prefix.
    fn rest(&self, key: &str) -> String {
        key.strip_prefix(self.from.prefix.as_str()).unwrap_or(key).to_owned()
    }

    async fn whole(&self, context: &Context, object: &Object) -> Result<Sent, ToolError> {
        let key = object.key().unwrap_or_default();
        let answer = context.s3.get_object().bucket(&self.from.bucket).key(key).send().await?;
        let about = About::of(&answer);
        Ok(Sent::Whole(self.rest(key), about, body(answer).await?))
    }

    /// A large object by ranges, all of one version of it.
    async fn parts(&self, context: &Context, object: &Object) -> Result<(), Stop> {
        let (key, size) = (object.key().unwrap_or_default(), size(object));
        let part = PART.max(size.div_ceil(MOST_PARTS));
        let mut start = 0;
        while start < size {
            let end = (start + part).min(size) - 1;
            let request =
                context.s3.get_object().bucket(&self.from.bucket).key(key).range(format!("bytes={start}-{end}"));
            let answer = request.set_if_match(object.e_tag.clone()).send().await.map_err(ToolError::from)?;
            if start == 0 {
                self.send(Sent::Begin(self.rest(key), About::of(&answer))).await?;
            }
            self.send(Sent::Part(body(answer).await?)).await?;
            start = end + 1;
        }
        self.send(Sent::End).await
    }
}

async fn body(answer: GetObjectOutput) -> Result<Bytes, ToolError> {
    let body = answer.body.collect().await;
    Ok(body.map_err(|error| ToolError::new("no_answer", format!("the object's body: {error}")))?.into_bytes())
}

/// Writes what comes.
async fn write(
    context: &Context,
    to: &Objects,
    tally: &Tally,
    mut from: mpsc::Receiver<Sent>,
) -> Result<(), ToolError> {
    let mut writing = FuturesUnordered::new();
    loop {
        tokio::select! {
            Some(written) = writing.next(), if !writing.is_empty() => written?,
            sent = from.recv(), if writing.len() < AT_ONCE => match sent {
                None => break,
                Some(Sent::Whole(key, about, bytes)) => writing.push(put(context, to, key, about, bytes, tally)),
                Some(Sent::Begin(key, about)) => {
                    all(&mut writing).await?;
                    Box::pin(in_parts(context, to, &key, about, tally, &mut from)).await?;
                }
                // Parts come after their beginning, which takes them.
                Some(Sent::Part(_) | Sent::End) => {}
            },
        }
    }
    all(&mut writing).await
}

/// Waits until all are written.
async fn all<F: Future<Output = Result<(), ToolError>>>(writing: &mut FuturesUnordered<F>) -> Result<(), ToolError> {
    while let Some(written) = writing.next().await {
        written?;
    }
    Ok(())
}

async fn put(
    context: &Context,
    to: &Objects,
    key: String,
    about: About,
    bytes: Bytes,
    tally: &Tally,
) -> Result<(), ToolError> {
    let size = u64::try_from(bytes.len()).unwrap_or_default();
    let request = context.s3.put_object().bucket(&to.bucket).key(format!("{}{key}", to.prefix));
    let request = request
        .set_content_type(about.content_type)
        .set_cache_control(about.cache_control)
        .set_content_disposition(about.content_disposition)
        .set_content_encoding(about.content_encoding)
        .set_content_language(about.content_language)
        .set_metadata(about.metadata);
    request.body(ByteStream::from(bytes)).send().await?;
    done(tally, size);
    Ok(())
}

fn done(tally: &Tally, bytes: u64) {
    tally.bytes.fetch_add(bytes, Relaxed);
    report(tally.copied.fetch_add(1, Relaxed) + 1, None);
}

/// Takes the parts of one object. What does not come whole is taken back.
async fn in_parts(
    context: &Context,
    to: &Objects,
    key: &str,
    about: About,
    tally: &Tally,
    from: &mut mpsc::Receiver<Sent>,
) -> Result<(), ToolError> {
    let key = format!("{}{key}", to.prefix);
    let request = context.s3.create_multipart_upload().bucket(&to.bucket).key(&key);
    let request = request
        .checksum_algorithm(ChecksumAlgorithm::Crc32)
        .set_content_type(about.content_type)
        .set_cache_control(about.cache_control)
        .set_content_disposition(about.content_disposition)
        .set_content_encoding(about.content_encoding)
        .set_content_language(about.content_language)
        .set_metadata(about.metadata);
    let begun = request.send().await?;
    let id = begun.upload_id().unwrap_or_default();
    let uploaded = async {
        let mut all = CompletedMultipartUpload::builder();
        let (mut number, mut bytes) = (1, 0);
        loop {
            match from.recv().await {
                Some(Sent::Part(part)) => {
                    bytes += u64::try_from(part.len()).unwrap_or_default();
                    let request =
                        context.s3.upload_part().bucket(&to.bucket).key(&key).upload_id(id).part_number(number);
                    let part = request.body(ByteStream::from(part)).send().await?;
                    let completed = CompletedPart::builder().part_number(number).set_e_tag(part.e_tag);
                    all = all.parts(completed.set_checksum_crc32(part.checksum_crc32).build());
                    number += 1;
                }
                Some(Sent::End) => break,
                _ => return Ok(None),
            }
        }
        let request = context.s3.complete_multipart_upload().bucket(&to.bucket).key(&key).upload_id(id);
        request.multipart_upload(all.build()).send().await?;
        Ok::<_, ToolError>(Some(bytes))
    };
    let uploaded = uploaded.await;
    if let Ok(Some(bytes)) = uploaded {
        done(tally, bytes);
        return Ok(());
    }
    let undo = context.s3.abort_multipart_upload().bucket(&to.bucket).key(&key).upload_id(id);
    if let Err(error) = undo.send().await {
        tracing::warn!(%error, upload = id, "an unfinished upload is left behind");
    }
    uploaded.map(|_| ())
}
