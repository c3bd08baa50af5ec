//! An object that is not there, and keys that begin otherwise.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::case::{Case, Lesson, look};
use super::near::{listed, nearest};
use crate::mcp::context::Context;
use crate::mcp::notes;
use crate::mcp::quoted::quoted;

/// The most keys among which one is looked for: what one listing gives.
const AMONG: i32 = 1000;
/// The most keys that a sentence names.
const NAMED: usize = 5;

/// What is there in place of a key that is not.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::mcp) enum Near {
    /// This key may be meant.
    Key(String),
    /// Keys begin with it and a slash; these are some.
    Folder(String, Vec<String>),
    /// Other keys, and whether there are more.
    Others(Vec<String>, bool),
    /// Nothing.
    Empty,
}

impl std::fmt::Display for Near {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key(key) => write!(f, "there is {}", quoted(key)),
            Self::Folder(prefix, keys) => {
                let keys = listed(keys.iter().map(String::as_str));
                write!(f, "{} is the beginning of {keys}: s3_list_objects with that prefix lists them", quoted(prefix))
            }
            Self::Others(keys, more) => {
                let more = if *more { ", …" } else { "" };
                write!(f, "keys there are {}{more}", listed(keys.iter().map(String::as_str)))
            }
            Self::Empty => f.write_str("the bucket is empty"),
        }
    }
}

/// No such key: the nearest.
///
/// S3 says so only to whoever may list the bucket, and forbids the rest: listing asks AWS for no further permission.
pub(super) async fn missing(case: &Case<'_>) -> Option<Lesson> {
    // Of two, the source of a copy.
    let (bucket, key) = match case.asked.get("from").and_then(Value::as_str) {
        Some(from) => from.strip_prefix("s3://").unwrap_or(from).split_once('/')?,
        None => case.objects().next()?,
    };
    let near = near_key(case.context, bucket, key).await?;
    Some(format!("there is no {}; {near}.", quoted(key)).into())
}

/// What is there in place of this key. Costs one listing, here at home two.
pub(in crate::mcp) async fn near_key(context: &Context, bucket: &str, key: &str) -> Option<Near> {
    let plain = plain(key);
    let folder = plain.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let (beside, more) = keys(context, bucket, &folder).await?;
    if let Some(near) = among(key, &beside) {
        return Some(near);
    }
    let all = if folder.is_empty() || !context.is_local() { Vec::new() } else { keys(context, bucket, "").await?.0 };
    if let Some(near) = among(key, &all) {
        return Some(near);
    }
    let mut others = if beside.is_empty() { all } else { beside };
    if others.is_empty() {
        return (folder.is_empty() || context.is_local()).then_some(Near::Empty);
    }
    let more = more || others.len() > NAMED;
    others.truncate(NAMED);
    Some(Near::Others(others, more))
}

/// The key that may be meant, or the folder.
fn among(key: &str, keys: &[String]) -> Option<Near> {
    let wanted = plain(key);
    let found = |alike: &dyn Fn(&str) -> bool| keys.iter().find(|key| alike(key)).cloned();
    if let Some(key) = found(&|key| key == wanted) {
        return Some(Near::Key(key));
    }
    let folder = format!("{}/", wanted.trim_end_matches('/'));
    let below: Vec<_> =
        keys.iter().filter(|key| key.starts_with(&folder) && **key != folder).take(NAMED).cloned().collect();
    if folder.len() > 1 && !below.is_empty() {
        return Some(Near::Folder(folder, below));
    }
    let name = wanted.rsplit('/').next().unwrap_or(&wanted);
    let same_name = |key: &str| !name.is_empty() && key.rsplit('/').next() == Some(name);
    let key = found(&|key| key.to_lowercase() == wanted.to_lowercase()).or_else(|| found(&same_name));
    key.or_else(|| nearest(&wanted, keys.iter().map(String::as_str)).map(str::to_owned)).map(Near::Key)
}

/// A key without what is often put around it.
fn plain(key: &str) -> String {
    let key = key.trim_start_matches("./").trim_start_matches('/');
    percent_decode_str(key).decode_utf8().map_or_else(|_| key.to_owned(), std::borrow::Cow::into_owned)
}

/// The first keys below a prefix, and whether there are more.
async fn keys(context: &Context, bucket: &str, prefix: &str) -> Option<(Vec<String>, bool)> {
    let listing = context.s3.list_objects_v2().bucket(bucket).prefix(prefix).max_keys(AMONG).send();
    let answer = look(context, listing).await.ok()?;
    notes::tells_what_is_stored();
    let keys = answer.contents().iter().filter_map(|object| object.key().map(str::to_owned)).collect();
    Some((keys, answer.is_truncated() == Some(true)))
}

/// Why no key begins with this prefix. Costs one listing of one level.
pub(in crate::mcp) async fn nothing_begins_so(context: &Context, bucket: &str, prefix: &str) -> Option<String> {
    let wanted = prefix.trim_start_matches('/').trim_end_matches('*');
    let wild = if prefix.contains(['*', '?']) { "a prefix has no wildcards; " } else { "" };
    let wanted = wanted.split(['*', '?']).next().unwrap_or(wanted);
    // The level at which the prefix stands.
    let level = wanted.trim_end_matches('/').rsplit_once('/').map_or(String::new(), |(above, _)| format!("{above}/"));
    let listing = context.s3.list_objects_v2().bucket(bucket).prefix(&level).delimiter("/").max_keys(AMONG);
    let answer = look(context, listing.send()).await.ok()?;
    notes::tells_what_is_stored();
    let prefixes = answer.common_prefixes().iter().filter_map(|common| common.prefix());
    let objects = answer.contents().iter().filter_map(|object| object.key());
    let names: Vec<&str> = prefixes.chain(objects).collect();
    if names.is_empty() {
        let there =
            if level.is_empty() { "the bucket is empty".to_owned() } else { format!("nor with {}", quoted(&level)) };
        return Some(format!("{wild}no key begins with {}; {there}", quoted(prefix)));
    }
    let near = names.iter().copied().find(|name| name.starts_with(wanted)).filter(|_| !wanted.is_empty());
    let near = near.or_else(|| nearest(wanted, names.iter().copied()));
    let there = match near {
        Some(near) => format!("there is {}", quoted(near)),
        None => format!("there are {}", listed(names.iter().take(NAMED).copied())),
    };
    Some(format!("{wild}no key begins with {}; {there}", quoted(prefix)))
}

/// A range behind the object's end: how long it is. To read the head is the permission to read the object.
pub(super) async fn out_of_range(case: &Case<'_>) -> Option<Lesson> {
    let (bucket, key) = case.objects().next()?;
    let head = look(case.context, case.context.s3.head_object().bucket(bucket).key(key).send()).await.ok()?;
    let size = head.content_length()?;
    Some(format!("the object has {size} bytes: bytes=0-{} are all.", (size - 1).max(0)).into())
}

/// A name that is empty.
pub(super) fn empty_name(case: &Case<'_>) -> Option<Lesson> {
    let empty = |name: &&str| case.asked.get(*name).and_then(Value::as_str).is_some_and(str::is_empty);
    let name = ["bucket", "key"].into_iter().find(empty)?;
    let lists = if name == "bucket" { "s3_list_buckets" } else { "s3_list_objects" };
    Some(Lesson { hint: format!("{lists} shows those there are."), message: Some(format!("{name}: it is empty")) })
}
