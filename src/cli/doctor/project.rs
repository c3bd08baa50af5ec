//! The working directory's files and how far they were honoured.

use super::check::Check;
use crate::config::{Backend, Settings, Trust};

/// How many endpoints are shown one by one: a file may hold thousands of lines.
const ENDPOINTS: usize = 40;

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
    if settings.backend.value == Backend::Local {
        // Nothing warns of them here, where they change nothing; who goes to AWS from here, or trusts, should know.
        let endpoints = settings.waiting.iter().filter(|waiting| waiting.is_endpoint_variable());
        let said = |waiting| {
            format!(
                "{waiting}: no effect here, and on AWS for keys of the same file alone until `footbridge trust` is run here"
            )
        };
        checks.extend(endpoints.take(ENDPOINTS).map(|waiting| Check::note("not honoured", said(waiting))));
    }
    checks
}
