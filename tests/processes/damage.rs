//! Stale, deleted and replaced files of the data directory.

use serde_json::json;

use super::{Called, Mcp, footbridge, holder, owner, until};
#[cfg(unix)]
use crate::port::Port;

#[test]
fn what_a_killed_process_left_is_no_obstacle_even_where_its_ports_are_anothers_now() {
    let temp = tempfile::tempdir().unwrap();
    let (here, there) = (temp.path().join("here"), temp.path().join("there"));
    for place in [&here, &there] {
        std::fs::create_dir(place).unwrap();
    }
    let first = Mcp::start(&here, 0);
    first.call("dynamodb_create_table", &json!({"table": "users", "keys": {"pk": "S"}}));
    first.process.kill();
    // Another directory's footbridge listens where the killed one did.
    let other = Mcp::start(&there, 0);
    let url = other.call("bridge_status", &json!({}))["endpoint"].as_str().unwrap().to_owned();
    let file = |place: &std::path::Path, name: &str| place.join("data").join(name);
    let read = |path| serde_json::from_slice::<serde_json::Value>(&std::fs::read(path).unwrap()).unwrap();
    let theirs = read(file(&there, "owner.json"));
    let mut stale = read(file(&here, "owner.json"));
    stale["address"] = theirs["address"].clone();
    std::fs::write(file(&here, "owner.json"), stale.to_string()).unwrap();
    let announced = std::fs::read_dir(file(&there, "endpoints")).unwrap().map(|entry| entry.unwrap());
    let announced = announced.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "json"));
    for entry in announced {
        std::fs::copy(entry.path(), file(&here, "endpoints").join(entry.file_name())).unwrap();
    }
    let environment = footbridge(&here, 0, &["--json", "env"]).output().unwrap();
    assert!(!String::from_utf8(environment.stdout).unwrap().contains(&url), "that is another directory's");
    let next = Mcp::start(&here, 0);
    assert_eq!(next.call("dynamodb_list_tables", &json!({}))["tables"], json!(["users"]));
    assert_ne!(next.call("bridge_status", &json!({}))["endpoint"], url);
    assert_eq!(other.call("dynamodb_list_tables", &json!({}))["tables"], json!([]));
}

#[cfg(unix)]
#[test]
fn lock_files_that_somebody_deleted_make_no_second_owner() {
    let temp = tempfile::tempdir().unwrap();
    let (place, reserved) = (temp.path(), Port::reserve());
    let port = reserved.number();
    let first = Mcp::start(place, port);
    first.call("dynamodb_create_table", &json!({"table": "users", "keys": {"pk": "S"}}));
    std::fs::remove_file(place.join("data/lock")).unwrap();
    std::fs::remove_file(place.join(format!("data/endpoints/{port}.lock"))).unwrap();
    let second = Mcp::start(place, port);
    second.call("dynamodb_put_items", &json!({"table": "users", "items": [{"pk": "through the first"}]}));
    let count = |mcp: &Mcp| mcp.call("dynamodb_scan", &json!({"table": "users", "count": true}))["count"].clone();
    assert_eq!((count(&first), count(&second)), (json!(1), json!(1)));
    assert_eq!((owner(place), holder(port)), (Some(first.process.pid()), Some(first.process.pid())));
    first.process.kill();
    let survivor = Some(second.process.pid());
    until("the second takes over", || owner(place) == survivor && holder(port) == survivor);
    assert_eq!(count(&second), 1);
}

#[cfg(unix)]
#[test]
fn a_directory_that_was_replaced_is_not_mistaken_for_the_old_one() {
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path();
    let first = Mcp::start(place, 0);
    first.call("dynamodb_create_table", &json!({"table": "users", "keys": {"pk": "S"}}));
    let second = Mcp::start(place, 0);
    std::fs::remove_dir_all(place.join("data")).unwrap();
    let other = Mcp::start(place, 0);
    assert_eq!(other.call("dynamodb_list_tables", &json!({}))["tables"], json!([]));
    first.process.kill();
    let Called::Refused(error) = second.try_call("dynamodb_list_tables", &json!({})) else {
        panic!("the old directory is gone")
    };
    assert!(error.contains("replaced by another since this process started"), "{error}");
    assert_eq!(owner(place), Some(other.process.pid()));
    assert_eq!(other.call("dynamodb_list_tables", &json!({}))["tables"], json!([]));
}

#[cfg(unix)]
#[test]
fn a_write_to_a_directory_that_was_deleted_is_not_acknowledged() {
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path();
    let owner = Mcp::start(place, 0);
    owner.call("dynamodb_create_table", &json!({"table": "users", "keys": {"pk": "S"}}));
    owner.call("s3_create_bucket", &json!({"bucket": "photos"}));
    // The journal's thread may make a file there while it is removed.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while let Err(error) = std::fs::remove_dir_all(place.join("data")) {
        assert!(std::time::Instant::now() < deadline, "{error}");
    }
    for (tool, arguments) in [
        ("dynamodb_put_items", json!({"table": "users", "items": [{"pk": "nowhere"}]})),
        ("s3_put_object", json!({"bucket": "photos", "key": "nowhere", "text": "lost"})),
    ] {
        let Called::Refused(error) = owner.try_call(tool, &arguments) else {
            panic!("{tool}: only an unlinked file has it")
        };
        assert!(error.contains("the data directory was deleted or replaced while it was in use"), "{tool}: {error}");
    }
}
