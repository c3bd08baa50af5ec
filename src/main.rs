//! The `footbridge` command.

use std::process::ExitCode;

use footbridge::cli::{Cli, Exit};
use footbridge::journal;

fn main() -> ExitCode {
    let exit = run(Cli::read());
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
