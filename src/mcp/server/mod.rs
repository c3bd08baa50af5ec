//! The MCP side: what clients are answered, a file a subject.

mod caller;
mod calls;
mod forms;
mod handler;
mod resources;
mod serve;
mod telling;

pub(super) use caller::Hours;
pub use handler::Server;
pub use serve::{ServeError, serve, serve_stdio};
