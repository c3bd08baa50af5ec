//! Each way to say yes lets the call run, exactly once.

use footbridge::consent::{How, State};
use footbridge::mcp::Caller;
use serde_json::json;

use crate::client::{Client, yes};
use crate::world::{World, add, call, until};

#[tokio::test]
async fn a_form_lets_its_call_run_once() {
    let world = World::new().await;
    let mut client = Client::with_forms(&world.bridge()).await;
    let (tool, arguments) = add();
    let id = client.call(tool, &arguments).await;
    let form = client.form().await;
    let message = form["params"]["message"].as_str().unwrap();
    for part in [
        "Allow dynamodb_update_item on prod?",
        &format!("Target: prod (CUSTOM {} us-east-1 account 111122223333)", world.far.url),
        "Asked by: \"agent 1\"",
        "Effect: write, it changes an item",
        "Resources: writes items of \"dynamodb://orders\"",
        "Stored now: {\"n\":1,\"pk\":\"a\"}",
        "Or answer elsewhere: footbridge approve ",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    let schema = &form["params"]["requestedSchema"];
    assert_eq!(schema["required"], json!(["target", "answer"]));
    assert_eq!(schema["properties"]["answer"]["enum"], json!(["once", "session", "no"]));
    assert!(schema["properties"]["target"]["description"].as_str().unwrap().ends_with("prod"));
    world.pass(2);
    client.fill(&form, yes("once")).await;
    client.came(id).await.unwrap();
    assert_eq!((world.far.writes(), world.stored("orders", "a").await.unwrap()["n"].clone()), (1, json!(2)));
    // The next one is asked for again.
    client.call(tool, &arguments).await;
    client.form().await;
    assert_eq!(world.far.writes(), 1);
}

#[tokio::test]
async fn a_form_for_the_session_lets_others_on_its_table_run_and_asks_no_more() {
    let world = World::new().await;
    let mut client = Client::with_forms(&world.bridge()).await;
    let (tool, arguments) = add();
    let id = client.call(tool, &arguments).await;
    let form = client.form().await;
    world.pass(2);
    client.fill(&form, yes("session")).await;
    client.came(id).await.unwrap();
    let put = json!({ "table": "orders", "items": [{ "pk": "b" }] });
    for (tool, arguments) in [(tool, &arguments), ("dynamodb_put_items", &put)] {
        let id = client.call(tool, arguments).await;
        client.came(id).await.unwrap();
    }
    assert_eq!((world.far.writes(), world.stored("orders", "a").await.unwrap()["n"].clone()), (3, json!(3)));
    // Long after: until the session ends.
    world.pass(3600);
    let id = client.call(tool, &arguments).await;
    client.came(id).await.unwrap();
    assert!(!client.has_form());
}

#[tokio::test]
async fn a_yes_in_the_queue_lets_the_call_run_that_waits() {
    for by in ["ada with `footbridge`", "ada on the dashboard"] {
        let world = World::new().await;
        let mut client = Client::without_forms(&world.bridge()).await;
        let (tool, arguments) = add();
        let id = client.call(tool, &arguments).await;
        let request = world.asked().await;
        let question = &request.question;
        assert_eq!(
            (question.target.as_str(), question.effect.as_str(), question.caller.as_str()),
            ("prod", "write", "agent 1")
        );
        assert_eq!((&question.old, &question.new), (&Some(json!({ "pk": "a", "n": 1 })), &None));
        world.queue().allow(request.id, by, How::Once).unwrap();
        client.came(id).await.unwrap();
        assert_eq!(world.far.writes(), 1);
        assert_eq!(world.queue().get(request.id).unwrap().state.word(), "used");
        let id = client.call(tool, &arguments).await;
        world.asked().await;
        world.pass(45);
        client.came(id).await.unwrap_err();
        assert_eq!(world.far.writes(), 1);
    }
}

#[tokio::test]
async fn a_yes_after_the_receipt_lets_the_next_call_like_it_run_once() {
    let world = World::new().await;
    let mut client = Client::without_forms(&world.bridge()).await;
    let (tool, arguments) = add();
    let id = client.call(tool, &arguments).await;
    let request = world.asked().await;
    world.pass(45);
    let said = client.came(id).await.unwrap_err();
    assert!(said.contains(&request.short()), "{said}");
    world.approve(&request, How::Once);
    world.pass(15 * 60 - 1);
    // Whatever is added that counts for nothing.
    let mut same = arguments.clone();
    same["confirm"] = json!(null);
    let id = client.call(tool, &same).await;
    client.came(id).await.unwrap();
    assert_eq!(world.far.writes(), 1);
    client.call(tool, &arguments).await;
    let again = world.asked().await;
    assert_ne!(again.id, request.id);
    assert_eq!(world.far.writes(), 1);
}

#[tokio::test]
async fn a_yes_for_the_session_after_the_receipt_is_picked_up_by_any_call_that_it_covers() {
    let world = World::new().await;
    let mut client = Client::without_forms(&world.bridge()).await;
    let (tool, arguments) = add();
    let id = client.call(tool, &arguments).await;
    let request = world.asked().await;
    world.pass(45);
    client.came(id).await.unwrap_err();
    world.approve(&request, How::Session);
    let id = client.call("dynamodb_put_items", &json!({ "table": "orders", "items": [{ "pk": "b" }] })).await;
    client.came(id).await.unwrap();
    let id = client.call(tool, &arguments).await;
    client.came(id).await.unwrap();
    assert_eq!(world.far.writes(), 2);
}

#[tokio::test]
async fn a_yes_elsewhere_counts_while_a_form_hangs() {
    let world = World::new().await;
    let mut client = Client::with_forms(&world.bridge()).await;
    let (tool, arguments) = add();
    let id = client.call(tool, &arguments).await;
    let form = client.form().await;
    world.approve(&world.asked().await, How::Once);
    client.came(id).await.unwrap();
    // A form that says no, and one that says yes, come too late for either.
    world.pass(5);
    client.fill(&form, yes("session")).await;
    let id = client.call("s3_list_buckets", &json!({})).await;
    client.came(id).await.unwrap();
    assert_eq!(world.far.writes(), 1);
    client.call(tool, &arguments).await;
    world.asked().await;
    assert_eq!(world.far.writes(), 1);
}

#[tokio::test]
async fn a_yes_to_what_destroys_means_it() {
    let world = World::new().await;
    let mut client = Client::with_forms(&world.bridge()).await;
    let id = client.call("dynamodb_delete_table", &json!({ "table": "users" })).await;
    let form = client.form().await;
    let message = form["params"]["message"].as_str().unwrap();
    assert!(message.contains("Effect: destructive, this would destroy table users with about 1 item"), "{message}");
    world.pass(4);
    client.fill(&form, yes("once")).await;
    client.came(id).await.unwrap();
    assert_eq!(world.far.writes(), 1);
}

#[tokio::test]
async fn of_the_same_call_made_five_times_at_once_a_yes_lets_one_run() {
    let world = World::new().await;
    let mut client = Client::without_forms(&world.bridge()).await;
    let (tool, arguments) = add();
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(client.call(tool, &arguments).await);
    }
    // All five wait for one request.
    let request = world.asked().await;
    let id = client.call("s3_list_buckets", &json!({})).await;
    client.came(id).await.unwrap();
    world.approve(&request, How::Once);
    let mut came = Vec::new();
    for id in ids {
        came.push(client.came(id).await);
    }
    let ran = came.iter().filter(|came| came.is_ok()).count();
    assert_eq!((ran, world.far.writes()), (1, 1), "{came:?}");
    for said in came.into_iter().filter_map(Result::err) {
        assert!(said.starts_with("needs_a_person: "), "{said}");
    }
}

#[tokio::test]
async fn one_of_two_same_calls_may_be_taken_back() {
    let world = World::new().await;
    let mut client = Client::without_forms(&world.bridge()).await;
    let (tool, arguments) = add();
    let first = client.call(tool, &arguments).await;
    let request = world.asked().await;
    let second = client.call(tool, &arguments).await;
    let journal =
        || crate::world::records(&world.recorder).iter().filter(|record| record["event"] == "started").count();
    until("both have begun", || journal() >= 2).await;
    client.cancel(first).await;
    let abandoned =
        || crate::world::records(&world.recorder).iter().any(|record| record["outcome"]["status"] == "abandoned");
    until("the first has ended", abandoned).await;
    assert_eq!(world.queue().get(request.id).unwrap().state, State::Waiting);
    world.approve(&request, How::Once);
    client.came(second).await.unwrap();
    assert_eq!(world.far.writes(), 1);
}

#[tokio::test]
async fn what_is_new_and_what_it_replaces_stand_side_by_side() {
    let world = World::new().await;
    let bridge = world.bridge();
    let object = |size: u64, text: &str| (json!(size), json!(text));
    for (tool, arguments, impact, old, new) in [
        (
            "dynamodb_put_items",
            json!({ "table": "orders", "items": [{ "pk": "a", "password": "hunter2" }] }),
            "7 bytes of its arguments are NOT shown, so that it can be allowed once only; it replaces an item",
            Some(json!({ "pk": "a", "n": 1 })),
            Some(json!({ "pk": "a", "password": "[redacted: 7 bytes]" })),
        ),
        (
            "dynamodb_put_items",
            json!({ "table": "orders", "items": [{ "pk": "z" }] }),
            "it makes a new item",
            None,
            Some(json!({ "pk": "z" })),
        ),
        (
            "dynamodb_delete_items",
            json!({ "table": "orders", "keys": [{ "pk": "a" }] }),
            "it deletes an item",
            Some(json!({ "pk": "a", "n": 1 })),
            None,
        ),
        (
            "s3_put_object",
            json!({ "bucket": "media", "key": "new.txt", "text": "x" }),
            "it makes a new object",
            None,
            Some(json!({ "text": "x" })),
        ),
    ] {
        let of = bridge.clone();
        let waiting = tokio::spawn(async move { call(&of, &Caller::client("agent", "1"), tool, &arguments).await });
        let request = world.asked().await;
        let question = &request.question;
        assert_eq!((question.impact.as_str(), &question.old, &question.new), (impact, &old, &new));
        waiting.abort();
        world.waiting(0).await;
    }
    let put = json!({ "bucket": "media", "key": "a.txt", "text": "other" });
    let waiting =
        tokio::spawn(async move { call(&bridge, &Caller::client("agent", "1"), "s3_put_object", &put).await });
    let question = world.asked().await.question;
    let old = question.old.unwrap();
    assert_eq!((old["size"].clone(), old["text"].clone()), object(5, "hello"));
    assert_eq!(question.impact, "it replaces an object");
    waiting.abort();
    assert_eq!(world.far.writes(), 0);
}
