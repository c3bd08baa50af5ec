//! While a call waits, its client hears that it goes on.

use footbridge::consent::How;
use serde_json::json;

use crate::client::Client;
use crate::world::{World, add};

#[tokio::test]
async fn a_call_that_waits_says_so() {
    let world = World::new().await;
    let mut client = Client::without_forms(&world.bridge()).await;
    let (tool, arguments) = add();
    let params = json!({ "name": tool, "arguments": arguments, "_meta": { "progressToken": "t" } });
    let id = client.ask("tools/call", params).await;
    let told = client.next(|message| message["method"] == "notifications/progress").await;
    let told = &told["params"];
    assert_eq!((&told["progress"], &told["total"]), (&json!(1.0), &json!(45.0)));
    world.approve(&world.asked().await, How::Once);
    client.came(id).await.unwrap();
}

#[tokio::test]
async fn a_client_knows_before_its_first_call_that_writes_wait() {
    let world = World::new().await;
    let mut client = Client::of_2026(&world.bridge());
    let id = client.ask("server/discover", json!({})).await;
    let told = client.answer(id).await["result"]["instructions"].to_string();
    assert!(told.contains("Writes wait for a person, whom the server asks; confirm does not count."), "{told}");
}
