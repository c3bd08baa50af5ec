//! The journal of short commands and of a server that is told to stop.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footbridge"));
    command.args(arguments).arg("--data-dir").arg(directory.join("data")).current_dir(directory);
    command.env_clear().env("HOME", directory).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

fn tail(directory: &Path) -> Vec<Value> {
    let output = program(directory, &["journal", "tail", "-n", "1000", "--json"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn files(directory: &Path) -> usize {
    std::fs::read_dir(directory.join("data/journal")).unwrap().count()
}

#[test]
fn short_commands_share_a_file_and_each_call_is_there() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    for _ in 0..12 {
        assert!(program(here, &["call", "bridge_status"]).status().unwrap().success());
    }
    assert_eq!(tail(here).len(), 12);
    if cfg!(unix) {
        assert_eq!(files(here), 1);
    }
    let together: Vec<_> = (0..6).map(|_| program(here, &["call", "s3_list_buckets"]).spawn().unwrap()).collect();
    for mut one in together {
        assert!(one.wait().unwrap().success());
    }
    assert_eq!(tail(here).len(), 18);
    assert!(files(here) <= 6, "{}", files(here));
}

#[cfg(unix)]
#[test]
fn a_server_that_is_told_to_stop_has_written_all_that_it_answered() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let mut server = program(here, &["serve", "--json", "--listen", "0"]).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    let endpoint = said["endpoint"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
    for _ in 0..5 {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(&endpoint).unwrap();
        stream
            .write_all(format!("GET /photos HTTP/1.1\r\nhost: {endpoint}\r\nconnection: close\r\n\r\n").as_bytes())
            .unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    }
    let pid = rustix::process::Pid::from_child(&server);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(server.wait().unwrap().success());
    let calls = tail(here);
    assert_eq!(calls.len(), 5);
    assert!(calls.iter().all(|call| call["http_status"].is_u64()), "{calls:?}");
}
