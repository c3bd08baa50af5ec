//! Databases and bodies that were lost, put back or mixed up: no body is lost by opening them.

use std::io::Write as _;
use std::path::Path;

use footbridge::emulator::store::{Medium, Read as _, Store, Table};
use serde_json::{Value, json};

use super::kills::fsck;
use super::{Mcp, bodies, call, ended, footbridge, quarantined, tree, until};

const LARGE: usize = 100_000;

/// An MCP server with a bucket, on a data directory of its own.
fn with_bucket(place: &Path) -> Mcp {
    let server = Mcp::start(place, 0);
    server.call("s3_create_bucket", &json!({"bucket": "photos"}));
    server
}

fn put(server: &Mcp, key: &str, text: &str) {
    server.call("s3_put_object", &json!({"bucket": "photos", "key": key, "text": text}));
}

/// Waits until `count` bodies have left the database for their files.
fn settled(data: &Path, count: usize) {
    until("small bodies are moved to their files", || bodies(data) == count);
}

fn text(place: &Path, key: &str) -> String {
    let got = call(place, "s3_get_object", &json!({"bucket": "photos", "key": key}));
    got["text"].as_str().unwrap_or_else(|| panic!("{got}")).to_owned()
}

#[test]
fn an_older_database_that_is_put_back_costs_no_body_and_is_told_once() {
    let temp = tempfile::tempdir().unwrap();
    let (place, data) = (temp.path(), temp.path().join("data"));
    let server = with_bucket(place);
    put(&server, "before", "before");
    server.end();
    std::fs::copy(data.join("footbridge.redb"), place.join("older")).unwrap();
    let server = Mcp::start(place, 0);
    put(&server, "small", "since");
    put(&server, "large", &"x".repeat(LARGE));
    settled(&data, 3);
    server.end();

    std::fs::copy(place.join("older"), data.join("footbridge.redb")).unwrap();
    assert_eq!(text(place, "before"), "before");
    let since = vec![b"since".to_vec(), vec![b'x'; LARGE]];
    let [(why, aside)] = quarantined(&data).try_into().unwrap();
    assert!(why.contains("the database is older than the bodies"), "{why}");
    assert!(aside == since);
    let (_, doctor) = ended(footbridge(place, 0, &["doctor"]));
    assert!(doctor.contains("2 bodies of objects (100005 bytes) were moved aside"), "{doctor}");

    // From here on this is the database, and nothing is in doubt any more.
    let server = Mcp::start(place, 0);
    let problem = server.call("bridge_status", &json!({}))["problems"][0].as_str().unwrap().to_owned();
    assert!(problem.contains("2 bodies of objects (100005 bytes) were moved aside"), "{problem}");
    put(&server, "after", "after");
    settled(&data, 2);
    server.end();
    assert_eq!(text(place, "after"), "after");
    assert_eq!(quarantined(&data).len(), 1);
}

#[test]
fn a_copy_taken_while_it_was_open_and_put_back_after_a_kill_costs_no_body() {
    for clean in [false, true] {
        let temp = tempfile::tempdir().unwrap();
        let (place, data) = (temp.path(), temp.path().join("data"));
        let server = with_bucket(place);
        put(&server, "before", "before");
        settled(&data, 1);
        std::fs::copy(data.join("footbridge.redb"), place.join("hot")).unwrap();
        put(&server, "small", "since");
        put(&server, "large", &"x".repeat(LARGE));
        settled(&data, 3);
        if clean {
            server.end();
        } else {
            server.process.kill();
        }
        std::fs::copy(place.join("hot"), data.join("footbridge.redb")).unwrap();
        assert_eq!(text(place, "before"), "before");
        let [(why, aside)] = quarantined(&data).try_into().unwrap();
        assert!(why.contains("the database is older than the bodies"), "clean: {clean}: {why}");
        assert!(aside == [b"since".to_vec(), vec![b'x'; LARGE]], "clean: {clean}");
    }
}

#[test]
fn what_a_kill_left_over_is_swept_and_what_it_did_not_is_all_there() {
    let temp = tempfile::tempdir().unwrap();
    let (place, data) = (temp.path(), temp.path().join("data"));
    let server = with_bucket(place);
    put(&server, "small", "kept");
    settled(&data, 1);
    server.process.kill();
    // As a write that broke off leaves them: whole and without a row, and not whole.
    let begun = std::fs::OpenOptions::new().append(true).open(data.join("blobs/begun")).unwrap();
    writeln!(&begun, "0193a5c81f2a7c1e9d0b3f4a5b6c7d8e").unwrap();
    std::fs::write(data.join("blobs/0193a5c81f2a7c1e9d0b3f4a5b6c7d8e"), "no row").unwrap();
    std::fs::write(data.join("blobs/0193a5c81f2a7c1e9d0b3f4a5b6c7d8f#1"), "half").unwrap();
    // What somebody else put there is nobody's business.
    std::fs::write(data.join("blobs/holiday#1.jpg"), "a picture").unwrap();
    let server = Mcp::start(place, 0);
    settled(&data, 1);
    server.end();
    assert_eq!(text(place, "small"), "kept");
    assert!(!data.join("blobs/0193a5c81f2a7c1e9d0b3f4a5b6c7d8f#1").exists());
    assert!(data.join("blobs/holiday#1.jpg").exists());
    assert_eq!(quarantined(&data), []);
}

#[test]
fn without_its_database_nothing_opens_and_nothing_is_deleted() {
    let temp = tempfile::tempdir().unwrap();
    let (place, data) = (temp.path(), temp.path().join("data"));
    let server = with_bucket(place);
    put(&server, "small", "kept");
    put(&server, "large", &"x".repeat(LARGE));
    settled(&data, 2);
    server.end();
    std::fs::rename(data.join("footbridge.redb"), place.join("away")).unwrap();
    let there = tree(&data.join("blobs"));
    for command in [&["serve"][..], &["call", "s3_list_buckets"], &["doctor"]] {
        let (succeeded, said) = ended(footbridge(place, 0, command));
        assert!(!succeeded, "{command:?}: {said}");
        assert!(said.contains("the bodies of 2 objects in blobs/ and no database, footbridge.redb"), "{said}");
        assert!(said.contains("footbridge fsck"), "{said}");
    }
    assert_eq!(tree(&data.join("blobs")), there);
    assert!(!data.join("footbridge.redb").exists());
    std::fs::rename(place.join("away"), data.join("footbridge.redb")).unwrap();
    assert_eq!(text(place, "small"), "kept");
    assert_eq!(quarantined(&data), []);
}

#[test]
fn bodies_of_another_directory_and_a_database_without_its_own_are_told_apart() {
    let temp = tempfile::tempdir().unwrap();
    let (here, there) = (temp.path().join("here"), temp.path().join("there"));
    for (place, body) in [(&here, "ours"), (&there, "theirs")] {
        std::fs::create_dir(place).unwrap();
        let server = with_bucket(place);
        put(&server, "key", body);
        settled(&place.join("data"), 1);
        server.end();
    }
    let data = here.join("data");
    std::fs::rename(data.join("blobs"), here.join("ours")).unwrap();
    std::fs::rename(there.join("data/blobs"), data.join("blobs")).unwrap();
    let (_, doctor) = ended(footbridge(&here, 0, &["doctor"]));
    assert!(doctor.contains("1 bodies that the database names are missing"), "{doctor}");
    assert!(doctor.contains("the bodies are those of another data directory"), "{doctor}");
    let aside = |data: &Path| quarantined(data).into_iter().map(|(_, bodies)| bodies).collect::<Vec<_>>();
    assert_eq!(aside(&data), [[b"theirs".to_vec()]]);
    // Our own come back as they went, and are whole again with the database that names them.
    std::fs::remove_dir_all(data.join("blobs")).unwrap();
    std::fs::rename(here.join("ours"), data.join("blobs")).unwrap();
    assert_eq!(text(&here, "key"), "ours");
    assert_eq!(aside(&data).len(), 1, "they were older than the database, and it names all of them");
}

#[test]
fn a_stamp_that_is_lost_or_damaged_proves_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let (place, data) = (temp.path(), temp.path().join("data"));
    with_bucket(place).end();
    for (count, stamp) in [None, Some("identity nobody\n")].into_iter().enumerate() {
        match stamp {
            None => std::fs::remove_file(data.join("blobs/stamp")).unwrap(),
            Some(text) => std::fs::write(data.join("blobs/stamp"), text).unwrap(),
        }
        std::fs::write(data.join("blobs/0193a5c81f2a7c1e9d0b3f4a5b6c7d8e"), "whose?").unwrap();
        call(place, "s3_list_buckets", &json!({}));
        assert_eq!(quarantined(&data).len(), count + 1);
        assert_eq!(bodies(&data), 0);
    }
}

#[test]
fn an_opening_that_broke_off_between_its_two_stamps_costs_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let (place, data) = (temp.path(), temp.path().join("data"));
    let server = with_bucket(place);
    put(&server, "small", "kept");
    settled(&data, 1);
    server.end();
    // The database is stamped first: broken off after that, the folder's stamp is the one before.
    let before = std::fs::read(data.join("blobs/stamp")).unwrap();
    call(place, "s3_list_buckets", &json!({}));
    std::fs::write(data.join("blobs/stamp"), &before).unwrap();
    std::fs::write(data.join("blobs/stamp#1"), &before[..9]).unwrap();
    assert_eq!(text(place, "small"), "kept");
    assert_eq!((bodies(&data), quarantined(&data)), (1, Vec::new()));
    assert!(!data.join("blobs/stamp#1").exists());
}

#[test]
fn in_a_directory_that_is_somebody_elses_nothing_is_made_and_nothing_is_lost() {
    let temp = tempfile::tempdir().unwrap();
    let (place, data) = (temp.path(), temp.path().join("data"));
    std::fs::create_dir_all(data.join("blobs")).unwrap();
    std::fs::write(data.join("blobs/holiday.jpg"), "a picture").unwrap();
    std::fs::write(data.join("blobs/0193a5c81f2a7c1e9d0b3f4a5b6c7d8e"), "it looks like ours").unwrap();
    std::fs::write(data.join("blobs/notes#1"), "and this like an unfinished one").unwrap();
    let there = tree(&data);
    for command in [
        &["serve"][..],
        &["mcp"],
        &["call", "s3_list_buckets"],
        &["doctor"],
        &["--store", "shop", "serve"],
        &["--store", "shop", "call", "s3_list_buckets"],
        &["--backend", "aws", "call", "s3_list_buckets"],
    ] {
        let (_, said) = ended(footbridge(place, 0, command));
        assert!(said.contains("is no data directory of footbridge and not empty"), "{command:?}: {said}");
        assert_eq!(tree(&data), there, "{command:?}");
    }
}

#[test]
fn a_directory_that_has_a_journal_alone_is_ours() {
    let temp = tempfile::tempdir().unwrap();
    let (place, data) = (temp.path(), temp.path().join("data"));
    with_bucket(place).end();
    for entry in std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_name() == "journal" || entry.file_name() == "lock" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            std::fs::remove_dir_all(entry.path()).unwrap();
        } else {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
    assert_eq!(call(place, "s3_list_buckets", &json!({}))["buckets"], json!([]));
}

/// Copies all of `from` over what is in `to`, as `cp -a from/. to/` does.
fn copy_over(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let to = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(&to).unwrap();
        } else {
            std::fs::copy(entry.path(), &to).unwrap();
        }
    }
}

#[test]
fn a_backup_that_is_put_back_over_the_directory_costs_no_newer_body() {
    // Ended or killed, and with a backup that has the list of what was begun or has it not.
    for (clean, listed) in [(true, true), (false, true), (false, false)] {
        let temp = tempfile::tempdir().unwrap();
        let (place, data) = (temp.path(), temp.path().join("data"));
        with_bucket(place).end();
        copy_over(&data, &place.join("backup"));
        if !listed {
            std::fs::remove_file(place.join("backup/blobs/begun")).unwrap();
        }
        let server = Mcp::start(place, 0);
        put(&server, "small", "since");
        put(&server, "large", &"x".repeat(LARGE));
        settled(&data, 2);
        if clean {
            server.end();
        } else {
            server.process.kill();
        }
        std::fs::copy(data.join("footbridge.redb"), place.join("held")).unwrap();
        copy_over(&place.join("backup"), &data);

        // Both bear one stamp. A check says beforehand what the start is about to do.
        let (code, report) = fsck(place, &[]);
        assert_eq!((code, &report["findings"]), (Some(0), &json!([])), "{report}");
        let leftover = report["waiting"]["orphans"].as_array().unwrap().iter().map(|orphan| &orphan["leftover"]);
        assert_eq!(leftover.collect::<Vec<_>>(), [false, false], "{report}");
        call(place, "s3_list_buckets", &json!({}));
        let [(why, aside)] = quarantined(&data).try_into().unwrap();
        assert!(why.contains("put back over a newer one"), "{why}");
        assert!(aside == [b"since".to_vec(), vec![b'x'; LARGE]], "clean: {clean}, listed: {listed}");
        let (_, doctor) = ended(footbridge(place, 0, &["doctor"]));
        assert!(doctor.contains("2 bodies of objects (100005 bytes) were moved aside"), "{doctor}");

        // The newer database comes back, and every object with it.
        std::fs::copy(place.join("held"), data.join("footbridge.redb")).unwrap();
        assert_eq!(fsck(place, &["--repair"]).0, Some(0));
        // With every byte that it had.
        assert_eq!(fsck(place, &[]).0, Some(0));
        assert_eq!(text(place, "small"), "since");
    }
}

#[test]
fn a_body_that_was_deleted_in_another_copy_alone_is_kept() {
    let temp = tempfile::tempdir().unwrap();
    let (place, data, other) = (temp.path(), temp.path().join("data"), temp.path().join("other"));
    let server = with_bucket(place);
    put(&server, "key", "kept");
    settled(&data, 1);
    server.end();
    copy_over(&data, &other.join("data"));
    call(&other, "s3_list_buckets", &json!({}));
    // Deleted in the copy while somebody reads it, and killed: the row is there still, and counts nothing.
    let store = Store::open(Medium::File(other.join("data/footbridge.redb"))).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let deleted = store.write(|txn| {
        let rows = txn.prefix(Table::Blobs, &[])?.map(|row| row.map(|row| (row.key().to_vec(), row.value().to_vec())));
        let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
        for (key, row) in &rows {
            let mut counted: Value = serde_json::from_slice(row).unwrap();
            counted["references"] = json!(0);
            txn.put(Table::Blobs, key.clone(), counted.to_string().into_bytes());
        }
        txn.clear(Table::Versions);
        Ok::<_, footbridge::emulator::store::StoreError>(rows.len())
    });
    assert_eq!(runtime.block_on(deleted).unwrap(), 1);
    store.close();

    // The databases are mixed up, and then ours comes back.
    std::fs::rename(data.join("footbridge.redb"), place.join("ours")).unwrap();
    std::fs::copy(other.join("data/footbridge.redb"), data.join("footbridge.redb")).unwrap();
    call(place, "s3_list_buckets", &json!({}));
    let [(_, aside)] = quarantined(&data).try_into().unwrap();
    assert_eq!(aside, [b"kept".to_vec()]);
    std::fs::rename(place.join("ours"), data.join("footbridge.redb")).unwrap();
    assert_eq!(fsck(place, &["--repair"]).0, Some(0));
    assert_eq!(text(place, "key"), "kept");
}

#[test]
fn strangers_in_the_folder_of_bodies_are_in_nobodys_way() {
    let temp = tempfile::tempdir().unwrap();
    let (place, data) = (temp.path(), temp.path().join("data"));
    let server = with_bucket(place);
    put(&server, "key", "kept");
    settled(&data, 1);
    server.end();
    let in_place_of = |name: &str| {
        std::fs::remove_file(data.join("blobs").join(name)).unwrap();
        std::fs::create_dir(data.join("blobs").join(name)).unwrap();
    };
    std::fs::create_dir(data.join("blobs/lost+found")).unwrap();
    in_place_of("stamp");
    assert_eq!(text(place, "key"), "kept");
    assert!(data.join("blobs/stamp").is_file());
    in_place_of("begun");
    assert_eq!(text(place, "key"), "kept");
    // One that is not empty is somebody's, and is named.
    in_place_of("stamp");
    std::fs::write(data.join("blobs/stamp/note"), "mine").unwrap();
    let (succeeded, said) = ended(footbridge(place, 0, &["call", "s3_list_buckets"]));
    assert!(!succeeded && said.contains("blobs/stamp: "), "{said}");
    assert_eq!(said.matches("irectory").count(), 1, "{said}");
    assert_eq!(std::fs::read(data.join("blobs/stamp/note")).unwrap(), b"mine");
}
