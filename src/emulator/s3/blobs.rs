//! The only user of object_store: immutable bodies under ids of our own.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as StorePath;
use object_store::{GetOptions, GetRange, GetResultPayload, ObjectStore, ObjectStoreExt, WriteMultipart};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use uuid::Uuid;

use super::begun::{self, Begun};
use super::stamp::{self, Note};
use crate::causes;
use crate::emulator::error::AwsError;
use crate::private;

/// How much of a file one read takes: object_store's own stream reads 8 KiB, four times slower.
pub const READ_CHUNK: usize = 256 << 10;
/// How much of a body one write to the disk takes.
const WRITE_CHUNK: usize = 1 << 20;
/// How many such writes may be under way for one body, which bounds its memory.
const WRITES_UNDER_WAY: usize = 4;

/// Where in a data directory the bodies are.
pub const BLOBS: &str = "blobs";

/// Whether a file of this name, which is no blob's, is ours in their folder: the stamp, the list of what was begun, or a
/// write that is not finished.
#[must_use]
pub fn is_ours_in_blobs(name: &str) -> bool {
    matches!(name, stamp::FILE | begun::FILE) || is_unfinished(name)
}

/// Whether a file of this name is a write of ours that is not finished: LocalFileSystem stages one as `name#number` and
/// renames it when complete.
#[must_use]
pub fn is_unfinished(name: &str) -> bool {
    matches!(name, stamp::UNFINISHED | begun::UNFINISHED)
        || name.split_once('#').is_some_and(|(blob, number)| {
            BlobId::from_name(blob).is_some() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// The name of a blob.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlobId(Uuid);

impl BlobId {
    /// The id as the key of a row: 16 bytes.
    #[must_use]
    pub fn key(self) -> Vec<u8> {
        self.0.as_bytes().to_vec()
    }

    /// The id that a row's key names, or `None` where it is none.
    #[must_use]
    pub fn from_key(key: &[u8]) -> Option<Self> {
        Uuid::from_slice(key).ok().map(Self)
    }

    /// The name of its file: 32 hexadecimal digits.
    #[must_use]
    pub fn name(self) -> String {
        self.0.simple().to_string()
    }

    /// The id that a file's name is, or `None` where it is that of no blob.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let id = Self(Uuid::try_parse(name).ok()?);
        (id.name() == name).then_some(id)
    }

    fn path(self) -> StorePath {
        StorePath::from(self.name())
    }
}

impl From<Uuid> for BlobId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.simple())
    }
}

/// A body could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The disk is full.
    #[error("no space left on the disk that holds the data directory")]
    Full,
    /// The store of bodies failed.
    #[error("the store of bodies failed: {0}")]
    Store(#[from] object_store::Error),
    /// Reading or writing a file failed.
    #[error("the store of bodies failed: {0}")]
    Io(#[from] std::io::Error),
    /// A blob is shorter than its row says.
    #[error("blob {0:?} is shorter than it should be")]
    Short(BlobId),
    /// A blob's bytes are not those that it was written with.
    #[error("blob {0:?} is damaged: its checksum is not the one that it was stored with; `footbridge fsck` tells more")]
    Damaged(BlobId),
}

impl BlobError {
    fn is_full(&self) -> bool {
        let system = causes::of(self).filter_map(|cause| cause.downcast_ref::<std::io::Error>());
        system.into_iter().any(|error| error.kind() == std::io::ErrorKind::StorageFull)
    }
}

impl From<BlobError> for AwsError {
    fn from(error: BlobError) -> Self {
        let error = if error.is_full() { BlobError::Full } else { error };
        tracing::error!(%error, "a body could not be kept or read");
        Self::new(500, "InternalError", format!("We encountered an internal error. Please try again. ({error})"))
    }
}

/// Counts that tests look at.
#[derive(Debug, Default)]
pub struct BlobCounters {
    /// Bytes of bodies read from blobs.
    pub bytes_read: AtomicU64,
    /// Blobs deleted.
    pub deleted: AtomicU64,
}

/// All bodies of one data directory. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Arc<dyn ObjectStore>,
    /// The directory, to clear what broken-off writes left there.
    directory: Option<PathBuf>,
    counters: BlobCounters,
    /// Blobs being written that no row names yet.
    pending: Mutex<HashSet<BlobId>>,
    readers: Mutex<Readers>,
    /// Told when the last reader of an epoch has gone.
    released: Notify,
    /// The folder's stamp; none in memory.
    note: Mutex<Option<Note>>,
    /// The list of what was begun; none in memory.
    begun: Mutex<Option<Begun>>,
}

/// Who reads, by when they began: what was freed after that is not deleted yet.
#[derive(Debug, Default)]
struct Readers {
    epoch: u64,
    open: BTreeMap<u64, usize>,
}

impl Blobs {
    /// Bodies as files in `directory`, which is created; each is synced to the disk before it counts as written.
    pub fn in_directory(directory: &Path) -> Result<Self, BlobError> {
        private::directory(directory)?;
        let store = LocalFileSystem::new_with_prefix(directory)?.with_fsync(true);
        Ok(Self::over(Arc::new(store), Some(directory.to_path_buf())))
    }

    /// Bodies in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::over(Arc::new(InMemory::new()), None)
    }

    fn over(store: Arc<dyn ObjectStore>, directory: Option<PathBuf>) -> Self {
        Self(Arc::new(Inner {
            store,
            directory,
            counters: BlobCounters::default(),
            pending: Mutex::default(),
            readers: Mutex::default(),
            released: Notify::new(),
            note: Mutex::default(),
            begun: Mutex::default(),
        }))
    }

    /// Counts since opening.
    #[must_use]
    pub fn counters(&self) -> &BlobCounters {
        &self.0.counters
    }

    /// From now on the folder's stamp follows the database in `note`.
    pub(super) fn note_in(&self, note: Note) {
        *lock(&self.0.note) = Some(note);
    }

    /// From now on each body is listed in `begun` before its file is made.
    pub(super) fn list_in(&self, begun: Begun) {
        *lock(&self.0.begun) = Some(begun);
    }

    /// Lists `id` as begun. Without it, what would be left of the write would only be moved aside.
    fn begun(&self, id: BlobId) {
        if let Some(begun) = lock(&self.0.begun).as_mut()
            && let Err(error) = begun.add(id)
        {
            tracing::warn!(%error, "the list of bodies that were begun could not be kept up");
        }
    }

    /// Rows name `ids`, or they are deleted: they are no leftovers from now on.
    pub(super) fn settled(&self, ids: &[BlobId]) {
        let mut begun = lock(&self.0.begun);
        let Some(begun) = begun.as_mut() else { return };
        for id in ids {
            if let Err(error) = begun.settle(*id) {
                tracing::warn!(%error, "the list of bodies that were begun could not be kept up");
            }
        }
    }

    /// Bodies that were begun and that no row was seen to name: those of writes under way and of writes that broke off.
    pub(super) fn unsettled(&self) -> Vec<BlobId> {
        lock(&self.0.begun).as_ref().map_or_else(Vec::new, Begun::open)
    }

    /// Notes that the database names new bodies, as of its `sequence`. The commit is durable, and nobody was told of it yet:
    /// without the note, only a copy of the database made just before and put back later would miss anything.
    pub(super) fn note(&self, sequence: u64) {
        if let Some(note) = lock(&self.0.note).as_mut()
            && let Err(error) = note.set(sequence)
        {
            tracing::warn!(%error, "the stamp of the folder of bodies could not be kept up");
        }
    }

    /// Makes the notes durable. Waits for the disk.
    pub(super) fn sync_note(&self) {
        if let Some(note) = lock(&self.0.note).as_mut()
            && let Err(error) = note.sync()
        {
            tracing::warn!(%error, "the stamp of the folder of bodies could not be synced");
        }
    }

    /// Takes `id` for a blob that is about to be written, or `None` where another write has it.
    pub(super) fn reserve(&self, id: BlobId) -> Option<Reserved> {
        let fresh = lock(&self.0.pending).insert(id);
        fresh.then(|| Reserved { id, blobs: self.clone() })
    }

    /// Whether a write under way has this id.
    pub(super) fn is_pending(&self, id: BlobId) -> bool {
        lock(&self.0.pending).contains(&id)
    }

    /// Writes a whole blob, durable on return.
    pub(super) async fn put(&self, id: BlobId, bytes: Bytes) -> Result<(), BlobError> {
        self.begun(id);
        self.0.store.put(&id.path(), bytes.into()).await?;
        self.close_to_others(&id.name())
    }

    /// object_store makes files by the umask.
    fn close_to_others(&self, name: &str) -> Result<(), BlobError> {
        match &self.0.directory {
            Some(directory) => Ok(private::file(&directory.join(name))?),
            None => Ok(()),
        }
    }

    /// Begins a blob that is written piece by piece.
    pub(super) async fn begin(&self, id: BlobId) -> Result<Writing, BlobError> {
        self.begun(id);
        let upload = self.0.store.put_multipart(&id.path()).await?;
        // The id is reserved and what broke off is cleared, so the name of the unfinished file is the first one.
        self.close_to_others(&format!("{}#1", id.name()))?;
        Ok(Writing(WriteMultipart::new_with_chunk_size(upload, WRITE_CHUNK)))
    }

    /// Deletes a blob; one that is not there is no error.
    pub(super) async fn delete(&self, id: BlobId) -> Result<(), BlobError> {
        match self.0.store.delete(&id.path()).await {
            Ok(()) => {
                self.0.counters.deleted.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Every blob there is, whether a row names it or not.
    pub async fn list(&self) -> Result<Vec<BlobId>, BlobError> {
        if let Some(directory) = self.0.directory.clone() {
            let listed = tokio::task::spawn_blocking(move || names(&directory)).await;
            return Ok(listed.map_err(|_| std::io::Error::other("listing the bodies broke off"))??);
        }
        let all: Vec<_> = self.0.store.list(None).try_collect().await?;
        Ok(all.iter().filter_map(|meta| BlobId::from_name(meta.location.as_ref())).collect())
    }

    /// Removes the unfinished files of writes that a crash broke off. Only before the first write.
    pub(super) fn clear_unfinished(&self) -> Result<(), BlobError> {
        let Some(directory) = &self.0.directory else { return Ok(()) };
        for entry in std::fs::read_dir(directory)? {
            let entry = entry?;
            if entry.file_name().to_str().is_some_and(is_unfinished) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Opens a part of a blob for reading. Reads nothing beyond `range`.
    pub(super) async fn read(&self, id: BlobId, range: Range<u64>) -> Result<Reading, BlobError> {
        let options = GetOptions { range: Some(GetRange::Bounded(range.clone())), ..GetOptions::default() };
        let got = self.0.store.get_opts(&id.path(), options).await?;
        let source = match got.payload {
            GetResultPayload::File(file, _) => Source::File(Arc::new(file)),
            GetResultPayload::Stream(stream) => {
                let chunks: Vec<Bytes> = stream.try_collect().await?;
                Source::Memory(chunks.into_iter().rev().collect())
            }
        };
        Ok(Reading { id, source, at: range.start, end: range.end, blobs: self.clone() })
    }

    /// Announces a reader: blobs freed from now on stay until it is dropped. Taken before the reader's snapshot.
    pub(super) fn reader(&self) -> Reader {
        let mut readers = lock(&self.0.readers);
        let epoch = readers.epoch;
        *readers.open.entry(epoch).or_default() += 1;
        drop(readers);
        Reader { epoch, blobs: self.clone() }
    }

    /// The epoch of blobs that a commit has just freed; readers that come later do not see them.
    pub(super) fn freed(&self) -> u64 {
        let mut readers = lock(&self.0.readers);
        let epoch = readers.epoch;
        readers.epoch += 1;
        epoch
    }

    /// Waits until readers of some epoch have gone.
    pub(super) async fn released(&self) {
        self.0.released.notified().await;
    }

    /// Whether no reader is left that may see what was freed in `epoch`.
    pub(super) fn is_unseen(&self, epoch: u64) -> bool {
        lock(&self.0.readers).open.keys().next().is_none_or(|oldest| *oldest > epoch)
    }
}

/// The bodies directly in `directory`: what lies deeper is not ours, whatever its name, and need not be open to us.
fn names(directory: &Path) -> std::io::Result<Vec<BlobId>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        if let Some(id) = entry.file_name().to_str().and_then(BlobId::from_name)
            && !entry.file_type()?.is_dir()
        {
            names.push(id);
        }
    }
    Ok(names)
}

/// Keeps the blobs that its owner may read.
#[derive(Debug)]
pub(super) struct Reader {
    epoch: u64,
    blobs: Blobs,
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut readers = lock(&self.blobs.0.readers);
        if let Some(count) = readers.open.get_mut(&self.epoch) {
            *count -= 1;
            if *count == 0 {
                readers.open.remove(&self.epoch);
                self.blobs.0.released.notify_one();
            }
        }
    }
}

/// An id that is being written and that no row names yet.
#[derive(Debug)]
pub(super) struct Reserved {
    id: BlobId,
    blobs: Blobs,
}

impl Reserved {
    pub(super) fn id(&self) -> BlobId {
        self.id
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        lock(&self.blobs.0.pending).remove(&self.id);
    }
}

/// A blob being written. Dropping it leaves nothing.
#[derive(Debug)]
pub(super) struct Writing(WriteMultipart);

impl Writing {
    /// Adds `bytes`, waiting while too much is on its way to the disk.
    pub(super) async fn write(&mut self, bytes: Bytes) -> Result<(), BlobError> {
        self.0.wait_for_capacity(WRITES_UNDER_WAY).await?;
        self.0.put(bytes);
        Ok(())
    }

    /// Makes the blob durable.
    pub(super) async fn finish(self) -> Result<(), BlobError> {
        self.0.finish().await?;
        Ok(())
    }

    /// Gives the blob up.
    pub(super) async fn abort(self) -> Result<(), BlobError> {
        self.0.abort().await?;
        Ok(())
    }
}

/// A part of a blob being read.
#[derive(Debug)]
pub(super) struct Reading {
    id: BlobId,
    source: Source,
    at: u64,
    end: u64,
    blobs: Blobs,
}

#[derive(Debug)]
enum Source {
    File(Arc<std::fs::File>),
    /// The chunks still to come, the next one last.
    Memory(Vec<Bytes>),
}

impl Reading {
    /// The next bytes, at most [`READ_CHUNK`] of them from a file; `None` at the end of the range.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, BlobError> {
        if self.at >= self.end {
            return Ok(None);
        }
        let bytes = match &mut self.source {
            Source::Memory(chunks) => chunks.pop().ok_or(BlobError::Short(self.id))?,
            Source::File(file) => {
                let wanted = usize::try_from(self.end - self.at).unwrap_or(READ_CHUNK).min(READ_CHUNK);
                let (file, at) = (Arc::clone(file), self.at);
                tokio::task::spawn_blocking(move || read_at(&file, at, wanted))
                    .await
                    .map_err(|_| std::io::Error::other("a read broke off"))??
            }
        };
        if bytes.is_empty() {
            return Err(BlobError::Short(self.id));
        }
        self.at += bytes.len() as u64;
        self.blobs.0.counters.bytes_read.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(Some(bytes))
    }
}

/// Up to `wanted` bytes of `file` from `at`; fewer only at its end.
fn read_at(file: &std::fs::File, at: u64, wanted: usize) -> std::io::Result<Bytes> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = file;
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::with_capacity(wanted);
    file.take(wanted as u64).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
