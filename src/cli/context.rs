//! What every subcommand gets.

use std::path::PathBuf;
use std::sync::Arc;

use super::Output;
use super::logging::Logging;
use super::stderr::Beside;
use crate::config::{Flags, Inputs, Settings};

/// What every subcommand gets.
#[derive(Debug)]
pub struct Context {
    /// The settings in force.
    pub settings: Settings,
    /// The way to standard output.
    pub output: Output,
    /// The user's configuration directory, where the platform has one.
    pub config_dir: Option<PathBuf>,
    /// The configuration file of `--config`.
    pub config_file: Option<PathBuf>,
    logging: Logging,
}

impl Context {
    /// Resolves the settings of this process, and starts logging as they say.
    pub fn load(flags: Flags, output: Output) -> anyhow::Result<Self> {
        let inputs = Inputs::of_process(flags)?;
        let settings = Settings::load(&inputs)?;
        let logging = Logging::start(&settings.log.value)?;
        let config_file = inputs.flags.config_file().map(ToOwned::to_owned);
        Ok(Self { settings, output, config_dir: inputs.dirs.config, config_file, logging })
    }

    /// Logs what was said and not honoured.
    pub fn log_warnings(&self) {
        for warning in &self.settings.warnings {
            tracing::warn!("{warning}");
        }
    }

    /// Keeps logs off standard error, which shows on the same screen, or lets them through again.
    pub fn quiet(&self, quiet: bool) {
        self.logging.quiet(quiet);
    }

    /// Writes standard error beside the work, from now on, so that nobody who reads it can hold it up.
    pub(super) fn stderr_beside(&self) -> std::io::Result<Arc<Beside>> {
        self.logging.beside()
    }

    /// Logs to the log file as well, from now on: for commands that run long.
    pub fn log_to_file(&self) -> anyhow::Result<()> {
        self.logging.to_file_of(&self.settings)
    }
}
