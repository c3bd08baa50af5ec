//! A bridge over the backend in force, for the commands that call tools.

use std::path::PathBuf;
use std::sync::Arc;

use super::journal::recorder;
use super::{Context, seed};
use crate::backend::{self, Backend, Local, Manner, Offer, Role, set_aside};
use crate::clock::{RandomIds, SystemClock};
use crate::config::{self, Settings};
use crate::journal::{EndpointObserver, Recorder};
use crate::mcp::{Authorizer, Bridge, Endpoint, Options, Policy, Problems};

/// An open backend and the tools over it. [`Session::close`] ends it in good order.
pub(super) struct Session {
    pub(super) bridge: Bridge,
    pub(super) backend: Backend,
    /// Where this process records its calls.
    pub(super) journal: PathBuf,
    offer: Option<Offer>,
}

/// What a session is made of beside the settings.
pub(super) struct Parts {
    /// Where its calls are recorded.
    pub(super) recorder: Recorder,
    /// Who decides about each call.
    pub(super) authorizer: Arc<dyn Authorizer>,
    /// The URL that presigned URLs lead to; without it, that of the endpoint on offer.
    pub(super) endpoint: Option<Endpoint>,
    /// What is wrong and keeps no tool from working.
    pub(super) problems: Problems,
}

impl Session {
    /// Opens what the settings chose. A process that stays offers the public endpoint, if nobody else does.
    pub(super) async fn open(context: &Context, role: Role) -> anyhow::Result<Self> {
        let settings = &context.settings;
        let parts = Parts {
            recorder: recorder(settings, Arc::new(SystemClock), Arc::new(RandomIds))?,
            authorizer: Arc::new(Policy::new(settings.mode.value)),
            endpoint: None,
            problems: Arc::new(Vec::new),
        };
        Self::of(settings, role, parts).await
    }

    /// Opens what `settings` say, with these parts.
    pub(super) async fn of(settings: &Settings, role: Role, parts: Parts) -> anyhow::Result<Self> {
        let recorder = parts.recorder;
        let observer = Arc::new(EndpointObserver::new(recorder.clone()));
        let backend = Backend::open(settings, role, observer).await?;
        if role == Role::Stays
            && backend.local().is_some()
            && let Err(error) = seed::where_empty(settings, &backend.clients).await
        {
            // The next attempt must find the directory free.
            backend.close().await;
            return Err(error.into());
        }
        let offer = match backend.local() {
            Some(local) if role == Role::Stays => match Offer::open(local, settings, Manner::Offer).await {
                Ok(offer) => Some(offer),
                Err(error) => {
                    // The tools work without it.
                    tracing::warn!(%error, "the endpoint for other AWS clients is not offered");
                    None
                }
            },
            _ => None,
        };
        let journal = recorder.dir().to_owned();
        let value = |setting: &Option<config::Setting<String>>| setting.as_ref().map(|setting| setting.value.clone());
        let bridge = Bridge::new(Options {
            s3: backend.clients.s3.clone(),
            dynamodb: backend.clients.dynamodb.clone(),
            sts: Some(backend.clients.sts.clone()),
            target: backend.target(),
            endpoint: parts.endpoint.unwrap_or_else(|| endpoint(settings, offer.as_ref())),
            problems: problems(&backend, parts.problems),
            mode: settings.mode.value,
            authorizer: parts.authorizer,
            recorder: Some(recorder),
            default_bucket: value(&settings.default_bucket),
            default_table: value(&settings.default_table),
            files: settings.files.value.clone(),
            budget: settings.budget_bytes.value,
            time_limit: settings.call_timeout.value,
        });
        Ok(Self { bridge, backend, journal, offer })
    }

    /// Gives up the endpoint and this process's part in the data.
    pub(super) async fn close(self) {
        if let Some(offer) = self.offer {
            offer.close().await;
        }
        self.backend.close().await;
    }
}

/// What is wrong beside the data, and what was moved aside in it.
fn problems(backend: &Backend, beside: Problems) -> Problems {
    match backend.local().and_then(Local::directory).map(|directory| directory.path().to_owned()) {
        Some(directory) => Arc::new(move || beside().into_iter().chain(set_aside(&directory)).collect()),
        None => beside,
    }
}

/// Where the endpoint is: in memory only this process can have it, else whoever of the directory offers it just now.
fn endpoint(settings: &Settings, offer: Option<&Offer>) -> Endpoint {
    let own = offer.map(Offer::watch);
    let directory: Option<PathBuf> = (!settings.ephemeral.value).then(|| settings.directory());
    Arc::new(move || match &directory {
        Some(directory) => backend::endpoint_of(directory),
        None => own.as_ref().and_then(|url| url.borrow().clone()),
    })
}
