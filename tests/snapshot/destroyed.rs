//! What a call destroys is kept before, that and nothing else: what was made beside it since stays through a restore.

use footbridge::emulator::snapshot::From;
use footbridge::emulator::snapshot::Restore;
use serde_json::{Value, json};

use super::scope::{BUCKETS, HOME, KEYS, furnished};
use super::things::{Ends, Thing, means, mixed, of};
use super::undo::{bridge, call};
use super::world::World;

/// Each tool that destroys, what it is called with, and what it destroys something of.
fn calls() -> Vec<(&'static str, Value, Ends, Vec<&'static str>)> {
    let keys = |keys: &[&str]| json!({ "bucket": "media", "keys": keys });
    let deletes =
        json!([{ "table": "orders", "delete": { "pk": "k1" } }, { "table": "users", "delete": { "pk": "k1" } }]);
    vec![
        ("s3_delete_objects", keys(&["img", "im"]), Ends::Exact, vec!["s3://media/img", "s3://media/im"]),
        ("s3_delete_objects", keys(&["img*", "img/"]), Ends::Exact, vec!["s3://media/img*", "s3://media/img/"]),
        ("s3_delete_objects", json!({ "bucket": "media", "prefix": "img" }), Ends::Star, vec!["s3://media/img*"]),
        ("s3_delete_objects", json!({ "bucket": "media", "prefix": "img*" }), Ends::Star, vec!["s3://media/img**"]),
        ("s3_delete_objects", json!({ "bucket": "logs", "prefix": "" }), Ends::Star, vec!["s3://logs/*"]),
        ("s3_delete_bucket", json!({ "bucket": "media", "force": true }), Ends::Star, vec!["s3://media"]),
        ("dynamodb_delete_table", json!({ "table": "orders" }), Ends::Star, vec!["dynamodb://orders"]),
        (
            "dynamodb_delete_items",
            json!({ "table": "orders", "keys": [{ "pk": "k1" }, { "pk": "k2" }] }),
            Ends::Star,
            vec!["dynamodb://orders"],
        ),
        (
            "dynamodb_delete_by_query",
            json!({ "table": "users", "filter": "n > :n", "values": { ":n": 0 } }),
            Ends::Star,
            vec!["dynamodb://users"],
        ),
        (
            "dynamodb_update_by_query",
            json!({ "table": "users", "update": "SET n = :m", "filter": "n > :n", "values": { ":n": 0, ":m": -1 } }),
            Ends::Star,
            vec!["dynamodb://users"],
        ),
        (
            "dynamodb_transact_write",
            json!({ "operations": deletes }),
            Ends::Star,
            vec!["dynamodb://orders", "dynamodb://users"],
        ),
    ]
}

/// Writes all over: tables and buckets are made where they are missing, and each item and object is new.
async fn write(world: &World, said: &str, wanted: impl Fn(&Thing) -> bool) {
    let bridge = bridge(world);
    for table in ["orders", "users"] {
        let (account, region) = (HOME.0.to_owned(), HOME.1.to_owned());
        if wanted(&Thing::Table { account, region, name: table.to_owned() }) {
            let _ = call(&bridge, "dynamodb_create_table", json!({ "table": table, "keys": { "pk": "S" } })).await;
            let items: Vec<_> = (0..5).map(|n| json!({ "pk": format!("k{n}"), "n": n, "word": said })).collect();
            call(&bridge, "dynamodb_put_items", json!({ "table": table, "items": items })).await.unwrap();
        }
    }
    for bucket in BUCKETS {
        if wanted(&Thing::Bucket(bucket.to_owned())) {
            let _ = world.aws.s3.create_bucket().bucket(bucket).send().await;
            let tag = aws_sdk_s3::types::Tag::builder().key("word").value(said).build().unwrap();
            let tagging = aws_sdk_s3::types::Tagging::builder().tag_set(tag).build().unwrap();
            world.aws.s3.put_bucket_tagging().bucket(bucket).tagging(tagging).send().await.unwrap();
        }
        for key in KEYS {
            if wanted(&Thing::Object(bucket.to_owned(), key.to_owned())) {
                let body = said.repeat(20).into_bytes();
                world.aws.s3.put_object().bucket(bucket).key(key).body(body.into()).send().await.unwrap();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_call_destroys_comes_back_and_what_was_made_beside_it_stays() {
    for (tool, arguments, ends, uris) in calls() {
        for undone in [false, true] {
            let world = furnished().await;
            write(&world, "before", |_| true).await;
            let then = of(&world.state(&[]).await);
            let mine = bridge(&world);
            let mut arguments = arguments.clone();
            arguments["confirm"] = json!(true);
            let answer = call(&mine, tool, arguments.clone()).await.unwrap();
            assert_ne!(of(&world.state(&[]).await), then, "{tool}");
            let uris: Vec<_> = uris.iter().map(|uri| (*uri).to_owned()).collect();
            let inside = |thing: &Thing| means(&uris, ends, HOME, thing);
            // Over what the call wrote, nothing can be undone.
            write(&world, "since", |thing| !undone || !inside(thing)).await;
            let now = of(&world.state(&[]).await);
            if undone {
                call(&mine, "undo", json!({})).await.unwrap();
                world.emulator.dynamodb().swept().await;
            } else {
                let note = answer["note"].as_str().unwrap();
                let name = note.split_whitespace().find(|word| word.starts_with("auto-")).unwrap().to_owned();
                let restore = Restore { from: From::Name(name), only: None, keep: false };
                world.emulator.restore_snapshot(restore).await.unwrap();
            }
            assert_eq!(of(&world.state(&[]).await), mixed(&then, &now, inside), "{tool} {arguments}, undone: {undone}");
            world.check().await;
        }
    }
}
