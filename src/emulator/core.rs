//! The emulator as a whole: opening it, and answering requests.

use std::path::PathBuf;
use std::sync::Arc;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use futures::future::BoxFuture;
use http::header::{DATE, HeaderMap, HeaderValue};
use http::{Request, Response};

use super::auth::{self, AuthContext, Caller, DEFAULT_ACCOUNT, DEFAULT_REGION, Identities, Seal};
use super::body::Body;
use super::call::{Asked, Call};
use super::error::AwsError;
use super::heard::Heard;
use super::inventory::Inventory;
use super::observer::{CallStart, NoObserver, Observer, OwnCall, Watched};
use super::place::{self, PlaceError};
use super::s3::agreement::{self, Unsettled};
use super::snapshot::{self, Shelf};
use super::store::log::{Running, ToolCall};
use super::store::{Medium, Store, StoreError};
use super::{OpenNotice, absent, dynamodb, reset, s3, sts};
use crate::clock::{Clock, Ids, RandomIds, SystemClock};
use crate::private;

/// Where the data is kept.
#[derive(Debug, Clone)]
pub enum Location {
    /// In this directory, durable. The caller sees to it that no other process opens it.
    Dir(PathBuf),
    /// In memory, gone with the emulator.
    Memory,
}

/// How an emulator is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the data is kept.
    pub location: Location,
    /// The time that expiry, signatures and dates go by.
    pub clock: Arc<dyn Clock>,
    /// Where new ids come from.
    pub ids: Arc<dyn Ids>,
    /// The known keys.
    pub identities: Identities,
    /// Refuse unknown keys instead of taking them as their account's root.
    pub strict: bool,
    /// Told of every call that is not [`OwnCall`].
    pub observer: Arc<dyn Observer>,
}

impl Options {
    /// The machine's clock, random ids, the built-in key and nobody told, at `location`.
    #[must_use]
    pub fn at(location: Location) -> Self {
        Self {
            location,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            identities: Identities::default(),
            strict: false,
            observer: Arc::new(NoObserver),
        }
    }
}

/// Why an emulator could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store could not be opened.
    #[error("opening the data in {directory}: {source}")]
    Store {
        /// The directory, or `memory`.
        directory: String,
        /// Why.
        source: StoreError,
    },
    /// The place for object bodies could not be opened.
    #[error("opening the object bodies in {directory}: {source}")]
    Blobs {
        /// The directory, or `memory`.
        directory: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The directory is not ours, or its database is missing. Nothing was made in it.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// It could not be settled whether database and bodies belong together. Nothing was deleted.
    #[error("opening the data in {directory}: {source}")]
    Unsettled {
        /// The directory.
        directory: String,
        /// Why.
        source: Unsettled,
    },
    /// The directory could not be made.
    #[error("making the directory {directory}: {source}")]
    Directory {
        /// The directory.
        directory: String,
        /// Why.
        source: std::io::Error,
    },
}

/// AWS's S3, DynamoDB and STS, on data of its own. Cheap to clone; all clones are one emulator.
#[derive(Debug, Clone)]
pub struct Emulator {
    inner: Arc<Inner>,
}

/// Who calls, and the request with its body decoded; or why it is refused.
type Admitted = Result<(Caller, Request<Body>), AwsError>;

/// The parts of an emulator.
#[derive(Debug)]
struct Inner {
    store: Store,
    s3: s3::Service,
    dynamodb: dynamodb::Service,
    auth: AuthContext,
    /// For [`OwnCall`]s, which come from processes that may read the data anyway.
    own_auth: AuthContext,
    ids: Arc<dyn Ids>,
    observer: Arc<dyn Observer>,
    notices: Vec<OpenNotice>,
    shelf: Shelf,
    restoring: tokio::sync::Mutex<()>,
}

impl Emulator {
    /// Opens the data at `options.location`, made if it is missing. Must be called inside a tokio runtime.
    pub async fn open(options: Options) -> Result<Self, OpenError> {
        let Options { location, clock, ids, identities, strict, observer } = options;
        let name = match &location {
            Location::Dir(directory) => directory.display().to_string(),
            Location::Memory => "memory".to_owned(),
        };
        let sessions = match &location {
            Location::Dir(directory) => Seal::in_directory(directory),
            Location::Memory => Seal::in_memory(),
        };
        let (medium, blobs) = match &location {
            Location::Dir(directory) => {
                place::check(directory)?;
                place::check_database(directory)?;
                private::directory(directory)
                    .map_err(|source| OpenError::Directory { directory: name.clone(), source })?;
                let blobs = s3::Blobs::in_directory(&directory.join(s3::BLOBS));
                (Medium::File(directory.join(place::DATABASE)), blobs)
            }
            Location::Memory => (Medium::Memory, Ok(s3::Blobs::in_memory())),
        };
        let blobs = blobs.map_err(|source| OpenError::Blobs { directory: name.clone(), source: source.into() })?;
        // Repairing a large file after a crash takes seconds: not on the runtime's threads.
        let opened = tokio::task::spawn_blocking(move || Store::open(medium)).await;
        let store = opened.unwrap_or(Err(StoreError::Panicked));
        let store = store.map_err(|source| OpenError::Store { directory: name.clone(), source })?;
        let mut notices = match &location {
            Location::Dir(directory) => {
                match agreement::settle(directory, &store, &blobs, &*ids, &*clock).await {
                    Ok(notices) => notices,
                    Err(source) => {
                        // The next try finds it closed.
                        let _ = tokio::task::spawn_blocking(move || store.close()).await;
                        return Err(OpenError::Unsettled { directory: name, source });
                    }
                }
            }
            Location::Memory => Vec::new(),
        };
        if let Some(broken) = store.write(snapshot::recover).await.unwrap_or_else(|error| Some(error.to_string())) {
            tracing::warn!("{broken}");
            notices.push(OpenNotice::BrokenOff(broken));
        }
        let shelf = match &location {
            Location::Dir(directory) => Shelf::of(Some(directory)),
            Location::Memory => Shelf::of(None),
        };
        shelf.clear_unfinished();
        Ok(Self {
            inner: Arc::new(Inner {
                shelf,
                restoring: tokio::sync::Mutex::default(),
                s3: s3::Service::new(store.clone(), blobs, Arc::clone(&clock), Arc::clone(&ids)),
                dynamodb: dynamodb::Service::new(store.clone(), Arc::clone(&clock), Arc::clone(&ids)),
                store,
                own_auth: AuthContext {
                    strict: false,
                    clock: Arc::clone(&clock),
                    identities: identities.clone(),
                    sessions: sessions.clone(),
                },
                auth: AuthContext { clock, identities, strict, sessions },
                ids,
                observer,
                notices,
            }),
        })
    }

    /// Answers one request as AWS would. Never fails: what goes wrong is an answer.
    ///
    /// The answer is complete HTTP: lengths, request ids, no body on HEAD.
    pub fn handle(&self, request: Request<Body>) -> BoxFuture<'static, Response<Body>> {
        // Boxed: the futures of all operations together are large, and too deep for the compiler to prove `Send`.
        let emulator = self.clone();
        Box::pin(async move {
            if reset::is_reset(&request) {
                emulator.answer_reset(request, emulator.inner.auth.strict).await
            } else if let Some(call) = tool_call(&request) {
                let now = emulator.clock().millis();
                let (response, wrote) = Box::pin(Running::scope(call, now, emulator.inner.handle(request))).await;
                if wrote && let Err(error) = emulator.tidy_undo().await {
                    tracing::warn!(%error, "what can be undone could not be tidied");
                }
                response
            } else {
                emulator.inner.handle(request).await
            }
        })
    }

    /// Ends after all acknowledged writes are durable and background work has come to rest.
    pub async fn close(&self) {
        self.inner.s3.close().await;
        self.inner.dynamodb.close().await;
        let store = self.inner.store.clone();
        let _ = tokio::task::spawn_blocking(move || store.close()).await;
    }

    /// Where its snapshots are kept.
    pub(super) fn shelf(&self) -> &Shelf {
        &self.inner.shelf
    }

    /// Held by a restore: one at a time.
    pub(super) fn restoring(&self) -> &tokio::sync::Mutex<()> {
        &self.inner.restoring
    }

    /// The time that it goes by.
    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.inner.auth.clock
    }

    /// What was found when the data was opened, and a person should know.
    #[must_use]
    pub fn notices(&self) -> &[OpenNotice] {
        &self.inner.notices
    }

    /// How much there is, by account and region.
    pub fn inventory(&self) -> Result<Inventory, StoreError> {
        Inventory::of(&self.inner.store.read()?)
    }

    /// The store, for tests that count what a call costs.
    #[doc(hidden)]
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The DynamoDB service, for tests that wait until what goes on beside its operations is done.
    #[doc(hidden)]
    #[must_use]
    pub fn dynamodb(&self) -> &dynamodb::Service {
        &self.inner.dynamodb
    }

    /// The S3 service, for tests that count what a call costs.
    #[doc(hidden)]
    #[must_use]
    pub fn s3(&self) -> &s3::Service {
        &self.inner.s3
    }
}

/// The tool call that a request of our own is part of.
fn tool_call(request: &Request<Body>) -> Option<ToolCall> {
    let known = request.extensions();
    known.get::<OwnCall>().and_then(|_| known.get::<ToolCall>().cloned())
}

impl Inner {
    async fn handle(&self, request: Request<Body>) -> Response<Body> {
        let own = request.extensions().get::<OwnCall>().is_some();
        let (parts, body) = request.into_parts();
        let call = Call::recognise(&parts);
        let most = if own { None } else { self.observer.keeps() };
        let arrival = most.map(|most| Arrival::of(&parts, &call, most));
        let auth = if own { &self.own_auth } else { &self.auth };
        let admitted = auth::admit(Request::from_parts(parts, body), call.service(), auth).await;
        let (admitted, watched) = match arrival {
            Some(arrival) => {
                let (admitted, watched) = arrival.watch(self, &call, admitted).await;
                (admitted, Some(watched))
            }
            None => (admitted, None),
        };
        let mut response = match admitted {
            Ok((caller, request)) => self.answer(call, &caller, request).await,
            Err(error) => self.refuse(&call, error),
        };
        self.date(response.headers_mut());
        match watched {
            Some(watched) => watched.watch(response),
            None => response,
        }
    }

    /// Answers a request that was admitted.
    async fn answer(&self, call: Call, caller: &Caller, request: Request<Body>) -> Response<Body> {
        match call {
            Call::S3(call) => s3::handle(&self.s3, caller, *call, request).await,
            Call::DynamoDb(_) => dynamodb::handle(&self.dynamodb, caller, request).await,
            Call::Sts => sts::handle(&self.auth, caller, request, self.ids.next()).await,
            Call::Other(ref name, _) => self.refuse(&call, absent::not_here(name)),
        }
    }

    /// An error in the form of the service that was called.
    fn refuse(&self, call: &Call, error: AwsError) -> Response<Body> {
        match call {
            Call::S3(call) => s3::refuse(&self.s3, call, error),
            Call::DynamoDb(_) => dynamodb::refuse(&self.dynamodb, error),
            Call::Sts => sts::refuse(&error, self.ids.next()),
            Call::Other(_, spoken) => absent::refuse(spoken, &error, self.ids.next()),
        }
    }

    /// Every answer says when it was made, on our clock.
    fn date(&self, headers: &mut HeaderMap) {
        let seconds = i64::try_from(self.auth.clock.millis() / 1000).unwrap_or_default();
        let date = DateTime::from_secs(seconds).fmt(Format::HttpDate).unwrap_or_default();
        if let Ok(date) = HeaderValue::from_str(&date) {
            headers.insert(DATE, date);
        }
    }
}

/// A request that the observer will be told of.
struct Arrival {
    asked: Asked,
    user_agent: Option<String>,
    bytes_in: Option<u64>,
    /// How much of its body the observer wants.
    most: usize,
}

impl Arrival {
    fn of(parts: &http::request::Parts, call: &Call, most: usize) -> Self {
        let text = |name: http::HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            asked: Asked::of(call, parts),
            user_agent: text(http::header::USER_AGENT).map(str::to_owned),
            bytes_in: text(http::header::CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            most,
        }
    }

    /// Tells the observer, who hears the body of a request that was admitted, and no other.
    async fn watch(mut self, inner: &Inner, call: &Call, admitted: Admitted) -> (Admitted, Watched) {
        let (admitted, heard) = match admitted {
            Ok((caller, request)) => {
                let (request, heard) = self.asked.listen(call, request, self.most).await;
                (Ok((caller, request)), heard)
            }
            Err(refused) => (Err(refused), if self.bytes_in == Some(0) { Heard::Nothing } else { Heard::Unkept }),
        };
        let (account, region) = match &admitted {
            Ok((caller, _)) => (caller.account.clone(), caller.region.clone()),
            Err(_) => (DEFAULT_ACCOUNT.to_owned(), DEFAULT_REGION.to_owned()),
        };
        let start = CallStart {
            id: inner.ids.next(),
            at: inner.auth.clock.now(),
            asked: self.asked,
            admitted: admitted.is_ok(),
            signed: admitted.as_ref().map_or(auth::Signed::Not, |(caller, _)| caller.signed),
            account,
            region,
            user_agent: self.user_agent,
            bytes_in: self.bytes_in,
        };
        let (observer, clock) = (Arc::clone(&inner.observer), Arc::clone(&inner.auth.clock));
        (admitted, Watched::begin(observer, clock, start, heard, self.most))
    }
}
