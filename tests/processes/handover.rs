//! What one process has, another takes when it ends.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Mcp, Serve, free_port, owner, until};

/// The process that answers at the port.
fn holder(port: u16) -> Option<u32> {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    stream.write_all(b"GET /_footbridge/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let health: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()?;
    u32::try_from(health["pid"].as_u64()?).ok()
}

#[test]
fn an_idle_survivor_takes_over_data_and_port_without_being_called() {
    let temp = tempfile::tempdir().unwrap();
    let (place, port) = (temp.path(), free_port());
    let first = Mcp::start(place, port);
    first.call("dynamodb_create_table", &json!({"table": "users", "keys": {"pk": "S"}}));
    let idle = Mcp::start(place, port);
    assert_eq!((owner(place), holder(port)), (Some(first.process.pid()), Some(first.process.pid())));
    first.process.kill();
    let survivor = Some(idle.process.pid());
    until("the idle one takes over", || owner(place) == survivor && holder(port) == survivor);
    assert_eq!(idle.call("dynamodb_list_tables", &json!({}))["tables"], json!(["users"]));
    assert_eq!(idle.call("bridge_status", &json!({}))["endpoint"], format!("http://127.0.0.1:{port}"));
}

#[test]
fn an_mcp_gives_the_port_up_to_a_serve_and_takes_it_again() {
    let temp = tempfile::tempdir().unwrap();
    let (place, port) = (temp.path(), free_port());
    let crowd: Vec<Mcp> = (0..3).map(|_| Mcp::start(place, port)).collect();
    assert_eq!(holder(port), Some(crowd[0].process.pid()));
    for end in [Serve::kill, |serve: Serve| drop(serve)] {
        let began = Instant::now();
        let serve = Serve::start(place, port);
        assert!(began.elapsed() < Duration::from_secs(10));
        assert_eq!(holder(port), Some(serve.process.pid()));
        end(serve);
        until("an mcp has the port", || {
            holder(port).is_some_and(|pid| crowd.iter().any(|mcp| mcp.process.pid() == pid))
        });
    }
    // A second serve is refused, and the first goes on.
    let serve = Serve::start(place, port);
    let second = super::footbridge(place, port, &["serve"]).output().unwrap();
    assert_eq!(second.status.code(), Some(4));
    assert_eq!(holder(port), Some(serve.process.pid()));
}

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
    let environment = super::footbridge(&here, 0, &["--json", "env"]).output().unwrap();
    assert!(!String::from_utf8(environment.stdout).unwrap().contains(&url), "that is another directory's");
    let next = Mcp::start(&here, 0);
    assert_eq!(next.call("dynamodb_list_tables", &json!({}))["tables"], json!(["users"]));
    assert_ne!(next.call("bridge_status", &json!({}))["endpoint"], url);
    assert_eq!(other.call("dynamodb_list_tables", &json!({}))["tables"], json!([]));
}
