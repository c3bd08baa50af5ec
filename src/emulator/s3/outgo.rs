//! Giving a body out: the bytes of a version, whole or in part, from one blob or from many.
//!
//! What is read of a blob from its first byte to its last is held against the blob's checksum while it is read: before
//! the answer begins where it is short, else before the last bytes leave, so that a damaged body never arrives whole.
//! Of a larger blob's part nothing can be told.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::{Bytes, BytesMut};
use futures::stream;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio::sync::mpsc;

use super::blobs::{BlobError, BlobId, Blobs, READ_CHUNK, Reader, Reading};
use super::catalogue::{BlobRow, Content, Part, Version};
use super::checksum::{Checksum, Hasher};
use super::error;
use super::ingest::RIDER_LIMIT;
use crate::emulator::body::{self, Body, BoxError};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, StoreError, Table};

/// How many chunks are read ahead of the client.
const AHEAD: usize = 1;

/// A version and where it lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub bucket: &'a str,
    pub key: &'a str,
    pub version: &'a Version,
}

impl Source<'_> {
    /// As the log names it.
    fn name(&self) -> String {
        let Self { bucket, key, version } = self;
        format!("s3://{bucket}/{key}, version {}", version.id)
    }

    /// The answer where its bytes could not be read.
    fn failed(&self, error: BlobError) -> AwsError {
        tracing::error!(object = self.name(), %error, "an object could not be read");
        error.into()
    }
}

/// A piece of a body.
enum Piece {
    /// Bytes that are here and were checked.
    Bytes(Bytes),
    Blob(Slice),
}

/// A blob, or a part of one.
struct Slice {
    id: BlobId,
    /// The blob's length.
    size: u64,
    range: Range<u64>,
    checksum: Option<Checksum>,
}

impl Slice {
    /// What is read for it: a small blob is read whole, because only then its checksum tells.
    fn reach(&self) -> Range<u64> {
        if self.size <= RIDER_LIMIT as u64 { 0..self.size } else { self.range.clone() }
    }

    /// Whether it is read before the first of it goes out.
    fn is_short(&self) -> bool {
        let reach = self.reach();
        reach.end - reach.start <= READ_CHUNK as u64
    }

    /// What its bytes have to prove, where all of the blob is read.
    fn proof(&self) -> Option<Proof> {
        let checksum = self.checksum.as_ref().filter(|_| self.reach() == (0..self.size))?;
        Some(Proof::new(self.id, checksum.clone()))
    }

    async fn read(&self, blobs: &Blobs) -> Result<Bytes, BlobError> {
        let reach = self.reach();
        let mut reading = blobs.read(self.id, reach.clone()).await?;
        let mut all = reading.next().await?.unwrap_or_default();
        while let Some(more) = reading.next().await? {
            let mut joined = BytesMut::from(all);
            joined.extend_from_slice(&more);
            all = joined.freeze();
        }
        if let Some(mut proof) = self.proof() {
            proof.update(&all);
            proof.check()?;
        }
        cut(&all, self.range.start - reach.start..self.range.end - reach.start).ok_or(BlobError::Short(self.id))
    }
}

/// A blob's bytes on their way, and the checksum that they have to come to.
struct Proof {
    id: BlobId,
    hasher: Hasher,
    expected: String,
}

impl Proof {
    fn new(id: BlobId, checksum: Checksum) -> Self {
        Self { id, hasher: Hasher::new(checksum.algorithm), expected: checksum.value }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    fn check(self) -> Result<(), BlobError> {
        if self.hasher.finish() == self.expected { Ok(()) } else { Err(BlobError::Damaged(self.id)) }
    }
}

/// The bytes `range` of a version as a body. `reader` was taken before `read`, and keeps the blobs until the body ends.
pub(super) async fn open(
    blobs: &Blobs,
    reader: Reader,
    read: impl Read,
    source: Source<'_>,
    range: Range<u64>,
) -> Result<Body, AwsError> {
    let mut pieces = plan(&read, source, &range)?;
    drop(read);
    // Begun before the answer is, so that a blob that cannot be read is an error and not a broken body.
    let mut first = None;
    if let Some(Piece::Blob(slice)) = pieces.front() {
        if slice.is_short() {
            let bytes = slice.read(blobs).await.map_err(|error| source.failed(error))?;
            pieces[0] = Piece::Bytes(bytes);
        } else {
            let opened = blobs.read(slice.id, slice.range.clone()).await;
            first = Some(opened.map_err(|error| source.failed(error))?);
        }
    }
    match pieces.front() {
        None => return Ok(body::empty()),
        Some(Piece::Bytes(bytes)) if pieces.len() == 1 => return Ok(body::full(bytes.clone())),
        Some(_) => {}
    }
    let (sender, mut receiver) = mpsc::channel(AHEAD);
    let (blobs, object) = (blobs.clone(), source.name());
    tokio::spawn(async move {
        let _reader = reader;
        if let Err(error) = send(&blobs, first, pieces, &sender).await {
            tracing::error!(object, %error, "an object broke off while it was read");
            let _ = sender.send(Err(BoxError::from(error))).await;
        }
    });
    let frames = stream::poll_fn(move |context| receiver.poll_recv(context));
    Ok(StreamBody::new(frames).boxed())
}

/// As [`open`], for a copy: a blob that cannot be read is our failure, not a broken upload.
pub(super) async fn open_for_copy(
    blobs: &Blobs,
    reader: Reader,
    read: impl Read,
    source: Source<'_>,
    range: Range<u64>,
) -> Result<Body, AwsError> {
    let body = open(blobs, reader, read, source, range).await?;
    let ours = |failure: BoxError| match failure.downcast::<BlobError>() {
        Ok(error) => AwsError::from(*error),
        Err(other) => error::internal(&other.to_string()),
    };
    Ok(body.map_err(move |failure| BoxError::from(ours(failure))).boxed())
}

/// Where the pieces of a body go.
type Sender = mpsc::Sender<Result<Frame<Bytes>, BoxError>>;

/// The client went away.
struct Gone;

async fn send(
    blobs: &Blobs,
    mut opened: Option<Reading>,
    pieces: VecDeque<Piece>,
    sender: &Sender,
) -> Result<(), BlobError> {
    for piece in pieces {
        let sent = match piece {
            Piece::Bytes(bytes) => give(bytes, sender).await,
            Piece::Blob(slice) if slice.is_short() => give(slice.read(blobs).await?, sender).await,
            Piece::Blob(slice) => {
                let reading = match opened.take() {
                    Some(reading) => reading,
                    None => blobs.read(slice.id, slice.range.clone()).await?,
                };
                forward(reading, slice.proof(), sender).await?
            }
        };
        if let Err(Gone) = sent {
            break;
        }
    }
    Ok(())
}

/// Sends what `reading` reads; the last bytes only when all of them have proved themselves.
async fn forward(
    mut reading: Reading,
    mut proof: Option<Proof>,
    sender: &Sender,
) -> Result<Result<(), Gone>, BlobError> {
    let mut held = Bytes::new();
    while let Some(bytes) = reading.next().await? {
        if let Some(proof) = &mut proof {
            proof.update(&bytes);
        }
        let before = std::mem::replace(&mut held, bytes);
        if let Err(gone) = give(before, sender).await {
            return Ok(Err(gone));
        }
    }
    if let Some(proof) = proof {
        proof.check()?;
    }
    Ok(give(held, sender).await)
}

async fn give(bytes: Bytes, sender: &Sender) -> Result<(), Gone> {
    if bytes.is_empty() {
        return Ok(());
    }
    sender.send(Ok(Frame::data(bytes))).await.map_err(|_| Gone)
}

/// Which pieces make up `range`.
fn plan(read: &impl Read, source: Source<'_>, range: &Range<u64>) -> Result<VecDeque<Piece>, AwsError> {
    let version = source.version;
    let mut pieces = VecDeque::new();
    let mut push = |id, start: u64, size: u64, named: Option<&Checksum>| {
        let (from, to) = (range.start.max(start), range.end.min(start + size));
        if from < to {
            let checksum = BlobRow::checksum(read, id, named)?;
            pieces.push_back(piece(read, source, Slice { id, size, range: from - start..to - start, checksum })?);
        }
        Ok::<_, AwsError>(())
    };
    match &version.content {
        Content::Blob(id) => push(*id, 0, version.size, version.checksum.as_ref())?,
        Content::Parts(upload) => {
            let mut start = 0;
            for part in Part::after(read, upload, 0)? {
                let (_, part) = part?;
                if start >= range.end {
                    break;
                }
                push(part.blob, start, part.size, Some(&part.checksum))?;
                start += part.size;
            }
        }
        Content::Marker => {}
    }
    Ok(pieces)
}

/// The piece that `slice` is: bytes where they still ride in the store.
fn piece(read: &impl Read, source: Source<'_>, slice: Slice) -> Result<Piece, AwsError> {
    let Some(rider) = read.get(Table::Riders, &slice.id.key())? else { return Ok(Piece::Blob(slice)) };
    if let Some(mut proof) = slice.checksum.map(|checksum| Proof::new(slice.id, checksum)) {
        proof.update(&rider);
        proof.check().map_err(|error| source.failed(error))?;
    }
    let bytes = cut(&Bytes::from(rider), slice.range);
    let bytes = bytes.ok_or_else(|| StoreError::Damaged {
        table: "riders",
        what: format!("{:?} is shorter than its row says", slice.id),
    })?;
    Ok(Piece::Bytes(bytes))
}

/// The bytes `range` of `bytes`, where it has them.
fn cut(bytes: &Bytes, range: Range<u64>) -> Option<Bytes> {
    let (low, high) = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok())?;
    (high <= bytes.len()).then(|| bytes.slice(low..high))
}
