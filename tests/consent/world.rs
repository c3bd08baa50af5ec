//! A far side that counts writes, and bridges to it whose clock stands still.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use footbridge::backend::{Clients, Local, LocalOptions, Role, Server};
use footbridge::clock::{ManualClock, RandomIds, SystemClock};
use footbridge::config::Offered;
use footbridge::consent::{How, Queue, Request, State};
use footbridge::emulator::auth::{Identities, Identity};
use footbridge::emulator::endpoint::{Guard, Health, Limits, Listen, Settings};
use footbridge::emulator::observer::NoObserver;
use footbridge::journal::{Limits as JournalLimits, Recorder};
use footbridge::mcp::{Bridge, Caller, Consent, Mode, Options, Policy, Target, TargetKind, ToolError};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than anything here takes.
pub const DEADLINE: Duration = Duration::from_secs(30);

const KEY: (&str, &str) = ("AKIADEV", "right");

/// Operations of DynamoDB that write.
const WRITES: [&str; 8] = [
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactWriteItems",
    "CreateTable",
    "DeleteTable",
    "UpdateTable",
];

/// An emulator that checks every signature, behind something that counts the requests that write.
pub struct Far {
    pub url: String,
    writes: Arc<AtomicUsize>,
    pub clients: Clients,
    _local: Local,
    _server: Server,
}

impl Far {
    pub async fn start() -> Self {
        let local = Local::join(LocalOptions {
            directory: None,
            role: Role::Stays,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            identities: Identities::only([Identity::new(KEY.0, KEY.1).unwrap()]).unwrap(),
            strict: true,
            observer: Arc::new(NoObserver),
        });
        let local = Box::pin(local).await.unwrap();
        let listeners = Listen::loopback(0).bind().await.unwrap();
        let url = format!("http://{}", listeners.addresses()[0]);
        let settings = Settings {
            guard: Guard::default(),
            limits: Limits::default(),
            health: Arc::new(|| Health {
                version: "0".into(),
                pid: std::process::id(),
                directory: None,
                services: Vec::new(),
            }),
            internal: None,
        };
        let (gateway, writes) = (local.gateway().clone(), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&writes);
        let server = Server::start(listeners, settings, move |request| {
            let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
            let operation = target.and_then(|target| target.rsplit('.').next());
            let writes = operation.map_or_else(
                || !matches!(request.method().as_str(), "GET" | "HEAD"),
                |operation| WRITES.contains(&operation),
            );
            counted.fetch_add(usize::from(writes), Ordering::SeqCst);
            let gateway = gateway.clone();
            async move { gateway.forward(request).await }
        });
        let config = aws_types::SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(&url)
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(KEY.0, KEY.1, None, None, "test")))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        let far = Self { url, writes, clients: Clients::of(&config), _local: local, _server: server };
        far.fill().await;
        far
    }

    /// The tables `orders` and `users` with an item `a` each, and the bucket `media` with `a.txt`.
    async fn fill(&self) {
        let bridge = Bridge::new(Options::local(self.clients.s3.clone(), self.clients.dynamodb.clone()));
        let person = Caller::Command("test");
        for table in ["orders", "users"] {
            for (tool, arguments) in [
                ("dynamodb_create_table", json!({ "table": table, "keys": { "pk": "S" } })),
                ("dynamodb_put_items", json!({ "table": table, "items": [{ "pk": "a", "n": 1 }] })),
            ] {
                bridge.call(&person, tool, object(&arguments)).await.unwrap();
            }
        }
        for (tool, arguments) in [
            ("s3_create_bucket", json!({ "bucket": "media" })),
            ("s3_put_object", json!({ "bucket": "media", "key": "a.txt", "text": "hello" })),
        ] {
            bridge.call(&person, tool, object(&arguments)).await.unwrap();
        }
        self.writes.store(0, Ordering::SeqCst);
    }

    /// How many requests that write have come.
    pub fn writes(&self) -> usize {
        self.writes.load(Ordering::SeqCst)
    }
}

pub fn object(value: &Value) -> serde_json::Map<String, Value> {
    value.as_object().cloned().unwrap()
}

/// What one footbridge of a person has: its data directory, and a clock that moves when it is told to.
pub struct World {
    pub far: Far,
    pub clock: ManualClock,
    pub directory: TempDir,
    pub recorder: Recorder,
}

impl World {
    pub async fn new() -> Self {
        let far = Box::pin(Far::start()).await;
        let directory = tempfile::tempdir().unwrap();
        let journal = directory.path().join("journal");
        let recorder =
            Recorder::in_dir(journal, JournalLimits::default(), Arc::new(SystemClock), Arc::new(RandomIds)).unwrap();
        Self { far, clock: ManualClock::at_millis(1_800_000_000_000), directory, recorder }
    }

    /// The target `prod` in this mode, and a consent of its own.
    pub fn options(&self, mode: Mode) -> Options {
        let clients = &self.far.clients;
        let target = Target {
            name: "prod".into(),
            kind: TargetKind::Custom(self.far.url.clone()),
            account: Some("111122223333".into()),
            ..Target::local("us-east-1")
        };
        Options {
            target,
            mode,
            authorizer: Arc::new(Policy::new(mode)),
            recorder: Some(self.recorder.clone()),
            consent: Some(Consent::new(self.queue()).unwrap()),
            tools: Offered::all(),
            ..Options::local(clients.s3.clone(), clients.dynamodb.clone())
        }
    }

    /// A bridge that asks, as one process has it.
    pub fn bridge(&self) -> Bridge {
        Bridge::new(self.options(Mode::Ask))
    }

    /// The queue, as whoever opens it has it.
    pub fn queue(&self) -> Queue {
        Queue::open(self.directory.path(), Arc::new(self.clock.clone()))
    }

    pub fn place(&self) -> PathBuf {
        self.directory.path().join("approvals")
    }

    pub fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Waits until so many requests wait, and gives them.
    pub async fn waiting(&self, count: usize) -> Vec<Request> {
        let queue = self.queue();
        let look = || {
            let all = queue.list().unwrap_or_default();
            all.into_iter().filter(|request| request.state == State::Waiting).collect::<Vec<_>>()
        };
        until("requests wait", || look().len() == count).await;
        look()
    }

    /// The one request that waits.
    pub async fn asked(&self) -> Request {
        self.waiting(1).await.remove(0)
    }

    /// A person says yes elsewhere.
    pub fn approve(&self, request: &Request, how: How) {
        self.queue().allow(request.id, "ada with `footbridge`", how).unwrap();
    }

    /// What is stored of the item `pk` of a table.
    pub async fn stored(&self, table: &str, pk: &str) -> Option<Value> {
        let key = aws_sdk_dynamodb::types::AttributeValue::S(pk.into());
        let got = self.far.clients.dynamodb.get_item().table_name(table).key("pk", key).send().await.unwrap();
        got.item.map(|item| footbridge::json::from_item(&item).unwrap())
    }
}

/// Adds one to the item `a` of `orders`: how often it has run can be read there.
pub fn add() -> (&'static str, Value) {
    let arguments = json!({ "table": "orders", "key": { "pk": "a" }, "update": "ADD n :one", "values": { ":one": 1 } });
    ("dynamodb_update_item", arguments)
}

/// What a call comes to that no form can be shown for, and that is not waited for.
pub async fn call(bridge: &Bridge, caller: &Caller, tool: &str, arguments: &Value) -> Result<Value, ToolError> {
    let answer = bridge.call(caller, tool, object(arguments)).await?;
    Ok(serde_json::from_str(&answer.text).unwrap())
}

/// Waits for something to be so.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + DEADLINE;
    while !holds() {
        assert!(std::time::Instant::now() < deadline, "{what}: not within {DEADLINE:?}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// The records of a journal.
pub fn records(recorder: &Recorder) -> Vec<Value> {
    assert!(recorder.flush(DEADLINE));
    lines(recorder.dir())
}

fn lines(dir: &Path) -> Vec<Value> {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap());
    texts.flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>()).collect()
}
