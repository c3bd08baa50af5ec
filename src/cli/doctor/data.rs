//! The local data: who owns it, and in which regions there is any.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Context as _;
use aws_sdk_dynamodb::config::Region;
use futures::future::try_join_all;

use super::check::Check;
use crate::backend::{Backend, Clients, Directory, Role};
use crate::causes;
use crate::config::Settings;
use crate::emulator::observer::NoObserver;
use crate::emulator::region::REGIONS;

pub(super) async fn checks(settings: &Settings) -> Vec<Check> {
    let mut checks = vec![owner(settings)];
    let backend = match Backend::open(settings, Role::Passes, Arc::new(NoObserver)).await {
        Ok(backend) => backend,
        Err(error) => {
            checks.push(Check::error("data", error));
            return checks;
        }
    };
    checks.push(regions(settings, &backend.clients).await);
    if let Some(local) = backend.local() {
        checks.extend(local.notices().await.into_iter().map(|notice| Check::note("quarantine", notice)));
    }
    backend.close().await;
    checks
}

/// Asked before this process looks at the data, which makes it the owner where nobody else is.
fn owner(settings: &Settings) -> Check {
    let found = Directory::open(&settings.directory(), &uuid::Uuid::now_v7().to_string()).and_then(|directory| {
        let free = directory.try_lock()?.is_some();
        Ok(if free { None } else { directory.owner()? })
    });
    match found {
        Ok(Some(record)) => Check::good("owner", format!("process {}", record.pid)),
        Ok(None) => Check::good("owner", "nobody at the moment"),
        Err(error) => Check::wrong("owner", error.to_string()),
    }
}

async fn regions(settings: &Settings, clients: &Clients) -> Check {
    let here = settings.local_region();
    match with_data(clients).await {
        Ok(regions) if regions.is_empty() => Check::good("regions", "no tables or buckets yet"),
        Ok(regions) => {
            let list = regions.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            if regions.contains(here) {
                Check::good("regions", format!("data in {list}"))
            } else {
                Check::note("regions", format!("data in {list}, none in {here}, which is in force"))
                    .hint("Choose another with --region")
            }
        }
        Err(error) => Check::wrong("regions", causes::told(error.as_ref())),
    }
}

/// The regions that hold a table or a bucket of the account in force.
async fn with_data(clients: &Clients) -> anyhow::Result<BTreeSet<String>> {
    let buckets = clients.s3.list_buckets().send().await.context("buckets cannot be listed")?;
    let mut regions: BTreeSet<String> =
        buckets.buckets().iter().filter_map(|bucket| bucket.bucket_region().map(str::to_owned)).collect();
    let tables = REGIONS.map(|region| async move {
        let there = aws_sdk_dynamodb::config::Builder::default().region(Region::new(region));
        let listed = clients.dynamodb.list_tables().limit(1).customize().config_override(there).send().await;
        listed.map(|tables| (region, !tables.table_names().is_empty()))
    });
    let tables = try_join_all(tables).await.context("tables cannot be listed")?;
    regions.extend(tables.into_iter().filter(|(_, any)| *any).map(|(region, _)| region.to_owned()));
    Ok(regions)
}
