//! MCP over HTTP: streamable HTTP of every living revision at `/mcp`.
//!
//! A connection's requests pass, one after the other: the guard against foreign hosts and web pages, the
//! [`Authenticator`], the look at the message (what the protocol's library would not answer as its sender expects is
//! answered here, as for lines), and the library. After that comes the door that every tool call passes, with its
//! [`Authorizer`](super::Authorizer).

mod answer;
mod authenticator;
mod batch;
mod door;
mod message;
mod reply;
mod serve;
mod sessions;

pub(super) use answer::SESSION;
pub use authenticator::{Authenticator, BearerToken, NoToken, Principal, Unauthenticated};
#[doc(hidden)]
pub use serve::serve_http_with;
pub use serve::{HttpLimits, HttpOptions, PATH, serve_http};
