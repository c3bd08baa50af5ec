//! The command line as a person and a script see it.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A helper of a test fails as the test would.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A home directory and a working directory for the real binary, and an environment with nothing else in it.
struct Person {
    home: TempDir,
    work: TempDir,
}

impl Person {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), work: tempfile::tempdir().unwrap() }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_footbridge"));
        command.args(args).current_dir(self.work.path()).env_clear().env("HOME", self.home.path());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.work.path().join(name), text).unwrap();
    }
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn env_points_sdks_at_the_endpoint_in_each_shells_words() {
    let person = Person::new();
    let said = stdout(&person.run(&["env", "--region", "eu-west-1", "--listen", "4599"]));
    let expected = "export AWS_ACCESS_KEY_ID='test'\nexport AWS_DEFAULT_REGION='eu-west-1'\nexport AWS_ENDPOINT_URL='http://127.0.0.1:4599'\n\
                    export AWS_REGION='eu-west-1'\nexport AWS_SECRET_ACCESS_KEY='test'\n";
    assert_eq!(said, expected);
    assert!(stdout(&person.run(&["env", "--shell", "fish"])).contains("set -gx AWS_REGION 'us-east-1'\n"));
    assert!(stdout(&person.run(&["env", "--shell", "powershell"])).contains("$Env:AWS_REGION = 'us-east-1'\n"));
    assert!(stdout(&person.run(&["env", "--unset"])).contains("unset AWS_ENDPOINT_URL\n"));
    let output = person.command(&["env"]).env("SHELL", "/usr/bin/fish").output().unwrap();
    assert!(stdout(&output).starts_with("set -gx "));
    let said = stdout(&person.run(&["env", "--listen", "[::1]:4599"]));
    assert!(said.contains("AWS_ENDPOINT_URL='http://[::1]:4599'"));
    let said = json(&person.run(&["--json", "env"]));
    assert_eq!(said["AWS_ENDPOINT_URL"], "http://127.0.0.1:4566");
}

#[test]
fn a_value_cannot_leave_its_quotes() {
    let person = Person::new();
    person.write("mine.toml", "[[identity]]\nkey = \"x'; rm -rf ~; '\"\nsecret = \"s\"\n");
    let said = stdout(&person.run(&["env", "--config", "mine.toml"]));
    assert!(said.contains(r"export AWS_ACCESS_KEY_ID='x'\''; rm -rf ~; '\'''"), "{said}");
}

#[test]
fn global_flags_work_before_and_after_the_subcommand() {
    let person = Person::new();
    let before = stdout(&person.run(&["--region", "eu-west-1", "--json", "env"]));
    assert_eq!(before, stdout(&person.run(&["env", "--json", "--region", "eu-west-1"])));
    assert!(before.contains("eu-west-1"));
}

#[test]
fn wrong_command_lines_and_configurations_exit_with_2() {
    let person = Person::new();
    for args in [&["nonsense"][..], &["env", "--backend", "azure"], &["env", "--endpoint-url", "http://h"]] {
        let output = person.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty());
    }
    person.write("footbridge.toml", "stroe = \"x\"\n");
    let output = person.run(&["env"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("footbridge.toml:1: unknown key `stroe` (did you mean `store`?)"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let person = Person::new();
    let mut command = person.command(&["doctor", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
}

#[test]
fn doctor_says_what_is_in_force_and_where_it_came_from() {
    let person = Person::new();
    person.write("footbridge.toml", "store = \"shop\"\nfiles = [\"/\"]\n");
    let output = person.run(&["doctor", "--json", "--listen", "0"]);
    let report = json(&output);
    let row =
        |name: &str| report["settings"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone();
    assert_eq!(row("store")["value"], "shop");
    assert!(row("store")["source"].as_str().unwrap().ends_with("footbridge.toml:1"));
    assert_eq!(row("listen")["source"], "--listen");
    let checks = report["checks"].as_array().unwrap();
    assert!(
        checks
            .iter()
            .any(|check| check["about"] == "not honoured" && check["finding"].as_str().unwrap().contains("files in"))
    );
    assert_eq!(stderr(&output), "");
    assert!(stderr(&person.run(&["env"])).contains("is not honoured until `footbridge trust` is run here"));
}

#[test]
fn what_was_not_honoured_is_in_the_status_that_an_agent_reads() {
    let person = Person::new();
    person.write("footbridge.toml", "ephemeral = true\n[[identity]]\nkey = \"theirs\"\nsecret = \"s\"\n");
    let said = json(&person.run(&["call", "bridge_status", "{}", "--json"]));
    assert!(said["not_honoured"][0].as_str().unwrap().contains("(one identity) is not honoured until"), "{said}");
    let output = person.run(&["serve", "--strict", "--listen", "127.0.0.1:0"]);
    assert!(!output.status.success());
    assert!(stderr(&output).contains("counts once `footbridge trust` was run there"), "{}", stderr(&output));
}

#[test]
fn doctor_names_who_has_the_port() {
    let person = Person::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = person.run(&["doctor", "--quiet", "--listen", &address]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains(&format!("{address} is taken by ")), "{said}");
    if cfg!(target_os = "linux") {
        assert!(said.contains(&format!("(pid {})", std::process::id())), "{said}");
    }
}

#[test]
fn doctor_says_in_which_regions_there_is_data() {
    let person = Person::new();
    let regions = |region: &str| {
        let report = json(&person.run(&["doctor", "--json", "--listen", "127.0.0.1:0", "--region", region]));
        let check = |about: &str| report["checks"].as_array().unwrap().iter().find(|c| c["about"] == about).cloned();
        assert!(check("owner").is_none_or(|owner| owner["finding"] == "nobody at the moment"));
        check("regions").map(|check| check["finding"].as_str().unwrap().to_owned())
    };
    assert_eq!(regions("us-east-1"), None, "there is no data directory to look into");
    let table = r#"{"table": "orders", "keys": {"id": "S"}}"#;
    stdout(&person.run(&["call", "dynamodb_create_table", table, "--region", "eu-west-1"]));
    stdout(&person.run(&["call", "s3_create_bucket", r#"{"bucket": "photos"}"#, "--region", "ap-south-1"]));
    assert_eq!(regions("us-east-1").unwrap(), "data in ap-south-1, eu-west-1, none in us-east-1, which is in force");
    assert_eq!(regions("eu-west-1").unwrap(), "data in ap-south-1, eu-west-1");
}

#[cfg(unix)]
#[test]
fn doctor_names_a_data_directory_that_cannot_be_made() {
    let person = Person::new();
    person.write("file", "");
    let output = person.run(&["doctor", "--quiet", "--listen", "127.0.0.1:0", "--data-dir", "file/inner"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("Choose another directory with --data-dir"));
}

#[test]
fn doctor_says_what_aws_lacks() {
    let person = Person::new();
    let mut command = person.command(&["doctor", "--quiet", "--backend", "aws", "--region", "eu-west-1"]);
    // Nothing answers there, and nothing is asked of AWS: there are no credentials to ask with.
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("credentials: no AWS credentials were found"), "{said}");
}

#[test]
fn trust_is_a_persons_and_ends_with_a_change() {
    let person = Person::new();
    assert!(stdout(&person.run(&["trust"])).contains("there is nothing to trust"));
    person.write("footbridge.toml", "files = [\"/srv\"]\n");
    let files = |person: &Person| {
        let report = json(&person.run(&["doctor", "--json", "--listen", "127.0.0.1:0"]));
        let rows = report["settings"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["name"] == "files").unwrap()["value"].as_str().unwrap().to_owned()
    };
    // Nobody is at a terminal to agree.
    let output = person.run(&["trust"]);
    assert_eq!(output.status.code(), Some(3));
    assert_ne!(files(&person), "/srv");
    assert!(stdout(&person.run(&["trust", "--yes"])).contains("is trusted"));
    assert_eq!(files(&person), "/srv");
    person.write("footbridge.toml", "files = [\"/srv\"]\n\n");
    assert_ne!(files(&person), "/srv");
    stdout(&person.run(&["trust", "--yes"]));
    assert!(stdout(&person.run(&["trust", "--revoke"])).contains("is trusted no more"));
    assert_ne!(files(&person), "/srv");
}

#[test]
fn a_repository_writes_nothing_to_the_terminal() {
    let clear = "\\u001b[2J\\u009b31m\\u202e";
    let is_clean = |output: &Output| {
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(output);
        assert!(!said.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{said:?}");
        assert!(said.contains("\\u{1b}"), "{said}");
    };
    let commands =
        [&["env"][..], &["doctor", "--listen", "127.0.0.1:0"], &["trust", "--yes"], &["call", "bridge_status"]];
    for key in ["store", "listen", "mode", "backend", clear] {
        for command in commands {
            let person = Person::new();
            person.write("footbridge.toml", &format!("\"{key}\" = \"{clear}\"\n"));
            is_clean(&person.run(command));
        }
    }
    let doctor = &["doctor", "--listen", "127.0.0.1:0"];
    for key in ["default_bucket", "default_table", "profile", "files"] {
        let person = Person::new();
        let value = if key == "files" { format!("[\"{clear}\"]") } else { format!("\"{clear}\"") };
        person.write("footbridge.toml", &format!("{key} = {value}\n"));
        person.run(&["trust", "--yes"]);
        is_clean(&person.run(doctor));
        let output = person.run(&["doctor", "--json", "--listen", "127.0.0.1:0"]);
        assert!(!String::from_utf8_lossy(&output.stdout).contains(['\u{1b}', '\u{9b}', '\u{202e}']));
        let rows = json(&output)["settings"].to_string();
        assert!(rows.contains('\u{202e}'), "{rows}");
        if key == "profile" {
            is_clean(&person.run(&["call", "bridge_status", "--backend", "aws", "--region", "eu-west-1"]));
        }
    }
    for line in ["FOOTBRIDGE_\u{1b}[2J=x\u{1b}", "FOOTBRIDGE_MODE='\u{1b}[2J'"] {
        let person = Person::new();
        person.write(".env", line);
        let output = person.run(&["env"]);
        assert!(!stderr(&output).contains('\u{1b}') && output.status.code() == Some(2), "{}", stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn a_folders_name_writes_nothing_to_the_terminal() {
    let person = Person::new();
    let folder = person.work.path().join("\u{1b}[2J");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("footbridge.toml"), "files = [\"/\"]\n").unwrap();
    std::os::unix::fs::symlink("nowhere", folder.join(".env")).unwrap();
    for args in
        [&["env"][..], &["doctor", "--listen", "127.0.0.1:0"], &["trust", "--yes"], &["fsck", "--data-dir", "x"]]
    {
        let output = person.command(args).current_dir(&folder).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output);
        assert!(!said.contains('\u{1b}') && said.contains("\\u{1b}[2J"), "{args:?}: {said}");
    }
    let output = person.command(&["env"]).current_dir(&folder).env("AWS_REGION", "-").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn trust_shows_all_that_it_would_bring_into_force() {
    let person = Person::new();
    let junk = (0..60).map(|index| format!("AWS_JUNK_{index}=1\n")).collect::<Vec<_>>().concat();
    let dotenv = "AWS_CONTAINER_AUTHORIZATION_TOKEN=hush\nAWS_ACCESS_KEY_ID=THEIRS\nAWS_SECRET_ACCESS_KEY=hush\n\
                  AWS_CA_BUNDLE=/tmp/evil.pem\nAWS_REGION=eu-west-1\nFOOTBRIDGE_BUDGET_BYTES=2048\nAWS_PROFILE=work\n\
                  AWS_ENDPOINT_URL=http://u:hush@EVIL/\nAWS_DEFAULT_OUTPUT=$NAME\n";
    person.write(".env", &format!("{junk}{dotenv}"));
    let long = "x".repeat(5_000);
    let toml = format!(
        "backend = \"local\"\nfiles = [\"/\", \"{long}\"]\nstore = \"shop\"\nlisten = \"0.0.0.0:80\"\nstrict = true\n\
         endpoint_url = \"http://EVIL2\"\nmode.local = \"ask\"\nmode.aws = \"read-write\"\n\
         [[identity]]\nkey = \"them\"\nsecret = \"hush\"\n"
    );
    person.write("footbridge.toml", &toml);
    let output = person.run(&["trust"]);
    assert_eq!(output.status.code(), Some(3));
    let asked = String::from_utf8(output.stdout).unwrap();
    let said = stdout(&person.run(&["trust", "--yes"]));
    assert!(said.starts_with(&asked) && said.lines().count() == asked.lines().count() + 1, "{said}");
    let order = [
        "endpoint_url in ",
        "AWS_ENDPOINT_URL in ",
        "files in ",
        "AWS_CA_BUNDLE in ",
        "identity in ",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN in ",
        "mode.aws in ",
        "listen in ",
        "AWS_PROFILE in ",
        "AWS_ACCESS_KEY_ID in ",
        "AWS_JUNK_0 in ",
    ];
    let lines: Vec<&str> = said.lines().skip(1).map(str::trim).collect();
    let found: Vec<&str> = lines.iter().take(order.len()).copied().collect();
    assert!(found.iter().zip(order).all(|(line, starts)| line.starts_with(starts)), "{found:#?}");
    for whole in
        ["= http://EVIL2", ":68 = http://…@EVIL/", "= them in account 000000000000", "= read-write", "= 0.0.0.0:80"]
    {
        assert!(said.contains(whole), "{whole} is not in {said}");
    }
    assert!(said.contains("= work (until then the mode on AWS is `ask` at most)"), "{said}");
    assert!(said.contains("AWS_JUNK_59 in ") && said.contains("AWS_DEFAULT_OUTPUT in "));
    for free in ["hush", "store", "strict", "mode.local", "AWS_REGION", "BUDGET", &long] {
        assert!(!said.contains(free), "{free} is in {said}");
    }
    // Once trusted, nothing waits.
    assert!(stdout(&person.run(&["trust", "--yes"])).lines().count() == 1);
    person.write("footbridge.toml", "");
    let said = json(&person.run(&["trust", "--yes", "--json"]));
    assert!(said["waited_for_trust"][0].as_str().unwrap().starts_with("AWS_ENDPOINT_URL in "), "{said}");
}

#[test]
fn doctor_tells_of_endpoints_that_wait_while_the_backend_is_local() {
    let person = Person::new();
    let junk = (0..60).map(|index| format!("AWS_ENDPOINT_URL_{index}=http://h\n")).collect::<Vec<_>>().concat();
    person.write(".env", &format!("{junk}AWS_ENDPOINT_URL_S3=http://EVIL\n"));
    let output = person.run(&["doctor", "--listen", "127.0.0.1:0"]);
    let said = stdout(&output);
    assert!(said.contains("not honoured: AWS_ENDPOINT_URL_S3 in ") && said.contains(":61 = http://EVIL"), "{said}");
    stdout(&person.run(&["trust", "--yes"]));
    assert!(!stdout(&person.run(&["doctor", "--listen", "127.0.0.1:0"])).contains("EVIL"));
}

#[test]
fn doctor_shows_the_log_files_name_as_it_is_on_disk() {
    let person = Person::new();
    let report = json(&person.run(&["doctor", "--json", "--listen", "127.0.0.1:0"]));
    let row = report["settings"].as_array().unwrap().iter().find(|row| row["name"] == "log_file").unwrap();
    assert!(row["value"].as_str().unwrap().ends_with("footbridge.YYYY-MM-DD.log"), "{row}");
}

#[test]
fn short_commands_leave_nothing_behind() {
    let person = Person::new();
    stdout(&person.run(&["env"]));
    person.run(&["doctor", "--listen", "127.0.0.1:0"]);
    assert!(is_empty(person.home.path()) && is_empty(person.work.path()));
}

fn is_empty(path: &Path) -> bool {
    std::fs::read_dir(path).unwrap().next().is_none()
}
