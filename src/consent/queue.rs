//! Asking, answering, using an answer.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::ConsentError;
use super::files::{self, Part, There};
use super::holder::{self, Holder};
use super::request::{How, Question, Request, State, short};
use super::{DIRECTORY, OPEN};
use crate::clock::Clock;

/// How often a call that waits looks for its answer.
const TICK: Duration = Duration::from_millis(100);

/// How many may wait at once, of all processes.
const MOST_OPEN: usize = 64;

/// How long what is over is kept for people to see, in milliseconds from its making.
const KEPT: u64 = 60 * 60 * 1000;

/// How many that are over are kept.
const MOST_KEPT: usize = 256;

/// How far the clocks of two answers may be apart, in milliseconds.
const SKEW: u64 = 60 * 1000;

/// The longest that a person writes, in bytes.
const LONGEST_WORD: usize = 1000;

/// The queue in one data directory. A clone is the same one.
#[derive(Debug, Clone)]
pub struct Queue {
    place: PathBuf,
    clock: Arc<dyn Clock>,
    holder: Arc<Mutex<Option<Holder>>>,
}

/// What stands in the place of an answer.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    id: Uuid,
    at: u64,
    #[serde(flatten)]
    said: Said,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
enum Said {
    Allowed { by: String, how: How },
    Denied { by: String, why: Option<String> },
    Abandoned,
}

/// What an answer was used for.
#[derive(Debug, Serialize, Deserialize)]
struct End {
    id: Uuid,
    at: u64,
    to: Use,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Use {
    Used,
    Abandoned,
}

impl Queue {
    /// The queue below `directory`. Nothing is made before something is asked.
    #[must_use]
    pub fn open(directory: &Path, clock: Arc<dyn Clock>) -> Self {
        Self { place: directory.join(DIRECTORY), clock, holder: Arc::default() }
    }

    /// The directory of its files.
    #[must_use]
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Now, in milliseconds since the Unix epoch, by the queue's clock.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.clock.millis()
    }

    /// All requests that are kept, the oldest first, however they stand. What is broken is passed over.
    ///
    /// # Errors
    /// [`ConsentError`] where the directory cannot be read, or is not its user's alone.
    pub fn list(&self) -> Result<Vec<Request>, ConsentError> {
        let entries = match fs::read_dir(&self.place) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(ConsentError::io(&self.place)(error)),
        };
        files::check(&self.place)?;
        let mut requests: Vec<_> = entries
            .flatten()
            .filter_map(|entry| match Part::of(entry.file_name().to_str()?)? {
                (id, Part::Request) => self.get(id).ok(),
                _ => None,
            })
            .collect();
        requests.sort_by_key(|request| (request.created, request.id));
        Ok(requests)
    }

    /// The request of this id.
    ///
    /// # Errors
    /// [`ConsentError::Unknown`], or that the directory cannot be used.
    pub fn get(&self, id: Uuid) -> Result<Request, ConsentError> {
        match files::read::<Request>(&self.path(id, Part::Request)) {
            There::Ours(mut request) if request.id == id => {
                request.state = self.state(&request)?;
                Ok(request)
            }
            _ => Err(ConsentError::Unknown(short(id))),
        }
    }

    /// The one request whose id begins with `begin`: of those that wait, else of all.
    ///
    /// # Errors
    /// [`ConsentError::Unknown`], [`ConsentError::Ambiguous`], or that the directory cannot be read.
    pub fn find(&self, begin: &str) -> Result<Request, ConsentError> {
        let wanted = begin.trim().replace('-', "").to_ascii_lowercase();
        let mut all = self.list()?;
        all.retain(|request| !wanted.is_empty() && request.id.simple().to_string().starts_with(&wanted));
        if all.iter().any(|request| request.state == State::Waiting) {
            all.retain(|request| request.state == State::Waiting);
        }
        if all.len() > 1 {
            let ids = all.iter().map(Request::short).collect();
            return Err(ConsentError::Ambiguous { begin: begin.to_owned(), ids });
        }
        all.pop().ok_or_else(|| ConsentError::Unknown(begin.to_owned()))
    }

    /// Puts a question to whoever looks, under this id.
    ///
    /// # Errors
    /// [`ConsentError`] where it cannot be written: then nobody is asked, and nothing may run.
    pub fn ask(&self, id: Uuid, question: Question) -> Result<Request, ConsentError> {
        files::make(&self.place)?;
        self.sweep();
        let waiting = self.list()?.iter().filter(|request| request.state == State::Waiting).count();
        if waiting >= MOST_OPEN {
            return Err(ConsentError::Full(waiting));
        }
        let (created, pid) = (self.now(), std::process::id());
        let expires = created.saturating_add(OPEN);
        let request = Request { id, created, expires, pid, holder: self.holder()?, question, state: State::Waiting };
        if !files::write_new(&self.place, &Part::Request.name(id), &request)? {
            return Err(ConsentError::Broken(short(id)));
        }
        Ok(request)
    }

    /// A person's yes.
    ///
    /// # Errors
    /// [`ConsentError::Over`] where it does not wait any more, or that it cannot be written.
    pub fn allow(&self, id: Uuid, by: &str, how: How) -> Result<Request, ConsentError> {
        self.answer(id, Said::Allowed { by: word(by), how })
    }

    /// A person's no.
    ///
    /// # Errors
    /// As [`Queue::allow`].
    pub fn deny(&self, id: Uuid, by: &str, why: Option<&str>) -> Result<Request, ConsentError> {
        let why = why.map(str::trim).filter(|why| !why.is_empty()).map(word);
        self.answer(id, Said::Denied { by: word(by), why })
    }

    fn answer(&self, id: Uuid, said: Said) -> Result<Request, ConsentError> {
        let request = self.get(id)?;
        if request.state != State::Waiting {
            return Err(over(request));
        }
        if request.question.once && matches!(said, Said::Allowed { how: How::Session, .. }) {
            return Err(ConsentError::OnlyOnce(short(id)));
        }
        let answer = Answer { id, at: self.now(), said };
        let first = files::write_new(&self.place, &Part::Answer.name(id), &answer)?;
        let request = self.get(id)?;
        match request.state {
            State::Waiting => Err(ConsentError::Broken(short(id))),
            _ if first => Ok(request),
            _ => Err(over(request)),
        }
    }

    /// Whoever called has given up: whatever a person says, or has said, nothing runs.
    pub fn abandon(&self, request: &Request) {
        let (id, at) = (request.id, self.now());
        let answer = Answer { id, at, said: Said::Abandoned };
        let given_up = match files::write_new(&self.place, &Part::Answer.name(id), &answer) {
            Ok(false) => {
                files::write_new(&self.place, &Part::End.name(id), &End { id, at, to: Use::Abandoned }).map(drop)
            }
            other => other.map(drop),
        };
        if let Err(error) = given_up {
            // Nobody but this process could use the answer, and it does not.
            tracing::debug!(%error, "a request that was given up still shows");
        }
    }

    /// Uses a yes, before the call runs. Of all that try, one succeeds.
    ///
    /// # Errors
    /// [`ConsentError::Over`] where there is no yes to use, or that it cannot be written: then nothing may run.
    pub fn claim(&self, request: &Request) -> Result<State, ConsentError> {
        let id = request.id;
        let state = self.state(request)?;
        let refused = |state| ConsentError::Over { id: short(id), state };
        if !matches!(state, State::Allowed { .. }) {
            return Err(refused(state));
        }
        let end = End { id, at: self.now(), to: Use::Used };
        if files::write_new(&self.place, &Part::End.name(id), &end)? {
            Ok(state)
        } else {
            Err(refused(self.state(request)?))
        }
    }

    /// Waits for the answer until `until`, in milliseconds since the Unix epoch, and gives how the request stands then.
    ///
    /// # Errors
    /// [`ConsentError`] where the directory cannot be used.
    pub async fn wait(&self, request: &Request, until: u64) -> Result<State, ConsentError> {
        loop {
            let state = self.state(request)?;
            if state != State::Waiting || self.now() >= until {
                return Ok(state);
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// How a request stands, by the files beside it.
    ///
    /// # Errors
    /// [`ConsentError`] where the directory cannot be used.
    pub fn state(&self, request: &Request) -> Result<State, ConsentError> {
        files::check(&self.place)?;
        let (id, now) = (request.id, self.now());
        let answer = match files::read::<Answer>(&self.path(id, Part::Answer)) {
            There::Ours(answer) if answer.id == id && self.fits(request, answer.at) => answer,
            // What cannot be believed is no answer.
            _ => return Ok(self.unanswered(request, now)),
        };
        let at = answer.at;
        let (by, how) = match answer.said {
            Said::Abandoned => return Ok(State::Abandoned),
            Said::Denied { by, why } => return Ok(State::Denied { by, why, at }),
            Said::Allowed { by, how } => (by, how),
        };
        Ok(match files::read::<End>(&self.path(id, Part::End)) {
            There::Ours(End { to: Use::Used, id: of, .. }) if of == id => State::Used { by, how, at },
            There::Ours(_) | There::Strange => State::Abandoned,
            There::Nothing if !holder::lives(&self.place, request.holder) => State::Abandoned,
            There::Nothing if now >= at.saturating_add(OPEN) => State::Expired,
            There::Nothing => State::Allowed { by, how, at },
        })
    }

    /// Whether an answer of that time can be one to this request.
    fn fits(&self, request: &Request, at: u64) -> bool {
        at.saturating_add(SKEW) >= request.created && at < request.expires && at <= self.now().saturating_add(SKEW)
    }

    fn unanswered(&self, request: &Request, now: u64) -> State {
        if !holder::lives(&self.place, request.holder) {
            State::Abandoned
        } else if now >= request.expires {
            State::Expired
        } else {
            State::Waiting
        }
    }

    /// What this process holds while it lives.
    fn holder(&self) -> Result<Uuid, ConsentError> {
        let mut holder = self.holder.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = holder.as_ref().filter(|held| holder::lives(&self.place, held.id)) {
            return Ok(held.id);
        }
        // The first time, or somebody removed the file.
        Ok(holder.insert(Holder::new(&self.place)?).id)
    }

    /// Removes what is over and old, and what others left.
    fn sweep(&self) {
        let (Ok(all), Ok(entries)) = (self.list(), fs::read_dir(&self.place)) else { return };
        let now = self.now();
        let is_over = |request: &&Request| !matches!(request.state, State::Waiting | State::Allowed { .. });
        let over: Vec<_> = all.iter().filter(is_over).collect();
        let too_many = over.len().saturating_sub(MOST_KEPT);
        for (at, request) in over.iter().enumerate() {
            if at < too_many || now >= request.created.saturating_add(KEPT) {
                // The request first: what is left without it is nobody's.
                for part in Part::ALL {
                    let _ = fs::remove_file(self.path(request.id, part));
                }
            }
        }
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if name.ends_with(holder::ENDING) {
                holder::remove_left(&entry.path());
            } else if matches!(Part::of(name), Some((id, Part::Answer | Part::End)) if !self.path(id, Part::Request).exists())
            {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn path(&self, id: Uuid, part: Part) -> PathBuf {
        self.place.join(part.name(id))
    }
}

fn over(request: Request) -> ConsentError {
    ConsentError::Over { id: request.short(), state: request.state }
}

/// What a person wrote, of a length that fits.
fn word(text: &str) -> String {
    text[..text.floor_char_boundary(LONGEST_WORD)].to_owned()
}
