//! `--running`: data in another process's memory, filled and emptied.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::world::{World, stderr};

#[test]
fn what_runs_in_memory_is_seeded_and_reset_also_where_it_lets_only_its_own_keys_in() {
    let world = World::new();
    world.write("strict.toml", "strict = true\nephemeral = true\n[[identity]]\nkey = \"k\"\nsecret = \"s\"\n");
    let mut serve = world.command(env!("CARGO_BIN_EXE_footbridge"));
    serve.args(["serve", "--exit-with-parent", "--json", "--listen", "0", "--config", "strict.toml"]);
    let mut serve = serve.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(serve.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let run = |words: &[&str]| {
        let output = world.footbridge(words);
        assert!(output.status.success(), "{words:?}: {}", stderr(&output));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let pid = ready["pid"].to_string();
    // A region other than the first one has to be named as a bucket is made.
    for region in ["us-east-1", "eu-west-1"] {
        for named in [ready["endpoint"].as_str().unwrap(), ready["journal"].as_str().unwrap(), &pid] {
            let seeded = run(&["seed", "fixtures", "--running", named, "--region", region, "--json"]);
            assert_eq!((&seeded["tables"], &seeded["objects"]), (&json!(1), &json!(2)), "{seeded}");
            let gone = run(&["reset", "--yes", "--running", named, "--json"]);
            let there = json!({ "tables": 1, "items": 2, "buckets": 1, "objects": 2 });
            assert_eq!(gone, json!({ "reset": "all", "deleted": there }));
        }
    }
    drop(serve.stdin.take());
    serve.wait().unwrap();
    for words in [&["seed", "fixtures"][..], &["reset", "--yes"]] {
        let output = world.footbridge(&[words, &["--running", &pid]].concat());
        assert_eq!(output.status.code(), Some(4), "{words:?}");
        assert!(stderr(&output).contains("is no footbridge of yours"), "{}", stderr(&output));
    }
}

#[test]
fn what_runs_first_finds_the_endpoint_and_what_fails_ends_it() {
    let world = World::new();
    let mut serve = world.command(env!("CARGO_BIN_EXE_footbridge"));
    serve.args(["serve", "--exit-with-parent", "--json", "--ephemeral", "--listen", "0", "--seed", "fixtures"]);
    let note = if cfg!(windows) { "echo %AWS_ENDPOINT_URL%>ready" } else { "echo out; echo $AWS_ENDPOINT_URL >ready" };
    serve.args(["--on-ready", note]);
    let mut serve = serve.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(serve.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let noted = std::fs::read_to_string(world.work().join("ready")).unwrap();
    assert_eq!(noted.trim(), ready["endpoint"].as_str().unwrap());
    let pid = ready["pid"].to_string();
    let seeded = world.footbridge(&["seed", "fixtures", "--running", &pid, "--json"]);
    let seeded: Value = serde_json::from_slice(&seeded.stdout).unwrap();
    assert_eq!((&seeded["tables"], &seeded["unchanged"]), (&json!(0), &json!(2)), "{seeded}");
    drop(serve.stdin.take());
    serve.wait().unwrap();
    let failed = world.footbridge(&["serve", "--ephemeral", "--listen", "0", "--on-ready", "exit 3"]);
    assert_eq!(failed.status.code(), Some(1), "{}", stderr(&failed));
    assert!(stderr(&failed).contains("--on-ready failed") && failed.stdout.is_empty(), "{}", stderr(&failed));
}
