//! Which calls of which journal.

use std::io;
use std::path::Path;

use anyhow::Context as _;
use chrono::Utc;

use crate::cli::journal::Period;
use crate::journal::Filter;
use crate::replay::{self, Script};

/// Which calls of a journal.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Which calls")]
pub struct Choice {
    /// Only calls of this tool or AWS operation (may be repeated)
    #[arg(long, value_name = "NAME")]
    tool: Vec<String>,
    /// Only calls that concern this service
    #[arg(long, value_name = "s3|dynamodb")]
    service: Option<String>,
    /// Only calls on a resource whose name contains this
    #[arg(long, value_name = "TEXT")]
    resource: Option<String>,
    /// Only calls that this process recorded, such as one agent's session (`pid` in the journal)
    #[arg(long, value_name = "PID")]
    session: Option<u32>,
    /// From the call whose id begins or ends so
    #[arg(long, value_name = "ID")]
    from: Option<String>,
    /// To the call whose id begins or ends so
    #[arg(long, value_name = "ID")]
    to: Option<String>,
    #[command(flatten)]
    period: Period,
}

impl Choice {
    fn chosen(&self) -> replay::Choice {
        let Self { tool, service, resource, session, from, to, period } = self.clone();
        let mut filter = Filter { service, resource, ..Filter::default() };
        period.narrow(&mut filter, Utc::now());
        replay::Choice { filter, tools: tool, session, from, to }
    }

    /// Reads these calls of a journal; `-` is standard input.
    pub(crate) fn read(&self, path: &Path) -> anyhow::Result<Script> {
        let choice = self.chosen();
        let script = if path == Path::new("-") {
            // The reader wants to look at its file more than once.
            let mut file = tempfile::NamedTempFile::new().context("a file for standard input")?;
            io::copy(&mut io::stdin().lock(), &mut file).context("standard input")?;
            Script::read(file.path(), &choice)?
        } else {
            Script::read(path, &choice)?
        };
        if script.unreadable > 0 {
            tracing::warn!(lines = script.unreadable, "lines that are no journal records were passed over");
        }
        Ok(script)
    }
}
