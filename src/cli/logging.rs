//! Logs: standard error, and for long-running commands a file as well; never standard output, which is the protocol.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::Context as _;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::OptionalWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use super::log_file::DailyFile;

/// The running logs.
#[derive(Debug, Clone, Default)]
pub(super) struct Logging {
    file: LogFile,
    quiet: Arc<AtomicBool>,
}

impl Logging {
    /// Logs what `filter` passes to standard error. Where the process has a subscriber already, that one stays.
    pub(super) fn start(filter: &str) -> anyhow::Result<Self> {
        let parse = || EnvFilter::try_new(filter).with_context(|| format!("`{filter}` is not a log filter"));
        let logging = Self::default();
        let quiet = Arc::clone(&logging.quiet);
        let screen = move || {
            if quiet.load(Ordering::Relaxed) { OptionalWriter::none() } else { OptionalWriter::some(io::stderr()) }
        };
        let stderr = fmt::layer().with_writer(screen).with_ansi(io::stderr().is_terminal()).without_time();
        let file = fmt::layer().with_writer(logging.file.clone()).with_ansi(false);
        let registry =
            tracing_subscriber::registry().with(stderr.with_filter(parse()?)).with(file.with_filter(parse()?));
        drop(registry.try_init());
        Ok(logging)
    }

    /// Whether standard error is left alone: it may be the screen that something else is drawn on.
    pub(super) fn quiet(&self, quiet: bool) {
        self.quiet.store(quiet && io::stderr().is_terminal(), Ordering::Relaxed);
    }

    /// Logs to `path` as well; a new file each day, the old ones beside it with their date.
    pub(super) fn also_to(&self, path: &Path) -> anyhow::Result<()> {
        let file = DailyFile::open(path).with_context(|| format!("cannot log to {}", path.display()))?;
        drop(self.file.0.set(Mutex::new(file)));
        Ok(())
    }
}

/// A file that may be opened later; until then it swallows.
#[derive(Debug, Clone, Default)]
struct LogFile(Arc<OnceLock<Mutex<DailyFile>>>);

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = Box<dyn Write + 'a>;

    fn make_writer(&'a self) -> Self::Writer {
        match self.0.get() {
            Some(file) => Box::new(Locked(file.lock().unwrap_or_else(PoisonError::into_inner))),
            None => Box::new(io::sink()),
        }
    }
}

/// The file, for one record.
struct Locked<'a>(MutexGuard<'a, DailyFile>);

impl Write for Locked<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
