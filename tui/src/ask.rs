//! What a person asks for through the dashboard, and what comes: the stored data, a call in full, what runs.
//!
//! The rest of footbridge implements [`Data`]. Answers are fetched beside the loop, never in it; each [`Ask`] is a page, never a
//! whole listing. Items are in footbridge's natural JSON.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use footbridge_record::Call;
use serde_json::Value;

use crate::request::{Decision, Name};
use crate::row::Place;

/// Answers what the dashboard asks. Called from threads that may wait.
pub trait Data: Send + Sync + 'static {
    /// The answer to `ask`, as far as it can be given.
    ///
    /// # Errors
    /// [`Trouble`] is shown where the answer would be.
    fn answer(&self, ask: &Ask, watch: &Watch) -> Result<Answer, Trouble>;
}

/// What long work looks at and reports to.
pub struct Watch {
    off: Arc<AtomicBool>,
    report: Box<dyn Fn(Progress) + Send>,
}

impl Watch {
    /// One that is called off by setting `off`, and that gives reports to `report`.
    #[must_use]
    pub fn new(off: Arc<AtomicBool>, report: impl Fn(Progress) + Send + 'static) -> Self {
        Self { off, report: Box::new(report) }
    }

    /// One that nobody calls off or listens to.
    #[must_use]
    pub fn idle() -> Self {
        Self::new(Arc::default(), |_| {})
    }

    /// Whether nobody wants the answer any more.
    #[must_use]
    pub fn is_called_off(&self) -> bool {
        self.off.load(Ordering::Relaxed)
    }

    /// Says how far it is.
    pub fn report(&self, progress: Progress) {
        (self.report)(progress);
    }
}

/// How far long work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// So many bytes, items or calls are done.
    pub done: u64,
    /// Of so many, where that is known.
    pub total: Option<u64>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Trouble {
    /// AWS's error code, or footbridge's.
    pub code: String,
    /// The sentence with it.
    pub message: String,
}

impl Trouble {
    /// The code where something else is there than was seen, so nothing was written.
    pub const OVERTAKEN: &'static str = "overtaken";
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// A call in full. [`Answer::Call`].
    Call(Place),
    /// Write these calls to a file. [`Answer::Saved`].
    SaveCalls {
        /// Which, in the order in which they are written.
        places: Vec<Place>,
        /// The file, made anew; an existing one is refused.
        to: String,
        /// As what.
        format: CallFormat,
    },
    /// Make a call again. [`Answer::Replayed`].
    Replay(Place),
    /// A page of buckets. [`Answer::Buckets`].
    Buckets {
        /// The page's token, from the page before.
        after: Option<String>,
    },
    /// A page of what lies directly below a prefix. [`Answer::Objects`].
    Objects {
        /// The bucket.
        bucket: String,
        /// What keys begin with; empty for all.
        prefix: String,
        /// The page's token, from the page before.
        after: Option<String>,
    },
    /// A page of versions and delete markers below a prefix. [`Answer::Objects`].
    Versions {
        /// The bucket.
        bucket: String,
        /// What keys begin with; empty for all.
        prefix: String,
        /// The page's token, from the page before.
        after: Option<String>,
    },
    /// What is known of an object beside its bytes. [`Answer::Object`].
    Object(ObjectName),
    /// Some of an object's bytes. [`Answer::Bytes`].
    Bytes {
        /// The object.
        object: ObjectName,
        /// The first byte.
        from: u64,
        /// At most so many.
        length: u64,
    },
    /// Write an object to a file. [`Answer::Saved`], with progress.
    Download {
        /// The object.
        object: ObjectName,
        /// The file, made anew; an existing one is refused.
        to: String,
    },
    /// Write a file to an object. [`Answer::Done`], with progress; [`Trouble`] with [`Trouble::OVERTAKEN`] where there is
    /// something else than was seen, which stays.
    Upload {
        /// The file.
        from: String,
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
        /// The ETag of the object to replace, as it was seen; `None` where none may be there yet.
        over: Option<String>,
    },
    /// A URL that anybody can use for a while. [`Answer::Text`].
    Presign {
        /// The object.
        object: ObjectName,
        /// Whether it is for sending the object, not for fetching it.
        put: bool,
        /// For so many seconds.
        seconds: u64,
    },
    /// Delete objects or versions. [`Answer::Done`].
    DeleteObjects(Vec<ObjectName>),
    /// A page of tables. [`Answer::Tables`].
    Tables {
        /// The page's token, from the page before.
        after: Option<String>,
    },
    /// What is known of a table. [`Answer::Table`].
    Table(String),
    /// A page of items. [`Answer::Items`].
    Items(Read),
    /// Write an item. [`Answer::Done`]; [`Trouble`] with `ConditionalCheckFailedException` where it is not as it was seen.
    Write {
        /// The table.
        table: String,
        /// The item as it was seen, on which the write hangs; `None` for one that must not be there yet.
        seen: Option<Value>,
        /// The item as it shall be; `None` to delete it.
        item: Option<Value>,
    },
    /// Records of a table's stream. [`Answer::Stream`].
    Stream {
        /// The table.
        table: String,
        /// Where to go on, from the answer before; `None` begins with the latest.
        after: Option<String>,
    },
    /// Write a text to a file. [`Answer::Saved`].
    Save {
        /// The file, made anew; an existing one is refused.
        to: String,
        /// What it holds.
        text: String,
    },
    /// Look at another region from now on. [`Answer::Done`].
    Region(String),
    /// What runs and what there is. [`Answer::Sessions`].
    Sessions,
    /// Answer a call that waits for a person. [`Answer::Done`] with what came of it; [`Trouble`] where it was answered,
    /// given up or out of time by then.
    Decide {
        /// Which.
        request: Name,
        /// What the person says.
        decision: Decision,
    },
}

impl Ask {
    /// Whether it changes something: what is stored, or a file of the person's.
    #[must_use]
    pub fn changes(&self) -> bool {
        match self {
            Self::SaveCalls { .. }
            | Self::Replay(_)
            | Self::Download { .. }
            | Self::Upload { .. }
            | Self::DeleteObjects(_)
            | Self::Write { .. }
            | Self::Save { .. }
            | Self::Decide { .. } => true,
            Self::Call(_)
            | Self::Buckets { .. }
            | Self::Objects { .. }
            | Self::Versions { .. }
            | Self::Object(_)
            | Self::Bytes { .. }
            | Self::Presign { .. }
            | Self::Tables { .. }
            | Self::Table(_)
            | Self::Items(_)
            | Self::Stream { .. }
            | Self::Region(_)
            | Self::Sessions => false,
        }
    }
}

/// What calls are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallFormat {
    /// A call a line, as `journal tail --json` prints it and `replay` reads it.
    Ndjson,
    /// HTTP Archive 1.2.
    Har,
}

/// An object, or a version of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ObjectName {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The version; `None` for the current one.
    pub version: Option<String>,
}

/// What comes.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A call in full; `None` where the journal no longer has it.
    Call(Option<Box<Call>>),
    /// A file was written.
    Saved {
        /// Which, as an absolute path.
        path: String,
        /// Bytes in it.
        bytes: u64,
    },
    /// A call was made again.
    Replayed {
        /// The call made now, as it would be recorded.
        call: Box<Call>,
        /// What differs from what came before, a line each; empty where nothing does.
        differences: Vec<String>,
    },
    /// Buckets, by name.
    Buckets(Page<Bucket>),
    /// Folders and objects, or versions, by key.
    Objects(Page<Entry>),
    /// An object beside its bytes.
    Object(Box<ObjectFacts>),
    /// Some bytes.
    Bytes {
        /// The first byte's place.
        from: u64,
        /// Bytes of the whole object.
        total: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// A text, such as a URL.
    Text(String),
    /// It is done; what there is to say of it.
    Done(String),
    /// Tables, by name.
    Tables(Page<String>),
    /// A table.
    Table(Box<TableFacts>),
    /// Items.
    Items(ItemPage),
    /// Records of a stream.
    Stream {
        /// The records, the oldest first.
        records: Vec<StreamRecord>,
        /// Where to go on.
        next: String,
    },
    /// What runs.
    Sessions(Box<Sessions>),
}

/// A page of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub rows: Vec<T>,
    /// The token of the next page, where there is one.
    pub next: Option<String>,
}

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// When it was made, in milliseconds since the Unix epoch, where that is known.
    pub created: Option<u64>,
    /// Its region, where the listing says so.
    pub region: Option<String>,
}

/// A line of a bucket's listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// What begins so goes on: `photos/2026/`.
    Folder(String),
    /// An object, a version of one, or a delete marker.
    Object {
        /// The key.
        key: String,
        /// The version, in a listing of versions.
        version: Option<String>,
        /// Whether it is the current version.
        latest: bool,
        /// Whether it is a delete marker, which has no bytes.
        marker: bool,
        /// Bytes.
        size: u64,
        /// When it was written, in milliseconds since the Unix epoch, where that is known.
        modified: Option<u64>,
        /// The storage class, such as `STANDARD`.
        class: String,
    },
}

/// What is known of an object beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectFacts {
    /// Bytes.
    pub size: u64,
    /// `Content-Type`; empty where there is none.
    pub content_type: String,
    /// Names and values in the order to show: `ETag`, `Last-Modified`, `Cache-Control`, checksums, encryption ...
    pub headers: Vec<(String, String)>,
    /// User metadata, without `x-amz-meta-`.
    pub metadata: Vec<(String, String)>,
    /// Tags; `None` where they could not be read.
    pub tags: Option<Vec<(String, String)>>,
}

/// What is known of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableFacts {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// `ACTIVE`, `CREATING` ...
    pub status: String,
    /// The hash key, and the range key where there is one.
    pub keys: Vec<KeyPart>,
    /// Its indexes.
    pub indexes: Vec<IndexFacts>,
    /// How many items there are, as AWS counts every six hours; the emulator counts at once.
    pub items: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// `on demand`, or what is provisioned.
    pub billing: String,
    /// `NEW_AND_OLD_IMAGES` ..., while its stream is on.
    pub stream: Option<String>,
    /// The attribute that items expire by, where there is one.
    pub ttl: Option<String>,
    /// Names and values of what else there is to say.
    pub more: Vec<(String, String)>,
}

/// A key attribute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyPart {
    /// Its name.
    pub name: String,
    /// `S`, `N` or `B`.
    pub kind: String,
    /// Whether it is a part of the range key.
    pub range: bool,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndexFacts {
    /// Its name.
    pub name: String,
    /// Whether it is a global one.
    pub global: bool,
    /// Its keys, hash first.
    pub keys: Vec<KeyPart>,
    /// `ALL`, `KEYS_ONLY`, or `INCLUDE` and the attributes.
    pub projection: String,
    /// `ACTIVE`, `CREATING` ...
    pub status: String,
    /// How many items there are in it.
    pub items: u64,
}

/// Which items are wanted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Read {
    /// The table.
    pub table: String,
    /// The index; `None` for the table itself.
    pub index: Option<String>,
    /// By key; `None` scans.
    pub key: Option<KeyCondition>,
    /// A filter expression as DynamoDB has it, with literal values (`price > 10 AND begins_with(name, "a")`); empty for none.
    pub filter: String,
    /// Whether the last come first.
    pub descending: bool,
    /// At most so many items are read for the page.
    pub limit: u32,
    /// The page's token, from the page before.
    pub after: Option<String>,
}

/// Which keys are wanted. Values are as a person types them: `a1`, `7`; what kind they are hangs on the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyCondition {
    /// The value of each part of the hash key.
    pub hash: Vec<String>,
    /// What is asked of the range key, part by part: `=`, `<`, `<=`, `>`, `>=`, `begins_with`, `between`, and one value or two.
    pub range: Vec<(String, Vec<String>)>,
}

/// A page of items.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ItemPage {
    /// The items.
    pub items: Vec<Value>,
    /// The token of the next page, where there is one.
    pub next: Option<String>,
    /// Items that were read before the filter chose.
    pub scanned: u64,
    /// Capacity units that it took.
    pub capacity: f64,
}

/// A record of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamRecord {
    /// When, in milliseconds since the Unix epoch.
    pub at: u64,
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub event: String,
    /// The keys.
    pub keys: Value,
    /// The item before, where the stream has it.
    pub old: Option<Value>,
    /// The item after, where the stream has it.
    pub new: Option<Value>,
}

/// What runs, and what there is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sessions {
    /// The processes of the data directory.
    pub processes: Vec<Process>,
    /// Names and values of what else there is to say: disk, memory, versions.
    pub facts: Vec<(String, String)>,
    /// Accounts and regions that hold data.
    pub regions: Vec<Region>,
    /// The last lines of the log, the oldest first.
    pub log: Vec<String>,
}

/// A process of the data directory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// `serve`, `mcp`, `tui` ...
    pub command: String,
    /// Whether it owns the data.
    pub owner: bool,
    /// Whether it is this one.
    pub own: bool,
    /// The store; empty for the data directory's own.
    pub store: String,
    /// Where its calls go: `local`, `aws 123456789012 eu-west-1` ...
    pub target: String,
    /// `read-only`, `ask` or `read-write`.
    pub mode: String,
    /// The MCP client, where it has one.
    pub client: String,
    /// The endpoint that it offers.
    pub endpoint: String,
    /// When it began, in milliseconds since the Unix epoch.
    pub started: u64,
    /// Bytes of memory, where the system says so.
    pub memory: Option<u64>,
}

/// An account's data in a region.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Region {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// How many tables.
    pub tables: u64,
    /// How many buckets.
    pub buckets: u64,
}
