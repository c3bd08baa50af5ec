//! The tools as they are listed: every rule that some client in the field needs, over every list there can be.

use std::collections::BTreeSet;

use footbridge::config::{Mode, Offered};
use footbridge::mcp::{Bridge, Options, Policy, Target, TargetKind};
use serde_json::{Map, Value, json};

use crate::support::{Here, Raw, err};

/// Bytes of JSON that make a token, at the least: what tokenizers make of such a list is measured by the client script.
const BYTES_PER_TOKEN: usize = 4;

/// Every list there can be: on each kind of target, in each mode, with and without files and defaults.
async fn every_list(offered: Offered) -> Vec<(String, Vec<Value>)> {
    let here = Here::new().await;
    let mut lists = Vec::new();
    for kind in [TargetKind::Local, TargetKind::Aws, TargetKind::Custom("http://127.0.0.1:1".into())] {
        for mode in [Mode::ReadOnly, Mode::Ask, Mode::ReadWrite] {
            for files in [Vec::new(), vec![std::env::temp_dir()]] {
                for (bucket, table) in
                    [(None, None), (Some("media"), None), (None, Some("orders")), (Some("media"), Some("orders"))]
                {
                    let what = format!("{kind:?}, {mode}, files {files:?}, bucket {bucket:?}, table {table:?}");
                    let options = Options {
                        target: Target { kind: kind.clone(), ..Target::local("eu-west-1") },
                        mode,
                        authorizer: std::sync::Arc::new(Policy::new(mode)),
                        files: files.clone(),
                        tools: offered.clone(),
                        default_bucket: bucket.map(str::to_owned),
                        default_table: table.map(str::to_owned),
                        ..here.options()
                    };
                    lists.push((what, listed(Bridge::new(options)).await));
                }
            }
        }
    }
    lists
}

/// The tools that a client is told of.
pub async fn listed(bridge: Bridge) -> Vec<Value> {
    let mut raw = Raw::new(bridge);
    raw.initialize().await;
    let answer = raw.ask("tools/list", json!({})).await;
    assert!(answer["result"].get("nextCursor").is_none());
    answer["result"]["tools"].as_array().unwrap().clone()
}

/// What is wrong with a tool, by the 2025-11-25 revision's `Tool` and by what clients can read.
fn wrong(tool: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let name = tool["name"].as_str().unwrap_or_default();
    if name.is_empty()
        || name.len() > 64
        || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    {
        faults.push(format!("name {name:?}"));
    }
    if tool["description"].as_str().is_none_or(|text| text.split(' ').count() < 3) {
        faults.push("no description".to_owned());
    }
    members(tool, &["name", "description", "inputSchema", "annotations"], "", &mut faults);
    let Some(schema) = tool["inputSchema"].as_object() else {
        faults.push("inputSchema is no object".to_owned());
        return faults;
    };
    if schema.get("type") != Some(&json!("object")) || !schema.get("properties").is_some_and(Value::is_object) {
        faults.push("inputSchema is not of type object with properties".to_owned());
    }
    // The server refuses names that it does not know; a schema that says so is refused by google-genai.
    if schema.contains_key("additionalProperties") || schema.contains_key("description") {
        faults.push("inputSchema says more than type, properties, required".to_owned());
    }
    node(&tool["inputSchema"], "inputSchema", &mut faults);
    let hints = &tool["annotations"];
    members(hints, &["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"], "annotations", &mut faults);
    if hints.as_object().is_none_or(|hints| !hints.values().all(Value::is_boolean)) {
        faults.push("annotations that are no booleans".to_owned());
    }
    // A client that is told nothing takes a writer for destructive and repeatable at its own risk.
    let reads = hints["readOnlyHint"] == true;
    if !hints["readOnlyHint"].is_boolean()
        || !hints["openWorldHint"].is_boolean()
        || reads == hints["destructiveHint"].is_boolean()
    {
        faults.push("annotations do not say what it does".to_owned());
    }
    faults
}

/// Notes members that are not among the known ones.
fn members(of: &Value, known: &[&str], at: &str, faults: &mut Vec<String>) {
    for name in of.as_object().into_iter().flat_map(Map::keys).filter(|name| !known.contains(&name.as_str())) {
        faults.push(format!("{at}: unknown member {name}"));
    }
}

/// A schema, and all below it: an object with one type, and nothing that some client cannot read.
fn node(schema: &Value, at: &str, faults: &mut Vec<String>) {
    let Some(map) = schema.as_object() else {
        faults.push(format!("{at}: {schema} is no object"));
        return;
    };
    members(
        schema,
        &["type", "description", "enum", "items", "properties", "required", "additionalProperties"],
        at,
        faults,
    );
    match map.get("type").and_then(Value::as_str) {
        Some("object") => {
            let properties = map.get("properties").and_then(Value::as_object);
            let other = map.get("additionalProperties");
            match (properties, other) {
                (None, None) => faults.push(format!("{at}: an open object does not say so")),
                (Some(_), None) => {}
                (_, Some(Value::Object(any))) if any.is_empty() => {}
                (_, Some(values)) => node(values, &format!("{at}.*"), faults),
            }
            for (name, property) in properties.into_iter().flatten() {
                let at = format!("{at}.{name}");
                if property["description"].as_str().is_none_or(str::is_empty) {
                    faults.push(format!("{at}: no description"));
                }
                node(property, &at, faults);
            }
            let known: BTreeSet<&str> = properties.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            if let Some(required) = map.get("required") {
                let names: Option<BTreeSet<&str>> =
                    required.as_array().and_then(|names| names.iter().map(Value::as_str).collect());
                if names.is_none_or(|names| names.is_empty() || !names.is_subset(&known)) {
                    faults.push(format!("{at}: required {required}"));
                }
            }
        }
        Some("array") => match map.get("items") {
            Some(items) => node(items, &format!("{at}[]"), faults),
            None => faults.push(format!("{at}: a list of what?")),
        },
        Some("string" | "integer" | "number" | "boolean") => {}
        kind => faults.push(format!("{at}: its type is {kind:?}")),
    }
}

#[tokio::test]
async fn every_list_holds_each_rule_that_a_client_needs() {
    for (what, tools) in every_list(Offered::all()).await {
        for tool in &tools {
            assert_eq!(wrong(tool), Vec::<String>::new(), "{} ({what})", tool["name"]);
        }
        let names: BTreeSet<_> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
        assert_eq!(names.len(), tools.len(), "{what}");
    }
}

/// Each rule is broken once, as it was before or as it easily could be, and found.
#[tokio::test]
async fn a_list_that_breaks_a_rule_is_found() {
    type Plant = fn(&mut Value);
    let here = Here::new().await;
    let tools = listed(here.bridge()).await;
    let plants: [(&str, &str, Plant); 18] = [
        ("s3_put_object", "json: true is no object", |schema| schema["properties"]["json"] = json!(true)),
        ("s3_put_object", "json: its type is None", |schema| {
            schema["properties"]["json"] = json!({ "description": "x" });
        }),
        ("bridge_status", "with properties", |schema| drop(schema.as_object_mut().unwrap().remove("properties"))),
        ("dynamodb_scan", "says more", |schema| schema["additionalProperties"] = json!(false)),
        ("dynamodb_put_items", "items[]: an open object does not say so", |schema| {
            drop(schema["properties"]["items"]["items"].as_object_mut().unwrap().remove("additionalProperties"));
        }),
        ("dynamodb_put_items", "values.*: true is no object", |schema| {
            schema["properties"]["values"]["additionalProperties"] = json!(true);
        }),
        ("dynamodb_transact_write", "operations[].*: false is no object", |schema| {
            schema["properties"]["operations"]["items"]["additionalProperties"] = json!(false);
        }),
        ("dynamodb_update_table", "unknown member anyOf", |schema| {
            schema["properties"]["add_index"] = json!({ "description": "x", "anyOf": [{ "type": "string" }] });
        }),
        ("dynamodb_update_table", "its type is None", |schema| {
            schema["properties"]["billing"]["type"] = json!(["string", "object"]);
        }),
        ("dynamodb_query", "limit: no description", |schema| {
            drop(schema["properties"]["limit"].as_object_mut().unwrap().remove("description"));
        }),
        ("dynamodb_transact_write", "operations[].put: no description", |schema| {
            schema["properties"]["operations"]["items"]["properties"]["put"] =
                json!({ "type": "object", "additionalProperties": {} });
        }),
        ("dynamodb_query", "unknown member format", |schema| schema["properties"]["limit"]["format"] = json!("uint32")),
        ("dynamodb_query", "unknown member default", |schema| schema["properties"]["limit"]["default"] = json!(null)),
        ("dynamodb_query", "unknown member $ref", |schema| schema["properties"]["limit"]["$ref"] = json!("#/x")),
        ("dynamodb_query", "required", |schema| schema["required"] = json!(["tables"])),
        ("dynamodb_query", "required", |schema| schema["required"] = json!([])),
        ("dynamodb_get_items", "a list of what?", |schema| {
            drop(schema["properties"]["keys"].as_object_mut().unwrap().remove("items"));
        }),
        ("dynamodb_get_items", "its type is Some(\"null\")", |schema| {
            schema["properties"]["cursor"]["type"] = json!("null");
        }),
    ];
    for (name, fault, plant) in plants {
        let mut tool = tools.iter().find(|tool| tool["name"] == name).unwrap().clone();
        plant(&mut tool["inputSchema"]);
        let found = wrong(&tool);
        assert!(found.iter().any(|found| found.contains(fault)), "{name}: {fault} is not among {found:?}");
    }
    let mut reader = tools.iter().find(|tool| tool["name"] == "s3_list_buckets").unwrap().clone();
    reader["annotations"] = json!({ "openWorldHint": false });
    assert_eq!(wrong(&reader), ["annotations do not say what it does"]);
    reader["outputSchema"] = json!({ "type": "object" });
    assert!(wrong(&reader)[0].contains("unknown member outputSchema"));
}

#[tokio::test]
async fn no_usual_list_is_longer_than_4000_tokens() {
    for (what, tools) in every_list(Offered::default()).await {
        let bytes = Value::from(tools).to_string().len();
        assert!(bytes <= 16_000 && bytes / BYTES_PER_TOKEN < 4000, "{bytes} bytes ({what})");
    }
}

#[tokio::test]
async fn what_may_destroy_takes_snapshot_and_nothing_else_does() {
    for (what, tools) in every_list(Offered::all()).await {
        for tool in &tools {
            let has = |name: &str| tool["inputSchema"]["properties"].get(name).is_some();
            let keeps = has("confirm") && what.starts_with("Local");
            assert_eq!(has("snapshot"), keeps, "{} ({what})", tool["name"]);
        }
    }
    for (what, tools) in every_list(Offered::default()).await {
        assert!(tools.iter().all(|tool| tool["inputSchema"]["properties"].get("snapshot").is_none()), "{what}");
    }
}

/// The schemas leave that to the server.
#[tokio::test]
async fn a_name_that_a_tool_does_not_know_is_refused_with_those_it_does() {
    let here = Here::new().await;
    let place = tempfile::tempdir().unwrap();
    let options = Options { files: vec![place.path().to_owned()], tools: Offered::all(), ..here.options() };
    let bridge = Bridge::new(options);
    for tool in listed(bridge.clone()).await {
        let name = tool["name"].as_str().unwrap();
        // Some clients cannot call a tool that takes nothing without a parameter that they make up.
        if tool["inputSchema"]["properties"].as_object().unwrap().is_empty() {
            continue;
        }
        let error = err(&bridge, name, json!({ "surprise": 1 })).await;
        assert_eq!(error.code, "invalid_arguments", "{name}");
        assert!(error.message.contains("unknown field `surprise`"), "{name}: {error}");
        for property in tool["inputSchema"]["properties"].as_object().unwrap().keys() {
            assert!(error.message.contains(&format!("`{property}`")), "{name}: {property} is not named by {error}");
        }
    }
}

#[tokio::test]
async fn what_only_reads_says_so_and_what_writes_says_how() {
    for (what, tools) in every_list(Offered::all()).await {
        for tool in &tools {
            let name = tool["name"].as_str().unwrap();
            let hints = &tool["annotations"];
            let expected = match name.split_once('_').map_or(name, |(_, verb)| verb) {
                // Nothing changes.
                "status" | "list_buckets" | "list_objects" | "get_object" | "list_tables" | "describe_table"
                | "get_items" | "query" | "scan" => (true, None, None),
                // Something new comes to be.
                "create_bucket" | "create_table" | "presign_url" | "download_object" => {
                    (false, Some(false), Some(true))
                }
                // Something may be replaced or go, and a second time changes nothing more.
                "put_object" | "copy_object" | "delete_objects" | "delete_bucket" | "delete_table" | "put_items"
                | "delete_items" => (false, Some(true), Some(true)),
                // A second time may change more.
                "update_table" | "update_item" | "transact_write" => (false, Some(true), None),
                // What each tool needs to say is looked at above.
                _ => continue,
            };
            let told =
                (hints["readOnlyHint"] == true, hints["destructiveHint"].as_bool(), hints["idempotentHint"].as_bool());
            assert_eq!(told, expected, "{name} ({what})");
            assert_eq!(hints["openWorldHint"], !what.starts_with("Local"), "{name} ({what})");
        }
    }
}
