//! The public endpoint: offered by one process of a data directory at a time, and by the next when that one ends.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use http::Request;
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::announce::{self, Announced, Announcement, reachable};
use super::link::Gateway;
use super::local::Local;
use super::owner::Directory;
use super::port::{Port, Turn};
use super::release::{self, Reply};
use super::server::Server;
use super::{BridgeError, BridgeErrorKind, health};
use crate::config::Settings;
use crate::emulator::auth::MustVerify;
use crate::emulator::body::Body;
use crate::emulator::endpoint::{self, Access, BindError, Guard, Holder, Limits, Listen, Listeners};

/// How long one that insists waits for the port.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the port of one whose turn has ended may still be taken: a process closes its files one after the other.
const BLINK: Duration = Duration::from_millis(100);
/// How long it may be so by nobody who can be found.
const GRACE: Duration = Duration::from_millis(500);
/// Between two looks within these.
const PAUSE: Duration = Duration::from_millis(20);
/// How long one whose turn was of no use rests before it waits for the next.
const REST: Duration = Duration::from_secs(5);

/// How much a process wants the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It must have it, and keeps it for its life: `serve`.
    Insist,
    /// It offers the endpoint while nobody else does, gives it up to one that insists, and takes it again after that.
    Offer,
}

/// This process's part in the public endpoint. Ends when it is dropped; [`Offer::close`] ends it in good order.
#[derive(Debug)]
pub struct Offer {
    url: watch::Receiver<Option<String>>,
    stop: DropGuard,
    task: JoinHandle<()>,
}

impl Offer {
    /// Takes part in offering the endpoint of `local`. One that insists has it when this returns; one that only offers
    /// has it if nobody else does, and else once the kernel wakes it because all before it have ended.
    ///
    /// An error is that the settings allow no endpoint, and to one that insists, that another keeps the port.
    pub async fn open(local: &Local, settings: &Settings, manner: Manner) -> Result<Self, BridgeError> {
        let door = Door::new(local, settings, manner)?;
        let first = match manner {
            Manner::Insist => Some(door.insist().await?),
            Manner::Offer => door.try_offer().await?,
        };
        let stop = CancellationToken::new();
        let (urls, url) = watch::channel(None);
        // Served before this returns, so that whoever is told the URL is answered.
        let first = first.map(|listeners| door.serve(listeners, &urls));
        let task = tokio::spawn(door.run(first, urls, stop.clone()));
        Ok(Self { url, stop: stop.drop_guard(), task })
    }

    /// The endpoint's URL while this process offers it.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        self.url.borrow().clone()
    }

    /// The endpoint's URL as it changes.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Option<String>> {
        self.url.clone()
    }

    /// Gives the port up, and returns once open requests are answered.
    pub async fn close(self) {
        drop(self.stop);
        let _ = self.task.await;
    }
}

/// What it takes to offer the endpoint, again and again.
#[derive(Debug)]
struct Door {
    listen: Listen,
    /// Whose turn it is; `None` where any port will do, or no other process has the data.
    port: Option<(Port, u16)>,
    directory: Option<Arc<Directory>>,
    gateway: Gateway,
    guard: Guard,
    strict: bool,
    public_url: Option<String>,
    manner: Manner,
}

/// The endpoint while this process has it.
#[derive(Debug)]
struct Serving {
    server: Server,
    announced: Option<Announced>,
    released: Arc<Notify>,
}

/// What came of a turn.
enum Outcome {
    Bound(Listeners),
    /// One that insists is on its way.
    Yielded,
    /// A process of this directory has the port out of turn: it took any, or somebody deleted the lock's file.
    OutOfTurn(u32),
}

fn failed(error: &dyn std::error::Error) -> BridgeError {
    BridgeError::new(BridgeErrorKind::Endpoint, error.to_string())
}

impl Door {
    fn new(local: &Local, settings: &Settings, manner: Manner) -> Result<Self, BridgeError> {
        if settings.strict.value && settings.identities.is_empty() {
            return Err(BridgeError::new(
                BridgeErrorKind::Endpoint,
                "strict lets in configured keys only, and none is configured",
            )
            .hint(
                "Add an [[identity]] with key and secret to your own footbridge.toml (one in the working directory \
                 counts once `footbridge trust` was run there), or leave --strict out",
            ));
        }
        let public_url = settings.public_url.as_ref().map(|url| url.value.clone());
        let guard = Guard::new(&settings.allow_host.value, public_url.as_deref(), &settings.allowed_origins.value)
            .map_err(|error| failed(&error))?;
        let directory = local.shared_directory();
        let port = match (&directory, settings.listen.value.port()) {
            (None, _) | (_, 0) => None,
            (Some(directory), port) => {
                let place = announce::place(directory.path());
                Some((Port::of(&place, port).map_err(|error| failed(&error))?, port))
            }
        };
        Ok(Self {
            listen: listen(settings).map_err(|error| failed(&error))?,
            port,
            directory,
            gateway: local.gateway().clone(),
            guard,
            strict: settings.strict.value,
            public_url,
            manner,
        })
    }

    /// Serves while it is this process's turn, until `stop`.
    async fn run(self, first: Option<Serving>, urls: watch::Sender<Option<String>>, stop: CancellationToken) {
        let mut ending = JoinSet::new();
        let mut serving = first;
        loop {
            if let Some(Serving { server, announced, released }) = serving.take() {
                let stopped = tokio::select! {
                    () = stop.cancelled() => true,
                    () = released.notified() => false,
                };
                urls.send_replace(None);
                drop(announced);
                // The turn ends with the listening; open requests go on by themselves.
                ending.spawn(server.stop());
                if stopped {
                    break;
                }
                tracing::info!("another process of this data directory took the endpoint");
            }
            let next = tokio::select! {
                () = stop.cancelled() => break,
                next = self.next() => next,
            };
            serving = Some(self.serve(next, &urls));
            tracing::info!(url = urls.borrow().as_deref(), "offering the endpoint");
        }
        ending.join_all().await;
    }

    /// The endpoint's sockets, once it is this process's turn.
    async fn next(&self) -> Listeners {
        loop {
            let outcome = match self.turn().await {
                Ok(turn) => self.take(turn).await,
                Err(error) => Err(failed(&error)),
            };
            match outcome {
                Ok(Outcome::Bound(listeners)) => return listeners,
                Ok(Outcome::Yielded) => continue,
                Ok(Outcome::OutOfTurn(pid)) => tracing::debug!(pid, "the endpoint is held by a process out of turn"),
                Err(error) => tracing::warn!(%error, "the endpoint for other AWS clients is not offered"),
            }
            sleep(REST).await;
        }
    }

    /// Waits in a thread, where the kernel wakes exactly one.
    async fn turn(&self) -> std::io::Result<Option<Turn>> {
        let Some((port, _)) = self.port.clone() else { return Ok(None) };
        let (send, turn) = oneshot::channel();
        // Not one of the runtime's: it may wait for as long as the process lives. A turn nobody waits for is dropped.
        std::thread::Builder::new().name("port-waiter".into()).spawn(move || send.send(port.wait()))?;
        turn.await.map_err(std::io::Error::other)?.map(Some)
    }

    /// The endpoint's sockets, if it is nobody else's turn.
    async fn try_offer(&self) -> Result<Option<Listeners>, BridgeError> {
        let turn = match &self.port {
            None => None,
            Some((port, _)) => match port.try_turn().map_err(|error| failed(&error))? {
                None => return Ok(None),
                turn => turn,
            },
        };
        Ok(match self.take(turn).await? {
            Outcome::Bound(listeners) => Some(listeners),
            Outcome::Yielded | Outcome::OutOfTurn(_) => None,
        })
    }

    /// Binds the port in this process's turn, or a free one where a stranger has it.
    async fn take(&self, turn: Option<Turn>) -> Result<Outcome, BridgeError> {
        let listeners = match self.bind_patiently().await {
            Ok(listeners) => listeners,
            Err(BindError::Taken { holder, .. }) if self.is_kin(&holder) => {
                return Ok(Outcome::OutOfTurn(pid(&holder)));
            }
            Err(error @ BindError::Taken { .. }) => {
                if let Some((port, _)) = &self.port
                    && port.is_insisted_on().map_err(|error| failed(&error))?
                {
                    return Ok(Outcome::Yielded);
                }
                tracing::warn!("{error}: the endpoint takes a free port");
                Listen::loopback(0).bind().await.map_err(|error| failed(&error))?
            }
            Err(error) => return Err(failed(&error)),
        };
        Ok(Outcome::Bound(listeners.keeping(turn)))
    }

    /// Binds the port. Who had the turn before may have ended with its socket a moment after its lock.
    async fn bind_patiently(&self) -> Result<Listeners, BindError> {
        let deadline = Instant::now() + GRACE;
        loop {
            match self.listen.bind_within(BLINK).await {
                Err(BindError::Taken { holder: Holder::Unknown { .. }, .. }) if Instant::now() < deadline => {
                    sleep(PAUSE).await;
                }
                done => return done,
            }
        }
    }

    /// Takes the port, from another process of this directory if need be.
    async fn insist(&self) -> Result<Listeners, BridgeError> {
        let refused = |error: BindError| failed(&error).hint("Choose another with --listen PORT");
        let (Some((port, number)), Some(directory)) = (&self.port, &self.directory) else {
            return self.listen.bind().await.map_err(refused);
        };
        let deadline = Instant::now() + PATIENCE;
        let (mut claim, mut turn) = (None, None);
        loop {
            if turn.is_none() {
                if claim.is_none() {
                    claim = port.try_claim().map_err(|error| failed(&error))?;
                }
                match claim.take().map(|claim| port.try_turn_of(claim)).transpose().map_err(|error| failed(&error))? {
                    Some(Ok(ours)) => turn = Some(ours),
                    Some(Err(waiting)) => claim = Some(waiting),
                    None => {}
                }
            }
            if turn.is_some() {
                match self.bind_patiently().await {
                    Ok(listeners) => return Ok(listeners.keeping(turn)),
                    Err(BindError::Taken { holder, .. }) if self.is_kin(&holder) => {}
                    Err(error) => return Err(refused(error)),
                }
            }
            let why = match release::ask(directory.path(), *number).await {
                Some(Reply::Keeps(pid)) => return Err(held(*number, Some(pid), "keeps it")),
                Some(Reply::Silent(pid)) => (Some(pid), "does not answer: it may be stopped or stuck"),
                Some(Reply::Released) | None => (None, "does not let it go"),
            };
            if Instant::now() >= deadline {
                return Err(held(*number, why.0, why.1));
            }
            sleep(PAUSE).await;
        }
    }

    fn is_kin(&self, holder: &Holder) -> bool {
        let ours = self.directory.as_ref().map(|directory| directory.id());
        matches!(holder, Holder::Footbridge { directory: Some(theirs), .. } if Some(theirs.as_str()) == ours)
    }

    /// Answers at `listeners` and says so.
    fn serve(&self, listeners: Listeners, urls: &watch::Sender<Option<String>>) -> Serving {
        let released = Arc::new(Notify::new());
        let url = self.public_url.clone().unwrap_or_else(|| listeners.url());
        let announcement = Announcement {
            url: url.clone(),
            pid: std::process::id(),
            address: reachable(listeners.addresses()[0]),
            port: self.port.as_ref().map_or(0, |(_, port)| *port),
            token: uuid::Uuid::new_v4().simple().to_string(),
        };
        let server = self.answer(listeners, announcement.token.clone(), &released);
        let announced = self.directory.as_ref().and_then(|directory| {
            let announced = announcement.publish(directory.path());
            announced
                .inspect_err(|error| tracing::warn!(%error, "other processes will not know where the endpoint is"))
                .ok()
        });
        urls.send_replace(Some(url));
        Serving { server, announced, released }
    }

    fn answer(&self, listeners: Listeners, token: String, released: &Arc<Notify>) -> Server {
        let id = self.directory.as_ref().map(|directory| directory.id().to_owned());
        let (gateway, strict, manner) = (self.gateway.clone(), self.strict, self.manner);
        let (released, token) = (Arc::clone(released), Arc::<str>::from(token));
        let settings = endpoint::Settings {
            guard: self.guard.clone(),
            limits: Limits::default(),
            health: Arc::new(move || health(id.as_deref())),
            internal: Some(Arc::new(move |request| {
                let (released, token) = (Arc::clone(&released), Arc::clone(&token));
                async move { release::answer(&request, &token, manner, &released) }.boxed()
            })),
        };
        Server::start(listeners, settings, move |mut request: Request<Body>| {
            let gateway = gateway.clone();
            if strict {
                // The owner of the data may be another process, and laxer.
                request.extensions_mut().insert(MustVerify);
            }
            async move { gateway.forward(request).await }
        })
    }
}

fn pid(holder: &Holder) -> u32 {
    match holder {
        Holder::Footbridge { pid, .. } | Holder::Program { pid, .. } => *pid,
        Holder::Unknown { .. } => 0,
    }
}

fn held(port: u16, pid: Option<u32>, why: &str) -> BridgeError {
    let (process, end) = match pid {
        Some(pid) => (format!(" (pid {pid})"), format!("End process {pid}")),
        None => (String::new(), "End it".to_owned()),
    };
    let message = format!("port {port} is held by another footbridge of this directory{process}, which {why}");
    BridgeError::new(BridgeErrorKind::Endpoint, message).hint(format!("{end}, or use --listen with another port"))
}

fn listen(settings: &Settings) -> Result<Listen, endpoint::ListenError> {
    let wanted = &settings.listen.value;
    if *wanted == crate::config::Listen::loopback(wanted.port()) {
        return Ok(Listen::loopback(wanted.port()));
    }
    let access = match (settings.strict.value, settings.any_credentials.value) {
        (true, _) => Access::Strict,
        (false, true) => Access::AnyCredentials,
        (false, false) => Access::Loopback,
    };
    Listen::new(wanted.addresses().iter().copied(), access)
}
