//! The working directory's files and how far they were honoured.

use super::check::Check;
use crate::config::{Settings, Trust};

pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let directory = settings.project.directory.display();
    let mut checks = match settings.project.trust {
        Trust::NothingToTrust => Vec::new(),
        Trust::Trusted => vec![Check::good("project", format!("{directory} is trusted"))],
        Trust::Untrusted => vec![Check::note("project", format!("{directory} is not trusted"))],
        Trust::Changed => {
            vec![Check::note(
                "project",
                format!("{directory} was trusted, and .env or footbridge.toml has changed since"),
            )]
        }
    };
    checks.extend(settings.warnings.iter().map(|warning| Check::note("not honoured", warning)));
    checks
}
