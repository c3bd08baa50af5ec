//! The table of docs/tools.md: what each tool does, which AWS calls it makes and what IAM asks of them. It is measured: each
//! tool's example and some further calls run against the emulator in the role of AWS, and the journal says what was sent.
//!
//! `FOOTBRIDGE_WRITE_TABLE=1 cargo test --test mcp the_table_of_tools` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use footbridge::clock::{RandomIds, SystemClock};
use footbridge::journal::{Limits, Recorder};
use footbridge::mcp::{About, Bridge, Mode, Options, Policy, Target, TargetKind, all_tools};
use serde_json::{Value, json};

use crate::list::listed;
use crate::support::{Here, caller, ok};

const BEGIN: &str = "<!-- The table of the tools, written by `FOOTBRIDGE_WRITE_TABLE=1 cargo test --test mcp the_table_of_tools`. -->\n";
const END: &str = "<!-- Its end. -->\n";

/// What a tool is called with beside its example, so that each way through it is gone once.
fn further(tool: &str) -> Vec<Value> {
    let by_key = json!({ "table": "orders", "key_condition": "pk = :p", "values": { ":p": "a" } });
    let with = |more: Value| {
        let mut call = by_key.clone();
        call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        call
    };
    match tool {
        "s3_get_object" => vec![json!({ "bucket": "media", "key": "a.txt", "as": "head" })],
        "s3_put_object" => vec![json!({ "bucket": "media", "key": "large", "file": "large" })],
        "s3_delete_bucket" => vec![json!({ "bucket": "empty", "confirm": true })],
        "s3_delete_objects" => vec![
            json!({ "bucket": "media", "keys": ["docs/1.json", "a.txt"], "confirm": true }),
            json!({ "bucket": "media", "prefix": "docs/", "confirm": true }),
        ],
        "s3_presign_url" => ["put", "delete", "head"]
            .map(|method| json!({ "bucket": "media", "key": "a.txt", "method": method }))
            .to_vec(),
        "dynamodb_create_table" => vec![json!({
            "table": "more", "keys": { "pk": "S" }, "ttl": "until", "stream": "keys_only",
            "indexes": { "by_n": { "keys": { "n": "N" } } },
        })],
        "dynamodb_update_table" => vec![
            json!({ "table": "orders", "ttl": "until" }),
            json!({ "table": "orders", "deletion_protection": true }),
        ],
        "dynamodb_put_items" => vec![json!({ "table": "orders", "items": [{ "pk": "x" }, { "pk": "y" }] })],
        "dynamodb_delete_items" => {
            vec![json!({ "table": "orders", "keys": [{ "pk": "a" }, { "pk": "b" }], "confirm": true })]
        }
        "dynamodb_update_item" => {
            vec![json!({ "table": "orders", "key": { "pk": "new" }, "update": "SET n = :n", "values": { ":n": 1 } })]
        }
        "dynamodb_query" => vec![with(json!({ "count": true }))],
        "dynamodb_load_items" => vec![json!({ "table": "orders", "file": "orders.json", "if_exists": "skip" })],
        "dynamodb_export_items" => vec![with(json!({ "save_to": "of-a.ndjson" }))],
        "dynamodb_count" => vec![by_key],
        "dynamodb_update_by_query" => {
            vec![with(json!({ "update": "SET n = :n", "values": { ":p": "a", ":n": 1 }, "confirm": true }))]
        }
        "dynamodb_delete_by_query" => vec![with(json!({ "confirm": true }))],
        "restore" => vec![json!({ "name": "before", "confirm": true })],
        "dynamodb_transact_write" => vec![json!({ "operations": [
            { "table": "orders", "put": { "pk": "new" } },
            { "table": "orders", "key": { "pk": "a" }, "update": "ADD n :one", "values": { ":one": 1 } },
            { "table": "orders", "delete": { "pk": "b" } },
            { "table": "orders", "check": { "pk": "none" }, "condition": "attribute_not_exists(pk)" },
        ] })],
        _ => Vec::new(),
    }
}

/// What the examples speak of.
async fn furnish(bridge: &Bridge, place: &Path) {
    for bucket in ["media", "empty"] {
        ok(bridge, "s3_create_bucket", json!({ "bucket": bucket })).await;
    }
    for key in ["a.txt", "docs/1.json"] {
        ok(bridge, "s3_put_object", json!({ "bucket": "media", "key": key, "text": "hello" })).await;
    }
    ok(bridge, "dynamodb_create_table", json!({ "table": "orders", "keys": { "pk": "S" } })).await;
    let items = json!([{ "pk": "a", "total": 12.5 }, { "pk": "b", "total": 7 }]);
    ok(bridge, "dynamodb_put_items", json!({ "table": "orders", "items": items })).await;
    std::fs::write(place.join("orders.json"), r#"[{"pk": "c", "total": 3}]"#).unwrap();
    std::fs::create_dir(place.join("site")).unwrap();
    std::fs::write(place.join("site/index.html"), "<h1>hello</h1>").unwrap();
}

/// What was seen of a tool.
#[derive(Default)]
struct Seen {
    effects: BTreeSet<&'static str>,
    calls: BTreeSet<String>,
    actions: BTreeSet<String>,
}

async fn seen(tool: &About) -> Seen {
    let mut seen = Seen::default();
    let example: Value = serde_json::from_str(tool.example()).unwrap();
    for arguments in std::iter::once(example).chain(further(tool.name())) {
        // Each call in a world of its own, since many take things away.
        let here = Here::new().await;
        let place = tempfile::tempdir().unwrap();
        let files = vec![place.path().to_owned()];
        furnish(&Bridge::new(Options { files: files.clone(), ..here.options() }), place.path()).await;
        let recorder = Recorder::temporary(Limits::default(), Arc::new(SystemClock), Arc::new(RandomIds)).unwrap();
        let bridge = Bridge::new(Options {
            target: Target { kind: TargetKind::Aws, ..Target::local("us-east-1") },
            mode: Mode::ReadWrite,
            authorizer: Arc::new(Policy::new(Mode::ReadWrite)),
            recorder: Some(recorder.clone()),
            sts: Some(here.sts()),
            files,
            ..here.options()
        });
        if arguments["file"] == "large" {
            std::fs::write(place.path().join("large"), vec![7; 17 << 20]).unwrap();
        }
        let call = arguments.as_object().cloned().unwrap();
        seen.effects.insert(bridge.effect(tool.name(), &call).unwrap().as_str());
        let answer = bridge.call(&caller(), tool.name(), call).await;
        if let Err(error) = answer {
            assert_eq!(error.code, "local_only", "{} {arguments}: {error}", tool.name());
        }
        for line in crate::door::journal(&recorder) {
            for made in line["aws_calls"].as_array().into_iter().flatten() {
                let [service, operation] = ["service", "operation"].map(|member| made[member].as_str().unwrap());
                seen.calls.insert(format!("{service}:{operation}"));
                seen.actions.extend(made["access"].as_object().into_iter().flatten().map(|(action, _)| action.clone()));
            }
        }
    }
    seen
}

/// What clients are told of a tool, in few words.
fn annotations(of: &Value) -> String {
    let hints = &of["annotations"];
    let said = |hint: &str| hints[hint] == true;
    let what = match (said("readOnlyHint"), said("destructiveHint")) {
        (true, _) => "reads",
        (_, true) => "may replace or delete",
        _ => "only adds",
    };
    let twice = if said("idempotentHint") { ", twice is as once" } else { "" };
    format!("{what}{twice}")
}

/// Names with their service said once: `dynamodb: Query, Scan`.
fn grouped(names: &BTreeSet<String>) -> String {
    let mut services: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (service, name) in names.iter().filter_map(|name| name.split_once(':')) {
        services.entry(service).or_default().push(name);
    }
    let all: Vec<_> = services.into_iter().map(|(service, names)| format!("{service}: {}", names.join(", "))).collect();
    if all.is_empty() { "–".to_owned() } else { all.join("; ") }
}

async fn table() -> String {
    let here = Here::new().await;
    let place = tempfile::tempdir().unwrap();
    let files = vec![place.path().to_owned()];
    let all = listed(Bridge::new(Options { files: files.clone(), ..here.options() })).await;
    let usual = listed(Bridge::new(Options { files, tools: "usual".parse().unwrap(), ..here.options() })).await;
    let mut text = "| tool | effect | clients are told | AWS calls | IAM actions |\n|---|---|---|---|---|\n".to_owned();
    for tool in all_tools() {
        let name = tool.name();
        let of = all.iter().find(|told| told["name"] == name).unwrap_or_else(|| panic!("{name} is not listed"));
        let rare = if usual.iter().any(|told| told["name"] == name) { "" } else { " (rare)" };
        let Seen { effects, calls, actions } = seen(&tool).await;
        let effects = effects.into_iter().collect::<Vec<_>>().join(", ");
        text += &format!(
            "| `{name}`{rare} | {effects} | {} | {} | {} |\n",
            annotations(of),
            grouped(&calls),
            grouped(&actions)
        );
    }
    text
}

#[tokio::test]
async fn the_table_of_tools_says_what_they_do() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tools.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("docs/tools.md has no place for the table");
    let (there, after) = rest.split_once(END).expect("docs/tools.md has no end of the table");
    let measured = table().await;
    if std::env::var_os("FOOTBRIDGE_WRITE_TABLE").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{measured}{END}{after}")).unwrap();
        return;
    }
    for (there, measured) in there.lines().zip(measured.lines()) {
        assert_eq!(there, measured, "write it anew");
    }
    assert_eq!(there.lines().count(), measured.lines().count());
}
