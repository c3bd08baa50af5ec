//! The public endpoint: held by one process of a data directory at a time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Empty;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use super::attached::{DIRECTORY, TOKEN};
use super::link::Gateway;
use super::local::Local;
use super::owner::Directory;
use super::server::Server;
use super::{BridgeError, BridgeErrorKind, health, same_secret};
use crate::config::Settings;
use crate::emulator::auth::MustVerify;
use crate::emulator::body::{self, Body};
use crate::emulator::endpoint::{self, Access, BindError, Guard, Holder, Limits, Listen};

/// Where a process that insists on the port asks its holder for it.
const RELEASE_PATH: &str = "/_footbridge/release";
/// How long a holder may take to let the port go.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long somebody at an announced address may take to accept a connection.
const CONNECT: Duration = Duration::from_millis(500);
/// Where processes of a directory announce the endpoints that they offer.
const ANNOUNCEMENTS: &str = "endpoints";
const PAUSE: Duration = Duration::from_millis(20);

/// How much a process wants the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It must have it, and keeps it for its life: `serve`.
    Insist,
    /// It offers the endpoint only while nobody else does, and gives it up to one that insists.
    Offer,
}

/// The public endpoint, held by this process.
#[derive(Debug)]
pub struct Offer {
    url: String,
    file: Option<PathBuf>,
    stop: Arc<Notify>,
    task: tokio::task::JoinHandle<()>,
}

/// Where the endpoint is, as other processes of the directory find it.
#[derive(Debug, Serialize, Deserialize)]
struct Announcement {
    url: String,
    pid: u32,
}

impl Offer {
    /// Holds the public endpoint, or `None` where another process of the same directory does and this one only offers.
    pub async fn open(local: &Local, settings: &Settings, manner: Manner) -> Result<Option<Self>, BridgeError> {
        let failed = |error: &dyn std::error::Error| BridgeError::new(BridgeErrorKind::Endpoint, error.to_string());
        let directory = local.directory();
        if settings.strict.value && settings.identities.is_empty() {
            return Err(BridgeError::new(
                BridgeErrorKind::Endpoint,
                "strict lets in configured keys only, and none is configured",
            )
            .hint("Add an [[identity]] with key and secret to footbridge.toml, or leave --strict out"));
        }
        let listen = listen(settings).map_err(|error| failed(&error))?;
        let listeners = match (listen.bind().await, manner) {
            (Ok(listeners), _) => listeners,
            (Err(BindError::Taken { address, holder: Holder::Footbridge { directory: Some(theirs), pid } }), _)
                if directory.is_some_and(|ours| ours.id() == theirs) =>
            {
                if manner == Manner::Offer {
                    return Ok(None);
                }
                let asked = ask_to_release(address, directory).await;
                wait_for_port(&listen).await.ok_or_else(|| {
                    let why = if asked { "did not let it go" } else { "keeps it" };
                    let message =
                        format!("{address} is held by another footbridge of this directory (pid {pid}), which {why}");
                    BridgeError::new(BridgeErrorKind::Endpoint, message)
                        .hint(format!("End process {pid}, or use --listen with another port"))
                })?
            }
            // A stranger has the port: any other will do for a process that says where it is.
            (Err(error @ BindError::Taken { .. }), Manner::Offer) => {
                tracing::warn!("{error}: the endpoint takes a free port");
                Listen::loopback(0).bind().await.map_err(|error| failed(&error))?
            }
            (Err(error), _) => {
                return Err(failed(&error).hint("Choose another with --listen PORT"));
            }
        };
        let guard = Guard::new(
            &settings.allow_host.value,
            settings.public_url.as_ref().map(|url| url.value.as_str()),
            &settings.allowed_origins.value,
        );
        let guard = guard.map_err(|error| failed(&error))?;
        let url = settings.public_url.as_ref().map_or_else(|| listeners.url(), |url| url.value.clone());
        let stop = Arc::new(Notify::new());
        let server = serve(listeners, guard, settings.strict.value, local, manner, &stop);
        let file = directory.map(|directory| announcement_file(directory.path()));
        if let Some(file) = &file
            && let Err(error) = announce(file, &url)
        {
            tracing::warn!(%error, "other processes will not know where the endpoint is");
        }
        let task = tokio::spawn({
            let (stop, file) = (Arc::clone(&stop), file.clone());
            async move {
                stop.notified().await;
                if let Some(file) = &file {
                    let _ = std::fs::remove_file(file);
                }
                server.stop().await;
            }
        });
        Ok(Some(Self { url, file, stop, task }))
    }

    /// The endpoint's URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Gives the port up once open requests are answered.
    pub async fn close(mut self) {
        self.stop.notify_one();
        let _ = (&mut self.task).await;
    }
}

impl Drop for Offer {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            let _ = std::fs::remove_file(&file);
        }
    }
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

fn serve(
    listeners: endpoint::Listeners,
    guard: Guard,
    strict: bool,
    local: &Local,
    manner: Manner,
    stop: &Arc<Notify>,
) -> Server {
    let id = local.directory().map(|directory| directory.id().to_owned());
    let gateway: Gateway = local.gateway().clone();
    let directory = local.shared_directory();
    let stop = Arc::clone(stop);
    let settings = endpoint::Settings {
        guard,
        limits: Limits::default(),
        health: Arc::new(move || health(id.as_deref())),
        internal: Some(Arc::new(move |request| {
            let (directory, stop) = (directory.clone(), Arc::clone(&stop));
            async move { internal(&request, directory.as_deref(), manner, &stop) }.boxed()
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

/// Lets the port go for a process that proves it may read the directory.
fn internal(
    request: &Request<Body>,
    directory: Option<&Directory>,
    manner: Manner,
    stop: &Notify,
) -> Option<Response<Body>> {
    if request.uri().path() != RELEASE_PATH || request.method() != Method::POST {
        return None;
    }
    let owner = directory.and_then(|directory| directory.owner().ok().flatten());
    let carries = |name, expected: &str| {
        request.headers().get(name).is_some_and(|value| same_secret(value.as_bytes(), expected.as_bytes()))
    };
    let known = owner.is_some_and(|owner| carries(TOKEN, &owner.token) & carries(DIRECTORY, &owner.directory));
    let mut response = Response::new(body::empty());
    *response.status_mut() = match (known, manner) {
        (false, _) => StatusCode::FORBIDDEN,
        (true, Manner::Insist) => StatusCode::CONFLICT,
        (true, Manner::Offer) => {
            stop.notify_one();
            StatusCode::OK
        }
    };
    Some(response)
}

/// Asks the holder of the port to let it go; whether it says that it will.
async fn ask_to_release(address: std::net::SocketAddr, directory: Option<&Directory>) -> bool {
    let Some(owner) = directory.and_then(|directory| directory.owner().ok().flatten()) else { return false };
    let request = Request::post(format!("http://{address}{RELEASE_PATH}"))
        .header(TOKEN, owner.token)
        .header(DIRECTORY, owner.directory)
        .body(Empty::<Bytes>::new());
    let Ok(request) = request else { return false };
    let client =
        hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http::<Empty<Bytes>>();
    matches!(tokio::time::timeout(PATIENCE, client.request(request)).await, Ok(Ok(answer)) if answer.status() == StatusCode::OK)
}

async fn wait_for_port(listen: &Listen) -> Option<endpoint::Listeners> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match listen.bind().await {
            Ok(listeners) => return Some(listeners),
            Err(_) if Instant::now() >= deadline => return None,
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// Each process announces itself in a file of its own: several may serve one directory, on ports of their own.
fn announcement_file(directory: &Path) -> PathBuf {
    directory.join(ANNOUNCEMENTS).join(format!("{}.json", std::process::id()))
}

fn announce(file: &Path, url: &str) -> std::io::Result<()> {
    let directory = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory)?;
    let mut new = tempfile::NamedTempFile::new_in(directory)?;
    serde_json::to_writer(&mut new, &Announcement { url: url.to_owned(), pid: std::process::id() })?;
    new.persist(file)?;
    Ok(())
}

/// The URL at which a process of `directory` offers the endpoint just now.
#[must_use]
pub fn endpoint_of(directory: &Path) -> Option<String> {
    let files = std::fs::read_dir(directory.join(ANNOUNCEMENTS)).ok()?.filter_map(Result::ok);
    let mut files: Vec<PathBuf> = files.map(|file| file.path()).collect();
    // Any will do; the same one each time is easier to follow.
    files.sort();
    files.into_iter().find_map(|file| {
        let found: Announcement = serde_json::from_slice(&std::fs::read(&file).ok()?).ok()?;
        if answers(&found.url) {
            return Some(found.url);
        }
        // A process that was killed withdraws nothing.
        let _ = std::fs::remove_file(&file);
        None
    })
}

/// Whether anybody listens at `url`.
fn answers(url: &str) -> bool {
    let address = || {
        let uri: http::Uri = url.parse().ok()?;
        let host = uri.host()?.trim_start_matches('[').trim_end_matches(']').to_owned();
        std::net::ToSocketAddrs::to_socket_addrs(&(host, uri.port_u16().unwrap_or(80))).ok()?.next()
    };
    address().is_some_and(|address| std::net::TcpStream::connect_timeout(&address, CONNECT).is_ok())
}
