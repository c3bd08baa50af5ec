//! Which files are allowed.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::beneath::Directory;
use super::closed::Closed;
use super::{Folder, NewFile, OpenFile, refused};
use crate::mcp::error::ToolError;
use crate::mcp::quoted::named;

/// The allowed directories, and files that are allowed by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Files {
    places: Vec<Place>,
    /// The same, their links resolved.
    directories: Vec<PathBuf>,
    /// Whether names that begin with a dot are like others.
    dots: bool,
    /// What nothing is read from or written to, wherever it is.
    closed: Closed,
}

/// A directory that is allowed with all in it, or a file.
#[derive(Debug, Clone)]
struct Place {
    /// Its links resolved.
    real: PathBuf,
    /// As it was written.
    given: PathBuf,
}

impl Files {
    /// Allows these directories. One that does not exist is left out: nothing can be inside it.
    pub(crate) fn new(directories: &[PathBuf]) -> Self {
        let place = |given: &PathBuf| Some(Place { real: given.canonicalize().ok()?, given: given.clone() });
        let places: Vec<_> = directories.iter().filter_map(place).collect();
        Self {
            directories: places.iter().map(|place| place.real.clone()).collect(),
            places,
            dots: false,
            closed: Closed { directories: Vec::new(), ours: true },
        }
    }

    /// Allows all below this directory, whatever its name: for the person at the keyboard.
    pub(crate) fn everything(below: &Path) -> Self {
        Self { dots: true, closed: Closed::default(), ..Self::new(&[below.to_owned()]) }
    }

    /// Closes what is below this directory, which need not be there yet: a file in it is as good as a person's word.
    pub(crate) fn without(mut self, directory: &Path) -> Self {
        let real = match (directory.parent().and_then(|parent| parent.canonicalize().ok()), directory.file_name()) {
            (Some(parent), Some(name)) => parent.join(name),
            _ => directory.to_owned(),
        };
        self.closed.directories.push(real);
        self
    }

    /// Whether no file may be read or written at all.
    pub(crate) fn none(&self) -> bool {
        self.places.is_empty()
    }

    /// The allowed directories, their links resolved.
    pub(crate) fn directories(&self) -> &[PathBuf] {
        &self.directories
    }

    /// Opens a file for reading.
    pub(crate) fn open(&self, path: &str) -> Result<OpenFile, ToolError> {
        let real = self.real(path, &self.wanted(path)?)?;
        let (parent, name) = split(path, &real)?;
        OpenFile::of(&self.walk(path, &real, parent)?, name, path)
    }

    /// Begins a new file. Its directory exists already, and nothing bears its name.
    pub(crate) fn create(&self, path: &str) -> Result<NewFile, ToolError> {
        let wanted = self.wanted(path)?;
        let (parent, name) = split(path, &wanted)?;
        let target = self.real(path, parent)?.join(name);
        let (parent, _) = split(path, &target)?;
        NewFile::of(Arc::new(self.walk(path, &target, parent)?), name, target.clone())
    }

    /// Opens a directory to write into. What is missing of it is made with its first file.
    pub(crate) fn folder(&self, path: &str) -> Result<Folder, ToolError> {
        let wanted = self.wanted(path)?;
        let there = wanted.ancestors().find(|ancestor| ancestor.symlink_metadata().is_ok());
        let there = there.ok_or_else(|| not_allowed(format!("{} names no directory", named(path))))?;
        let missing: Vec<_> = wanted.strip_prefix(there).map(Path::components).into_iter().flatten().collect();
        if missing.iter().any(|step| !matches!(step, Component::Normal(_))) {
            return Err(not_allowed(format!("{} goes through a directory that is not there", named(path))));
        }
        let real = self.real(path, there)?;
        let target = missing.iter().fold(real.clone(), |target, step| target.join(step));
        let root = self.walk(path, &target, &real)?;
        Ok(Folder::of(
            root,
            target,
            missing.iter().map(|step| step.as_os_str().to_owned()).collect(),
            self.dots,
            self.closed.clone(),
        ))
    }

    /// The path that is meant; a relative one is meant inside the first allowed directory.
    fn wanted(&self, path: &str) -> Result<PathBuf, ToolError> {
        let first = self.places.first().ok_or_else(|| {
            not_allowed("no directory is allowed for files")
                .hint("a person can allow one in the configuration (files) and restart.")
        })?;
        if path.is_empty() || path.contains('\0') {
            return Err(not_allowed("the path is empty or holds a zero byte"));
        }
        let base = if first.real.is_dir() { first.real.as_path() } else { first.real.parent().unwrap_or(&first.real) };
        let wanted = base.join(path);
        // Said before anything is looked at, so that nobody learns which of them there are.
        if self.places.iter().any(|place| place.below(&wanted).is_some()) && self.place(&wanted).is_none() {
            return Err(dotted(path));
        }
        Ok(wanted)
    }

    /// What a path leads to, all links resolved.
    fn real(&self, path: &str, wanted: &Path) -> Result<PathBuf, ToolError> {
        wanted.canonicalize().map_err(|error| {
            let outside = self.places.iter().all(|place| place.below(wanted).is_none());
            if outside { self.outside(path) } else { refused(path, &error) }
        })
    }

    /// Opens the directory `to`, where `target` is allowed, step by step from the allowed directory on.
    fn walk(&self, path: &str, target: &Path, to: &Path) -> Result<Directory, ToolError> {
        if self.closed.holds(target) {
            return Err(closed(path));
        }
        let Some(place) = self.place(target) else {
            let inside = self.places.iter().any(|place| target.starts_with(&place.real));
            return Err(if inside { dotted(path) } else { self.outside(path) });
        };
        // Of a file that is allowed by name, its directory is where the walk begins.
        let root = if place.real.starts_with(to) { to } else { place.real.as_path() };
        let failed = |error| refused(path, &error);
        let mut directory = Directory::root(root).map_err(failed)?;
        // A place that leads elsewhere than when it was allowed is none any more.
        let below = to.strip_prefix(root).map_err(|_| self.outside(path))?;
        for step in below.components() {
            directory = directory.sub(step.as_os_str()).map_err(failed)?;
        }
        Ok(directory)
    }

    /// The place where a path is allowed: one from which no step below begins with a dot.
    fn place(&self, path: &Path) -> Option<&Place> {
        self.places.iter().find(|place| place.below(path).is_some_and(|below| self.dots || !has_dots(below)))
    }

    fn outside(&self, path: &str) -> ToolError {
        let allowed: Vec<_> = self.directories.iter().map(|directory| directory.display().to_string()).collect();
        not_allowed(format!("{} is outside the allowed directories", named(path)))
            .hint(format!("allowed: {}", allowed.join(", ")))
    }
}

impl Place {
    /// The path from here on, where it leads through here by its letters.
    fn below<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        path.strip_prefix(&self.real).or_else(|_| path.strip_prefix(&self.given)).ok()
    }
}

fn not_allowed(message: impl Into<String>) -> ToolError {
    ToolError::new("file_not_allowed", message)
}

/// A path leads to a closed directory.
pub(super) fn closed(path: &str) -> ToolError {
    not_allowed(format!("{path} is footbridge's own: people decide there, and no tool reads or writes it"))
}

pub(super) fn dotted(path: &str) -> ToolError {
    not_allowed(format!("{} has a name that begins with a dot, and such files configure programs", named(path)))
        .hint("a person can allow it by naming it in the configuration (files) and restarting.")
}

/// A directory and the name in it.
fn split<'a>(path: &str, whole: &'a Path) -> Result<(&'a Path, &'a std::ffi::OsStr), ToolError> {
    match (whole.parent(), whole.components().next_back()) {
        (Some(parent), Some(Component::Normal(name))) => Ok((parent, name)),
        _ => Err(not_allowed(format!("{} names no file", named(path)))),
    }
}

fn has_dots(path: &Path) -> bool {
    path.components().any(|step| matches!(step, Component::Normal(name) if is_dotted(&name.to_string_lossy())))
}

/// Whether a name begins with a dot. Some file systems take no notice of characters that nobody sees.
pub(super) fn is_dotted(name: &str) -> bool {
    let unseen =
        |c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}');
    name.trim_start_matches(unseen).starts_with('.')
}
