//! What is refused, and how: each with JSON, and a message of the protocol where one was read.

use std::time::Duration;

use footbridge::emulator::endpoint::Guard;
use footbridge::mcp::{HttpLimits, HttpOptions, NoToken};
use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Served, TOKEN, call, in_session, message, with_token};
use crate::support::Here;

const PARSE: i64 = -32700;
const INVALID: i64 = -32600;
const UNKNOWN: i64 = -32601;
const PARAMS: i64 = -32602;

#[tokio::test]
async fn every_body_is_answered_with_its_id_and_what_is_wrong() {
    let here = Here::new().await;
    let served = Served::new(here.bridge(), with_token()).await;
    let session = served.session("2025-11-25").await;
    let ask = |id: &str, method: &str, params: &str| {
        format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#)
    };
    let deep = format!(r#"{{"jsonrpc":"2.0","id":14,"method":"m","params":{}1{}}}"#, "[".repeat(200), "]".repeat(200));
    let bodies: Vec<(Vec<u8>, u16, Value, i64)> = vec![
        ("".into(), 400, Value::Null, PARSE),
        ("hello?".into(), 400, Value::Null, PARSE),
        (r#"{"jsonrpc":"2.0","id":11,"method":"tools/call","params":{"#.into(), 400, json!(11), PARSE),
        (r#"{"params":{"text":"it"s"},"id":"b","method":"tools/call","jsonrpc":"2.0"}"#.into(), 400, json!("b"), PARSE),
        (b"\xff\xfe{\x00".to_vec(), 400, Value::Null, PARSE),
        (deep.into(), 400, json!(14), INVALID),
        ("[".repeat(100_000).into(), 400, Value::Null, INVALID),
        ("null".into(), 400, Value::Null, INVALID),
        ("[]".into(), 400, Value::Null, INVALID),
        ("{}".into(), 400, Value::Null, INVALID),
        (r#"{"id":17,"method":"ping"}"#.into(), 400, json!(17), INVALID),
        (r#"{"jsonrpc":"2.0","id":18,"method":["ping"]}"#.into(), 400, json!(18), INVALID),
        (r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#.into(), 400, json!(1.5), INVALID),
        (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#.into(), 400, Value::Null, INVALID),
        (r#"[{"jsonrpc":"2.0","id":22,"method":"ping"}]"#.into(), 400, Value::Null, INVALID),
        (format!("[{}1]", "1,".repeat(1000)).into(), 400, Value::Null, INVALID),
        (ask("31", "tools/call", r#"{"name":"s3_list_buckets","arguments":[]}"#).into(), 200, json!(31), PARAMS),
        (ask("32", "tools/call", r#"{"arguments":{}}"#).into(), 200, json!(32), PARAMS),
        (ask("34", "tools/call", "[1]").into(), 400, json!(34), PARAMS),
        (r#"{"jsonrpc":"2.0","id":35,"method":"tools/call"}"#.into(), 200, json!(35), PARAMS),
        (ask("36", "tools/call", r#"{"name":"s3_fly"}"#).into(), 200, json!(36), PARAMS),
        (ask("40", "tools/list", r#"{"cursor":7}"#).into(), 200, json!(40), PARAMS),
        (ask("41", "tools/list", r#"{"cursor":"nowhere"}"#).into(), 200, json!(41), PARAMS),
        (ask("42", "nothing/known", "{}").into(), 200, json!(42), UNKNOWN),
        (ask("43", "ping", "{}").into(), 200, json!(43), 0),
        (format!("\u{feff}{}", ask("44", "ping", "{}")).into(), 200, json!(44), 0),
    ];
    for (body, status, id, code) in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(100)]).into_owned();
        let answer = served.send(in_session(served.post(body), &session)).await;
        let said = answer.last();
        let got = (answer.status.as_u16(), said["id"].clone(), said["error"]["code"].as_i64().unwrap_or(0));
        assert_eq!(got, (status, id, code), "{shown}: {answer:?}");
        assert!(said["error"]["message"].as_str().is_none_or(|words| words.len() < 600), "{shown}: {said}");
    }
    // What asks for nothing has a status and no more.
    for body in [
        r#"{"jsonrpc":"2.0","id":"nobody asked","result":{}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}"#,
    ] {
        assert_eq!(served.send(in_session(served.post(body), &session)).await.status, 202, "{body}");
    }
}

#[tokio::test]
async fn who_has_no_token_reads_no_more_than_that() {
    let here = Here::new().await;
    let served = Served::new(here.bridge(), with_token()).await;
    for (sent, challenge) in [
        (None, r#"Bearer realm="footbridge""#),
        (Some("Bearer wrong-wrong-wrong-wrong"), r#"Bearer realm="footbridge", error="invalid_token""#),
        (Some("Basic dGVzdDp0ZXN0"), r#"Bearer realm="footbridge", error="invalid_token""#),
    ] {
        for method in [Method::POST, Method::GET, Method::DELETE, Method::PUT] {
            let mut request = served.bare(method, "/mcp");
            request.headers_mut().remove("authorization");
            if let Some(sent) = sent {
                request.headers_mut().insert("authorization", sent.parse().unwrap());
            }
            let answer = served.send(request).await;
            assert_eq!(
                (answer.status.as_u16(), &answer.headers["www-authenticate"]),
                (401, &challenge.parse().unwrap())
            );
            assert_eq!(answer.last()["error"], "unauthorized");
        }
    }
}

#[tokio::test]
async fn whoever_looks_after_the_process_learns_without_a_token_that_it_answers_and_no_more() {
    let here = Here::new().await;
    let served = Served::new(here.bridge(), with_token()).await;
    let ask = |method: Method, header: Option<(&'static str, &str)>| {
        let mut request = served.bare(method, "/_footbridge/health");
        request.headers_mut().remove("authorization");
        if let Some((name, value)) = header {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        served.send(request)
    };
    let healthy = ask(Method::GET, None).await;
    assert_eq!((healthy.status.as_u16(), healthy.last()), (200, json!({ "status": "ok", "name": "footbridge" })));
    let head = ask(Method::HEAD, None).await;
    assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
    assert_eq!(ask(Method::POST, None).await.status, 404);
    assert_eq!(ask(Method::GET, Some(("host", "rebound.example"))).await.status, 403);
    assert_eq!(ask(Method::GET, Some(("origin", "https://site.example"))).await.status, 403);
}

#[tokio::test]
async fn clients_that_look_for_an_authorization_server_are_told_in_json_that_there_is_none() {
    let here = Here::new().await;
    let served = Served::new(here.bridge(), with_token()).await;
    for path in [
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp",
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
        "/register",
        "/",
        "/mcp/more",
    ] {
        let mut request = served.bare(Method::GET, path);
        request.headers_mut().remove("authorization");
        let answer = served.send(request).await;
        assert_eq!((answer.status.as_u16(), &answer.last()["error"]), (404, &json!("not_found")), "{path}");
    }
    let put = served.send(served.bare(Method::PUT, "/mcp")).await;
    assert_eq!((put.status.as_u16(), &put.headers["allow"]), (405, &"POST, GET, DELETE".parse().unwrap()));
}

#[tokio::test]
async fn foreign_hosts_and_pages_are_refused_before_anything_else() {
    let here = Here::new().await;
    let guard = Guard::new(&["devbox".to_owned()], None, &["http://localhost:6274".to_owned()]).unwrap();
    let served = Served::new(here.bridge(), HttpOptions { guard, ..HttpOptions::new(NoToken) }).await;
    let port = served.address.port();
    let own = format!("http://localhost:{port}");
    let cases = [
        ("localhost", None, 200),
        ("127.0.0.1", None, 200),
        ("devbox", None, 200),
        ("localhost", Some(own.as_str()), 200),
        ("localhost", Some("http://localhost:6274"), 200),
        ("localhost", Some("http://localhost:3000"), 403),
        ("localhost", Some("https://evil.example"), 403),
        ("localhost", Some("null"), 403),
        ("evil.example", None, 403),
        ("evil.example", Some("http://evil.example"), 403),
        ("169.254.169.254", None, 403),
    ];
    for (host, origin, status) in cases {
        let mut request = served.stateless(1, "tools/list", json!({}));
        request.headers_mut().insert("host", format!("{host}:{port}").parse().unwrap());
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        let answer = served.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{host} {origin:?}: {answer:?}");
        assert_eq!(answer.headers.get("access-control-allow-origin").is_some(), status == 200 && origin.is_some());
        assert!(answer.last().is_object());
    }
    for (header, value) in
        [("sec-fetch-site", "cross-site"), ("referer", "https://evil.example/x"), ("service-worker", "script")]
    {
        let mut request = served.stateless(1, "tools/list", json!({}));
        request.headers_mut().insert(header, value.parse().unwrap());
        assert_eq!(served.send(request).await.status, 403, "{header}");
    }
    let mut preflight = served.bare(Method::OPTIONS, "/mcp");
    preflight.headers_mut().insert("origin", "http://localhost:6274".parse().unwrap());
    preflight.headers_mut().insert("access-control-request-method", "POST".parse().unwrap());
    preflight.headers_mut().insert("access-control-request-headers", "authorization, mcp-session-id".parse().unwrap());
    let answer = served.send(preflight).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.headers["access-control-allow-headers"], "authorization, mcp-session-id");
}

#[tokio::test]
async fn a_body_that_is_too_long_or_does_not_come_is_refused() {
    let here = Here::new().await;
    let limits = HttpLimits { max_body: 1 << 20, body_timeout: Duration::from_millis(100), ..HttpLimits::default() };
    let served = Served::new(here.bridge(), HttpOptions { limits, ..with_token() }).await;
    let session = served.session("2025-11-25").await;
    let long = message(1, "tools/call", &call("s3_list_buckets", json!({ "x": "x".repeat(1 << 20) })));
    let answer = served.send(in_session(served.post(long.clone()), &session)).await;
    assert_eq!(answer.status, 413);
    assert!(answer.last()["error"]["message"].as_str().unwrap().contains("at most 1 MiB"), "{answer:?}");
    let head = format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost:{}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\n",
        served.address.port()
    );
    let speak = async |head: String, body: &[u8]| {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        // The other side may have answered and closed before it has all.
        let _ = stream.write_all(body).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    };
    let chunked = format!("{:x}\r\n{long}\r\n0\r\n\r\n", long.len());
    let answer = speak(format!("{head}Transfer-Encoding: chunked\r\n\r\n"), chunked.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let answer = speak(format!("{head}Content-Length: 100\r\n\r\n"), b"{").await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn a_connection_that_sends_no_head_is_closed() {
    let here = Here::new().await;
    let limits = HttpLimits { header_timeout: Duration::from_millis(100), ..HttpLimits::default() };
    let served = Served::new(here.bridge(), HttpOptions { limits, ..with_token() }).await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(b"POST /mcp HTTP/1.1\r\nHost: loc").await.unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await.expect("it stays open").unwrap();
}

#[tokio::test]
async fn a_session_that_is_over_is_not_found_and_the_oldest_ends_for_one_too_many() {
    let here = Here::new().await;
    let limits = HttpLimits { max_sessions: 2, ..HttpLimits::default() };
    let served = Served::new(here.bridge(), HttpOptions { limits, ..with_token() }).await;
    let status = async |session: &str| served.ask(session, 5, "tools/list", &json!({})).await.status.as_u16();
    assert_eq!(status("nobody-knows").await, 404);
    let first = served.session("2025-11-25").await;
    let second = served.session("2025-11-25").await;
    assert_eq!((status(&second).await, status(&first).await), (200, 200));
    let third = served.session("2025-11-25").await;
    assert_eq!((status(&first).await, status(&second).await, status(&third).await), (200, 404, 200));
    assert_eq!(served.send(in_session(served.bare(Method::DELETE, "/mcp"), &third)).await.status, 202);
    assert_eq!(status(&third).await, 404);
    assert_eq!(served.send(in_session(served.bare(Method::DELETE, "/mcp"), &third)).await.status, 404);
    // Without one there is nothing that an older client could ask.
    assert_eq!(served.send(served.post(message(1, "tools/list", &json!({})))).await.status, 400);
}

#[tokio::test]
async fn headers_of_the_newest_revision_must_say_what_the_body_says() {
    let here = Here::new().await;
    let served = Served::new(here.bridge(), with_token()).await;
    let request = || served.stateless(7, "tools/call", call("s3_list_buckets", json!({})));
    let changes: [(&str, Option<&str>); 5] = [
        ("mcp-method", None),
        ("mcp-method", Some("tools/list")),
        ("mcp-name", None),
        ("mcp-name", Some("s3_delete_bucket")),
        ("mcp-protocol-version", Some("2025-11-25")),
    ];
    for (name, value) in changes {
        let mut request = request();
        request.headers_mut().remove(name);
        if let Some(value) = value {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let answer = served.send(request).await;
        assert_eq!((answer.status.as_u16(), &answer.last()["id"]), (400, &json!(7)), "{name} {value:?}: {answer:?}");
    }
    let mut unknown = request();
    unknown.headers_mut().insert("mcp-protocol-version", "2030-01-01".parse().unwrap());
    assert_eq!(served.send(unknown).await.status, 400);
    for (header, value, status) in [("accept", "text/html", 406), ("content-type", "text/plain", 415)] {
        let mut request = request();
        request.headers_mut().insert(header, value.parse().unwrap());
        let answer = served.send(request).await;
        assert_eq!((answer.status.as_u16(), answer.last()["error"]["code"].as_i64()), (status, Some(INVALID)));
    }
    for gone in ["initialize", "ping"] {
        let answer = served.send(served.stateless(8, gone, json!({}))).await;
        assert_eq!(
            (answer.status.as_u16(), answer.last()["error"]["code"].as_i64()),
            (404, Some(UNKNOWN)),
            "{answer:?}"
        );
    }
}
