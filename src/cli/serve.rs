//! `footbridge serve`: the endpoint for AWS SDKs and the AWS CLI.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use super::output::tell;
use super::{Context, Exit, journal, seed};
use crate::backend::{self, Clients, Manner, Offer, Role};
use crate::clock::{RandomIds, SystemClock};
use crate::config::{Backend, Settings, Source};
use crate::journal::EndpointObserver;

/// Arguments of `footbridge serve`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// What is said once the endpoint answers.
#[derive(Serialize)]
struct Ready<'a> {
    endpoint: &'a str,
    pid: u32,
    /// What a person should know of the data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<String>,
}

/// Serves until it is told to stop.
pub async fn run(_args: Args, context: &Context) -> anyhow::Result<Exit> {
    let settings = &context.settings;
    if settings.backend.value == Backend::Aws {
        tell("footbridge: serve offers the local emulator: real AWS has endpoints of its own");
        return Ok(Exit::Usage);
    }
    context.log_to_file()?;
    let recorder = journal::recorder(settings, Arc::new(SystemClock), Arc::new(RandomIds))?;
    let local = backend::join(settings, Role::Stays, Arc::new(EndpointObserver::new(recorder))).await?;
    let clients = Clients::local(local.gateway().clone(), settings.local_region(), settings.local_credentials());
    if let Err(error) = seed::where_empty(settings, &clients).await {
        local.leave().await;
        return Err(error.into());
    }
    let offer = match Offer::open(&local, settings, Manner::Insist).await {
        Ok(offer) => offer,
        Err(error) => {
            local.leave().await;
            return Err(error.into());
        }
    };
    // Before anybody knows that it runs.
    let told = super::signal::stop();
    if let Some(url) = offer.url() {
        let ready = Ready { endpoint: &url, pid: std::process::id(), notices: local.notices().await };
        if context.output.is_json() {
            context.output.json(&ready)?;
        } else {
            context.output.line(format_args!("footbridge answers AWS SDKs and the AWS CLI at {}", ready.endpoint))?;
            let data =
                local.directory().map_or("in memory".to_owned(), |directory| directory.path().display().to_string());
            context.output.line(format_args!("data: {data}"))?;
            for notice in &ready.notices {
                context.output.line(format_args!("note: {notice}"))?;
            }
            context.output.line(format_args!(
                "in another shell: eval \"$(footbridge env{})\"",
                same_place(settings, ready.endpoint)
            ))?;
        }
    }
    told.await;
    offer.close().await;
    local.leave().await;
    Ok(Exit::Done)
}

/// The flags that lead another command to the same endpoint, which it finds by the data directory.
fn same_place(settings: &Settings, url: &str) -> String {
    if settings.ephemeral.value {
        let port = url.rsplit(':').next().unwrap_or_default();
        return format!(" --listen {port}");
    }
    let mut flags = String::new();
    if matches!(settings.data_dir.source, Source::Flag(_)) {
        let _ = write!(flags, " --data-dir {}", settings.data_dir.value.display());
    }
    if let Some(store) = settings.store.as_ref().filter(|store| matches!(store.source, Source::Flag(_))) {
        let _ = write!(flags, " --store {}", store.value);
    }
    flags
}
