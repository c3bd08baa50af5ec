//! Who calls: signatures in headers and queries, identities, and what the body claims of itself.
//!
//! [`admit`] is the one door. It gives the [`Caller`] and the request with its body decoded: aws-chunked framing is
//! gone, and a body that is not what its signature or its length says ends with an [`AwsError`](super::error::AwsError).

mod admit;
mod hash;
mod identity;
mod service;

pub use admit::{AuthContext, MustVerify, admit};
pub use identity::{Caller, Identities, Identity, IdentityError, Kind, Signed};
pub use service::Service;
