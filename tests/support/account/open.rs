//! Opening an account with the user's own credentials, and leaving it as it was.

use std::path::Path;
use std::sync::Arc;

use aws_config::BehaviorVersion;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use footbridge::backend::Clients;

use super::REGION;
use super::clean::{clean, gone, settled};
use super::guard::{Guard, Guarded};
use super::ledger::{Ledger, Run, State, Thing};

/// The calls of a run where nothing else is said.
const BUDGET: u64 = 2_000;

/// An account, for one run.
#[derive(Debug)]
pub struct Account {
    pub guard: Arc<Guard>,
    config: SdkConfig,
    free: Clients,
    /// Where calls go and as whom, for people: `AWS us-east-1 as arn:…`.
    pub banner: String,
}

/// Where an account is, before anything is done there.
pub struct Reached {
    config: SdkConfig,
    account: String,
    custom: Vec<String>,
    banner: String,
}

impl Reached {
    /// The account of the user's own credentials, and an endpoint where one is chosen.
    pub async fn by_environment() -> Result<Self, String> {
        let config = aws_config::defaults(BehaviorVersion::latest()).region(Region::new(REGION)).http_client(https());
        let config = config.load().await;
        let chosen = std::env::vars().filter(|(name, value)| name.starts_with("AWS_ENDPOINT_URL") && !value.is_empty());
        let chosen = chosen.map(|(_, url)| url).chain(config.endpoint_url().map(str::to_owned)).collect();
        Self::by(config, chosen).await
    }

    /// The account that clients of `config` see. `chosen`: URLs that stand in AWS's place.
    pub async fn by(config: SdkConfig, mut chosen: Vec<String>) -> Result<Self, String> {
        chosen.sort_unstable();
        chosen.dedup();
        let place = if chosen.is_empty() { "AWS".to_owned() } else { format!("CUSTOM {}", chosen.join(", ")) };
        let who = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await;
        let who = who.map_err(|error| {
            format!("{place} does not take these credentials, and nothing was made: {}", DisplayErrorContext(error))
        })?;
        let host = |url: &String| url.split("://").nth(1).unwrap_or(url).trim_end_matches('/').to_owned();
        Ok(Self {
            account: who.account().unwrap_or_default().to_owned(),
            banner: format!("{place} {REGION} as {}", who.arn().unwrap_or_default()),
            custom: chosen.iter().map(host).collect(),
            config,
        })
    }

    /// Begins a run, whose names all begin with `footbridge-parity-` and eight random characters.
    pub fn begin(self, directory: &Path) -> Result<Account, String> {
        let id = uuid::Uuid::new_v4().simple().to_string()[..8].to_owned();
        let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
        let budget = number("FOOTBRIDGE_PARITY_CALLS").unwrap_or(BUDGET);
        self.begin_as(directory, &id, budget, number("FOOTBRIDGE_PARITY_PANIC_AFTER"))
    }

    pub fn begin_as(
        self,
        directory: &Path,
        id: &str,
        budget: u64,
        panic_after: Option<u64>,
    ) -> Result<Account, String> {
        let inner = self.config.http_client().ok_or("there is no HTTP client")?;
        let run = Run {
            id: id.to_owned(),
            prefix: format!("footbridge-parity-{id}-"),
            account: self.account.clone(),
            region: REGION.to_owned(),
            custom: self.custom.first().cloned(),
        };
        let ledger = Ledger::begin(directory, run).map_err(|error| format!("{}: {error}", directory.display()))?;
        let guard = Arc::new(Guard::new(ledger, budget, self.custom.clone(), panic_after));
        let with = |free: bool| {
            let client = Guarded { guard: Arc::downgrade(&guard), inner: inner.clone(), free };
            let config = self.config.clone().into_builder().http_client(SharedHttpClient::new(client));
            config.retry_config(RetryConfig::standard()).build()
        };
        let free = Clients::of(&with(true));
        guard.look_with(free.clone());
        Ok(Account { config: with(false), free, banner: self.banner.clone(), guard })
    }

    /// Takes away what earlier runs left here; what is still left, and how many ledgers there were.
    pub async fn clean_left(self, directory: &Path) -> Result<(usize, Vec<String>), String> {
        let (mut count, mut left) = (0, Vec::new());
        for ledger in Ledger::left(directory).map_err(|error| error.to_string())? {
            let run = &ledger.run;
            let here = (self.account.as_str(), self.custom.first());
            if (run.account.as_str(), run.custom.as_ref()) != here {
                left.push(format!("{}: of another account or endpoint", ledger.path().display()));
                continue;
            }
            count += 1;
            let path = ledger.path().to_owned();
            let clients = Clients::of(&self.config);
            let stays = clean(&clients, &ledger).await;
            if stays.is_empty() {
                ledger.end().map_err(|error| format!("{}: {error}", path.display()))?;
            }
            left.extend(stays);
        }
        Ok((count, left))
    }
}

/// Connections with the platform's certificates, through the proxy that the environment names.
fn https() -> SharedHttpClient {
    let tls = Provider::Rustls(CryptoMode::AwsLc);
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = ConnectorBuilder::default().tls_provider(tls.clone()).proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        connector.build()
    })
}

impl Account {
    /// Clients that send nothing that the guard refuses.
    pub fn clients(&self) -> Clients {
        Clients::of(&self.config)
    }

    /// What further such clients are made of.
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    pub fn prefix(&self) -> &str {
        &self.guard.ledger.run.prefix
    }

    pub fn id(&self) -> &str {
        &self.guard.ledger.run.id
    }

    /// Waits for what AWS does in the background: tables that are made, changed or deleted.
    pub async fn settle(&self) -> Result<(), String> {
        for table in self.guard.changing() {
            match self.guard.ledger.state(&Thing::Table(table.clone())) {
                Some(State::Gone) => gone(&self.free, &table).await?,
                _ => drop(settled(&self.free, &table).await?),
            }
        }
        Ok(())
    }

    /// Takes away everything that this run made. What is left is told, and stays in the ledger.
    pub async fn close(&self) -> Vec<String> {
        self.guard.clean_up();
        let mut left = clean(&self.free, &self.guard.ledger).await;
        if left.is_empty()
            && let Err(error) = self.guard.ledger.end()
        {
            left.push(format!("{}: {error}", self.guard.ledger.path().display()));
        }
        left
    }
}
