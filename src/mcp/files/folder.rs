//! A directory whose files are written or read one after the other.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use super::allowed::{closed, is_dotted};
use super::beneath::{Directory, Sort};
use super::closed::Closed;
use super::{NewFile, OpenFile, refused};
use crate::mcp::error::ToolError;
use crate::mcp::quoted::named;

/// The longest path below a folder, in bytes: that of an object's key.
pub(crate) const LONGEST: usize = 1024;
/// The most entries of a folder, with all that is deeper: their paths are held in memory.
const MOST: usize = 500_000;

/// An allowed directory.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    /// The deepest directory that was there.
    root: Arc<Directory>,
    /// What was missing from there on.
    missing: Vec<OsString>,
    path: PathBuf,
    dots: bool,
    closed: Closed,
}

/// What a folder has under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A file of so many bytes; its path has `/` between its steps.
    File(String, u64),
    /// What is no file for us, and why.
    PassedOver(String, &'static str),
}

/// What is wrong with a name that is to become a file's or a directory's, on any system. Of a key, all is somebody else's word.
pub(crate) fn name_fault(name: &str, dots: bool) -> Option<&'static str> {
    let reserved = |stem: &str| {
        let stem = stem.to_ascii_uppercase();
        matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
            || (stem.starts_with("COM") || stem.starts_with("LPT"))
                && stem.len() == 4
                && stem.ends_with(|c: char| c.is_ascii_digit())
    };
    if name.is_empty() {
        Some("a step of its path has no name")
    } else if name == "." || name == ".." {
        Some("its path goes up")
    } else if !dots && is_dotted(name) {
        Some("a name in it begins with a dot")
    } else if name.contains(|c: char| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')) {
        Some("a name in it has a sign that names of files cannot have everywhere")
    } else if name.ends_with(['.', ' ']) || reserved(name.split('.').next().unwrap_or_default()) {
        Some("a name in it is none on some systems")
    } else if name.len() > 255 {
        Some("a name in it is longer than 255 bytes")
    } else {
        None
    }
}

impl Folder {
    pub(super) fn of(root: Directory, path: PathBuf, missing: Vec<OsString>, dots: bool, closed: Closed) -> Self {
        Self { root: Arc::new(root), missing, path, dots, closed }
    }

    /// Its full path.
    pub(crate) fn path(&self) -> String {
        self.path.display().to_string()
    }

    /// Whether names that begin with a dot are like others.
    pub(crate) fn has_dots(&self) -> bool {
        self.dots
    }

    /// Whether a path of plain names leads to a closed directory.
    fn is_closed(&self, below: &str) -> bool {
        self.closed.holds(&self.path.join(below))
    }

    /// Begins a new file at a path of plain names, `a/b.txt`; its directories are made. Waits for the disk.
    pub(crate) fn create(&self, below: &str) -> Result<NewFile, ToolError> {
        let path = self.path.join(below);
        if self.is_closed(below) {
            return Err(closed(&path.display().to_string()));
        }
        let failed = |error| refused(&path.display().to_string(), &error);
        let mut steps: Vec<&OsStr> = self.missing.iter().map(OsString::as_os_str).collect();
        steps.extend(below.split('/').map(OsStr::new));
        let name = steps.pop().unwrap_or_default();
        let mut directory = Arc::clone(&self.root);
        for step in steps {
            directory = Arc::new(directory.sub_or_new(step).map_err(failed)?);
        }
        NewFile::of(directory, name, path)
    }

    /// Opens one of its files. Waits for the disk.
    pub(crate) fn open(&self, below: &str) -> Result<OpenFile, ToolError> {
        let path = self.path.join(below).display().to_string();
        if self.is_closed(below) {
            return Err(closed(&path));
        }
        let mut steps: Vec<&str> = below.split('/').collect();
        let name = steps.pop().unwrap_or_default();
        let mut directory = Arc::clone(&self.root);
        for step in steps {
            directory = Arc::new(directory.sub(step.as_ref()).map_err(|error| refused(&path, &error))?);
        }
        OpenFile::of(&directory, name.as_ref(), &path)
    }

    /// The size of the file at a path of plain names; nothing where nothing is there. What is no file counts as a file of
    /// no size that can be.
    pub(crate) fn size(&self, below: &str) -> Option<u64> {
        let mut steps: Vec<&OsStr> = self.missing.iter().map(OsString::as_os_str).collect();
        steps.extend(below.split('/').map(OsStr::new));
        let name = steps.pop()?;
        let mut directory = Arc::clone(&self.root);
        for step in steps {
            directory = Arc::new(directory.sub(step).ok()?);
        }
        match directory.sort(name).ok()?? {
            Sort::File(size) => Some(size),
            Sort::Directory | Sort::Other => Some(u64::MAX),
        }
    }

    /// All files below, in order of their names, with what is passed over. Waits for the disk.
    pub(crate) fn files(&self) -> Result<Vec<Entry>, ToolError> {
        if !self.missing.is_empty() {
            let why = format!("{}: there is no such directory", named(&self.path()));
            return Err(ToolError::new("file_error", why));
        }
        let mut found = Vec::new();
        self.gather(&self.root, "", &mut found)?;
        Ok(found)
    }

    fn gather(&self, directory: &Directory, at: &str, found: &mut Vec<Entry>) -> Result<(), ToolError> {
        let failed = |error| refused(&format!("{}/{at}", self.path()), &error);
        for name in directory.names().map_err(failed)? {
            if found.len() >= MOST {
                let what = format!("more than {MOST} files are below {}", named(&self.path()));
                return Err(ToolError::new("too_many_files", what).hint("take the directories in it one by one."));
            }
            let Some(text) = name.to_str() else {
                found.push(Entry::PassedOver(format!("{at}{}", name.display()), "its name is not UTF-8"));
                continue;
            };
            let path = format!("{at}{text}");
            if path.len() > LONGEST {
                found.push(Entry::PassedOver(path, "its path is longer than 1024 bytes"));
                continue;
            }
            if !self.dots && is_dotted(text) {
                found.push(Entry::PassedOver(path, "its name begins with a dot"));
                continue;
            }
            if self.is_closed(&path) {
                found.push(Entry::PassedOver(path, "it is footbridge's own"));
                continue;
            }
            match directory.sort(&name).map_err(failed)? {
                Some(Sort::File(size)) => found.push(Entry::File(path, size)),
                Some(Sort::Directory) => {
                    let below = directory.sub(&name).map_err(failed)?;
                    self.gather(&below, &format!("{path}/"), found)?;
                }
                Some(Sort::Other) => found.push(Entry::PassedOver(path, "it is a link or no plain file")),
                None => {}
            }
        }
        Ok(())
    }
}
