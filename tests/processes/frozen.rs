//! A process that was stopped, and goes on.

#![cfg(unix)]

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Called, Mcp, Serve, owner, until};
use crate::common::http_clients;
use crate::port::Port;

#[test]
fn a_stopped_owner_is_named_and_is_waited_for_no_longer_than_ten_seconds() {
    let temp = tempfile::tempdir().unwrap();
    let (place, reserved) = (temp.path(), Port::reserve());
    let port = reserved.number();
    let first = Mcp::start(place, port);
    first.call("dynamodb_create_table", &json!({"table": "users", "keys": {"pk": "S"}}));
    let second = Mcp::start(place, port);
    let serve = Serve::start(place, port);
    let put = json!({"table": "users", "items": [{"pk": "a"}]});
    second.call("dynamodb_put_items", &put);

    first.process.stop();
    let pid = first.process.pid();
    let began = Instant::now();
    // By MCP, by HTTP, and by one that comes only now, at the same time.
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let Called::Refused(error) = second.try_call("dynamodb_put_items", &put) else {
                panic!("a stopped owner answered")
            };
            assert!(error.contains(&format!("process {pid} owns the data directory")), "{error}");
        });
        scope.spawn(|| {
            let third = Mcp::start(place, port);
            let Called::Refused(error) = third.try_call("dynamodb_list_tables", &json!({})) else {
                panic!("a stopped owner answered")
            };
            assert!(error.contains(&pid.to_string()), "{error}");
        });
        scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let retries = aws_sdk_dynamodb::config::retry::RetryConfig::disabled();
            let client = http_clients(&serve.url).dynamodb;
            let client = client.config().to_builder().retry_config(retries).build();
            let asked = aws_sdk_dynamodb::Client::from_conf(client).list_tables().send();
            let error = runtime.block_on(asked).unwrap_err();
            assert_eq!(error.raw_response().unwrap().status().as_u16(), 503);
        });
    });
    assert!(began.elapsed() < Duration::from_secs(25), "two waits of ten seconds at most: {:?}", began.elapsed());

    first.process.go_on();
    second.call("dynamodb_put_items", &put);
    assert_eq!(owner(place), Some(pid));
}

#[test]
fn a_stopped_survivor_does_not_keep_another_from_taking_over() {
    let temp = tempfile::tempdir().unwrap();
    let (place, reserved) = (temp.path(), Port::reserve());
    let port = reserved.number();
    let first = Mcp::start(place, port);
    let stopped = Mcp::start(place, port);
    let last = Mcp::start(place, port);
    stopped.process.stop();
    first.process.kill();
    until("the last one takes over", || owner(place) == Some(last.process.pid()));
    last.call("dynamodb_create_table", &json!({"table": "users", "keys": {"pk": "S"}}));
    stopped.process.go_on();
    assert_eq!(stopped.call("dynamodb_list_tables", &json!({}))["tables"], json!(["users"]));
}
