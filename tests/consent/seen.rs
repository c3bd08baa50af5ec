//! What a person is shown of a call hides nothing that it writes; what is not shown is counted, and allowed once at most.

use footbridge::consent::{How, Request};
use footbridge::mcp::Caller;
use serde_json::{Value, json};

use crate::client::{Client, yes};
use crate::world::{World, call};

/// What a person is asked about a call, which then is given up.
async fn asked(world: &World, tool: &'static str, arguments: Value) -> Request {
    let bridge = world.bridge();
    let trying = tokio::spawn(async move { call(&bridge, &Caller::client("agent", "1"), tool, &arguments).await });
    let request = world.asked().await;
    trying.abort();
    world.waiting(0).await;
    request
}

#[tokio::test]
async fn names_that_the_agent_chooses_hide_nothing() {
    let world = World::new().await;
    let update = json!({
        "table": "orders", "key": { "pk": "a" }, "update": "SET #token = :password", "names": { "#token": "role" },
        "values": { ":password": "admin" },
    });
    let transact = json!({ "operations": [{
        "table": "orders", "key": { "pk": "a" }, "update": "SET #secret = :token", "names": { "#secret": "role" },
        "values": { ":token": "admin" },
    }] });
    let key = format!("ghp_{}", "Ab3".repeat(12));
    let delete = json!({ "table": "orders", "keys": [{ "pk": key }] });
    for (tool, arguments) in
        [("dynamodb_update_item", update), ("dynamodb_transact_write", transact), ("dynamodb_delete_items", delete)]
    {
        let question = asked(&world, tool, arguments.clone()).await.question;
        assert_eq!((&question.arguments, question.once), (&arguments, false), "{tool}");
    }
    let resource = format!("s3://media/{key}/../../x");
    let put = json!({ "bucket": "media", "key": format!("{key}/../../x"), "text": "x" });
    let question = asked(&world, "s3_put_object", put.clone()).await.question;
    assert_eq!((&question.arguments, &question.resources), (&put, &vec![resource]));
}

#[tokio::test]
async fn what_is_taken_for_a_secret_is_counted_and_allowed_once_at_most() {
    let world = World::new().await;
    for (tool, arguments) in [
        ("s3_put_object", json!({ "bucket": "media", "key": "x", "text": "password: anything" })),
        ("s3_put_object", json!({ "bucket": "media", "key": "x", "text": "x".repeat(100_000) })),
        ("dynamodb_put_items", json!({ "table": "orders", "items": [{ "pk": "a", "token": "x" }] })),
        (
            "dynamodb_put_items",
            json!({ "table": "orders", "items": (0..400).map(|at| json!({ "pk": format!("{at}{}", "x".repeat(300)) }))
                .collect::<Vec<_>>() }),
        ),
    ] {
        let bridge = world.bridge();
        let shown = arguments.to_string();
        let trying = tokio::spawn(async move { call(&bridge, &Caller::client("agent", "1"), tool, &arguments).await });
        let request = world.asked().await;
        let impact = &request.question.impact;
        assert!(request.question.once && impact.contains(" bytes of its arguments are NOT shown"), "{shown}: {impact}");
        let error = world.queue().allow(request.id, "ada", How::Session).unwrap_err();
        assert!(error.to_string().contains("allowed once only"), "{error}");
        world.approve(&request, How::Once);
        trying.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn one_delete_among_many_puts_is_seen() {
    let world = World::new().await;
    let put = |at: usize| json!({ "table": "orders", "put": { "pk": format!("p{at}"), "text": "x".repeat(700) } });
    let mut operations: Vec<_> = (0..99).map(put).collect();
    operations.push(json!({ "table": "orders", "delete": { "pk": "IMPORTANT" } }));
    let arguments = json!({ "operations": operations });
    let mut client = Client::with_forms(&world.bridge()).await;
    let id = client.call("dynamodb_transact_write", &arguments).await;
    let form = client.form().await;
    let message = form["params"]["message"].as_str().unwrap();
    assert!(message.contains("99 puts, 1 delete; it deletes"), "{message}");
    assert!(message.lines().any(|line| line.starts_with("Effect: ") && line.contains("IMPORTANT")), "{message}");
    assert!(message.contains("bytes are NOT shown here"), "{message}");
    // What is small is shown before what is large.
    let request = world.asked().await;
    assert!(request.question.arguments.to_string().contains("IMPORTANT"));
    // No answer for the session is offered, nor taken.
    assert_eq!(form["params"]["requestedSchema"]["properties"]["answer"]["enum"], json!(["once", "no"]));
    world.pass(2);
    client.fill(&form, yes("session")).await;
    world.pass(45);
    client.came(id).await.unwrap_err();
    assert_eq!(world.far.writes(), 0);
}

#[tokio::test]
async fn a_form_that_shows_less_than_all_offers_no_session() {
    let world = World::new().await;
    for (key, text, session) in
        [("k".to_owned(), 100, true), ("k".to_owned(), 3000, false), ("k".repeat(600), 100, true)]
    {
        let mut client = Client::with_forms(&world.bridge()).await;
        let put = json!({ "bucket": "media", "key": key, "text": "x".repeat(text) });
        let id = client.call("s3_put_object", &put).await;
        let form = client.form().await;
        let message = form["params"]["message"].as_str().unwrap();
        assert!(message.contains(&format!("writes the object \"s3://media/{key}\"")), "{message}");
        let answers = &form["params"]["requestedSchema"]["properties"]["answer"]["enum"];
        let all = json!(["once", "session", "no"]);
        assert_eq!(answers, &if session { all } else { json!(["once", "no"]) });
        world.pass(45);
        client.came(id).await.unwrap_err();
        world.pass(15 * 60);
    }
}
