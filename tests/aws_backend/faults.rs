//! What is said when something is missing, broken or silent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use footbridge::backend::BridgeErrorKind;
use footbridge::config::Key;
use tokio::net::TcpListener;

use crate::fake::{Fake, identity};
use crate::port::Port;
use crate::world::{World, list};

#[tokio::test]
async fn without_credentials_it_says_how_to_get_some() {
    let target = World::new().at("http://127.0.0.1:9").load().await;
    let error = list(&target).await.unwrap_err().unwrap();
    assert_eq!((error.kind, error.message.as_str()), (BridgeErrorKind::Credentials, "no AWS credentials were found"));
    assert!(error.hint.unwrap().contains("--backend local"));
}

#[tokio::test]
async fn without_a_region_it_says_so_before_any_call() {
    let error = World::with_keys().without("AWS_REGION").try_load().await.unwrap_err();
    assert_eq!(error.kind, BridgeErrorKind::Region);
    assert!(error.to_string().contains("--region"));
}

#[tokio::test]
async fn an_unknown_profile_is_an_error_that_lists_the_known() {
    let world = World::with_keys()
        .flag(Key::Profile, "--profile", "prd")
        .home(".aws/config", "[profile prod]\nregion = eu-west-1\n[profile dev]\nregion = eu-west-1\n");
    let error = world.try_load().await.unwrap_err();
    assert_eq!(error.message, "there is no profile `prd` (--profile) in AWS's shared files");
    assert_eq!(error.hint.unwrap(), "Known profiles: dev, prod");
}

#[tokio::test]
async fn a_program_that_fails_is_quoted() {
    let world = World::new().at("http://127.0.0.1:9").home(".aws/config", "[default]\ncredential_process = exit 3\n");
    let error = list(&world.load().await).await.unwrap_err().unwrap();
    assert_eq!(error.kind, BridgeErrorKind::Credentials);
    assert!(error.message.starts_with("AWS credentials cannot be loaded: "), "{error}");
}

#[tokio::test]
async fn a_frozen_peer_does_not_hang_a_call() {
    // The kernel accepts connections on its behalf; nobody ever reads them.
    let frozen = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", frozen.local_addr().unwrap());
    let world = World::with_keys().at(&url).env("FOOTBRIDGE_CALL_TIMEOUT_SECONDS", "1");
    let target = world.load().await;
    let started = Instant::now();
    let error = list(&target).await.unwrap_err().unwrap();
    assert_eq!(error.kind, BridgeErrorKind::Network);
    assert!(error.retryable && error.message.starts_with("the service did not answer in time"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn an_unreachable_endpoint_is_a_network_error() {
    let nobody = Port::reserve();
    let url = format!("http://127.0.0.1:{}", nobody.number());
    let target = World::with_keys().at(&url).env("AWS_MAX_ATTEMPTS", "1").load().await;
    let error = list(&target).await.unwrap_err().unwrap();
    assert_eq!(error.kind, BridgeErrorKind::Network);
    assert!(error.message.starts_with(&format!("the service at {url} cannot be reached: ")), "{error}");
}

#[tokio::test]
async fn a_passing_fault_is_tried_again() {
    let calls = Arc::new(AtomicUsize::new(0));
    let far = Fake::start(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => (500, r#"{"__type":"InternalServerError"}"#.to_owned()),
        _ => (200, r#"{"TableNames":[]}"#.to_owned()),
    })
    .await;
    list(&World::with_keys().at(&far.url()).load().await).await.unwrap();
    assert_eq!(far.asked().len(), 2);
}

#[tokio::test]
async fn who_we_are_is_asked_once() {
    let sts = Fake::start(|_| identity("arn:aws:iam::111122223333:user/me")).await;
    let target = World::with_keys().env("AWS_ENDPOINT_URL_STS", &sts.url()).load().await;
    assert_eq!(sts.asked().len(), 0, "nobody has wanted to know");
    for _ in 0..2 {
        let known = target.identity().await.unwrap();
        assert_eq!(known.account.as_deref(), Some("111122223333"));
        assert_eq!(known.arn.as_deref(), Some("arn:aws:iam::111122223333:user/me"));
        assert_eq!(known.region, "eu-west-1");
    }
    assert_eq!(sts.asked().len(), 1);
}

#[tokio::test]
async fn sts_that_refuses_is_an_error_and_not_an_identity() {
    let denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
    let sts = Fake::start(move |_| (403, denied.to_owned())).await;
    let target = World::with_keys().env("AWS_ENDPOINT_URL_STS", &sts.url()).load().await;
    let error = target.identity().await.unwrap_err();
    assert!(error.message.contains("AccessDenied"), "{error}");
}
