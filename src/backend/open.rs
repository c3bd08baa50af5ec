//! The backend in force: its clients, what they speak to, and this process's part in the data.

use std::sync::Arc;

use super::aws::{self, Target};
use super::clients::Clients;
use super::local::{Local, LocalError, LocalOptions, Role};
use super::{BridgeError, BridgeErrorKind};
use crate::clock::{RandomIds, SystemClock};
use crate::config::{self, Settings};
use crate::emulator::auth::{Identities, Identity, IdentityError};
use crate::emulator::observer::Observer;

/// The backend that the settings chose, opened.
#[derive(Debug)]
pub struct Backend {
    /// The SDK clients, which are all that tools speak through.
    pub clients: Clients,
    /// What they speak to.
    pub target: Target,
    /// This process's part in the local data; `None` on AWS.
    pub local: Option<Local>,
}

impl Backend {
    /// Opens what `settings` chose. `observer` is told of the calls of other clients while this process owns the data.
    pub async fn open(settings: &Settings, role: Role, observer: Arc<dyn Observer>) -> Result<Self, BridgeError> {
        match settings.backend.value {
            config::Backend::Aws => {
                let aws = aws::load(settings).await?;
                Ok(Self { clients: Clients::of(&aws.config, false), target: aws.target, local: None })
            }
            config::Backend::Local => {
                let local = join(settings, role, observer).await?;
                let region = settings.local_region();
                let clients = Clients::local(local.gateway().clone(), region);
                Ok(Self { clients, target: Target::local(region), local: Some(local) })
            }
        }
    }

    /// Gives up what this process holds, in good order.
    pub async fn close(self) {
        if let Some(local) = self.local {
            local.leave().await;
        }
    }
}

/// Joins the data directory that `settings` name.
pub async fn join(settings: &Settings, role: Role, observer: Arc<dyn Observer>) -> Result<Local, BridgeError> {
    let storage = |error: &dyn std::error::Error| BridgeError::new(BridgeErrorKind::Storage, error.to_string());
    let identities = identities(settings).map_err(|error| storage(&error))?;
    let options = LocalOptions {
        directory: (!settings.ephemeral.value).then(|| settings.directory()),
        role,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        identities,
        strict: settings.strict.value,
        observer,
    };
    Local::join(options).await.map_err(|error: LocalError| storage(&error))
}

fn identities(settings: &Settings) -> Result<Identities, IdentityError> {
    let known = settings.identities.iter().map(|setting| {
        let config::Identity { key, secret, account, canonical_id, display_name } = &setting.value;
        let mut identity = Identity::new(key, secret.expose())?.with_account(account)?;
        if let Some(id) = canonical_id {
            identity = identity.with_canonical_id(id)?;
        }
        Ok(match display_name {
            Some(name) => identity.with_display_name(name),
            None => identity,
        })
    });
    Identities::new(known.collect::<Result<Vec<_>, IdentityError>>()?)
}
