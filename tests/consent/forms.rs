//! Forms of revision 2026-07-28: the call is answered with one, and made again with what came of it.

use footbridge::consent::How;
use footbridge::mcp::Bridge;
use serde_json::{Value, json};

use crate::client::{Client, yes};
use crate::world::{World, add};

/// Begins a call, and gives the form that it was answered with.
async fn form(client: &mut Client, tool: &str, arguments: &Value) -> Value {
    let id = client.call(tool, arguments).await;
    let answer = client.answer(id).await["result"].clone();
    assert_eq!(answer["resultType"], "input_required", "{answer}");
    answer
}

/// Makes a call again with a form's result, and gives its id.
async fn again(client: &mut Client, tool: &str, arguments: &Value, state: &Value, result: Value) -> u64 {
    let params = json!({
        "name": tool, "arguments": arguments, "requestState": state, "inputResponses": { "allow": result },
    });
    client.ask("tools/call", params).await
}

/// Makes a call that waits for a person, lets its time pass, and gives what it came to.
async fn waited(world: &World, client: &mut Client, mut params: Value, token: u64) -> String {
    params["_meta"] = json!({ "progressToken": token });
    let id = client.ask("tools/call", params).await;
    client.waits(token).await;
    world.pass(45);
    client.came(id).await.unwrap_err()
}

#[tokio::test]
async fn a_form_lets_its_call_run_once() {
    for how in ["once", "session"] {
        let world = World::new().await;
        let mut client = Client::of_2026(&world.bridge());
        let (tool, arguments) = add();
        let asked = form(&mut client, tool, &arguments).await;
        let shown = &asked["inputRequests"]["allow"];
        assert_eq!(shown["method"], "elicitation/create");
        assert!(shown["params"]["message"].as_str().unwrap().starts_with("Allow dynamodb_update_item on prod?"));
        assert_eq!(world.far.writes(), 0);
        world.pass(3);
        let id = again(&mut client, tool, &arguments, &asked["requestState"], yes(how)).await;
        client.came(id).await.unwrap();
        assert_eq!(world.far.writes(), 1);
        // The same answer again is none.
        let id = again(&mut client, tool, &arguments, &asked["requestState"], yes(how)).await;
        let said = client.came(id).await.unwrap_err();
        assert!(said.starts_with("stale_form: "), "{said}");
        assert_eq!(world.far.writes(), 1);
        let id = client.call(tool, &arguments).await;
        let next = client.answer(id).await["result"].clone();
        if how == "once" {
            assert_eq!(next["resultType"], "input_required");
        }
        assert_eq!(world.far.writes(), if how == "once" { 1 } else { 2 });
    }
}

#[tokio::test]
async fn a_yes_elsewhere_lets_the_call_run_that_is_made_again() {
    let world = World::new().await;
    let mut client = Client::of_2026(&world.bridge());
    let (tool, arguments) = add();
    let asked = form(&mut client, tool, &arguments).await;
    world.approve(&world.asked().await, How::Once);
    let cancelled = json!({ "action": "cancel" });
    let id = again(&mut client, tool, &arguments, &asked["requestState"], cancelled).await;
    client.came(id).await.unwrap();
    assert_eq!(world.far.writes(), 1);
}

#[tokio::test]
async fn forms_that_are_no_answer_go_to_the_queue_and_none_is_shown_twice() {
    let results = [
        (0, yes("once")),
        (5, json!({ "action": "accept" })),
        (5, json!({ "action": "accept", "content": { "target": "other", "answer": "once" } })),
        (5, json!({ "action": "cancel" })),
        (5, json!("accept")),
        (5, Value::Null),
    ];
    for (after, result) in results {
        let world = World::new().await;
        let mut client = Client::of_2026(&world.bridge());
        let (tool, arguments) = add();
        let asked = form(&mut client, tool, &arguments).await;
        let request = world.asked().await;
        world.pass(after);
        let shown = result.to_string();
        // An answer that is none makes the call wait as any other does.
        let params = json!({
            "name": tool, "arguments": arguments, "requestState": asked["requestState"],
            "inputResponses": { "allow": result },
        });
        let said = waited(&world, &mut client, params, 1).await;
        assert!(said.starts_with("needs_a_person: ") && said.contains(&request.short()), "{shown}: {said}");
        let said = waited(&world, &mut client, json!({ "name": tool, "arguments": arguments }), 2).await;
        assert!(said.starts_with("needs_a_person: "), "{shown}: {said}");
        assert_eq!(world.far.writes(), 0, "{shown}");
    }
}

#[tokio::test]
async fn a_forms_state_is_for_its_call_its_session_and_its_time() {
    let world = World::new().await;
    let bridge = world.bridge();
    let (tool, arguments) = add();
    let stale = async |client: &mut Client, tool: &str, arguments: &Value, state: &Value| {
        let id = again(client, tool, arguments, state, yes("session")).await;
        let said = client.came(id).await.unwrap_err();
        assert!(said.starts_with("stale_form: "), "{said}");
        assert_eq!(world.far.writes(), 0, "{said}");
    };
    let mut client = Client::of_2026(&bridge);
    let mut changed = arguments.clone();
    changed["values"][":one"] = json!(100);
    let mut other = Client::of_2026(&bridge);
    // Other arguments, another tool: the state is used up by it.
    let asked = form(&mut client, tool, &arguments).await;
    world.pass(2);
    stale(&mut client, tool, &changed, &asked["requestState"]).await;
    stale(&mut client, tool, &arguments, &asked["requestState"]).await;
    // Another session.
    let delete = json!({ "table": "orders", "keys": [{ "pk": "a" }] });
    let asked = form(&mut client, "dynamodb_delete_items", &delete).await;
    world.pass(2);
    stale(&mut other, "dynamodb_delete_items", &delete, &asked["requestState"]).await;
    // Another process.
    let put = json!({ "table": "orders", "items": [{ "pk": "x" }] });
    let asked = form(&mut client, "dynamodb_put_items", &put).await;
    world.pass(2);
    let mut elsewhere = Client::of_2026(&world.bridge());
    stale(&mut elsewhere, "dynamodb_put_items", &put, &asked["requestState"]).await;
    // Too late, and invented.
    world.pass(15 * 60);
    stale(&mut client, "dynamodb_put_items", &put, &asked["requestState"]).await;
    for state in ["", "x", "{\"allowed\":true}", &"0".repeat(64)] {
        stale(&mut client, tool, &arguments, &json!(state)).await;
    }
}

#[tokio::test]
async fn answers_to_no_form_are_no_answers() {
    let world = World::new().await;
    let mut client = Client::of_2026(&world.bridge());
    let (tool, arguments) = add();
    let params = json!({ "name": tool, "arguments": arguments, "inputResponses": { "allow": yes("once") } });
    let id = client.ask("tools/call", params).await;
    assert_eq!(client.answer(id).await["result"]["resultType"], "input_required");
    assert_eq!(world.far.writes(), 0);
}

#[tokio::test]
async fn a_no_is_told_with_its_reason() {
    let world = World::new().await;
    let mut client = Client::of_2026(&world.bridge());
    let (tool, arguments) = add();
    let asked = form(&mut client, tool, &arguments).await;
    world.pass(2);
    let no = json!({ "action": "accept", "content": { "target": "prod", "answer": "no", "why": "not now" } });
    let id = again(&mut client, tool, &arguments, &asked["requestState"], no).await;
    let said = client.came(id).await.unwrap_err();
    assert!(said.starts_with("denied: ") && said.contains(": not now"), "{said}");
    assert_eq!(world.far.writes(), 0);
}

#[tokio::test]
async fn a_client_that_shows_no_forms_gets_none() {
    let world = World::new().await;
    let bridge: Bridge = world.bridge();
    for capabilities in [json!({}), json!({ "elicitation": { "url": {} } })] {
        let mut client = Client::of_2026_with(&bridge, &capabilities);
        let (tool, arguments) = add();
        let id = client.call(tool, &arguments).await;
        world.asked().await;
        world.pass(45);
        let said = client.came(id).await.unwrap_err();
        assert!(said.starts_with("needs_a_person: "), "{said}");
        world.pass(15 * 60);
    }
    assert_eq!(world.far.writes(), 0);
}
