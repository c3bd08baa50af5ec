//! A client's file: read so that nobody else's is taken for it, and replaced in one step or not at all.
//!
//! No copy of the old file is left behind: the change is shown before it is made, `uninstall` takes it back to the byte, and a
//! copy would be one more place with the keys of other servers.

use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::client::Place;
use super::error::InstallError;
use crate::private;

/// The largest file that is read.
const LARGEST: u64 = 64 << 20;
/// What some editors put before UTF-8.
const MARK: &str = "\u{feff}";

/// A client's file as it was when it was read.
#[derive(Debug)]
pub struct Held {
    place: Place,
    /// Its bytes; none where there is no file.
    bytes: Option<Vec<u8>>,
    permissions: Option<Permissions>,
    marked: bool,
    text: String,
}

impl Held {
    /// Reads the file.
    ///
    /// # Errors
    /// Where there is something else in its place, or it could not be replaced.
    pub fn read(place: Place) -> Result<Self, InstallError> {
        let path = place.path.clone();
        let refused = |why: String| InstallError::File { path: path.clone(), why };
        no_links(&place)?;
        let found = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { place, bytes: None, permissions: None, marked: false, text: String::new() });
            }
            Err(error) => return Err(refused(format!("cannot be looked at: {error}"))),
            Ok(found) => found,
        };
        if !found.is_file() {
            return Err(refused("is no file".to_owned()));
        }
        if found.len() > LARGEST {
            return Err(refused(format!("has more than {} MiB, which is no configuration", LARGEST >> 20)));
        }
        if found.permissions().readonly() {
            return Err(refused("is read-only: make it writable, and say this again".to_owned()));
        }
        not_ours(&found).map_or(Ok(()), |why| Err(refused(why)))?;
        let mut bytes = Vec::new();
        let read = File::open(&path).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
        read.map_err(|error| refused(format!("cannot be read: {error}")))?;
        let whole = std::str::from_utf8(&bytes).map_err(|_| refused("is not UTF-8 text".to_owned()))?;
        let (marked, text) = whole.strip_prefix(MARK).map_or((false, whole), |text| (true, text));
        let text = text.to_owned();
        Ok(Self { place, permissions: Some(found.permissions()), marked, text, bytes: Some(bytes) })
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    /// Whether there is a file.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.bytes.is_some()
    }

    /// Puts `text` in place of what was read: all of it, or nothing. What somebody wrote meanwhile stays.
    ///
    /// # Errors
    /// [`InstallError::File`]; the file is then as it was.
    pub fn replace(self, text: &str) -> Result<(), InstallError> {
        let path = self.place.path.clone();
        let refused = |why: String| InstallError::File { path: path.clone(), why };
        let failed = |error: io::Error| refused(format!("cannot be written: {error}"));
        let directory = path.parent().ok_or_else(|| refused("is no file".to_owned()))?;
        fs::create_dir_all(directory).map_err(failed)?;
        no_links(&self.place)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".footbridge-").suffix(".new");
        // A person's file may come to hold keys; a project's is everybody's.
        #[cfg(unix)]
        if self.permissions.is_none() && self.place.project.is_some() {
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        }
        let mut new = builder.tempfile_in(directory).map_err(failed)?;
        let mark = if self.marked { MARK } else { "" };
        new.write_all(mark.as_bytes()).and_then(|()| new.write_all(text.as_bytes())).map_err(failed)?;
        if let Some(permissions) = self.permissions {
            new.as_file().set_permissions(permissions).map_err(failed)?;
        }
        new.as_file().sync_all().map_err(failed)?;
        let done = match &self.bytes {
            None => match new.persist_noclobber(&path) {
                Ok(_) => Ok(true),
                Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
                Err(error) => Err(error.error),
            },
            Some(bytes) => put_in_place(new, &path, bytes, directory),
        };
        if !done.map_err(failed)? {
            return Err(refused("was changed by somebody else meanwhile: say this again".to_owned()));
        }
        private::sync_directory(directory).map_err(failed)
    }
}

/// Puts the new file in the place of one that holds these bytes; gives whether it did. Another installation of ours waits
/// until it is done.
fn put_in_place(new: NamedTempFile, path: &Path, bytes: &[u8], directory: &Path) -> io::Result<bool> {
    // Where directories cannot be locked, as on some network's disks, it goes without.
    let lock = File::open(directory);
    if let Ok(lock) = &lock {
        let _ = lock.lock();
    }
    if fs::read(path)? != bytes {
        return Ok(false);
    }
    exchanged(new, path, bytes)
}

/// Both files change places in one step, so that what is taken out can be looked at: where a client wrote between the last
/// look and this, they change back.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchanged(new: NamedTempFile, path: &Path, bytes: &[u8]) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    let ours = fs::read(new.path())?;
    let exchange = || renameat_with(CWD, new.path(), CWD, path, RenameFlags::EXCHANGE);
    match exchange() {
        // Not every file system can do that.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            return new.persist(path).map(|_| true).map_err(|error| error.error);
        }
        done => done?,
    }
    let mut out = fs::read(new.path())?;
    if out == bytes {
        return Ok(true);
    }
    // What somebody wrote goes back; where something newer comes out for it than what was put in last, that does.
    let mut put = ours;
    loop {
        exchange()?;
        let came = fs::read(new.path())?;
        if came == put {
            return Ok(false);
        }
        put = std::mem::replace(&mut out, came);
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchanged(new: NamedTempFile, path: &Path, _: &[u8]) -> io::Result<bool> {
    new.persist(path).map(|_| true).map_err(|error| error.error)
}

/// Looks for links on the way: at the file, and in a project, which somebody else made, at the directories below it too.
fn no_links(place: &Place) -> Result<(), InstallError> {
    let mut ways: Vec<PathBuf> = vec![place.path.clone()];
    if let Some(project) = &place.project {
        ways.extend(place.path.ancestors().skip(1).take_while(|way| *way != project.as_path()).map(Path::to_owned));
    }
    match ways.into_iter().find(|way| fs::symlink_metadata(way).is_ok_and(|found| found.is_symlink())) {
        None => Ok(()),
        Some(path) => Err(InstallError::Link { to: fs::read_link(&path).ok(), path }),
    }
}

/// What keeps a file of somebody else from being replaced: the new one would be ours.
#[cfg(unix)]
fn not_ours(found: &Metadata) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let us = rustix::process::geteuid().as_raw();
    (found.uid() != us).then(|| format!("is the file of user {}, and this is user {us}", found.uid()))
}

#[cfg(not(unix))]
fn not_ours(_: &Metadata) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: PathBuf, project: Option<&Path>) -> Place {
        Place { path, project: project.map(Path::to_owned) }
    }

    #[test]
    fn what_was_written_meanwhile_stays() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("mcp.json");
        let held = Held::read(place(path.clone(), None)).unwrap();
        fs::write(&path, "{}").unwrap();
        assert!(held.replace("{\"a\": 1}").unwrap_err().to_string().contains("meanwhile"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "{}");
        let held = Held::read(place(path.clone(), None)).unwrap();
        fs::write(&path, "{ }").unwrap();
        assert!(held.replace("{\"a\": 1}").unwrap_err().to_string().contains("meanwhile"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "{ }");
        // Nothing is left beside it.
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 1);
    }

    #[test]
    fn of_many_at_once_none_loses_what_another_wrote() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("mcp.json");
        fs::write(&path, "\n").unwrap();
        let add = |line: &str| {
            loop {
                let held = Held::read(place(path.clone(), None)).unwrap();
                let text = format!("{}{line}\n", held.text());
                if held.replace(&text).is_ok() {
                    break;
                }
            }
        };
        std::thread::scope(|scope| {
            for thread in 0..4 {
                scope.spawn(move || (0..10).for_each(|n| add(&format!("{thread}-{n}"))));
            }
        });
        let text = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<_> = text.lines().skip(1).map(str::to_owned).collect();
        lines.sort_unstable();
        let all: Vec<_> = (0..4).flat_map(|thread| (0..10).map(move |n| format!("{thread}-{n}"))).collect();
        assert_eq!(lines, all);
    }

    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    #[test]
    fn what_a_client_writes_after_the_last_look_goes_back() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("mcp.json");
        let new = |text: &str| {
            let mut new = NamedTempFile::new_in(temp.path()).unwrap();
            new.write_all(text.as_bytes()).unwrap();
            new
        };
        fs::write(&path, "the client's").unwrap();
        assert!(!exchanged(new("ours"), &path, b"as it was").unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "the client's");
        assert!(exchanged(new("ours"), &path, b"the client's").unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "ours");
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_mark_before_the_text_is_kept_and_so_are_directories_made() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a/b/mcp.json");
        Held::read(place(path.clone(), None)).unwrap().replace("{}\r\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"{}\r\n");
        fs::write(&path, "\u{feff}{}").unwrap();
        let held = Held::read(place(path.clone(), None)).unwrap();
        assert_eq!(held.text(), "{}");
        held.replace("{ }").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "\u{feff}{ }");
    }

    #[cfg(unix)]
    #[test]
    fn links_read_only_files_and_what_is_no_file_are_left_alone() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path();
        let real = root.join("real.json");
        fs::write(&real, "{}").unwrap();
        symlink(&real, root.join("link.json")).unwrap();
        let error = Held::read(place(root.join("link.json"), None)).unwrap_err().to_string();
        assert!(error.contains("is a link to") && error.contains("real.json"), "{error}");
        // In a project, a directory that leads elsewhere is somebody's trap; at home it is somebody's habit.
        fs::create_dir(root.join("else")).unwrap();
        symlink(root.join("else"), root.join(".cursor")).unwrap();
        let below = root.join(".cursor/mcp.json");
        assert!(matches!(Held::read(place(below.clone(), Some(root))), Err(InstallError::Link { .. })));
        assert!(Held::read(place(below, None)).is_ok());
        fs::set_permissions(&real, Permissions::from_mode(0o444)).unwrap();
        let error = Held::read(place(real.clone(), None)).unwrap_err().to_string();
        assert!(error.contains("read-only"), "{error}");
        assert!(Held::read(place(root.join("else"), None)).unwrap_err().to_string().contains("is no file"));
        fs::write(root.join("wide.json"), b"\xff\xfe{\0}\0").unwrap();
        assert!(Held::read(place(root.join("wide.json"), None)).unwrap_err().to_string().contains("UTF-8"));
        // The mode of a file is kept, and a person's new one is his alone.
        let shared = root.join("shared.json");
        fs::write(&shared, "{}").unwrap();
        fs::set_permissions(&shared, Permissions::from_mode(0o640)).unwrap();
        Held::read(place(shared.clone(), None)).unwrap().replace("{ }").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&shared), 0o640);
        let new = root.join("new.json");
        Held::read(place(new.clone(), None)).unwrap().replace("{}").unwrap();
        assert_eq!(mode(&new), 0o600);
    }
}
