//! Records what other clients do at the endpoint.

use std::sync::Arc;

use super::Recorder;
use super::item::{Began, Item};
use crate::emulator::heard::Heard;
use crate::emulator::observer::{CallEnd, CallStart, Observer};

/// Records each call that the emulator reports. A local call is served even where it cannot be recorded; the journal and
/// the log then say so.
#[derive(Debug)]
pub struct EndpointObserver(Recorder);

impl EndpointObserver {
    /// Records with `recorder`.
    #[must_use]
    pub fn new(recorder: Recorder) -> Self {
        Self(recorder)
    }
}

impl Observer for EndpointObserver {
    fn keeps(&self) -> Option<usize> {
        let policy = self.0.local_policy();
        Some(if policy.has_bodies() { policy.looks_at() } else { 0 })
    }

    fn started(&self, call: &Arc<CallStart>, body: Heard) -> bool {
        self.0.push(Item::Began(Began { call: Arc::clone(call), body }))
    }

    fn finished(&self, call: &Arc<CallStart>, end: CallEnd) {
        self.0.push(Item::Ended(Arc::clone(call), Box::new(end)));
    }
}
