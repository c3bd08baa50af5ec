//! The `footbridge` command.

use std::process::ExitCode;

use clap::Parser as _;
use footbridge::cli::{Cli, Exit};
use footbridge::journal;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = run(cli);
    // Whatever was under way has ended now, and the process waits for no thread.
    journal::settle();
    exit
}

#[tokio::main]
async fn run(cli: Cli) -> ExitCode {
    match cli.command.run(&cli.global).await {
        Ok(exit) => exit.into(),
        Err(error) => Exit::report(&error).into(),
    }
}
