//! How far a call is, told to its client while it lasts.

use std::sync::Arc;

use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::RequestContext;
use rmcp::{Peer, RoleServer};
use tokio::sync::watch;

use crate::mcp::progress::Progress;

/// Who is told how far a call is.
pub(super) type Told = Option<Progress>;

/// Sends on how far a call is, as fast as its client takes it: what comes meanwhile is passed over.
pub(super) struct Teller {
    token: ProgressToken,
    peer: Peer<RoleServer>,
    heard: watch::Receiver<Option<(u64, Option<u64>)>>,
    last: Option<u64>,
}

impl Teller {
    /// Waits for the next figure and sends it. Ends once there can be none any more.
    async fn tell(&mut self) -> bool {
        if self.heard.changed().await.is_err() {
            return false;
        }
        self.tell_last().await;
        true
    }

    /// Sends the newest figure, unless that is done.
    async fn tell_last(&mut self) {
        let Some((done, total)) = *self.heard.borrow_and_update() else { return };
        // The protocol wants each figure to be above the last.
        if self.last.is_some_and(|last| done <= last) {
            return;
        }
        self.last = Some(done);
        let mut params = ProgressNotificationParam::new(self.token.clone(), as_number(done));
        params.total = total.map(as_number);
        // A client that has gone is noticed elsewhere.
        let _ = self.peer.notify_progress(params).await;
    }
}

/// Takes how far a call is, where its client wants to know, and sends it on.
pub(super) fn progress_of(context: &RequestContext<RoleServer>) -> (Told, Option<Teller>) {
    let Some(token) = context.meta.get_progress_token() else { return (None, None) };
    let (said, heard) = watch::channel(None);
    let told = Arc::new(move |done: u64, total: Option<u64>| {
        said.send_replace(Some((done, total)));
    });
    (Some(told), Some(Teller { token, peer: context.peer.clone(), heard, last: None }))
}

/// What comes of a call, while its client hears how far it is; the last figure goes out before the answer.
pub(super) async fn told_meanwhile<T>(call: impl Future<Output = T>, teller: Option<Teller>) -> T {
    let Some(mut teller) = teller else { return call.await };
    let mut call = std::pin::pin!(call);
    let outcome = loop {
        tokio::select! {
            outcome = &mut call => break outcome,
            more = teller.tell() => if !more { break call.await },
        }
    };
    teller.tell_last().await;
    outcome
}

/// As the protocol has its numbers.
#[expect(clippy::cast_precision_loss, reason = "nothing is counted beyond 2^53")]
fn as_number(count: u64) -> f64 {
    count as f64
}
