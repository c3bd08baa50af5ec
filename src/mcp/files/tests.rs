use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::time::SystemTime;

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
            assert_eq!((error.code.as_str(), error.retryable), ("file_changed", true), "{what} after {before} bytes");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_is_made_to_look_as_before_is_another() {
    use std::os::unix::fs::MetadataExt;
    let place = place();
    let path = place.inside.join("open.txt");
    let stamp = || place.files.open("open.txt").unwrap().stamp();
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let write = |path: &std::path::Path| {
        fs::write(path, "HELLO").unwrap();
        File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
    };
    let before = stamp();
    assert_eq!(stamp(), before);
    let other = place.inside.join("other.txt");
    write(&other);
    fs::rename(&other, &path).unwrap();
    let renamed = stamp();
    assert_ne!(renamed, before);
    // In place; a system's clock moves in steps.
    let changed = || fs::metadata(&path).map(|found| (found.ctime(), found.ctime_nsec())).unwrap();
    let then = changed();
    while changed() == then {
        write(&path);
    }
    assert_ne!(stamp(), renamed);
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

#[test]
fn names_that_begin_with_a_dot_are_refused_both_ways_unless_a_person_named_them() {
    let place = place();
    for directory in [".git/hooks", ".claude", "sub/.vscode"] {
        fs::create_dir_all(place.inside.join(directory)).unwrap();
    }
    for file in [".env", ".git/config", ".claude/settings.json", "sub/.vscode/tasks.json"] {
        fs::write(place.inside.join(file), "s").unwrap();
    }
    let absolute = place.inside.join(".env");
    for path in [
        ".env",
        "./.env",
        "sub/../.env",
        ".git/config",
        ".claude/settings.json",
        "sub/.vscode/tasks.json",
        ".not-there",
        "\u{200b}.env",
        absolute.to_str().unwrap(),
    ] {
        let error = place.files.open(path).unwrap_err();
        assert_eq!(error.code, "file_not_allowed", "{path}: {error}");
        assert!(error.message.contains("begins with a dot"), "{path}: {error}");
    }
    for path in [".mcp.json", ".git/hooks/pre-commit", ".claude/new.json", "sub/.new/x", "\u{feff}.mcp.json"] {
        let error = place.files.create(path).unwrap_err();
        assert!(error.message.contains("begins with a dot"), "{path}: {error}");
        assert!(place.files.folder(path).unwrap_err().message.contains("begins with a dot"), "{path}");
    }
    // One that is named is allowed, with what is in it, and no other.
    let named = Files::new(&[place.inside.clone(), place.inside.join(".claude"), place.inside.join(".env")]);
    assert_eq!(named.open(".env").unwrap().size(), 1);
    assert_eq!(named.open(".claude/settings.json").unwrap().size(), 1);
    named.create(".claude/new.json").unwrap().keep().unwrap();
    assert_eq!(code(named.open(".git/config")), "file_not_allowed");
    assert_eq!(code(named.create(".claude/.hidden")), "file_not_allowed");
    assert_eq!(code(named.create(".env2")), "file_not_allowed");
    // A dot above the allowed directory is none of ours.
    let below = Files::new(&[place.inside.join("sub/.vscode")]);
    assert_eq!(below.open("tasks.json").unwrap().size(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_into_the_allowed_directory_leads_there_and_to_no_dot() {
    let place = place();
    fs::create_dir(place.inside.join(".git")).unwrap();
    fs::create_dir(place.inside.join("real")).unwrap();
    fs::write(place.inside.join(".git/config"), "s").unwrap();
    let link = |name: &str, to: &str| std::os::unix::fs::symlink(to, place.inside.join(name)).unwrap();
    link("alias", "real");
    link("plain", ".git");
    link("innocent.txt", ".git/config");
    place.files.create("alias/new").unwrap().keep().unwrap();
    assert!(place.inside.join("real/new").exists());
    for path in ["plain/config", "innocent.txt"] {
        assert!(place.files.open(path).unwrap_err().message.contains("begins with a dot"), "{path}");
    }
    assert_eq!(code(place.files.create("plain/new")), "file_not_allowed");
}

#[cfg(unix)]
#[test]
fn a_pipe_and_a_socket_are_no_files_and_keep_nobody_waiting() {
    let place = place();
    rustix::fs::mknodat(rustix::fs::CWD, place.inside.join("pipe"), rustix::fs::FileType::Fifo, 0o600.into(), 0)
        .unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(place.inside.join("socket")).unwrap();
    for path in ["pipe", "socket", "."] {
        assert_eq!(code(place.files.open(path)), "file_not_allowed", "{path}");
    }
}

/// Swaps what bears a name in the allowed directory, over and over, for as long as it lives.
#[cfg(unix)]
struct Swapping {
    over: std::sync::Arc<std::sync::atomic::AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

#[cfg(unix)]
impl Swapping {
    fn of(names: [PathBuf; 3]) -> Self {
        use std::sync::atomic::{AtomicBool, Ordering};
        let over = std::sync::Arc::new(AtomicBool::new(false));
        let seen = std::sync::Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            let [name, one, other] = names;
            let spare = name.with_extension("spare");
            while !seen.load(Ordering::Relaxed) {
                // What is there goes aside, and the other comes in its place; then back.
                for (away, here) in [(&one, &other), (&other, &one)] {
                    let _ = fs::rename(&name, &spare);
                    let _ = fs::rename(here, &name);
                    let _ = fs::rename(&spare, away);
                }
            }
        });
        Self { over, thread: Some(thread) }
    }
}

#[cfg(unix)]
impl Drop for Swapping {
    fn drop(&mut self) {
        self.over.store(true, std::sync::atomic::Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
    }
}

/// How often is tried while somebody swaps.
#[cfg(unix)]
const TRIES: usize = 4000;

#[cfg(unix)]
#[test]
fn whoever_swaps_links_and_pipes_while_a_file_is_opened_gets_nothing_from_outside() {
    let place = place();
    let at = |name: &str| place.inside.join(name);
    fs::create_dir(at("sub")).unwrap();
    fs::write(at("sub/secret"), "inside").unwrap();
    std::os::unix::fs::symlink("..", at("other")).unwrap();
    // `sub` is a directory with a file of that name, or a link to the directory outside, which has one too.
    let outside = place.inside.parent().unwrap().join("secret");
    fs::write(outside, "outside").unwrap();
    {
        let _swapping = Swapping::of([at("sub"), at("one"), at("other")]);
        for _ in 0..TRIES {
            if let Ok(mut file) = place.files.open("sub/secret") {
                assert_eq!(file.next(99).unwrap(), b"inside");
            }
        }
    }
    // A name that is a file, a link out or a pipe.
    fs::write(at("file"), "inside").unwrap();
    std::os::unix::fs::symlink("../secret", at("out")).unwrap();
    let pipe = at("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    for other in ["out", "pipe"] {
        let _swapping = Swapping::of([at("file"), at("one"), at(other)]);
        for _ in 0..TRIES {
            if let Ok(mut file) = place.files.open("file") {
                assert_eq!(file.next(99).unwrap(), b"inside");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn whoever_swaps_directories_while_a_file_is_written_gets_it_nowhere_else() {
    let place = place();
    let outside = place.inside.parent().unwrap().join("in-too");
    fs::remove_file(outside.join("secret")).unwrap();
    let at = |name: &str| place.inside.join(name);
    fs::create_dir(at("sub")).unwrap();
    std::os::unix::fs::symlink("../in-too", at("other")).unwrap();
    {
        let _swapping = Swapping::of([at("sub"), at("one"), at("other")]);
        for n in 0..TRIES / 8 {
            if let Ok(new) = place.files.create(&format!("sub/{n}")) {
                new.write(b"text").unwrap();
                let _ = new.keep();
            }
            if let Ok(new) = place.files.folder("sub").and_then(|folder| folder.create(&format!("deep/{n}"))) {
                let _ = new.keep();
            }
        }
    }
    let outside: Vec<_> = fs::read_dir(outside).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(outside.is_empty(), "{outside:?}");
}

#[test]
fn a_folder_takes_files_and_makes_its_directories() {
    let place = place();
    let folder = place.files.folder("new/deep").unwrap();
    assert!(!place.inside.join("new").exists(), "nothing is made before the first file");
    assert_eq!(folder.size("a/b.txt"), None);
    let new = folder.create("a/b.txt").unwrap();
    new.write(b"text").unwrap();
    new.keep().unwrap();
    assert_eq!(fs::read(place.inside.join("new/deep/a/b.txt")).unwrap(), b"text");
    assert_eq!(code(folder.create("a/b.txt")), "file_exists");
    let folder = place.files.folder("new/deep").unwrap();
    assert_eq!(folder.size("a/b.txt"), Some(4));
    assert_eq!(folder.open("a/b.txt").unwrap().next(9).unwrap(), b"text");
    fs::write(place.inside.join("new/deep/.env"), "s").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hostname", place.inside.join("new/deep/link")).unwrap();
    let found = folder.files().unwrap();
    assert_eq!(found[0], Entry::PassedOver(".env".into(), "its name begins with a dot"));
    assert_eq!(found[1], Entry::File("a/b.txt".into(), 4));
    #[cfg(unix)]
    assert_eq!(found[2], Entry::PassedOver("link".into(), "it is a link or no plain file"));
    for path in ["../out", "open.txt/x", "", "a/../../x"] {
        assert!(place.files.folder(path).is_err() || place.files.folder(path).unwrap().create("x").is_err(), "{path}");
    }
    assert!(place.files.folder("none").unwrap().files().is_err());
}

#[test]
fn one_path_that_is_too_long_drops_nothing_beside_it() {
    let place = place();
    // Steps of a path, each opened beneath the one before: a system takes no path this long at once.
    let deep = "d".repeat(250);
    let mut at = place.inside.clone();
    for _ in 0..3 {
        at.push(&deep);
    }
    fs::create_dir_all(&at).unwrap();
    let folder = place.files.folder(".").unwrap();
    for name in ["a".repeat(250), "e".repeat(250), "z".to_owned()] {
        fs::write(at.join(name), "x").unwrap();
    }
    let deeper = at.join("c".repeat(250));
    fs::create_dir(&deeper).unwrap();
    for name in ["m".repeat(250), "n".to_owned()] {
        fs::write(deeper.join(name), "x").unwrap();
    }
    let found = folder.files().unwrap();
    let names = |wanted: fn(&Entry) -> bool| found.iter().filter(|entry| wanted(entry)).count();
    let passed =
        found.iter().filter(|entry| matches!(entry, Entry::PassedOver(_, why) if why.contains("longer"))).count();
    assert_eq!((names(|entry| matches!(entry, Entry::File(..))), passed), (5, 1), "{found:?}");
}

#[test]
fn a_full_disk_is_told_from_a_name_that_cannot_be() {
    for (kind, code) in [
        (io::ErrorKind::StorageFull, "disk_error"),
        (io::ErrorKind::QuotaExceeded, "disk_error"),
        (io::ErrorKind::ReadOnlyFilesystem, "disk_error"),
        (io::ErrorKind::InvalidFilename, "file_error"),
        (io::ErrorKind::NotADirectory, "file_error"),
        (io::ErrorKind::PermissionDenied, "file_error"),
    ] {
        assert_eq!(refused("a", &kind.into()).code, code, "{kind}");
    }
    #[cfg(unix)]
    assert_eq!(refused("a", &io::Error::from_raw_os_error(24)).code, "disk_error", "too many open files");
}
