//! What one process has, another takes when it ends.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Mcp, Serve, exchange, holder, owner, until};
use crate::port::Port;

#[test]
fn an_idle_survivor_takes_over_data_and_port_without_being_called() {
    let temp = tempfile::tempdir().unwrap();
    let (place, reserved) = (temp.path(), Port::reserve());
    let port = reserved.number();
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
    let (place, reserved) = (temp.path(), Port::reserve());
    let port = reserved.number();
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
fn a_page_or_whoever_does_not_know_the_token_cannot_have_the_port_released() {
    let temp = tempfile::tempdir().unwrap();
    let reserved = Port::reserve();
    let port = reserved.number();
    let mcp = Mcp::start(temp.path(), port);
    let ask = |headers: &str| {
        let head =
            "POST /_footbridge/release HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n";
        exchange(port, &format!("{head}{headers}\r\n")).unwrap()
    };
    for headers in ["", "X-Footbridge-Token: guessed\r\n", "Origin: http://example.com\r\n"] {
        let answer = ask(headers);
        assert!(answer.starts_with("HTTP/1.1 403"), "{headers:?}: {answer}");
    }
    let mut announced =
        std::fs::read_dir(temp.path().join("data/endpoints")).unwrap().map(|entry| entry.unwrap().path());
    let announced = announced.find(|path| path.extension().is_some_and(|ending| ending == "json")).unwrap();
    let announced: serde_json::Value = serde_json::from_slice(&std::fs::read(announced).unwrap()).unwrap();
    let token = announced["token"].as_str().unwrap();
    // A page that somehow knew the token is refused all the same.
    let answer = ask(&format!("X-Footbridge-Token: {token}\r\nOrigin: http://example.com\r\n"));
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert_eq!(holder(port), Some(mcp.process.pid()));
    let answer = ask(&format!("X-Footbridge-Token: {token}\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_strangers_port_is_left_to_it() {
    let temp = tempfile::tempdir().unwrap();
    let reserved = Port::reserve();
    let port = reserved.number();
    let stranger = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let first = Mcp::start(temp.path(), port);
    let url = first.call("bridge_status", &json!({}))["endpoint"].as_str().unwrap().to_owned();
    let free: u16 = url.rsplit(':').next().unwrap().parse().unwrap();
    assert_ne!(free, port);
    assert_eq!(holder(free), Some(first.process.pid()));
    let serve = super::footbridge(temp.path(), port, &["serve"]).stderr(std::process::Stdio::piped()).output().unwrap();
    assert_eq!(serve.status.code(), Some(4));
    let said = String::from_utf8(serve.stderr).unwrap();
    assert!(said.contains(&format!("127.0.0.1:{port} is taken by")), "{said}");
    // Once the stranger has gone, a serve finds the port free and ends the makeshift.
    drop(stranger);
    let serve = Serve::start(temp.path(), port);
    assert_eq!(holder(port), Some(serve.process.pid()));
    until("the makeshift has ended", || holder(free).is_none());
    assert_eq!(first.call("bridge_status", &json!({}))["endpoint"], serve.url);
}
