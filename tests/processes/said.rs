//! What `serve` says of the requests that it answers, and that nobody who does not listen holds it up.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStderr, Stdio};
use std::sync::mpsc::{Receiver, channel};

use footbridge::backend::{Clients, Gateway, endpoints, owner_in, present};
use serde_json::Value;

use super::{DEADLINE, Mcp, Process, footbridge, lines, until};
use crate::common::http_clients;

/// A `serve` with its standard error in our hands.
struct Heard {
    process: Process,
    url: String,
    ready: Value,
    stderr: ChildStderr,
}

/// A `serve` that answers. Without `--json`, its address is in the first line.
fn serve(place: &Path, args: &[&str]) -> Heard {
    let mut command = footbridge(place, 0, &[&["serve"], args].concat());
    let mut child: Child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let first = lines(child.stdout.take().unwrap()).recv_timeout(DEADLINE).unwrap();
    let stderr = child.stderr.take().unwrap();
    let process = Process(std::sync::Mutex::new(child));
    let ready: Value = serde_json::from_str(&first).unwrap_or_default();
    let url = ready["endpoint"].as_str().or_else(|| first.rsplit(' ').next()).unwrap().to_owned();
    Heard { process, url, ready, stderr }
}

fn each_line(stderr: ChildStderr) -> Receiver<String> {
    let (send, lines) = channel();
    std::thread::spawn(move || {
        BufReader::new(stderr).lines().map_while(Result::ok).try_for_each(|line| send.send(line))
    });
    lines
}

/// Asks it to end, and gives what is left of what it said.
#[cfg(unix)]
fn end(heard: Heard) -> String {
    let Heard { process, mut stderr, .. } = heard;
    rustix::process::kill_process(process.id(), rustix::process::Signal::TERM).unwrap();
    let mut said = String::new();
    stderr.read_to_string(&mut said).unwrap();
    assert!(process.0.lock().unwrap().wait().unwrap().success());
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_says_each_request_once_whichever_process_has_the_data() {
    let temp = tempfile::tempdir().unwrap();
    let owner = Mcp::start(temp.path(), 0);
    let heard = serve(temp.path(), &[]);
    let (clients, lines) = (http_clients(&heard.url), each_line(heard.stderr));
    let request = || lines.recv_timeout(DEADLINE).unwrap();
    clients.s3.create_bucket().bucket("one").send().await.unwrap();
    let said = request();
    assert!(said.contains("200") && said.contains("CreateBucket") && said.contains("one"), "{said}");
    let refused = clients.dynamodb.describe_table().table_name("nowhere").send().await;
    assert!(refused.is_err());
    let said = request();
    assert!(said.contains("400") && said.contains("DescribeTable") && said.contains("ResourceNotFound"), "{said}");
    owner.end();
    until("serve has the data", || super::owner(temp.path()) == Some(heard.process.pid()));
    // Each of these once: the last tells that nothing came twice.
    for bucket in ["two", "three"] {
        clients.s3.create_bucket().bucket(bucket).send().await.unwrap();
        let said = loop {
            let said = request();
            // What the log says of taking the data over is no request.
            if said.contains("CreateBucket") {
                break said;
            }
        };
        assert!(said.contains(bucket), "{said}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn serve_says_nothing_of_requests_where_that_is_not_wanted() {
    for args in [&["--quiet"][..], &["--json"]] {
        let temp = tempfile::tempdir().unwrap();
        let heard = serve(temp.path(), args);
        http_clients(&heard.url).s3.create_bucket().bucket("one").send().await.unwrap();
        assert_eq!(end(heard), "", "{args:?}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_does_not_read_holds_serve_up() {
    let temp = tempfile::tempdir().unwrap();
    let heard = serve(temp.path(), &[]);
    let clients = http_clients(&heard.url);
    // More than a pipe holds, and none of it read.
    let name = "x".repeat(200);
    let one = || async { clients.dynamodb.describe_table().table_name(&name).send().await.map(drop) };
    for _ in 0..8 {
        futures::future::join_all((0..100).map(|_| one())).await;
    }
    clients.s3.create_bucket().bucket("still").send().await.unwrap();
    let said = end(heard);
    assert!(said.lines().count() > 100, "{said}");

    // And a reader that has gone.
    let heard = serve(temp.path(), &[]);
    let clients = http_clients(&heard.url);
    drop(heard.stderr);
    for bucket in ["two", "three"] {
        clients.s3.create_bucket().bucket(bucket).send().await.unwrap();
    }
    clients.s3.head_bucket().bucket("still").send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_serve_whose_output_nobody_reads_serves_all_the_same() {
    let temp = tempfile::tempdir().unwrap();
    let owner = Mcp::start(temp.path(), 0);
    let mut child = footbridge(temp.path(), 0, &["serve"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let process = Process(std::sync::Mutex::new(child));
    // It tries to say where it answers before it can have the data.
    let url = || endpoints(&temp.path().join("data")).remove(&process.pid());
    until("serve is there", || url().is_some());
    let clients = http_clients(&url().unwrap());
    owner.end();
    until("serve has the data", || super::owner(temp.path()) == Some(process.pid()));
    clients.s3.create_bucket().bucket("one").send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_serve_has_in_memory_is_found_and_reached_while_it_lives() {
    let temp = tempfile::tempdir().unwrap();
    let heard = serve(temp.path(), &["--ephemeral", "--json"]);
    let place = Path::new(heard.ready["journal"].as_str().unwrap());
    let known = present(place);
    assert_eq!((known.len(), known[0].pid, known[0].command.as_str()), (1, heard.process.pid(), "serve"));
    assert_eq!(known[0].endpoint.as_deref(), Some(heard.url.as_str()));
    http_clients(&heard.url).s3.create_bucket().bucket("in-memory").send().await.unwrap();
    let clients =
        Clients::local(Gateway::to_memory_of(owner_in(place).unwrap().unwrap()), "us-east-1", ("test", "test"));
    let buckets = clients.s3.list_buckets().send().await.unwrap();
    assert_eq!(buckets.buckets()[0].name(), Some("in-memory"));

    heard.process.kill();
    assert_eq!(present(place), []);
    let gone = clients.s3.list_buckets().send().await.unwrap_err();
    let said = format!("{}", aws_smithy_types::error::display::DisplayErrorContext(&gone));
    assert!(said.contains("has ended, and with it the data that it had in memory"), "{said}");
    std::fs::remove_dir_all(place).unwrap();
}

#[test]
fn env_says_on_standard_error_that_nothing_runs_and_prints_its_lines_all_the_same() {
    let temp = tempfile::tempdir().unwrap();
    let port = crate::port::Port::reserve();
    let env = || {
        let output = footbridge(temp.path(), port.number(), &["env"]).stderr(Stdio::piped()).output().unwrap();
        assert!(output.status.success());
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let url = format!("http://127.0.0.1:{}", port.number());
    let (exports, said) = env();
    assert!(exports.contains(&format!("AWS_ENDPOINT_URL='{url}'")), "{exports}");
    assert!(said.contains("no footbridge answers at") && said.contains("footbridge serve"), "{said}");
    let _serve = super::Serve::start(temp.path(), port.number());
    assert_eq!(env(), (exports, String::new()));
}

#[test]
fn each_process_of_a_directory_says_what_it_is_and_whom_it_serves_until_it_ends() {
    let temp = tempfile::tempdir().unwrap();
    let mcp = Mcp::start(temp.path(), 0);
    let serve = super::Serve::start(temp.path(), 0);
    let data = temp.path().join("data");
    let listed = || {
        let shown = present(&data).into_iter().map(|of| (of.command, of.mode, of.client));
        shown.collect::<std::collections::BTreeSet<_>>()
    };
    let shown =
        |command: &str, client: Option<&str>| (command.to_owned(), "read-write".to_owned(), client.map(Into::into));
    assert_eq!(listed(), [shown("mcp", Some("test 1")), shown("serve", None)].into());
    serve.kill();
    assert_eq!(listed(), [shown("mcp", Some("test 1"))].into());
    mcp.end();
    assert_eq!(listed(), [].into());
}
