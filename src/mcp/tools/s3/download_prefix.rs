//! `s3_download_prefix`: GetObject for every object below a prefix, each into a file of a directory.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::Read;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use aws_sdk_s3::primitives::ByteStreamError;
use aws_sdk_s3::types::Object;
use futures::{StreamExt, stream};
use md5::{Digest, Md5};
use serde::Deserialize;
use serde_json::{Value, json};

use super::download_object::save;
use super::listing::{self, Below};
use crate::hex::hex;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::files::{Folder, NewFile, OpenFile, name_fault};
use crate::mcp::progress;
use crate::mcp::quoted::quoted;
use crate::mcp::tool::{Access, Default, Kind, TRANSFER, Tier, Tool};
use crate::mcp::tools::bulk;

/// The most objects of one call.
const MOST: usize = 1_000_000;
/// How many objects are under way at once.
const AT_ONCE: usize = 8;
/// The most keys that are named of those that cannot be saved.
const TOLD: usize = 5;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Bucket name
    bucket: String,
    /// Keys that begin so; "" is all
    prefix: String,
    /// Path of the directory
    save_to: String,
}

pub(crate) struct DownloadPrefix;

#[async_trait]
impl Tool for DownloadPrefix {
    type Args = Args;
    const NAME: &'static str = "s3_download_prefix";
    const DESCRIPTION: &'static str = "Saves all objects below a prefix to a directory.";
    const KIND: Kind = Kind::Adds;
    const RUNS_READ_ONLY: bool = true;
    const EXAMPLE: &'static str = r#"{"bucket": "media", "prefix": "docs/", "save_to": "copies"}"#;
    const TIER: Tier = Tier::Rare;
    const DEFAULT: Default = Default::Bucket;
    const NEEDS_FILES: bool = true;

    fn access(args: &Args) -> Access {
        Access::save(format!("s3://{}/{}*", args.bucket, args.prefix))
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let folder = context.files.folder(&args.save_to)?;
        let below = Below { bucket: &args.bucket, prefix: &args.prefix };
        let saving = Saving {
            context,
            below,
            folder,
            begun: Instant::now(),
            over: AtomicBool::default(),
            tally: Tally::default(),
        };
        let ended = saving.all().await;
        let Tally { saved, bytes, there, refused } = &saving.tally;
        let [saved, bytes, there] = [saved, bytes, there].map(|count| count.load(Relaxed));
        if let Err(error) = ended {
            let done = format!("{saved} objects were saved");
            return Err(bulk::half_way(error, &done, "call again: it passes over what is there"));
        }
        let mut answer = json!({ "bucket": args.bucket, "prefix": args.prefix, "saved": saved, "bytes": bytes, "saved_to": saving.folder.path() });
        if there > 0 {
            answer["there_already"] = json!(there);
        }
        let Refused { objects, first } = &*refused.lock().unwrap_or_else(PoisonError::into_inner);
        if *objects > 0 {
            answer["not_saved"] = json!({ "objects": objects, "first": first });
        }
        Ok(answer)
    }
}

struct Saving<'a> {
    context: &'a Context,
    below: Below<'a>,
    folder: Folder,
    begun: Instant,
    over: AtomicBool,
    tally: Tally,
}

#[derive(Default)]
struct Tally {
    saved: AtomicU64,
    bytes: AtomicU64,
    /// Objects whose file is there with the same bytes.
    there: AtomicU64,
    refused: Mutex<Refused>,
}

/// Objects that no file can have.
#[derive(Default)]
struct Refused {
    objects: u64,
    /// The first of them, and why.
    first: Vec<Value>,
}

/// The paths of files that were taken so far. They may be very many, and are kept as hashes: that two of them have the same
/// one is less likely than that a disk errs.
#[derive(Default)]
struct Names {
    taken: HashSet<u64>,
    hasher: RandomState,
}

impl Names {
    fn has(&self, path: &str) -> bool {
        self.taken.contains(&self.hasher.hash_one(path))
    }

    /// Takes a path; false where it was taken before.
    fn take(&mut self, path: &str) -> bool {
        self.taken.insert(self.hasher.hash_one(path))
    }
}

impl Saving<'_> {
    async fn all(&self) -> Result<(), ToolError> {
        let mut names = Names::default();
        let mut after: Option<String> = None;
        loop {
            let (objects, more) = self.below.page(self.context, after.as_deref()).await?;
            if names.taken.len() > MOST {
                let what = format!("there are more than {MOST} objects, too many for one call");
                return Err(ToolError::new("too_many_files", what).hint("take longer prefixes, one by one."));
            }
            let mut wanted = Vec::new();
            for object in &objects {
                let key = object.key().unwrap_or_default();
                match self.path(key, &mut names) {
                    Ok(path) => wanted.push((object, path)),
                    // Consoles make an empty object for a folder, and a directory is made anyway.
                    Err(_) if key.ends_with('/') && listing::size(object) == 0 => {}
                    Err(why) => self.refuse(key, why),
                }
            }
            let turns: Vec<_> = wanted.iter().map(|(object, path)| self.save(object, path)).collect();
            let came: Vec<_> = stream::iter(turns).buffer_unordered(AT_ONCE).collect().await;
            came.into_iter().collect::<Result<(), _>>()?;
            after = objects.last().and_then(|object| object.key().map(str::to_owned));
            if !more || after.is_none() {
                return Ok(());
            }
        }
    }

    /// The path of a key's file: its key from the prefix's last folder on, if all of its steps are plain names.
    fn path<'k>(&self, key: &'k str, names: &mut Names) -> Result<&'k str, &'static str> {
        let folder = self.below.prefix.rfind('/').map_or(0, |end| end + 1);
        let path = key.get(folder..).unwrap_or(key);
        if let Some(fault) = path.split('/').find_map(|name| name_fault(name, self.folder.has_dots())) {
            return Err(fault);
        }
        let lower = path.to_lowercase();
        if lower.match_indices('/').any(|(end, _)| names.has(&lower[..end])) {
            return Err("another key is the file where its directory would be");
        }
        // Where file systems do not tell cases apart, the second would be the first one's file.
        if names.take(&lower) { Ok(path) } else { Err("another key differs from it by case alone") }
    }

    fn refuse(&self, key: &str, why: impl Into<String>) {
        let why = why.into();
        let mut refused = self.tally.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.objects += 1;
        if refused.first.len() < TOLD {
            refused.first.push(json!({ "key": bulk::short(key), "why": bulk::short(&why) }));
        }
    }

    /// Saves an object, unless its file is there.
    async fn save(&self, object: &Object, path: &str) -> Result<(), ToolError> {
        if self.over.load(Relaxed) {
            return Ok(());
        }
        let key = object.key().unwrap_or_default();
        let saved = if self.begun.elapsed() > bulk::LIMIT {
            Err(bulk::timed_out("it goes on where it is called again"))
        } else {
            self.save_new(object, path).await.map_err(|error| error.after(&format!("at {}", quoted(key))))
        };
        // The files that are under way are still written.
        saved.inspect_err(|_| self.over.store(true, Relaxed))
    }

    async fn save_new(&self, object: &Object, path: &str) -> Result<(), ToolError> {
        let key = object.key().unwrap_or_default();
        let (folder, name, object) = (self.folder.clone(), path.to_owned(), object.clone());
        let there = bulk::blocking(move |_| match folder.size(&name) {
            None => folder.create(&name).map(There::Nothing),
            Some(size) if size != listing::size(&object) => Ok(There::Another),
            Some(_) if is_same(&folder, &name, &object) => Ok(There::Same),
            Some(_) => folder.open(&name).map(There::Unknown),
        });
        let there = match there.await? {
            // What is wrong with this file alone. Of the disk it is none: the next file would fare no better.
            Err(error) if matches!(error.code.as_str(), "file_exists" | "file_not_allowed" | "file_error") => {
                self.refuse(key, error.message);
                return Ok(());
            }
            there => there?,
        };
        let same = match there {
            There::Nothing(new) => {
                let answer = self.context.s3.get_object().bucket(self.below.bucket).key(key).send().await?;
                let expected = answer.content_length().and_then(|length| u64::try_from(length).ok());
                return match save(answer.body, expected, new, path, &AtomicU64::new(0)).await {
                    Ok((_, bytes)) => {
                        self.tally.bytes.fetch_add(bytes, Relaxed);
                        progress::report(self.tally.saved.fetch_add(1, Relaxed) + 1, None);
                        Ok(())
                    }
                    // Something bears its name by now: a directory for other keys, on some systems.
                    Err(error) if error.code == "file_exists" => {
                        self.refuse(key, error.message);
                        Ok(())
                    }
                    Err(error) => Err(error),
                };
            }
            There::Same => true,
            There::Another => false,
            There::Unknown(file) => self.is_the_object(file, key).await?,
        };
        if same {
            self.tally.there.fetch_add(1, Relaxed);
        } else {
            self.refuse(key, "another file is there, and left as it is");
        }
        Ok(())
    }

    /// Whether a file of an object's size has the bytes of the object.
    async fn is_the_object(&self, mut file: OpenFile, key: &str) -> Result<bool, ToolError> {
        let answer = self.context.s3.get_object().bucket(self.below.bucket).key(key).send().await?;
        let mut body = answer.body;
        let cut = |error: ByteStreamError| ToolError::new("no_answer", format!("the object's body: {error}"));
        while let Some(chunk) = body.try_next().await.map_err(cut)? {
            let compared = bulk::blocking(move |_| {
                let mut bytes = vec![0; chunk.len()];
                let same = file.read_exact(&mut bytes).is_ok() && bytes == chunk;
                (file, same)
            });
            let (back, same) = compared.await?;
            if !same {
                return Ok(false);
            }
            file = back;
        }
        Ok(true)
    }
}

/// What is there where a file is to be.
enum There {
    Nothing(NewFile),
    Same,
    Another,
    /// A file of the object's size, whose bytes may be others.
    Unknown(OpenFile),
}

/// Whether the object's entity tag says that a file has its bytes. Of an object in parts, or an encrypted one, it says nothing.
fn is_same(folder: &Folder, name: &str, object: &Object) -> bool {
    let tag = object.e_tag().unwrap_or_default().trim_matches('"');
    let hash = || {
        let mut file = folder.open(name).ok()?;
        let mut hash = Md5::new();
        loop {
            let bytes = file.next(1024 * 1024).ok()?;
            if bytes.is_empty() {
                return Some(hex(&hash.finalize()));
            }
            hash.update(&bytes);
        }
    };
    tag.len() == 32 && hash().is_some_and(|hash| hash == tag)
}
