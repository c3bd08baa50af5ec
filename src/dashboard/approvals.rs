//! The calls that wait for a person, in the queues of a data directory: as they come and go, and a person's answers to them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use footbridge_tui::Update;
use footbridge_tui::ask::{Answer, Trouble};
use footbridge_tui::request::{Decision, Name, Request, Standing, Yes};

use super::data::ours;
use crate::clock::Clock;
use crate::consent::{self, ConsentError, How, Queue, State};

/// A directory may have changed again within its clock's step after it was read.
const STEP: Duration = Duration::from_millis(100);

/// How many that are over are shown of each queue.
const MOST_OVER: usize = 100;

/// The queues of a data directory and of its stores. A clone is the same.
#[derive(Debug, Clone)]
pub struct Approvals(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    directory: PathBuf,
    /// The directory of named stores, where theirs are watched as well.
    stores: Option<PathBuf>,
    /// Who answers, for the record and for the agent.
    by: String,
    clock: Arc<dyn Clock>,
    /// Each by its directory, at the number that it has for the dashboard.
    queues: Mutex<Vec<(PathBuf, Queue)>>,
}

impl Approvals {
    /// The queue of `directory` and those of `stores`, in which `by` answers.
    #[must_use]
    pub fn of(directory: PathBuf, stores: Option<PathBuf>, by: String, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { directory, stores, by, clock, queues: Mutex::default() }))
    }

    /// The queues that there are, by their numbers; where `anew`, new stores are looked for.
    fn queues(&self, anew: bool) -> Vec<Queue> {
        let mut queues = self.0.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if anew || queues.is_empty() {
            let stores = self.0.stores.as_deref().map(below).unwrap_or_default();
            for directory in std::iter::once(self.0.directory.clone()).chain(stores) {
                if !queues.iter().any(|(known, _)| *known == directory) {
                    let queue = Queue::open(&directory, Arc::clone(&self.0.clock));
                    queues.push((directory, queue));
                }
            }
        }
        queues.iter().map(|(_, queue)| queue.clone()).collect()
    }

    /// Puts a person's answer in the queue.
    pub(super) fn decide(&self, request: &Name, decision: &Decision) -> Result<Answer, Trouble> {
        let queues = self.queues(false);
        let queue = usize::try_from(request.queue).ok().and_then(|number| queues.get(number));
        let (Some(queue), Ok(id)) = (queue, request.id.parse()) else {
            return Err(ours("not_known", "there is no such request"));
        };
        let by = &self.0.by;
        let (said, answered) = match decision {
            Decision::Once => ("Allowed, once", queue.allow(id, by, How::Once)),
            Decision::Session => ("Allowed for its session", queue.allow(id, by, How::Session)),
            Decision::Deny(why) => ("Denied", queue.deny(id, by, Some(why))),
        };
        let code = |error: &ConsentError| match error {
            ConsentError::Over { .. } => "over",
            ConsentError::Unknown(_) | ConsentError::Ambiguous { .. } => "not_known",
            _ => "io",
        };
        match answered {
            Ok(request) => {
                let asked = request.question;
                Ok(Answer::Done(format!("{said}: {} on {}", asked.tool, asked.target)))
            }
            Err(error) => Err(ours(code(&error), error.to_string())),
        }
    }
}

/// The directories below one, by name. No such directory has none.
fn below(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort_unstable();
    found
}

/// What was read of the queues, so that they are read again only where something has changed.
#[derive(Debug)]
pub(super) struct Watch {
    approvals: Approvals,
    read: BTreeMap<usize, Read>,
    told: Option<Vec<Request>>,
    trouble: Option<String>,
}

#[derive(Debug)]
struct Read {
    /// When the queue's directory was changed last, before it was read.
    changed: Option<SystemTime>,
    /// Whether that was just before it was read.
    at_once: bool,
    /// Whether something in it changes as time goes by, or with the end of a process.
    moves: bool,
    requests: Vec<Request>,
}

impl Watch {
    pub(super) fn new(approvals: Approvals) -> Self {
        Self { approvals, read: BTreeMap::new(), told: None, trouble: None }
    }

    /// The requests, where they are others than was told last. `due` says that it is time to look at what changes without a
    /// trace in its directory: time that goes by, processes that end.
    pub(super) fn news(&mut self, due: bool) -> Vec<Update> {
        let (mut updates, mut anew) = (Vec::new(), false);
        for (number, queue) in self.approvals.queues(due).into_iter().enumerate() {
            let changed = std::fs::symlink_metadata(queue.place()).and_then(|there| there.modified()).ok();
            if let Some(read) = self.read.get(&number)
                && read.changed == changed
                && !read.at_once
                && !(due && read.moves)
            {
                continue;
            }
            let requests = match queue.list() {
                Ok(requests) => {
                    self.trouble = None;
                    requests
                }
                Err(error) => {
                    // The same trouble is told once.
                    let text = error.to_string();
                    if self.trouble.as_ref() != Some(&text) {
                        updates.push(Update::Notice(text.clone()));
                        self.trouble = Some(text);
                    }
                    Vec::new()
                }
            };
            let read = Read {
                changed,
                at_once: changed.is_some_and(|changed| {
                    let since = SystemTime::now().duration_since(changed);
                    since.unwrap_or_else(|early| early.duration()) < STEP
                }),
                moves: requests.iter().any(|request| matches!(request.state, State::Waiting | State::Allowed { .. })),
                requests: shown(number, requests),
            };
            self.read.insert(number, read);
            anew = true;
        }
        if anew {
            let all: Vec<Request> = self.read.values().flat_map(|read| read.requests.iter().cloned()).collect();
            if self.told.as_ref().unwrap_or(&Vec::new()) != &all {
                updates.push(Update::Requests(all.clone()));
            } else if self.told.is_none() {
                // What comes from now on is new.
                updates.push(Update::Requests(Vec::new()));
            }
            self.told = Some(all);
        }
        updates
    }
}

/// The requests of a queue for the dashboard: all that can still run, and the latest of the others.
fn shown(number: usize, requests: Vec<consent::Request>) -> Vec<Request> {
    let is_over = |request: &consent::Request| !matches!(request.state, State::Waiting | State::Allowed { .. });
    let mut surplus = requests.iter().filter(|request| is_over(request)).count().saturating_sub(MOST_OVER);
    let kept = requests.into_iter().filter(|request| {
        let dropped = surplus > 0 && is_over(request);
        surplus -= usize::from(dropped);
        !dropped
    });
    kept.map(|request| one(number, request)).collect()
}

fn one(number: usize, request: consent::Request) -> Request {
    let consent::Request { id, created, expires, pid, question, state, .. } = request;
    let yes = |by, how, at| Yes { by, session: how == How::Session, at };
    Request {
        name: Name { queue: u32::try_from(number).unwrap_or(u32::MAX), id: id.to_string() },
        created,
        expires,
        caller: question.caller,
        session: question.session.to_string(),
        pid,
        tool: question.tool,
        target: question.target,
        far: question.far,
        far_side: question.far_side,
        resources: question.resources,
        effect: question.effect,
        impact: question.impact,
        arguments: question.arguments,
        old: question.old,
        new: question.new,
        standing: match state {
            State::Waiting => Standing::Waiting,
            State::Allowed { by, how, at } => Standing::Allowed(yes(by, how, at)),
            State::Used { by, how, at } => Standing::Used(yes(by, how, at)),
            State::Denied { by, why, at } => Standing::Denied { by, why: why.unwrap_or_default(), at },
            State::Abandoned => Standing::Abandoned,
            State::Expired => Standing::Expired,
        },
    }
}

#[cfg(test)]
mod tests;
