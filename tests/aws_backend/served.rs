//! The AWS backend against our own `serve --strict`: the far side is another process that checks every signature.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use footbridge::backend::BridgeErrorKind;
use footbridge::clock::{RandomIds, SystemClock};
use footbridge::dashboard::data::Stored;
use footbridge::journal::Limits;
use footbridge::mcp::{Options, Recorder};
use footbridge_tui::Data as _;
use footbridge_tui::ask::{Answer, Ask, ObjectName, Read, Watch};
use tempfile::TempDir;

use crate::world::World;

const KNOWN: &str = "[[identity]]\nkey = \"AKIADEV\"\nsecret = \"right\"\naccount = \"111122223333\"\n";

/// `footbridge serve --strict` on a port that the kernel gave; it ends with the test.
struct Served {
    child: Child,
    url: String,
    place: TempDir,
}

impl Served {
    fn start() -> Self {
        let place = tempfile::tempdir().unwrap();
        // Chosen by the person: who may come in is not the directory's to say.
        std::fs::write(place.path().join("known.toml"), KNOWN).unwrap();
        let mut child =
            footbridge(place.path(), &["serve", "--strict", "--listen", "0", "--json", "--config", "known.toml"]);
        let mut child = child.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        Self { child, url: ready["endpoint"].as_str().unwrap().to_owned(), place }
    }

    /// A person with `secret` for the key that the server knows.
    fn person(&self, secret: &str) -> World {
        World::new().env("AWS_ACCESS_KEY_ID", "AKIADEV").env("AWS_SECRET_ACCESS_KEY", secret).at(&self.url)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn footbridge(place: &std::path::Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footbridge"));
    command.args(args).current_dir(place).env_clear().env("HOME", place);
    command
}

#[tokio::test]
async fn objects_travel_and_the_far_side_knows_us() {
    let served = Served::start();
    let target = served.person("right").load().await;
    let s3 = aws_sdk_s3::Client::from_conf(target.s3().build());
    let here = aws_sdk_s3::types::CreateBucketConfiguration::builder().location_constraint("eu-west-1".into()).build();
    s3.create_bucket().bucket("photos").create_bucket_configuration(here).send().await.unwrap();
    let body = ByteStream::from_static(b"hello");
    s3.put_object().bucket("photos").key("a b/\u{e9}").body(body).send().await.unwrap();
    let got = s3.get_object().bucket("photos").key("a b/\u{e9}").send().await.unwrap();
    assert_eq!(got.body.collect().await.unwrap().into_bytes(), "hello");
    let known = target.identity().await.unwrap();
    assert_eq!(known.account.as_deref(), Some("111122223333"));
    assert!(known.to_string().starts_with(&format!("CUSTOM {} eu-west-1 as arn:aws:", served.url)));
}

#[tokio::test]
async fn a_wrong_secret_is_refused_with_awss_own_code() {
    let served = Served::start();
    let target = served.person("wrong").load().await;
    let s3 = aws_sdk_s3::Client::from_conf(target.s3().build());
    let error = s3.list_buckets().send().await.unwrap_err();
    assert_eq!(error.code(), Some("SignatureDoesNotMatch"));
}

#[tokio::test]
async fn a_served_endpoint_is_not_taken_for_aws() {
    let served = Served::start();
    let error = World::with_keys().env("AWS_ENDPOINT_URL", &served.url).try_load().await.unwrap_err();
    assert_eq!(error.kind, BridgeErrorKind::Endpoint);
    assert!(error.message.ends_with("is footbridge, not AWS"), "{error}");
}

#[tokio::test]
async fn env_and_doctor_find_the_process_that_serves() {
    let served = Served::start();
    let text =
        |args: &[&str]| String::from_utf8(footbridge(served.place.path(), args).output().unwrap().stdout).unwrap();
    assert!(text(&["env"]).contains(&format!("export AWS_ENDPOINT_URL='{}'", served.url)));
    let doctor = text(&["doctor"]);
    assert!(doctor.contains(&format!("owner: process {}", served.child.id())), "{doctor}");
}

/// What the dashboard shows of the far side, with a journal of its own.
fn dashboard(target: &footbridge::backend::aws::AwsTarget) -> Stored {
    let mut options = Options::local(
        aws_sdk_s3::Client::from_conf(target.s3().build()),
        aws_sdk_dynamodb::Client::from_conf(target.dynamodb().build()),
    );
    options.target = target.target();
    options.recorder =
        Some(Recorder::temporary(Limits::default(), Arc::new(SystemClock), Arc::new(RandomIds)).unwrap());
    let streams = aws_sdk_dynamodbstreams::Client::from_conf(target.streams().build());
    Stored::new(options, streams, tokio::runtime::Handle::current())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_reads_and_writes_the_far_side() {
    let served = Served::start();
    let target = served.person("right").load().await;
    let dynamodb = aws_sdk_dynamodb::Client::from_conf(target.dynamodb().build());
    let s3 = aws_sdk_s3::Client::from_conf(target.s3().build());
    let here = aws_sdk_s3::types::CreateBucketConfiguration::builder().location_constraint("eu-west-1".into()).build();
    s3.create_bucket().bucket("photos").create_bucket_configuration(here).send().await.unwrap();
    let key = aws_sdk_dynamodb::types::KeySchemaElement::builder().attribute_name("pk").key_type("HASH".into());
    let text = aws_sdk_dynamodb::types::AttributeDefinition::builder().attribute_name("pk").attribute_type("S".into());
    let stream = aws_sdk_dynamodb::types::StreamSpecification::builder().stream_enabled(true);
    let stream = stream.stream_view_type("NEW_AND_OLD_IMAGES".into()).build().unwrap();
    let create = dynamodb.create_table().table_name("orders").billing_mode("PAY_PER_REQUEST".into());
    let create = create.key_schema(key.build().unwrap()).attribute_definitions(text.build().unwrap());
    create.stream_specification(stream).send().await.unwrap();
    let (data, stranger) = (dashboard(&target), dashboard(&served.person("wrong").load().await));
    let from = served.place.path().join("from.txt");
    std::fs::write(&from, "far away").unwrap();
    let url = served.url.clone();
    // Each question waits for its answer, as in the dashboard's own threads.
    let asking = std::thread::spawn(move || {
        let ask = |ask: Ask| data.answer(&ask, &Watch::idle());
        let from = from.to_str().unwrap().to_owned();
        ask(Ask::Upload { from, bucket: "photos".into(), key: "a b/\u{e9}".into(), over: None }).unwrap();
        let Answer::Buckets(buckets) = ask(Ask::Buckets { after: None }).unwrap() else { panic!() };
        assert_eq!(buckets.rows[0].region.as_deref(), Some("eu-west-1"));
        let object = ObjectName { bucket: "photos".into(), key: "a b/\u{e9}".into(), version: None };
        let some = Ask::Bytes { object: object.clone(), from: 4, length: 100 };
        assert_eq!(ask(some).unwrap(), Answer::Bytes { from: 4, total: 8, bytes: b"away".to_vec() });
        let Answer::Text(link) = ask(Ask::Presign { object, put: false, seconds: 60 }).unwrap() else { panic!() };
        assert!(link.starts_with(&format!("{url}/photos/a%20b/%C3%A9?")), "{link}");
        let Answer::Stream { next, .. } = ask(Ask::Stream { table: "orders".into(), after: None }).unwrap() else {
            panic!()
        };
        let item = serde_json::json!({ "pk": "a", "n": { "$n": "12345678901234567890" } });
        ask(Ask::Write { table: "orders".into(), seen: None, item: Some(item.clone()) }).unwrap();
        let read = Read { table: "orders".into(), limit: 5, filter: "n > 5".into(), ..Read::default() };
        let Answer::Items(page) = ask(Ask::Items(read)).unwrap() else { panic!() };
        assert_eq!((page.items.len(), page.capacity > 0.0), (1, true));
        assert_eq!(page.items[0]["n"], item["n"]);
        let follow = Ask::Stream { table: "orders".into(), after: Some(next) };
        let Answer::Stream { records, .. } = ask(follow).unwrap() else { panic!() };
        assert_eq!(records[0].new.as_ref(), Some(&page.items[0]));
        ask(Ask::Region("eu-north-1".into())).unwrap();
        let Answer::Tables(elsewhere) = ask(Ask::Tables { after: None }).unwrap() else { panic!() };
        assert!(elsewhere.rows.is_empty());
        let refused = stranger.answer(&Ask::Buckets { after: None }, &Watch::idle()).unwrap_err();
        assert_eq!(refused.code, "SignatureDoesNotMatch");
        (data, served)
    });
    let (data, served) = tokio::task::spawn_blocking(|| asking.join().unwrap()).await.unwrap();
    drop(served);
    let gone = tokio::task::spawn_blocking(move || data.answer(&Ask::Tables { after: None }, &Watch::idle()));
    let gone = gone.await.unwrap().unwrap_err();
    assert!(gone.code == "no_answer" && gone.message.contains("cannot be reached"), "{gone}");
}
