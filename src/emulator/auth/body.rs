//! The body of an admitted request: decoded as it streams, and held to what the request says of it.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use http_body::{Frame, SizeHint};
use sha2::{Digest, Sha256};

use super::chunked::{Decoder, unexpected_end, wrong_length};
use super::hash::hex;
use crate::causes;
use crate::emulator::body::{Body, BoxError};
use crate::emulator::error::AwsError;

/// The trailers of a request, a request extension: filled when the body has ended and everything about it held.
#[derive(Debug, Clone, Default)]
pub struct Trailers {
    announced: Arc<[HeaderName]>,
    found: Arc<OnceLock<HeaderMap>>,
}

impl Trailers {
    pub(super) fn new(announced: Vec<HeaderName>) -> Self {
        Self { announced: announced.into(), found: Arc::default() }
    }

    /// The names that `x-amz-trailer` announces, in lower case. Each is among the trailers of a body that ended well.
    #[must_use]
    pub fn announced(&self) -> &[HeaderName] {
        &self.announced
    }

    /// The trailers; nothing before the body's end.
    #[must_use]
    pub fn get(&self) -> Option<&HeaderMap> {
        self.found.get()
    }
}

/// The AWS error that a body ended with, if it did with one, however wrapped.
#[must_use]
pub fn aws_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a AwsError> {
    causes::of(error).find_map(|error| error.downcast_ref())
}

/// What is done with the bytes that come.
pub(super) enum Check {
    /// They are the payload: hashed and compared where a hash is given.
    Plain(Option<(Sha256, String)>),
    /// They are aws-chunked framing.
    Chunked(Box<Decoder>),
}

/// A body that is checked as it streams. The last frame is given only when all has been found right, so that a reader
/// that stops at `Content-Length` has read a body that is whole and verified.
pub(super) struct Checked {
    inner: Body,
    check: Check,
    /// The wire length that was declared and is still to come; nothing where none was.
    left: Option<u64>,
    wire_length: u64,
    /// The length of the payload, where it is known.
    payload_left: Option<u64>,
    input: Bytes,
    held: Option<Bytes>,
    stage: Stage,
    trailers: Trailers,
}

enum Stage {
    Reading,
    /// All is right: what is held is to be given, then the trailers.
    Verified,
    Ended,
}

impl Checked {
    /// `wire` is the declared length of what comes, `payload` that of what is given.
    pub(super) fn new(inner: Body, check: Check, wire: Option<u64>, payload: Option<u64>, trailers: Trailers) -> Self {
        Self {
            inner,
            check,
            left: wire,
            wire_length: wire.unwrap_or_default(),
            payload_left: payload,
            input: Bytes::new(),
            held: None,
            stage: Stage::Reading,
            trailers,
        }
    }

    /// The next piece of payload; nothing at the end of a body with which all is right.
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, AwsError>> {
        loop {
            if let Some(piece) = self.take_piece()? {
                return Poll::Ready(Ok(Some(piece)));
            }
            match ready!(http_body::Body::poll_frame(Pin::new(&mut self.inner), context)) {
                Some(Ok(frame)) => {
                    // HTTP's own trailers mean nothing to S3.
                    if let Ok(data) = frame.into_data() {
                        self.count(data.len() as u64)?;
                        self.input = data;
                    }
                }
                Some(Err(error)) => {
                    return Poll::Ready(Err(aws_error(error.as_ref()).cloned().unwrap_or_else(unexpected_end)));
                }
                None => return Poll::Ready(self.finish().map(|()| None)),
            }
        }
    }

    /// Payload from what has already come.
    fn take_piece(&mut self) -> Result<Option<Bytes>, AwsError> {
        match &mut self.check {
            Check::Chunked(decoder) => decoder.next(&mut self.input),
            Check::Plain(hash) => {
                if let Some((hash, _)) = hash {
                    hash.update(&self.input);
                }
                let piece = std::mem::take(&mut self.input);
                Ok((!piece.is_empty()).then_some(piece))
            }
        }
    }

    fn count(&mut self, length: u64) -> Result<(), AwsError> {
        if let Some(left) = &mut self.left {
            let provided = self.wire_length - *left + length;
            *left = left.checked_sub(length).ok_or_else(|| wrong_length(self.wire_length, provided))?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), AwsError> {
        if let Some(left) = self.left.filter(|left| *left > 0) {
            return Err(wrong_length(self.wire_length, self.wire_length - left));
        }
        match &mut self.check {
            Check::Chunked(decoder) => {
                // Set once: nobody else holds the sending side.
                let _ = self.trailers.found.set(decoder.finish()?);
            }
            Check::Plain(Some((hash, claimed))) => {
                let computed = hex(&std::mem::take(hash).finalize());
                if computed != *claimed {
                    return Err(AwsError::new(
                        400,
                        "XAmzContentSHA256Mismatch",
                        "The provided 'x-amz-content-sha256' header does not match what was computed.",
                    )
                    .with("ClientComputedContentSHA256", claimed.as_str())
                    .with("S3ComputedContentSHA256", computed));
                }
            }
            Check::Plain(None) => {}
        }
        Ok(())
    }

    fn give(&mut self, piece: Bytes) -> Frame<Bytes> {
        if let Some(left) = &mut self.payload_left {
            *left = left.saturating_sub(piece.len() as u64);
        }
        Frame::data(piece)
    }
}

impl http_body::Body for Checked {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            match self.stage {
                Stage::Reading => match ready!(self.poll_piece(cx)) {
                    Ok(Some(piece)) => {
                        if let Some(earlier) = self.held.replace(piece) {
                            return Poll::Ready(Some(Ok(self.give(earlier))));
                        }
                    }
                    Ok(None) => self.stage = Stage::Verified,
                    Err(error) => {
                        self.stage = Stage::Ended;
                        self.held = None;
                        return Poll::Ready(Some(Err(Box::new(error))));
                    }
                },
                Stage::Verified => {
                    if let Some(last) = self.held.take() {
                        return Poll::Ready(Some(Ok(self.give(last))));
                    }
                    self.stage = Stage::Ended;
                    if let Some(trailers) = self.trailers.get().filter(|trailers| !trailers.is_empty()) {
                        return Poll::Ready(Some(Ok(Frame::trailers(trailers.clone()))));
                    }
                }
                Stage::Ended => return Poll::Ready(None),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.stage, Stage::Ended)
    }

    fn size_hint(&self) -> SizeHint {
        self.payload_left.map(SizeHint::with_exact).unwrap_or_default()
    }
}
