//! One data directory, many processes: joining, attaching, handing over, and who offers the endpoint.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "support/port.rs"]
mod port;
mod processes;

use std::path::Path;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_s3::primitives::ByteStream;
use common::{http_clients, settings};
use footbridge::backend::{Backend, Clients, Manner, Offer, Role};
use footbridge::config::{Identity, Secret, Setting};
use footbridge::emulator::observer::NoObserver;
use processes::{Mcp, Serve, call};
use serde_json::json;

async fn put(clients: &Clients, key: &str) {
    let put = clients.s3.put_object().bucket("shared").key(key).body(ByteStream::from(key.as_bytes().to_vec()));
    put.send().await.unwrap();
}

async fn get(clients: &Clients, key: &str) -> Vec<u8> {
    let got = clients.s3.get_object().bucket("shared").key(key).send().await.unwrap();
    got.body.collect().await.unwrap().to_vec()
}

async fn join(directory: &Path, role: Role) -> Backend {
    Backend::open(&settings(directory), role, Arc::new(NoObserver)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_to_join_works_through_the_first_and_takes_over_when_it_leaves() {
    let temp = tempfile::tempdir().unwrap();
    let first = join(temp.path(), Role::Stays).await;
    let second = join(temp.path(), Role::Stays).await;
    assert!(first.local().unwrap().gateway().is_owner());
    assert!(!second.local().unwrap().gateway().is_owner());

    first.clients.s3.create_bucket().bucket("shared").send().await.unwrap();
    put(&second.clients, "from the second").await;
    assert_eq!(get(&first.clients, "from the second").await, b"from the second");

    // Writes go on while the owner leaves: each is acknowledged once, by one owner or the other.
    let writer = {
        let clients = second.clients.clone();
        tokio::spawn(async move {
            for n in 0..40 {
                put(&clients, &format!("during {n}")).await;
            }
        })
    };
    first.close().await;
    writer.await.unwrap();
    // All may have been written before the first had left: then the second is owner as soon as the kernel wakes it.
    processes::until("the second owns the data", || second.local().unwrap().gateway().is_owner());
    for n in 0..40 {
        let key = format!("during {n}");
        assert_eq!(get(&second.clients, &key).await, key.as_bytes());
    }
    second.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_command_takes_over_only_when_it_must() {
    let temp = tempfile::tempdir().unwrap();
    let stays = join(temp.path(), Role::Stays).await;
    stays.clients.s3.create_bucket().bucket("shared").send().await.unwrap();
    let passes = join(temp.path(), Role::Passes).await;
    put(&passes.clients, "attached").await;
    stays.close().await;
    put(&passes.clients, "alone").await;
    assert!(passes.local().unwrap().gateway().is_owner());
    passes.close().await;
    let again = join(temp.path(), Role::Passes).await;
    assert_eq!(get(&again.clients, "alone").await, b"alone");
    again.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_streams_through_the_owner() {
    let temp = tempfile::tempdir().unwrap();
    let owner = join(temp.path(), Role::Stays).await;
    let attached = join(temp.path(), Role::Stays).await;
    attached.clients.s3.create_bucket().bucket("shared").send().await.unwrap();
    let body: Vec<u8> = (0..3_000_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let file = temp.path().join("body");
    std::fs::write(&file, &body).unwrap();
    let stream = ByteStream::from_path(&file).await.unwrap();
    attached.clients.s3.put_object().bucket("shared").key("big").body(stream).send().await.unwrap();
    assert!(get(&attached.clients, "big").await == body);
    assert!(get(&owner.clients, "big").await == body);
    attached.close().await;
    owner.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_is_given_up_to_one_that_insists_and_to_nobody_else() {
    let temp = tempfile::tempdir().unwrap();
    let offering = join(temp.path(), Role::Stays).await;
    let mut wanted = settings(temp.path());
    let offer = Offer::open(offering.local().unwrap(), &wanted, Manner::Offer).await.unwrap();
    let url = offer.url().unwrap();
    assert_eq!(footbridge::backend::endpoint_of(temp.path()).as_ref(), Some(&url));
    let port: u16 = url.rsplit(':').next().unwrap().parse().unwrap();
    wanted.listen.value = footbridge::config::Listen::loopback(port);

    let other = join(temp.path(), Role::Stays).await;
    let polite = Offer::open(other.local().unwrap(), &wanted, Manner::Offer).await.unwrap();
    assert_eq!(polite.url(), None, "the endpoint of this directory is offered already");
    let serving = Offer::open(other.local().unwrap(), &wanted, Manner::Insist).await.unwrap();
    assert_eq!(serving.url().as_ref(), Some(&url));
    // The one that gave it up goes on working, and the endpoint forwards to it: it owns the data.
    offering.clients.s3.create_bucket().bucket("shared").send().await.unwrap();
    put(&http_clients(&url), "over http").await;
    assert_eq!(get(&offering.clients, "over http").await, b"over http");

    let stranger = tempfile::tempdir().unwrap();
    let elsewhere = join(stranger.path(), Role::Stays).await;
    let refused = Offer::open(elsewhere.local().unwrap(), &wanted, Manner::Insist).await.unwrap_err();
    assert!(refused.message.contains("footbridge (pid"), "{refused}");
    let free = Offer::open(elsewhere.local().unwrap(), &wanted, Manner::Offer).await.unwrap();
    assert_ne!(free.url().unwrap(), url, "a stranger's port is left alone");

    free.close().await;
    elsewhere.close().await;
    serving.close().await;
    other.close().await;
    offer.close().await;
    offering.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strict_lets_only_configured_keys_in_and_our_own_clients_still_work() {
    let temp = tempfile::tempdir().unwrap();
    let mut settings = settings(temp.path());
    settings.strict.value = true;
    let nobody = Backend::open(&settings, Role::Stays, Arc::new(NoObserver)).await.unwrap();
    let refused = Offer::open(nobody.local().unwrap(), &settings, Manner::Insist).await.unwrap_err();
    assert!(refused.message.contains("none is configured"), "{refused}");
    nobody.close().await;
    settings.identities.push(Setting::default_of(Identity {
        key: "AKIADEV".into(),
        secret: Secret::new("right"),
        account: "111122223333".into(),
        canonical_id: None,
        display_name: None,
    }));
    let backend = Backend::open(&settings, Role::Stays, Arc::new(NoObserver)).await.unwrap();
    let offer = Offer::open(backend.local().unwrap(), &settings, Manner::Insist).await.unwrap();
    backend.clients.s3.list_buckets().send().await.unwrap();
    assert_eq!(backend.target().account.as_deref(), Some("111122223333"));
    let refused = http_clients(&offer.url().unwrap()).s3.list_buckets().send().await.unwrap_err().into_service_error();
    assert_eq!(refused.meta().code(), Some("InvalidAccessKeyId"));
    offer.close().await;
    backend.close().await;
}

#[tokio::test]
async fn an_ephemeral_footbridge_leaves_nothing_behind() {
    let temp = tempfile::tempdir().unwrap();
    let mut settings = settings(temp.path());
    settings.ephemeral.value = true;
    let backend = Backend::open(&settings, Role::Stays, Arc::new(NoObserver)).await.unwrap();
    backend.clients.s3.create_bucket().bucket("shared").send().await.unwrap();
    put(&backend.clients, "k").await;
    assert_eq!(get(&backend.clients, "k").await, b"k");
    backend.close().await;
    assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_mcp_servers_a_serve_and_short_commands_share_one_directory() {
    let temp = tempfile::tempdir().unwrap();
    let place = temp.path();
    let one = Mcp::start(place, 0);
    one.call("dynamodb_create_table", &json!({"table": "users", "keys": {"id": "S"}}));
    one.call("s3_create_bucket", &json!({"bucket": "shared"}));
    let two = Mcp::start(place, 0);
    let serve = Serve::start(place, 0);
    let http = http_clients(&serve.url);

    two.call("dynamodb_put_items", &json!({"table": "users", "items": [{"id": "two"}]}));
    call(place, "dynamodb_put_items", &json!({"table": "users", "items": [{"id": "short"}]}));
    let item = http.dynamodb.put_item().table_name("users").item("id", AttributeValue::S("http".into()));
    item.send().await.unwrap();
    put(&http, "over http").await;
    for count in [
        one.call("dynamodb_scan", &json!({"table": "users", "count": true})),
        two.call("dynamodb_scan", &json!({"table": "users", "count": true})),
        call(place, "dynamodb_scan", &json!({"table": "users", "count": true})),
    ] {
        assert_eq!(count["count"], 3);
    }

    // The owner ends; everybody else goes on.
    one.end();
    two.call("dynamodb_put_items", &json!({"table": "users", "items": [{"id": "later"}]}));
    assert_eq!(http.dynamodb.scan().table_name("users").send().await.unwrap().count(), 4);
    assert_eq!(get(&http, "over http").await, b"over http");
    let seen = call(place, "s3_list_objects", &json!({"bucket": "shared"}));
    assert_eq!(seen["objects"][0]["key"], "over http");
    two.end();
    serve.kill();
    assert_eq!(call(place, "dynamodb_scan", &json!({"table": "users", "count": true}))["count"], 4);
}
