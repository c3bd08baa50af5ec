//! The file of a form as a body: streamed, never held whole.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures::Stream;
use http_body::{Body as _, Frame};
use multer::{Field, Multipart};

use crate::emulator::body::{Body, BoxError};
use crate::emulator::error::AwsError;

/// How much of the body is given to the parser at a time before the file: it keeps all that it is given.
const SIP: usize = 256;
/// How much may be taken from the body before the file begins. It is more than the fields may have, because the parser
/// takes a sip each time it is asked.
const BEFORE_FILE: usize = 512 << 10;

/// The body of the request as the parser drinks it: a piece at a time, so that it never takes in more than it gives.
pub(super) struct Pieces {
    body: Body,
    rest: Bytes,
    before: usize,
    given: bool,
    file: Arc<AtomicBool>,
}

impl Pieces {
    /// The pieces of `body`: small until `file` is set.
    pub(super) fn of(body: Body, file: Arc<AtomicBool>) -> Self {
        Self { body, rest: Bytes::new(), before: 0, given: false, file }
    }
}

impl Stream for Pieces {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // The parser asks until there is nothing: without this pause it would read as fast as the client sends.
        if std::mem::take(&mut self.given) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        while self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                // Trailers say nothing of a form.
                Some(Ok(frame)) => self.rest = frame.into_data().unwrap_or_default(),
            }
        }
        self.given = true;
        if self.file.load(Ordering::Relaxed) {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        let sip = SIP.min(self.rest.len());
        self.before += sip;
        if self.before > BEFORE_FILE {
            return Poll::Ready(Some(Err(Box::new(too_much_before()))));
        }
        Poll::Ready(Some(Ok(self.rest.split_to(sip))))
    }
}

/// The fields are larger than AWS takes.
pub(super) fn too_much_before() -> AwsError {
    let message = "Your POST request fields preceding the upload file were too large.";
    AwsError::new(400, "MaxPostPreDataLengthExceeded", message)
}

/// The file, to the end of the form: what follows the file is read and ignored.
pub(super) struct File {
    file: Option<Field<'static>>,
    form: Multipart<'static>,
}

impl File {
    /// The file that begins with `file`.
    pub(super) fn new(file: Field<'static>, form: Multipart<'static>) -> Self {
        Self { file: Some(file), form }
    }
}

impl http_body::Body for File {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        while let Some(file) = &mut self.file {
            match ready!(Pin::new(file).poll_next(cx)) {
                Some(Ok(bytes)) if bytes.is_empty() => {}
                Some(Ok(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Some(Err(error)) => return Poll::Ready(Some(Err(broken(error)))),
                None => self.file = None,
            }
        }
        loop {
            match ready!(self.form.poll_next_field(cx)) {
                Ok(Some(ignored)) => drop(ignored),
                Ok(None) => return Poll::Ready(None),
                Err(error) => return Poll::Ready(Some(Err(broken(error)))),
            }
        }
    }
}

/// What ended a form: the request's own error, or that it is no form.
pub(super) fn broken(error: multer::Error) -> BoxError {
    match error {
        multer::Error::StreamReadFailed(error) => error,
        _ => Box::new(malformed()),
    }
}

/// The body is no form.
pub(super) fn malformed() -> AwsError {
    let message = "The body of your POST request is not well-formed multipart/form-data.";
    AwsError::new(400, "MalformedPOSTRequest", message)
}
