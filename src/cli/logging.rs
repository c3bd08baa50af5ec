//! Logs: standard error, and for long-running commands a file as well; never standard output, which is the protocol.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// How many days of logs are kept.
const DAYS: usize = 7;

/// The running logs.
#[derive(Debug, Clone, Default)]
pub(super) struct Logging {
    file: LogFile,
}

impl Logging {
    /// Logs what `filter` passes to standard error. Where the process has a subscriber already, that one stays.
    pub(super) fn start(filter: &str) -> anyhow::Result<Self> {
        let parse = || EnvFilter::try_new(filter).with_context(|| format!("`{filter}` is not a log filter"));
        let logging = Self::default();
        let stderr = fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal()).without_time();
        let file = fmt::layer().with_writer(logging.file.clone()).with_ansi(false);
        let registry =
            tracing_subscriber::registry().with(stderr.with_filter(parse()?)).with(file.with_filter(parse()?));
        drop(registry.try_init());
        Ok(logging)
    }

    /// Logs to `path` as well; a new file each day, the old ones beside it with their date.
    pub(super) fn also_to(&self, path: &Path) -> anyhow::Result<()> {
        let failed = || format!("cannot log to {}", path.display());
        let directory = path.parent().with_context(failed)?;
        let stem = path.file_stem().with_context(failed)?.to_string_lossy();
        let suffix = path.extension().map_or_else(|| "log".into(), |suffix| suffix.to_string_lossy());
        make_private(directory).with_context(failed)?;
        let appender = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix(stem)
            .filename_suffix(suffix)
            .max_log_files(DAYS)
            .build(directory)
            .with_context(failed)?;
        drop(self.file.0.set(appender));
        Ok(())
    }
}

/// Makes a directory that its user alone may enter: it may become the data directory.
fn make_private(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// A file that may be opened later; until then it swallows.
#[derive(Debug, Clone, Default)]
struct LogFile(Arc<OnceLock<RollingFileAppender>>);

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = Box<dyn Write + 'a>;

    fn make_writer(&'a self) -> Self::Writer {
        match self.0.get() {
            Some(appender) => Box::new(appender.make_writer()),
            None => Box::new(io::sink()),
        }
    }
}
