//! What `--help` shows: examples, and of the global options those that mean something to the subcommand.

use clap::{Command, CommandFactory as _, FromArgMatches as _};

use super::Cli;

/// Below the help of the program itself.
pub(super) const TOP: &str = "\
Examples:
  footbridge demo                                 what it is, in half a minute
  footbridge call s3_create_bucket bucket=photos  call a tool from the shell
  footbridge serve --ephemeral                    an endpoint for AWS SDKs, in memory
  footbridge --backend aws --profile dev doctor   what is in force on AWS

`footbridge SUBCOMMAND --help` has the options and examples of each.

Exit codes: 0 done; 1 it failed; 2 the command line or the configuration is wrong; 3 refused until a person allows it;
4 the backend cannot be used (credentials, region, network, a taken port); 5 a project uses what is not emulated.";

const TARGET: &[&str] = &["target", "backend", "profile", "region", "endpoint_url"];
const LOCAL_TARGET: &[&str] = &["target", "region"];
const MODE: &[&str] = &["mode"];
const DIRECTORY: &[&str] = &["data_dir", "store"];
const MEMORY: &[&str] = &["ephemeral"];
const FILES: &[&str] = &["files"];
const ENDPOINT: &[&str] = &["listen", "allow_host", "public_url", "strict", "any_credentials"];
const LISTEN: &[&str] = &["listen"];
const PUBLIC: &[&str] = &["public_url"];

/// The global options that mean something to a subcommand, beside those of every one (`GENERAL`). They are taken
/// everywhere, so that flags can stand before the subcommand; a subcommand that is not named here shows them all.
const SHOWN: &[(&str, &[&[&str]])] = &[
    ("serve", &[LOCAL_TARGET, MODE, DIRECTORY, MEMORY, ENDPOINT]),
    ("tui", &[TARGET, MODE, DIRECTORY, MEMORY, ENDPOINT]),
    ("call", &[TARGET, MODE, DIRECTORY, MEMORY, FILES, PUBLIC]),
    ("demo", &[DIRECTORY, MEMORY, LISTEN]),
    ("seed", &[LOCAL_TARGET, DIRECTORY]),
    ("reset", &[MODE, DIRECTORY]),
    ("snapshot", &[LOCAL_TARGET, DIRECTORY]),
    ("restore", &[LOCAL_TARGET, DIRECTORY]),
    ("undo", &[LOCAL_TARGET, DIRECTORY]),
    ("check", &[DIRECTORY]),
    ("env", &[LOCAL_TARGET, DIRECTORY, LISTEN, PUBLIC]),
    ("healthcheck", &[LISTEN]),
    ("journal", &[TARGET, DIRECTORY]),
    ("replay", &[TARGET, MODE, DIRECTORY, FILES]),
    ("copy", &[TARGET, MODE, DIRECTORY]),
    ("diff", &[TARGET, DIRECTORY]),
    ("install", &[TARGET, MODE, DIRECTORY, MEMORY, FILES, ENDPOINT]),
    ("uninstall", &[]),
    ("approve", &[DIRECTORY]),
    ("deny", &[DIRECTORY]),
    ("fsck", &[DIRECTORY]),
    ("trust", &[]),
    ("completions", &[]),
];
/// What means something everywhere.
const GENERAL: &[&str] = &["config", "json", "verbose"];

impl Cli {
    /// Reads the command line of this process, which ends here where it is wrong, or asks for help.
    #[must_use]
    pub fn read() -> Self {
        // What is shown is read the same way, and takes longer to put together than a call should.
        let asks = std::env::args_os().any(|word| word == "--help" || word == "-h" || word == "help");
        let command = if asks { command() } else { Self::command() };
        Self::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
    }
}

/// The command line as `--help` shows it.
#[must_use]
pub fn command() -> Command {
    let mut command = Cli::command();
    let globals: Vec<_> = command.get_arguments().filter(|argument| argument.is_global_set()).cloned().collect();
    for (name, shown) in SHOWN {
        let means = |id: &str| GENERAL.contains(&id) || shown.iter().any(|group| group.contains(&id));
        // A global option that a subcommand has already is not given to it again. All of them, for their order.
        let own = globals
            .iter()
            .map(|argument| argument.clone().hide(argument.is_hide_set() || !means(argument.get_id().as_str())));
        command = command.mut_subcommand(name, |subcommand| subcommand.args(own.collect::<Vec<_>>()));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_hidden_of_options_and_subcommands_that_there_are() {
        let mut command = command();
        command.build();
        let globals: Vec<_> = command.get_arguments().filter(|argument| argument.is_global_set()).cloned().collect();
        for (name, shown) in SHOWN {
            let subcommand = command.find_subcommand(name).unwrap();
            for id in shown.iter().copied().flatten().chain(GENERAL) {
                assert!(globals.iter().any(|global| global.get_id() == id), "{id}");
                assert!(subcommand.get_arguments().any(|argument| argument.get_id() == id && !argument.is_hide_set()));
            }
            // All are taken.
            assert!(globals.iter().all(|global| subcommand.get_arguments().any(|own| own.get_id() == global.get_id())));
        }
    }
}
