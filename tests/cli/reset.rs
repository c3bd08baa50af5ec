//! `footbridge reset`.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::world::{World, stderr, stdout};

/// How many tables and buckets there are.
fn held(world: &World) -> (usize, usize) {
    let count = |answer: Value, member: &str| answer[member].as_array().unwrap().len();
    (count(world.call(&["dynamodb_list_tables"]), "tables"), count(world.call(&["s3_list_buckets"]), "buckets"))
}

#[test]
fn tables_buckets_or_all_go_and_what_went_is_said() {
    let world = World::new();
    for (words, left, said) in [
        (&["reset", "tables", "--yes"][..], (0, 1), "deleted 1 tables with 2 items in "),
        (&["reset", "buckets", "--yes"], (1, 0), "deleted 1 buckets with 2 objects in "),
        (&["reset", "--yes"], (0, 0), "deleted 1 tables with 2 items and 1 buckets with 2 objects in "),
    ] {
        let world = world.copy();
        let output = world.footbridge(words);
        assert!(stdout(&output).starts_with(said), "{}{}", stdout(&output), stderr(&output));
        assert_eq!(held(&world), left, "{words:?}");
        // A named store is another place.
        assert_eq!(world.call(&["dynamodb_list_tables", "--store", "shop"])["tables"], json!(["orders"]));
    }
    let output = world.footbridge(&["reset", "--yes", "--json"]);
    let deleted = json!({ "tables": 1, "items": 2, "buckets": 1, "objects": 2 });
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said, json!({ "reset": "all", "deleted": deleted }));
}

#[test]
fn a_running_process_keeps_its_data_open_and_sees_it_go() {
    let world = World::new();
    world.write("strict.toml", "strict = true\n[[identity]]\nkey = \"k\"\nsecret = \"s\"\n");
    for words in [&[][..], &["--config", "strict.toml"]] {
        let world = world.copy();
        let mut serve = world.command(env!("CARGO_BIN_EXE_footbridge"));
        serve.args(["serve", "--exit-with-parent", "--quiet"]).args(words).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut serve = serve.spawn().unwrap();
        BufReader::new(serve.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
        let output = world.footbridge(&[&["reset", "--yes"], words].concat());
        assert!(output.status.success(), "{words:?}: {}", stderr(&output));
        assert_eq!(world.call(&[&["dynamodb_list_tables"], words].concat())["tables"], json!([]));
        drop(serve.stdin.take());
        serve.wait().unwrap();
    }
}

#[test]
fn nothing_goes_without_a_word_on_aws_and_where_the_mode_only_reads() {
    let world = World::new();
    for (words, code, said) in [
        (&["reset"][..], 3, "1 tables with 2 items and 1 buckets with 2 objects would be deleted"),
        (&["reset", "--yes", "--backend", "aws"], 2, "never an AWS account"),
        (&["reset", "--yes", "--mode", "read-only"], 3, "read-only"),
        (&["reset", "--yes", "--ephemeral"], 2, "keeps nothing"),
    ] {
        let output = world.footbridge(words);
        assert_eq!(output.status.code(), Some(code), "{words:?}");
        assert!(stderr(&output).contains(said), "{words:?}: {}", stderr(&output));
    }
    assert_eq!(held(&world), (1, 1));
    // Nothing is made to be emptied.
    let empty = World::empty();
    assert!(stdout(&empty.footbridge(&["reset", "--yes"])).starts_with("deleted nothing in "));
    assert!(std::fs::read_dir(empty.home()).unwrap().next().is_none());
}
