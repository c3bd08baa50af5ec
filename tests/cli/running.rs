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
