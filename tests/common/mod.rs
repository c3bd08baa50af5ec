//! A data directory joined by this process, its public endpoint, and SDK clients for both ways in.

#![allow(dead_code, reason = "each test uses its own part of it")]

use std::path::Path;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use footbridge::backend::{Backend, Clients, Manner, Offer, Role};
use footbridge::config::{Flags, Inputs, Key, Settings};
use footbridge::emulator::observer::{NoObserver, Observer};

/// A running footbridge inside the test's process.
pub struct Running {
    pub backend: Backend,
    pub offer: Offer,
}

/// The settings of `directory` and nothing of the machine's.
pub fn settings(directory: &Path) -> Settings {
    let mut flags = Flags::new(None, 0);
    flags.set(Key::DataDir, "--data-dir", Some(directory.display().to_string()));
    flags.set(Key::Listen, "--listen", Some("0".to_owned()));
    Settings::load(&Inputs { flags, ..Inputs::bare(directory) }).unwrap()
}

impl Running {
    /// Joins `directory` and offers its endpoint on a port that the kernel gives.
    pub async fn start(directory: &Path) -> Self {
        Self::observed(directory, Arc::new(NoObserver)).await
    }

    /// As [`start`](Self::start), with `observer` told of what other clients do.
    pub async fn observed(directory: &Path, observer: Arc<dyn Observer>) -> Self {
        let settings = settings(directory);
        let backend = Backend::open(&settings, Role::Stays, observer).await.unwrap();
        let offer = Offer::open(backend.local().unwrap(), &settings, Manner::Insist).await.unwrap();
        Self { backend, offer }
    }

    pub fn in_process(&self) -> Clients {
        self.backend.clients.clone()
    }

    pub fn over_http(&self) -> Clients {
        http_clients(&self.offer.url().unwrap())
    }

    pub async fn stop(self) {
        self.offer.close().await;
        self.backend.close().await;
    }
}

/// SDK clients as any application makes them, for the endpoint at `url`.
pub fn http_clients(url: &str) -> Clients {
    let config = aws_types::SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("test", "test", None, None, "test")))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Clients::of(&config)
}
