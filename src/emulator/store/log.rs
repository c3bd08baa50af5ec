//! What tool calls wrote, kept in the commits of their writes so that it can be taken back.
//!
//! A write that belongs to a tool call notes the images of what it changes; what an image says is the business of whoever
//! writes it. Rows of [`Table::Undo`]:
//! - `T`: how much there is of all calls together;
//! - `C`, a call's id: the order of that call;
//! - `H`, an order: the call ([`Head`]);
//! - `D`, the order of a call that was let go of: its id, and when that was. Its `C` stays so long, so that what it writes
//!   later is not taken for a whole call;
//! - `I`, the order of its call, a number of the store's sequence: an image.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Read, StoreError, Table, Txn};

/// The most bytes of images of all calls together.
pub const MOST_BYTES: u64 = 64 << 20;
/// The most bytes of replaced bodies and deleted tables that images of all calls together keep.
pub const MOST_HELD: u64 = 256 << 20;
/// How long it stays known that a call was let go of, in milliseconds: longer than any call runs.
const MARK_KEPT: u64 = 24 * 60 * 60 * 1000;

/// The tool calls that run in this process just now.
static UNDER_WAY: Mutex<BTreeSet<Uuid>> = Mutex::new(BTreeSet::new());

/// A tool call that runs in this process, for as long as this lives.
#[derive(Debug)]
pub struct UnderWay(Uuid);

impl UnderWay {
    /// From now on, the call of this id runs.
    #[must_use]
    pub fn begin(call: Uuid) -> Self {
        UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner).insert(call);
        Self(call)
    }

    /// The calls that run in this process.
    #[must_use]
    pub fn all() -> BTreeSet<Uuid> {
        UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// The tool call that a request belongs to. Only our own connectors say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The session that the call is one of.
    pub session: Uuid,
    /// The call.
    pub call: Uuid,
    /// The tool.
    pub tool: String,
}

impl ToolCall {
    /// The header that carries it between our own processes.
    pub const HEADER: &'static str = "x-footbridge-tool-call";

    /// As the header has it.
    #[must_use]
    pub fn to_header(&self) -> String {
        format!("{} {} {}", self.session, self.call, self.tool)
    }

    /// From the header; none where it is no such thing.
    #[must_use]
    pub fn of_header(text: &str) -> Option<Self> {
        let mut words = text.splitn(3, ' ');
        let session = words.next()?.parse().ok()?;
        let call = words.next()?.parse().ok()?;
        Some(Self { session, call, tool: words.next()?.to_owned() })
    }
}

/// A tool call whose requests are being answered.
#[derive(Debug)]
pub struct Running {
    call: ToolCall,
    at: u64,
    wrote: AtomicBool,
}

tokio::task_local! {
    static RUNNING: Arc<Running>;
}

impl Running {
    /// Does `work`, a request's, as part of `call`, at `at` in milliseconds since the Unix epoch. What it gives, and
    /// whether anything was noted.
    pub async fn scope<F: Future>(call: ToolCall, at: u64, work: F) -> (F::Output, bool) {
        let running = Arc::new(Self { call, at, wrote: AtomicBool::new(false) });
        let output = RUNNING.scope(Arc::clone(&running), work).await;
        (output, running.wrote.load(Ordering::Acquire))
    }

    /// The call whose request the running task answers.
    pub(super) fn current() -> Option<Arc<Self>> {
        RUNNING.try_with(Arc::clone).ok()
    }
}

/// A call that wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The call.
    #[serde(flatten)]
    pub call: ToolCall,
    /// When it wrote first, in milliseconds since the Unix epoch.
    pub at: u64,
    /// Bytes of its images.
    pub bytes: u64,
    /// Bytes of what they keep from being deleted.
    pub held: u64,
    /// Whether it wrote more than is kept: its images go, and it cannot be taken back.
    #[serde(default)]
    pub dropped: bool,
}

/// How much there is of all calls together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Bytes of images.
    pub bytes: u64,
    /// Bytes of what they keep from being deleted.
    pub held: u64,
}

/// What a write notes.
#[derive(Debug)]
pub(super) struct Log {
    running: Arc<Running>,
    /// Whether it was looked for what is known of its call.
    looked: bool,
    /// The order of its call and what is known of it; nothing any more where it was let go of.
    head: Option<(u64, Option<Head>)>,
    images: Vec<Vec<u8>>,
    held: u64,
}

impl Log {
    pub(super) fn new(running: Arc<Running>) -> Self {
        Self { running, looked: false, head: None, images: Vec::new(), held: 0 }
    }
}

impl Txn<'_> {
    /// Whether what this write changes is to be noted.
    pub fn notes(&mut self) -> Result<bool, StoreError> {
        let Some(mut log) = self.log.take() else { return Ok(false) };
        if !log.looked {
            log.head = find(self, log.running.call.call)?;
            log.looked = true;
        }
        let dropped = log.head.as_ref().is_some_and(|(_, head)| head.as_ref().is_none_or(|head| head.dropped));
        self.log = Some(log);
        Ok(!dropped)
    }

    /// Notes an image, which keeps `held` bytes beside itself. Only where [`notes`](Self::notes) said so.
    pub fn note(&mut self, image: Vec<u8>, held: u64) {
        if let Some(log) = &mut self.log {
            log.images.push(image);
            log.held += held;
        }
    }

    /// Writes what was noted, as part of this write.
    pub(super) fn finish_log(&mut self) -> Result<(), StoreError> {
        let Some(log) = self.log.take() else { return Ok(()) };
        let Log { running, head, images, held, .. } = log;
        if images.is_empty() {
            return Ok(());
        }
        let (order, mut head) = match head {
            Some((order, Some(head))) => (order, head),
            // It was let go of, and `notes` said so.
            Some((_, None)) => return Ok(()),
            None => {
                let order = self.next_sequence()?;
                self.put(Table::Undo, call_key(running.call.call), order.to_be_bytes().to_vec());
                let call = running.call.clone();
                (order, Head { call, at: running.at, bytes: 0, held: 0, dropped: false })
            }
        };
        let mut bytes = 0;
        for image in images {
            bytes += image.len() as u64;
            let number = self.next_sequence()?;
            self.put(Table::Undo, image_key(order, number), image);
        }
        head.bytes += bytes;
        head.held += held;
        head.dropped = head.bytes > MOST_BYTES || head.held > MOST_HELD;
        put_head(self, order, &head)?;
        let totals = totals(self)?;
        put_totals(self, Totals { bytes: totals.bytes + bytes, held: totals.held + held })?;
        running.wrote.store(true, Ordering::Release);
        Ok(())
    }
}

/// The call of this id: its order, and what is known of it, which is nothing any more where it was let go of.
fn find(read: &impl Read, call: Uuid) -> Result<Option<(u64, Option<Head>)>, StoreError> {
    let Some(order) = read.get(Table::Undo, &call_key(call))?.and_then(|row| row.try_into().ok()) else {
        return Ok(None);
    };
    let order = u64::from_be_bytes(order);
    Ok(Some((order, head(read, order)?)))
}

/// What is known of the call of this order.
pub fn head(read: &impl Read, order: u64) -> Result<Option<Head>, StoreError> {
    read.get(Table::Undo, &head_key(order))?.map(|row| decode(&row)).transpose()
}

/// How much there is of all calls together.
pub fn totals(read: &impl Read) -> Result<Totals, StoreError> {
    read.get(Table::Undo, b"T")?.map_or(Ok(Totals::default()), |row| decode(&row))
}

/// Notes how much there is of all calls together.
pub fn put_totals(txn: &mut Txn<'_>, totals: Totals) -> Result<(), StoreError> {
    txn.put(Table::Undo, b"T".to_vec(), encode(&totals)?);
    Ok(())
}

/// Every call that wrote, the oldest first, by its order.
pub fn heads(read: &impl Read) -> Result<Vec<(u64, Head)>, StoreError> {
    let rows = read.prefix(Table::Undo, b"H")?;
    rows.map(|row| {
        let row = row?;
        let order = row.key()[1..].try_into().map(u64::from_be_bytes).map_err(|_| damaged("a key"))?;
        Ok((order, decode(row.value())?))
    })
    .collect()
}

/// The images of a call: the number of each in the order of all, and the image. At most `most`, the oldest first.
pub fn images(read: &impl Read, order: u64, most: usize) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
    let beginning = [b"I".as_slice(), &order.to_be_bytes()].concat();
    let rows = read.prefix(Table::Undo, &beginning)?.take(most);
    rows.map(|row| {
        let row = row?;
        let number = row.key()[beginning.len()..].try_into().map(u64::from_be_bytes);
        Ok((number.map_err(|_| damaged("a key"))?, row.value().to_vec()))
    })
    .collect()
}

/// Every image there is.
pub fn every_image(read: &impl Read) -> Result<Vec<Vec<u8>>, StoreError> {
    read.prefix(Table::Undo, b"I")?.map(|row| Ok(row?.value().to_vec())).collect()
}

/// Deletes an image.
pub fn delete_image(txn: &mut Txn<'_>, order: u64, number: u64) {
    txn.delete(Table::Undo, image_key(order, number));
}

/// Writes what is known of a call.
pub fn put_head(txn: &mut Txn<'_>, order: u64, head: &Head) -> Result<(), StoreError> {
    txn.put(Table::Undo, head_key(order), encode(head)?);
    Ok(())
}

/// Deletes what is known of a call, whose images are gone.
pub fn delete_head(txn: &mut Txn<'_>, order: u64, call: Uuid) {
    txn.delete(Table::Undo, head_key(order));
    txn.delete(Table::Undo, call_key(call));
}

/// Deletes what is known of a call whose images were let go of, but that it was: it may still be writing. What is known so
/// for very long goes.
pub fn let_go(txn: &mut Txn<'_>, order: u64, call: Uuid, now: u64) -> Result<(), StoreError> {
    txn.delete(Table::Undo, head_key(order));
    // A few each time, the oldest: more than come to it.
    let oldest: Vec<_> = txn
        .prefix(Table::Undo, b"D")?
        .take(4)
        .map(|row| row.map(|row| (row.key().to_vec(), row.value().to_vec())))
        .collect::<Result<_, _>>()?;
    for (key, mark) in oldest {
        let (call, at) = mark.split_first_chunk::<16>().ok_or_else(|| damaged("a mark"))?;
        let at = at.try_into().map(u64::from_be_bytes).map_err(|_| damaged("a mark"))?;
        if at.saturating_add(MARK_KEPT) < now {
            txn.delete(Table::Undo, call_key(Uuid::from_bytes(*call)));
            txn.delete(Table::Undo, key);
        }
    }
    let mark = [call.as_bytes().as_slice(), &now.to_be_bytes()].concat();
    txn.put(Table::Undo, [b"D".as_slice(), &order.to_be_bytes()].concat(), mark);
    Ok(())
}

fn head_key(order: u64) -> Vec<u8> {
    [b"H".as_slice(), &order.to_be_bytes()].concat()
}

fn call_key(call: Uuid) -> Vec<u8> {
    [b"C".as_slice(), call.as_bytes()].concat()
}

fn image_key(order: u64, number: u64) -> Vec<u8> {
    [b"I".as_slice(), &order.to_be_bytes(), &number.to_be_bytes()].concat()
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|error| damaged(&error.to_string()))
}

fn decode<T: serde::de::DeserializeOwned>(row: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(row).map_err(|error| damaged(&error.to_string()))
}

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged { table: Table::Undo.name(), what: what.to_owned() }
}

/// An image: what kind of thing changed, what is known of the change, and the row before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image<T> {
    /// What is known of the change.
    pub about: T,
    /// The row before it; none where there was none.
    pub old: Option<Vec<u8>>,
}

impl<T: Serialize + serde::de::DeserializeOwned> Image<T> {
    /// As a row of this kind.
    pub fn encode(&self, kind: u8) -> Result<Vec<u8>, StoreError> {
        let about = encode(&self.about)?;
        let length = u32::try_from(about.len()).unwrap_or(u32::MAX);
        let head = [kind, u8::from(self.old.is_some())];
        Ok([&head, length.to_be_bytes().as_slice(), &about, self.old.as_deref().unwrap_or_default()].concat())
    }

    /// From a row.
    pub fn decode(row: &[u8]) -> Result<Self, StoreError> {
        let short = || damaged("an image is too short");
        let (head, rest) = row.split_at_checked(6).ok_or_else(short)?;
        let length = u32::from_be_bytes([head[2], head[3], head[4], head[5]]) as usize;
        let (about, old) = rest.split_at_checked(length).ok_or_else(short)?;
        Ok(Self { about: decode(about)?, old: (head[1] == 1).then(|| old.to_vec()) })
    }
}

/// What a row was, to tell whether it still is: 32 hexadecimal digits.
#[must_use]
pub fn mark_of(row: &[u8]) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(row);
    crate::hex::hex(&digest[..16])
}
