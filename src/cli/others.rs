//! The targets beside the one that a session is of: each is opened when a call first names it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::Mutex;

use super::session::{endpoint, options, problems};
use crate::backend::{Backend, Gateway, Role};
use crate::config::{self, Settings};
use crate::journal::{EndpointObserver, Recorder};
use crate::mcp::{Bridge, Consent, Endpoint, Opener, ToolError};

/// The targets beside a session's own. [`Others::close`] ends them in good order.
pub(super) struct Others(Arc<Shared>);

struct Shared {
    targets: Vec<Place>,
    role: Role,
    recorder: Recorder,
    /// The endpoint of the session's own data.
    endpoint: Endpoint,
    /// A person is asked in one place for all targets, and what a session has read on one counts on the others.
    consent: Option<Consent>,
    /// The ways to local data that this process has, by directory: a second target of the same data shares its.
    gateways: StdMutex<Vec<(PathBuf, Gateway)>>,
    own: Option<PathBuf>,
}

/// One target. What is slow to open holds up the calls that name it, and no others.
struct Place {
    settings: Settings,
    opened: Mutex<State>,
}

#[derive(Default)]
enum State {
    #[default]
    Closed,
    Open(Bridge, Option<Box<Backend>>),
    /// Nothing is opened any more.
    Over,
}

impl Others {
    /// The targets that `settings` have beside their own, none of them open. `own` is the way to the session's own data.
    pub(super) fn new(
        settings: &Settings,
        role: Role,
        recorder: Recorder,
        endpoint: Endpoint,
        consent: Option<Consent>,
        own: Option<Gateway>,
    ) -> Arc<Self> {
        let places =
            settings.others.iter().map(|settings| Place { settings: settings.clone(), opened: Mutex::default() });
        let directory = own.as_ref().map(|_| settings.directory());
        let gateways = directory.clone().zip(own).into_iter().collect();
        Arc::new(Self(Arc::new(Shared {
            targets: places.collect(),
            role,
            recorder,
            endpoint,
            consent,
            gateways: StdMutex::new(gateways),
            own: directory,
        })))
    }

    /// Gives up what was opened, and opens nothing more.
    pub(super) async fn close(&self) {
        for place in &self.0.targets {
            let state = std::mem::replace(&mut *place.opened.lock().await, State::Over);
            if let State::Open(_, Some(backend)) = state {
                backend.close().await;
            }
        }
    }
}

#[async_trait]
impl Opener for Others {
    async fn open(&self, name: &str) -> Result<Bridge, ToolError> {
        let shared = Arc::clone(&self.0);
        let name = name.to_owned();
        // In a task of its own: a client that gives its call up must not leave half of a target open.
        let opening = tokio::spawn(async move { shared.open(&name).await });
        opening.await.unwrap_or_else(|error| Err(ToolError::new("internal", error.to_string())))
    }
}

impl Shared {
    async fn open(&self, name: &str) -> Result<Bridge, ToolError> {
        let place = self.targets.iter().find(|place| place.settings.target.as_str() == name);
        let place = place.ok_or_else(|| ToolError::new("internal", format!("there is no target {name}")))?;
        let mut state = place.opened.lock().await;
        match &*state {
            State::Open(bridge, _) => return Ok(bridge.clone()),
            State::Over => return Err(ToolError::new("internal", "footbridge is ending")),
            State::Closed => {}
        }
        let (bridge, backend) = self.bridge(&place.settings).await?;
        *state = State::Open(bridge.clone(), backend.map(Box::new));
        Ok(bridge)
    }

    async fn bridge(&self, settings: &Settings) -> Result<(Bridge, Option<Backend>), ToolError> {
        settings.check_directory().map_err(|error| ToolError::new("bad_configuration", error.to_string()))?;
        let local = settings.backend.value == config::Backend::Local;
        let directory = settings.directory();
        if let Some(gateway) = self.gateway(&directory).filter(|_| local) {
            let (clients, target) = Backend::beside(&gateway, settings);
            let mut options = options(settings, &clients, target, self.endpoint(settings), self.recorder.clone());
            options.gateway = Some(gateway);
            options.consent.clone_from(&self.consent);
            return Ok((Bridge::new(options), None));
        }
        let observer = Arc::new(EndpointObserver::new(self.recorder.clone()));
        let backend = Box::pin(Backend::open(settings, self.role, observer)).await?;
        let endpoint = self.endpoint(settings);
        let mut options = options(settings, &backend.clients, backend.target(), endpoint, self.recorder.clone());
        options.consent.clone_from(&self.consent);
        options.problems = problems(&backend, Arc::new(Vec::new));
        options.gateway = backend.local().map(|local| local.gateway().clone());
        if let Some(gateway) = &options.gateway {
            self.gateways.lock().unwrap_or_else(PoisonError::into_inner).push((directory, gateway.clone()));
        }
        Ok((Bridge::new(options), Some(backend)))
    }

    /// The way to the data of that directory, where this process has one.
    fn gateway(&self, directory: &PathBuf) -> Option<Gateway> {
        let gateways = self.gateways.lock().unwrap_or_else(PoisonError::into_inner);
        gateways.iter().find(|(known, _)| known == directory).map(|(_, gateway)| gateway.clone())
    }

    /// Where presigned URLs of that data lead.
    fn endpoint(&self, settings: &Settings) -> Endpoint {
        let same = self.own.as_ref() == Some(&settings.directory());
        if same { self.endpoint.clone() } else { endpoint(settings, None) }
    }
}
