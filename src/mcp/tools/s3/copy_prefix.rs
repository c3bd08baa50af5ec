//! `s3_copy_prefix`: CopyObject for every object below a prefix.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use aws_sdk_s3::types::Object;
use footbridge_record::text::visible_json;
use futures::{StreamExt, stream};
use serde::Deserialize;
use serde_json::{Value, json};

use super::copy_object::source;
use super::listing::{self, Below};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::progress;
use crate::mcp::quoted::quoted;
use crate::mcp::tool::{Access, Kind, TRANSFER, Tool};
use crate::mcp::{notes, tools::bulk};

/// What one CopyObject can copy.
const LARGEST: u64 = 5 * 1024 * 1024 * 1024;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// s3://bucket/prefix/
    from: String,
    /// s3://bucket/prefix/
    to: String,
    /// Goes on after this key
    start_after: Option<String>,
}

pub(crate) struct CopyPrefix;

#[async_trait]
impl Tool for CopyPrefix {
    type Args = Args;
    const NAME: &'static str = "s3_copy_prefix";
    const DESCRIPTION: &'static str = "Copies all objects below a prefix, replacing any.";
    const KIND: Kind = Kind::Replaces;
    const RARE_PARAMETERS: &'static [&'static str] = &["start_after"];
    const EXAMPLE: &'static str = r#"{"from": "s3://media/docs/", "to": "s3://media/old/"}"#;

    fn access(args: &Args) -> Access {
        Access::write(format!("{}*", args.to)).and_reads(format!("{}*", args.from))
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let (from, to) = (Below::parse("from", &args.from)?, Below::parse("to", &args.to)?);
        let (mut from_prefix, mut to_prefix) = (from.prefix.to_owned(), to.prefix.to_owned());
        // `a` to `b/` would make `b//x` of `a/x`, and `a/` to `b` `bx`.
        let folders = [from_prefix.ends_with('/'), to_prefix.ends_with('/')];
        for (one, other_is_folder) in [(&mut from_prefix, folders[1]), (&mut to_prefix, folders[0])] {
            if other_is_folder && !one.is_empty() && !one.ends_with('/') {
                one.push('/');
                notes::say("both prefixes were taken as folders");
            }
        }
        let (from, to) = (Below { prefix: &from_prefix, ..from }, Below { prefix: &to_prefix, ..to });
        if from.bucket == to.bucket && to.prefix.starts_with(from.prefix) {
            return Err(ToolError::arguments("to: lies below from, and copies would be copied again"));
        }
        if from.bucket == to.bucket && from.prefix.starts_with(to.prefix) {
            let what = "to: lies above from, and a copy could replace an object that is still to be copied";
            return Err(
                ToolError::arguments(what).hint("copy to a prefix beside from first, and from there to this one.")
            );
        }
        let mut copying = Copying {
            context,
            from,
            to,
            begun: Instant::now(),
            after: args.start_after,
            bytes: 0,
            too_many: 0,
            too_large: Vec::new(),
            beside: None,
        };
        let (objects, broken) = copying.all().await;
        let Copying { after, bytes, too_many, too_large, beside, .. } = copying;
        if let Some(key) = beside {
            notes::say(format!(
                "{} is the start of {} too; with / at its end it is the folder alone",
                quoted(from.prefix),
                quoted(&key)
            ));
        }
        let passed_over = if too_many > 0 { format!(", and {too_many} over 5 GiB passed over") } else { String::new() };
        if let Some(error) = broken {
            let go_on = match after {
                Some(after) => {
                    format!("the same call with start_after {} goes on", visible_json(&json!(after).to_string()))
                }
                None => "call again".to_owned(),
            };
            return Err(bulk::half_way(error, &format!("{objects} objects were copied{passed_over}"), &go_on));
        }
        let mut answer = json!({ "from": args.from, "to": args.to, "objects": objects, "bytes": bytes });
        if !too_large.is_empty() {
            let shown: Vec<_> = too_large.iter().map(|key| bulk::short(key)).collect();
            answer["over_5_gib"] = json!({ "objects": too_many, "keys": shown });
        }
        Ok(answer)
    }
}

/// How many keys are named of those that are passed over.
const TOLD: usize = 5;

struct Copying<'a> {
    context: &'a Context,
    from: Below<'a>,
    to: Below<'a>,
    begun: Instant,
    /// All up to this key are copied.
    after: Option<String>,
    bytes: u64,
    /// How many objects are too large to be copied, and the first of their keys.
    too_many: usize,
    too_large: Vec<String>,
    /// A key that goes on in the middle of the name with which the prefix ends.
    beside: Option<String>,
}

impl Copying<'_> {
    /// Copies page by page; gives how many are copied, and what ended it before its end.
    async fn all(&mut self) -> (u64, Option<ToolError>) {
        let copied = AtomicU64::new(0);
        loop {
            let (objects, more) = match self.from.page(self.context, self.after.as_deref()).await {
                Ok(page) => page,
                Err(error) => return (copied.load(Relaxed), Some(error)),
            };
            if self.beside.is_none() && self.from.prefix.ends_with(char::is_alphanumeric) {
                let keys = objects.iter().filter_map(|object| object.key());
                let rest = |key: &str| key.strip_prefix(self.from.prefix).unwrap_or_default().starts_with(|c| c != '/');
                self.beside = keys.filter(|key| rest(key)).map(str::to_owned).next();
            }
            // What is too large is passed over, and the next page begins behind it too.
            let last = objects.last().and_then(|object| object.key.clone());
            let (large, objects): (Vec<_>, Vec<_>) = objects.into_iter().partition(|o| listing::size(o) > LARGEST);
            self.too_many += large.len();
            let room = TOLD.saturating_sub(self.too_large.len());
            self.too_large.extend(large.into_iter().filter_map(|object| object.key).take(room));
            let over = AtomicBool::new(false);
            let turns: Vec<_> = objects.iter().map(|object| self.copy(object, &over, &copied)).collect();
            let came: Vec<_> = stream::iter(turns).buffered(bulk::AT_ONCE).collect().await;
            let mut broken = None;
            for (object, came) in objects.iter().zip(came) {
                match came {
                    Ok(()) if broken.is_none() => self.after = object.key().map(str::to_owned),
                    Ok(()) => {}
                    Err(error) => broken = broken.or(Some(error)),
                }
            }
            let copied = copied.load(Relaxed);
            self.bytes += objects.iter().map(listing::size).sum::<u64>();
            if broken.is_some() || !more {
                return (copied, broken.flatten());
            }
            self.after = last.or(self.after.take());
        }
    }

    /// Copies one object. An error that came to another one is none here: this one is not tried.
    async fn copy(&self, object: &Object, over: &AtomicBool, copied: &AtomicU64) -> Result<(), Option<ToolError>> {
        if over.load(Relaxed) {
            return Err(None);
        }
        let key = object.key().unwrap_or_default();
        let to = format!("{}{}", self.to.prefix, key.strip_prefix(self.from.prefix).unwrap_or(key));
        let done = if self.begun.elapsed() > bulk::LIMIT {
            Err(bulk::timed_out("it goes on with start_after"))
        } else {
            let request = self.context.s3.copy_object().bucket(self.to.bucket).key(to);
            let sent = request.copy_source(source(self.from.bucket, key, None)).send().await;
            sent.map_err(|error| ToolError::from(error).after(&format!("at {}", quoted(key))))
        };
        match done {
            Ok(_) => {
                progress::report(copied.fetch_add(1, Relaxed) + 1, None);
                Ok(())
            }
            Err(error) => {
                over.store(true, Relaxed);
                Err(Some(error))
            }
        }
    }
}
