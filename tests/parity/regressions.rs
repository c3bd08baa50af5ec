//! Histories that once showed a fault, as files: `regressions/*.json`.

use std::path::Path;

use serde::Deserialize;

use crate::call::{Call, Service};

/// A history that once showed a fault.
#[derive(Debug, Deserialize)]
pub struct Regression {
    /// What was wrong.
    pub was: String,
    pub history: Vec<Call>,
}

/// Those of a service, by the names of their files.
pub fn all(service: Service) -> Vec<Regression> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/regressions");
    let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let read = |path: &std::path::PathBuf| -> Regression {
        serde_json::from_slice(&std::fs::read(path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    files.iter().map(read).filter(|known| known.history.iter().all(|call| call.service == service)).collect()
}
