//! Logs: standard error, and for long-running commands a file as well; never standard output, which is the protocol.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::Context as _;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::fmt::writer::OptionalWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, reload};

use super::log_file::DailyFile;

/// The running logs.
#[derive(Debug, Clone, Default)]
pub(super) struct Logging {
    file: LogFile,
    quiet: Arc<AtomicBool>,
    filters: Filters,
}

impl Logging {
    /// Logs what `filter` passes to standard error. Where the process has a subscriber already, that one stays.
    pub(super) fn start(filter: &str) -> anyhow::Result<Self> {
        let mut logging = Self::default();
        let (on_screen, screen_filter) = reload::Layer::new(parse(filter)?);
        let (in_file, file_filter) = reload::Layer::new(parse(filter)?);
        let quiet = Arc::clone(&logging.quiet);
        let screen = move || {
            if quiet.load(Ordering::Relaxed) { OptionalWriter::none() } else { OptionalWriter::some(io::stderr()) }
        };
        let stderr = layer().with_writer(screen).with_ansi(io::stderr().is_terminal()).without_time();
        let file = layer().with_writer(logging.file.clone()).with_ansi(false);
        let registry =
            tracing_subscriber::registry().with(stderr.with_filter(on_screen)).with(file.with_filter(in_file));
        if registry.try_init().is_ok() {
            logging.filters = Filters(Some(Arc::new(move |filter| {
                screen_filter.reload(parse(filter)?)?;
                file_filter.reload(parse(filter)?)?;
                Ok(())
            })));
        }
        Ok(logging)
    }

    /// Logs what `filter` passes from now on.
    pub(super) fn filter(&self, filter: &str) -> anyhow::Result<()> {
        self.filters.0.as_ref().map_or(Ok(()), |change| change(filter))
    }

    /// Whether standard error is left alone: it may be the screen that something else is drawn on.
    pub(super) fn quiet(&self, quiet: bool) {
        self.quiet.store(quiet && io::stderr().is_terminal(), Ordering::Relaxed);
    }

    /// Logs to `path` as well; a new file each day, the old ones beside it with their date. Once that works, it stays so.
    pub(super) fn also_to(&self, path: &Path) -> anyhow::Result<()> {
        if self.file.0.get().is_some() {
            return Ok(());
        }
        let file = DailyFile::open(path).with_context(|| format!("cannot log to {}", path.display()))?;
        drop(self.file.0.set(Mutex::new(file)));
        Ok(())
    }
}

fn parse(filter: &str) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(filter).with_context(|| format!("`{filter}` is not a log filter"))
}

/// Changes what is logged, where the process logs through us.
#[derive(Clone, Default)]
struct Filters(Option<Arc<Change>>);

type Change = dyn Fn(&str) -> anyhow::Result<()> + Send + Sync;

impl fmt::Debug for Filters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filters").finish_non_exhaustive()
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
