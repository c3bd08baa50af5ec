//! Files and directories that their user alone may read, whatever the umask and whatever was there before.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Makes the directory at `path`, and those above it that are missing, for its user alone (0700). One that is there and
/// more open is tightened where it is ours; another user's stays as it is.
///
/// Gives what is left open to others: the mode of a directory that is not ours to tighten.
pub fn directory(path: &Path) -> io::Result<Option<u32>> {
    make_directory(path)?;
    tighten(path, 0o700)
}

/// Makes the directory at `path`, and those above it that are missing, for its user alone (0700). One that is there stays
/// as it is: for directories that are not only ours to use.
pub fn make_directory(path: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = path.ancestors().take_while(|path| fs::symlink_metadata(path).is_err()).collect();
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(naming(path))?;
    missing.into_iter().rev().for_each(give);
    Ok(())
}

/// Options that make a file for its user alone (0600).
pub fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Opens the file at `path` for writing, made for its user alone (0600) if it is missing; tightened if it is ours.
pub fn open_or_make(path: &Path) -> io::Result<File> {
    let file = options().create(true).truncate(false).write(true).open(path).map_err(naming(path))?;
    match self::file(path) {
        // Somebody removed it since. It is open all the same, and whoever needs it at its path looks for that.
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(file),
    }
}

/// Makes what was made, renamed or removed in the directory at `path` last through a power cut.
#[cfg(unix)]
pub fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path).and_then(|directory| directory.sync_all()).map_err(naming(path))
}

/// Elsewhere a directory cannot be opened as a file.
#[cfg(not(unix))]
pub fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Keeps the file at `path`, made just now or long ago, for its user alone (0600), where it is ours. To be called before
/// a new file is renamed to its place.
///
/// What root made in another user's directory becomes that user's: one run as root must not lock him out of his data.
pub fn file(path: &Path) -> io::Result<()> {
    tighten(path, 0o600)?;
    give(path);
    Ok(())
}

/// The text of the file at `path`, which is made with `fresh` for its user alone (0600) where it is missing. Of several that
/// make it at a time, one does, and all get that one's text.
pub fn text_or_made(path: &Path, fresh: &str) -> io::Result<String> {
    if let Some(text) = text(path)? {
        return Ok(text);
    }
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut made = tempfile::NamedTempFile::new_in(directory)?;
    writeln!(made, "{fresh}")?;
    made.as_file().sync_all()?;
    file(made.path())?;
    match made.persist_noclobber(path) {
        Ok(_) => sync_directory(directory).map(|()| fresh.to_owned()),
        // Somebody was first.
        Err(refused) => text(path)?.ok_or(refused.error),
    }
}

/// The text of the file at `path`, without the end of its line; `None` where there is no file.
pub fn text(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim_end().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(naming(path)(error)),
    }
}

/// An error that says which file it is about.
pub fn naming(path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Gives what root made at `path` to the owner of the directory that it is in. Best effort: some systems let nobody.
#[cfg(unix)]
fn give(path: &Path) {
    use std::os::unix::fs::{MetadataExt, lchown};
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Ok(there), Ok(parent)) = (fs::symlink_metadata(path), fs::metadata(parent)) else { return };
    // Nothing that somebody linked there, which may be root's elsewhere.
    let made_here = there.is_dir() || (there.is_file() && there.nlink() == 1);
    if made_here && there.uid() == 0 && parent.uid() != 0 {
        let given = lchown(path, Some(parent.uid()), Some(parent.gid()));
        if let Err(error) = given {
            tracing::debug!(path = %path.display(), %error, "could not be given to the owner of its directory");
        }
    }
}

/// Elsewhere nobody is root.
#[cfg(not(unix))]
fn give(_: &Path) {}

#[cfg(unix)]
fn tighten(path: &Path, mode: u32) -> io::Result<Option<u32>> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let there = fs::metadata(path).map_err(naming(path))?;
    let open = there.mode() & 0o077;
    if open == 0 {
        return Ok(None);
    }
    if there.uid() != rustix::process::geteuid().as_raw() {
        return Ok(Some(there.mode() & 0o777));
    }
    // What its user took from himself stays so.
    fs::set_permissions(path, fs::Permissions::from_mode(there.mode() & mode)).map_err(naming(path))?;
    Ok(None)
}

/// Elsewhere a user's directories are his own by inheritance.
#[cfg(not(unix))]
fn tighten(path: &Path, _mode: u32) -> io::Result<Option<u32>> {
    fs::metadata(path).map(|_| None)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn what_is_made_is_private_and_what_was_open_is_tightened() {
        let temp = tempfile::tempdir().unwrap();
        let inner = temp.path().join("a/b");
        assert_eq!(directory(&inner).unwrap(), None);
        assert_eq!((mode(&inner), mode(&temp.path().join("a"))), (0o700, 0o700));
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o2775)).unwrap();
        directory(&inner).unwrap();
        assert_eq!(mode(&inner) & 0o777, 0o700);
        let path = inner.join("lock");
        fs::write(&path, "as it was").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        drop(open_or_make(&path).unwrap());
        assert_eq!((mode(&path), fs::read(&path).unwrap().as_slice()), (0o600, b"as it was".as_slice()));
    }

    #[test]
    fn what_root_makes_in_another_users_directory_is_that_users() {
        use std::os::unix::fs::{MetadataExt, chown};
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let temp = tempfile::tempdir().unwrap();
        let uid = |path: &Path| fs::metadata(path).unwrap().uid();
        // In root's own directory, all is root's.
        let ours = temp.path().join("ours");
        directory(&ours).unwrap();
        drop(open_or_make(&ours.join("lock")).unwrap());
        assert_eq!((uid(&ours), uid(&ours.join("lock"))), (0, 0));
        chown(temp.path(), Some(4321), Some(4321)).unwrap();
        let inner = temp.path().join("a/b");
        directory(&inner).unwrap();
        let lock = inner.join("lock");
        drop(open_or_make(&lock).unwrap());
        assert_eq!([uid(&temp.path().join("a")), uid(&inner), uid(&lock)], [4321; 3]);
        assert_eq!((mode(&inner), mode(&lock)), (0o700, 0o600));
        // What was there before and what is linked there stays root's.
        directory(&ours).unwrap();
        let linked = inner.join("linked");
        fs::hard_link(ours.join("lock"), &linked).unwrap();
        file(&linked).unwrap();
        assert_eq!((uid(&ours), uid(&linked)), (0, 0));
    }

    #[test]
    fn an_error_names_the_path() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("file"), "").unwrap();
        let path = temp.path().join("file/below");
        for error in [directory(&path).unwrap_err(), open_or_make(&path).unwrap_err(), file(&path).unwrap_err()] {
            assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        }
    }
}
