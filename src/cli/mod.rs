//! The command line: one file per subcommand, each with its `Args` and `run`, and one line in [`args`].

mod args;
mod context;
mod doctor;
mod env;
mod exit;
mod logging;
mod output;
pub mod port;
mod trust;

pub use args::{Cli, Command};
pub use context::Context;
pub use exit::Exit;
pub use output::Output;
