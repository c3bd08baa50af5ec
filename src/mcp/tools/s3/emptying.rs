//! Deleting many objects: in batches, and by prefix.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::notes;
use crate::mcp::progress;
use crate::mcp::quoted;

/// The most keys of one DeleteObjects, and of one page of a listing.
pub(crate) const BATCH: i32 = 1000;

/// What a deletion came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// How many objects are gone.
    pub(crate) deleted: usize,
    /// How many are not.
    failed: usize,
    /// The first of those, with AWS's reason.
    first: Vec<String>,
}

/// The most keys that are named of those that are not deleted.
const TOLD: usize = 10;

impl Outcome {
    /// So many more are gone.
    fn add(&mut self, deleted: usize) {
        self.deleted += deleted;
        progress::report(u64::try_from(self.deleted).unwrap_or(u64::MAX), None);
    }

    /// The number deleted, or an error where any key is left.
    pub(crate) fn complete(self) -> Result<usize, ToolError> {
        let Self { deleted, failed, first } = self;
        if failed == 0 {
            return Ok(deleted);
        }
        notes::tells_what_is_stored();
        Err(ToolError::new("partly_deleted", format!("{deleted} deleted, {failed} not: {}", first.join("; "))))
    }
}

/// What is to be deleted.
#[derive(Debug, Clone)]
pub(crate) struct Doomed {
    pub(crate) key: String,
    /// The version alone; without it, the object as it is.
    pub(crate) version: Option<String>,
}

impl Doomed {
    /// The objects of these keys.
    pub(super) fn all(keys: Vec<String>) -> Vec<Self> {
        keys.into_iter().map(|key| Self { key, version: None }).collect()
    }
}

/// Deletes these objects.
pub(crate) async fn delete(s3: &Client, bucket: &str, objects: &[Doomed], out: &mut Outcome) -> Result<(), ToolError> {
    // XML cannot carry control characters: such keys go one by one, in the request's path.
    let (one_by_one, batched): (Vec<&Doomed>, Vec<&Doomed>) =
        objects.iter().partition(|object| objects.len() == 1 || object.key.chars().any(char::is_control));
    for object in one_by_one {
        let request = s3.delete_object().bucket(bucket).key(&object.key).set_version_id(object.version.clone());
        request.send().await.map_err(|error| so_far(error.into(), out))?;
        out.add(1);
    }
    for batch in batched.chunks(usize::try_from(BATCH).unwrap_or(1)) {
        let identifiers = batch
            .iter()
            .map(|object| ObjectIdentifier::builder().key(&object.key).set_version_id(object.version.clone()).build());
        let delete = identifiers
            .collect::<Result<Vec<_>, _>>()
            .and_then(|objects| Delete::builder().set_objects(Some(objects)).quiet(true).build())
            .map_err(|error| ToolError::arguments(error.to_string()))?;
        let request = s3.delete_objects().bucket(bucket).delete(delete);
        let answer = request.send().await.map_err(|error| so_far(error.into(), out))?;
        out.add(batch.len() - answer.errors().len());
        out.failed += answer.errors().len();
        let room = TOLD.saturating_sub(out.first.len());
        out.first.extend(answer.errors().iter().take(room).map(|error| {
            let [key, code, message] = [error.key(), error.code(), error.message()].map(Option::unwrap_or_default);
            format!("{}: {code} {message}", quoted(key))
        }));
    }
    Ok(())
}

/// Deletes every object whose key begins with `prefix`, page by page.
pub(super) async fn delete_prefix(context: &Context, bucket: &str, prefix: &str) -> Result<Outcome, ToolError> {
    let mut out = Outcome::default();
    let mut token = None;
    loop {
        let (keys, next) = page(context, bucket, prefix, token).await.map_err(|error| so_far(error, &out))?;
        if !keys.is_empty() {
            delete(&context.s3, bucket, &Doomed::all(keys), &mut out).await?;
        }
        token = next;
        if token.is_none() {
            return Ok(out);
        }
    }
}

/// One page of keys, and the token of the next.
pub(super) async fn page(
    context: &Context,
    bucket: &str,
    prefix: &str,
    token: Option<String>,
) -> Result<(Vec<String>, Option<String>), ToolError> {
    let request = context.s3.list_objects_v2().bucket(bucket).prefix(prefix).max_keys(BATCH);
    let answer = request.set_continuation_token(token).send().await?;
    let keys = answer.contents().iter().filter_map(|object| object.key().map(str::to_owned)).collect();
    Ok((keys, answer.next_continuation_token))
}

/// How many objects a prefix has, in words, looking at one page.
pub(super) async fn count(context: &Context, bucket: &str, prefix: &str) -> Result<String, ToolError> {
    let (keys, next) = page(context, bucket, prefix, None).await?;
    let more = if next.is_some() { "more than " } else { "" };
    let noun = if keys.len() == 1 { "object" } else { "objects" };
    Ok(format!("{more}{} {noun}", keys.len()))
}

fn so_far(error: ToolError, out: &Outcome) -> ToolError {
    if out.deleted == 0 { error } else { error.after(&format!("{} objects had been deleted", out.deleted)) }
}
