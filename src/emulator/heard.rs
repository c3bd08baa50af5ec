//! What is kept of requests and answers for those who watch calls: handles and beginnings, never a copy of what is large.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;

use super::body::{Body, BoxError};

/// A body, as far as it was kept.
#[derive(Debug, Clone, Default)]
pub enum Heard {
    /// There is none.
    #[default]
    Nothing,
    /// There is one, and none of it is kept.
    Unkept,
    /// All of it.
    Whole(Bytes),
    /// Its beginning, taken as it passes.
    Passing(Arc<Passing>),
}

impl Heard {
    /// What is kept of it now.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        match self {
            Self::Nothing | Self::Unkept => Bytes::new(),
            Self::Whole(bytes) => bytes.clone(),
            Self::Passing(passing) => passing.bytes(),
        }
    }

    /// Its length, where it is known: of one that passes, as it was announced, or as far as it has.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Nothing => Some(0),
            Self::Unkept => None,
            Self::Whole(bytes) => Some(bytes.len() as u64),
            Self::Passing(passing) => passing.length(),
        }
    }

    /// Whether all of it has passed, as far as can be told. A call that fails may leave its body unread.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        match self {
            Self::Passing(passing) => {
                let length = passing.length.load(Ordering::Relaxed);
                let ended = passing.ended.load(Ordering::Acquire);
                passing.announced.map_or(length > 0 && ended, |announced| announced == length)
            }
            _ => true,
        }
    }

    /// Whether more of it may come that is kept.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Passing(passing) if !passing.ended.load(Ordering::Acquire) && passing.lock().wants(passing.most))
    }

    /// Whether it says what the call is about.
    #[must_use]
    pub fn is_document(&self) -> bool {
        matches!(self, Self::Passing(passing) if passing.document)
    }

    /// Gives back what was kept of one that passes, and keeps no more.
    pub fn let_go(&self) {
        if let Self::Passing(passing) = self {
            passing.lock().let_go();
        }
    }

    /// Bytes that it keeps in memory, or may come to.
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            Self::Nothing | Self::Unkept => 0,
            Self::Whole(bytes) => bytes.len(),
            Self::Passing(passing) => passing.lock().bytes.capacity().max(passing.most.min(MAY_COME)),
        }
    }
}

/// What a passing body is taken to come to, before it has: documents may be far longer and hardly ever are.
const MAY_COME: usize = 16 << 10;

/// What all documents on their way may take together. A call whose document finds no room says less of itself.
const DOCUMENTS: usize = 8 << 20;

/// What they take.
static TAKEN_BY_DOCUMENTS: AtomicUsize = AtomicUsize::new(0);

/// What was taken of a body.
#[derive(Debug, Default)]
struct Taken {
    bytes: Vec<u8>,
    /// Bytes of [`TAKEN_BY_DOCUMENTS`] that are this one's.
    counted: usize,
    /// Whether no more is kept.
    closed: bool,
    /// Whether there was no room for it.
    lost: bool,
}

impl Taken {
    /// Whether it takes more of what comes.
    fn wants(&self, most: usize) -> bool {
        !self.closed && self.bytes.len() < most
    }

    fn let_go(&mut self) {
        self.bytes = Vec::new();
        self.closed = true;
        TAKEN_BY_DOCUMENTS.fetch_sub(std::mem::take(&mut self.counted), Ordering::Relaxed);
    }

    /// Makes room for `more` bytes, in steps of up to `most` in all; whether there is.
    fn grow(&mut self, more: usize, most: usize, document: bool) -> bool {
        let (needed, capacity) = (self.bytes.len() + more, self.bytes.capacity());
        if needed > capacity {
            let wanted = needed.max(capacity.saturating_mul(2).min(most));
            if document {
                let step = wanted.saturating_sub(self.counted);
                self.counted += step;
                if TAKEN_BY_DOCUMENTS.fetch_add(step, Ordering::Relaxed) + step > DOCUMENTS {
                    return false;
                }
            }
            self.bytes.reserve_exact(wanted - self.bytes.len());
        }
        true
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.let_go();
    }
}

/// A body on its way, whose beginning is kept.
#[derive(Debug)]
pub struct Passing {
    taken: Mutex<Taken>,
    most: usize,
    /// Whether it is a document that says what the call is about.
    document: bool,
    /// How long it is, where that was said.
    announced: Option<u64>,
    length: AtomicU64,
    ended: AtomicBool,
}

impl Passing {
    /// Keeps at most `most` bytes of a body that is said to have so many.
    pub(super) fn new(most: usize, announced: Option<u64>) -> Arc<Self> {
        Arc::new(Self::of(most, announced))
    }

    /// Keeps a document that says what the call is about, where there is room for it.
    pub(super) fn document(limit: usize, announced: Option<u64>) -> Arc<Self> {
        Arc::new(Self { document: true, ..Self::of(limit, announced) })
    }

    /// Keeps at most `most` bytes of an answer. Who is told of it is told at its end.
    pub(super) fn answer(most: usize) -> Arc<Self> {
        Arc::new(Self { ended: AtomicBool::new(true), ..Self::of(most, None) })
    }

    fn of(most: usize, announced: Option<u64>) -> Self {
        let (length, ended) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { taken: Mutex::default(), most, document: false, announced, length, ended }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn length(&self) -> Option<u64> {
        if self.lock().lost {
            return None;
        }
        match self.length.load(Ordering::Relaxed) {
            length if length == 0 || self.ended.load(Ordering::Acquire) => Some(length),
            length => Some(length.max(self.announced.unwrap_or_default())),
        }
    }

    /// `body`, which tells what passes.
    pub(super) fn listen(self: &Arc<Self>, body: Body) -> Body {
        Listened { inner: body, passing: Arc::clone(self) }.boxed()
    }

    pub(super) fn take(&self, data: &[u8]) {
        self.length.fetch_add(data.len() as u64, Ordering::Relaxed);
        let mut taken = self.lock();
        if !taken.wants(self.most) {
            return;
        }
        let part = &data[..data.len().min(self.most - taken.bytes.len())];
        if taken.grow(part.len(), self.most, self.document) {
            // A copy: a slice would keep the connection's whole buffer.
            taken.bytes.extend_from_slice(part);
        } else {
            taken.let_go();
            taken.lost = true;
        }
    }

    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    fn bytes(&self) -> Bytes {
        Bytes::copy_from_slice(&self.lock().bytes)
    }
}

struct Listened {
    inner: Body,
    passing: Arc<Passing>,
}

impl HttpBody for Listened {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => frame.data_ref().into_iter().for_each(|data| self.passing.take(data)),
            Some(Err(_)) | None => self.passing.end(),
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

impl Drop for Listened {
    fn drop(&mut self) {
        self.passing.end();
    }
}

/// Headers that are kept: a copy of their text, so that the connection's buffer is free again.
#[derive(Debug, Clone, Default)]
pub struct Lines(Vec<u8>);

/// What is kept of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Nothing.
    Nothing,
    /// That it was there. Its value is a secret.
    Name,
    /// All of it.
    All,
}

impl Lines {
    /// Those of `headers`, as `keep` says of each name.
    pub(super) fn of(headers: &HeaderMap, keep: impl Fn(&str) -> Keep) -> Self {
        let mut lines = Vec::new();
        for (name, value) in headers {
            let value = match keep(name.as_str()) {
                Keep::Nothing => continue,
                Keep::Name => b"[redacted]",
                Keep::All => value.as_bytes(),
            };
            lines.extend_from_slice(name.as_str().as_bytes());
            lines.push(b':');
            lines.extend_from_slice(value);
            lines.push(b'\n');
        }
        Self(lines)
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.0.split(|byte| *byte == b'\n').filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            Some((std::str::from_utf8(&line[..colon]).ok()?, String::from_utf8_lossy(&line[colon + 1..])))
        })
    }

    /// The first value of a name in lower case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Bytes in memory.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.0.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENTS, Heard, Passing};

    #[test]
    fn a_body_of_which_enough_was_taken_is_not_waited_for() {
        let passing = Passing::new(10, Some(100));
        let heard = Heard::Passing(passing.clone());
        passing.take(b"hello");
        assert!(heard.is_passing());
        passing.take(b"hello, world");
        assert!(!heard.is_passing() && !heard.has_passed());
        assert_eq!((heard.bytes().len(), heard.length()), (10, Some(100)));
        assert!(!Heard::Passing(Passing::new(10, None)).has_passed());
    }

    #[test]
    fn documents_take_no_more_than_they_may_together_and_are_weighed_as_they_are() {
        let piece = vec![b'x'; 64 << 10];
        let documents: Vec<_> = (0..20).map(|_| Passing::document(2 << 20, None)).collect();
        let heard: Vec<_> = documents.iter().cloned().map(Heard::Passing).collect();
        for passing in &documents {
            (0..24).for_each(|_| passing.take(&piece));
        }
        let held = || heard.iter().map(|heard| heard.bytes().len()).filter(|bytes| *bytes > 0).count();
        assert!((3..=5).contains(&held()), "{}", held());
        let weight: usize = heard.iter().map(Heard::weight).sum();
        assert!(weight > 3 * 24 * (64 << 10) && weight < DOCUMENTS + 20 * (16 << 10), "{weight}");
        // Nothing is known of those for which there was no room, and nobody waits for them.
        let lost: Vec<_> = heard.iter().filter(|heard| heard.length().is_none()).collect();
        assert!(lost.len() == 20 - held() && lost.iter().all(|heard| !heard.is_passing() && heard.bytes().is_empty()));
        // What was let go has room for others, though its body is still on its way.
        heard.iter().for_each(Heard::let_go);
        let more = Passing::document(2 << 20, None);
        more.take(&piece);
        documents[0].take(&piece);
        assert!(!Heard::Passing(more).bytes().is_empty() && heard[0].bytes().is_empty());
    }
}
