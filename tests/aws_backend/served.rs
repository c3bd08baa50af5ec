//! The AWS backend against our own `serve --strict`: the far side is another process that checks every signature.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use footbridge::backend::BridgeErrorKind;
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
