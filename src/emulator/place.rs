//! Which directories may hold data: new ones, empty ones, and those that we made.

use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

use super::auth::SESSIONS_KEY;
use super::s3::{BLOBS, BlobId, is_ours_in_blobs};
use super::snapshot;

/// The database, in the data directory.
pub const DATABASE: &str = "footbridge.redb";
/// The directory's id, which every process that joins it has looked at.
pub const DIRECTORY_ID: &str = "directory.id";

/// The token that MCP clients send over HTTP.
pub const MCP_TOKEN: &str = "mcp.token";

/// Why a directory is not used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// It holds something, and nothing says that it is ours.
    #[error(
        "{directory} is no data directory of footbridge and not empty (it has `{found}`), so nothing was made in it: \
         choose another with --data-dir, or move what is there away"
    )]
    NotOurs {
        /// The directory.
        directory: String,
        /// Something in it that is not ours.
        found: String,
    },
    /// The bodies of objects are there, and the database that names them is not.
    #[error(
        "{directory} has the bodies of {bodies} objects in {BLOBS}/ and no database, {DATABASE}: nothing was opened and \
         nothing deleted. Put the database back, or look with `footbridge fsck`; to begin anew, move {BLOBS}/ away"
    )]
    NoDatabase {
        /// The directory.
        directory: String,
        /// How many bodies there are.
        bodies: usize,
    },
    /// It cannot be looked at.
    #[error("looking at {directory}: {source}")]
    Unreadable {
        /// The directory.
        directory: String,
        /// Why.
        source: io::Error,
    },
}

/// Fails where `directory` holds something and is not ours. To be asked before anything is made in it.
///
/// It is ours with a database or an id in it, whatever else somebody put there; else where it holds nothing but what we
/// make, such as a journal alone.
pub fn check(directory: &Path) -> Result<(), PlaceError> {
    let unreadable = |source| PlaceError::Unreadable { directory: directory.display().to_string(), source };
    if [DATABASE, DIRECTORY_ID].iter().any(|name| directory.join(name).is_file()) {
        return Ok(());
    }
    match stranger(directory).map_err(unreadable)? {
        None => Ok(()),
        Some(found) => Err(PlaceError::NotOurs { directory: directory.display().to_string(), found }),
    }
}

/// Fails where the database is missing and the bodies are not, or where what is in their place is not ours.
pub fn check_database(directory: &Path) -> Result<(), PlaceError> {
    let name = || directory.display().to_string();
    match fs::symlink_metadata(directory.join(DATABASE)) {
        // Not made anew where a link leads to a disk that is away.
        Ok(there) if there.is_symlink() && !directory.join(DATABASE).exists() => {
            return Err(PlaceError::Unreadable {
                directory: name(),
                source: io::Error::other(format!("{DATABASE} is a link to a file that is not there")),
            });
        }
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(PlaceError::Unreadable { directory: name(), source }),
    }
    let (mut bodies, mut found) = (0, None);
    let looked = each(&directory.join(BLOBS), |entry, name| {
        if BlobId::from_name(name).is_some() {
            bodies += 1;
        } else if !is_of_blobs(name) {
            found = Some(format!("{BLOBS}/{}", entry.file_name().display()));
        }
        Ok(())
    });
    looked.map_err(|source| PlaceError::Unreadable { directory: name(), source })?;
    match (found, bodies) {
        (Some(found), _) => Err(PlaceError::NotOurs { directory: name(), found }),
        (None, 0) => Ok(()),
        (None, bodies) => Err(PlaceError::NoDatabase { directory: name(), bodies }),
    }
}

/// Calls `with` for each entry of `directory` that no system made; there is none where it is missing.
fn each(directory: &Path, mut with: impl FnMut(&DirEntry, &str) -> io::Result<()>) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        // Nothing is there; where a file is in the way, whoever makes the directory says so.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        if !is_systems(name) {
            with(&entry, name)?;
        }
    }
    Ok(())
}

/// Something in `directory` that we do not make, by its path in there.
fn stranger(directory: &Path) -> io::Result<Option<String>> {
    first(directory, strange)
}

/// What is not ours of this entry, if anything.
fn strange(entry: &DirEntry, name: &str) -> io::Result<Option<String>> {
    let path = entry.path();
    if !entry.file_type()?.is_dir() {
        // On macOS the configuration is in the default data directory, and the demo's is in its store everywhere.
        let ours = matches!(name, "lock" | "owner.json" | "trusted.json" | MCP_TOKEN | SESSIONS_KEY)
            || name.starts_with(".tmp")
            || is_like(name, "footbridge", ".toml")
            || is_like(name, "footbridge.", ".log")
            || is_like(name, "footbridge.schema-", ".redb")
            || is_like(name, "new-", ".redb");
        return Ok((!ours).then(String::new));
    }
    match name {
        snapshot::FOLDER => beside(&path, |_, name| Ok(snapshot::is_ours(name))),
        "journal" => beside(&path, |_, name| Ok(name.ends_with(".ndjson"))),
        "endpoints" => beside(&path, |_, name| Ok([".lock", ".serve", ".json"].iter().any(|end| name.ends_with(end)))),
        "approvals" => beside(&path, |_, name| Ok([".lock", ".json"].iter().any(|end| name.ends_with(end)))),
        "processes" => beside(&path, |_, name| Ok([".lock", ".json"].iter().any(|end| name.ends_with(end)))),
        // One store of ours makes the folder ours, whatever else lies there.
        "stores" => beside(&path, |entry, _| Ok(entry.file_type()?.is_dir() && check(&entry.path()).is_ok())),
        BLOBS => first(&path, |_, name| Ok((!is_of_blobs(name)).then(String::new))),
        "quarantine" => first(&path, |entry, _| Ok((!entry.path().join("why.json").is_file()).then(String::new))),
        _ => Ok(Some(String::new())),
    }
}

fn is_of_blobs(name: &str) -> bool {
    BlobId::from_name(name).is_some() || is_ours_in_blobs(name)
}

/// What is not ours in a folder that is ours as soon as one thing in it `is`.
fn beside(folder: &Path, is: impl Fn(&DirEntry, &str) -> io::Result<bool>) -> io::Result<Option<String>> {
    let (mut ours, mut found) = (false, None);
    each(folder, |entry, name| {
        if is(entry, name)? {
            ours = true;
        } else if !name.starts_with(".tmp") {
            found.get_or_insert_with(|| entry.file_name().display().to_string());
        }
        Ok(())
    })?;
    Ok(found.filter(|_| !ours))
}

/// The first path below `folder` that `strange` finds; it gives what is strange below an entry, empty for the entry.
fn first(folder: &Path, strange: impl Fn(&DirEntry, &str) -> io::Result<Option<String>>) -> io::Result<Option<String>> {
    let mut found = None;
    each(folder, |entry, name| {
        if found.is_none()
            && let Some(below) = strange(entry, name)?
        {
            let name = entry.file_name().display().to_string();
            found = Some(if below.is_empty() { name } else { format!("{name}/{below}") });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Whether a system, and not a person, puts something of this name into any folder: a new volume, looking at a folder,
/// sharing it, keeping it in Git.
fn is_systems(name: &str) -> bool {
    const NAMES: [&str; 16] = [
        "lost+found",
        ".DS_Store",
        "desktop.ini",
        "Thumbs.db",
        ".gitignore",
        ".gitkeep",
        ".keep",
        ".localized",
        ".directory",
        ".Trashes",
        ".fseventsd",
        ".Spotlight-V100",
        ".TemporaryItems",
        "@eaDir",
        "System Volume Information",
        "$RECYCLE.BIN",
    ];
    NAMES.contains(&name) || [".Trash-", "._", ".nfs"].iter().any(|beginning| name.starts_with(beginning))
}

fn is_like(name: &str, beginning: &str, ending: &str) -> bool {
    name.strip_prefix(beginning).is_some_and(|rest| rest.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(paths: &[&str]) -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        for path in paths {
            let path = temp.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            if path.to_string_lossy().ends_with('/') {
                fs::create_dir_all(&path).unwrap();
            } else {
                fs::write(&path, "").unwrap();
            }
        }
        temp
    }

    #[test]
    fn what_we_made_is_ours_and_what_others_made_is_not() {
        let body = "blobs/0193a5c81f2a7c1e9d0b3f4a5b6c7d8e";
        for ours in [
            &[][..],
            &["lost+found/", ".DS_Store", ".Trash-1000/files/x", "@eaDir/x"],
            &["journal/1790000000000-1-0.ndjson", "journal/.DS_Store", "journal/old.ndjson.gz"],
            &["stores/.DS_Store", "stores/README.md", "stores/shop/footbridge.redb"],
            &["journal/1790000000000-1-0.ndjson", "footbridge.2026-11-22.log"],
            &["processes/12.lock", "processes/12.json"],
            &["approvals/12.lock", "approvals/12.answer.json"],
            &["snapshots/before.ndjson.gz", "snapshots/new-abc.tmp", "snapshots/notes.md"],
            &["mcp.token", "journal/1790000000000-1-0.ndjson"],
            &["lock", "sessions.key", "endpoints/4566.lock", "endpoints/.tmpAbC"],
            &["stores/shop/directory.id", "stores/demo/journal/1-1-0.ndjson"],
            &["stores/footbridge-demo/footbridge-demo.toml", "footbridge.toml"],
            &["directory.id", "blobs/holiday.jpg"],
            &["footbridge.redb", "notes.txt"],
            &[body, "blobs/stamp", "blobs/begun", "quarantine/2026-11-22T17-58-19Z/why.json"],
        ] {
            let temp = with(ours);
            check(temp.path()).unwrap_or_else(|error| panic!("{ours:?}: {error}"));
        }
        for (others, strange) in [
            ("main.rs", "main.rs"),
            ("journal/monday.md", "journal/monday.md"),
            ("blobs/holiday.jpg", "blobs/holiday.jpg"),
            ("logs/x.log", "logs"),
            ("stores/shop/index.html", "stores/shop"),
            ("quarantine/notes/list.txt", "quarantine/notes"),
        ] {
            let temp = with(&[others]);
            let Err(PlaceError::NotOurs { found, .. }) = check(temp.path()) else { panic!("{others}") };
            assert_eq!(found, strange);
        }
        check(&with(&[]).path().join("not/there/yet")).unwrap();
    }

    #[test]
    fn bodies_without_their_database_are_told_and_so_are_strangers_in_their_place() {
        let body = "blobs/0193a5c81f2a7c1e9d0b3f4a5b6c7d8e";
        let refused = check_database(with(&["directory.id", body]).path()).unwrap_err();
        assert!(matches!(refused, PlaceError::NoDatabase { bodies: 1, .. }), "{refused}");
        let refused = check_database(with(&["directory.id", "blobs/holiday.jpg"]).path()).unwrap_err();
        assert!(matches!(&refused, PlaceError::NotOurs { found, .. } if found == "blobs/holiday.jpg"), "{refused}");
        check_database(with(&["directory.id", "blobs/stamp", "blobs/begun"]).path()).unwrap();
        check_database(with(&["footbridge.redb", body]).path()).unwrap();
    }
}
