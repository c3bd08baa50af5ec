//! The backend in force: its clients, what they speak to, and this process's part in the data.

use std::sync::Arc;

use super::aws::{self, AwsTarget, Target, TargetKind};
use super::clients::Clients;
use super::link::Gateway;
use super::local::{Local, LocalError, LocalOptions, Role};
use super::{BridgeError, BridgeErrorKind};
use crate::clock::{RandomIds, SystemClock};
use crate::config::{self, Settings};
use crate::emulator::auth::{Identities, Identity, IdentityError, account_of};
use crate::emulator::observer::Observer;
use crate::emulator::place;

/// The backend that the settings chose, opened.
#[derive(Debug)]
pub struct Backend {
    /// The SDK clients, which are all that tools speak through.
    pub clients: Clients,
    far: Far,
}

/// Where the clients' calls end.
#[derive(Debug)]
enum Far {
    Aws(Box<AwsTarget>),
    Local { part: Local, target: Target },
}

impl Backend {
    /// Opens what `settings` chose. `observer` is told of the calls of other clients while this process owns the data.
    pub async fn open(settings: &Settings, role: Role, observer: Arc<dyn Observer>) -> Result<Self, BridgeError> {
        match settings.backend.value {
            config::Backend::Aws => {
                let aws = Box::pin(aws::load(settings)).await?;
                let clients = Clients {
                    s3: aws_sdk_s3::Client::from_conf(aws.s3().build()),
                    dynamodb: aws_sdk_dynamodb::Client::from_conf(aws.dynamodb().build()),
                    streams: aws_sdk_dynamodbstreams::Client::from_conf(aws.streams().build()),
                    sts: aws.sts(),
                };
                Ok(Self { clients, far: Far::Aws(Box::new(aws)) })
            }
            config::Backend::Local => {
                let part = join(settings, role, observer).await?;
                let clients = Clients::of_local(part.gateway().clone(), settings);
                Ok(Self { clients, far: Far::Local { part, target: local_target(settings) } })
            }
        }
    }

    /// Clients of data that this process has the way to already, and what they speak to.
    #[must_use]
    pub fn beside(gateway: &Gateway, settings: &Settings) -> (Clients, Target) {
        (Clients::of_local(gateway.clone(), settings), local_target(settings))
    }

    /// Where calls go, without asking anybody.
    #[must_use]
    pub fn target(&self) -> Target {
        match &self.far {
            Far::Aws(aws) => aws.target(),
            Far::Local { target, .. } => target.clone(),
        }
    }

    /// Where calls go and as whom, asked of the far side. An error says why that is not known.
    pub async fn who(&self) -> Result<Target, BridgeError> {
        match &self.far {
            Far::Aws(aws) => aws.identity().await,
            Far::Local { .. } => Ok(self.target()),
        }
    }

    /// This process's part in the local data; `None` on AWS.
    #[must_use]
    pub fn local(&self) -> Option<&Local> {
        match &self.far {
            Far::Aws(_) => None,
            Far::Local { part, .. } => Some(part),
        }
    }

    /// Gives up what this process holds, in good order.
    pub async fn close(self) {
        if let Far::Local { part, .. } = self.far {
            part.leave().await;
        }
    }
}

/// The emulator, as the tools of these settings ask it.
#[must_use]
pub fn local_target(settings: &Settings) -> Target {
    let (key, _) = settings.local_credentials();
    let account = settings.identities.first().map_or_else(|| account_of(key), |first| first.value.account.clone());
    let region = settings.local_region().to_owned();
    Target { name: settings.target.to_string(), kind: TargetKind::Local, account: Some(account), arn: None, region }
}

/// Fails where the data directory of `settings` is somebody else's. To be asked before anything is made in it, such as a
/// log or a journal, on any backend.
pub fn check_place(settings: &Settings) -> Result<(), BridgeError> {
    if settings.ephemeral.value {
        return Ok(());
    }
    let checked = place::check(&settings.data_dir.value).and_then(|()| place::check(&settings.directory()));
    checked.map_err(|error| BridgeError::new(BridgeErrorKind::Storage, error.to_string()))
}

/// Joins the data directory that `settings` name.
pub async fn join(settings: &Settings, role: Role, observer: Arc<dyn Observer>) -> Result<Local, BridgeError> {
    check_place(settings)?;
    let storage = |error: &dyn std::error::Error| BridgeError::new(BridgeErrorKind::Storage, error.to_string());
    if !settings.ephemeral.value {
        place::check_database(&settings.directory()).map_err(|error| storage(&error))?;
    }
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
    let known = known.collect::<Result<Vec<_>, IdentityError>>()?;
    // A secret that everybody knows is none.
    if settings.strict.value { Identities::only(known) } else { Identities::new(known) }
}
