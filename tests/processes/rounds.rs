//! Owners are killed amid writes, again and again, and nothing that was acknowledged is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_s3::primitives::ByteStream;
use footbridge::backend::Clients;
use futures::StreamExt as _;
use md5::{Digest as _, Md5};
use serde_json::json;
use tokio::runtime::Runtime;

use super::{Called, Mcp, Process, Serve, owner, until};
use crate::common::http_clients;
use crate::port::Port;

const ROUNDS: usize = 20;
/// How soon the public port answers again.
const PROMPT: Duration = Duration::from_secs(2);
/// Writes of each writer in a round, at least, before anybody is killed.
const WRITES: usize = 6;

/// What was sent to one service, and what of it was acknowledged.
#[derive(Default)]
struct Sent {
    sent: BTreeMap<String, String>,
    acknowledged: BTreeSet<String>,
}

impl Sent {
    /// Compares with all that is there: everything acknowledged, and nothing that was not sent as it is.
    fn check(&self, what: &str, there: &BTreeMap<String, String>, as_there: impl Fn(&str) -> String) {
        for key in &self.acknowledged {
            assert!(there.contains_key(key), "{what} {key} was acknowledged and is lost");
        }
        for (key, value) in there {
            let sent = self.sent.get(key).map(|sent| as_there(sent));
            assert_eq!(sent.as_deref(), Some(value.as_str()), "{what} {key} is there and was not sent so");
        }
    }
}

/// What all writers share.
#[derive(Default)]
struct Ledger {
    items: Mutex<Sent>,
    objects: Mutex<Sent>,
    /// Held for reading by each writer during a write.
    gate: RwLock<()>,
    complaints: Mutex<Vec<String>>,
}

/// A thread that writes through one way in.
struct Writer {
    stop: Arc<AtomicBool>,
    written: Arc<Mutex<usize>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Writes items and objects by turns. `write` gets whether it is an item, key and value; `None` ends it.
    fn start(
        name: String,
        ledger: &Arc<Ledger>,
        write: impl Fn(bool, &str, &str) -> Option<Result<(), String>> + Send + 'static,
    ) -> Self {
        let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(0)));
        let (ledger, ended, count) = (Arc::clone(ledger), Arc::clone(&stop), Arc::clone(&written));
        let thread = std::thread::spawn(move || {
            for n in 0.. {
                let _open = ledger.gate.read().unwrap_or_else(PoisonError::into_inner);
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let (key, value) = (format!("{name}-{n:05}"), format!("{name} wrote {n}; ").repeat(1 + n % 7));
                let item = n % 2 == 0;
                let kept = if item { &ledger.items } else { &ledger.objects };
                kept.lock().unwrap().sent.insert(key.clone(), value.clone());
                match write(item, &key, &value) {
                    Some(Ok(())) => {
                        kept.lock().unwrap().acknowledged.insert(key);
                        *count.lock().unwrap() += 1;
                    }
                    Some(Err(error)) => ledger.complaints.lock().unwrap().push(format!("{key}: {error}")),
                    None => return,
                }
            }
        });
        Self { stop, written, thread: Some(thread) }
    }

    fn written(&self) -> usize {
        *self.written.lock().unwrap()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(std::thread::panicking() || !matches!(ended, Some(Err(_))), "a writer panicked");
    }
}

/// An `mcp` and, unless it is idle, its writer.
struct Seat {
    // Before the process, so that it is stopped first.
    writer: Option<Writer>,
    mcp: Arc<Mcp>,
    idle: bool,
}

struct World {
    temp: tempfile::TempDir,
    _reserved: Port,
    port: u16,
    ledger: Arc<Ledger>,
    seats: Vec<Seat>,
    serve: Option<Serve>,
    started: usize,
    runtime: Runtime,
    http: Clients,
}

impl World {
    fn new() -> Self {
        let (temp, reserved) = (tempfile::tempdir().unwrap(), Port::reserve());
        let port = reserved.number();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let http = impatient(&http_clients(&format!("http://127.0.0.1:{port}")));
        let ledger = Arc::default();
        let mut world =
            Self { temp, _reserved: reserved, port, ledger, seats: Vec::new(), serve: None, started: 0, runtime, http };
        let first = Mcp::start(world.temp.path(), port);
        first.call("dynamodb_create_table", &json!({"table": "users", "keys": {"pk": "S"}}));
        first.call("s3_create_bucket", &json!({"bucket": "bucket"}));
        world.seat(first, false);
        world.sit(false);
        world.sit(true);
        world.serve();
        world
    }

    /// A fresh `mcp`.
    fn sit(&mut self, idle: bool) {
        let mcp = Mcp::start(self.temp.path(), self.port);
        self.seat(mcp, idle);
    }

    fn seat(&mut self, mcp: Mcp, idle: bool) {
        self.started += 1;
        let mcp = Arc::new(mcp);
        let writer = (!idle).then(|| {
            let mcp = Arc::clone(&mcp);
            Writer::start(format!("mcp{}", self.started), &self.ledger, move |item, key, value| {
                let called = if item {
                    mcp.try_call("dynamodb_put_items", &json!({"table": "users", "items": [{"pk": key, "v": value}]}))
                } else {
                    mcp.try_call("s3_put_object", &json!({"bucket": "bucket", "key": key, "text": value}))
                };
                match called {
                    Called::Answered(_) => Some(Ok(())),
                    Called::Refused(error) => Some(Err(error)),
                    Called::Ended => None,
                }
            })
        });
        self.seats.push(Seat { writer, mcp, idle });
    }

    fn serve(&mut self) {
        let serve = Serve::start(self.temp.path(), self.port);
        assert_eq!(serve.url, format!("http://127.0.0.1:{}", self.port));
        self.serve = Some(serve);
    }

    /// A writer that comes in by the public port. It may be refused between two owners; what it was told holds.
    fn outside(&self) -> Writer {
        let (http, runtime) = (self.http.clone(), self.runtime.handle().clone());
        Writer::start("http".to_owned(), &self.ledger, move |item, key, value| {
            let written = runtime.block_on(async {
                if item {
                    let put =
                        http.dynamodb.put_item().table_name("users").item("pk", AttributeValue::S(key.to_owned()));
                    put.item("v", AttributeValue::S(value.to_owned())).send().await.is_ok()
                } else {
                    let put = http.s3.put_object().bucket("bucket").key(key);
                    put.body(ByteStream::from(value.as_bytes().to_vec())).send().await.is_ok()
                }
            });
            // What is not acknowledged is no complaint here, and counts as neither.
            Some(if written { Ok(()) } else { Err("http".to_owned()) })
        })
    }

    /// The process that answers at the public port.
    fn holder(&self) -> u32 {
        let url = format!("http://127.0.0.1:{}/_footbridge/health", self.port);
        let health = self.runtime.block_on(async {
            let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
                .build_http::<http_body_util::Empty<bytes::Bytes>>();
            let answer = client.get(url.parse().unwrap()).await.unwrap();
            http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes()
        });
        let health: serde_json::Value = serde_json::from_slice(&health).unwrap();
        u32::try_from(health["pid"].as_u64().unwrap()).unwrap()
    }

    /// How long after `since` the public port gives an answer of the data, to a client that tries again by itself.
    fn answers(&self, since: Instant) -> Duration {
        let once = self.http.dynamodb.config().to_builder().retry_config(RetryConfig::disabled()).build();
        let client = aws_sdk_dynamodb::Client::from_conf(once);
        self.runtime.block_on(async {
            loop {
                let asked = client.list_tables().send();
                if let Ok(Ok(tables)) = tokio::time::timeout(PROMPT, asked).await {
                    assert_eq!(tables.table_names(), ["users"]);
                    return since.elapsed();
                }
                assert!(since.elapsed() < super::DEADLINE, "the public port does not answer");
                tokio::task::yield_now().await;
            }
        })
    }

    fn is_ours(&self, pid: u32) -> bool {
        self.process(pid).is_some()
    }

    fn process(&self, pid: u32) -> Option<&Process> {
        let seated = self.seats.iter().map(|seat| &seat.mcp.process);
        seated.chain(self.serve.as_ref().map(|serve| &serve.process)).find(|process| process.pid() == pid)
    }

    /// Compares all that is there, by way of the public port, with what was sent and acknowledged.
    fn compare(&self) {
        let _closed = self.ledger.gate.write().unwrap_or_else(PoisonError::into_inner);
        let (items, objects) = self.runtime.block_on(async {
            let mut items = BTreeMap::new();
            let mut pages =
                self.http.dynamodb.scan().table_name("users").consistent_read(true).into_paginator().items().send();
            while let Some(item) = pages.next().await {
                let item = item.unwrap();
                assert_eq!(item.len(), 2);
                let text = |name: &str| item[name].as_s().unwrap().clone();
                items.insert(text("pk"), text("v"));
            }
            let mut objects = BTreeMap::new();
            let mut pages = self.http.s3.list_objects_v2().bucket("bucket").into_paginator().send();
            while let Some(page) = pages.next().await {
                for object in page.unwrap().contents() {
                    objects.insert(object.key().unwrap().to_owned(), object.e_tag().unwrap().to_owned());
                }
            }
            (items, objects)
        });
        self.ledger.items.lock().unwrap().check("item", &items, str::to_owned);
        self.ledger.objects.lock().unwrap().check("object", &objects, etag);
    }

    /// Reads every object's body.
    fn read_all(&self) -> usize {
        let sent = self.ledger.objects.lock().unwrap();
        self.runtime.block_on(async {
            let keys = futures::stream::iter(sent.acknowledged.iter());
            let reads = keys.map(|key| async move {
                let got = self.http.s3.get_object().bucket("bucket").key(key).send().await.unwrap();
                (key, got.body.collect().await.unwrap().to_vec())
            });
            let mut reads = reads.buffer_unordered(8);
            while let Some((key, body)) = reads.next().await {
                assert_eq!(body, sent.sent[key].as_bytes(), "{key}");
            }
        });
        sent.acknowledged.len()
    }
}

/// Clients that try again at once: what an application's pauses come to is not what is tested.
fn impatient(clients: &Clients) -> Clients {
    let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(20));
    Clients {
        s3: aws_sdk_s3::Client::from_conf(clients.s3.config().to_builder().retry_config(retries.clone()).build()),
        dynamodb: aws_sdk_dynamodb::Client::from_conf(
            clients.dynamodb.config().to_builder().retry_config(retries).build(),
        ),
        ..clients.clone()
    }
}

fn etag(body: &str) -> String {
    let mut tag = String::from("\"");
    for byte in Md5::digest(body) {
        let _ = write!(tag, "{byte:02x}");
    }
    tag + "\""
}

/// Which parts those had that were killed.
#[derive(Debug, Default)]
struct Killed {
    serve_as_owner: usize,
    mcp_as_owner: usize,
    idle_as_owner: usize,
    serve_with_port: usize,
    mcp_with_port: usize,
}

impl Killed {
    fn every_kind(&self) -> bool {
        let Self { serve_as_owner, mcp_as_owner, idle_as_owner, serve_with_port, mcp_with_port } = *self;
        [serve_as_owner, mcp_as_owner, idle_as_owner, serve_with_port, mcp_with_port].iter().all(|times| *times > 0)
    }
}

#[test]
fn owners_are_killed_amid_writes_and_nothing_acknowledged_is_lost() {
    let mut world = World::new();
    let outside = world.outside();
    let mut killed = Killed::default();
    let mut slowest = Duration::ZERO;
    // Who is woken first is the kernel's choice, so that it may take more rounds until every kind has had its turn.
    for round in 0..4 * ROUNDS {
        if round >= ROUNDS && killed.every_kind() {
            break;
        }
        let before: Vec<usize> =
            world.seats.iter().map(|seat| seat.writer.as_ref().map_or(0, Writer::written)).collect();
        until("an owner", || owner(world.temp.path()).is_some_and(|pid| world.is_ours(pid)));
        until("everybody writes", || {
            let mut seats = world.seats.iter().zip(&before);
            seats.all(|(seat, before)| seat.writer.as_ref().is_none_or(|writer| writer.written() >= before + WRITES))
        });
        let (owner, holder) = (owner(world.temp.path()).unwrap(), world.holder());
        // Without a serve an mcp has the port, and is killed too.
        let mut doomed = BTreeSet::from([owner]);
        if world.serve.is_none() || round % 5 == 4 {
            doomed.insert(holder);
        }
        let serving = world.serve.as_ref().map(|serve| serve.process.pid());
        killed.serve_as_owner += usize::from(Some(owner) == serving);
        killed.mcp_as_owner += usize::from(Some(owner) != serving);
        killed.idle_as_owner += world.seats.iter().filter(|seat| seat.idle && seat.mcp.process.pid() == owner).count();
        killed.serve_with_port += usize::from(doomed.contains(&holder) && Some(holder) == serving);
        killed.mcp_with_port += usize::from(doomed.contains(&holder) && Some(holder) != serving);

        let since = Instant::now();
        for pid in &doomed {
            world.process(*pid).unwrap().kill();
        }
        let elapsed = world.answers(since);
        let serve_died = serving.is_some_and(|pid| doomed.contains(&pid));
        eprintln!("round {round}: killed {doomed:?}, serve among them: {serve_died}; answered after {elapsed:?}");
        assert!(elapsed <= PROMPT, "round {round}: the public port answered after {elapsed:?}");
        slowest = slowest.max(elapsed);

        // The next call of each survivor.
        for seat in world.seats.iter().filter(|seat| !doomed.contains(&seat.mcp.process.pid())) {
            seat.mcp.call("dynamodb_get_items", &json!({"table": "users", "keys": [{"pk": "none"}]}));
            seat.mcp.call("s3_list_objects", &json!({"bucket": "bucket", "limit": 1}));
        }
        // Fresh ones in their place; a serve every other time a round later.
        let had_serve = world.serve.is_some();
        let (dead, alive) = std::mem::take(&mut world.seats)
            .into_iter()
            .partition(|seat: &Seat| doomed.contains(&seat.mcp.process.pid()));
        world.seats = alive;
        for seat in dead {
            world.sit(seat.idle);
        }
        world.serve = world.serve.take().filter(|serve| !doomed.contains(&serve.process.pid()));
        if world.serve.is_none() && (!had_serve || killed.serve_with_port % 2 == 0) {
            world.serve();
            assert_eq!(world.holder(), world.serve.as_ref().unwrap().process.pid());
        }
        world.compare();
        let complaints = std::mem::take(&mut *world.ledger.complaints.lock().unwrap());
        let complaints: Vec<_> = complaints.into_iter().filter(|complaint| !complaint.starts_with("http")).collect();
        assert!(complaints.is_empty(), "round {round}: {complaints:?}");
    }
    drop(outside);
    for seat in &mut world.seats {
        seat.writer = None;
    }
    world.compare();
    let objects = world.read_all();
    eprintln!("{killed:?}; {objects} objects; the port answered within {slowest:?}");
    assert!(killed.every_kind(), "every kind was the owner once, and had the port once: {killed:?}");
}
