//! Lines with a member that nobody knows, or with one twice, and files with something behind their end.

use std::io::Write as _;

use footbridge::emulator::snapshot::{From, Restore, SnapshotError};
use serde_json::{Value, json};

use super::history::{Deed, act};
use super::world::World;

async fn restore(world: &World, file: &[u8]) -> Result<(), SnapshotError> {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("given");
    std::fs::write(&path, file).unwrap();
    world.emulator.restore_snapshot(Restore { from: From::Path(path), only: None, keep: false }).await.map(drop)
}

/// The text of `value`, with `more` in the object of this number, counted down as they are met.
fn text(value: &Value, number: &mut i64, more: &impl Fn(&serde_json::Map<String, Value>) -> String) -> String {
    match value {
        Value::Object(members) => {
            *number -= 1;
            let mut parts = if *number == -1 { vec![more(members)] } else { Vec::new() };
            for (name, value) in members {
                parts.push(format!("{}:{}", json!(name), text(value, number, more)));
            }
            parts.retain(|part| !part.is_empty());
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(values) => {
            let parts: Vec<_> = values.iter().map(|value| text(value, number, more)).collect();
            format!("[{}]", parts.join(","))
        }
        value => value.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_is_unknown_or_there_twice_is_refused_wherever_it_is() {
    let world = World::new().await;
    let deeds = [
        Deed::CreateTable(0, true),
        Deed::TimeToLive(0),
        Deed::AddIndex(0),
        Deed::TagTable(0, 5),
        Deed::PutItem(0, 1, 1),
        Deed::CreateBucket(0),
        Deed::Versioning(0, true),
        Deed::PutObject(0, 0, 1, 2),
        Deed::PutObject(0, 1, 1, 3),
        Deed::TagObject(0, 0, 3),
        Deed::DeleteObject(0, 0),
        Deed::Upload(0, 2, 5),
    ];
    act(&world.aws, &deeds).await;
    let good = world.state(&[]).await;
    let lines: Vec<&str> = good.lines().collect();
    restore(&world, good.as_bytes()).await.unwrap();
    let mut tried = 0;
    for (at, line) in lines.iter().enumerate() {
        let parsed: Value = serde_json::from_str(line).unwrap();
        let unknown = |_: &serde_json::Map<String, Value>| "\"zz\":1".to_owned();
        // The last one wins where nobody looks.
        let twice = |members: &serde_json::Map<String, Value>| {
            members.iter().next().map(|(name, value)| format!("{}:{value}", json!(name))).unwrap_or_default()
        };
        let mut number = 0;
        loop {
            let texts = [text(&parsed, &mut number.clone(), &unknown), text(&parsed, &mut number.clone(), &twice)];
            if texts[0] == text(&parsed, &mut -1, &unknown) {
                break;
            }
            number += 1;
            for changed in texts.iter().filter(|changed| changed.as_str() != *line) {
                let mut wrong = lines.clone();
                wrong[at] = changed.as_str();
                let outcome = restore(&world, format!("{}\n", wrong.join("\n")).as_bytes()).await;
                assert!(outcome.is_err(), "{changed}");
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "{tried}");
    assert_eq!(world.state(&[]).await, good);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_is_not_in_order_is_refused() {
    let world = World::new().await;
    let table = |name: &str| json!({ "account": "000000000000", "region": "us-east-1", "name": name });
    let good = json!({ "tables": [table("a"), table("b")], "objects": [
        { "bucket": "a", "key": "im" }, { "bucket": "a", "prefix": "img" }, { "bucket": "b" },
    ] });
    let file = |scope: &Value| {
        format!("{}\n{}\n", json!({ "footbridge_snapshot": { "version": 1, "scope": scope } }), json!({ "end": {} }))
    };
    restore(&world, file(&good).as_bytes()).await.unwrap();
    let mut wrong = vec![
        json!({ "all": true, "tables": [table("a")] }),
        json!({ "tables": [table("b"), table("a")] }),
        json!({ "tables": [table("a"), table("a")] }),
        json!({ "prefixes": [] }),
        json!({ "objects": [{ "bucket": "a", "key": "" }] }),
        json!({ "objects": [{ "bucket": "a", "key": "k", "prefix": "k" }] }),
        json!({ "objects": [{ "key": "k" }] }),
    ];
    let part = |objects: &[Value]| json!({ "objects": objects });
    let (whole, all, key) =
        (json!({ "bucket": "a" }), json!({ "bucket": "a", "prefix": "" }), json!({ "bucket": "a", "key": "k" }));
    let (wide, narrow) = (json!({ "bucket": "a", "prefix": "k" }), json!({ "bucket": "a", "prefix": "kk" }));
    for pair in
        [[&whole, &all], [&whole, &key], [&all, &key], [&wide, &key], [&wide, &narrow], [&key, &key], [&wide, &wide]]
    {
        wrong.push(part(&pair.map(Clone::clone)));
        wrong.push(part(&[pair[1].clone(), pair[0].clone()]));
    }
    for scope in wrong {
        let error = restore(&world, file(&scope).as_bytes()).await.unwrap_err();
        assert!(error.message.starts_with("line 1 of the snapshot"), "{scope}: {error}");
    }
    let newer = file(&good).replace("\"version\":1", "\"version\":2,\"more\":true");
    let error = restore(&world, newer.as_bytes()).await.unwrap_err();
    assert!(error.message.contains("version 2") && error.message.contains("newer footbridge"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_may_follow_the_end_of_either_form() {
    let world = World::new().await;
    act(&world.aws, &[Deed::CreateBucket(0), Deed::PutObject(0, 0, 1, 2)]).await;
    let text = world.state(&[]).await.into_bytes();
    let packed = std::fs::read(world.take("packed", &[], false).await.path).unwrap();
    let mut another = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    another.write_all(b"{\"end\":{}}\n").unwrap();
    let another = another.finish().unwrap();
    for file in [text.as_slice(), packed.as_slice()] {
        restore(&world, file).await.unwrap();
        for more in [&b"x"[..], &[0], &[0; 600], b"{\"end\":{}}\n", another.as_slice(), packed.as_slice()] {
            let error = restore(&world, &[file, more].concat()).await.unwrap_err();
            assert!(error.message.contains("more behind its end"), "{}: {error}", more.len());
        }
    }
    assert_eq!(world.state(&[]).await.into_bytes(), text);
}
