//! The SDK clients that tools speak through.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, StalledStreamProtectionConfig};
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;

use super::connector::Connector;
use super::link::Gateway;
use crate::config::Settings;

/// The first pause before a local call is tried again, which AWS's clients begin with a second.
const BACKOFF: Duration = Duration::from_millis(50);

/// Clients of one target.
#[derive(Debug, Clone)]
pub struct Clients {
    /// Amazon S3.
    pub s3: aws_sdk_s3::Client,
    /// Amazon DynamoDB.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Amazon DynamoDB Streams.
    pub streams: aws_sdk_dynamodbstreams::Client,
    /// AWS STS, which tells who the clients are.
    pub sts: aws_sdk_sts::Client,
}

impl Clients {
    /// Clients of the emulator behind `gateway`, as `settings` say.
    #[must_use]
    pub fn of_local(gateway: Gateway, settings: &Settings) -> Self {
        Self::local(gateway, settings.local_region(), settings.local_credentials())
    }

    /// Clients of the emulator behind `gateway` in `region`, signing with this access key and secret.
    #[must_use]
    pub fn local(gateway: Gateway, region: &str, key: (&str, &str)) -> Self {
        Self::of(&Self::local_config(gateway, region, key))
    }

    /// What clients of the emulator behind `gateway` are made of.
    #[must_use]
    pub fn local_config(gateway: Gateway, region: &str, (key, secret): (&str, &str)) -> SdkConfig {
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            // The name is never looked up: the connector hands requests over by itself.
            .endpoint_url("http://localhost")
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
                key,
                secret,
                None,
                None,
                "footbridge",
            )))
            // What is retried is a call to an owner that ended: the next one is there in a moment.
            .retry_config(RetryConfig::standard().with_initial_backoff(BACKOFF))
            // No network lies between: a slow answer is the emulator's own.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .http_client(Connector::new(gateway))
            .build()
    }

    /// The clients that `config` describes, with buckets in paths.
    #[must_use]
    pub fn of(config: &SdkConfig) -> Self {
        let s3 = aws_sdk_s3::config::Builder::from(config).force_path_style(true).build();
        Self {
            s3: aws_sdk_s3::Client::from_conf(s3),
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            streams: aws_sdk_dynamodbstreams::Client::new(config),
            sts: aws_sdk_sts::Client::new(config),
        }
    }
}
