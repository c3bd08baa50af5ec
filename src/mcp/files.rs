//! The files that tools may read and write: those inside the allowed directories, and no others.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

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

    /// Opens a file for reading; gives it and its size in bytes.
    pub(crate) fn open(&self, path: &str) -> Result<(File, u64), ToolError> {
        let real = self.resolve(path)?.canonicalize().map_err(|error| refused(path, &error))?;
        self.check(path, &real)?;
        // Looked at before opening, since opening a pipe would wait for its writer.
        let is_file = fs::metadata(&real).map_err(|error| refused(path, &error))?.is_file();
        if !is_file {
            return Err(ToolError::new("file_not_allowed", format!("{path} is no regular file")));
        }
        let file = File::open(&real).map_err(|error| refused(path, &error))?;
        let size = file.metadata().map_err(|error| refused(path, &error))?.len();
        Ok((file, size))
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
        assert_eq!(place.files.open("open.txt").unwrap().1, 5);
        assert_eq!(place.files.open(place.inside.join("open.txt").to_str().unwrap()).unwrap().1, 5);
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
