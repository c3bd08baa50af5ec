//! After a session has read on AWS what others may have written, what takes data out asks even in read-write.

use footbridge::consent::How;
use footbridge::mcp::{Bridge, Caller, Consent, Mode, Options, Target};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::world::{World, call, until};

/// What takes data out: a URL, a download, an export.
fn out(files: &TempDir) -> [(&'static str, Value); 4] {
    let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    [
        ("s3_presign_url", json!({ "bucket": "media", "key": "a.txt" })),
        ("s3_presign_url", json!({ "bucket": "media", "key": "new.txt", "method": "put" })),
        ("s3_download_object", json!({ "bucket": "media", "key": "a.txt", "save_to": path("a.txt") })),
        ("dynamodb_export_items", json!({ "table": "orders", "save_to": path("orders.json") })),
    ]
}

async fn asks(world: &World, bridge: &Bridge, caller: &Caller, tool: &'static str, arguments: &Value) {
    let (of, by, same) = (bridge.clone(), caller.clone(), arguments.clone());
    let trying = tokio::spawn(async move { call(&of, &by, tool, &same).await });
    let request = world.asked().await;
    assert!(request.question.impact.contains("has read what others may have written"), "{}", request.question.impact);
    trying.abort();
    until("it is given up", || world.queue().get(request.id).unwrap().state.word() == "abandoned").await;
}

#[tokio::test]
async fn what_takes_data_out_asks_after_something_was_read() {
    let world = World::new().await;
    let files = tempfile::tempdir().unwrap();
    let reads = [
        ("s3_get_object", json!({ "bucket": "media", "key": "a.txt" })),
        ("s3_list_objects", json!({ "bucket": "media" })),
        ("dynamodb_get_items", json!({ "table": "orders", "keys": [{ "pk": "a" }] })),
        ("dynamodb_query", json!({ "table": "orders", "key_condition": "pk = :a", "values": { ":a": "a" } })),
        ("dynamodb_scan", json!({ "table": "orders" })),
    ];
    let options = Options { files: vec![files.path().to_owned()], ..world.options(Mode::ReadWrite) };
    let bridge = Bridge::new(options);
    for (tool, arguments) in reads {
        let caller = Caller::client("agent", "1");
        for nothing in ["s3_list_buckets", "dynamodb_list_tables", "bridge_status"] {
            call(&bridge, &caller, nothing, &json!({})).await.unwrap();
        }
        // Before, nobody is asked.
        call(&bridge, &caller, out(&files)[0].0, &out(&files)[0].1).await.unwrap();
        call(&bridge, &caller, tool, &arguments).await.unwrap();
        for (tool, arguments) in out(&files) {
            asks(&world, &bridge, &caller, tool, &arguments).await;
        }
        // What stays there does not ask, and neither does another session.
        let put = json!({ "table": "orders", "items": [{ "pk": "b" }] });
        call(&bridge, &caller, "dynamodb_put_items", &put).await.unwrap();
        call(&bridge, &Caller::client("agent", "1"), out(&files)[0].0, &out(&files)[0].1).await.unwrap();
    }
}

#[tokio::test]
async fn names_that_others_chose_count_wherever_they_stand() {
    let world = World::new().await;
    let files = tempfile::tempdir().unwrap();
    let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    let options = Options { files: vec![files.path().to_owned()], ..world.options(Mode::ReadWrite) };
    let bridge = Bridge::new(options);
    let [url, ..] = out(&files);
    let caller = Caller::client("agent", "1");
    for (tool, arguments) in [
        ("s3_put_object", json!({ "bucket": "media", "key": "b.txt", "text": "b" })),
        ("s3_copy_object", json!({ "from": "s3://media/a.txt", "to": "s3://media/c.txt" })),
        ("dynamodb_describe_table", json!({ "table": "orders" })),
    ] {
        call(&bridge, &caller, tool, &arguments).await.unwrap();
        call(&bridge, &caller, url.0, &url.1).await.unwrap();
    }
    // Hints name keys, and so do some answers; a sample names attributes, and an object's head what was said of it.
    for (tool, arguments) in [
        ("s3_copy_object", json!({ "from": "s3://media/A.txt", "to": "s3://media/d.txt" })),
        ("s3_put_object", json!({ "bucket": "media", "key": "A.txt", "text": "b", "if_match": "d41d8cd9" })),
        ("s3_copy_prefix", json!({ "from": "s3://media/a", "to": "s3://media/z" })),
        ("s3_download_object", json!({ "bucket": "media", "key": "a.txt", "save_to": path("a.txt") })),
        ("s3_download_prefix", json!({ "bucket": "media", "prefix": "", "save_to": path("all") })),
        ("dynamodb_describe_table", json!({ "table": "orders", "sample": 5 })),
    ] {
        let caller = Caller::client("agent", "1");
        call(&bridge, &caller, url.0, &url.1).await.unwrap();
        let told = call(&bridge, &caller, tool, &arguments).await;
        let missing = arguments.to_string().contains("A.txt");
        assert_eq!(told.is_err(), missing, "{tool}: {told:?}");
        asks(&world, &bridge, &caller, url.0, &url.1).await;
    }
}

#[tokio::test]
async fn a_yes_lets_it_out_and_the_persons_settings_may_say_otherwise() {
    let world = World::new().await;
    let files = tempfile::tempdir().unwrap();
    let caller = Caller::client("agent", "1");
    let options = Options { files: vec![files.path().to_owned()], ..world.options(Mode::ReadWrite) };
    let bridge = Bridge::new(options.clone());
    call(&bridge, &caller, "dynamodb_scan", &json!({ "table": "orders" })).await.unwrap();
    let [_, _, download, _] = out(&files);
    let (of, by) = (bridge.clone(), caller.clone());
    let waiting = tokio::spawn(async move { call(&of, &by, download.0, &download.1).await });
    world.approve(&world.asked().await, How::Once);
    waiting.await.unwrap().unwrap();
    assert_eq!(std::fs::read_to_string(files.path().join("a.txt")).unwrap(), "hello");

    let carefree = Consent::new(world.queue()).unwrap().carefree(true);
    let bridge = Bridge::new(Options { consent: Some(carefree), ..options });
    call(&bridge, &caller, "dynamodb_scan", &json!({ "table": "orders" })).await.unwrap();
    let [url, ..] = out(&files);
    call(&bridge, &caller, url.0, &url.1).await.unwrap();
}

#[tokio::test]
async fn going_to_another_target_asks_once() {
    let world = World::new().await;
    let caller = Caller::client("agent", "1");
    let options = world.options(Mode::ReadWrite);
    let dev = Target { name: "dev".into(), ..options.target.clone() };
    let prod = Bridge::new(options.clone());
    let dev = Bridge::new(Options { target: dev, ..options });
    let scan = json!({ "table": "orders" });
    call(&prod, &caller, "dynamodb_scan", &scan).await.unwrap();
    call(&prod, &caller, "dynamodb_scan", &scan).await.unwrap();
    call(&dev, &caller, "s3_list_buckets", &json!({})).await.unwrap();
    let put = json!({ "table": "orders", "items": [{ "pk": "b" }] });
    asks(&world, &dev, &caller, "dynamodb_put_items", &put).await;
    asks(&world, &dev, &caller, "dynamodb_scan", &scan).await;
    let (of, by, same) = (dev.clone(), caller.clone(), scan.clone());
    let waiting = tokio::spawn(async move { call(&of, &by, "dynamodb_scan", &same).await });
    world.approve(&world.asked().await, How::Once);
    waiting.await.unwrap().unwrap();
    call(&dev, &caller, "dynamodb_put_items", &put).await.unwrap();
    call(&prod, &caller, "dynamodb_scan", &scan).await.unwrap();
}

#[tokio::test]
async fn in_ask_and_read_only_what_takes_data_out_always_asks() {
    for mode in [Mode::Ask, Mode::ReadOnly] {
        let world = World::new().await;
        let files = tempfile::tempdir().unwrap();
        let options = Options { files: vec![files.path().to_owned()], ..world.options(mode) };
        let bridge = Bridge::new(options);
        for (tool, arguments) in &out(&files) {
            let (of, arguments) = (bridge.clone(), arguments.clone());
            let tool = *tool;
            let writes = arguments["method"] == "put";
            let trying = tokio::spawn(async move { call(&of, &Caller::client("agent", "1"), tool, &arguments).await });
            if mode == Mode::ReadOnly && writes {
                assert_eq!(trying.await.unwrap().unwrap_err().code, "not_allowed");
                continue;
            }
            let request = world.asked().await;
            trying.abort();
            until("it is given up", || world.queue().get(request.id).unwrap().state.word() == "abandoned").await;
        }
        assert_eq!(std::fs::read_dir(files.path()).unwrap().count(), 0);
    }
}
