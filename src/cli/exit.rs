//! Exit codes.

use std::process::ExitCode;

use super::output::tell;
use crate::backend::BridgeError;
use crate::causes;
use crate::config::ConfigError;
use crate::replay::ReplayError;

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
    /// Something that a project uses is not emulated.
    NotEmulated,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
            Exit::Unavailable => 4,
            Exit::NotEmulated => 5,
        })
    }
}

impl Exit {
    /// Says on standard error what went wrong, and gives the code for it.
    #[must_use]
    pub fn report(error: &anyhow::Error) -> Self {
        let exit = Self::of(error);
        if exit != Self::Done {
            tell(format_args!("footbridge: {}", causes::told(error.as_ref())));
        }
        exit
    }

    fn of(error: &anyhow::Error) -> Self {
        if error.is::<ConfigError>() || error.is::<ReplayError>() {
            Self::Usage
        } else if error.is::<BridgeError>() {
            Self::Unavailable
        } else if nobody_reads(error) {
            // Whoever read our output has seen enough.
            Self::Done
        } else {
            Self::Failed
        }
    }
}

/// Whether it is that whoever read our output has gone.
pub(super) fn nobody_reads(error: &anyhow::Error) -> bool {
    let is_broken_pipe = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref().is_some_and(is_broken_pipe))
}
