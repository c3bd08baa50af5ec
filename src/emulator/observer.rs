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

use super::auth::Signed;
use super::body::{Body, BoxError};
use super::call::Asked;
use super::error::AwsError;
use super::heard::{Heard, Lines, Passing};
use super::s3;
use crate::clock::Clock;

/// A call as it arrives: what is known of it without reading its body. What the body says, [`Asked`] works out for
/// whoever wants to know, when they do.
#[derive(Debug)]
pub struct CallStart {
    /// Names the call in both reports.
    pub id: Uuid,
    /// When it arrived.
    pub at: SystemTime,
    /// What it asks.
    pub asked: Asked,
    /// Whether it passed the door: its signature is as it should be, or it needs none.
    pub admitted: bool,
    /// Where its signature stood, if it passed.
    pub signed: Signed,
    /// The caller's account.
    pub account: String,
    /// The region that the caller named.
    pub region: String,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// Bytes of its body as sent, where it says so.
    pub bytes_in: Option<u64>,
}

/// A call as it ends: when the last byte of the answer was taken, or the client went away.
#[derive(Debug, Default)]
pub struct CallEnd {
    /// The HTTP status of the answer.
    pub status: u16,
    /// AWS's error code and message, where it failed.
    pub error: Option<(String, String)>,
    /// From arrival to end.
    pub took: Duration,
    /// Bytes of the answer's body that were taken.
    pub bytes_out: u64,
    /// The headers of S3's answers that say something of them.
    pub headers: Lines,
    /// The answer's body, as far as it was kept.
    pub body: Heard,
}

/// Told of every call that the opener's own clients did not make. Called on the call's path: it takes what it is given by
/// handle, and does its work elsewhere.
pub trait Observer: Debug + Send + Sync + 'static {
    /// How many bytes of a body it wants of what may be large; `None` where it wants to know of nothing at all.
    fn keeps(&self) -> Option<usize>;
    /// A call has arrived, with this body. Whether its end shall be told.
    fn started(&self, call: &Arc<CallStart>, body: Heard) -> bool;
    /// A call has ended.
    fn finished(&self, call: &Arc<CallStart>, end: CallEnd);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn keeps(&self) -> Option<usize> {
        None
    }

    fn started(&self, _: &Arc<CallStart>, _: Heard) -> bool {
        false
    }

    fn finished(&self, _: &Arc<CallStart>, _: CallEnd) {}
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
    call: Arc<CallStart>,
    wanted: bool,
    /// How much of a body is kept that may be large.
    most: usize,
    end: CallEnd,
}

impl Watched {
    /// Reports `call`.
    pub(super) fn begin(
        observer: Arc<dyn Observer>,
        clock: Arc<dyn Clock>,
        call: CallStart,
        body: Heard,
        most: usize,
    ) -> Self {
        let call = Arc::new(call);
        let wanted = observer.started(&call, body);
        // 499: what proxies log for a client that closed before it had an answer.
        Self { observer, clock, call, wanted, most, end: CallEnd { status: 499, ..CallEnd::default() } }
    }

    /// Reports the end once the body of `response` has been taken.
    pub(super) fn watch(mut self, response: http::Response<Body>) -> http::Response<Body> {
        if !self.wanted {
            return response;
        }
        self.end.status = response.status().as_u16();
        self.end.error = response
            .extensions()
            .get::<Failure>()
            .map(|Failure(error)| (error.code.clone().into_owned(), error.message.clone()));
        let mut passing = None;
        if let Asked::S3(_) = self.call.asked {
            self.end.headers = s3::headers_of_answer(response.headers());
            // Others answer in one piece.
            let keeps = self.most > 0 && !response.body().is_end_stream() && s3::may_be_text(response.headers());
            passing = keeps.then(|| Passing::answer(self.most));
        }
        response.map(|inner| WatchedBody { inner, passing, watched: self }.boxed())
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.wanted {
            let mut end = std::mem::take(&mut self.end);
            end.took = self.clock.now().duration_since(self.call.at).unwrap_or_default();
            self.observer.finished(&self.call, end);
        }
    }
}

struct WatchedBody {
    inner: Body,
    /// Of S3's answers, the beginning.
    passing: Option<Arc<Passing>>,
    watched: Watched,
}

impl WatchedBody {
    fn hear(&mut self, data: &Bytes) {
        let end = &mut self.watched.end;
        let first = end.bytes_out == 0;
        end.bytes_out += data.len() as u64;
        match &self.passing {
            Some(passing) => {
                passing.take(data);
                if first {
                    end.body = Heard::Passing(Arc::clone(passing));
                }
            }
            // In one piece, so by its handle.
            None if first && self.watched.most > 0 && !matches!(self.watched.call.asked, Asked::S3(_)) => {
                end.body = Heard::Whole(data.clone());
            }
            None => end.body = Heard::Unkept,
        }
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            self.hear(data);
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
