//! What is said when something is wrong.

use std::fs;

use crate::world::{World, stderr, stdout};

/// How often the operating system's words for "there is no such file" stand in a text.
fn no_such_file(text: &str) -> usize {
    let words = std::io::Error::from_raw_os_error(2).to_string();
    text.matches(&words).count()
}

#[test]
fn what_the_operating_system_says_is_said_once() {
    let world = World::empty();
    for words in [
        &["seed", "none-there"][..],
        &["call", "s3_list_buckets", "--config", "none-there.toml"],
        &["call", "s3_list_objects", "@none-there.json"],
        &["serve", "--data-dir", "/proc/none-there"],
        &["call", "s3_list_buckets", "--data-dir", "/proc/none-there"],
    ] {
        let output = world.footbridge(words);
        assert!(!output.status.success(), "{words:?}");
        assert_eq!(no_such_file(&stderr(&output)), 1, "{words:?}: {}", stderr(&output));
    }
}

#[test]
fn an_endpoint_where_nobody_answers_is_named() {
    let world = World::empty();
    // A port that nobody has is nobody's to listen on: the first one is reserved.
    let nowhere = "http://127.0.0.1:1";
    for words in [&["call", "s3_list_buckets"][..], &["call", "dynamodb_list_tables"], &["doctor"]] {
        let mut command = world.command(env!("CARGO_BIN_EXE_footbridge"));
        command.args(words).args(["--backend", "aws", "--endpoint-url", nowhere]);
        command.envs([("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_REGION", "us-east-1")]);
        let output = command.output().unwrap();
        let said = stdout(&output) + &stderr(&output);
        assert!(said.contains(&format!("the service at {nowhere} cannot be reached: ")), "{words:?}: {said}");
    }
}

#[test]
fn doctor_sends_nobody_to_doctor() {
    let world = World::empty();
    let config = world.home().join(".aws/config");
    fs::create_dir_all(config.parent().unwrap()).unwrap();
    for profile in [
        "credential_process = /none-there",
        "role_arn = arn:aws:iam::111122223333:role/r\nsource_profile = none",
        "sso_session = none",
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\nendpoint_url = http://127.0.0.1:1",
    ] {
        fs::write(&config, format!("[default]\nregion = us-east-1\n{profile}\n")).unwrap();
        let output = world.footbridge(&["doctor", "--backend", "aws"]);
        let said = stdout(&output) + &stderr(&output);
        assert!(said.contains("\nwrong  ") && !said.contains("footbridge doctor"), "{profile}: {said}");
    }
}
