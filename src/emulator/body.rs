//! The body type that requests and responses have inside the emulator.

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited, combinators::BoxBody};

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

/// Any other body as ours.
pub fn from<B>(body: B) -> Body
where
    B: http_body::Body<Data = Bytes> + Send + Sync + 'static,
    B::Error: Into<BoxError>,
{
    body.map_err(Into::into).boxed()
}

/// The whole body, or an error when it is over `limit` bytes or breaks off.
pub async fn read(body: Body, limit: usize) -> Result<Bytes, BoxError> {
    // Boxed again, as rustc cannot prove that a future is Send which holds `Limited` and its lifetime-bound error.
    let limited = from(Limited::new(body, limit));
    Ok(limited.collect().await?.to_bytes())
}
