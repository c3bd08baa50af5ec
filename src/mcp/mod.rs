//! The MCP server: what a coding agent sees of S3 and DynamoDB.
//!
//! [`Bridge`] holds the tools and the clients that they speak through; [`serve`] answers one MCP client over a pair of
//! byte streams. Every call passes one door: its arguments are read, the journal takes it down, an [`Authorizer`] allows or
//! refuses it, it runs within a time limit, and its answer is kept within a byte budget.

mod access;
mod asked;
mod audit;
mod authorizer;
mod bridge;
mod budget;
mod calls;
mod catalogue;
mod consent;
mod context;
pub(crate) mod copying;
mod current;
mod cursor;
mod error;
mod files;
mod hints;
mod host;
mod http;
mod inner;
mod limit;
mod lines;
pub(crate) mod notes;
mod pass;
mod policy;
pub(crate) mod progress;
mod quoted;
mod registry;
mod repair;
mod resources;
mod runner;
mod schema;
mod server;
mod snapshots;
mod spelling;
mod targets;
mod teach;
mod tokens;
mod tool;
mod tools;

#[doc(hidden)]
pub use self::http::serve_http_with;
pub use self::http::{
    Authenticator, BearerToken, HttpLimits, HttpOptions, NoToken, PATH as HTTP_PATH, Principal, Unauthenticated,
    serve_http,
};
pub(crate) use access::{Access, Resource};
pub use authorizer::{Authorizer, BoxError, Caller, Client, Decision, Effect};
pub use bridge::{Bridge, Options};
pub(crate) use calls::CallRecorder;
pub use catalogue::{About, all_tools};
pub use consent::Consent;
pub(crate) use context::Context;
pub use context::{Endpoint, Problems};
pub use error::ToolError;
pub(crate) use files::{Files, NewFile, OpenFile};
pub use host::{Host, Known};
pub(crate) use pass::{Answered, Operation};
pub use policy::Policy;
pub use progress::Progress;
pub(crate) use progress::report;
pub(crate) use quoted::quoted;
pub use runner::Answer;
pub(crate) use runner::Deed;
#[doc(hidden)]
pub use server::Server;
pub use server::{ServeError, serve, serve_stdio};
pub use targets::{Beside, Opener, Others};
pub(crate) use tools::{copy_from_target::with_secret, dynamodb::Names, s3};

pub use crate::backend::aws::{Target, TargetKind};
pub use crate::config::Mode;
pub use crate::journal::Recorder;
