//! footbridge: an MCP-to-AWS bridge for local developers that also works fully offline.
//!
//! The [`Emulator`](emulator::Emulator) is AWS at the HTTP boundary. Tools always speak through the AWS SDK's own
//! clients; the backend selector decides only which HTTP connector those clients get.

mod causes;
pub mod clock;
pub mod emulator;
mod hex;
#[doc(hidden)]
pub mod install;
mod items;
pub mod json;

#[doc(hidden)]
pub mod backend;
#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod consent;
#[doc(hidden)]
pub mod dashboard;
#[doc(hidden)]
pub mod journal;
pub mod mcp;
mod near;
#[doc(hidden)]
pub mod policy;
#[cfg(test)]
#[path = "../tests/support/port.rs"]
mod port;
mod private;
pub mod replay;
#[doc(hidden)]
pub mod seed;
pub mod testing;
mod uri;
