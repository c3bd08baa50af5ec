//! Joining a data directory: as its owner, or attached to it; and leaving it again.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, sleep};

use super::attach::AttachListener;
use super::attached::{Attached, Pulse};
use super::link::{Gateway, Link};
use super::owner::{Directory, Lock, OwnerRecord, publish_in};
use crate::clock::{Clock, Ids};
use crate::emulator::auth::Identities;
use crate::emulator::endpoint::BindError;
use crate::emulator::observer::Observer;
use crate::emulator::s3::quarantine::Quarantine;
use crate::emulator::{Emulator, Location, OpenError, OpenNotice, Options};

/// How long joining waits for a directory whose owner is just starting or leaving.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);
/// How long a process that has the lock and cannot open the data leaves it to others before it tries again.
const RETRY: Duration = Duration::from_secs(1);

/// How a process takes part in a data directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It stays: it waits for the lock in a thread, and the kernel wakes it when the owner ends.
    Stays,
    /// It is a short command: it never waits for ownership longer than it must.
    Passes,
}

/// How the local backend is opened.
#[derive(Debug, Clone)]
pub struct LocalOptions {
    /// The data directory; `None` keeps everything in memory.
    pub directory: Option<PathBuf>,
    /// How this process takes part.
    pub role: Role,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where new ids come from.
    pub ids: Arc<dyn Ids>,
    /// The known keys.
    pub identities: Identities,
    /// Refuse unknown keys.
    pub strict: bool,
    /// Told of calls that no process of ours made, while this one is the owner.
    pub observer: Arc<dyn Observer>,
}

/// Why the local backend could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// The data could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file of the directory could not be used.
    #[error("the data directory {directory}: {source}")]
    Directory {
        /// The directory.
        directory: String,
        /// Why.
        source: std::io::Error,
    },
    /// The attach listener could not be opened.
    #[error(transparent)]
    Listen(#[from] BindError),
    /// Another process holds the lock and cannot be reached.
    #[error(
        "another process{} holds the lock of {directory} and does not answer: end it, or choose another --data-dir",
        pid.map_or(String::new(), |pid| format!(" ({pid})"))
    )]
    Held {
        /// The directory.
        directory: String,
        /// The process, where it is known.
        pid: Option<u32>,
    },
}

/// This process's part in the local backend. [`Local::leave`] ends it in good order.
#[derive(Debug)]
pub struct Local {
    gateway: Gateway,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    options: LocalOptions,
    directory: Option<Arc<Directory>>,
    link: watch::Sender<Link>,
    part: Mutex<Part>,
    /// Why this process did not take the directory over when it could have.
    failure: StdMutex<Option<Arc<LocalError>>>,
}

/// What this process has of the directory.
#[derive(Debug)]
enum Part {
    Attached,
    Owner(Owned),
    /// Nothing, and it takes nothing any more.
    Left,
}

/// What the owner has and gives up in this order.
#[derive(Debug)]
struct Owned {
    attach: Option<AttachListener>,
    emulator: Emulator,
    lock: Option<Lock>,
}

impl Local {
    /// Joins the directory: as its owner where nobody is, else attached to the owner.
    pub async fn join(options: LocalOptions) -> Result<Self, LocalError> {
        let Some(path) = options.directory.clone() else {
            let emulator = Emulator::open(emulator_options(&options, Location::Memory)).await?;
            let link = Link::InProcess(emulator.clone());
            return Ok(Self::with(options, None, link, Some(Owned { attach: None, emulator, lock: None })));
        };
        let failed = |source| LocalError::Directory { directory: path.display().to_string(), source };
        let directory = Arc::new(Directory::open(&path, &options.ids.next().to_string()).map_err(failed)?);
        let deadline = Instant::now() + PATIENCE;
        loop {
            let refused = match directory.try_lock().map_err(failed)? {
                None => None,
                Some(lock) => match take_over(&options, &directory, lock).await {
                    Ok(owned) => {
                        let link = Link::InProcess(owned.emulator.clone());
                        return Ok(Self::with(options, Some(directory), link, Some(owned)));
                    }
                    // Where somebody deleted the lock's file, its holder still has the data, and refuses a second.
                    Err(error) => Some(error),
                },
            };
            let record = directory.owner().map_err(failed)?;
            let pid = record.as_ref().map(|record| record.pid);
            if let Some(record) = record.filter(|record| record.directory == directory.id()) {
                let attached = Arc::new(Attached::new(record));
                let pulse = attached.pulse().await;
                // A process that stays says so with each call, and goes on when the owner does.
                if pulse == Pulse::Alive || (pulse == Pulse::Silent && options.role == Role::Stays) {
                    let stays = options.role == Role::Stays;
                    let local = Self::with(options, Some(directory), Link::Attached(attached), None);
                    if stays {
                        Arc::clone(&local.shared).wait_for_lock();
                    }
                    return Ok(local);
                }
            }
            if let Some(error) = refused {
                return Err(error);
            }
            if Instant::now() >= deadline {
                let pid = directory.lock_holder().or(pid);
                return Err(LocalError::Held { directory: path.display().to_string(), pid });
            }
            sleep(PAUSE).await;
        }
    }

    fn with(options: LocalOptions, directory: Option<Arc<Directory>>, link: Link, owned: Option<Owned>) -> Self {
        let (link, current) = watch::channel(link);
        let part = Mutex::new(owned.map_or(Part::Attached, Part::Owner));
        let shared =
            Arc::new(Shared { options, directory: directory.clone(), link, part, failure: StdMutex::default() });
        let heir = Arc::downgrade(&shared);
        Self { gateway: Gateway::new(current, directory, heir), shared }
    }

    /// The way to the data.
    #[must_use]
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// The data directory; `None` where everything is in memory.
    #[must_use]
    pub fn directory(&self) -> Option<&Directory> {
        self.shared.directory.as_deref()
    }

    /// What a person should know of the data: bodies that were moved aside, by whichever process that was, and what this
    /// one found missing when it opened the data.
    pub async fn notices(&self) -> Vec<String> {
        let mut notices = self.directory().map_or_else(Vec::new, |directory| set_aside(directory.path()));
        if let Part::Owner(owned) = &*self.shared.part.lock().await {
            let missing = owned.emulator.notices().iter().filter(|notice| !matches!(notice, OpenNotice::SetAside(_)));
            notices.extend(missing.map(ToString::to_string));
        }
        notices
    }

    pub(super) fn shared_directory(&self) -> Option<Arc<Directory>> {
        self.shared.directory.clone()
    }

    /// Lets other processes of the same user reach data that is in memory, through the record that `place` has from then
    /// on. Data in a directory is reached there, and nothing is done.
    pub async fn meet_in(&self, place: &Path) -> Result<(), LocalError> {
        let failed = |source| LocalError::Directory { directory: place.display().to_string(), source };
        let mut part = self.shared.part.lock().await;
        let Part::Owner(owned @ Owned { attach: None, .. }) = &mut *part else { return Ok(()) };
        let id = self.shared.options.ids.next().to_string();
        let (attach, record) = listen(&owned.emulator, &id).await?;
        publish_in(place, &record).map_err(failed)?;
        owned.attach = Some(attach);
        Ok(())
    }

    /// Ends this process's part: the owner answers what it has begun, makes everything durable and gives the lock up.
    pub async fn leave(self) {
        self.shared.give_up().await;
    }
}

/// What takes a directory over when its owner has gone. Kept weakly by the gateway.
pub(super) type Heir = std::sync::Weak<dyn TakeOver>;

/// What the gateway asks of the process when the owner cannot be reached. None of it waits.
#[async_trait::async_trait]
pub(super) trait TakeOver: std::fmt::Debug + Send + Sync {
    /// Switches the link from the owner of `stale` to the one that has published itself since; whether there is one.
    fn follow(&self, stale: &OwnerRecord) -> Result<bool, Arc<LocalError>>;
    /// Becomes the owner if nobody is, and switches the link.
    async fn try_take_over(&self) -> Result<(), Arc<LocalError>>;
    /// Why this process is not the owner, though it had the chance.
    fn failure(&self) -> Option<Arc<LocalError>>;
}

#[async_trait::async_trait]
impl TakeOver for Shared {
    fn follow(&self, stale: &OwnerRecord) -> Result<bool, Arc<LocalError>> {
        let Some(directory) = &self.directory else { return Ok(false) };
        let failed = |source| Arc::new(unusable(directory, source));
        let newer = match directory.owner().map_err(failed)? {
            Some(record) if record.directory != directory.id() => {
                directory.still_itself().map_err(failed)?;
                return Ok(false);
            }
            Some(record) if record != *stale => Arc::new(Attached::new(record)),
            _ => return Ok(false),
        };
        // Unless another call has switched it, or this process has become the owner itself.
        self.link.send_if_modified(|link| match link {
            Link::Attached(current) if current.record() == stale => {
                *link = Link::Attached(newer);
                true
            }
            _ => false,
        });
        Ok(true)
    }

    async fn try_take_over(&self) -> Result<(), Arc<LocalError>> {
        // A process that stays has a thread on the lock; a second claim here would only race with it.
        let Some(directory) = self.directory.as_ref().filter(|_| self.options.role == Role::Passes) else {
            return Ok(());
        };
        let mut part = self.part.lock().await;
        if !matches!(*part, Part::Attached) {
            return Ok(());
        }
        if let Some(lock) = directory.try_lock().map_err(|source| Arc::new(unusable(directory, source)))? {
            let taken = take_over(&self.options, directory, lock).await?;
            self.link.send_replace(Link::InProcess(taken.emulator.clone()));
            *part = Part::Owner(taken);
        }
        Ok(())
    }

    fn failure(&self) -> Option<Arc<LocalError>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Shared {
    /// Waits for the lock in a thread of its own, where the kernel wakes exactly one waiter, and then takes over.
    fn wait_for_lock(self: Arc<Self>) {
        let Some(directory) = self.directory.clone() else { return };
        let runtime = tokio::runtime::Handle::current();
        // The thread must not keep this part of the backend alive after it has been left.
        let shared = Arc::downgrade(&self);
        let waiting = move || {
            loop {
                let lock = directory.lock();
                let Some(shared) = shared.upgrade() else { return };
                let taken = match lock {
                    Ok(lock) => runtime.block_on(shared.inherit(&directory, lock)),
                    Err(source) => Err(Arc::new(unusable(&directory, source))),
                };
                let Err(error) = taken else { return };
                tracing::error!(%error, "could not take the data directory over");
                *shared.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                // The lock is free again, so that another process can try.
                std::thread::sleep(RETRY);
            }
        };
        if let Err(error) = std::thread::Builder::new().name("lock-waiter".into()).spawn(waiting) {
            tracing::error!(%error, "this process cannot take the data directory over when its owner ends");
        }
    }

    async fn inherit(&self, directory: &Arc<Directory>, lock: Lock) -> Result<(), Arc<LocalError>> {
        let mut part = self.part.lock().await;
        if matches!(*part, Part::Attached) {
            let taken = take_over(&self.options, directory, lock).await?;
            tracing::info!(directory = %directory.path().display(), "took the data directory over");
            self.link.send_replace(Link::InProcess(taken.emulator.clone()));
            *part = Part::Owner(taken);
        }
        Ok(())
    }

    async fn give_up(&self) {
        let Part::Owner(mut owned) = std::mem::replace(&mut *self.part.lock().await, Part::Left) else { return };
        if let Some(attach) = owned.attach.take() {
            if let Some(directory) = &self.directory {
                directory.withdraw();
            }
            attach.stop().await;
        }
        owned.emulator.close().await;
        drop(owned.lock);
    }
}

/// What was moved aside in the data directory at `directory` and is still there, a sentence for each occasion.
#[must_use]
pub fn set_aside(directory: &Path) -> Vec<String> {
    match Quarantine::of(directory).list() {
        Ok(occasions) => occasions.iter().map(ToString::to_string).collect(),
        Err(error) => vec![format!("the quarantine of {} cannot be looked at: {error}", directory.display())],
    }
}

fn unusable(directory: &Directory, source: std::io::Error) -> LocalError {
    LocalError::Directory { directory: directory.path().display().to_string(), source }
}

fn emulator_options(options: &LocalOptions, location: Location) -> Options {
    Options {
        location,
        clock: Arc::clone(&options.clock),
        ids: Arc::clone(&options.ids),
        identities: options.identities.clone(),
        strict: options.strict,
        observer: Arc::clone(&options.observer),
    }
}

/// Listens for other processes' calls to the data of `directory`.
async fn listen(emulator: &Emulator, directory: &str) -> Result<(AttachListener, OwnerRecord), BindError> {
    // A secret, so not from the ids that tests count up.
    let token = uuid::Uuid::new_v4().simple().to_string();
    let attach = AttachListener::start(emulator, directory, &token).await?;
    let record =
        OwnerRecord { pid: std::process::id(), address: attach.address(), token, directory: directory.to_owned() };
    Ok((attach, record))
}

/// Opens the data and tells other processes how to reach it. The lock is held first.
async fn take_over(options: &LocalOptions, directory: &Arc<Directory>, lock: Lock) -> Result<Owned, LocalError> {
    let failed = |source| LocalError::Directory { directory: directory.path().display().to_string(), source };
    let emulator = Emulator::open(emulator_options(options, Location::Dir(directory.path().to_owned()))).await?;
    let (attach, record) = listen(&emulator, directory.id()).await?;
    directory.publish(&record).map_err(failed)?;
    Ok(Owned { attach: Some(attach), emulator, lock: Some(lock) })
}
