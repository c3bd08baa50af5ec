//! Any history of tool calls, and the last of them taken back.

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use footbridge::emulator::ToolCall;
use footbridge::emulator::reset::Scope;
use footbridge::emulator::store::{Read as _, Table, log};
use footbridge::emulator::undo::Undo;
use footbridge::mcp::{Bridge, Caller, Options, ToolError};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::history::{self, Deed, act};
use super::world::World;

/// A bridge of a session of its own on the data of `world`.
pub fn bridge(world: &World) -> Bridge {
    let aws = &world.aws;
    let gateway = Some(aws.gateway().clone());
    Bridge::new(Options { gateway, ..Options::local(aws.s3.clone(), aws.dynamodb.clone()) })
}

pub async fn call(bridge: &Bridge, tool: &str, arguments: Value) -> Result<Value, ToolError> {
    let caller = Caller::Command("test");
    let answer = bridge.call(&caller, tool, arguments.as_object().cloned().unwrap()).await?;
    Ok(serde_json::from_str(&answer.text).unwrap())
}

/// How many calls that wrote are on record.
fn on_record(world: &World) -> usize {
    log::heads(&world.emulator.store().read().unwrap()).unwrap().len()
}

/// A tool call, and its arguments.
fn tool_call() -> impl Strategy<Value = (&'static str, Value)> {
    let table = prop::sample::select(&history::TABLES[..]);
    let bucket = prop::sample::select(&history::BUCKETS[..]);
    let key = prop::sample::select(&["a/one", "a/two", "b/one"][..]);
    let item = |n: u8| json!({ "pk": format!("k{}", n % 2), "sk": format!("s{}", n % 5), "other": format!("o{}", n % 3), "n": n });
    let id = |n: u8| json!({ "pk": format!("k{}", n % 2), "sk": format!("s{}", n % 5) });
    prop_oneof![
        2 => (table.clone(), any::<bool>()).prop_map(|(table, indexed)| {
            let mut arguments = json!({ "table": table, "keys": { "pk": "S", "sk": "S" }, "stream": "new_and_old_images" });
            if indexed {
                arguments["indexes"] = json!({ "by_other": { "keys": { "other": "S" } } });
            }
            ("dynamodb_create_table", arguments)
        }),
        1 => table.clone().prop_map(|table| ("dynamodb_delete_table", json!({ "table": table, "confirm": true }))),
        6 => (table.clone(), proptest::collection::vec(any::<u8>(), 1..4)).prop_map(move |(table, values)| {
            let items: Vec<_> = values.into_iter().map(item).collect();
            ("dynamodb_put_items", json!({ "table": table, "items": items }))
        }),
        3 => (table.clone(), any::<u8>()).prop_map(move |(table, n)| {
            ("dynamodb_update_item", json!({ "table": table, "key": id(n), "update": "SET n = :n, extra = :n", "values": { ":n": n } }))
        }),
        3 => (table.clone(), proptest::collection::vec(any::<u8>(), 1..4)).prop_map(move |(table, values)| {
            let keys: Vec<_> = values.into_iter().map(id).collect();
            ("dynamodb_delete_items", json!({ "table": table, "keys": keys, "confirm": true }))
        }),
        2 => (table.clone(), table.clone(), any::<[u8; 3]>()).prop_map(move |(table, other, [put, update, delete])| {
            let operations = json!([
                { "table": table, "put": item(put) },
                { "table": other, "key": id(update), "update": "SET n = :n, extra = :n", "values": { ":n": update } },
                { "table": table, "delete": id(delete) },
            ]);
            ("dynamodb_transact_write", json!({ "operations": operations }))
        }),
        2 => (table.clone(), any::<u8>()).prop_map(|(table, n)| {
            let (update, filter) = ("SET extra = :n REMOVE gone", "n < :n");
            let arguments = json!({ "table": table, "update": update, "filter": filter, "values": { ":n": n }, "confirm": true });
            ("dynamodb_update_by_query", arguments)
        }),
        2 => (table.clone(), any::<u8>(), any::<bool>()).prop_map(|(table, n, query)| {
            let mut arguments = json!({ "table": table, "filter": "n > :n", "values": { ":n": n }, "confirm": true });
            if query {
                arguments["key_condition"] = json!("pk = :pk");
                arguments["values"][":pk"] = json!("k1");
            }
            ("dynamodb_delete_by_query", arguments)
        }),
        2 => (table, 0..4_u8).prop_map(|(table, what)| {
            let mut arguments = json!({ "table": table });
            match what {
                0 => arguments["add_index"] = json!({ "name": "by_more", "keys": { "other": "S", "sk": "S" } }),
                1 => arguments["delete_index"] = json!("by_other"),
                2 => arguments["stream"] = json!("off"),
                _ => arguments["ttl"] = json!("until"),
            }
            ("dynamodb_update_table", arguments)
        }),
        2 => bucket.clone().prop_map(|bucket| ("s3_create_bucket", json!({ "bucket": bucket }))),
        1 => (bucket.clone(), any::<bool>())
            .prop_map(|(bucket, force)| ("s3_delete_bucket", json!({ "bucket": bucket, "force": force, "confirm": true }))),
        6 => (bucket.clone(), key.clone(), prop_oneof![Just(0), Just(30), Just(80_000)], any::<u8>()).prop_map(
            |(bucket, key, size, byte)| {
                let text = format!("{byte} ").repeat(size / 2);
                ("s3_put_object", json!({ "bucket": bucket, "key": key, "text": text, "metadata": { "byte": byte.to_string() } }))
            }
        ),
        2 => (bucket.clone(), key.clone(), bucket.clone(), key.clone()).prop_map(|(bucket, key, other, to)| {
            ("s3_copy_object", json!({ "from": format!("s3://{bucket}/{key}"), "to": format!("s3://{other}/{to}") }))
        }),
        2 => (bucket.clone(), bucket.clone()).prop_map(|(bucket, other)| {
            ("s3_copy_prefix", json!({ "from": format!("s3://{bucket}/a/"), "to": format!("s3://{other}/b/") }))
        }),
        2 => (bucket.clone(), proptest::collection::vec(key, 1..3))
            .prop_map(|(bucket, keys)| ("s3_delete_objects", json!({ "bucket": bucket, "keys": keys, "confirm": true }))),
        1 => bucket.prop_map(|bucket| ("s3_delete_objects", json!({ "bucket": bucket, "prefix": "a/", "confirm": true }))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn after_any_history_undo_gives_the_state_before_the_calls(
        before in history::history(12),
        calls in proptest::collection::vec(tool_call(), 1..16),
        back in any::<prop::sample::Index>(),
    ) {
        super::runtime().block_on(async {
            let world = World::new().await;
            act(&world.aws, &before).await;
            let bridge = bridge(&world);
            // The state before each call that wrote.
            let mut states = Vec::new();
            for (tool, arguments) in &calls {
                let (state, known) = (world.state(&[]).await, on_record(&world));
                let _ = call(&bridge, tool, arguments.clone()).await;
                world.emulator.dynamodb().swept().await;
                if on_record(&world) > known {
                    states.push(state);
                } else {
                    assert_eq!(world.state(&[]).await, state, "{tool} {arguments}");
                }
            }
            world.check().await;
            if states.is_empty() {
                return;
            }
            let last = back.index(states.len()) + 1;
            match call(&bridge, "undo", json!({ "calls": last })).await {
                Ok(_) => {
                    world.emulator.dynamodb().swept().await;
                    assert_eq!(world.state(&[]).await, states[states.len() - last], "{last} of {}", states.len());
                }
                Err(error) => panic!("{error}: {last} of {}", states.len()),
            }
            world.check().await;
            assert_eq!(on_record(&world), states.len() - last);
        });
    }

    #[test]
    fn where_others_wrote_undo_gives_all_of_it_back_or_says_why_not_and_changes_nothing(
        before in history::history(12),
        steps in proptest::collection::vec(
            (tool_call(), prop_oneof![2 => Just(Vec::new()), 1 => history::history(3)], any::<bool>()),
            1..10,
        ),
    ) {
        super::runtime().block_on(async {
            let world = World::new().await;
            act(&world.aws, &before).await;
            let (one, other) = (bridge(&world), bridge(&world));
            for ((tool, arguments), theirs, mine) in &steps {
                let _ = call(if *mine { &one } else { &other }, tool, arguments.clone()).await;
                act(&world.aws, theirs).await;
                world.emulator.dynamodb().swept().await;
            }
            let state = world.state(&[]).await;
            let known = on_record(&world);
            match call(&one, "undo", json!({})).await {
                Ok(_) => assert_eq!(on_record(&world), known - 1),
                Err(error) => {
                    assert!(["newer_on_top", "invalid_arguments"].contains(&error.code.as_str()), "{error}");
                    assert!(error.message.contains("nothing was"), "{error}");
                    assert_eq!(world.state(&[]).await, state, "{error}");
                    assert_eq!(on_record(&world), known);
                }
            }
            world.emulator.dynamodb().swept().await;
            world.check().await;
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_on_top_is_named() {
    let world = World::new().await;
    let (mine, theirs) = (bridge(&world), bridge(&world));
    let table = json!({ "table": "orders", "keys": { "pk": "S" } });
    call(&mine, "dynamodb_create_table", table).await.unwrap();
    let put = |n: u8| json!({ "table": "orders", "items": [{ "pk": "a", "n": n }] });
    call(&mine, "dynamodb_put_items", put(1)).await.unwrap();
    call(&theirs, "dynamodb_put_items", put(2)).await.unwrap();
    let error = call(&mine, "undo", json!({ "calls": 2 })).await.unwrap_err();
    assert_eq!(error.code, "newer_on_top");
    assert!(error.message.contains(r#"{"pk":{"S":"a"}} of dynamodb://orders was written since"#), "{error}");
    let answer = call(&theirs, "undo", json!({})).await.unwrap();
    assert_eq!(answer["done"], json!({ "dynamodb://orders": { "items changed back": 1 } }));
    let answer = call(&mine, "undo", json!({ "calls": 2 })).await.unwrap();
    assert_eq!(answer["undone"], json!(["dynamodb_put_items", "dynamodb_create_table"]));
    let error = call(&mine, "undo", json!({})).await.unwrap_err();
    assert!(error.message.contains("0 tool calls that wrote are on record"), "{error}");
    assert!(world.state(&[]).await.lines().count() == 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_fifty_calls_of_a_session_are_kept_and_nothing_of_those_before() {
    let world = World::new().await;
    let bridge = bridge(&world);
    act(&world.aws, &[Deed::CreateBucket(0)]).await;
    for n in 0..55 {
        let text = "x".repeat(70_000 + n);
        call(&bridge, "s3_put_object", json!({ "bucket": "media", "key": "one", "text": text })).await.unwrap();
    }
    assert_eq!(on_record(&world), 50);
    world.check().await;
    let error = call(&bridge, "undo", json!({ "calls": 51 })).await.unwrap_err();
    assert!(error.message.contains("between 1 and 50"), "{error}");
    call(&bridge, "undo", json!({ "calls": 50 })).await.unwrap();
    let object = world.aws.s3.head_object().bucket("media").key("one").send().await.unwrap();
    assert_eq!(object.content_length(), Some(70_004));
    world.check().await;
    assert_eq!(log::totals(&world.emulator.store().read().unwrap()).unwrap(), log::Totals::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_call_destroys_is_kept_before_and_named() {
    let world = World::new().await;
    let bridge = bridge(&world);
    act(&world.aws, &[Deed::CreateBucket(0), Deed::PutObject(0, 0, 1, 2), Deed::PutObject(0, 2, 1, 2)]).await;
    let state = world.state(&[]).await;
    let delete = json!({ "bucket": "media", "prefix": "a/", "confirm": true });
    let answer = call(&bridge, "s3_delete_objects", delete.clone()).await.unwrap();
    let note = answer["note"].as_str().unwrap();
    let name = note.split_whitespace().find(|word| word.starts_with("auto-")).unwrap();
    world.restore(name, &[]).await.unwrap();
    assert_eq!(world.state(&[]).await, state);
    // Not where that is not wanted, and not more than twenty.
    let mut without = delete.clone();
    without["snapshot"] = json!(false);
    assert!(call(&bridge, "s3_delete_objects", without).await.unwrap().get("note").is_none());
    for _ in 0..25 {
        call(&bridge, "s3_delete_objects", delete.clone()).await.unwrap();
    }
    let listed = call(&bridge, "restore", json!({})).await.unwrap();
    assert_eq!(listed["snapshots"].as_array().unwrap().len(), 20);
    let without = json!({ "bucket": "media", "keys": ["none"], "snapshot": false });
    call(&bridge, "s3_delete_objects", without).await.expect("what destroys nothing makes none anyway");
    let with = json!({ "bucket": "media", "keys": ["none"], "snapshot": true });
    let error = call(&bridge, "s3_delete_objects", with).await.unwrap_err();
    assert!(error.message.contains("before a call that destroys"), "{error}");
    let put = json!({ "bucket": "media", "key": "k", "text": "", "snapshot": false });
    assert_eq!(call(&bridge, "s3_put_object", put).await.unwrap_err().code, "invalid_arguments");
    let error = call(&bridge, "restore", json!({ "name": name })).await.unwrap_err();
    assert!(error.message.contains("there is no snapshot"), "{error}");
}

/// An item that is put by this call of a tool.
async fn put_by(world: &World, session: Uuid, by: Uuid, key: &str) {
    let header = ToolCall { session, call: by, tool: "dynamodb_load_items".to_owned() }.to_header();
    let pk = aws_sdk_dynamodb::types::AttributeValue::S(key.to_owned());
    let put = world.aws.dynamodb.put_item().table_name("orders").item("pk", pk).customize();
    let put = put.mutate_request(move |request| {
        request.headers_mut().insert(ToolCall::HEADER, header.clone());
    });
    put.send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_let_go_of_while_it_writes_is_not_taken_back_by_half() {
    let world = World::new().await;
    let table = json!({ "table": "orders", "keys": { "pk": "S" } });
    call(&bridge(&world), "dynamodb_create_table", table).await.unwrap();
    let (session, long) = (Uuid::now_v7(), Uuid::now_v7());
    put_by(&world, session, long, "long one").await;
    for n in 0..50 {
        put_by(&world, session, Uuid::now_v7(), &format!("short {n}")).await;
    }
    put_by(&world, session, long, "long two").await;
    let undo = |calls| world.emulator.undo(Undo { session: Some(session), calls, running: [].into() });
    assert_eq!(undo(50).await.unwrap().calls.len(), 50);
    let error = undo(1).await.unwrap_err();
    assert!(error.message.contains("0 tool calls that wrote are on record"), "{error}");
    assert!(error.message.contains("last 50 of a session are kept"), "{error}");
    put_by(&world, session, long, "long three").await;
    undo(1).await.unwrap_err();
    let left = world.aws.dynamodb.scan().table_name("orders").send().await.unwrap();
    assert_eq!(left.count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_still_runs_is_not_undone() {
    let world = World::new().await;
    let bridge = bridge(&world);
    let table = json!({ "table": "orders", "keys": { "pk": "S" } });
    call(&bridge, "dynamodb_create_table", table).await.unwrap();
    let items: Vec<_> = (0..200).map(|n| json!({ "pk": n.to_string() })).collect();
    let mut running = Box::pin(call(&bridge, "dynamodb_put_items", json!({ "table": "orders", "items": items })));
    while on_record(&world) == 1 {
        assert!(futures::poll!(running.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    let state = |error: ToolError| assert!(error.message.contains("dynamodb_put_items is still running"), "{error}");
    state(call(&bridge, "undo", json!({})).await.unwrap_err());
    state(call(&bridge, "undo", json!({ "calls": 2 })).await.unwrap_err());
    running.await.unwrap();
    let answer = call(&bridge, "undo", json!({})).await.unwrap();
    assert_eq!(answer["done"], json!({ "dynamodb://orders": { "items deleted again": 200 } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_forgets_all_that_could_be_undone_and_what_was_kept_for_it() {
    for scope in [Scope::Tables, Scope::Buckets, Scope::All] {
        let world = World::new().await;
        let bridge = bridge(&world);
        let table = json!({ "table": "orders", "keys": { "pk": "S" } });
        call(&bridge, "dynamodb_create_table", table).await.unwrap();
        call(&bridge, "dynamodb_put_items", json!({ "table": "orders", "items": [{ "pk": "a" }] })).await.unwrap();
        call(&bridge, "s3_create_bucket", json!({ "bucket": "media" })).await.unwrap();
        for n in 0..2 {
            let text = "x".repeat(80_000 + n);
            call(&bridge, "s3_put_object", json!({ "bucket": "media", "key": "one", "text": text })).await.unwrap();
        }
        call(&bridge, "dynamodb_delete_table", json!({ "table": "orders", "confirm": true })).await.unwrap();
        world.emulator.reset(scope).await.unwrap();
        let error = call(&bridge, "undo", json!({})).await.unwrap_err();
        assert!(error.message.contains("0 tool calls that wrote are on record"), "{scope:?}: {error}");
        world.check().await;
        let read = world.emulator.store().read().unwrap();
        assert_eq!(read.prefix(Table::Items, &[]).unwrap().count(), 0, "{scope:?}");
        assert_eq!(read.prefix(Table::Undo, &[]).unwrap().count(), 0, "{scope:?}");
        let bodies = world.emulator.s3().blobs().list().await.unwrap().len();
        assert_eq!(bodies, usize::from(scope == Scope::Tables), "{scope:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_not_taken_back_where_the_one_below_is_gone_or_changed() {
    let world = World::new().await;
    let (bridge, s3) = (bridge(&world), &world.aws.s3);
    act(&world.aws, &[Deed::CreateBucket(0)]).await;
    let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    s3.put_bucket_versioning().bucket("media").versioning_configuration(on).send().await.unwrap();
    let delete = json!({ "bucket": "media", "keys": ["k"], "confirm": true });
    let put = json!({ "bucket": "media", "key": "k", "text": "two" });
    for (tool, arguments) in [("s3_put_object", put), ("s3_delete_objects", delete)] {
        let first = s3.put_object().bucket("media").key("k").send().await.unwrap();
        call(&bridge, tool, arguments).await.unwrap();
        let first = first.version_id().unwrap();
        s3.delete_object().bucket("media").key("k").version_id(first).send().await.unwrap();
        let state = world.state(&[]).await;
        let error = call(&bridge, "undo", json!({})).await.unwrap_err();
        assert_eq!(error.code, "newer_on_top", "{tool}");
        assert!(error.message.contains("an older version of the object \"s3://media/k\" was deleted"), "{error}");
        assert_eq!(world.state(&[]).await, state, "{tool}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_in_which_an_upload_was_begun_is_not_taken_back() {
    let world = World::new().await;
    let (bridge, s3) = (bridge(&world), &world.aws.s3);
    call(&bridge, "s3_create_bucket", json!({ "bucket": "media" })).await.unwrap();
    let upload = s3.create_multipart_upload().bucket("media").key("k").send().await.unwrap();
    let error = call(&bridge, "undo", json!({})).await.unwrap_err();
    assert!(error.message.contains("s3://media has open uploads by now"), "{error}");
    let upload = upload.upload_id().unwrap();
    s3.abort_multipart_upload().bucket("media").key("k").upload_id(upload).send().await.unwrap();
    call(&bridge, "undo", json!({})).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_destroy_at_once_do_not_stand_in_one_anothers_way() {
    let world = World::new().await;
    let bridge = bridge(&world);
    act(&world.aws, &[Deed::CreateBucket(0)]).await;
    let delete = json!({ "bucket": "media", "prefix": "a/", "confirm": true });
    let calls = (0..60).map(|_| {
        let (bridge, delete) = (bridge.clone(), delete.clone());
        tokio::spawn(async move { call(&bridge, "s3_delete_objects", delete).await })
    });
    for outcome in futures::future::join_all(calls).await {
        outcome.unwrap().unwrap();
    }
}
