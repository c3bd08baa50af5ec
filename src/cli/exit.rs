//! Exit codes.

use std::process::ExitCode;

use super::output::tell;
use crate::backend::BridgeError;
use crate::config::ConfigError;
use crate::replay::ReplayError;

/// The codes, for `--help`.
pub(super) const HELP: &str = "\
Exit codes: 0 done; 1 it failed; 2 the command line or the configuration is wrong; 3 refused until a person allows it;
4 the backend cannot be used (credentials, region, network, a taken port).";

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It did what it was asked.
    Done,
    /// It ran, and what it was asked for failed; it has said why.
    Failed,
    /// The command line or the configuration is wrong.
    Usage,
    /// A person must allow it first.
    Refused,
    /// The backend cannot be used: credentials, region, network, a taken port.
    Unavailable,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
            Exit::Unavailable => 4,
        })
    }
}

impl Exit {
    /// Says on standard error what went wrong, and gives the code for it.
    #[must_use]
    pub fn report(error: &anyhow::Error) -> Self {
        let exit = Self::of(error);
        if exit != Self::Done {
            tell(format_args!("footbridge: {error:#}"));
        }
        exit
    }

    fn of(error: &anyhow::Error) -> Self {
        if error.is::<ConfigError>() || error.is::<ReplayError>() {
            Self::Usage
        } else if error.is::<BridgeError>() {
            Self::Unavailable
        } else if error.chain().any(is_broken_pipe) {
            // Whoever read our output has seen enough.
            Self::Done
        } else {
            Self::Failed
        }
    }
}

fn is_broken_pipe(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
