//! Raw lines and what they are answered with: nothing that asks is left without an answer, and nothing ends the session.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use footbridge::mcp::{Authorizer, BoxError, Bridge, Caller, Decision, Effect, Options, Target};
use serde_json::{Value, json};

use crate::list::listed;
use crate::support::{Here, Raw, meta};

const PARSE: i64 = -32700;
const INVALID: i64 = -32600;
const UNKNOWN: i64 = -32601;
const PARAMS: i64 = -32602;
const ABSENT: i64 = -32002;

/// The id and the code of the answer: 0 is a result. Nothing is no answer.
type Expected = Vec<(Value, i64)>;

/// Sends `line` and sees that the next answer is the expected one, by asking for another after it.
async fn answers(raw: &mut Raw, line: &[u8], expected: &Expected) {
    let shown = String::from_utf8_lossy(line.get(..line.len().min(120)).unwrap()).into_owned();
    raw.send_bytes(line).await;
    raw.send(r#"{"jsonrpc":"2.0","id":"after","method":"nothing/known"}"#).await;
    let mut seen = Vec::new();
    loop {
        let answer: Value = serde_json::from_str(&raw.line().await).unwrap();
        if answer["id"] == "after" {
            break;
        }
        seen.push(answer);
    }
    // A request is answered beside the ping, and may be answered after it.
    if seen.is_empty() && !expected.is_empty() {
        seen.push(serde_json::from_str(&raw.line().await).unwrap());
    }
    let got: Vec<(Value, i64)> =
        seen.iter().map(|answer| (answer["id"].clone(), answer["error"]["code"].as_i64().unwrap_or(0))).collect();
    assert_eq!(&got, expected, "{shown}: {seen:?}");
    for answer in seen {
        assert!(answer.as_object().unwrap().contains_key("id"), "{shown}: {answer}");
        assert!(answer["error"]["message"].as_str().is_none_or(|words| words.len() < 600), "{shown}: {answer}");
    }
}

fn of(id: impl Into<Value>, code: i64) -> Expected {
    vec![(id.into(), code)]
}

fn nothing() -> Expected {
    Vec::new()
}

/// A request with this id and these parameters.
fn ask(id: &str, method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#)
}

#[tokio::test]
async fn every_line_gets_the_answer_that_its_sender_waits_for() {
    let mut raw = Raw::new(Here::new().await.bridge());
    raw.initialize().await;
    let deep = |id: &str| {
        format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"m","params":{}1{}}}"#, "[".repeat(200), "]".repeat(200))
    };
    let long = "x".repeat(17 << 20);
    let list = r#""method":"tools/list""#;
    let lines: Vec<(String, Expected)> = vec![
        // What is no JSON.
        ("hello?".into(), of(Value::Null, PARSE)),
        ("{".into(), of(Value::Null, PARSE)),
        (r#"{"jsonrpc":"2.0","id":11,"method":"tools/call","params":{"#.into(), of(11, PARSE)),
        (r#"{"jsonrpc":"2.0","method":"tools/call","params":{"a":"it "was" so"},"id":"b"}"#.into(), of("b", PARSE)),
        (r#"{"params":{"text":"it"s"},"id":12,"method":"tools/call","jsonrpc":"2.0"}"#.into(), of(12, PARSE)),
        (format!(r#"{{"jsonrpc":"2.0","id":13,{list},}}"#), of(13, PARSE)),
        (format!(r#"{{"jsonrpc":"2.0","id":13,{list}}} {{"#), of(13, PARSE)),
        (r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"#.into(), nothing()),
        (r#"{"jsonrpc":"2.0","id":5,"result":{"#.into(), nothing()),
        // What is nested too deeply, or too long.
        (deep("14"), of(14, INVALID)),
        (format!(r#"{{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{}"#, "[".repeat(100_000)), of(9, INVALID)),
        ("[".repeat(100_000), of(Value::Null, INVALID)),
        (ask("15", "tools/call", &format!(r#"{{"name":"{long}"}}"#)), of(15, INVALID)),
        (
            format!(r#"{{"params":{{"name":"{long}"}},"method":"tools/call","id":"end","jsonrpc":"2.0"}}"#),
            of("end", INVALID),
        ),
        (format!(r#"{{"jsonrpc":"2.0","method":"notifications/message","params":"{long}"}}"#), nothing()),
        (format!(r#"{{"jsonrpc":"2.0","id":1,"result":"{long}"}}"#), nothing()),
        (long.clone(), of(Value::Null, INVALID)),
        // What is JSON, and no message.
        ("null".into(), of(Value::Null, INVALID)),
        ("[]".into(), of(Value::Null, INVALID)),
        ("{}".into(), of(Value::Null, INVALID)),
        (r#"{"jsonrpc":"2.0","id":16}"#.into(), of(16, INVALID)),
        (r#"{"jsonrpc":"2.0","id":{}}"#.into(), of(Value::Null, INVALID)),
        (r#"{"id":17,"method":"ping"}"#.into(), of(17, INVALID)),
        (r#"{"jsonrpc":"1.0","id":"v","method":"ping"}"#.into(), of("v", INVALID)),
        (r#"{"jsonrpc":"2.0","id":18,"method":["ping"]}"#.into(), of(18, INVALID)),
        (r#"{"jsonrpc":"2.0","id":19,"method":"ping","result":{}}"#.into(), of(19, INVALID)),
        (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#.into(), of(Value::Null, INVALID)),
        (r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#.into(), of(1.5, INVALID)),
        (r#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#.into(), of(Value::Null, INVALID)),
        (r#"{"jsonrpc":"2.0","id":4,"error":{"code":"x"}}"#.into(), nothing()),
        (r#"{"jsonrpc":"2.0","id":"nobody asked","result":{}}"#.into(), nothing()),
        (r#"{"method":"notifications/initialized"}"#.into(), nothing()),
        // Lines that say nothing, and marks at their ends.
        (String::new(), nothing()),
        (" \t ".into(), nothing()),
        ("\r".into(), nothing()),
        ("{\"jsonrpc\":\"2.0\",\"id\":20,\"method\":\"ping\"}\r".into(), of(20, 0)),
        ("\u{feff}{\"jsonrpc\":\"2.0\",\"id\":21,\"method\":\"ping\"}".into(), of(21, 0)),
        // Batches are for another revision.
        (r#"[{"jsonrpc":"2.0","id":22,"method":"ping"}]"#.into(), of(22, INVALID)),
        ("[1]".into(), of(Value::Null, INVALID)),
        (format!("[{}1]", "1,".repeat(1000)), of(Value::Null, INVALID)),
        (r#"[{"jsonrpc":"2.0","method":"notifications/initialized"}]"#.into(), nothing()),
    ];
    for (line, expected) in lines {
        answers(&mut raw, line.as_bytes(), &expected).await;
    }
    answers(&mut raw, b"\xff\xfe{\x00", &of(Value::Null, PARSE)).await;
    let not_utf8 = b"{\"jsonrpc\":\"2.0\",\"id\":70,\"method\":\"tools/call\",\"params\":{\"name\":\"\xe4\"}}";
    answers(&mut raw, not_utf8, &of(70, PARSE)).await;
    // The session is as it was.
    assert_eq!(raw.initialize().await["result"]["protocolVersion"], "2025-11-25");
}

#[tokio::test]
async fn every_method_is_answered_as_the_protocol_says() {
    let mut raw = Raw::new(Here::new().await.bridge());
    raw.initialize().await;
    let lines: Vec<(String, Expected)> = vec![
        (ask("30", "tools/call", r#"{"name":"s3_list_buckets","arguments":"{}"}"#), of(30, PARAMS)),
        (ask("31", "tools/call", r#"{"name":"s3_list_buckets","arguments":[]}"#), of(31, PARAMS)),
        (ask("32", "tools/call", r#"{"arguments":{}}"#), of(32, PARAMS)),
        (ask("33", "tools/call", r#"{"name":5}"#), of(33, PARAMS)),
        (ask("34", "tools/call", "[1]"), of(34, PARAMS)),
        (ask("34", "tools/call", "null"), of(34, PARAMS)),
        (r#"{"jsonrpc":"2.0","id":35,"method":"tools/call"}"#.into(), of(35, PARAMS)),
        (ask("36", "tools/call", r#"{"name":"s3_fly"}"#), of(36, PARAMS)),
        (ask("37", "tools/call", r#"{"name":"s3_list_buckets","_meta":7}"#), of(37, PARAMS)),
        (ask("38", "tools/call", r#"{"name":"s3_list_buckets"}"#), of(38, 0)),
        (ask("38", "tools/call", r#"{"name":"s3_list_buckets","arguments":null}"#), of(38, 0)),
        (ask("39", "tools/list", r#"{"cursor":"nowhere"}"#), of(39, PARAMS)),
        (ask("40", "tools/list", r#"{"cursor":7}"#), of(40, PARAMS)),
        (ask("40", "tools/list", r#"{"cursor":null}"#), of(40, 0)),
        (ask("40", "tools/list", r#"{"cursor":""}"#), of(40, 0)),
        (ask("40", "tools/list", &format!(r#"{{"cursor":"{}"}}"#, "c".repeat(1000))), of(40, PARAMS)),
        (ask("41", "tools/list", "{}"), of(41, 0)),
        (ask("42", "ping", "[]"), of(42, PARAMS)),
        (ask("43", "initialize", "{}"), of(43, PARAMS)),
        (ask("44", "server/discover", &json!({ "_meta": meta() }).to_string()), of(44, 0)),
        (ask("45", "resources/list", "{}"), of(45, 0)),
        (ask("45", "resources/list", r#"{"cursor":7}"#), of(45, PARAMS)),
        (ask("45", "resources/list", r#"{"cursor":"nowhere"}"#), of(45, PARAMS)),
        (ask("46", "resources/templates/list", "{}"), of(46, 0)),
        (ask("46", "resources/templates/list", r#"{"cursor":[]}"#), of(46, PARAMS)),
        (ask("47", "resources/read", r#"{"uri":"s3://b/k"}"#), of(47, ABSENT)),
        (ask("47", "resources/read", r#"{"uri":5}"#), of(47, PARAMS)),
        (ask("47", "resources/read", "{}"), of(47, PARAMS)),
        (ask("48", "completion/complete", "{}"), of(48, PARAMS)),
        // What this server does not declare.
        (ask("50", "logging/setLevel", r#"{"level":"info"}"#), of(50, UNKNOWN)),
        (ask("51", "logging/setLevel", r#"{"level":"loudest"}"#), of(51, UNKNOWN)),
        (ask("55", "resources/subscribe", r#"{"uri":"s3://b/k"}"#), of(55, UNKNOWN)),
        (ask("56", "prompts/list", "{}"), of(56, UNKNOWN)),
        (ask("57", "prompts/get", r#"{"name":"p"}"#), of(57, UNKNOWN)),
        (
            ask(
                "58",
                "completion/complete",
                r#"{"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":""}}"#,
            ),
            of(58, PARAMS),
        ),
        (ask("59", "subscriptions/listen", "{}"), of(59, UNKNOWN)),
        (ask("60", "tasks/get", r#"{"taskId":"t"}"#), of(60, UNKNOWN)),
        (ask("61", "sampling/createMessage", "{}"), of(61, UNKNOWN)),
        (ask("62", "tools/fly", "{}"), of(62, UNKNOWN)),
        (ask("63", "notifications/initialized", "{}"), of(63, UNKNOWN)),
        (ask("64", "", "{}"), of(64, UNKNOWN)),
        // Notifications, whatever they say.
        (r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"none"}}"#.into(), nothing()),
        (r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}"#.into(), nothing()),
        (r#"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#.into(), nothing()),
        (
            r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1}}"#.into(),
            nothing(),
        ),
        (r#"{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}"#.into(), nothing()),
        (r#"{"jsonrpc":"2.0","method":"tools/list"}"#.into(), nothing()),
        (r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":[1]}"#.into(), nothing()),
    ];
    for (line, expected) in lines {
        answers(&mut raw, line.as_bytes(), &expected).await;
    }
}

#[tokio::test]
async fn before_a_session_only_what_begins_one_is_served_and_nothing_ends_the_process() {
    let mut raw = Raw::new(Here::new().await.bridge());
    let without = |name: &str| {
        let mut params = json!({
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "raw", "version": "0" },
        });
        params.as_object_mut().unwrap().remove(name);
        params
    };
    for line in [
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
        r#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}"#,
    ] {
        answers(&mut raw, line.as_bytes(), &nothing()).await;
    }
    for method in ["tools/list", "resources/list", "nothing/known"] {
        let refused = raw.ask(method, json!({})).await;
        assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!(7), &json!(INVALID)), "{refused}");
        assert!(refused["error"]["message"].as_str().unwrap().contains("send `initialize` first"), "{refused}");
    }
    for missing in ["protocolVersion", "capabilities", "clientInfo"] {
        let refused = raw.ask("initialize", without(missing)).await;
        assert_eq!(refused["error"]["code"], PARAMS, "{refused}");
        let words = refused["error"]["message"].as_str().unwrap();
        assert!(words.contains("initialize") && words.contains(&format!("missing field `{missing}`")), "{words}");
    }
    // Of revision 2026-07-28, and not whole.
    let mut half = meta();
    half.as_object_mut().unwrap().remove("io.modelcontextprotocol/clientCapabilities");
    let refused = raw.ask("tools/list", json!({ "_meta": half })).await;
    assert!(refused["error"]["code"] == PARAMS && refused.to_string().contains("clientCapabilities"), "{refused}");
    let mut other = meta();
    other["io.modelcontextprotocol/protocolVersion"] = json!("2099-01-01");
    let refused = raw.ask("tools/list", json!({ "_meta": other })).await;
    assert!(refused["error"]["data"]["supported"].as_array().unwrap().contains(&json!("2026-07-28")), "{refused}");
    raw.initialize().await;
    let tools = raw.ask("tools/list", json!({})).await["result"]["tools"].clone();
    assert_eq!(tools, Value::from(listed(Here::new().await.bridge()).await));
}

#[tokio::test]
async fn a_session_of_revision_2026_07_28_answers_in_its_own_way() {
    let mut raw = Raw::new(Here::new().await.bridge());
    assert_eq!(raw.ask("tools/list", json!({ "_meta": meta() })).await["error"], Value::Null);
    let own = json!({ "_meta": meta() }).to_string();
    let lines: Vec<(String, Expected)> = vec![
        (ask("1", "tools/list", "{}"), of(1, PARAMS)),
        (ask("2", "ping", &own), of(2, UNKNOWN)),
        (ask("3", "subscriptions/listen", &own), of(3, UNKNOWN)),
        (ask("4", "resources/list", &own), of(4, 0)),
        (ask("5", "tools/call", &own), of(5, PARAMS)),
        (ask("6", "server/discover", &own), of(6, 0)),
        (r#"{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"#.into(), of(7, PARSE)),
        (r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#.into(), nothing()),
        (format!("[{}]", ask("8", "tools/list", &own)), of(8, INVALID)),
    ];
    for (line, expected) in lines {
        answers(&mut raw, line.as_bytes(), &expected).await;
    }
}

#[tokio::test]
async fn revisions_are_settled_as_the_protocol_says() {
    let here = Here::new().await;
    for (asked, settled) in [
        ("2024-11-05", "2024-11-05"),
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        // It knows no handshake.
        ("2026-07-28", "2025-11-25"),
        ("1999-01-01", "2025-11-25"),
        ("", "2025-11-25"),
    ] {
        let mut raw = Raw::new(here.bridge());
        let params = json!({
            "protocolVersion": asked, "capabilities": {}, "clientInfo": { "name": "raw", "version": "0" },
        });
        assert_eq!(raw.ask("initialize", params).await["result"]["protocolVersion"], settled, "{asked}");
        assert_eq!(raw.ask("ping", json!({})).await["result"], json!({}));
    }
}

#[tokio::test]
async fn a_batch_of_revision_2025_03_26_is_answered_with_one() {
    let mut raw = Raw::new(Here::new().await.bridge());
    let params =
        json!({ "protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": { "name": "raw", "version": "0" } });
    raw.ask("initialize", params).await;
    let call = ask("2", "tools/call", r#"{"name":"s3_list_buckets","arguments":{}}"#);
    let broken = ask("3", "tools/call", "{}");
    let notice = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    raw.send(&format!("[{},{call},{broken},{notice},5]", ask("1", "ping", "{}"))).await;
    let answer: Value = serde_json::from_str(&raw.line().await).unwrap();
    let mut got: Vec<(String, i64)> = answer
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].to_string(), one["error"]["code"].as_i64().unwrap_or(0)))
        .collect();
    got.sort();
    let expected = [("1", 0), ("2", 0), ("3", PARAMS), ("null", INVALID)].map(|(id, code)| (id.to_owned(), code));
    assert_eq!(got, expected, "{answer}");
    // Nothing to answer is no answer.
    answers(&mut raw, format!("[{notice}]").as_bytes(), &nothing()).await;
}

#[tokio::test]
async fn a_request_that_its_own_batch_cancels_holds_up_no_other() {
    let here = Here::new().await;
    let mut raw = Raw::new(Bridge::new(Options { authorizer: Arc::new(Never), ..here.options() }));
    let params =
        json!({ "protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": { "name": "raw", "version": "0" } });
    raw.ask("initialize", params).await;
    let call = ask("5", "tools/call", r#"{"name":"s3_list_buckets"}"#);
    let cancel = r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}"#;
    raw.send(&format!("[{call},{},{cancel}]", ask("6", "ping", "{}"))).await;
    let line = tokio::time::timeout(Duration::from_secs(30), raw.line()).await.expect("an answer");
    let answer: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(answer, json!([{ "jsonrpc": "2.0", "id": 6, "result": {} }]));
}

#[tokio::test]
async fn an_id_that_waits_for_its_answer_is_no_other_requests() {
    let here = Here::new().await;
    let mut raw = Raw::new(Bridge::new(Options { authorizer: Arc::new(Never), ..here.options() }));
    raw.initialize().await;
    let call = ask("1", "tools/call", r#"{"name":"s3_list_buckets"}"#);
    raw.send(&call).await;
    answers(&mut raw, call.as_bytes(), &of(1, INVALID)).await;
    raw.send(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#).await;
    answers(&mut raw, ask("2", "ping", "{}").as_bytes(), &of(2, 0)).await;
    answers(&mut raw, ask("2", "ping", "{}").as_bytes(), &of(2, 0)).await;
}

#[tokio::test]
async fn a_last_line_needs_no_end() {
    let mut raw = Raw::new(Here::new().await.bridge());
    raw.initialize().await;
    raw.send_bytes_and_close(br#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#).await;
    let answer: Value = serde_json::from_str(&raw.line().await).unwrap();
    assert_eq!(answer, json!({ "jsonrpc": "2.0", "id": 1, "result": {} }));
}

#[tokio::test]
async fn garbage_alone_is_answered_before_the_end() {
    let mut raw = Raw::new(Here::new().await.bridge());
    raw.send_bytes_and_close(b"{\"id\":1,\n{\"id\":2,").await;
    for id in 1..=2 {
        let answer: Value = serde_json::from_str(&raw.line().await).unwrap();
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(id), &json!(PARSE)));
    }
}

/// Never decides.
struct Never;

#[async_trait]
impl Authorizer for Never {
    async fn check(&self, _: &Caller, _: &str, _: &Target, _: &[String], _: Effect) -> Result<Decision, BoxError> {
        std::future::pending().await
    }
}
