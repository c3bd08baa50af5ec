//! What a yes for the session covers: to each resource what was shown of it, and nothing beside it.

use footbridge::consent::{How, Request};
use footbridge::mcp::{Bridge, Caller, Mode, Options};
use serde_json::{Value, json};

use crate::world::{World, call, until};

/// Makes a call that a person allows for its session, and gives what they were asked.
async fn allowed(world: &World, bridge: &Bridge, caller: &Caller, tool: &'static str, arguments: &Value) -> Request {
    let (of, by, same) = (bridge.clone(), caller.clone(), arguments.clone());
    let waiting = tokio::spawn(async move { call(&of, &by, tool, &same).await });
    let request = world.asked().await;
    world.approve(&request, How::Session);
    waiting.await.unwrap().unwrap_or_else(|error| panic!("{tool} {arguments}: {error}"));
    request
}

/// That a call waits, and writes nothing.
async fn waits(world: &World, bridge: &Bridge, caller: &Caller, tool: &'static str, arguments: &Value) {
    let before = world.far.writes();
    let (of, by, same) = (bridge.clone(), caller.clone(), arguments.clone());
    let mut trying = tokio::spawn(async move { call(&of, &by, tool, &same).await });
    let request = tokio::select! {
        request = world.asked() => request,
        came = &mut trying => panic!("{tool} {arguments} did not wait: {came:?}"),
    };
    trying.abort();
    until("it is given up", || world.queue().get(request.id).unwrap().state.word() == "abandoned").await;
    assert_eq!(world.far.writes(), before, "{tool} {arguments}");
}

#[tokio::test]
async fn what_was_only_read_may_not_be_written() {
    let world = World::new().await;
    let (bridge, caller) = (world.bridge(), Caller::client("agent", "1"));
    let copy = json!({ "from": "s3://media/a.txt", "to": "s3://media/b.txt" });
    let asked = allowed(&world, &bridge, &caller, "s3_copy_object", &copy).await.question;
    assert_eq!(asked.does, ["writes the object", "reads the object"]);
    for (tool, arguments) in [
        ("s3_put_object", json!({ "bucket": "media", "key": "a.txt", "text": "x" })),
        ("s3_delete_objects", json!({ "bucket": "media", "keys": ["a.txt"] })),
        ("s3_copy_object", json!({ "from": "s3://media/b.txt", "to": "s3://media/a.txt" })),
    ] {
        waits(&world, &bridge, &caller, tool, &arguments).await;
    }
    let copy = json!({ "from": "s3://media/a", "to": "s3://media/backup/" });
    allowed(&world, &bridge, &caller, "s3_copy_prefix", &copy).await;
    waits(&world, &bridge, &caller, "s3_copy_prefix", &json!({ "from": "s3://media/backup/", "to": "s3://media/a" }))
        .await;
    let check = json!({ "operations": [
        { "table": "orders", "put": { "pk": "b" } },
        { "table": "users", "check": { "pk": "a" }, "condition": "attribute_exists(pk)" },
    ] });
    let asked = allowed(&world, &bridge, &caller, "dynamodb_transact_write", &check).await.question;
    assert_eq!(asked.does, ["writes items of", "reads items of"]);
    waits(&world, &bridge, &caller, "dynamodb_put_items", &json!({ "table": "users", "items": [{ "pk": "b" }] })).await;
    // What was written may be, and the same once more.
    let put = json!({ "table": "orders", "items": [{ "pk": "c" }] });
    call(&bridge, &caller, "dynamodb_put_items", &put).await.unwrap();
    call(&bridge, &caller, "dynamodb_transact_write", &check).await.unwrap();
}

#[tokio::test]
async fn a_key_that_ends_in_a_star_is_one_object() {
    let world = World::new().await;
    let files = tempfile::tempdir().unwrap();
    std::fs::write(files.path().join("a.txt"), "replaced").unwrap();
    let bridge = Bridge::new(Options { files: vec![files.path().to_owned()], ..world.options(Mode::Ask) });
    let directory = files.path().to_str().unwrap();
    for key in ["*", "logs/*", "a*"] {
        let to = format!("s3://media/{key}");
        let named = [
            ("s3_put_object", json!({ "bucket": "media", "key": key, "text": "x" })),
            ("s3_copy_object", json!({ "from": "s3://media/a.txt", "to": to })),
            ("s3_delete_objects", json!({ "bucket": "media", "keys": [key] })),
        ];
        for (tool, arguments) in named {
            let caller = Caller::client("agent", "1");
            let asked = allowed(&world, &bridge, &caller, tool, &arguments).await.question;
            assert_eq!((asked.resources[0].as_str(), asked.does[0].as_str()), (to.as_str(), "writes the object"));
            let mut upload = json!({ "bucket": "media", "directory": directory });
            if key != "*" {
                upload["prefix"] = json!(key.trim_end_matches('*'));
            }
            waits(&world, &bridge, &caller, "s3_upload_directory", &upload).await;
        }
    }
}

#[tokio::test]
async fn items_are_not_their_table_and_what_destroys_is_for_its_tool() {
    let world = World::new().await;
    let (bridge, caller) = (world.bridge(), Caller::client("agent", "1"));
    let put = json!({ "table": "orders", "items": [{ "pk": "b" }] });
    allowed(&world, &bridge, &caller, "dynamodb_put_items", &put).await;
    let stream = json!({ "table": "orders", "deletion_protection": true });
    allowed(&world, &bridge, &caller, "dynamodb_update_table", &stream).await;
    let query = json!({ "table": "orders", "key_condition": "pk = :b", "values": { ":b": "b" } });
    allowed(&world, &bridge, &caller, "dynamodb_delete_by_query", &query).await;
    let two = json!({ "table": "orders", "keys": [{ "pk": "a" }, { "pk": "b" }], "confirm": true });
    for (tool, arguments) in [
        ("dynamodb_delete_table", json!({ "table": "orders", "confirm": true })),
        ("dynamodb_update_table", json!({ "table": "orders", "ttl": "n" })),
        ("dynamodb_update_table", json!({ "table": "orders", "deletion_protection": false })),
        ("dynamodb_create_table", json!({ "table": "orders", "keys": { "pk": "S" } })),
        ("dynamodb_delete_items", two),
    ] {
        waits(&world, &bridge, &caller, tool, &arguments).await;
    }
}
