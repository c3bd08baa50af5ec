//! Who am I: asked of STS when somebody wants to know, within a time limit.

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_sts::error::ProvideErrorMetadata;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;
use aws_types::SdkConfig;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::explain::explain;
use crate::backend::{BridgeError, BridgeErrorKind};
use crate::causes;

/// How long STS is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// An account and an ARN, where STS gave them.
type Answer = (Option<String>, Option<String>);

/// Who we are, by access key id.
#[derive(Debug, Clone)]
pub(super) struct Who {
    client: aws_sdk_sts::Client,
    known: Arc<Mutex<Option<(String, Answer)>>>,
}

impl Who {
    pub(super) fn new(config: aws_sdk_sts::Config) -> Self {
        Self { client: aws_sdk_sts::Client::from_conf(config), known: Arc::default() }
    }

    pub(super) fn client(&self) -> &aws_sdk_sts::Client {
        &self.client
    }

    pub(super) async fn ask(&self, config: &SdkConfig) -> Result<Answer, BridgeError> {
        timeout(PATIENCE, self.answer(config)).await.unwrap_or_else(|_| {
            let message = format!("AWS STS did not say who we are within {} seconds", PATIENCE.as_secs());
            Err(BridgeError::new(BridgeErrorKind::Network, message))
        })
    }

    async fn answer(&self, config: &SdkConfig) -> Result<Answer, BridgeError> {
        let key = access_key(config).await;
        let mut known = self.known.lock().await;
        if let (Some(key), Some((same, answer))) = (&key, &*known)
            && key == same
        {
            return Ok(answer.clone());
        }
        let said: GetCallerIdentityOutput = self.client.get_caller_identity().send().await.map_err(|error| {
            explain(&error).unwrap_or_else(|| {
                let message = format!("AWS STS did not say who we are: {}", said(&error));
                BridgeError::new(BridgeErrorKind::Credentials, message)
            })
        })?;
        let answer = (said.account, said.arn);
        *known = key.map(|key| (key, answer.clone()));
        Ok(answer)
    }
}

/// The service's own code and message, or what kept it from giving any.
fn said(error: &(impl ProvideErrorMetadata + std::error::Error + 'static)) -> String {
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        _ => causes::told(error),
    }
}

async fn access_key(config: &SdkConfig) -> Option<String> {
    let credentials = config.credentials_provider()?.provide_credentials().await.ok()?;
    Some(credentials.access_key_id().to_owned())
}
