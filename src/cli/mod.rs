//! The command line: one file per subcommand, each with its `Args` and `run`, and one line in `args`.

mod args;
mod ask;
mod call;
mod completions;
mod context;
mod demo;
mod diff;
mod doctor;
mod env;
mod exit;
mod fsck;
mod help;
mod journal;
mod log_file;
mod logging;
mod mcp;
mod output;
mod replay;
mod reset;
mod restore;
mod seed;
mod serve;
mod session;
mod shell;
mod signal;
mod snapshot;
mod stderr;
mod trust;
mod tui;
mod undo;

pub use args::{Cli, Command};
pub use context::Context;
pub use exit::Exit;
pub use help::command;
pub use journal::recorder;
pub use output::Output;
