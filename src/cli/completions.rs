//! `footbridge completions`: what a shell needs to complete the command line.

use std::io::Write as _;

use clap::builder::PossibleValuesParser;
use clap_complete::{Shell, generate};

use super::{Exit, Output, help};
use crate::config::Flags;
use crate::mcp;

/// Arguments of `footbridge completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The shell to write for
    shell: Shell,
}

const HELP: &str = "\
It goes where the shell looks for completions, or is read by each new shell.

Examples:
  footbridge completions bash >> ~/.bash_completion
  footbridge completions zsh > ~/_footbridge      in a folder of $fpath
  footbridge completions fish > ~/footbridge.fish   for ~/.config/fish/completions
  footbridge completions powershell >> profile.ps1   in the file that $PROFILE names";

#[expect(clippy::unused_async, reason = "every subcommand has this shape")]
pub(super) async fn run(args: Args, _flags: Flags) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    generate(args.shell, &mut command(), "footbridge", &mut script);
    if args.shell == Shell::Fish {
        // Of arguments without a name, this one's script knows nothing.
        let names = mcp::all_tools().map(|tool| tool.name()).collect::<Vec<_>>().join(" ");
        writeln!(script, "complete -c footbridge -n \"__fish_footbridge_using_subcommand call\" -f -a \"{names}\"")?;
    }
    Output::stdout(false).exact(String::from_utf8(script)?.trim_end())?;
    Ok(Exit::Done)
}

/// The command line, which has the names of the tools here: the program itself asks the tools.
fn command() -> clap::Command {
    let names = mcp::all_tools().map(|tool| tool.name());
    help::command()
        .mut_subcommand("call", |call| call.mut_arg("tool", |tool| tool.value_parser(PossibleValuesParser::new(names))))
}
