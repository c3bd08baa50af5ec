//! A bridge that is opened as soon as that is possible, and what stands in its way until then.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, OnceLock, PoisonError, RwLock};

use async_trait::async_trait;
use footbridge_record::text::brief;
use tokio::sync::Mutex;

use super::trouble;
use crate::backend::{Presence, Role};
use crate::causes;
use crate::cli::journal::recorder;
use crate::cli::logging::Logging;
use crate::cli::session::{Parts, Session};
use crate::clock::{RandomIds, SystemClock};
use crate::config::{Flags, Inputs, Settings};
use crate::mcp::{Bridge, Host, Known, Policy, Problems, Recorder, ToolError};

/// The most characters of what a client calls itself.
const LONGEST_NAME: usize = 80;

/// A bridge that is opened as soon as that is possible. A clone is the same one.
#[derive(Clone)]
pub(super) struct LateBridge(Arc<Inner>);

struct Inner {
    flags: Flags,
    logging: Logging,
    /// How many attempts have begun.
    begun: AtomicU64,
    attempt: Mutex<Attempt>,
    opened: OnceLock<Bridge>,
    unopened: RwLock<Unopened>,
    greeting: StdMutex<Greeting>,
}

/// Who the client is and where it finds this process, and who is told.
#[derive(Default)]
struct Greeting {
    client: Option<String>,
    url: Option<String>,
    presence: Option<Arc<Presence>>,
}

impl Greeting {
    /// Lets other processes know whom this one serves.
    fn tell(&self) {
        if let Some(presence) = &self.presence {
            presence.change(|record| {
                record.client.clone_from(&self.client);
                record.mcp.clone_from(&self.url);
            });
        }
    }
}

/// What is known while nothing is open.
struct Unopened {
    settings: Option<Settings>,
    trouble: ToolError,
}

/// How the last attempt to open the bridge went.
#[derive(Default)]
struct Attempt {
    /// Which one it was, counted from one.
    number: u64,
    session: Option<Session>,
    trouble: Option<ToolError>,
    /// Nothing is opened any more.
    over: bool,
}

impl LateBridge {
    /// Starts logging, and opens nothing yet.
    pub(super) fn new(flags: Flags) -> Self {
        let filter = Settings::usual_log(&flags).to_owned();
        Self(Arc::new(Inner {
            flags,
            logging: Logging::start(&filter).unwrap_or_default(),
            begun: AtomicU64::new(0),
            attempt: Mutex::default(),
            opened: OnceLock::new(),
            unopened: RwLock::new(Unopened { settings: None, trouble: trouble::opening() }),
            greeting: StdMutex::default(),
        }))
    }

    /// Lets other processes know where clients reach this one.
    pub(super) fn answers_at(&self, url: String) {
        let mut greeting = self.0.greeting();
        greeting.url = Some(url);
        greeting.tell();
    }

    /// Gives up what was opened, and opens nothing more.
    pub(super) async fn close(&self) {
        let mut attempt = self.0.attempt.lock().await;
        attempt.over = true;
        self.0.greeting().presence = None;
        if let Some(session) = attempt.session.take() {
            session.close().await;
        }
    }
}

#[async_trait]
impl Host for LateBridge {
    async fn bridge(&self) -> Result<Bridge, ToolError> {
        if let Some(bridge) = self.0.opened.get() {
            return Ok(bridge.clone());
        }
        let inner = Arc::clone(&self.0);
        let seen = inner.begun.load(Ordering::Acquire);
        // In a task of its own: a client that gives its call up must not leave half of a session open.
        let opening = tokio::spawn(async move { inner.open(seen).await });
        opening.await.unwrap_or_else(|error| Err(ToolError::new("internal", error.to_string())))
    }

    fn known(&self) -> Known {
        if let Some(bridge) = self.0.opened.get() {
            return Known { bridge: bridge.clone(), trouble: None };
        }
        let unopened = self.0.unopened.read().unwrap_or_else(PoisonError::into_inner);
        Known::unopened(unopened.settings.as_ref(), unopened.trouble.clone())
    }

    fn met(&self, client: &str) {
        let mut greeting = self.0.greeting();
        if greeting.client.is_none() {
            greeting.client = Some(brief(client, LONGEST_NAME));
            greeting.tell();
        }
    }
}

impl Inner {
    fn greeting(&self) -> MutexGuard<'_, Greeting> {
        self.greeting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the bridge, unless somebody else has done that or has failed in an attempt that began after `seen` ones.
    async fn open(&self, seen: u64) -> Result<Bridge, ToolError> {
        let mut attempt = self.attempt.lock().await;
        if let Some(session) = &attempt.session {
            return Ok(session.bridge.clone());
        }
        match &attempt.trouble {
            Some(trouble) if attempt.number > seen || attempt.over => return Err(trouble.clone()),
            None if attempt.over => return Err(ToolError::new("internal", "footbridge is ending")),
            _ => {}
        }
        attempt.number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        match self.session().await {
            Ok(session) => {
                let mut greeting = self.greeting();
                greeting.presence.clone_from(&session.presence);
                greeting.tell();
                drop(greeting);
                let bridge = session.bridge.clone();
                attempt.session = Some(session);
                attempt.trouble = None;
                Ok(self.opened.get_or_init(|| bridge).clone())
            }
            Err(trouble) => {
                if attempt.trouble.as_ref() != Some(&trouble) {
                    tracing::error!(%trouble, "the tools cannot be used");
                }
                attempt.trouble = Some(trouble.clone());
                Err(trouble)
            }
        }
    }

    async fn session(&self) -> Result<Session, ToolError> {
        let settings = self.settings();
        if let Ok(settings) = &settings {
            self.say(Some(settings.clone()), trouble::opening());
        }
        let (settings, outcome) = match settings {
            Ok(settings) => {
                let outcome = self.session_of(&settings).await;
                (Some(settings), outcome)
            }
            Err(trouble) => (None, Err(trouble)),
        };
        if let Err(trouble) = &outcome {
            self.say(settings, trouble.clone());
        }
        outcome
    }

    /// What clients are told while nothing is open.
    fn say(&self, settings: Option<Settings>, trouble: ToolError) {
        *self.unopened.write().unwrap_or_else(PoisonError::into_inner) = Unopened { settings, trouble };
    }

    fn settings(&self) -> Result<Settings, ToolError> {
        let inputs = Inputs::of_process(self.flags.clone()).map_err(|error| trouble::no_directory(&error))?;
        Settings::load(&inputs).map_err(|error| trouble::of(error.into()))
    }

    async fn session_of(&self, settings: &Settings) -> Result<Session, ToolError> {
        let filtered = self.logging.filter(&settings.log.value).err().map(|error| causes::told(error.as_ref()));
        settings.check_directory().map_err(|error| trouble::of(error.into()))?;
        let recorder = recorder(settings, Arc::new(SystemClock), Arc::new(RandomIds)).map_err(trouble::of)?;
        let parts = Parts {
            command: "mcp",
            recorder: recorder.clone(),
            authorizer: Arc::new(Policy::of(settings)),
            endpoint: None,
            problems: self.problems(settings, filtered, recorder),
        };
        let session = Session::of(settings, Role::Stays, parts).await.map_err(trouble::of)?;
        // Not before: a directory that is not ours gets no file of ours.
        if let Err(error) = self.logging.to_file_of(settings) {
            tracing::warn!("{}", causes::told(error.as_ref()));
        }
        for warning in &settings.warnings {
            tracing::warn!("{warning}");
        }
        Ok(session)
    }

    /// What is wrong and keeps no tool from working. What was cured in the meantime works from then on.
    fn problems(&self, settings: &Settings, filter: Option<String>, recorder: Recorder) -> Problems {
        let logging = self.logging.clone();
        let settings = settings.clone();
        Arc::new(move || {
            let log = logging.to_file_of(&settings).err().map(|error| causes::told(error.as_ref()));
            let journal = recorder.failure().map(|error| format!("calls go unrecorded: {error}"));
            [filter.clone(), log, journal].into_iter().flatten().collect()
        })
    }
}
