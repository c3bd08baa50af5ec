//! The engines that `tests/scripts/references` started, as `FOOTBRIDGE_PARITY_ENGINES` names them.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use aws_types::SdkConfig;
use footbridge::backend::Clients;

/// An engine that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Engine {
    pub name: String,
    pub s3: bool,
    pub dynamodb: bool,
    pub url: String,
    pub key: String,
    pub secret: String,
}

/// Every engine that is named.
pub fn engines() -> Vec<Engine> {
    let listed = std::env::var("FOOTBRIDGE_PARITY_ENGINES").expect("tests/scripts/references sets it");
    listed.split(',').filter(|one| !one.is_empty()).map(|one| parse(one).expect("NAME:SERVICES=URL")).collect()
}

/// `NAME:SERVICES=http://KEY:SECRET@HOST:PORT`.
fn parse(one: &str) -> Option<Engine> {
    let (name, url) = one.split_once('=')?;
    let (name, services) = name.split_once(':')?;
    let (scheme, rest) = url.split_once("://")?;
    let (user, host) = rest.rsplit_once('@')?;
    let (key, secret) = user.split_once(':')?;
    let has = |service| services.split('+').any(|one| one == service);
    Some(Engine {
        name: name.to_owned(),
        s3: has("s3"),
        dynamodb: has("dynamodb"),
        url: format!("{scheme}://{host}"),
        key: key.to_owned(),
        secret: secret.to_owned(),
    })
}

impl Engine {
    /// SDK clients that try once, and wait ten seconds.
    pub fn clients(&self) -> Clients {
        Clients::of(&self.config())
    }

    /// What such clients are made of.
    pub fn config(&self) -> SdkConfig {
        let credentials = Credentials::new(&self.key, &self.secret, None, None, "parity");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(&self.url)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(10)).build())
            .build()
    }
}
