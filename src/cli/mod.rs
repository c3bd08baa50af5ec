//! The command line: one file per subcommand, each with its `Args` and `run`, and one line in `args`.

mod args;
mod call;
mod context;
mod demo;
mod diff;
mod doctor;
mod env;
mod exit;
mod fsck;
mod journal;
mod log_file;
mod logging;
mod mcp;
mod output;
mod replay;
mod seed;
mod serve;
mod session;
mod signal;
mod stderr;
mod trust;
mod tui;

pub use args::{Cli, Command};
pub use context::Context;
pub use exit::Exit;
pub use journal::recorder;
pub use output::Output;
