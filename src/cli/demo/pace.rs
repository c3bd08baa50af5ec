//! How fast the demo goes: as fast as a person reads, where one looks on; else as fast as it can.

use std::io::{IsTerminal as _, Read as _, stdin};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

/// Before the first call of a scene.
const SCENE: Duration = Duration::from_millis(1200);
/// Between what was asked and what came.
const QUESTION: Duration = Duration::from_millis(300);
/// After what came.
const ANSWER: Duration = Duration::from_millis(400);

/// How fast the demo goes.
pub(super) struct Pace {
    /// `None` where nobody looks on.
    skip: Option<Arc<Notify>>,
    keys: Option<Keys>,
}

impl Pace {
    /// No pauses.
    pub(super) fn fast() -> Self {
        Self { skip: None, keys: None }
    }

    /// Pauses for a person who looks on.
    pub(super) fn slow() -> Self {
        Self { skip: Some(Arc::new(Notify::new())), keys: None }
    }

    /// Pauses that any key of this process's terminal ends.
    pub(super) fn of_terminal() -> Self {
        let skip = Arc::new(Notify::new());
        let keys = Keys::take(&skip);
        Self { skip: Some(skip), keys }
    }

    /// Whether a key goes on at once.
    pub(super) fn hears_keys(&self) -> bool {
        self.keys.is_some()
    }

    pub(super) async fn scene(&self) {
        self.pause(SCENE).await;
    }

    pub(super) async fn question(&self) {
        self.pause(QUESTION).await;
    }

    pub(super) async fn answer(&self) {
        self.pause(ANSWER).await;
    }

    async fn pause(&self, pause: Duration) {
        if let Some(skip) = &self.skip {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = skip.notified() => {}
            }
        }
    }
}

/// The terminal while it gives each key at once and does not show it. Signals of keys, such as Ctrl-C's, stay. Dropping it
/// gives the terminal back as it was.
struct Keys {
    #[cfg(unix)]
    before: rustix::termios::Termios,
}

impl Keys {
    /// `None` where standard input is no terminal, or not this process's to read just now.
    fn take(skip: &Arc<Notify>) -> Option<Self> {
        if !stdin().is_terminal() {
            return None;
        }
        let keys = Self::begin()?;
        let skip = Arc::clone(skip);
        // It ends with the process: a read cannot be called off.
        let read = move || {
            let mut byte = [0; 64];
            while stdin().read(&mut byte).is_ok_and(|read| read > 0) {
                skip.notify_waiters();
            }
        };
        std::thread::Builder::new().name("demo-keys".to_owned()).spawn(read).ok()?;
        Some(keys)
    }

    #[cfg(unix)]
    fn begin() -> Option<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcgetpgrp, tcsetattr};
        let stdin = stdin();
        // A job in the background would be stopped for touching the terminal.
        if tcgetpgrp(&stdin).ok()? != rustix::process::getpgrp() {
            return None;
        }
        let before = tcgetattr(&stdin).ok()?;
        let mut now = before.clone();
        now.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
        tcsetattr(&stdin, OptionalActions::Now, &now).ok()?;
        Some(Self { before })
    }

    /// Elsewhere the terminal gives whole lines: it is the Enter key that goes on.
    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
    fn begin() -> Option<Self> {
        Some(Self {})
    }
}

#[cfg(unix)]
impl Drop for Keys {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // What was typed and not read is nobody's input.
        let _ = tcsetattr(stdin(), OptionalActions::Flush, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_key_ends_a_pause_and_without_a_person_there_is_none() {
        let pace = Pace::slow();
        let mut scene = Box::pin(pace.scene());
        assert!(scene.as_mut().now_or_never().is_none());
        pace.skip.as_ref().unwrap().notify_waiters();
        assert!(scene.now_or_never().is_some());
        assert!(Pace::fast().scene().now_or_never().is_some());
    }
}
