//! What a run made, on disk before it is made: whoever comes after a killed run finds there what to take away.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// A table or a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Thing {
    Table(String),
    Bucket(String),
}

impl Thing {
    pub fn name(&self) -> &str {
        match self {
            Self::Table(name) | Self::Bucket(name) => name,
        }
    }
}

impl std::fmt::Display for Thing {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Table(name) => write!(out, "table {name}"),
            Self::Bucket(name) => write!(out, "bucket {name}"),
        }
    }
}

/// What is known of a thing, with times in milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It was not there, and its creation is about to be sent.
    Wanted { at: i64 },
    /// Its creation was answered. A table has an id that no other ever has.
    Made { wanted: i64, at: i64, id: Option<String> },
    /// It was there before, or somebody else made it.
    Foreign,
    /// It was deleted.
    Gone,
}

/// The first line of a ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Eight characters.
    pub id: String,
    /// What all of its names begin with.
    pub prefix: String,
    pub account: String,
    pub region: String,
    /// The endpoint that was chosen in AWS's place.
    pub custom: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    thing: Thing,
    state: State,
}

/// The ledger of one run. It is locked as long as the run lives.
#[derive(Debug)]
pub struct Ledger {
    pub run: Run,
    path: PathBuf,
    file: Mutex<File>,
    things: Mutex<BTreeMap<Thing, State>>,
}

impl Ledger {
    /// Where ledgers are: `FOOTBRIDGE_PARITY_LEDGER`, or a directory of the build.
    pub fn directory() -> PathBuf {
        std::env::var_os("FOOTBRIDGE_PARITY_LEDGER")
            .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity-ledger"), PathBuf::from)
    }

    pub fn begin(directory: &Path, run: Run) -> std::io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        let path = directory.join(format!("{}.ledger", run.id));
        let mut options = OpenOptions::new();
        options.append(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        file.lock()?;
        writeln!(file, "{}", serde_json::to_string(&run)?)?;
        file.sync_all()?;
        // The name of a file is durable with its directory.
        #[cfg(unix)]
        File::open(directory)?.sync_all()?;
        Ok(Self { run, path, file: Mutex::new(file), things: Mutex::default() })
    }

    /// The ledgers that runs left behind. One whose run still lives is not among them.
    pub fn left(directory: &Path) -> std::io::Result<Vec<Self>> {
        let mut left = Vec::new();
        let entries = match std::fs::read_dir(directory) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(left),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_none_or(|ending| ending != "ledger") {
                continue;
            }
            let file = OpenOptions::new().read(true).append(true).open(&path)?;
            if file.try_lock().is_err() {
                continue;
            }
            let mut lines = BufReader::new(&file).lines();
            let Some(run) = lines.next().transpose()?.and_then(|line| serde_json::from_str::<Run>(&line).ok()) else {
                // Killed before its first line was whole: nothing was sent before that.
                std::fs::remove_file(&path)?;
                continue;
            };
            // A last line that is not whole was not followed by anything either.
            let known = lines.map_while(Result::ok).map_while(|line| serde_json::from_str::<Line>(&line).ok());
            let things = Mutex::new(known.map(|line| (line.thing, line.state)).collect());
            left.push(Self { run, path, file: Mutex::new(file), things });
        }
        Ok(left)
    }

    pub fn state(&self, thing: &Thing) -> Option<State> {
        self.things.lock().unwrap_or_else(PoisonError::into_inner).get(thing).cloned()
    }

    /// Writes what is known of a thing, durably, before it returns.
    pub fn set(&self, thing: &Thing, state: State) -> std::io::Result<()> {
        let line = Line { thing: thing.clone(), state: state.clone() };
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(file, "{}", serde_json::to_string(&line)?)?;
        file.sync_data()?;
        self.things.lock().unwrap_or_else(PoisonError::into_inner).insert(thing.clone(), state);
        Ok(())
    }

    /// What may still be there of what this run made.
    pub fn there(&self) -> Vec<(Thing, State)> {
        let things = self.things.lock().unwrap_or_else(PoisonError::into_inner);
        let there = things.iter().filter(|(_, state)| matches!(state, State::Wanted { .. } | State::Made { .. }));
        there.map(|(thing, state)| (thing.clone(), state.clone())).collect()
    }

    /// Forgets the run: nothing of it is left.
    pub fn end(&self) -> std::io::Result<()> {
        std::fs::remove_file(&self.path)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}
