//! `footbridge check`: what it finds in source, what it says of it, and how it ends.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]

mod agrees;
mod ends;
mod spellings;
mod strange;
mod trees;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value as Json;

/// Runs `footbridge check` in `directory`, with a home of its own.
fn check(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_footbridge"))
        .arg("check")
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("HOME", directory)
        .output()
        .unwrap()
}

/// The report as JSON, and the exit code.
fn report(directory: &Path, arguments: &[&str]) -> (Json, i32) {
    let output = check(directory, &[arguments, &["--json"]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    let json =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}\n{}", String::from_utf8_lossy(&output.stderr)));
    (json, output.status.code().unwrap())
}

/// A directory with these files.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

const WORKS: &str = "import boto3\nboto3.client('s3').get_object(Bucket='b', Key='k')\n";
