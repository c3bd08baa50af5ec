//! `s3_upload_directory`: PutObject, or an upload in parts, for every file of a directory.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::{StreamExt, stream};
use serde::Deserialize;
use serde_json::{Value, json};

use super::put_object::content_type_of;
use super::upload::{self, Alone, Over, Upload};
use crate::items::Exists;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::files::{Entry, Folder, LONGEST};
use crate::mcp::notes;
use crate::mcp::progress;
use crate::mcp::quoted::quoted;
use crate::mcp::spelling::any_case;
use crate::mcp::tool::{Access, Default, Kind, TRANSFER, Tier, Tool};
use crate::mcp::tools::bulk;

/// How many files are prepared at a time.
const PREPARED: usize = 1000;
/// How many files are under way at once; a part of each is held in memory.
const AT_ONCE: usize = 4;
/// The most files that are named of those that are passed over.
const TOLD: usize = 5;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Bucket name
    bucket: String,
    /// Path of the directory
    directory: String,
    /// Folder of the keys: site/
    prefix: Option<String>,
    /// replace by default
    #[serde(default, deserialize_with = "any_case")]
    if_exists: Option<Exists>,
}

pub(crate) struct UploadDirectory;

#[async_trait]
impl Tool for UploadDirectory {
    type Args = Args;
    const NAME: &'static str = "s3_upload_directory";
    const DESCRIPTION: &'static str = "Writes all files of a directory as objects.";
    const KIND: Kind = Kind::Replaces;
    const EXAMPLE: &'static str = r#"{"bucket": "media", "directory": "site", "prefix": "site/"}"#;
    const TIER: Tier = Tier::Rare;
    const DEFAULT: Default = Default::Bucket;
    const NEEDS_FILES: bool = true;

    fn access(args: &Args) -> Access {
        Access::write(format!("s3://{}/{}*", args.bucket, args.prefix.as_deref().unwrap_or_default()))
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let folder = context.files.folder(&args.directory)?;
        let entries = {
            let folder = folder.clone();
            bulk::blocking(move |_| folder.files()).await??
        };
        let mut prefix = args.prefix.unwrap_or_default();
        if !prefix.is_empty() && !prefix.ends_with('/') {
            // `site` would make `siteindex.html` of `index.html`.
            prefix.push('/');
            notes::say(format!("took prefix as the folder {}", quoted(&prefix)));
        }
        let uploading = Uploading {
            context,
            bucket: &args.bucket,
            prefix: &prefix,
            folder,
            begun: Instant::now(),
            exists: args.if_exists.unwrap_or_default(),
            over: AtomicBool::default(),
            written: AtomicU64::default(),
            bytes: AtomicU64::default(),
            skipped: AtomicU64::default(),
        };
        let (mut files, mut total, mut passed_over, mut first) = (Vec::new(), 0, 0_u64, Vec::new());
        for entry in entries {
            let (path, why) = match entry {
                Entry::File(path, _) if prefix.len() + path.len() > LONGEST => {
                    (path, "its key would be longer than 1024 bytes")
                }
                Entry::File(path, size) => {
                    total += size;
                    files.push(path);
                    continue;
                }
                Entry::PassedOver(path, why) => (path, why),
            };
            passed_over += 1;
            if first.len() < TOLD {
                first.push(json!({ "path": bulk::short(&path), "why": why }));
            }
        }
        let mut ended = Ok(());
        for some in files.chunks(PREPARED) {
            let turns: Vec<_> = some.iter().map(|path| uploading.put(path, total)).collect();
            let came: Vec<_> = stream::iter(turns).buffer_unordered(AT_ONCE).collect().await;
            ended = came.into_iter().collect::<Result<(), _>>();
            if ended.is_err() {
                break;
            }
        }
        let Uploading { written, bytes, skipped, .. } = &uploading;
        let [objects, bytes, skipped] = [written, bytes, skipped].map(|count| count.load(Relaxed));
        if let Err(error) = ended {
            let done = format!("{objects} of {} files were written", files.len());
            return Err(bulk::half_way(error, &done, "with if_exists: skip the same call goes on with the rest"));
        }
        let mut answer = json!({ "bucket": args.bucket, "prefix": prefix, "objects": objects, "bytes": bytes });
        if skipped > 0 {
            answer["skipped"] = json!(skipped);
        }
        if passed_over > 0 {
            answer["passed_over"] = json!({ "files": passed_over, "first": first });
        }
        Ok(answer)
    }
}

struct Uploading<'a> {
    context: &'a Context,
    bucket: &'a str,
    prefix: &'a str,
    folder: Folder,
    begun: Instant,
    exists: Exists,
    over: AtomicBool,
    written: AtomicU64,
    bytes: AtomicU64,
    /// Files whose key was there.
    skipped: AtomicU64,
}

impl Uploading<'_> {
    async fn put(&self, path: &str, total: u64) -> Result<(), ToolError> {
        if self.over.load(Relaxed) {
            return Ok(());
        }
        let done = if self.begun.elapsed() > bulk::LIMIT {
            Err(bulk::timed_out("the rest is not written"))
        } else {
            self.put_one(path, total).await.map_err(|error| error.after(&format!("at {}", quoted(path))))
        };
        done.inspect_err(|_| self.over.store(true, Relaxed))
    }

    async fn put_one(&self, path: &str, total: u64) -> Result<(), ToolError> {
        let (folder, name) = (self.folder.clone(), path.to_owned());
        let file = bulk::blocking(move |_| folder.open(&name)).await??;
        let (size, key) = (file.size(), format!("{}{path}", self.prefix));
        let content_type = content_type_of(path).unwrap_or("application/octet-stream");
        let over = if self.exists == Exists::Replace { Over::Anything } else { Over::Nothing };
        // Asked first, since a large file would go up before it is refused.
        let there = self.exists != Exists::Replace && self.is_there(&key).await;
        let put = Upload { bucket: self.bucket, key: &key, content_type, metadata: None, over };
        let written = !there
            && match Box::pin(upload::file(&self.context.s3, put, file, &Alone)).await {
                Ok(_) => true,
                Err(error) if self.exists != Exists::Replace && error.code == "PreconditionFailed" => false,
                Err(error) => return Err(error),
            };
        match (written, self.exists) {
            (true, _) => {
                self.written.fetch_add(1, Relaxed);
                progress::report(self.bytes.fetch_add(size, Relaxed) + size, Some(total));
            }
            (false, Exists::Fail) => return Err(ToolError::new("object_exists", "the object is there already")),
            (false, _) => drop(self.skipped.fetch_add(1, Relaxed)),
        }
        Ok(())
    }

    /// Whether an object has this key. Where that is not told, the writing itself finds out.
    async fn is_there(&self, key: &str) -> bool {
        self.context.s3.head_object().bucket(self.bucket).key(key).send().await.is_ok()
    }
}
