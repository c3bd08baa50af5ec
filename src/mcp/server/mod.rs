//! The MCP side: what clients are answered, a file a subject.

mod caller;
mod calls;
mod forms;
mod handler;
mod resources;
mod serve;
mod telling;

pub use serve::{ServeError, serve, serve_stdio};
