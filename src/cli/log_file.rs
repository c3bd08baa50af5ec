//! The log file: one a day, readable by its user alone.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aws_smithy_types::date_time::{DateTime, Format};

use crate::private;

/// How many days of logs are kept.
const DAYS: usize = 7;

/// A log file, and those of the days before beside it.
#[derive(Debug)]
pub(super) struct DailyFile {
    directory: PathBuf,
    stem: String,
    suffix: String,
    day: String,
    file: File,
}

impl DailyFile {
    /// Opens today's file of `path`: `logs/name.log` is written to `logs/name.2026-11-22.log`.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let no_name = || io::Error::new(io::ErrorKind::InvalidInput, "this names no file");
        let directory = path.parent().ok_or_else(no_name)?.to_owned();
        let stem = format!("{}.", path.file_stem().ok_or_else(no_name)?.to_string_lossy());
        let suffix = path.extension().map_or_else(|| "log".into(), |suffix| suffix.to_string_lossy());
        let suffix = format!(".{suffix}");
        // It may become the data directory, or be the working directory.
        private::make_directory(&directory)?;
        let day = today();
        let file = open(&directory.join(format!("{stem}{day}{suffix}")))?;
        let this = Self { directory, stem, suffix, day, file };
        this.prune();
        Ok(this)
    }

    fn turn(&mut self) -> io::Result<()> {
        let today = today();
        if today != self.day {
            self.file = open(&self.directory.join(format!("{}{today}{}", self.stem, self.suffix)))?;
            self.day = today;
            self.prune();
        }
        Ok(())
    }

    /// Removes all but the newest. Their names sort as their days do; nothing else bears such a name.
    fn prune(&self) {
        let Ok(entries) = self.directory.read_dir() else { return };
        let is_ours = |name: &String| {
            let day = name.strip_prefix(&self.stem).and_then(|rest| rest.strip_suffix(&self.suffix));
            day.is_some_and(is_day)
        };
        let mut names: Vec<_> =
            entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).filter(is_ours).collect();
        names.sort_unstable();
        for old in names.iter().rev().skip(DAYS) {
            // What cannot be removed is tried again tomorrow.
            let _ = std::fs::remove_file(self.directory.join(old));
        }
    }
}

impl Write for DailyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.turn()?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The day in UTC, such as `2026-11-22`.
fn today() -> String {
    let now = DateTime::from(SystemTime::now()).fmt(Format::DateTime).unwrap_or_default();
    now.split_once('T').map_or_else(String::new, |(day, _)| day.to_owned())
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() })
}

fn open(path: &Path) -> io::Result<File> {
    let file = private::options().append(true).create(true).open(path)?;
    private::file(path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_private_and_a_week_of_them_is_kept() {
        let place = tempfile::tempdir().unwrap();
        for day in 1..=9 {
            std::fs::write(place.path().join(format!("a.2020-01-0{day}.log")), "old").unwrap();
        }
        std::fs::write(place.path().join("a.mine.log"), "").unwrap();
        let mut log = DailyFile::open(&place.path().join("a.log")).unwrap();
        log.write_all(b"said\n").unwrap();
        let mut names: Vec<_> =
            place.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        assert_eq!((names.len(), names[0].as_str(), names[7].as_str()), (8, "a.2020-01-04.log", "a.mine.log"));
        let today = place.path().join(&names[6]);
        assert_eq!(std::fs::read(&today).unwrap(), b"said\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&today).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
