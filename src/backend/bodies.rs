//! Bodies on their way to the owner of the data and back.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::future::BoxFuture;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt as _;

use crate::emulator::body::{Body, BoxError, Broken};

/// A body that stays with its lender until its first byte is asked for.
pub(super) struct Lent {
    lender: Arc<Mutex<Option<Body>>>,
    taken: Option<Body>,
    size: SizeHint,
    ended: bool,
}

impl Lent {
    pub fn of(lender: &Arc<Mutex<Option<Body>>>) -> Self {
        let (size, ended) = match &*lender.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(body) => (body.size_hint(), body.is_end_stream()),
            None => (SizeHint::with_exact(0), true),
        };
        Self { lender: Arc::clone(lender), taken: None, size, ended }
    }
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if self.taken.is_none() {
            let body = self.lender.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.taken = body;
        }
        match &mut self.taken {
            Some(body) => Pin::new(body).poll_frame(cx).map_err(Broken),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.taken.as_ref().map_or(self.ended, HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.taken.as_ref().map_or(self.size, HttpBody::size_hint)
    }
}

/// Waits until a body can no longer be expected to go on, and says why.
pub(super) type Watch = Box<dyn Fn() -> BoxFuture<'static, String> + Send + Sync>;

/// A body that ends with an error when its watch, begun anew each time that there is nothing to read, ends first.
pub(super) struct Watched {
    body: Body,
    watch: Watch,
    /// Locked by nobody: it makes the future `Sync`, as a body must be.
    waiting: Mutex<Option<BoxFuture<'static, String>>>,
}

impl Watched {
    pub fn over(body: Body, watch: Watch) -> Body {
        Self { body, watch, waiting: Mutex::new(None) }.boxed()
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let waiting = this.waiting.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            *waiting = None;
            return Poll::Ready(frame);
        }
        waiting.get_or_insert_with(|| (this.watch)()).as_mut().poll(cx).map(|why| Some(Err(why.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;
    use crate::emulator::body;

    #[tokio::test]
    async fn a_body_that_stops_ends_with_what_its_watch_says() {
        let ready: Watch = Box::new(|| async { "it stopped".to_owned() }.boxed());
        let whole = Watched::over(body::full("all of it"), ready);
        assert_eq!(body::read(whole, 100).await.unwrap(), "all of it");
        let never = http_body_util::StreamBody::new(futures::stream::pending::<Result<Frame<Bytes>, BoxError>>());
        let stuck = Watched::over(never.boxed(), Box::new(|| async { "it stopped".to_owned() }.boxed()));
        assert_eq!(body::read(stuck, 100).await.unwrap_err().to_string(), "it stopped");
    }
}
