//! The way to the data: in this process, or through the process that owns the directory.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use serde::de::DeserializeOwned;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

use super::attached::{AsksControl, AsksInventory, Attached, SendError};
use super::local::{Heir, LocalError, TakeOver};
use super::owner::{Directory, OwnerRecord};
use crate::emulator::Emulator;
use crate::emulator::body::{self, Body};
use crate::emulator::control::Control;
use crate::emulator::inventory::Inventory;
use crate::emulator::observer::OwnCall;
use crate::emulator::snapshot::{SnapshotError, Trouble};

/// How long a call waits for an owner to appear before it fails.
const PATIENCE: Duration = Duration::from_secs(10);
/// The first pause between two looks at who owns the directory; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);
/// The longest inventory that is read, in bytes.
const MAX_INVENTORY: usize = 16 << 20;

/// Why a call did not reach the data.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The owner accepts connections and answers nothing.
    #[error(
        "process {pid} owns the data directory and does not answer: it may be stopped or stuck; end it (kill {pid}) \
         or wake it (kill -CONT {pid}), and the next call goes on without it"
    )]
    Silent {
        /// The owner's process id.
        pid: u32,
    },
    /// Nobody took the directory over in time.
    #[error(
        "no process answered for the data directory {directory} within 10 seconds{}",
        pid.map_or(String::new(), |pid| format!(": process {pid} has its lock, and may be stopped or stuck"))
    )]
    NoOwner {
        /// The directory.
        directory: String,
        /// The process that has the lock, where it is known.
        pid: Option<u32>,
    },
    /// The data was in the memory of a process that has ended.
    #[error("process {pid} has ended, and with it the data that it had in memory")]
    Ended {
        /// Its process id.
        pid: u32,
    },
    /// The connection broke after the request, or a part of it, was sent.
    #[error("the connection to the owner of the data directory broke: {0}")]
    Broken(String),
    /// This process could not take the directory over, or the directory is another by now.
    #[error(transparent)]
    Local(#[from] Arc<LocalError>),
}

/// Why what was asked of whoever has the data was not done.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// It was refused, or it failed.
    #[error(transparent)]
    Refused(#[from] SnapshotError),
    /// Nobody was reached.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The process that has the data does not know of such things.
    #[error("the process that has the data is an earlier footbridge, which cannot do that: end it, and try again")]
    Old,
}

/// Where calls go at the moment.
#[derive(Debug, Clone)]
pub enum Link {
    /// To the emulator in this process.
    InProcess(Emulator),
    /// To the process that owns the directory.
    Attached(Arc<Attached>),
}

/// Hands requests to whoever has the data, through every change of owner.
#[derive(Debug, Clone)]
pub struct Gateway {
    link: watch::Receiver<Link>,
    directory: Option<Arc<Directory>>,
    heir: Heir,
}

impl Gateway {
    /// A gateway over the current link; `directory` is `None` where no other process can have the data.
    pub(super) fn new(link: watch::Receiver<Link>, directory: Option<Arc<Directory>>, heir: Heir) -> Self {
        Self { link, directory, heir }
    }

    /// A gateway to the process of `record` alone, which has its data in memory: nobody can take that over.
    #[must_use]
    pub fn to_memory_of(record: OwnerRecord) -> Self {
        let (_, link) = watch::channel(Link::Attached(Arc::new(Attached::new(record))));
        Self { link, directory: None, heir: std::sync::Weak::<Nobody>::new() }
    }

    /// Whether this process has the data itself.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        matches!(&*self.link.borrow(), Link::InProcess(_))
    }

    /// The emulator, where it runs in this process.
    #[must_use]
    pub fn emulator(&self) -> Option<Emulator> {
        match &*self.link.borrow() {
            Link::InProcess(emulator) => Some(emulator.clone()),
            Link::Attached(_) => None,
        }
    }

    /// How much there is; `None` where the owner of the data does not say, as one of an earlier version.
    pub async fn inventory(&self) -> Option<Inventory> {
        if let Some(emulator) = self.emulator() {
            return emulator.inventory().ok();
        }
        let mut request = Request::new(body::empty());
        request.extensions_mut().insert(AsksInventory);
        request.extensions_mut().insert(OwnCall);
        let answer = self.send(request).await.ok().filter(|answer| answer.status() == StatusCode::OK)?;
        serde_json::from_slice(&body::read(answer.into_body(), MAX_INVENTORY).await.ok()?).ok()
    }

    /// Asks whoever has the data for something that AWS does not have.
    ///
    /// # Errors
    /// Why it was not done.
    pub async fn ask<T: DeserializeOwned>(&self, asked: Control) -> Result<T, ControlError> {
        let answer = serde_json::from_value(self.control(asked).await?);
        answer
            .map_err(|error| SnapshotError::new(Trouble::Failed, format!("the answer cannot be read: {error}")).into())
    }

    async fn control(&self, asked: Control) -> Result<serde_json::Value, ControlError> {
        if let Some(emulator) = self.emulator() {
            return Ok(emulator.control(asked).await?);
        }
        let asked = serde_json::to_vec(&asked).unwrap_or_default();
        let mut request = Request::new(body::full(asked));
        *request.method_mut() = Method::POST;
        request.extensions_mut().insert(AsksControl);
        request.extensions_mut().insert(OwnCall);
        let answer = self.send(request).await?;
        if answer.status() != StatusCode::OK {
            return Err(ControlError::Old);
        }
        let text = body::read(answer.into_body(), MAX_INVENTORY).await;
        let text = text.map_err(|error| LinkError::Broken(error.to_string()))?;
        let answer: Result<serde_json::Value, SnapshotError> =
            serde_json::from_slice(&text).map_err(|_| ControlError::Old)?;
        Ok(answer?)
    }

    /// Sends a call that this process records itself.
    pub async fn send_own(&self, mut request: Request<Body>) -> Result<Response<Body>, LinkError> {
        request.extensions_mut().insert(OwnCall);
        self.send(request).await
    }

    /// Sends a call. One that could not connect is sent again when there is an owner; one whose bytes were sent is not.
    pub async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>, LinkError> {
        let deadline = Instant::now() + PATIENCE;
        let mut pause = FIRST_PAUSE;
        let mut link = self.link.clone();
        loop {
            let current = link.borrow_and_update().clone();
            let attached = match current {
                Link::InProcess(emulator) => return Ok(emulator.handle(request).await),
                Link::Attached(attached) => attached,
            };
            request = match attached.send(request).await {
                Ok(response) => return Ok(response),
                Err(SendError::NotConnected(request)) => *request,
                Err(SendError::Silent) => return Err(LinkError::Silent { pid: attached.pid() }),
                Err(SendError::Broken(error)) => return Err(LinkError::Broken(error)),
            };
            if self.directory.is_none() {
                return Err(LinkError::Ended { pid: attached.pid() });
            }
            let heir = self.heir.upgrade();
            if let Some(heir) = &heir {
                if heir.follow(attached.record())? {
                    continue;
                }
                heir.try_take_over().await?;
            }
            if Instant::now() >= deadline {
                if let Some(why) = heir.and_then(|heir| heir.failure()) {
                    return Err(LinkError::Local(why));
                }
                let directory = self.directory.as_ref();
                return Err(LinkError::NoOwner {
                    directory: directory.map(|known| known.path().display().to_string()).unwrap_or_default(),
                    pid: directory.and_then(|known| known.lock_holder()),
                });
            }
            // Woken at once when this process becomes the owner; else another one may have.
            let _ = timeout_at(deadline.min(Instant::now() + pause), link.changed()).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            // A closed channel would answer at once for ever.
            if link.has_changed().is_err() {
                sleep(pause).await;
            }
        }
    }

    /// Sends a call of another client at the public endpoint; a failure becomes an answer.
    pub async fn forward(&self, request: Request<Body>) -> Response<Body> {
        self.send(request).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a call did not reach the data");
            let mut response = Response::new(body::full(format!("{error}\n")));
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            response
        })
    }
}

/// Who takes over what nobody can.
#[derive(Debug)]
enum Nobody {}

#[async_trait::async_trait]
impl TakeOver for Nobody {
    fn follow(&self, _: &OwnerRecord) -> Result<bool, Arc<LocalError>> {
        match *self {}
    }

    async fn try_take_over(&self) -> Result<(), Arc<LocalError>> {
        match *self {}
    }

    fn failure(&self) -> Option<Arc<LocalError>> {
        match *self {}
    }
}
