//! Logs: standard error, and for long-running commands a file as well; never standard output, which is the protocol.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::Context as _;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, reload};

use super::log_file::DailyFile;
use super::stderr::Beside;
use crate::backend::check_place;
use crate::config::Settings;

/// The running logs.
#[derive(Debug, Clone, Default)]
pub(super) struct Logging {
    file: LogFile,
    screen: Screen,
    filters: Filters,
}

impl Logging {
    /// Logs what `filter` passes to standard error. Where the process has a subscriber already, that one stays.
    pub(super) fn start(filter: &str) -> anyhow::Result<Self> {
        let mut logging = Self::default();
        let (on_screen, screen_filter) = reload::Layer::new(parse(filter)?);
        let (in_file, file_filter) = reload::Layer::new(parse(filter)?);
        let screen = logging.screen.clone();
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
        self.screen.0.quiet.store(quiet && io::stderr().is_terminal(), Ordering::Relaxed);
    }

    /// Lets standard error be written beside the work, from now on: for commands that serve others, whom somebody who
    /// does not read it must not hold up.
    pub(super) fn beside(&self) -> io::Result<Arc<Beside>> {
        if self.screen.0.beside.get().is_none() {
            drop(self.screen.0.beside.set(Arc::new(Beside::start()?)));
        }
        self.screen.0.beside.get().map(Arc::clone).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Logs to the file that `settings` name as well, or to the one in the data directory; in memory there is none.
    pub(super) fn to_file_of(&self, settings: &Settings) -> anyhow::Result<()> {
        match &settings.log_file {
            Some(file) => self.also_to(&file.value),
            None if settings.ephemeral.value => Ok(()),
            None => {
                check_place(settings)?;
                self.also_to(&settings.default_log_file())
            }
        }
    }

    /// Logs to `path` as well; a new file each day, the old ones beside it with their date. Once that works, it stays so.
    fn also_to(&self, path: &Path) -> anyhow::Result<()> {
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

/// Standard error, as logs reach it.
#[derive(Debug, Clone, Default)]
struct Screen(Arc<OnScreen>);

#[derive(Debug, Default)]
struct OnScreen {
    quiet: AtomicBool,
    beside: OnceLock<Arc<Beside>>,
}

impl<'a> MakeWriter<'a> for Screen {
    type Writer = ScreenWriter<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        ScreenWriter(&self.0)
    }
}

/// Takes a record in one piece. That nobody can read it is no error: there is nobody to tell.
struct ScreenWriter<'a>(&'a OnScreen);

impl Write for ScreenWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.0.quiet.load(Ordering::Relaxed) {
            match self.0.beside.get() {
                Some(beside) => beside.lines(bytes),
                None => drop(io::stderr().write_all(bytes)),
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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
