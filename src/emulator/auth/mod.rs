//! Who calls: signatures in headers and queries, identities, and what the body claims of itself.
//!
//! [`admit()`] is the one door. It gives the [`Caller`] and the request with its body decoded: aws-chunked framing is
//! gone, and a body that is not what its signature or its length says ends with an [`AwsError`](super::error::AwsError).

mod admit;
mod body;
mod chunked;
mod claim;
mod fault;
mod form;
mod hash;
mod host;
mod identity;
mod payload;
mod query;
mod seal;
mod service;
mod session;
mod time;
mod v2;
mod v4;

pub use admit::{AuthContext, MustVerify, admit};
pub use body::{Trailers, aws_error};
pub use form::{FormDoor, is_form};
pub use host::{LOCAL_DOMAINS, host_name, virtual_bucket, without_port};
pub(crate) use identity::is_account;
pub use identity::{
    Caller, DEFAULT_ACCOUNT, DEFAULT_REGION, Identities, Identity, IdentityError, Kind, Signed, account_of,
};
pub(crate) use query::pairs as query_pairs;
pub(crate) use query::value as query_value;
pub use seal::{Credentials, FILE as SESSIONS_KEY, Seal};
pub use service::Service;
pub use session::{Principal, Session};
pub(crate) use time::iso;
pub use v2::signs_parameter;

#[cfg(test)]
mod tests;
