//! `aws` means AWS: what stands in its place is named, and an emulator is refused.

use footbridge::backend::BridgeErrorKind;
use footbridge::backend::aws::{AwsTarget, TargetKind};
use footbridge::config::Key;

use crate::fake::Fake;
use crate::world::{World, list};

fn banner(target: &AwsTarget) -> String {
    target.target().to_string()
}

#[tokio::test]
async fn without_an_override_it_is_aws() {
    let target = World::with_keys().load().await;
    assert_eq!(target.kind(), TargetKind::Aws);
    assert_eq!(banner(&target), "AWS eu-west-1");
}

#[tokio::test]
async fn every_way_to_override_the_endpoint_shows() {
    let far = Fake::dynamodb().await;
    let url = far.url();
    let custom = format!("CUSTOM {url} eu-west-1");
    let profile = format!("[default]\nendpoint_url = {url}\n");
    let all = [
        World::with_keys().at(&url),
        World::with_keys().env("FOOTBRIDGE_ENDPOINT_URL", &url),
        World::with_keys().env("AWS_ENDPOINT_URL", &url),
        World::with_keys().home(".aws/config", &profile),
        World::with_keys().home("elsewhere", &profile).env("AWS_CONFIG_FILE", "~/elsewhere"),
    ];
    for world in all {
        let target = world.load().await;
        assert_eq!(banner(&target), custom);
        list(&target).await.unwrap();
    }
    assert_eq!(far.asked().len(), 5);
    let services = format!("[default]\nservices = mine\n[services mine]\ndynamodb =\n  endpoint_url = {url}\n");
    let some =
        [World::with_keys().env("AWS_ENDPOINT_URL_DYNAMODB", &url), World::with_keys().home(".aws/config", &services)];
    for world in some {
        let target = world.load().await;
        assert_eq!(banner(&target), format!("CUSTOM {url} (DynamoDB) eu-west-1"));
        list(&target).await.unwrap();
    }
}

#[tokio::test]
async fn the_flag_outranks_every_other_endpoint() {
    let (far, other) = (Fake::dynamodb().await, Fake::dynamodb().await);
    let world = World::with_keys()
        .at(&far.url())
        .env("AWS_ENDPOINT_URL", &other.url())
        .env("AWS_ENDPOINT_URL_DYNAMODB", &other.url());
    let target = world.load().await;
    assert_eq!(banner(&target), format!("CUSTOM {} eu-west-1", far.url()));
    list(&target).await.unwrap();
    assert_eq!((far.asked().len(), other.asked().len()), (1, 0));
}

#[tokio::test]
async fn configured_endpoints_may_be_ignored() {
    let world = || World::with_keys().env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    let by_variable = world().env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true").load().await;
    assert_eq!(by_variable.kind(), TargetKind::Aws);
    let by_profile = world().home(".aws/config", "[default]\nignore_configured_endpoint_urls = true\n").load().await;
    assert_eq!(by_profile.kind(), TargetKind::Aws);
}

#[tokio::test]
async fn an_emulator_is_refused_unless_the_flag_names_it() {
    for (path, name) in
        [("/_localstack/health", "LocalStack or one of its kind"), ("/_footbridge/health", "footbridge")]
    {
        let emulator =
            Fake::start(move |asked| if asked.path == path { (200, "{}".into()) } else { (404, String::new()) }).await;
        let url = emulator.url();
        let error = World::with_keys().env("AWS_ENDPOINT_URL", &url).try_load().await.unwrap_err();
        assert_eq!(error.kind, BridgeErrorKind::Endpoint);
        assert_eq!(error.message, format!("{url} (AWS_ENDPOINT_URL in the environment) is {name}, not AWS"));
        assert!(error.hint.unwrap().ends_with(&format!("--endpoint-url {url}")));
        let error = World::with_keys().env("FOOTBRIDGE_ENDPOINT_URL", &url).try_load().await.unwrap_err();
        assert_eq!(error.kind, BridgeErrorKind::Endpoint);
        let error =
            World::with_keys().home(".aws/config", &format!("[default]\nendpoint_url = {url}\n")).try_load().await;
        assert!(error.unwrap_err().message.contains("a profile of AWS's shared files"));
        assert_eq!(World::with_keys().at(&url).load().await.kind(), TargetKind::Custom(url));
    }
}

#[tokio::test]
async fn aws_emulator_is_known_by_its_key_directory() {
    let emulator = Fake::dynamodb().await;
    let world = World::with_keys().env("AWS_ENDPOINT_URL", &emulator.url());
    world.write(&format!(".aws/emulator/{}/ca.pem", emulator.port()), "");
    assert!(world.try_load().await.unwrap_err().message.ends_with("is AWS Emulator, not AWS"));
}

#[tokio::test]
async fn an_endpoint_of_a_project_needs_trust() {
    let far = Fake::dynamodb().await;
    let world = World::with_keys().dotenv(&format!("AWS_ENDPOINT_URL={}\n", far.url()));
    assert_eq!(world.load().await.kind(), TargetKind::Aws);
    let own = format!("AWS_ENDPOINT_URL={}\nAWS_ACCESS_KEY_ID=OWN\nAWS_SECRET_ACCESS_KEY=s\n", far.url());
    list(&World::new().dotenv(&own).load().await).await.unwrap();
    assert_eq!(far.last().key(), "OWN");
}

#[tokio::test]
async fn a_bucket_is_in_the_path_where_the_host_is_not_amazons() {
    let far = Fake::start(|_| (200, String::new())).await;
    let target = World::with_keys().at(&far.url().replace("127.0.0.1", "localhost")).load().await;
    let client = aws_sdk_s3::Client::from_conf(target.s3().build());
    client.head_bucket().bucket("photos").send().await.unwrap();
    assert_eq!(far.last().path, "/photos/");
}

#[tokio::test]
async fn a_profile_named_by_the_flag_brings_its_endpoint() {
    let far = Fake::dynamodb().await;
    let world = World::new().flag(Key::Profile, "--profile", "lab").home(
        ".aws/config",
        &format!("[profile lab]\nendpoint_url = {}\naws_access_key_id = LAB\naws_secret_access_key = s\n", far.url()),
    );
    let target = world.load().await;
    assert_eq!(banner(&target), format!("CUSTOM {} eu-west-1", far.url()));
    list(&target).await.unwrap();
    assert_eq!(far.last().key(), "LAB");
}
