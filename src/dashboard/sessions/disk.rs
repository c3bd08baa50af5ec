//! What a data directory takes on the disk.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::emulator::place::DATABASE;
use crate::journal::DIRECTORY;

/// How long what was found counts at least.
const FRESH: Duration = Duration::from_secs(5);
/// How many times as long as it took to find it: `blobs/` may hold a million files.
const SHARE: u32 = 20;

/// Sizes by name.
pub(super) type Sizes = Vec<(&'static str, u64)>;

/// Sizes as they were found last.
#[derive(Debug, Default)]
pub(super) struct Disk {
    known: Option<(PathBuf, Sizes)>,
    fresh_until: Option<Instant>,
}

impl Disk {
    /// Bytes of the database, of bodies and of the journal in `directory`; what is not there is left out.
    pub(super) fn look(&mut self, directory: &Path) -> Sizes {
        let began = Instant::now();
        if let Some((known, sizes)) = &self.known
            && known == directory
            && self.fresh_until.is_some_and(|until| began < until)
        {
            return sizes.clone();
        }
        let sizes = sizes(directory);
        self.fresh_until = Some(began + FRESH.max(began.elapsed() * SHARE));
        self.known = Some((directory.to_owned(), sizes.clone()));
        sizes
    }
}

fn sizes(directory: &Path) -> Sizes {
    let journal = directory.join(DIRECTORY);
    // A journal in a temporary directory is all that there is.
    let journal = if journal.is_dir() { journal } else { directory.to_owned() };
    let is_record = |name: &str| name.ends_with(".ndjson");
    [
        ("database", std::fs::metadata(directory.join(DATABASE)).ok().map(|file| file.len())),
        ("bodies", files(&directory.join("blobs"), |_| true)),
        ("quarantine", files(&directory.join("quarantine"), |_| true)),
        ("journal", files(&journal, is_record)),
    ]
    .into_iter()
    .filter_map(|(name, bytes)| Some((name, bytes?)))
    .collect()
}

/// Bytes of the files below `directory` whose names are wanted; `None` where there is no such directory.
fn files(directory: &Path, wanted: impl Fn(&str) -> bool) -> Option<u64> {
    directory.is_dir().then(|| {
        let entries = walkdir::WalkDir::new(directory).into_iter().flatten();
        let files = entries.filter(|entry| entry.file_type().is_file() && wanted(&entry.file_name().to_string_lossy()));
        files.filter_map(|entry| Some(entry.metadata().ok()?.len())).sum()
    })
}
