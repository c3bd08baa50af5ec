//! Loading the AWS backend.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::identity::IdentityCache;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_async::time::TimeSource;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;

use super::credentials::{self, Held};
use super::endpoint::{self, Override};
use super::environment::provider_environment;
use super::http_client::Connections;
use super::identity::Who;
use super::profile::Chosen;
use super::role;
use super::target::{Target, TargetKind};
use crate::backend::{BridgeError, BridgeErrorKind};
use crate::clock::{Clock, SystemClock};
use crate::config::{Settings, is_region};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);
/// Each call is tried so often at most by default; an attempt gets its share of the call's time.
const ATTEMPTS: u32 = 3;

/// The AWS backend: clients, and what to call the far side.
#[derive(Debug, Clone)]
pub struct AwsTarget {
    name: String,
    config: SdkConfig,
    overrides: Vec<Override>,
    region: String,
    held: Held,
    who: Who,
}

/// Loads the AWS backend as `settings` say. Credentials are looked for at the first call, not here.
pub async fn load(settings: &Settings) -> Result<AwsTarget, BridgeError> {
    load_at(settings, Arc::new(SystemClock)).await
}

/// [`load`] with a clock: for when credentials are renewed and what signatures say.
pub async fn load_at(settings: &Settings, clock: Arc<dyn Clock>) -> Result<AwsTarget, BridgeError> {
    let connections = Connections::new(settings)?;
    let recipe = Recipe { settings: Arc::new(settings.clone()), http: connections.client(), clock: Arc::clone(&clock) };
    let chosen = Chosen::load(settings).await?;
    let config = recipe.config(&chosen).await;
    let Some(region) = config.region().map(ToString::to_string) else {
        return Err(BridgeError::new(BridgeErrorKind::Region, "no AWS region was chosen")
            .hint("Add --region, set AWS_REGION, or give the profile a `region`"));
    };
    if !is_region(&region) {
        // Settings judge their own; this one is of a profile, or the instance's.
        let message = format!("`{}` is not a region", region.escape_debug());
        return Err(BridgeError::new(BridgeErrorKind::Region, message)
            .hint("Give the profile a `region` such as us-east-1, or add --region"));
    }
    let overrides = endpoint::overrides(settings, &config);
    endpoint::refuse_emulators(settings, &overrides, &connections).await?;
    let held = Held::new(recipe, config.credentials_provider(), clock);
    let config = config
        .into_builder()
        .credentials_provider(SharedCredentialsProvider::new(held.clone()))
        // `Held` holds them, and unlike the SDK's cache it lets go of those that a service refused.
        .identity_cache(IdentityCache::no_cache())
        .build();
    let who = Who::new(aws_sdk_sts::config::Builder::from(&config).interceptor(held.watch()).build());
    Ok(AwsTarget { name: settings.target.to_string(), config, overrides, region, held, who })
}

impl AwsTarget {
    /// The configuration that every client of this target shares.
    #[must_use]
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// A configuration for Amazon S3 clients. The bucket goes in the path where the host is not AWS's.
    #[must_use]
    pub fn s3(&self) -> aws_sdk_s3::config::Builder {
        let foreign = self.overrides.iter().any(|one| one.services.contains(&"S3") && !is_amazon(&one.url));
        aws_sdk_s3::config::Builder::from(&self.config).force_path_style(foreign).interceptor(self.held.watch())
    }

    /// A configuration for Amazon DynamoDB clients.
    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::config::Builder {
        aws_sdk_dynamodb::config::Builder::from(&self.config).interceptor(self.held.watch())
    }

    /// A configuration for Amazon DynamoDB Streams clients.
    #[must_use]
    pub fn streams(&self) -> aws_sdk_dynamodbstreams::config::Builder {
        aws_sdk_dynamodbstreams::config::Builder::from(&self.config).interceptor(self.held.watch())
    }

    /// An AWS STS client.
    #[must_use]
    pub fn sts(&self) -> aws_sdk_sts::Client {
        self.who.client().clone()
    }

    /// What to call the far side, without asking it anything.
    #[must_use]
    pub fn kind(&self) -> TargetKind {
        endpoint::kind(&self.overrides)
    }

    /// The region of requests.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The far side and who we are there, asked of STS within a few seconds and remembered for as long as the
    /// credentials are the same. An error says why that is not known.
    pub async fn identity(&self) -> Result<Target, BridgeError> {
        let (account, arn) = self.who.ask(&self.config).await?;
        Ok(Target { name: self.name.clone(), kind: self.kind(), account, arn, region: self.region.clone() })
    }

    /// The far side, without who we are.
    #[must_use]
    pub fn target(&self) -> Target {
        Target { name: self.name.clone(), kind: self.kind(), account: None, arn: None, region: self.region.clone() }
    }
}

/// Whether an endpoint is one of Amazon's own, where buckets may be part of the host name.
fn is_amazon(url: &str) -> bool {
    url.parse::<http::Uri>().is_ok_and(|uri| {
        uri.host().is_some_and(|host| host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
    })
}

/// All it takes to look for credentials again from the start.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    settings: Arc<Settings>,
    http: SharedHttpClient,
    clock: Arc<dyn Clock>,
}

impl Recipe {
    /// Loads the SDK's configuration as every AWS tool does, from the given environment and AWS's shared files.
    async fn config(&self, chosen: &Chosen) -> SdkConfig {
        let settings = &*self.settings;
        let call = settings.call_timeout.value;
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT.min(call))
            // `connect_timeout` alone would wait for ever on a peer that accepts and then says nothing.
            .operation_attempt_timeout(call / ATTEMPTS)
            .operation_timeout(call)
            .build();
        let mut loader: ConfigLoader = aws_config::defaults(BehaviorVersion::latest())
            .env(provider_environment(settings, chosen.ignores_endpoints()))
            .http_client(self.http.clone())
            .time_source(Time(Arc::clone(&self.clock)))
            .timeout_config(timeouts);
        if let Some(profile) = &settings.profile {
            loader = loader.profile_name(&profile.value);
        }
        if let Some(region) = &settings.region {
            loader = loader.region(Region::new(region.value.clone()));
        }
        if let Some(url) = &settings.endpoint_url {
            loader = loader.endpoint_url(&url.value);
        }
        if let Some(brought) = settings.aws.brought() {
            // In place of the chain, which would ask elsewhere where it does not like them.
            loader = loader.credentials_provider(credentials::brought(brought));
        }
        // Boxed: the loader's future is large, and every caller's would be.
        let config = Box::pin(loader.load()).await;
        match chosen.role_from_environment().filter(|_| settings.profile_is_explicit()) {
            Some(role) => {
                let provider = role::provider(settings, &role, &config).await;
                config.into_builder().credentials_provider(provider).build()
            }
            None => config,
        }
    }

    /// A provider chain that remembers nothing.
    pub(super) async fn chain(&self) -> Result<SharedCredentialsProvider, CredentialsError> {
        let chosen = Chosen::load(&self.settings).await.map_err(CredentialsError::invalid_configuration)?;
        self.config(&chosen)
            .await
            .credentials_provider()
            .ok_or_else(|| CredentialsError::not_loaded("no provider chain"))
    }

    /// The profile to log in to when a session has ended.
    pub(super) async fn session_profile(&self) -> String {
        match Chosen::load(&self.settings).await {
            Ok(chosen) => chosen.session_profile(),
            Err(_) => {
                self.settings.profile.as_ref().map_or_else(|| "default".to_owned(), |profile| profile.value.clone())
            }
        }
    }
}

/// Our clock as the SDK takes it.
#[derive(Debug)]
struct Time(Arc<dyn Clock>);

impl TimeSource for Time {
    fn now(&self) -> SystemTime {
        self.0.now()
    }
}
