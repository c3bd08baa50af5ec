//! `s3_usage`: how many objects a prefix has, and how large they are.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::listing::{self, Below};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::tool::{Access, Default, Kind, TRANSFER, Tier, Tool};
use crate::mcp::tools::bulk;

/// The most parts that are told apart.
const PARTS: usize = 10_000;
/// The most parts that are told, the largest first.
const TOLD: usize = 10;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Bucket name
    bucket: String,
    /// Keys that begin so
    prefix: Option<String>,
}

pub(crate) struct Usage;

#[async_trait]
impl Tool for Usage {
    type Args = Args;
    const NAME: &'static str = "s3_usage";
    const DESCRIPTION: &'static str = "Counts objects and bytes, by class and folder.";
    const KIND: Kind = Kind::Reads;
    const EXAMPLE: &'static str = r#"{"bucket": "media", "prefix": "docs/"}"#;
    const TIER: Tier = Tier::Rare;
    const DEFAULT: Default = Default::Bucket;

    fn access(args: &Args) -> Access {
        Access::read(format!("s3://{}/{}*", args.bucket, args.prefix.as_deref().unwrap_or_default()))
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let below = Below { bucket: &args.bucket, prefix: args.prefix.as_deref().unwrap_or_default() };
        let counted = AtomicU64::new(0);
        let done = bulk::watched(bulk::LIMIT, gather(context, below, &counted), || (counted.load(Relaxed), None)).await;
        let how_far = || format!("{} objects had been counted", counted.load(Relaxed));
        let usage = done.ok_or_else(|| bulk::timed_out(&how_far()))?.map_err(|error| error.after(&how_far()))?;
        Ok(usage.told(below))
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Amount {
    objects: u64,
    bytes: u64,
}

impl Amount {
    fn add(&mut self, bytes: u64) {
        self.objects += 1;
        self.bytes += bytes;
    }

    fn told(self) -> Value {
        json!({ "objects": self.objects, "bytes": self.bytes })
    }
}

#[derive(Default)]
struct Gathered {
    all: Amount,
    by_class: BTreeMap<String, Amount>,
    /// By what follows the prefix up to the next slash.
    by_part: HashMap<String, Amount>,
    uncounted: bool,
}

async fn gather(context: &Context, below: Below<'_>, counted: &AtomicU64) -> Result<Gathered, ToolError> {
    let mut gathered = Gathered::default();
    let mut after: Option<String> = None;
    loop {
        let (objects, more) = below.page(context, after.as_deref()).await?;
        for object in &objects {
            let (key, bytes) = (object.key().unwrap_or_default(), listing::size(object));
            gathered.all.add(bytes);
            let class = object.storage_class().map_or("STANDARD", |class| class.as_str());
            gathered.by_class.entry(class.to_owned()).or_default().add(bytes);
            let rest = key.strip_prefix(below.prefix).unwrap_or(key);
            let part = rest.find('/').map_or("", |end| &rest[..=end]);
            if gathered.by_part.len() < PARTS || gathered.by_part.contains_key(part) {
                gathered.by_part.entry(part.to_owned()).or_default().add(bytes);
            } else {
                gathered.uncounted = true;
            }
        }
        counted.store(gathered.all.objects, Relaxed);
        after = objects.last().and_then(|object| object.key().map(str::to_owned));
        if !more || after.is_none() {
            return Ok(gathered);
        }
    }
}

impl Gathered {
    fn told(self, below: Below<'_>) -> Value {
        let mut answer = json!({ "bucket": below.bucket, "prefix": below.prefix });
        answer["objects"] = json!(self.all.objects);
        answer["bytes"] = json!(self.all.bytes);
        if self.by_class.len() > 1 {
            answer["by_class"] = self.by_class.iter().map(|(class, amount)| (class.clone(), amount.told())).collect();
        }
        if self.by_part.keys().any(|part| !part.is_empty()) {
            let count = self.by_part.len();
            let mut parts: Vec<_> = self.by_part.into_iter().collect();
            parts.sort_by_cached_key(|(part, amount)| (Reverse(amount.bytes), part.clone()));
            // What lies in no folder has the empty name.
            let told = |(part, amount): &(String, Amount)| {
                let mut told = amount.told();
                told["folder"] = bulk::short(part);
                told
            };
            answer["folders"] = parts.iter().take(TOLD).map(told).collect();
            if count > TOLD {
                answer["folders_in_all"] =
                    if self.uncounted { json!(format!("more than {count}")) } else { json!(count) };
            }
        }
        answer
    }
}
