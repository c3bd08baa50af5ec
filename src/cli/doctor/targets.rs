//! The targets beside the one in force: what each is, and whether it can be used.

use futures::future::join_all;

use super::check::Check;
use crate::backend::{aws, check_place};
use crate::config::{Backend, Settings};

pub(super) async fn checks(settings: &Settings) -> Vec<Check> {
    join_all(settings.others.iter().map(check)).await
}

async fn check(target: &Settings) -> Check {
    let error = |error| {
        let check = Check::error("target", error);
        let finding = format!("{}: {}", target.target, check.finding);
        Check { finding, ..check }
    };
    match target.backend.value {
        Backend::Local => match check_place(target) {
            Ok(()) => Check::good("target", format!("{}: {}", target.target, target.in_short())),
            Err(trouble) => error(trouble),
        },
        Backend::Aws => match Box::pin(aws::load(target)).await {
            Ok(loaded) => match loaded.identity().await {
                Ok(known) => Check::good("target", format!("{known}, {}", target.mode.value)),
                Err(trouble) => error(trouble),
            },
            Err(trouble) => error(trouble),
        },
    }
}
