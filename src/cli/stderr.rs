//! Standard error for a process that must not wait for whoever reads it.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Bytes that may wait to be read. A line that would make it more is left out, and counted.
const WAITING: usize = 256 << 10;
/// How long the end waits for what is still to be written.
const PATIENCE: Duration = Duration::from_millis(300);

/// Writes lines in a thread of its own. Somebody who reads slowly or not at all keeps nobody else from going on.
#[derive(Debug)]
pub(super) struct Beside(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<u8>,
    /// Lines that there was no room for.
    left_out: u64,
    /// Whether something is on its way out.
    busy: bool,
    over: bool,
}

impl Beside {
    /// Begins to write to standard error.
    pub(super) fn start() -> io::Result<Self> {
        Self::to(io::stderr())
    }

    fn to(sink: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let written = Arc::clone(&shared);
        thread::Builder::new().name("standard-error".to_owned()).spawn(move || written.write(sink))?;
        Ok(Self(shared))
    }

    /// Hands whole lines over. Does not wait.
    pub(super) fn lines(&self, lines: &[u8]) {
        let mut state = self.0.lock();
        let was_idle = state.waiting.is_empty();
        if state.waiting.len() + lines.len() > WAITING {
            state.left_out += 1;
            return;
        }
        state.waiting.extend_from_slice(lines);
        drop(state);
        if was_idle {
            self.0.changed.notify_all();
        }
    }

    /// Returns once what was handed over is written, or nobody reads it in a moment.
    pub(super) fn flush(&self) {
        let unwritten = |state: &mut State| state.busy || !state.waiting.is_empty();
        drop(self.0.changed.wait_timeout_while(self.0.lock(), PATIENCE, unwritten));
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.0.lock().over = true;
        self.0.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, mut sink: impl Write) {
        // Once the reader has gone there is nobody to write for, and still somebody to take from.
        let (mut chunk, mut gone) = (Vec::new(), false);
        loop {
            let idle = |state: &mut State| state.waiting.is_empty() && !state.over;
            let mut state = self.changed.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
            if state.waiting.is_empty() {
                return;
            }
            chunk.clear();
            std::mem::swap(&mut state.waiting, &mut chunk);
            let left_out = std::mem::take(&mut state.left_out);
            state.busy = true;
            drop(state);
            if left_out > 0 {
                chunk.extend_from_slice(format!("footbridge: {left_out} lines more, not read in time\n").as_bytes());
            }
            gone = gone || sink.write_all(&chunk).is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
            self.lock().busy = false;
            self.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Takes a chunk only when it is let to, and hands it on.
    struct Slow {
        taken: Sender<Vec<u8>>,
        asked: Sender<()>,
        let_go: Receiver<()>,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.asked.send(());
            let _ = self.let_go.recv();
            let _ = self.taken.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Broken(Sender<()>);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            let _ = self.0.send(());
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_does_not_read_holds_nobody_up_and_is_told_what_it_missed() {
        let ((taken, chunks), (asked, is_asked), (let_go, held)) = (channel(), channel(), channel());
        let beside = Beside::to(Slow { taken, asked, let_go: held }).unwrap();
        beside.lines(b"first\n");
        is_asked.recv().unwrap();
        let line = [&[b'x'; 1023][..], b"\n"].concat();
        for _ in 0..WAITING / 1024 + 7 {
            beside.lines(&line);
        }
        drop(let_go);
        assert_eq!(chunks.recv().unwrap(), b"first\n");
        let then = String::from_utf8(chunks.recv().unwrap()).unwrap();
        assert_eq!(then.len() - then.trim_start_matches(['x', '\n']).len(), WAITING);
        assert!(then.ends_with("\nfootbridge: 7 lines more, not read in time\n"), "{then}");
    }

    #[test]
    fn a_reader_that_has_gone_is_written_to_once_and_is_no_error() {
        let (tell, told) = channel();
        let beside = Beside::to(Broken(tell)).unwrap();
        for _ in 0..3 {
            beside.lines(b"x\n");
            beside.flush();
        }
        drop(beside);
        assert_eq!(told.iter().count(), 1);
    }
}
