//! Everything round s3s: which operation a request is, what it may carry, and how answers and errors look.
//!
//! s3s falls through from unknown sub-resources to other operations and refuses headers that AWS ignores. So it is
//! never shown the client's request: the gate finds the operation, hands s3s a request that can only be that one
//! (with the XML body where there is one), and operations read the rest from their [`Context`](super::context::Context).

mod address;
mod allow;
mod asked;
mod form;
mod handle;
mod peek;
mod preflight;
mod query;
mod render;
mod routes;
mod unbuilt;
mod xml;

pub use asked::Asked;
pub use handle::{describe, handle, refuse};
pub use peek::peek;
pub use routes::{Operation, operations};

pub(super) use address::{Target, is_bucket_name};
pub(super) use query::Query;
pub(super) use render::element;
