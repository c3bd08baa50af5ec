use rmcp::model::{ElicitResult, ElicitationAction};
use serde_json::{Value, json};
use uuid::Uuid;

use super::digest::Salt;
use super::form::{Answer, judge};
use super::untrusted::TELL_NOTHING;
use crate::consent::How;
use crate::mcp::{Target, all_tools};

fn result(action: ElicitationAction, content: Value) -> ElicitResult {
    let mut result = ElicitResult::new(action);
    result.content = Some(content).filter(|content| !content.is_null());
    result
}

#[test]
fn a_form_is_a_yes_with_the_targets_name_alone() {
    use ElicitationAction::{Accept, Cancel, Decline};
    let yes = json!({ "target": "prod", "answer": "once" });
    let judged = |action, content, took| judge(Some(&result(action, content)), "prod", took);
    assert_eq!(judged(Accept, yes.clone(), 300), Answer::Yes(How::Once));
    assert_eq!(judged(Accept, json!({ "target": " prod ", "answer": "session" }), 5000), Answer::Yes(How::Session));
    let why = |why: &str| Answer::No(Some(why.to_owned()));
    assert_eq!(judged(Accept, json!({ "answer": "no", "why": "not today" }), 5000), why("not today"));
    assert_eq!(judged(Decline, Value::Null, 5000), Answer::No(None));
    let nothings = [
        (Accept, yes.clone(), 299),
        (Decline, Value::Null, 10),
        (Cancel, yes.clone(), 5000),
        (Accept, Value::Null, 5000),
        (Accept, json!({}), 5000),
        (Accept, json!([]), 5000),
        (Accept, json!({ "answer": "once" }), 5000),
        (Accept, json!({ "target": "prod" }), 5000),
        (Accept, json!({ "target": "", "answer": "once" }), 5000),
        (Accept, json!({ "target": "PROD", "answer": "once" }), 5000),
        (Accept, json!({ "target": "dev", "answer": "once" }), 5000),
        (Accept, json!({ "target": true, "answer": "once" }), 5000),
        (Accept, json!({ "target": "prod", "answer": "yes" }), 5000),
        (Accept, json!({ "target": "prod", "answer": ["once"] }), 5000),
        (Accept, json!({ "target": "prod", "answer": "ONCE" }), 5000),
        (Accept, json!({ "target": ["prod"], "answer": "once" }), 5000),
    ];
    for (action, content, took) in nothings {
        let shown = format!("{action:?} {content} {took}");
        assert_eq!(judged(action, content, took), Answer::Nobody, "{shown}");
    }
    assert_eq!(judge(None, "prod", 5000), Answer::Nobody);
}

#[test]
fn a_yes_is_for_one_call_whatever_the_order_of_its_members_and_its_confirm() {
    let salt = Salt::new();
    let target = Target::local("us-east-1");
    let of = |session, tool, target: &Target, arguments: Value| {
        salt.digest(Uuid::from_u128(session), tool, target, arguments.as_object().unwrap(), None)
    };
    let call = json!({ "table": "t", "items": [{ "pk": "a", "n": 1 }] });
    let same = of(1, "put", &target, call.clone());
    assert_eq!(of(1, "put", &target, json!({ "items": [{ "n": 1, "pk": "a" }], "table": "t" })), same);
    assert_eq!(of(1, "put", &target, json!({ "table": "t", "items": [{ "pk": "a", "n": 1 }], "confirm": true })), same);
    let named = Target { name: "prod".into(), ..target.clone() };
    let elsewhere = Target { region: "eu-west-1".into(), ..target.clone() };
    let others = [
        of(2, "put", &target, call.clone()),
        of(1, "delete", &target, call.clone()),
        of(1, "put", &named, call.clone()),
        of(1, "put", &elsewhere, call.clone()),
        of(1, "put", &target, json!({ "table": "t", "items": [{ "pk": "a", "n": "1" }] })),
        of(1, "put", &target, json!({ "table": "t", "items": [{ "pk": "a" }, { "n": 1 }] })),
        Salt::new().digest(Uuid::from_u128(1), "put", &target, call.as_object().unwrap(), None),
        salt.digest(Uuid::from_u128(1), "put", &target, call.as_object().unwrap(), Some("10 bytes")),
    ];
    assert!(others.iter().all(|other| *other != same), "{others:?}");
}

#[test]
fn every_tool_tells_what_is_stored_or_is_known_not_to() {
    let names: Vec<_> = all_tools().map(|tool| tool.name()).collect();
    let unknown: Vec<_> = TELL_NOTHING.iter().filter(|tool| !names.contains(tool)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let telling: Vec<_> = names.into_iter().filter(|name| !TELL_NOTHING.contains(name)).collect();
    let known = [
        "s3_list_objects",
        "s3_get_object",
        "s3_delete_objects",
        "s3_usage",
        "s3_copy_prefix",
        "s3_download_object",
        "s3_download_prefix",
        "dynamodb_get_items",
        "dynamodb_put_items",
        "dynamodb_update_item",
        "dynamodb_delete_items",
        "dynamodb_query",
        "dynamodb_scan",
        "dynamodb_transact_write",
        "dynamodb_load_items",
        "dynamodb_count",
        "dynamodb_update_by_query",
        "dynamodb_delete_by_query",
    ];
    let new: Vec<_> = telling.iter().filter(|name| !known.contains(name)).collect();
    assert!(new.is_empty(), "does it tell what others wrote? then here, else TELL_NOTHING: {new:?}");
}
