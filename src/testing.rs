//! An emulator for one test: in memory, empty, with SDK clients.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let aws = footbridge::testing::start().await?;
//! aws.s3.create_bucket().bucket("photos").send().await?;
//! assert_eq!(aws.s3.list_buckets().send().await?.buckets().len(), 1);
//! // Programs outside this process reach the same data over HTTP.
//! assert!(aws.url().starts_with("http://127.0.0.1:"));
//! # Ok(())
//! # }
//! ```

use std::sync::Arc;
use std::time::SystemTime;

use aws_smithy_async::time::TimeSource;
use aws_types::SdkConfig;

use crate::backend::{Clients, Gateway, Local, LocalError, LocalOptions, Role, Server, health};
use crate::clock::{Clock, RandomIds, SystemClock};
use crate::emulator::Emulator;
use crate::emulator::auth::Identities;
use crate::emulator::endpoint::{BindError, Guard, Limits, Listen, Settings};
use crate::emulator::observer::NoObserver;
use crate::emulator::reset::Scope;
use crate::emulator::store::StoreError;

/// The key that [`start`]'s clients sign with, and its secret.
const KEY: (&str, &str) = ("test", "test");
const REGION: &str = "us-east-1";

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The emulator did not open.
    #[error(transparent)]
    Open(#[from] LocalError),
    /// No port could be bound on loopback.
    #[error(transparent)]
    Listen(#[from] BindError),
}

/// A running emulator with its clients. Its data is gone when it is dropped.
#[derive(Debug)]
pub struct Footbridge {
    /// Amazon S3, in process.
    pub s3: aws_sdk_s3::Client,
    /// Amazon DynamoDB, in process.
    pub dynamodb: aws_sdk_dynamodb::Client,
    config: SdkConfig,
    url: String,
    local: Local,
    _server: Server,
}

/// Starts an emulator that goes by the machine's clock. Must be called inside a tokio runtime.
pub async fn start() -> Result<Footbridge, StartError> {
    start_at(Arc::new(SystemClock)).await
}

/// Starts an emulator that goes by `clock`, as do its clients: move a [`ManualClock`](crate::clock::ManualClock) to see
/// items, links and streams expire.
pub async fn start_at(clock: Arc<dyn Clock>) -> Result<Footbridge, StartError> {
    let local = Local::join(LocalOptions {
        directory: None,
        role: Role::Stays,
        clock: Arc::clone(&clock),
        ids: Arc::new(RandomIds),
        identities: Identities::default(),
        strict: false,
        observer: Arc::new(NoObserver),
    })
    .await?;
    let listeners = Listen::loopback(0).bind().await?;
    let url = format!("http://{}", listeners.addresses()[0]);
    let gateway: Gateway = local.gateway().clone();
    let settings = Settings {
        guard: Guard::default(),
        limits: Limits::default(),
        health: Arc::new(|| health(None)),
        internal: None,
    };
    let server = Server::start(listeners, settings, move |request| {
        let gateway = gateway.clone();
        async move { gateway.forward(request).await }
    });
    let config =
        Clients::local_config(local.gateway().clone(), REGION, KEY).to_builder().time_source(SignedAt(clock)).build();
    let clients = Clients::of(&config);
    Ok(Footbridge { s3: clients.s3, dynamodb: clients.dynamodb, config, url, local, _server: server })
}

impl Footbridge {
    /// What clients of further AWS services are made of; they too speak to this emulator in process.
    #[must_use]
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The emulator's address for programs outside this process, such as `http://127.0.0.1:40123`. They may sign with
    /// any key, such as `test` and the secret `test`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The emulator itself, for tests that look into its store.
    #[doc(hidden)]
    #[must_use]
    pub fn emulator(&self) -> Option<Emulator> {
        self.local.gateway().emulator()
    }

    /// The way to the data, for a bridge that makes snapshots and undoes.
    #[doc(hidden)]
    #[must_use]
    pub fn gateway(&self) -> &Gateway {
        self.local.gateway()
    }

    /// Deletes all buckets and tables and what is in them.
    pub async fn reset(&self) -> Result<(), StoreError> {
        match self.emulator() {
            Some(emulator) => emulator.reset(Scope::All).await,
            None => Err(StoreError::Closed),
        }
    }
}

/// The time that signatures are made at.
#[derive(Debug)]
struct SignedAt(Arc<dyn Clock>);

impl TimeSource for SignedAt {
    fn now(&self) -> SystemTime {
        self.0.now()
    }
}
