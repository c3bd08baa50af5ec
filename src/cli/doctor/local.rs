//! The local backend: the data directory and the endpoint's port.

use std::path::Path;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::check::Check;
use super::data;
use crate::backend::check_place;
use crate::config::Settings;
use crate::emulator::endpoint::{Holder, holder};

/// How long connecting on this machine may take.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) async fn checks(settings: &Settings) -> Vec<Check> {
    if let Err(error) = check_place(settings) {
        return vec![Check::error("data", error), endpoint(settings).await];
    }
    let mut checks = vec![directory(settings), endpoint(settings).await];
    // Nothing is made only to be looked at.
    if !settings.ephemeral.value && settings.directory().is_dir() {
        checks.extend(Box::pin(data::checks(settings)).await);
    }
    if let Some(url) = settings.aws.get("AWS_ENDPOINT_URL") {
        checks.push(Check::note("AWS_ENDPOINT_URL", format!("{url} is for AWS SDKs; the local backend ignores it")));
    }
    checks
}

fn directory(settings: &Settings) -> Check {
    if settings.ephemeral.value {
        return Check::good("data", "in memory, forgotten at exit");
    }
    let path = settings.directory();
    match writable(&path) {
        Ok(true) => Check::good("data", format!("{} is there and can be written", path.display())),
        Ok(false) => Check::good("data", format!("{} will be made", path.display())),
        Err(error) => Check::wrong("data", format!("{}: {error}", path.display()))
            .hint("Choose another directory with --data-dir, or --ephemeral"),
    }
}

/// Whether `path` can be written now, or can be made: then its nearest ancestor can be written.
fn writable(path: &Path) -> std::io::Result<bool> {
    let there = path.ancestors().find(|path| path.exists()).unwrap_or(path);
    tempfile::tempfile_in(there)?;
    Ok(there == path)
}

async fn endpoint(settings: &Settings) -> Check {
    let listen = &settings.listen.value;
    if listen.port() == 0 {
        return Check::good("endpoint", "a port that the system gives");
    }
    for address in listen.addresses() {
        if !matches!(timeout(PATIENCE, TcpStream::connect(address)).await, Ok(Ok(_))) {
            continue;
        }
        let holder = holder(*address).await;
        let finding = format!("{address} is taken by {holder}");
        return match holder {
            Holder::Footbridge { .. } => Check::good("endpoint", finding),
            _ => Check::wrong("endpoint", finding).hint("Stop it, or choose another port with --listen"),
        };
    }
    Check::good("endpoint", format!("{listen} is free; `footbridge serve` answers there"))
}
