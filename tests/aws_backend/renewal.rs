//! Credentials that end, are refused, or come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use footbridge::backend::BridgeErrorKind;
use footbridge::clock::ManualClock;

use crate::fake::{Fake, credentials};
use crate::providers::{SSO, sso_credentials};
use crate::world::{World, list};

const FAR: &str = "2099-01-01T00:00:00Z";

#[tokio::test]
async fn an_ended_sso_session_says_how_to_log_in_and_the_next_call_picks_it_up() {
    let far = Fake::dynamodb().await;
    let portal = Fake::start(|asked| match asked.header("x-amz-sso_bearer_token") {
        "revoked" => {
            (401, r#"{"__type":"UnauthorizedException","message":"Session token not found or invalid"}"#.into())
        }
        _ => sso_credentials("SSO"),
    })
    .await;
    let world = World::new()
        .at(&far.url())
        .env("AWS_PROFILE", "role")
        .env("AWS_ENDPOINT_URL_SSO", &portal.url())
        .home(".aws/config", &format!("{SSO}[profile role]\nsource_profile = dev\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n"));
    let target = world.load().await;
    let says_log_in = async || {
        let error = list(&target).await.unwrap_err().unwrap();
        assert_eq!(error.kind, BridgeErrorKind::SessionExpired);
        assert_eq!(
            error.to_string(),
            "the SSO session of profile `role` has ended. Run `aws sso login --profile role`, then try again"
        );
    };
    // Never logged in; logged in long ago; logged out elsewhere while the token here looks fresh.
    says_log_in().await;
    world.sso_token("corp", "old", "2020-01-01T00:00:00Z");
    says_log_in().await;
    world.sso_token("corp", "revoked", FAR);
    says_log_in().await;
    assert!(far.asked().is_empty());
    world.sso_token("corp", "new", FAR);
    list(&target).await.unwrap();
    assert_eq!(far.last().key(), "SSO");
}

#[tokio::test]
async fn the_profile_to_log_in_to_is_the_one_with_the_session() {
    let world = World::new().env("AWS_PROFILE", "role").at("http://127.0.0.1:9").home(
        ".aws/config",
        &format!("{SSO}[profile role]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = dev\n"),
    );
    let error = list(&world.load().await).await.unwrap_err().unwrap();
    assert_eq!(error.hint.unwrap(), "Run `aws sso login --profile dev`, then try again");
}

#[tokio::test]
async fn an_ended_login_says_how_to_log_in() {
    let world = World::new()
        .env("AWS_PROFILE", "console")
        .at("http://127.0.0.1:9")
        .home(".aws/config", "[profile console]\nlogin_session = arn:aws:iam::111122223333:user/me\n");
    let error = list(&world.load().await).await.unwrap_err().unwrap();
    assert_eq!(error.kind, BridgeErrorKind::SessionExpired);
    assert_eq!(error.hint.unwrap(), "Run `aws login --profile console`, then try again");
}

#[tokio::test]
async fn refused_credentials_are_looked_for_again() {
    let far = Fake::start(|asked| match asked.key() {
        "OLD" => (400, r#"{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"expired"}"#.to_owned()),
        _ => (200, r#"{"TableNames":[]}"#.to_owned()),
    })
    .await;
    let keys = |key: &str| format!("[default]\naws_access_key_id = {key}\naws_secret_access_key = s\n");
    let world = World::new().at(&far.url()).home(".aws/credentials", &keys("OLD"));
    let target = world.load().await;
    assert!(list(&target).await.unwrap_err().is_none(), "the service's own error stays the service's");
    world.write(".aws/credentials", &keys("NEW"));
    list(&target).await.unwrap();
    assert_eq!(far.last().key(), "NEW");
}

#[tokio::test]
async fn credentials_are_renewed_before_they_end_and_held_until_then() {
    let far = Fake::dynamodb().await;
    let given = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&given);
    let agent = Fake::start(move |_| match counter.fetch_add(1, Ordering::SeqCst) {
        0 => credentials("FIRST", "2030-01-01T01:00:00Z"),
        1 => (404, "out of order".to_owned()),
        _ => credentials("SECOND", "2030-01-01T09:00:00Z"),
    })
    .await;
    let world = World::new()
        .at(&far.url())
        .env("AWS_MAX_ATTEMPTS", "1")
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/creds", agent.url()));
    // 2030-01-01T00:00:00Z.
    let clock = ManualClock::at_millis(1_893_456_000_000);
    let target = world.load_at(Arc::new(clock.clone())).await.unwrap();
    list(&target).await.unwrap();
    list(&target).await.unwrap();
    assert_eq!((far.last().key(), agent.asked().len()), ("FIRST", 1));
    clock.advance(Duration::from_mins(56));
    list(&target).await.unwrap();
    assert_eq!(far.last().key(), "FIRST", "a renewal that fails leaves what still holds");
    list(&target).await.unwrap();
    assert_eq!(far.last().key(), "SECOND");
}

#[tokio::test]
async fn keys_without_an_end_are_read_again_after_a_while() {
    let far = Fake::dynamodb().await;
    let keys = |key: &str| format!("[default]\naws_access_key_id = {key}\naws_secret_access_key = s\n");
    let world = World::new().at(&far.url()).home(".aws/credentials", &keys("OLD"));
    let clock = ManualClock::at_millis(1_893_456_000_000);
    let target = world.load_at(Arc::new(clock.clone())).await.unwrap();
    list(&target).await.unwrap();
    world.write(".aws/credentials", &keys("NEW"));
    list(&target).await.unwrap();
    assert_eq!(far.last().key(), "OLD");
    clock.advance(Duration::from_mins(16));
    list(&target).await.unwrap();
    assert_eq!(far.last().key(), "NEW");
}
