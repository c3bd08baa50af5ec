//! The sessions of the revisions before 2026-07-28: whose each is, and which of its requests have no answer yet.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rmcp::model::{
    CancelledNotification, CancelledNotificationParam, ClientJsonRpcMessage, ClientNotification, RequestId,
};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::session::{SessionId, SessionManager as _};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::authenticator::Principal;

/// How long a request waits for an earlier one of its id that is about to end: its client may have read the answer before
/// the stream had its end.
const GRACE: Duration = Duration::from_millis(250);

/// The sessions of a listener.
pub(super) struct Sessions {
    manager: Arc<LocalSessionManager>,
    most: usize,
    known: Mutex<Table>,
    settled: Notify,
}

#[derive(Default)]
struct Table {
    sessions: HashMap<SessionId, Known>,
    /// Counts what comes, so that the session that was used longest ago is known.
    turn: u64,
}

struct Known {
    principal: Principal,
    batches: bool,
    used: u64,
    open: HashSet<RequestId>,
}

impl Sessions {
    /// At most so many sessions at a time, kept by `manager`.
    pub(super) fn new(manager: Arc<LocalSessionManager>, most: usize) -> Self {
        Self { manager, most, known: Mutex::default(), settled: Notify::new() }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in a session that began. Where there are too many, the one that was used longest ago ends, one without open
    /// requests first.
    pub(super) async fn begin(&self, id: &str, principal: &Principal, batches: bool) {
        let ended = {
            let mut table = self.table();
            table.turn += 1;
            let known = Known { principal: principal.clone(), batches, used: table.turn, open: HashSet::new() };
            table.sessions.insert(id.into(), known);
            let mut ended = Vec::new();
            while table.sessions.len() > self.most {
                let by_use = |(_, known): &(&SessionId, &Known)| (!known.open.is_empty(), known.used);
                let Some(oldest) = table.sessions.iter().min_by_key(by_use).map(|(id, _)| id.clone()) else { break };
                ended.extend(table.sessions.remove_entry(&oldest));
            }
            ended
        };
        for (id, known) in ended {
            for request in known.open {
                self.cancelled(&id, request, "its session ended for a newer one").await;
            }
            tracing::warn!("an MCP session ended for a newer one: there were more than {}", self.most);
            drop(self.manager.close_session(&id).await);
        }
    }

    /// The session of this id, where it is alive and this principal's; and whether it takes several messages at a time.
    pub(super) async fn enter(&self, id: &str, principal: &Principal) -> Option<(SessionId, bool)> {
        let (id, batches) = {
            let mut table = self.table();
            table.turn += 1;
            let turn = table.turn;
            let (id, _) = table.sessions.get_key_value(id)?;
            let id = id.clone();
            let known = table.sessions.get_mut(&id).filter(|known| known.principal == *principal)?;
            known.used = turn;
            (id, known.batches)
        };
        if self.manager.has_session(&id).await.unwrap_or(false) {
            return Some((id, batches));
        }
        self.end(&id);
        None
    }

    /// Cancels what waits in a session that its client ends: nothing of it runs later.
    pub(super) async fn cancel(&self, id: &SessionId) {
        let open = self.table().sessions.get(id).map(|known| known.open.clone()).unwrap_or_default();
        for request in open {
            self.cancelled(id, request, "its client ended the session").await;
        }
    }

    async fn cancelled(&self, session: &SessionId, request: RequestId, reason: &str) {
        let params = CancelledNotificationParam::new(Some(request), Some(reason.to_owned()));
        let cancelled = ClientNotification::CancelledNotification(CancelledNotification::new(params));
        let sent = self.manager.accept_message(session, ClientJsonRpcMessage::notification(cancelled)).await;
        if let Err(error) = sent {
            tracing::debug!(%error, "a request that nobody waits for had no session any more");
        }
    }

    /// Forgets a session.
    pub(super) fn end(&self, id: &SessionId) {
        self.table().sessions.remove(id);
    }

    /// Takes in a request that is handed over now. `None` where an earlier one of its id has no answer: the library would
    /// give the answer of one to the other, and leave the second waiting.
    pub(super) async fn open(self: &Arc<Self>, session: &SessionId, request: &RequestId) -> Option<OpenRequest> {
        let deadline = Instant::now() + GRACE;
        loop {
            let mut settled = std::pin::pin!(self.settled.notified());
            settled.as_mut().enable();
            if self.table().sessions.get_mut(session)?.open.insert(request.clone()) {
                return Some(OpenRequest {
                    sessions: Arc::clone(self),
                    session: session.clone(),
                    request: request.clone(),
                    over: false,
                });
            }
            timeout_at(deadline, settled).await.ok()?;
        }
    }

    fn close(&self, session: &SessionId, request: &RequestId) {
        if let Some(known) = self.table().sessions.get_mut(session) {
            known.open.remove(request);
        }
        self.settled.notify_waiters();
    }
}

/// A request without an answer. Dropped as such, since its client has gone, it is cancelled.
pub(super) struct OpenRequest {
    sessions: Arc<Sessions>,
    session: SessionId,
    request: RequestId,
    over: bool,
}

impl OpenRequest {
    /// It has its answer.
    pub(super) fn settle(mut self) {
        self.over = true;
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let (sessions, session, request) = (Arc::clone(&self.sessions), self.session.clone(), self.request.clone());
        if self.over {
            sessions.close(&session, &request);
            return;
        }
        // At the end of the process there is nothing left to cancel.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            sessions.cancelled(&session, request.clone(), "its client closed the connection").await;
            sessions.close(&session, &request);
        });
    }
}
