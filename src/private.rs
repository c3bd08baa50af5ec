//! Files and directories that their user alone may read, whatever the umask and whatever was there before.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
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
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
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
    let file = options().create(true).truncate(false).write(true).open(path)?;
    tighten(path, 0o600)?;
    Ok(file)
}

/// Makes what was made, renamed or removed in the directory at `path` last through a power cut.
#[cfg(unix)]
pub fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Elsewhere a directory cannot be opened as a file.
#[cfg(not(unix))]
pub fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Takes away from others what `mode` does not give them, where the file at `path` is ours.
pub fn file(path: &Path) -> io::Result<()> {
    tighten(path, 0o600).map(drop)
}

#[cfg(unix)]
fn tighten(path: &Path, mode: u32) -> io::Result<Option<u32>> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let there = fs::metadata(path)?;
    let open = there.mode() & 0o077;
    if open == 0 {
        return Ok(None);
    }
    if there.uid() != rustix::process::geteuid().as_raw() {
        return Ok(Some(there.mode() & 0o777));
    }
    // What its user took from himself stays so.
    fs::set_permissions(path, fs::Permissions::from_mode(there.mode() & mode))?;
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
}
