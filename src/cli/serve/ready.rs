//! What runs once the endpoint answers, before anybody is told of it.

use std::process::Stdio;

use anyhow::{Context as _, bail};
use tokio::process::Command;

use crate::cli::env;
use crate::config::Settings;

/// Runs a command in a shell, with the variables that lead AWS clients to `url`. What it prints goes to standard error:
/// standard output is for those who read where the endpoint is.
///
/// # Errors
/// Where there is no shell, or the command fails.
pub(super) async fn run(command: &str, settings: &Settings, url: &str) -> anyhow::Result<()> {
    let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut started = Command::new(shell);
    started.arg(option).arg(command).envs(env::leading_to(settings, url));
    // Who started this one may hold its standard input as a sign of life.
    started.stdin(Stdio::null()).stdout(std::io::stderr()).kill_on_drop(true);
    let status = started.status().await.with_context(|| format!("--on-ready: {shell} cannot be started"))?;
    if !status.success() {
        bail!("--on-ready failed ({status}), so nothing is served");
    }
    Ok(())
}
