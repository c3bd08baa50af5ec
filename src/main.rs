//! The `footbridge` command.

use std::process::ExitCode;

use clap::Parser as _;
use footbridge::cli::{Cli, Exit};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command.run(&cli.global).await {
        Ok(exit) => exit.into(),
        Err(error) => Exit::report(&error).into(),
    }
}
