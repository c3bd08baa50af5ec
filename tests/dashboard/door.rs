//! What the dashboard may do, and what is recorded of it.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use footbridge::clock::{RandomIds, SystemClock};
use footbridge::journal::Limits;
use footbridge::mcp::{Mode, Options, Recorder, TargetKind};
use footbridge_tui::ask::{Answer, Ask, CallFormat, ObjectName, Read, Watch};
use footbridge_tui::row::Place;
use serde_json::{Value, json};

use crate::network::{Regions, Silent};
use crate::world::World;
use crate::write;

/// What an ask does to what is stored. A new one has to be thought of here.
fn writes(ask: &Ask) -> bool {
    match ask {
        Ask::Upload { .. } | Ask::Presign { put: true, .. } | Ask::DeleteObjects(_) | Ask::Write { .. } => true,
        Ask::Call(_)
        | Ask::SaveCalls { .. }
        // As the call that is made again.
        | Ask::Replay(_)
        | Ask::Buckets { .. }
        | Ask::Objects { .. }
        | Ask::Versions { .. }
        | Ask::Object(_)
        | Ask::Bytes { .. }
        | Ask::Download { .. }
        | Ask::Presign { .. }
        | Ask::Tables { .. }
        | Ask::Table(_)
        | Ask::Items(_)
        | Ask::Stream { .. }
        | Ask::Save { .. }
        | Ask::Region(_)
        | Ask::Sessions
        // Of what somebody else's call does, which its own process runs.
        | Ask::Decide { .. } => false,
    }
}

/// One of each, about a bucket and a table that are there.
fn each(place: &Path) -> Vec<Ask> {
    let file = |name: &str| place.join(name).to_str().unwrap().to_owned();
    let object = || ObjectName { bucket: "bkt".into(), key: "k".into(), version: None };
    let seen = || Some(json!({ "pk": "a", "sk": 1, "n": 1 }));
    let item = || Some(json!({ "pk": "a", "sk": 1, "n": 2 }));
    fs::write(file("from"), "new").unwrap();
    vec![
        Ask::Call(Place::default()),
        Ask::SaveCalls { places: Vec::new(), to: file("calls"), format: CallFormat::Har },
        Ask::Replay(Place::default()),
        Ask::Buckets { after: None },
        Ask::Objects { bucket: "bkt".into(), prefix: String::new(), after: None },
        Ask::Versions { bucket: "bkt".into(), prefix: String::new(), after: None },
        Ask::Object(object()),
        Ask::Bytes { object: object(), from: 0, length: 5 },
        Ask::Download { object: object(), to: file("to") },
        Ask::Upload {
            from: file("from"),
            bucket: "bkt".into(),
            key: "k".into(),
            over: Some("149603e6c03516362a8da23f624db945".into()),
        },
        Ask::Presign { object: object(), put: false, seconds: 60 },
        Ask::Presign { object: object(), put: true, seconds: 60 },
        Ask::DeleteObjects(vec![object()]),
        Ask::DeleteObjects(vec![object(), object()]),
        Ask::Tables { after: None },
        Ask::Table("tab".into()),
        Ask::Items(Read { table: "tab".into(), limit: 5, ..Read::default() }),
        Ask::Write { table: "tab".into(), seen: None, item: Some(json!({ "pk": "b", "sk": 1 })) },
        Ask::Write { table: "tab".into(), seen: seen(), item: item() },
        Ask::Write { table: "tab".into(), seen: seen(), item: None },
        Ask::Stream { table: "tab".into(), after: None },
        Ask::Save { to: file("text"), text: "x".into() },
        Ask::Region("eu-west-1".into()),
        Ask::Sessions,
    ]
}

fn filled(mode: Mode, change: impl FnOnce(&mut Options)) -> World {
    let world = World::with(mode, change);
    world.bucket("bkt");
    world.put("bkt", "k", b"old");
    write::table(&world);
    let put = world.aws.dynamodb.put_item().table_name("tab");
    let put = json!({ "pk": "a", "sk": 1, "n": 1 })
        .as_object()
        .into_iter()
        .flatten()
        .fold(put, |put, (name, value)| put.item(name, footbridge::json::to_attribute(value, "v").unwrap()));
    world.run(async { put.send().await.unwrap() });
    world
}

#[test]
fn read_only_refuses_every_write_and_no_read() {
    let place = tempfile::tempdir().unwrap();
    let world = filled(Mode::ReadOnly, |_| {});
    for ask in each(place.path()) {
        let refused = world.ask(ask.clone()).err().filter(|error| error.code == "not_allowed");
        assert_eq!(refused.is_some(), writes(&ask), "{ask:?}: {refused:?}");
        assert!(refused.is_none_or(|error| error.message.contains("--mode read-write")), "{ask:?}");
    }
    world.run(async {
        let got = world.aws.s3.get_object().bucket("bkt").key("k").send().await.unwrap();
        assert_eq!(got.body.collect().await.unwrap().into_bytes(), "old");
    });
    assert_eq!(
        world.again(|_| {}).ask(Ask::Table("tab".into())).map(|answer| match answer {
            Answer::Table(facts) => facts.items,
            other => panic!("{other:?}"),
        }),
        Ok(1)
    );
}

#[test]
fn where_a_person_is_to_be_asked_the_dashboard_has_asked() {
    let place = tempfile::tempdir().unwrap();
    let world = filled(Mode::Ask, |_| {});
    for ask in each(place.path()).into_iter().filter(writes) {
        match world.ask(ask.clone()) {
            Ok(_) => {}
            Err(error) => {
                assert!(!["not_allowed", "needs_a_person"].contains(&error.code.as_str()), "{ask:?}: {error}");
            }
        }
    }
}

/// A journal of its own.
struct Log {
    recorder: Recorder,
    place: tempfile::TempDir,
}

impl Log {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let recorder = Recorder::in_dir(place.path(), Limits::default(), Arc::new(SystemClock), Arc::new(RandomIds));
        Self { recorder: recorder.unwrap(), place }
    }

    /// The records so far: of each call its beginning and its end.
    fn records(&self) -> Vec<Value> {
        assert!(self.recorder.flush(Duration::from_secs(20)));
        let files = fs::read_dir(self.place.path()).unwrap().flatten().map(|file| file.path());
        let files = files.filter(|path| path.extension().is_some_and(|kind| kind == "ndjson"));
        let text: String = files.map(|path| fs::read_to_string(path).unwrap()).collect();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn tools(records: &[Value]) -> Vec<&str> {
    records.iter().filter_map(|record| record["tool"].as_str()).collect()
}

#[test]
fn on_the_emulator_writes_are_recorded_and_reads_are_not() {
    let place = tempfile::tempdir().unwrap();
    let log = Log::new();
    let world = filled(Mode::ReadWrite, |options| options.recorder = Some(log.recorder.clone()));
    for ask in each(place.path()).iter().filter(|ask| !writes(ask)) {
        let _ = world.ask(ask.clone());
    }
    assert_eq!(log.records(), Vec::<Value>::new());
    // Back from the region that the last of them went to.
    world.ask(Ask::Region("us-east-1".into())).unwrap();
    let writing: Vec<_> = each(place.path()).into_iter().filter(writes).collect();
    for ask in &writing {
        let _ = world.ask(ask.clone());
    }
    let records = log.records();
    assert_eq!(
        tools(&records),
        [
            "s3_put_object",
            "s3_presign_url",
            "s3_delete_objects",
            "s3_delete_objects",
            "dynamodb_put_items",
            "dynamodb_update_item",
            "dynamodb_delete_items"
        ]
    );
    let edit = records.iter().position(|record| record["tool"] == "dynamodb_update_item").unwrap();
    let (started, finished) = (&records[edit], &records[edit + 1]);
    assert_eq!(started["who"], json!({ "kind": "cli", "command": "tui" }));
    assert_eq!(started["target"]["kind"], "local");
    assert_eq!(started["resources"], json!(["dynamodb://tab"]));
    assert_eq!(started["parameters"]["key"], json!({ "pk": "a", "sk": 1 }));
    assert_eq!(started["parameters"]["update"], "SET #a1 = :n0");
    assert_eq!(started["parameters"]["condition"], "attribute_exists(#a0) AND #a1 = :s1");
    assert_eq!(started["parameters"]["values"], json!({ ":n0": 2, ":s1": 1 }));
    assert_eq!(finished["outcome"]["status"], "ok");
    assert_eq!(finished["aws_calls"][0]["operation"], "UpdateItem");
    // What was seen last is no longer so: the refusal of DynamoDB is its end.
    let delete = records.last().unwrap();
    assert_eq!(delete["outcome"]["code"], "ConditionalCheckFailedException");
}

/// Options of a far side that is not the emulator, as a journal sees it.
fn far(options: &mut Options, log: &Log) {
    options.target.kind = TargetKind::Custom("http://127.0.0.1:1".into());
    options.recorder = Some(log.recorder.clone());
}

#[test]
fn on_aws_every_question_is_recorded_before_it_is_asked_and_none_without() {
    let place = tempfile::tempdir().unwrap();
    let log = Log::new();
    let world = filled(Mode::ReadWrite, |options| far(options, &log));
    let asks = each(place.path());
    let far_side = |ask: &&Ask| {
        !matches!(
            ask,
            Ask::Call(_) | Ask::SaveCalls { .. } | Ask::Replay(_) | Ask::Save { .. } | Ask::Region(_) | Ask::Sessions
        )
    };
    for ask in asks.iter().filter(far_side) {
        let before = log.records().len();
        let _ = world.ask(ask.clone());
        let records = log.records();
        assert!(records.len() >= before + 2, "{ask:?}");
        assert_eq!(records[before]["target"]["kind"], "custom", "{ask:?}");
        assert!(
            records[before..].iter().all(|record| !record.to_string().contains("\"old\"")),
            "{ask:?}: bodies by shape"
        );
    }
    // One page a question, however much there is.
    let world = world.again(|options| far(options, &log));
    let before = log.records().len();
    world.ask(Ask::Objects { bucket: "bkt".into(), prefix: String::new(), after: None }).unwrap();
    let made: Vec<_> =
        log.records()[before..].iter().filter_map(|record| record["aws_calls"].as_array().cloned()).flatten().collect();
    assert_eq!(made.len(), 1, "{made:?}");
    let world = world.again(|options| {
        far(options, &log);
        options.recorder = None;
    });
    for ask in asks.iter().filter(far_side) {
        let error = world.ask(ask.clone()).unwrap_err();
        assert!(matches!(error.code.as_str(), "audit_failed" | "file_exists"), "{ask:?}: {error}");
    }
}

#[test]
fn another_region_is_looked_at_from_then_on() {
    let world = filled(Mode::ReadWrite, |_| {});
    for wrong in ["", "us-east-1/../x", "EU-WEST-1 ", "a\u{1b}b"] {
        assert_eq!(world.ask(Ask::Region(wrong.into())).unwrap_err().code, "invalid_request", "{wrong:?}");
    }
    assert!(matches!(world.ask(Ask::Table("tab".into())), Ok(Answer::Table(_))));
    world.ask(Ask::Region("ap-southeast-2".into())).unwrap();
    assert_eq!(world.ask(Ask::Table("tab".into())).unwrap_err().code, "ResourceNotFoundException");
    let Answer::Tables(tables) = world.ask(Ask::Tables { after: None }).unwrap() else { panic!() };
    assert!(tables.rows.is_empty());
    world.ask(Ask::Region("us-east-1".into())).unwrap();
    assert!(matches!(world.ask(Ask::Table("tab".into())), Ok(Answer::Table(_))));
}

fn regions(named: bool) -> (World, Regions) {
    let world = World::new();
    let network = Regions::new(world.aws.config().http_client().unwrap(), named);
    let behind = SharedHttpClient::new(network.clone());
    let far = aws_sdk_s3::config::Region::new("eu-central-1");
    world.run(async {
        use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
        let there =
            CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::EuCentral1).build();
        let there = world.aws.s3.create_bucket().bucket("far-away").create_bucket_configuration(there);
        there.customize().config_override(aws_sdk_s3::config::Builder::new().region(far)).send().await.unwrap();
    });
    let world = world.again(move |options| {
        let config = options.s3.config().to_builder().http_client(behind).build();
        options.s3 = aws_sdk_s3::Client::from_conf(config);
        options.target.kind = TargetKind::Custom("http://regions".into());
        options.recorder =
            Some(Recorder::temporary(Limits::default(), Arc::new(SystemClock), Arc::new(RandomIds)).unwrap());
    });
    (world, network)
}

#[test]
fn a_bucket_of_another_region_is_followed_there() {
    let place = tempfile::tempdir().unwrap();
    let file = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    fs::write(file("from"), "far").unwrap();
    let object = || ObjectName { bucket: "far-away".into(), key: "k".into(), version: None };
    for named in [true, false] {
        let (world, network) = regions(named);
        world.ask(Ask::Upload { from: file("from"), bucket: "far-away".into(), key: "k".into(), over: None }).unwrap();
        for ask in [
            Ask::Objects { bucket: "far-away".into(), prefix: String::new(), after: None },
            Ask::Object(object()),
            Ask::Bytes { object: object(), from: 0, length: 9 },
            Ask::Download { object: object(), to: file(&format!("to-{named}")) },
            Ask::DeleteObjects(vec![object()]),
        ] {
            // As somebody who has not heard of the bucket yet.
            world.ask(Ask::Region("us-east-1".into())).unwrap();
            world.ask(ask.clone()).unwrap_or_else(|error| panic!("{ask:?}: {error}"));
            network.asked.lock().unwrap().clear();
            // And of one who has.
            let _ = world.ask(ask.clone());
            let asked = network.asked.lock().unwrap().clone();
            assert!(asked.iter().all(|(region, _)| region == "eu-central-1"), "{ask:?}: {asked:?}");
        }
        // The listing says where they are, and nobody has to be sent away.
        world.ask(Ask::Region("us-east-1".into())).unwrap();
        world.ask(Ask::Buckets { after: None }).unwrap();
        network.asked.lock().unwrap().clear();
        world.ask(Ask::Objects { bucket: "far-away".into(), prefix: String::new(), after: None }).unwrap();
        let asked = network.asked.lock().unwrap().clone();
        assert_eq!(asked.len(), 1, "{asked:?}");
    }
}

#[test]
fn what_nobody_waits_for_any_more_ends() {
    let world = World::new().again(|options| {
        let silent = SharedHttpClient::new(Silent);
        options.dynamodb = aws_sdk_dynamodb::Client::from_conf(
            options.dynamodb.config().to_builder().http_client(silent.clone()).build(),
        );
        options.s3 = aws_sdk_s3::Client::from_conf(options.s3.config().to_builder().http_client(silent).build());
    });
    let place = tempfile::tempdir().unwrap();
    let local = |ask: &Ask| {
        matches!(
            ask,
            Ask::Call(_)
                | Ask::SaveCalls { .. }
                | Ask::Replay(_)
                | Ask::Save { .. }
                | Ask::Region(_)
                | Ask::Sessions
                | Ask::Presign { .. }
        )
    };
    for ask in each(place.path()).into_iter().filter(|ask| !local(ask)) {
        use footbridge_tui::Data as _;
        let off = Arc::new(std::sync::atomic::AtomicBool::new(true));
        let error = world.data.answer(&ask, &Watch::new(off, |_| {})).unwrap_err();
        assert_eq!(error.code, "called_off", "{ask:?}");
    }
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left beside the file to upload");
}
