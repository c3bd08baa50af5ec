//! The local backend: the data directory, its owner, the endpoint's port, and where there is data.

use std::path::Path;

use async_trait::async_trait;

use super::check::Check;
use crate::cli::port;
use crate::config::Settings;

/// What only the local backend can tell.
#[async_trait]
pub trait LocalFacts: Send + Sync {
    /// The process that owns the data directory, where one does.
    async fn owner(&self) -> anyhow::Result<Option<u32>>;

    /// The regions that hold tables or buckets.
    async fn regions_with_data(&self) -> anyhow::Result<Vec<String>>;
}

pub(super) async fn checks(settings: &Settings, facts: Option<&dyn LocalFacts>) -> Vec<Check> {
    let mut checks = vec![directory(settings), endpoint(settings).await];
    if let Some(facts) = facts {
        checks.push(match facts.owner().await {
            Ok(Some(pid)) => Check::good("owner", format!("process {pid}")),
            Ok(None) => Check::good("owner", "nobody at the moment"),
            Err(error) => Check::wrong("owner", format!("{error:#}")),
        });
        checks.push(regions(settings, facts).await);
    }
    if let Some(url) = settings.aws.get("AWS_ENDPOINT_URL") {
        checks.push(Check::note("AWS_ENDPOINT_URL", format!("{url} is for AWS SDKs; the local backend ignores it")));
    }
    checks
}

async fn regions(settings: &Settings, facts: &dyn LocalFacts) -> Check {
    let here = settings.local_region();
    match facts.regions_with_data().await {
        Ok(regions) if regions.is_empty() => Check::good("regions", "no data yet"),
        Ok(regions) if regions.iter().any(|region| region == here) => {
            Check::good("regions", format!("data in {}", regions.join(", ")))
        }
        Ok(regions) => {
            Check::note("regions", format!("data in {}, none in {here}, which is in force", regions.join(", ")))
                .hint("Choose another with --region")
        }
        Err(error) => Check::wrong("regions", format!("{error:#}")),
    }
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
        if let Some(holder) = port::holder(*address).await {
            let finding = format!("{address} is taken by {holder}");
            return if holder.is_footbridge() {
                Check::good("endpoint", finding)
            } else {
                Check::wrong("endpoint", finding).hint("Stop it, or choose another port with --listen")
            };
        }
    }
    Check::good("endpoint", format!("{listen} is free; `footbridge serve` answers there"))
}
