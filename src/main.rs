//! The `footbridge` command.

use std::process::ExitCode;

use clap::Parser as _;
use footbridge::cli::{Cli, Context, Exit, Output};
use footbridge::config::{Inputs, Settings};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli).await {
        Ok(exit) => exit.into(),
        Err(error) => Exit::report(&error).into(),
    }
}

async fn run(cli: Cli) -> anyhow::Result<Exit> {
    let inputs = Inputs::of_process(cli.global.flags())?;
    let settings = Settings::load(&inputs)?;
    let context = Context::new(settings, Output::stdout(cli.global.json()), inputs.dirs)?;
    if !cli.command.shows_warnings() {
        context.log_warnings();
    }
    cli.command.run(&context).await
}
