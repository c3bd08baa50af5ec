//! Files as the person at the keyboard names them: from the working directory on, `~` for the home directory. Nothing that
//! is there is ever overwritten.

use std::path::{Path, PathBuf};

use footbridge_tui::ask::{Answer, Trouble};

use super::trouble;
use crate::mcp::{Files, NewFile, OpenFile, ToolError};

/// Where relative paths begin.
pub(super) struct Desk {
    working: PathBuf,
    home: Option<PathBuf>,
}

impl Desk {
    /// That of this process.
    pub(super) fn here() -> Result<Self, ToolError> {
        let working = std::env::current_dir();
        let working = working.map_err(|error| failed(Path::new("the working directory"), &error))?;
        let home = directories::BaseDirs::new().map(|known| known.home_dir().to_owned());
        Ok(Self { working, home })
    }

    /// The path that is meant.
    fn path(&self, named: &str) -> Result<PathBuf, ToolError> {
        if named.trim().is_empty() || named.contains('\0') {
            return Err(ToolError::new("file_error", "no file is named"));
        }
        let path = match (named.strip_prefix('~'), &self.home) {
            (Some(""), Some(home)) => home.clone(),
            (Some(rest), Some(home)) if rest.starts_with(std::path::is_separator) => {
                home.join(rest.trim_start_matches(std::path::is_separator))
            }
            _ => PathBuf::from(named),
        };
        Ok(self.working.join(path))
    }

    /// Whoever runs the program may use every file that the system lets him.
    fn files(&self) -> Files {
        Files::everything(self.working.ancestors().last().unwrap_or(&self.working))
    }

    /// Begins a new file, which appears under its name when it is whole.
    pub(super) fn create(&self, named: &str) -> Result<NewFile, ToolError> {
        let path = self.path(named)?;
        if path.is_dir() || named.ends_with(std::path::is_separator) {
            return Err(ToolError::new("file_error", format!("{} is a directory: name the file too", path.display())));
        }
        self.files().create(&text(&path)?)
    }

    /// Opens a file for reading.
    pub(super) fn open(&self, named: &str) -> Result<OpenFile, ToolError> {
        let path = self.path(named)?;
        if path.is_dir() {
            return Err(ToolError::new("file_error", format!("{} is a directory, no file", path.display())));
        }
        self.files().open(&text(&path)?)
    }
}

fn text(path: &Path) -> Result<String, ToolError> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| ToolError::new("file_error", format!("{} is not UTF-8", path.display())))
}

/// What the system says of a file.
pub(super) fn failed(path: &Path, error: &std::io::Error) -> ToolError {
    ToolError::new("file_error", format!("{}: {error}", path.display()))
}

/// Writes a text to a new file.
pub(super) fn save(to: &str, text: &str) -> Result<Answer, Trouble> {
    let write = || {
        let new = Desk::here()?.create(to)?;
        new.write(text.as_bytes())?;
        new.keep()
    };
    let path = write().map_err(trouble::of)?;
    Ok(Answer::Saved { path, bytes: u64::try_from(text.len()).unwrap_or(u64::MAX) })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn desk() -> (tempfile::TempDir, Desk) {
        let root = tempfile::tempdir().unwrap();
        let place = |name: &str| {
            let place = root.path().join(name);
            fs::create_dir(&place).unwrap();
            place
        };
        let desk = Desk { working: place("work"), home: Some(place("home")) };
        (root, desk)
    }

    #[test]
    fn paths_begin_at_the_working_directory_and_a_tilde_is_home() {
        let (root, desk) = desk();
        for (named, meant) in [
            ("new.txt", "work/new.txt"),
            ("../out.txt", "out.txt"),
            ("~/own.txt", "home/own.txt"),
            ("~x", "work/~x"),
            (root.path().join("abs").to_str().unwrap(), "abs"),
        ] {
            let new = desk.create(named).unwrap();
            new.write(b"text").unwrap();
            new.keep().unwrap();
            assert_eq!(fs::read(root.path().join(meant)).unwrap(), b"text", "{named}");
            let error = desk.create(named).unwrap_err();
            assert_eq!(error.code, "file_exists", "{named}");
            assert_eq!(desk.open(named).unwrap().next(9).unwrap(), b"text");
        }
    }

    #[test]
    fn what_is_no_file_is_said() {
        let (_root, desk) = desk();
        for (named, says) in [
            ("", "no file is named"),
            ("  ", "no file is named"),
            ("a\0b", "no file is named"),
            (".", "is a directory"),
            ("~", "is a directory"),
            ("sub/", "is a directory"),
            ("none/new.txt", "No such file"),
        ] {
            let error = desk.create(named).unwrap_err();
            assert!(error.message.contains(says), "{named:?}: {error}");
        }
        assert!(desk.open("~").unwrap_err().message.contains("is a directory, no file"));
        assert!(desk.open("none").unwrap_err().message.contains("No such file"));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_its_makers_alone_and_a_link_is_not_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let (root, desk) = desk();
        symlink(root.path().join("made-by-link"), root.path().join("work/link")).unwrap();
        assert_eq!(desk.create("link").unwrap_err().code, "file_exists");
        let new = desk.create("new").unwrap();
        let path = new.keep().unwrap();
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        drop(desk.create("given-up").unwrap());
        let left: Vec<_> = fs::read_dir(root.path().join("work")).unwrap().flatten().map(|e| e.file_name()).collect();
        assert_eq!(left.len(), 2, "{left:?}");
    }
}
