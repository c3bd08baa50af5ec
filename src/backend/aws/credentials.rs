//! Credentials that are held until they run out or are refused, and are looked for anew after every failure.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_sts::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::explain;
use super::load::Recipe;
use crate::clock::Clock;
use crate::config::StaticCredentials;

/// How long before their end credentials are renewed.
const MARGIN: Duration = Duration::from_mins(5);
/// How long credentials without an end are held, as in the SDK's own cache; then files and programs are asked anew.
const HOLD: Duration = Duration::from_mins(15);
/// How long the whole provider chain may take, `credential_process` included.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a service says when it no longer takes the credentials.
const REFUSALS: [&[u8]; 7] = [
    b"ExpiredToken",
    b"InvalidToken",
    b"TokenRefreshRequired",
    b"InvalidClientTokenId",
    b"InvalidAccessKeyId",
    b"UnrecognizedClientException",
    b"RequestExpired",
];

/// The credentials that `.env` brings, as the SDK takes them: exactly these, with their token or none.
pub(super) fn brought(these: &StaticCredentials) -> Credentials {
    let mut builder =
        Credentials::builder().access_key_id(&these.key).secret_access_key(these.secret.expose()).provider_name(".env");
    builder.set_session_token(these.session_token.as_ref().map(|token| token.expose().to_owned()));
    builder.set_account_id(these.account.as_deref().map(Into::into));
    builder.build()
}

/// Whether the account that came with `credentials`, if any, is one: it becomes part of the host that DynamoDB's requests
/// go to.
fn has_an_account(credentials: &Credentials) -> bool {
    credentials.account_id().is_none_or(|account| {
        let account = account.as_str();
        account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit())
    })
}

/// The provider that all clients of a target share.
#[derive(Debug, Clone)]
pub(super) struct Held(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    recipe: Recipe,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    refused: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct State {
    chain: Option<SharedCredentialsProvider>,
    credentials: Option<Loaded>,
}

#[derive(Debug, Clone)]
struct Loaded {
    credentials: Credentials,
    /// Until when they are used without asking.
    fresh: SystemTime,
}

impl Held {
    pub(super) fn new(recipe: Recipe, chain: Option<SharedCredentialsProvider>, clock: Arc<dyn Clock>) -> Self {
        let state = Mutex::new(State { chain, credentials: None });
        Self(Arc::new(Inner { recipe, clock, state, refused: Arc::default() }))
    }

    /// Watches the answers of a client, so that refused credentials are not used again.
    pub(super) fn watch(&self) -> Watch {
        Watch { refused: Arc::clone(&self.0.refused) }
    }

    async fn provide(&self) -> provider::Result {
        let inner = &*self.0;
        let mut state = inner.state.lock().await;
        let now = inner.clock.now();
        if inner.refused.swap(false, Ordering::SeqCst) {
            *state = State::default();
        }
        if let Some(loaded) = &state.credentials
            && now < loaded.fresh
        {
            return Ok(loaded.credentials.clone());
        }
        let chain = match state.chain.take() {
            Some(chain) => chain,
            None => inner.recipe.chain().await?,
        };
        let failure = match timeout(PATIENCE, chain.provide_credentials()).await {
            Ok(Ok(credentials)) if !has_an_account(&credentials) => explain::odd_account(),
            Ok(Ok(credentials)) => {
                let fresh = match credentials.expiry() {
                    Some(end) => {
                        state.chain = Some(chain);
                        end.checked_sub(MARGIN).unwrap_or(end)
                    }
                    None => now + HOLD,
                };
                state.credentials = Some(Loaded { credentials: credentials.clone(), fresh });
                return Ok(credentials);
            }
            Ok(Err(error)) => explain::credentials(&error, &inner.recipe.session_profile().await),
            Err(_) => explain::credentials_timed_out(PATIENCE.as_secs()),
        };
        // The chain is dropped: it remembers tokens and files as they were, and the next call must see them as they are.
        if let Some(loaded) = &state.credentials
            && loaded.credentials.expiry().is_some_and(|end| now < end)
        {
            tracing::warn!("credentials could not be renewed and are used until they end: {failure}");
            return Ok(loaded.credentials.clone());
        }
        state.credentials = None;
        Err(CredentialsError::provider_error(failure))
    }
}

impl ProvideCredentials for Held {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.provide())
    }
}

/// Sees a service refuse the credentials.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    refused: Arc<AtomicBool>,
}

impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "RefusedCredentials"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let said =
            |code: &&[u8]| response.body().bytes().is_some_and(|body| body.windows(code.len()).any(|w| w == *code));
        if matches!(response.status().as_u16(), 400 | 401 | 403) && REFUSALS.iter().any(said) {
            self.refused.store(true, Ordering::SeqCst);
        }
        Ok(())
    }
}
