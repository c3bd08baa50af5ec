//! A bridge over the backend in force, for the commands that call tools.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::journal::recorder;
use super::others::Others;
use super::{Context, seed};
use crate::backend::{self, Backend, Clients, Local, Manner, Offer, Presence, ProcessRecord, Role, set_aside};
use crate::clock::{Clock as _, RandomIds, SystemClock};
use crate::config::{self, Settings};
use crate::consent::Queue;
use crate::journal::{EndpointObserver, Recorder};
use crate::mcp::{self, Authorizer, Bridge, Consent, Endpoint, Options, Policy, Problems, Target};

/// An open backend and the tools over it. [`Session::close`] ends it in good order.
pub(super) struct Session {
    pub(super) bridge: Bridge,
    pub(super) backend: Backend,
    /// What the bridge is made of.
    pub(super) options: Options,
    /// Where this process records its calls.
    pub(super) journal: PathBuf,
    /// This process in the list of those that run.
    pub(super) presence: Option<Arc<Presence>>,
    offer: Option<Offer>,
    others: Arc<Others>,
}

/// What a session is made of beside the settings.
pub(super) struct Parts {
    /// The subcommand.
    pub(super) command: &'static str,
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
    pub(super) async fn open(context: &Context, command: &'static str, role: Role) -> anyhow::Result<Self> {
        Self::of_settings(&context.settings, command, role).await
    }

    /// Opens what `settings` chose, as [`open`](Self::open) does.
    pub(super) async fn of_settings(settings: &Settings, command: &'static str, role: Role) -> anyhow::Result<Self> {
        let parts = Parts {
            command,
            recorder: recorder(settings, Arc::new(SystemClock), Arc::new(RandomIds))?,
            authorizer: Arc::new(Policy::of(settings)),
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
            && let Err(error) = seed::where_empty(settings.seed.as_ref(), &backend.clients).await
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
        let url = offer.as_ref().and_then(Offer::url);
        let presence = match role {
            Role::Stays => announce(settings, parts.command, &backend.target(), backend.local(), &journal, url).await,
            Role::Passes => None,
        };
        let endpoint = parts.endpoint.unwrap_or_else(|| endpoint(settings, offer.as_ref()));
        let own = backend.local().map(|local| local.gateway().clone());
        let mut options = options(settings, &backend.clients, backend.target(), endpoint.clone(), recorder.clone());
        let others = Others::new(settings, role, recorder, endpoint, options.consent.clone(), own);
        options.others = mcp::Others::of(settings, others.clone());
        options.problems = problems(&backend, parts.problems);
        options.gateway = backend.local().map(|local| local.gateway().clone());
        options.authorizer = parts.authorizer;
        let bridge = Bridge::new(options.clone());
        Ok(Self { bridge, backend, options, journal, presence, offer, others })
    }

    /// The endpoint on offer for the same data, by whichever process.
    pub(super) fn endpoint(&self, settings: &Settings) -> Endpoint {
        endpoint(settings, self.offer.as_ref())
    }

    /// Gives up the endpoint and this process's part in the data.
    pub(super) async fn close(self) {
        drop(self.presence);
        self.others.close().await;
        if let Some(offer) = self.offer {
            offer.close().await;
        }
        self.backend.close().await;
    }
}

/// What a bridge over these clients is made of, as `settings` say.
pub(super) fn options(
    settings: &Settings,
    clients: &Clients,
    target: Target,
    endpoint: Endpoint,
    recorder: Recorder,
) -> Options {
    let value = |setting: &Option<config::Setting<String>>| setting.as_ref().map(|setting| setting.value.clone());
    Options {
        s3: clients.s3.clone(),
        dynamodb: clients.dynamodb.clone(),
        sts: Some(clients.sts.clone()),
        target,
        endpoint,
        problems: Arc::new(Vec::new),
        gateway: None,
        mode: settings.mode.value,
        allowed: settings.allowed.clone(),
        others: None,
        authorizer: Arc::new(Policy::of(settings)),
        consent: consent(settings, &recorder),
        recorder: Some(recorder),
        default_bucket: value(&settings.default_bucket),
        default_table: value(&settings.default_table),
        files: settings.files.value.clone(),
        tools: settings.tools.value.clone(),
        not_honoured: settings.warnings.clone(),
        budget: settings.budget_bytes.value,
        time_limit: settings.call_timeout.value,
    }
}

/// Where people are asked: in the data directory, or beside a temporary journal.
fn consent(settings: &Settings, recorder: &Recorder) -> Option<Consent> {
    let in_memory = settings.ephemeral.value;
    let place = if in_memory { recorder.dir().to_owned() } else { settings.directory() };
    let consent = Consent::new(Queue::open(&place, Arc::new(SystemClock)));
    // Where nobody can be asked, nothing is allowed that wants it.
    let consent = consent.inspect_err(|error| tracing::error!(%error, "people cannot be asked")).ok()?;
    let carefree = !settings.ask_after_reading.value;
    Some(consent.with_command(super::approve::command(settings)).carefree(carefree))
}

/// What is wrong beside the data, and what was moved aside in it.
pub(super) fn problems(backend: &Backend, beside: Problems) -> Problems {
    match backend.local().and_then(Local::directory).map(|directory| directory.path().to_owned()) {
        Some(directory) => Arc::new(move || beside().into_iter().chain(set_aside(&directory)).collect()),
        None => beside,
    }
}

/// Where the endpoint is: in memory only this process can have it, else whoever of the directory offers it just now.
pub(super) fn endpoint(settings: &Settings, offer: Option<&Offer>) -> Endpoint {
    let own = offer.map(Offer::watch);
    let directory: Option<PathBuf> = (!settings.ephemeral.value).then(|| settings.directory());
    Arc::new(move || match &directory {
        Some(directory) => backend::endpoint_of(directory),
        None => own.as_ref().and_then(|url| url.borrow().clone()),
    })
}

/// Puts this process into the list of those that run on the same data. Where its data is in memory, the list is in the
/// directory of its journal, and so is the way to the data.
pub(super) async fn announce(
    settings: &Settings,
    command: &str,
    target: &crate::mcp::Target,
    local: Option<&Local>,
    journal: &Path,
    url: Option<String>,
) -> Option<Arc<Presence>> {
    let in_memory = settings.ephemeral.value;
    let place = if in_memory { journal.to_owned() } else { settings.directory() };
    if in_memory
        && let Some(local) = local
        && let Err(error) = local.meet_in(&place).await
    {
        tracing::warn!(%error, "other processes cannot look at the data of this one");
    }
    let record = ProcessRecord {
        pid: std::process::id(),
        command: command.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started: SystemClock.millis(),
        target: target.into(),
        mode: settings.mode.value.to_string(),
        journal: journal.to_owned(),
        endpoint: url.filter(|_| in_memory),
        mcp: None,
        client: None,
    };
    let announced = Presence::announce(&place, record);
    announced.inspect_err(|error| tracing::warn!(%error, "other processes do not see this one")).ok().map(Arc::new)
}
