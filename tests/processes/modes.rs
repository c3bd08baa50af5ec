//! What we make is for its user alone, also in a directory that was there before and whatever the umask says.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::json;

use super::{Mcp, Serve, call, until, upgrade};
use crate::port::Port;

/// What below `directory`, and itself, others may do anything with.
fn open_to_others(directory: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(directory).into_iter().filter_map(Result::ok);
    let modes =
        entries.filter_map(|entry| Some((entry.path().to_owned(), entry.metadata().ok()?.permissions().mode())));
    modes
        .filter(|(_, mode)| mode & 0o077 != 0)
        .map(|(path, mode)| format!("{} {:o}", path.display(), mode & 0o7777))
        .collect()
}

fn open_up(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn after_a_busy_session_nothing_in_the_directory_is_open_to_others() {
    let temp = tempfile::tempdir().unwrap();
    let (place, data) = (temp.path(), temp.path().join("data"));
    upgrade::unpack(&data);
    for (file, mode) in [("", 0o755), ("blobs", 0o777), ("footbridge.redb", 0o644), ("directory.id", 0o644)] {
        open_up(&data.join(file), mode);
    }
    std::fs::create_dir(data.join("endpoints")).unwrap();
    for file in ["lock", "owner.json"] {
        std::fs::write(data.join(file), "").unwrap();
        open_up(&data.join(file), 0o666);
    }
    // Files are made with this process's mask: what others do meanwhile is in directories of their own.
    let mask = rustix::process::umask(rustix::fs::Mode::empty());
    let reserved = Port::reserve();
    let server = Mcp::start(place, reserved.number());
    let serve = Serve::start(place, reserved.number());
    rustix::process::umask(mask);
    server.call("s3_create_bucket", &json!({"bucket": "busy"}));
    for n in 0..20 {
        let text = "x".repeat(if n % 5 == 0 { 100_000 } else { 10 });
        server.call("s3_put_object", &json!({"bucket": "busy", "key": format!("{n}"), "text": text}));
    }
    call(place, "dynamodb_create_table", &json!({"table": "busy", "keys": {"pk": "S"}}));
    // A body on its way to its file has the mask's mode until it is whole, in a directory that is its user's alone.
    until("nothing is open to others while it runs", || open_to_others(&data).is_empty());
    serve.kill();
    server.end();
    // A body without a row and without a stamp goes to the quarantine.
    let stray = data.join("blobs/0193a5c81f2a7c1e9d0b3f4a5b6c7d8e");
    std::fs::write(&stray, "whose?").unwrap();
    open_up(&stray, 0o644);
    std::fs::remove_file(data.join("blobs/stamp")).unwrap();
    call(place, "s3_list_buckets", &json!({}));
    assert!(data.join("quarantine").exists());
    assert_eq!(open_to_others(&data), Vec::<String>::new(), "afterwards");
    upgrade::check(place);
}

#[test]
fn one_run_as_root_leaves_everything_to_the_owner_of_the_directory() {
    use std::os::unix::fs::{MetadataExt, chown};
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let temp = tempfile::tempdir().unwrap();
    let (place, data) = (temp.path(), temp.path().join("data"));
    std::fs::create_dir(&data).unwrap();
    chown(&data, Some(4321), Some(4321)).unwrap();
    let roots = || {
        let entries = walkdir::WalkDir::new(&data).into_iter().filter_map(Result::ok);
        let roots = entries.filter(|entry| entry.metadata().is_ok_and(|metadata| metadata.uid() != 4321));
        roots.map(|entry| entry.path().to_owned()).collect::<Vec<_>>()
    };
    let reserved = Port::reserve();
    let serve = Serve::start(place, reserved.number());
    call(place, "s3_create_bucket", &json!({"bucket": "busy"}));
    for (key, length) in [("small", 10), ("large", 100_000)] {
        call(place, "s3_put_object", &json!({"bucket": "busy", "key": key, "text": "x".repeat(length)}));
    }
    super::until("the small body is moved to its file", || super::bodies(&data) == 2);
    super::until("nothing is root's", || roots().is_empty());
    serve.kill();
    // A stray body goes to the quarantine.
    std::fs::write(data.join("blobs/0193a5c81f2a7c1e9d0b3f4a5b6c7d8e"), "whose?").unwrap();
    call(place, "s3_list_buckets", &json!({}));
    assert!(data.join("quarantine").exists());
    assert_eq!(roots(), Vec::<std::path::PathBuf>::new());
}
