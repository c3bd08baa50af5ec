//! Who allowed what, and how, is in the journal.

use footbridge::consent::How;
use footbridge::journal::{Join, Reader};
use serde_json::{Value, json};

use crate::client::{Client, yes};
use crate::world::{World, add, records};

fn ends(world: &World) -> Vec<Value> {
    records(&world.recorder).into_iter().filter(|record| record["event"] == "finished").collect()
}

#[tokio::test]
async fn a_call_that_ran_says_whose_yes_it_had() {
    let world = World::new().await;
    let mut client = Client::with_forms(&world.bridge()).await;
    let (tool, arguments) = add();
    let id = client.call(tool, &arguments).await;
    client.form().await;
    let request = world.asked().await;
    world.approve(&request, How::Session);
    client.came(id).await.unwrap();
    let id = client.call(tool, &arguments).await;
    client.came(id).await.unwrap();
    let said = json!({
        "request": request.id, "by": "ada with `footbridge`", "how": "session", "at": 1_800_000_000_000_u64,
    });
    let consents: Vec<_> = ends(&world).into_iter().map(|end| end["consent"].clone()).collect();
    assert_eq!(consents, [said.clone(), said]);
    let schema: Value = serde_json::from_str(include_str!("../../fixtures/journal.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for record in records(&world.recorder) {
        assert!(schema.is_valid(&record), "{record}");
    }
    let mut reader = Reader::open(world.recorder.dir()).unwrap();
    let mut join = Join::default();
    let mut calls = Vec::new();
    while let Some(entry) = reader.next().unwrap() {
        calls.extend(join.push(entry));
    }
    let line = footbridge_record::brief(&calls[0]).to_string();
    assert!(line.ends_with(" · allowed by ada with `footbridge`"), "{line}");
}

#[tokio::test]
async fn a_call_that_did_not_run_says_why() {
    let world = World::new().await;
    let mut client = Client::with_forms(&world.bridge()).await;
    let (tool, arguments) = add();
    for (result, reason) in [
        (json!({ "action": "accept", "content": { "answer": "no", "why": "no" } }), "denied: a person said no"),
        (json!({ "action": "accept" }), "needs_a_person: "),
    ] {
        let id = client.call(tool, &arguments).await;
        let form = client.form().await;
        let before = world.queue().now();
        world.pass(1);
        client.fill(&form, result).await;
        if reason.starts_with("needs") {
            world.asked().await;
            world.pass(45);
        }
        client.came(id).await.unwrap_err();
        assert!(world.queue().now() > before);
        let end = ends(&world).pop().unwrap();
        assert_eq!(end["outcome"]["status"], "refused");
        assert!(end["outcome"]["reason"].as_str().unwrap().starts_with(reason), "{end}");
        assert_eq!(end["consent"], Value::Null);
    }
}

#[tokio::test]
async fn neither_the_record_nor_the_queue_has_a_secret() {
    let world = World::new().await;
    let mut client = Client::with_forms(&world.bridge()).await;
    let arguments = json!({
        "table": "orders", "items": [{ "pk": "a", "password": "hunter2-horse" }],
    });
    let id = client.call("dynamodb_put_items", &arguments).await;
    let form = client.form().await;
    assert!(!form.to_string().contains("hunter2"), "{form}");
    world.pass(2);
    client.fill(&form, yes("once")).await;
    client.came(id).await.unwrap();
    for entry in std::fs::read_dir(world.place()).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains("hunter2"), "{text}");
    }
    assert!(!records(&world.recorder).iter().any(|record| record.to_string().contains("hunter2")));
}
