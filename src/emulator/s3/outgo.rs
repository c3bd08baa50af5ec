//! Giving a body out: the bytes of a version, whole or in part, from one blob or from many.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;
use futures::stream;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio::sync::mpsc;

use super::blobs::{BlobError, BlobId, Blobs, READ_CHUNK, Reader, Reading};
use super::catalogue::{Content, Part, Version};
use super::error;
use crate::emulator::body::{self, Body, BoxError};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, StoreError, Table};

/// How many chunks are read ahead of the client.
const AHEAD: usize = 1;

/// A piece of a body.
enum Piece {
    Bytes(Bytes),
    Blob(BlobId, Range<u64>),
}

/// The bytes `range` of `version` as a body. `reader` was taken before `read`, and keeps the blobs until the body ends.
pub(super) async fn open(
    blobs: &Blobs,
    reader: Reader,
    read: impl Read,
    version: &Version,
    range: Range<u64>,
) -> Result<Body, AwsError> {
    let mut pieces = plan(&read, version, &range)?;
    drop(read);
    let length = range.end - range.start;
    if pieces.len() <= 1 && length <= READ_CHUNK as u64 {
        return Ok(body::full(match pieces.pop_front() {
            None => Bytes::new(),
            Some(Piece::Bytes(bytes)) => bytes,
            Some(Piece::Blob(id, range)) => read_small(blobs, id, range).await?,
        }));
    }
    // Opened before the answer begins, so that a blob that cannot be read is an error and not a broken body.
    let first = match pieces.pop_front() {
        Some(Piece::Blob(id, range)) => Some(blobs.read(id, range).await?),
        Some(bytes) => {
            pieces.push_front(bytes);
            None
        }
        None => None,
    };
    let (sender, mut receiver) = mpsc::channel(AHEAD);
    let blobs = blobs.clone();
    tokio::spawn(async move {
        let _reader = reader;
        if let Err(error) = send(&blobs, first, pieces, &sender).await {
            tracing::error!(%error, "a body broke off while it was read");
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
    version: &Version,
    range: Range<u64>,
) -> Result<Body, AwsError> {
    let body = open(blobs, reader, read, version, range).await?;
    Ok(body.map_err(|failure| BoxError::from(error::internal(&failure.to_string()))).boxed())
}

type Sender = mpsc::Sender<Result<Frame<Bytes>, BoxError>>;

async fn send(
    blobs: &Blobs,
    first: Option<Reading>,
    mut pieces: VecDeque<Piece>,
    sender: &Sender,
) -> Result<(), BlobError> {
    let mut current = first;
    loop {
        if let Some(reading) = &mut current {
            while let Some(bytes) = reading.next().await? {
                if sender.send(Ok(Frame::data(bytes))).await.is_err() {
                    // The client went away.
                    return Ok(());
                }
            }
        }
        current = match pieces.pop_front() {
            None => return Ok(()),
            Some(Piece::Blob(id, range)) => Some(blobs.read(id, range).await?),
            Some(Piece::Bytes(bytes)) => {
                if sender.send(Ok(Frame::data(bytes))).await.is_err() {
                    return Ok(());
                }
                None
            }
        };
    }
}

async fn read_small(blobs: &Blobs, id: BlobId, range: Range<u64>) -> Result<Bytes, BlobError> {
    let mut reading = blobs.read(id, range).await?;
    let first = reading.next().await?.unwrap_or_default();
    let Some(second) = reading.next().await? else { return Ok(first) };
    let mut all = bytes::BytesMut::from(first);
    all.extend_from_slice(&second);
    while let Some(more) = reading.next().await? {
        all.extend_from_slice(&more);
    }
    Ok(all.freeze())
}

/// Which pieces make up `range`.
fn plan(read: &impl Read, version: &Version, range: &Range<u64>) -> Result<VecDeque<Piece>, StoreError> {
    let mut pieces = VecDeque::new();
    match &version.content {
        Content::Blob(id) => push(&mut pieces, read, *id, 0, version.size, range)?,
        Content::Parts(upload) => {
            let mut start = 0;
            for part in Part::after(read, upload, 0)? {
                let (_, part) = part?;
                if start >= range.end {
                    break;
                }
                push(&mut pieces, read, part.blob, start, part.size, range)?;
                start += part.size;
            }
        }
        Content::Marker => {}
    }
    Ok(pieces)
}

/// Adds what `range` has of the blob that lies `size` bytes long at `start` of the object.
fn push(
    pieces: &mut VecDeque<Piece>,
    read: &impl Read,
    id: BlobId,
    start: u64,
    size: u64,
    range: &Range<u64>,
) -> Result<(), StoreError> {
    let from = range.start.max(start);
    let to = range.end.min(start + size);
    if from >= to {
        return Ok(());
    }
    let within = from - start..to - start;
    let piece = match read.get(Table::Riders, &id.key())? {
        None => Piece::Blob(id, within),
        Some(bytes) => {
            let bounds = usize::try_from(within.start).ok().zip(usize::try_from(within.end).ok());
            let (low, high) = bounds.filter(|(_, high)| *high <= bytes.len()).ok_or_else(|| StoreError::Damaged {
                table: "riders",
                what: format!("{id:?} is shorter than its row says"),
            })?;
            Piece::Bytes(Bytes::from(bytes).slice(low..high))
        }
    };
    pieces.push_back(piece);
    Ok(())
}
