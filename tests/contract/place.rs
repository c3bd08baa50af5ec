//! Where contracts are held.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use aws_types::SdkConfig;
use footbridge::backend::{Backend, Clients, Role};
use footbridge::emulator::observer::NoObserver;
use futures::FutureExt;

use crate::common::settings;
use crate::table::Contract;
use crate::world::World;

const KEY: (&str, &str) = ("test", "test");

/// The emulator in this process.
pub async fn in_process(contract: &Contract) {
    let aws = footbridge::testing::start().await.unwrap();
    hold(contract, world(aws.config())).await;
}

/// The emulator's endpoint.
pub async fn over_http(contract: &Contract) {
    let aws = footbridge::testing::start().await.unwrap();
    hold(contract, world(&config(aws.url(), KEY))).await;
}

/// A data directory that another owns.
pub async fn attached(contract: &Contract) {
    let temp = tempfile::tempdir().unwrap();
    let settings = settings(temp.path());
    let join = || Backend::open(&settings, Role::Stays, Arc::new(NoObserver));
    let owner = Box::pin(join()).await.unwrap();
    let attached = Box::pin(join()).await.unwrap();
    let gateway = attached.local().unwrap().gateway().clone();
    assert!(!gateway.is_owner());
    let outcome = AssertUnwindSafe(hold(contract, world(&Clients::local_config(gateway, "us-east-1", KEY))));
    let outcome = outcome.catch_unwind().await;
    attached.close().await;
    owner.close().await;
    outcome.unwrap_or_else(|panic| resume_unwind(panic));
}

/// Clients of a place, and a new prefix.
pub fn world(config: &SdkConfig) -> World {
    let clients = Clients::of(config);
    let streams = aws_sdk_dynamodbstreams::Client::new(config);
    let random = uuid::Uuid::new_v4().simple().to_string();
    World::new(clients.s3, clients.dynamodb, streams, &format!("footbridge-contract-{}-", &random[..8]))
}

/// Holds the place to a contract, and takes away what that made, also where it is not kept.
pub async fn hold(contract: &Contract, world: World) {
    let outcome = AssertUnwindSafe((contract.keep)(&world)).catch_unwind().await;
    let left = world.clean().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
    assert_eq!(left, Vec::<String>::new());
}

/// What clients of the endpoint at `url` are made of. They try once, and wait ten seconds.
pub fn config(url: &str, (key, secret): (&str, &str)) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(key, secret, None, None, "contract")))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(10)).build())
        .build()
}
