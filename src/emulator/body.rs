//! The body type that requests and responses have inside the emulator.

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::{Body as _, Frame};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};

/// Any error that a body can end with.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A streaming body.
pub type Body = BoxBody<Bytes, BoxError>;

/// A body of no bytes.
#[must_use]
pub fn empty() -> Body {
    full(Bytes::new())
}

/// A body of these bytes.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed()
}

/// A body of these bytes, and the trailers that follow it.
pub fn with_trailers(bytes: Bytes, trailers: Option<HeaderMap>) -> Body {
    let frames = std::iter::once(Frame::data(bytes)).chain(trailers.map(Frame::trailers));
    StreamBody::new(futures::stream::iter(frames.map(Ok::<_, BoxError>).collect::<Vec<_>>())).boxed()
}

/// A body that ends with this error.
#[must_use]
pub fn failed(error: BoxError) -> Body {
    StreamBody::new(futures::stream::iter([Err::<Frame<Bytes>, _>(error)])).boxed()
}

/// Any other body as ours.
pub fn from<B>(body: B) -> Body
where
    B: http_body::Body<Data = Bytes> + Send + Sync + 'static,
    B::Error: Into<BoxError>,
{
    body.map_err(Into::into).boxed()
}

/// The whole body, or an error when it breaks off, or [`TooLong`] when it is over `limit` bytes.
pub async fn read(body: Body, limit: usize) -> Result<Bytes, BoxError> {
    Ok(read_with_trailers(body, limit).await?.0)
}

/// As [`read`], by the same handle where the body is in one piece, as those are that were read before.
pub async fn whole(mut body: Body, limit: usize) -> Result<Bytes, BoxError> {
    let Some(first) = body.frame().await else { return Ok(Bytes::new()) };
    let Ok(first) = first?.into_data() else { return Ok(Bytes::new()) };
    if first.len() > limit {
        return Err(TooLong.into());
    }
    if body.is_end_stream() {
        return Ok(first);
    }
    let rest = read(body, limit - first.len()).await?;
    Ok(if rest.is_empty() { first } else { [first, rest].concat().into() })
}

/// [`read`], and the trailers that followed the body.
pub async fn read_with_trailers(mut body: Body, limit: usize) -> Result<(Bytes, Option<HeaderMap>), BoxError> {
    // By hand: the adapters of http-body-util convert boxed errors in a way that keeps the compiler from seeing `Send`.
    let mut read = BytesMut::new();
    let mut trailers = None;
    while let Some(frame) = body.frame().await {
        match frame?.into_data() {
            Ok(data) if read.len() + data.len() > limit => return Err(TooLong.into()),
            Ok(data) => read.extend_from_slice(&data),
            Err(frame) => trailers = frame.into_trailers().ok(),
        }
    }
    Ok((read.freeze(), trailers))
}

/// A body is longer than it may be.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the body is too long")]
pub struct TooLong;

/// The error that a body ended with.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub BoxError);
