//! `footbridge call`: what it tells of the tools, and how it takes their arguments.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::world::{World, stderr, stdout};

/// All tools, as `footbridge call --json` tells of them.
fn tools(world: &World) -> Vec<Value> {
    let output = world.footbridge(&["call", "--json"]);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_tools_are_listed_in_groups_and_without_any_data() {
    let world = World::empty();
    world.write("broken.toml", "nothing here = ");
    let output = world.footbridge(&["call", "--config", "broken.toml"]);
    let list = stdout(&output);
    assert!(output.status.success(), "{}", stderr(&output));
    for tool in tools(&world) {
        assert!(list.contains(&format!("\n  {} ", tool["name"].as_str().unwrap())), "{tool}");
    }
    let at = |text: &str| list.find(text).unwrap();
    assert!(at("  bridge_status") < at("\nS3:") && at("  s3_get_object") < at("\nDynamoDB:"), "{list}");
    assert!(std::fs::read_dir(world.home()).unwrap().next().is_none());
}

#[test]
fn a_tools_help_has_every_parameter_with_its_type_and_what_it_is() {
    let world = World::empty();
    for tool in tools(&world) {
        let name = tool["name"].as_str().unwrap();
        let page = stdout(&world.footbridge(&["call", name, "--help"]));
        let required = tool["parameters"]["required"].as_array().cloned().unwrap_or_default();
        for (parameter, about) in tool["parameters"]["properties"].as_object().unwrap() {
            let row = page.lines().find(|line| line.starts_with(&format!("  {parameter} "))).unwrap();
            assert!(row.contains(about["description"].as_str().unwrap()), "{name}: {row}");
            let is_required = required.iter().any(|required| required == parameter);
            assert_eq!(row.ends_with(" (required)"), is_required, "{name}: {row}");
        }
        assert!(page.contains(&format!("\nExample:\n  footbridge call {name}")), "{page}");
    }
    let page = stdout(&world.footbridge(&["call", "s3_get_object", "-h"]));
    assert!(page.contains("auto|json|text|base64|head") || page.contains("auto|text|json|base64|head"), "{page}");
    let own = stdout(&world.footbridge(&["call", "--help"]));
    assert!(own.contains("Usage: footbridge call") && own.contains("--data-dir"), "{own}");
}

#[test]
fn every_tools_example_works() {
    let world = World::new();
    for tool in tools(&world) {
        let name = tool["name"].as_str().unwrap();
        let page = stdout(&world.footbridge(&["call", name, "--help"]));
        let example = page.rsplit_once("Example:\n").unwrap().1.trim();
        let world = world.copy();
        let mut output = world.sh(example);
        // Each call of the shell is a session of its own, which has nothing to undo.
        if name == "undo" && stderr(&output).contains("of this session, 0 tool calls that wrote") {
            continue;
        }
        if stderr(&output).contains("no_endpoint") {
            let mut serve = world.command(env!("CARGO_BIN_EXE_footbridge"));
            serve.args(["serve", "--quiet", "--exit-with-parent"]).stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut serve = serve.spawn().unwrap();
            BufReader::new(serve.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
            output = world.sh(example);
            drop(serve.stdin.take());
            serve.wait().unwrap();
        }
        assert!(output.status.success(), "{example}: {}", stderr(&output));
        serde_json::from_slice::<Value>(&output.stdout).unwrap();
    }
}

#[test]
fn arguments_come_as_pairs_as_json_from_a_file_and_from_standard_input() {
    let world = World::new();
    let objects = |answer: &Value| answer["objects"].as_array().unwrap().len();
    assert_eq!(objects(&world.call(&["s3_list_objects", "bucket=media", "prefix=docs/", "limit=5"])), 1);
    assert_eq!(objects(&world.call(&["s3_list_objects", r#"{"bucket": "media"}"#, "prefix=docs/"])), 1);
    world.write("arguments.json", r#"{"bucket": "media"}"#);
    assert_eq!(objects(&world.call(&["s3_list_objects", "@arguments.json"])), 2);
    // A text stays one, whatever it looks like.
    world.call(&["s3_put_object", "bucket=media", "key=2026", "text=true"]);
    assert_eq!(world.call(&["s3_get_object", "bucket=media", "key=2026"])["text"], "true");
    let keys = world.call(&["dynamodb_get_items", "table=orders", r#"keys=[{"pk": "a"}]"#]);
    assert_eq!(keys["items"], json!([{ "pk": "a", "total": 12.5 }]));
    let mut child = world.command(env!("CARGO_BIN_EXE_footbridge"));
    child.args(["call", "dynamodb_scan", "-", "count=true"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = child.spawn().unwrap();
    child.stdin.take().unwrap().write_all(br#"{"table": "orders"}"#).unwrap();
    let answer: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(answer["count"], 2);
}

#[test]
fn the_help_of_each_tool_that_may_destroy_names_snapshot() {
    let world = World::empty();
    for tool in tools(&world) {
        let help = stdout(&world.footbridge(&["call", tool["name"].as_str().unwrap(), "--help"]));
        assert_eq!(help.contains("\n  snapshot"), tool["parameters"]["properties"].get("confirm").is_some(), "{help}");
    }
}

#[test]
fn undo_as_a_call_of_its_own_points_to_the_command_that_can() {
    let world = World::new();
    let output = world.footbridge(&["call", "undo"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("`footbridge undo` takes back"), "{}", stderr(&output));
    assert!(world.footbridge(&["undo"]).status.success());
}

#[test]
fn a_tool_that_there_is_not_names_the_nearest() {
    let world = World::empty();
    for tool in tools(&world) {
        // As a hand slips: the last letter twice.
        let name = tool["name"].as_str().unwrap();
        let slipped = format!("{name}{}", name.chars().last().unwrap());
        for words in [vec!["call", &slipped], vec!["call", &slipped, "--help"]] {
            let output = world.footbridge(&words);
            assert_eq!(output.status.code(), Some(2));
            assert!(stderr(&output).contains(&format!("did you mean {name}?")), "{}", stderr(&output));
        }
    }
}
