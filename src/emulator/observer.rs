//! Who is told of the calls that the emulator answers.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use uuid::Uuid;

use super::access::Access;
use super::body::{Body, BoxError};
use super::error::AwsError;
use crate::clock::Clock;

/// A call as it arrives.
#[derive(Debug, Clone)]
pub struct CallStart {
    /// Names the call in both reports; also its request id.
    pub id: Uuid,
    /// When it arrived.
    pub at: SystemTime,
    /// `s3`, `dynamodb` or `sts`.
    pub service: String,
    /// AWS's name of the operation, or `Unknown`.
    pub operation: String,
    /// What it is about: `s3://bucket/key`, `dynamodb://table`.
    pub resources: Vec<String>,
    /// What IAM asks of it; empty where it was refused before its body was read.
    pub access: Access,
    /// The caller's account.
    pub account: String,
    /// The region that the caller named.
    pub region: String,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// Bytes of its body, where it says so.
    pub bytes_in: Option<u64>,
}

/// A call as it ends: when the last byte of the answer was taken, or the client went away.
#[derive(Debug, Clone)]
pub struct CallEnd {
    /// The id of its [`CallStart`].
    pub id: Uuid,
    /// The HTTP status of the answer.
    pub status: u16,
    /// AWS's error code and message, where it failed.
    pub error: Option<(String, String)>,
    /// From arrival to end.
    pub took: Duration,
    /// Bytes of the answer's body that were taken.
    pub bytes_out: u64,
}

/// Told of every call that the opener's own clients did not make. Called on the call's path: keep it short.
pub trait Observer: Debug + Send + Sync + 'static {
    /// A call has arrived.
    fn started(&self, call: &CallStart);
    /// A call has ended.
    fn finished(&self, call: &CallEnd);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn started(&self, _: &CallStart) {}
    fn finished(&self, _: &CallEnd) {}
}

/// Put into a request's extensions by our own connectors, whose calls their own process records.
#[derive(Debug, Clone, Copy)]
pub struct OwnCall;

/// Put into a response's extensions by the wire layers, so that a failed call is reported by its code.
#[derive(Debug, Clone)]
pub struct Failure(pub AwsError);

/// A call that is under way and will be reported as ended, whatever happens to it.
#[derive(Debug)]
pub(super) struct Watched {
    observer: Arc<dyn Observer>,
    clock: Arc<dyn Clock>,
    start: CallStart,
    status: u16,
    error: Option<(String, String)>,
    bytes_out: u64,
}

impl Watched {
    /// Reports `start`.
    pub(super) fn begin(observer: Arc<dyn Observer>, clock: Arc<dyn Clock>, start: CallStart) -> Self {
        observer.started(&start);
        // 499: what proxies log for a client that closed before it had an answer.
        Self { observer, clock, start, status: 499, error: None, bytes_out: 0 }
    }

    /// Reports the end once the body of `response` has been taken.
    pub(super) fn watch(mut self, response: http::Response<Body>) -> http::Response<Body> {
        self.status = response.status().as_u16();
        self.error = response
            .extensions()
            .get::<Failure>()
            .map(|Failure(error)| (error.code.clone().into_owned(), error.message.clone()));
        response.map(|inner| WatchedBody { inner, watched: self }.boxed())
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let took = self.clock.now().duration_since(self.start.at).unwrap_or_default();
        self.observer.finished(&CallEnd {
            id: self.start.id,
            status: self.status,
            error: self.error.take(),
            took,
            bytes_out: self.bytes_out,
        });
    }
}

struct WatchedBody {
    inner: Body,
    watched: Watched,
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            self.watched.bytes_out += data.len() as u64;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
