//! The source files of a project.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use walkdir::{DirEntry, WalkDir};

use super::found::Found;
use super::language;
use super::model::Model;

/// Larger files are generated ones.
const LARGEST: u64 = 2 << 20;
/// Folders of what others wrote, or what was made from the source.
const SKIPPED: &[&str] =
    &["__pycache__", "bower_components", "dist", "node_modules", "site-packages", "target", "vendor", "venv"];

/// How far reading came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Files {
    /// Source files that were read.
    pub read: usize,
    /// Those of them that use S3 or DynamoDB.
    pub using: usize,
    /// Source files that were not read, and why.
    pub not_read: Vec<NotRead>,
    /// Folders that were passed over, because what is in them was written by others or made from the source.
    pub folders_passed_over: usize,
}

impl Files {
    /// Adds those of another folder.
    pub fn add(&mut self, other: Self) {
        self.read += other.read;
        self.using += other.using;
        self.not_read.extend(other.not_read);
        self.folders_passed_over += other.folders_passed_over;
    }
}

/// A source file that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotRead {
    /// The file.
    pub file: String,
    /// Why.
    pub why: String,
}

/// Reads the source files in `root`, or the one file that this is. Links are not followed, and what is hidden is passed
/// over. `found` is told of each file.
pub fn read(model: &Model, root: &Path, mut found: impl FnMut(&str, Found)) -> io::Result<Files> {
    // A root that is not there is an error; what cannot be entered below it is told.
    std::fs::metadata(root)?;
    let mut files = Files::default();
    let mut passed_over = 0;
    let entries = WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|entry| {
        let over = entry.depth() > 0 && entry.file_type().is_dir() && is_passed_over(entry);
        passed_over += usize::from(over);
        !over
    });
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let file = error.path().map_or_else(PathBuf::new, Path::to_owned).to_string_lossy().into_owned();
                files.not_read.push(NotRead { file, why: error.to_string() });
                continue;
            }
        };
        let path = entry.path();
        // The root itself may be a link to a file.
        let is_file = if entry.depth() == 0 { path.is_file() } else { entry.file_type().is_file() };
        let Some(syntax) = language::syntax_of(path).filter(|_| is_file) else { continue };
        let name = path.to_string_lossy().into_owned();
        match text(path) {
            Ok(text) => {
                files.read += 1;
                let uses = language::read(model, &text, syntax);
                files.using += usize::from(!uses.uses.is_empty());
                found(&name, uses);
            }
            Err(why) => files.not_read.push(NotRead { file: name, why }),
        }
    }
    files.folders_passed_over = passed_over;
    Ok(files)
}

/// What is hidden, what package managers fill, and what is a virtual environment of Python.
fn is_passed_over(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.starts_with('.') || SKIPPED.contains(&name.as_ref()) || entry.path().join("pyvenv.cfg").exists()
}

/// The file's text, with what is no UTF-8 replaced.
fn text(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("it is larger than {} MiB", LARGEST >> 20));
    }
    if bytes.iter().take(8000).any(|byte| *byte == 0) {
        return Err("it is no text".to_owned());
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
