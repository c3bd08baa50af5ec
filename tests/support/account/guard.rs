//! The last thing before the network: it counts what is sent, and sends nothing that names what this run did not make.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use footbridge::backend::Clients;
use http_body_util::BodyExt;
use serde_json::Value as Json;

use super::ledger::{Ledger, State, Thing};
use super::listing;
use super::named::{Kind, Named, named};

/// What clean-up may send however little of the budget is left: for the run, and for each thing.
const RESERVE: (u64, u64) = (100, 40);

/// Why a request was not sent.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NotSent {
    #[error("refused before sending: {0}")]
    Refused(String),
    #[error("the budget of {0} calls is spent")]
    Spent(u64),
}

/// The guard of one run.
#[derive(Debug)]
pub struct Guard {
    pub ledger: Ledger,
    budget: u64,
    panic_after: Option<u64>,
    custom: Vec<String>,
    sent: AtomicU64,
    cleaning: AtomicBool,
    cleaned: AtomicU64,
    not_sent: Mutex<Vec<NotSent>>,
    /// Names of ours that were looked for and are not there.
    absent: tokio::sync::Mutex<HashSet<Thing>>,
    /// Tables that change in the background.
    changing: Mutex<Vec<String>>,
    iterators: Mutex<HashSet<String>>,
    /// Clients that are counted and not held back, which look whether a name is taken.
    looking: OnceLock<Clients>,
}

impl Guard {
    /// `custom`: the hosts, with ports, that stand in AWS's place.
    pub fn new(ledger: Ledger, budget: u64, custom: Vec<String>, panic_after: Option<u64>) -> Self {
        Self {
            ledger,
            budget,
            panic_after,
            custom,
            sent: AtomicU64::new(0),
            cleaning: AtomicBool::new(false),
            cleaned: AtomicU64::new(0),
            not_sent: Mutex::default(),
            absent: tokio::sync::Mutex::default(),
            changing: Mutex::default(),
            iterators: Mutex::default(),
            looking: OnceLock::new(),
        }
    }

    pub fn look_with(&self, clients: Clients) {
        drop(self.looking.set(clients));
    }

    /// Every request that was sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(SeqCst)
    }

    pub fn budget_left(&self) -> u64 {
        self.budget.saturating_sub(self.sent())
    }

    /// What was not sent, and why.
    pub fn not_sent(&self) -> Vec<NotSent> {
        self.not_sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on only clean-up sends, from its own reserve.
    pub fn clean_up(&self) {
        self.cleaning.store(true, SeqCst);
    }

    /// Tables that changed since this was asked last.
    pub fn changing(&self) -> Vec<String> {
        std::mem::take(&mut *self.changing.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a host is AWS's, or chosen in its place.
    fn is_host(&self, host: &str) -> bool {
        if !self.custom.is_empty() {
            return self.custom.iter().any(|custom| custom == host);
        }
        let own = |host: &str| host.starts_with("s3") || host.contains("dynamodb.") || host.contains(".ddb.");
        // A bucket in the host is a name that is not looked for there.
        [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"].iter().any(|end| host.ends_with(end)) && own(host)
    }

    fn refuse(&self, why: NotSent) -> ConnectorError {
        self.not_sent.lock().unwrap_or_else(PoisonError::into_inner).push(why.clone());
        // Who is told that it is the user's fault does not try again.
        ConnectorError::user(why.into())
    }

    fn count(&self) -> Result<(), ConnectorError> {
        if self.cleaning.load(SeqCst) {
            let reserve = RESERVE.0 + RESERVE.1 * u64::try_from(self.ledger.there().len()).unwrap_or(0);
            if self.cleaned.fetch_add(1, SeqCst) >= reserve {
                return Err(self.refuse(NotSent::Spent(reserve)));
            }
        } else if self.sent() >= self.budget {
            return Err(self.refuse(NotSent::Spent(self.budget)));
        }
        let sent = self.sent.fetch_add(1, SeqCst) + 1;
        assert!(
            self.panic_after != Some(sent) || self.cleaning.load(SeqCst),
            "as FOOTBRIDGE_PARITY_PANIC_AFTER={sent} wanted"
        );
        Ok(())
    }

    /// Whether a thing may be named: it begins with the prefix, and it was not there before this run.
    async fn may_name(&self, thing: &Thing) -> Result<(), String> {
        if !thing.name().starts_with(&self.ledger.run.prefix) {
            return Err(format!("{thing} does not begin with {}", self.ledger.run.prefix));
        }
        // Held while looking, so that what this run makes meanwhile is not taken for somebody else's.
        let mut absent = self.absent.lock().await;
        match self.ledger.state(thing) {
            Some(State::Foreign) => return Err(format!("{thing} is somebody else's")),
            Some(State::Wanted { .. } | State::Made { .. }) => return Ok(()),
            // What this run took away, or what was not there, is looked for once.
            Some(State::Gone) | None if absent.contains(thing) => return Ok(()),
            Some(State::Gone) | None => {}
        }
        if self.is_taken(thing).await? {
            self.ledger.set(thing, State::Foreign).map_err(|error| error.to_string())?;
            return Err(format!("{thing} was there before this run"));
        }
        absent.insert(thing.clone());
        Ok(())
    }

    async fn is_taken(&self, thing: &Thing) -> Result<bool, String> {
        let clients = self.looking.get().ok_or("nobody can look whether it is there")?;
        let (found, status) = match thing {
            Thing::Table(name) => {
                let looked = clients.dynamodb.describe_table().table_name(name).send().await;
                let absent = looked.as_ref().err().and_then(|error| error.as_service_error());
                let absent = absent.is_some_and(|error| {
                    let invalid =
                        aws_sdk_dynamodb::error::ProvideErrorMetadata::code(error) == Some("ValidationException");
                    error.is_resource_not_found_exception() || invalid
                });
                (looked.is_ok(), absent)
            }
            Thing::Bucket(name) => {
                let looked = clients.s3.head_bucket().bucket(name).send().await;
                let status = looked.as_ref().err().and_then(|error| error.raw_response());
                let status = status.map(|response| response.status().as_u16());
                // A name that cannot be one is answered with 400.
                (looked.is_ok(), status == Some(404) || status == Some(400))
            }
        };
        // Whatever is neither there nor clearly absent is not ours.
        Ok(found || !status)
    }

    async fn send(
        self: Arc<Self>,
        request: HttpRequest,
        inner: SharedHttpConnector,
        free: bool,
    ) -> Result<HttpResponse, ConnectorError> {
        if free {
            self.count()?;
            return inner.call(request).await;
        }
        let named = named(&request, |host| self.is_host(host)).map_err(|why| self.refuse(NotSent::Refused(why)))?;
        for thing in &named.things {
            let allowed = self.may_name(thing).await;
            allowed.map_err(|why| self.refuse(NotSent::Refused(format!("{}: {why}", named.what))))?;
        }
        if named.what == "GetRecords" {
            let input: Json = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap_or_default();
            let given = self.iterators.lock().unwrap_or_else(PoisonError::into_inner);
            if !input["ShardIterator"].as_str().is_some_and(|iterator| given.contains(iterator)) {
                drop(given);
                return Err(self.refuse(NotSent::Refused("GetRecords with an iterator of somebody else's".into())));
            }
        }
        self.count()?;
        let began = super::now();
        let before = named.things.first().and_then(|thing| self.ledger.state(thing));
        if named.kind == Kind::Create && !matches!(before, Some(State::Made { .. })) {
            let noted = self.ledger.set(&named.things[0], State::Wanted { at: began });
            noted.map_err(|error| ConnectorError::user(error.into()))?;
        }
        let response = inner.call(request).await?;
        let known = matches!(before, Some(State::Made { .. } | State::Wanted { .. }));
        if named.kind == Kind::Create && !known && response.status().is_client_error() {
            // Refused at the first try: what is there now, if anything, somebody else made in between.
            let noted = self.ledger.set(&named.things[0], State::Gone);
            noted.map_err(|error| ConnectorError::user(error.into()))?;
            self.absent.lock().await.remove(&named.things[0]);
        }
        self.learn(&named, began, response).await
    }

    /// Notes what an answer says of things, and takes out of listings what is not ours.
    async fn learn(&self, named: &Named, began: i64, response: HttpResponse) -> Result<HttpResponse, ConnectorError> {
        let done = response.status().is_success();
        if !done || named.kind == Kind::Use {
            return Ok(response);
        }
        let mut response = response;
        let body = std::mem::replace(response.body_mut(), SdkBody::taken());
        let mut body = body.collect().await.map_err(ConnectorError::io)?.to_bytes().to_vec();
        let noted = match (named.kind, named.things.first()) {
            (Kind::Create, Some(thing)) if !matches!(self.ledger.state(thing), Some(State::Made { .. })) => {
                let answer: Json = serde_json::from_slice(&body).unwrap_or_default();
                let id = answer["TableDescription"]["TableId"].as_str().map(str::to_owned);
                self.change(thing);
                self.ledger.set(thing, State::Made { wanted: began, at: super::now(), id })
            }
            (Kind::Change, Some(thing)) => {
                self.change(thing);
                Ok(())
            }
            (Kind::Delete, Some(thing)) => {
                self.change(thing);
                self.absent.lock().await.insert(thing.clone());
                self.ledger.set(thing, State::Gone)
            }
            (Kind::List, _) => {
                body = listing::ours(&body, &self.ledger.run.prefix);
                response.headers_mut().remove("x-amz-crc32");
                response.headers_mut().remove("content-length");
                Ok(())
            }
            (Kind::Iterator, _) => {
                let answer: Json = serde_json::from_slice(&body).unwrap_or_default();
                let mut known = self.iterators.lock().unwrap_or_else(PoisonError::into_inner);
                known.extend(
                    ["ShardIterator", "NextShardIterator"]
                        .iter()
                        .filter_map(|name| answer[*name].as_str())
                        .map(str::to_owned),
                );
                Ok(())
            }
            _ => Ok(()),
        };
        noted.map_err(|error| ConnectorError::user(error.into()))?;
        *response.body_mut() = SdkBody::from(body);
        Ok(response)
    }

    fn change(&self, thing: &Thing) {
        if let Thing::Table(name) = thing {
            self.changing.lock().unwrap_or_else(PoisonError::into_inner).push(name.clone());
        }
    }
}

/// The HTTP client that has the guard in it, for as long as the run lives.
#[derive(Debug, Clone)]
pub struct Guarded {
    pub guard: Weak<Guard>,
    pub inner: SharedHttpClient,
    /// Counted only: for looking whether a name is taken, and for clean-up, which has its own proof.
    pub free: bool,
}

impl HttpClient for Guarded {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { guard: Weak::clone(&self.guard), inner, free: self.free })
    }
}

#[derive(Debug, Clone)]
struct Connector {
    guard: Weak<Guard>,
    inner: SharedHttpConnector,
    free: bool,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match self.guard.upgrade() {
            Some(guard) => HttpConnectorFuture::new(guard.send(request, self.inner.clone(), self.free)),
            None => HttpConnectorFuture::ready(Err(ConnectorError::user("the run is over".into()))),
        }
    }
}
