//! Buckets, objects, tables and items as resources.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use footbridge::config::Mode;
use footbridge::mcp::{Authorizer, BoxError, Bridge, Caller, Decision, Effect, Options, Policy, Target};
use serde_json::{Value, json};

use crate::support::{Here, Raw, meta, ok, table};

/// A bucket with objects of each kind, a table of strings, one of numbers.
async fn furnish(bridge: &Bridge) {
    for bucket in ["media", "other"] {
        ok(bridge, "s3_create_bucket", json!({ "bucket": bucket })).await;
    }
    let exact = "{ \"b\": 1,\n  \"n\": 12345678901234567890 }";
    for (key, content) in [("a.txt", json!("hello")), ("docs/ä b%41.json", json!(exact)), ("docs/2.json", json!("{}"))]
    {
        ok(bridge, "s3_put_object", json!({ "bucket": "media", "key": key, "text": content })).await;
    }
    ok(bridge, "s3_put_object", json!({ "bucket": "media", "key": "x.bin", "base64": "AP8=" })).await;
    table(bridge).await;
    let items = json!([{ "pk": "a/b", "sk": "1", "n": 7 }, { "pk": "a/b", "sk": "2" }, { "pk": "c", "sk": "1" }]);
    ok(bridge, "dynamodb_put_items", json!({ "table": "things", "items": items })).await;
    ok(bridge, "dynamodb_create_table", json!({ "table": "numbers", "keys": { "n": "N" } })).await;
    let items = json!([{ "n": { "$n": "12345678901234567890" }, "of": "many" }]);
    ok(bridge, "dynamodb_put_items", json!({ "table": "numbers", "items": items })).await;
}

async fn read(raw: &mut Raw, uri: &str) -> Value {
    raw.ask("resources/read", json!({ "uri": uri })).await
}

/// What is in it, which has to be there.
async fn content(raw: &mut Raw, uri: &str) -> Value {
    let answer = read(raw, uri).await;
    let contents = answer["result"]["contents"].as_array().unwrap_or_else(|| panic!("{uri}: {answer}"));
    assert_eq!(contents.len(), 1, "{answer}");
    assert_eq!(contents[0]["uri"], uri);
    contents[0].clone()
}

#[tokio::test]
async fn what_is_stored_is_read_by_its_uri() {
    let bridge = Here::new().await.bridge();
    furnish(&bridge).await;
    let mut raw = Raw::new(bridge);
    let hello = raw.initialize().await;
    assert_eq!(hello["result"]["capabilities"]["resources"], json!({}));

    let text = content(&mut raw, "s3://media/a.txt").await;
    assert_eq!((&text["text"], &text["mimeType"]), (&json!("hello"), &json!("text/plain; charset=utf-8")));
    // As it is, to the byte, also where it is JSON.
    let exact = content(&mut raw, "s3://media/docs/%C3%A4%20b%2541.json").await;
    assert_eq!(exact["text"], "{ \"b\": 1,\n  \"n\": 12345678901234567890 }");
    let bytes = content(&mut raw, "s3://media/x.bin").await;
    assert_eq!((&bytes["blob"], bytes.get("text")), (&json!("AP8="), None));
    let top = content(&mut raw, "s3://media").await;
    let top: Value = serde_json::from_str(top["text"].as_str().unwrap()).unwrap();
    assert_eq!((&top["prefixes"], top["objects"].as_array().unwrap().len()), (&json!(["docs/"]), 2));

    let table = content(&mut raw, "dynamodb://things").await;
    assert!(table["text"].as_str().unwrap().contains(r#""keys":{"pk":"S","sk":"S"}"#), "{table}");
    let item = content(&mut raw, "dynamodb://things/a%2Fb/1").await;
    assert_eq!(item["mimeType"], "application/json");
    assert_eq!(serde_json::from_str::<Value>(item["text"].as_str().unwrap()).unwrap()["n"], 7);
    let partition = content(&mut raw, "dynamodb://things/a%2Fb").await;
    assert!(partition["text"].as_str().unwrap().contains(r#""count":2"#), "{partition}");
    let number = content(&mut raw, "dynamodb://numbers/12345678901234567890").await;
    assert!(number["text"].as_str().unwrap().contains("many"), "{number}");
}

#[tokio::test]
async fn what_is_not_there_has_the_code_of_its_revision() {
    let bridge = Here::new().await.bridge();
    furnish(&bridge).await;
    for uri in
        ["s3://media/none", "s3://nowhere/a", "dynamodb://nothing", "dynamodb://things/a/9", "dynamodb://numbers/5"]
    {
        let mut old = Raw::new(bridge.clone());
        old.initialize().await;
        let error = read(&mut old, uri).await["error"].clone();
        assert_eq!((&error["code"], &error["data"]["uri"]), (&json!(-32002), &json!(uri)), "{error}");
        let mut new = Raw::new(bridge.clone());
        let error = new.ask("resources/read", json!({ "_meta": meta(), "uri": uri })).await["error"].clone();
        assert_eq!(error["code"], -32602, "{error}");
    }
    let mut raw = Raw::new(bridge);
    raw.initialize().await;
    for uri in ["file:///etc/passwd", "s3://", "", "dynamodb://things/a/b/c"] {
        assert_eq!(read(&mut raw, uri).await["error"]["code"], -32002, "{uri}");
    }
    // Keys that the table cannot have.
    for uri in ["dynamodb://numbers/1/2", "dynamodb://numbers/x"] {
        assert_eq!(read(&mut raw, uri).await["error"]["code"], -32602, "{uri}");
    }
}

#[tokio::test]
async fn a_long_object_begins_and_says_that_it_goes_on() {
    let here = Here::new().await;
    let bridge = here.small(2048);
    ok(&bridge, "s3_create_bucket", json!({ "bucket": "media" })).await;
    ok(&here.bridge(), "s3_put_object", json!({ "bucket": "media", "key": "long", "text": "x".repeat(9000) })).await;
    let mut raw = Raw::new(bridge);
    raw.initialize().await;
    let answer = read(&mut raw, "s3://media/long").await;
    let contents = answer["result"]["contents"].as_array().unwrap();
    // What is stored and what is said of it are two things.
    assert!(contents[0]["text"].as_str().unwrap().bytes().all(|byte| byte == b'x'));
    assert_eq!((&contents[0]["uri"], &contents[1]["uri"]), (&json!("s3://media/long"), &json!("footbridge://note")));
    let note = contents[1]["text"].as_str().unwrap();
    assert!(note.contains("of 9000 bytes") && note.contains("\"range\": \"bytes="), "{note}");
    assert!(answer.to_string().len() < 3000);
}

#[tokio::test]
async fn buckets_and_tables_are_listed_in_pages_and_all_can_be_read() {
    let bridge = Here::new().await.bridge();
    furnish(&bridge).await;
    for number in 0..120 {
        ok(&bridge, "s3_create_bucket", json!({ "bucket": format!("many-{number:03}") })).await;
    }
    let mut raw = Raw::new(bridge);
    raw.initialize().await;
    let mut uris = Vec::new();
    let mut cursor = Value::Null;
    let mut pages = 0;
    loop {
        let page = raw.ask("resources/list", json!({ "cursor": cursor })).await["result"].clone();
        let resources = page["resources"].as_array().unwrap();
        assert!((1..=100).contains(&resources.len()));
        uris.extend(resources.iter().map(|resource| resource["uri"].as_str().unwrap().to_owned()));
        pages += 1;
        cursor = page["nextCursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!((pages, uris.len()), (2, 124));
    assert!(uris.windows(2).all(|pair| pair[0] != pair[1]));
    for uri in ["s3://media", "dynamodb://things", "dynamodb://numbers"] {
        assert!(uris.iter().any(|listed| listed == uri), "{uri}");
    }
    for uri in uris.iter().take(3).chain(uris.iter().rev().take(3)) {
        content(&mut raw, uri).await;
    }
    for wrong in ["x", "buckets:x", "tables:%"] {
        let error = raw.ask("resources/list", json!({ "cursor": wrong })).await["error"].clone();
        assert_eq!(error["code"], -32602, "{wrong}: {error}");
    }
}

#[tokio::test]
async fn arguments_of_the_templates_are_completed() {
    let bridge = Here::new().await.bridge();
    furnish(&bridge).await;
    let mut raw = Raw::new(bridge);
    raw.initialize().await;
    let templates = raw.ask("resources/templates/list", json!({})).await["result"]["resourceTemplates"].clone();
    let uris: Vec<_> = templates.as_array().unwrap().iter().map(|template| template["uriTemplate"].clone()).collect();
    let [object, table, item] = uris.as_slice() else { panic!("{templates}") };
    for (template, argument, begun, given, wanted) in [
        (object, "bucket", "m", json!({}), json!(["media"])),
        (object, "key", "", json!({ "bucket": "media" }), json!(["a.txt", "docs/", "x.bin"])),
        (object, "key", "docs/", json!({ "bucket": "media" }), json!(["docs/2.json", "docs/ä b%41.json"])),
        (object, "key", "a", json!({}), json!([])),
        (object, "key", "a", json!({ "bucket": "nowhere" }), json!([])),
        (table, "table", "th", json!({}), json!(["things"])),
        (item, "table", "", json!({}), json!(["numbers", "things"])),
        (item, "pk", "a", json!({ "table": "things" }), json!(["a/b"])),
        (item, "pk", "", json!({ "table": "numbers" }), json!(["12345678901234567890"])),
        (item, "sk", "", json!({ "table": "things", "pk": "a/b" }), json!(["1", "2"])),
        (item, "sk", "2", json!({ "table": "things", "pk": "a/b" }), json!(["2"])),
    ] {
        let asked = json!({
            "ref": { "type": "ref/resource", "uri": template },
            "argument": { "name": argument, "value": begun },
            "context": { "arguments": given },
        });
        let answer = raw.ask("completion/complete", asked).await;
        let completion = &answer["result"]["completion"];
        assert_eq!(
            (&completion["values"], &completion["hasMore"]),
            (&wanted, &json!(false)),
            "{template} {argument}: {answer}"
        );
    }
    for (template, argument) in [(json!("s3://{x}"), "bucket"), (object.clone(), "table")] {
        let asked = json!({ "ref": { "type": "ref/resource", "uri": template }, "argument": { "name": argument, "value": "" } });
        assert_eq!(raw.ask("completion/complete", asked).await["error"]["code"], -32602);
    }
}

/// Takes down what it is asked.
#[derive(Default)]
struct Notes(Mutex<Vec<(String, Vec<String>, Effect)>>);

#[async_trait]
impl Authorizer for Notes {
    async fn check(
        &self,
        _: &Caller,
        tool: &str,
        target: &Target,
        resources: &[String],
        effect: Effect,
    ) -> Result<Decision, BoxError> {
        self.0.lock().unwrap().push((tool.to_owned(), resources.to_vec(), effect));
        let policy = Policy::new(Mode::ReadOnly).buckets(["media".to_owned()]);
        policy.check(&Caller::client("x", "1"), tool, target, resources, effect).await
    }
}

#[tokio::test]
async fn a_resource_is_read_through_the_door_of_the_tools() {
    let here = Here::new().await;
    furnish(&here.bridge()).await;
    let notes = Arc::new(Notes::default());
    let mut raw =
        Raw::new(Bridge::new(Options { authorizer: Arc::clone(&notes) as Arc<dyn Authorizer>, ..here.options() }));
    raw.initialize().await;
    content(&mut raw, "s3://media/a.txt").await;
    content(&mut raw, "dynamodb://things/c/1").await;
    let error = read(&mut raw, "s3://other/a.txt").await["error"].clone();
    assert_eq!((&error["code"], &error["data"]["code"]), (&json!(-32603), &json!("not_allowed")), "{error}");
    let asked = notes.0.lock().unwrap().clone();
    let object = |uri: &str| ("s3_get_object".to_owned(), vec![uri.to_owned()], Effect::Read);
    assert!(asked.contains(&object("s3://media/a.txt")) && asked.contains(&object("s3://other/a.txt")), "{asked:?}");
    assert!(asked.iter().any(|(tool, ..)| tool == "dynamodb_get_items"), "{asked:?}");
    assert!(asked.iter().all(|(.., effect)| *effect == Effect::Read), "{asked:?}");

    // What is not offered as a tool is no resource either.
    let only = Options { tools: "dynamodb".parse().unwrap(), ..here.options() };
    let mut raw = Raw::new(Bridge::new(only));
    raw.initialize().await;
    assert_eq!(read(&mut raw, "s3://media/a.txt").await["error"]["data"]["code"], "not_offered");
    let listed = raw.ask("resources/list", json!({})).await["result"]["resources"].clone();
    assert!(
        listed.as_array().unwrap().iter().all(|one| one["uri"].as_str().unwrap().starts_with("dynamodb://")),
        "{listed}"
    );
    let none = Options { tools: "bridge_status".parse().unwrap(), ..here.options() };
    let hello = Raw::new(Bridge::new(none)).initialize().await;
    assert_eq!(hello["result"]["capabilities"], json!({ "tools": {} }));
    let mut raw = Raw::new(Bridge::new(Options { tools: "bridge_status".parse().unwrap(), ..here.options() }));
    raw.initialize().await;
    assert_eq!(raw.ask("resources/list", json!({})).await["error"]["code"], -32601);
}
