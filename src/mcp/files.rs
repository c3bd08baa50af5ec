//! The files that tools may read and write: those inside the allowed directories, and no others.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use tempfile::NamedTempFile;

use super::error::ToolError;

/// The allowed directories.
#[derive(Debug, Clone, Default)]
pub(crate) struct Files {
    directories: Vec<PathBuf>,
}

/// A new file that is being written. It appears under its name only when [`NewFile::keep`] is called.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: NamedTempFile,
    path: PathBuf,
}

/// A file that is being read, as it was when it was opened.
#[derive(Debug)]
pub(crate) struct OpenFile {
    file: File,
    path: String,
    state: State,
    read: u64,
}

/// By what a file is seen to have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    size: u64,
    modified: Option<SystemTime>,
}

impl State {
    fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { size: metadata.len(), modified: metadata.modified().ok() })
    }
}

impl OpenFile {
    /// Its size when it was opened, in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.state.size
    }

    /// The next bytes, at most `most` of them; none at the end. Waits for the disk.
    ///
    /// What was read to the end is the file as it was opened, whole: if it became shorter or longer or was written to
    /// meanwhile, that is the error `file_changed`.
    pub(crate) fn next(&mut self, most: u64) -> Result<Vec<u8>, ToolError> {
        let failed = |error: io::Error| refused(&self.path, &error);
        let wanted = most.min(self.state.size - self.read);
        let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
        (&self.file).take(wanted).read_to_end(&mut bytes).map_err(failed)?;
        let now = State::of(&self.file).map_err(failed)?;
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if now != self.state || count != wanted {
            return Err(changed(&self.path, self.state.size, now.size));
        }
        self.read += count;
        Ok(bytes)
    }
}

impl Files {
    /// Allows these directories. One that does not exist is left out: nothing can be inside it.
    pub(crate) fn new(directories: &[PathBuf]) -> Self {
        Self { directories: directories.iter().filter_map(|directory| directory.canonicalize().ok()).collect() }
    }

    /// Whether no file may be read or written at all.
    pub(crate) fn none(&self) -> bool {
        self.directories.is_empty()
    }

    /// The allowed directories, their links resolved.
    pub(crate) fn directories(&self) -> &[PathBuf] {
        &self.directories
    }

    /// Opens a file for reading.
    pub(crate) fn open(&self, path: &str) -> Result<OpenFile, ToolError> {
        let real = self.resolve(path)?.canonicalize().map_err(|error| refused(path, &error))?;
        self.check(path, &real)?;
        // Looked at before opening, since opening a pipe would wait for its writer.
        let is_file = fs::metadata(&real).map_err(|error| refused(path, &error))?.is_file();
        if !is_file {
            return Err(ToolError::new("file_not_allowed", format!("{path} is no regular file")));
        }
        let file = File::open(&real).map_err(|error| refused(path, &error))?;
        let state = State::of(&file).map_err(|error| refused(path, &error))?;
        Ok(OpenFile { file, path: path.to_owned(), state, read: 0 })
    }

    /// Begins a new file. Its directory exists already, and nothing bears its name.
    pub(crate) fn create(&self, path: &str) -> Result<NewFile, ToolError> {
        let wanted = self.resolve(path)?;
        let (Some(parent), Some(Component::Normal(name))) = (wanted.parent(), wanted.components().next_back()) else {
            return Err(ToolError::new("file_not_allowed", format!("{path} names no file")));
        };
        let parent = parent.canonicalize().map_err(|error| refused(path, &error))?;
        self.check(path, &parent)?;
        let target = parent.join(name);
        if target.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
        let file = tempfile::Builder::new()
            .prefix(".footbridge-")
            .tempfile_in(&parent)
            .map_err(|error| refused(path, &error))?;
        Ok(NewFile { file, path: target })
    }

    /// A relative path is meant inside the first allowed directory.
    fn resolve(&self, path: &str) -> Result<PathBuf, ToolError> {
        let first = self.directories.first().ok_or_else(|| {
            ToolError::new("file_not_allowed", "no directory is allowed for files")
                .hint("a person can allow one in the configuration (files) and restart.")
        })?;
        if path.is_empty() || path.contains('\0') {
            return Err(ToolError::new("file_not_allowed", "the path is empty or holds a zero byte"));
        }
        Ok(first.join(path))
    }

    fn check(&self, path: &str, real: &Path) -> Result<(), ToolError> {
        if self.directories.iter().any(|directory| real.starts_with(directory)) {
            return Ok(());
        }
        let allowed: Vec<_> = self.directories.iter().map(|directory| directory.display().to_string()).collect();
        Err(ToolError::new("file_not_allowed", format!("{path} is outside the allowed directories"))
            .hint(format!("allowed: {}", allowed.join(", "))))
    }
}

impl NewFile {
    /// Writes this. Waits for the disk.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), ToolError> {
        let written = self.file.as_file().write_all(bytes);
        written.map_err(|error| refused(&self.path.display().to_string(), &error))
    }

    /// The file to write to.
    pub(crate) fn reopen(&self) -> Result<File, ToolError> {
        self.file.reopen().map_err(|error| refused(&self.path.display().to_string(), &error))
    }

    /// Gives the file its name, unless something bears it by now; gives the full path.
    pub(crate) fn keep(self) -> Result<String, ToolError> {
        let path = self.path.display().to_string();
        self.file.as_file().sync_all().map_err(|error| refused(&path, &error))?;
        match self.file.persist_noclobber(&self.path) {
            Ok(_) => Ok(path),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(exists(&path)),
            Err(error) => Err(refused(&path, &error.error)),
        }
    }
}

fn exists(path: &str) -> ToolError {
    ToolError::new("file_exists", format!("{path} exists already and is left as it is")).hint("choose another name.")
}

fn changed(path: &str, before: u64, now: u64) -> ToolError {
    let how = if before == now { format!("{now} bytes") } else { format!("{before} bytes, then {now}") };
    let mut error =
        ToolError::new("file_changed", format!("{path} changed while it was read ({how}); nothing is stored"));
    error.retryable = true;
    error.hint("call again once nothing writes to it.")
}

fn refused(path: &str, error: &io::Error) -> ToolError {
    ToolError::new("file_error", format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    struct Place {
        _root: tempfile::TempDir,
        inside: PathBuf,
        files: Files,
    }

    /// `root/in` is allowed; `root/secret` and `root/in-too/secret` are not.
    fn place() -> Place {
        let root = tempfile::tempdir().unwrap();
        let inside = root.path().join("in");
        fs::create_dir(&inside).unwrap();
        fs::create_dir(root.path().join("in-too")).unwrap();
        fs::write(root.path().join("secret"), "s").unwrap();
        fs::write(root.path().join("in-too/secret"), "s").unwrap();
        fs::write(inside.join("open.txt"), "hello").unwrap();
        let files = Files::new(std::slice::from_ref(&inside));
        Place { _root: root, inside, files }
    }

    fn code<T>(result: Result<T, ToolError>) -> String {
        result.err().map(|error| error.code).unwrap_or_default()
    }

    #[test]
    fn a_file_inside_is_read_by_relative_and_absolute_path() {
        let place = place();
        for path in ["open.txt", place.inside.join("open.txt").to_str().unwrap()] {
            let mut file = place.files.open(path).unwrap();
            assert_eq!(file.size(), 5);
            let parts = [4, 4, 4].map(|most| file.next(most).unwrap());
            assert_eq!(parts, [b"hell".to_vec(), b"o".to_vec(), Vec::new()]);
        }
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_never_taken_for_whole() {
        let place = place();
        let path = place.inside.join("open.txt");
        let later = SystemTime::now() + std::time::Duration::from_mins(1);
        let changes: [(&str, &dyn Fn()); 5] = [
            ("shrinks", &|| fs::write(&path, "hel").unwrap()),
            ("is emptied", &|| fs::write(&path, "").unwrap()),
            ("grows", &|| fs::write(&path, "hello and more").unwrap()),
            ("is written to", &|| File::options().write(true).open(&path).unwrap().set_modified(later).unwrap()),
            ("is replaced", &|| {
                fs::remove_file(&path).unwrap();
                fs::write(&path, "other").unwrap();
            }),
        ];
        for (what, change) in changes {
            // Before its first byte is read, in its middle, and after its last one.
            for before in [0, 2, 5] {
                fs::write(&path, "hello").unwrap();
                let mut file = place.files.open("open.txt").unwrap();
                let mut read = if before == 0 { Vec::new() } else { file.next(before).unwrap() };
                change();
                let rest = file.next(99);
                if what == "is replaced" {
                    // The file that was opened is what is read, although its name leads elsewhere by now.
                    read.extend(rest.unwrap());
                    assert_eq!(read, b"hello", "{what} after {before} bytes");
                    continue;
                }
                let error = rest.unwrap_err();
                assert_eq!(
                    (error.code.as_str(), error.retryable),
                    ("file_changed", true),
                    "{what} after {before} bytes"
                );
            }
        }
    }

    #[test]
    fn every_way_out_is_refused() {
        let place = place();
        for path in ["../secret", "../in-too/secret", "/etc/hostname", "./../in/../secret", ""] {
            let code = code(place.files.open(path));
            assert!(code == "file_not_allowed" || path == "/etc/hostname" && code == "file_error", "{path}: {code}");
        }
        for path in ["../new", "../in-too/new", "..", ".", "/tmp/new", "x/.."] {
            assert!(place.files.create(path).is_err(), "{path}");
        }
        assert_eq!(code(Files::default().open("open.txt")), "file_not_allowed");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_before_the_check() {
        let place = place();
        let link = |name: &str, to: &str| std::os::unix::fs::symlink(to, place.inside.join(name)).unwrap();
        link("to-secret", "../secret");
        link("to-outside", "..");
        link("dangling", "../made-by-link");
        assert_eq!(code(place.files.open("to-secret")), "file_not_allowed");
        assert_eq!(code(place.files.open("to-outside/secret")), "file_not_allowed");
        assert_eq!(code(place.files.create("to-outside/new")), "file_not_allowed");
        assert_eq!(code(place.files.create("dangling")), "file_exists");
        assert_eq!(code(place.files.create("to-secret")), "file_exists");
    }

    #[test]
    fn a_new_file_appears_whole_and_replaces_nothing() {
        let place = place();
        let new = place.files.create("new.txt").unwrap();
        new.reopen().unwrap().write_all(b"whole").unwrap();
        assert!(!place.inside.join("new.txt").exists());
        let rival = place.files.create("new.txt").unwrap();
        new.keep().unwrap();
        assert_eq!(fs::read(place.inside.join("new.txt")).unwrap(), b"whole");
        assert_eq!(code(rival.keep()), "file_exists");
        assert_eq!(code(place.files.create("new.txt")), "file_exists");
        assert_eq!(fs::read_dir(&place.inside).unwrap().count(), 2);
    }
}
