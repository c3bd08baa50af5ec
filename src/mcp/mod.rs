//! The MCP server: what a coding agent sees of S3 and DynamoDB.
//!
//! [`Bridge`] holds the tools and the clients that they speak through; [`serve`] answers one MCP client over a pair of
//! byte streams. Every call passes one door: arguments are read, an [`Authorizer`] allows or refuses, the call is
//! recorded by [`Audit`], run within a time limit, and its answer is kept within a byte budget.

mod audit;
mod authorizer;
mod bridge;
mod budget;
mod calls;
mod context;
mod cursor;
mod error;
mod files;
mod hints;
mod registry;
mod runner;
mod schema;
mod server;
mod tool;
mod tools;

pub use audit::{Audit, AuditError, Finished, NoAudit, Started};
pub use authorizer::{Authorizer, BoxError, Caller, Decision, Effect, Mode, Policy};
pub use bridge::{Bridge, Options, Target};
pub use calls::AwsCall;
pub use error::ToolError;
pub use runner::Answer;
pub use server::{ServeError, serve, serve_stdio};
