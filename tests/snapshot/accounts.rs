//! Tables of one name in several accounts and regions: each caller's snapshots and undo are of its own.

use std::collections::BTreeMap;

use footbridge::backend::Clients;
use footbridge::mcp::{Bridge, Options, Target};
use serde_json::json;

use super::things::{Thing, Things, of};
use super::undo::call;
use super::world::World;

const PLACES: [(&str, &str); 3] =
    [("000000000000", "us-east-1"), ("000000000000", "eu-west-1"), ("111111111111", "us-east-1")];

/// A bridge of a caller of this account in this region.
fn bridge(world: &World, (account, region): (&str, &str)) -> Bridge {
    let gateway = world.aws.gateway().clone();
    let clients = Clients::local(gateway.clone(), region, (account, "secret"));
    let target = Target { account: Some(account.to_owned()), ..Target::local(region) };
    Bridge::new(Options { gateway: Some(gateway), target, ..Options::local(clients.s3, clients.dynamodb) })
}

/// The items of each table, by where it is.
fn items(things: &Things) -> BTreeMap<(&str, &str), usize> {
    let tables = things.iter().filter_map(|(thing, what)| match thing {
        Thing::Table { account, region, .. } => Some(((account.as_str(), region.as_str()), what.lines().count() - 1)),
        _ => None,
    });
    tables.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_and_undo_are_of_the_callers_own_account_and_region() {
    let world = World::new().await;
    let bridges = PLACES.map(|place| bridge(&world, place));
    let put = |n: usize| json!({ "table": "orders", "items": (0..n).map(|n| json!({ "pk": n.to_string() })).collect::<Vec<_>>() });
    for (n, bridge) in bridges.iter().enumerate() {
        call(bridge, "dynamodb_create_table", json!({ "table": "orders", "keys": { "pk": "S" } })).await.unwrap();
        call(bridge, "dynamodb_put_items", put(n + 1)).await.unwrap();
    }
    let counts = async || {
        let things = of(&world.state(&[]).await);
        let items = items(&things);
        PLACES.map(|place| items.get(&place).copied())
    };
    assert_eq!(counts().await, [Some(1), Some(2), Some(3)]);
    for (own, bridge) in bridges.iter().enumerate() {
        let with =
            |of, others| -> [Option<usize>; 3] { std::array::from_fn(|n| if n == own { of } else { Some(others) }) };
        // All have four items, and this one is brought back.
        let name = format!("kept-{own}");
        call(bridge, "snapshot", json!({ "name": name, "only": ["dynamodb://orders"] })).await.unwrap();
        for bridge in &bridges {
            call(bridge, "dynamodb_put_items", put(4)).await.unwrap();
        }
        call(bridge, "restore", json!({ "name": name, "confirm": true })).await.unwrap();
        assert_eq!(counts().await, with(Some(own + 1), 4));
        // What one deletes comes back alone, by the snapshot from before and by undo.
        let delete = json!({ "table": "orders", "confirm": true });
        let answer = call(bridge, "dynamodb_delete_table", delete.clone()).await.unwrap();
        assert_eq!(counts().await, with(None, 4));
        let note = answer["note"].as_str().unwrap();
        let auto = note.split_whitespace().find(|word| word.starts_with("auto-")).unwrap();
        call(bridge, "restore", json!({ "name": auto, "confirm": true })).await.unwrap();
        assert_eq!(counts().await, with(Some(own + 1), 4));
        call(bridge, "dynamodb_delete_table", delete).await.unwrap();
        call(bridge, "undo", json!({})).await.unwrap();
        assert_eq!(counts().await, with(Some(own + 1), 4));
        // Another caller's snapshot has no table of this one's.
        for other in bridges.iter().enumerate().filter(|(n, _)| *n != own).map(|(_, bridge)| bridge) {
            let only = json!({ "name": name, "only": ["dynamodb://orders"], "confirm": true });
            let error = call(other, "restore", only).await.unwrap_err();
            assert!(error.message.contains("does not cover dynamodb://orders"), "{error}");
        }
        for (n, bridge) in bridges.iter().enumerate() {
            let keys: Vec<_> = (n + 1..4).map(|n| json!({ "pk": n.to_string() })).collect();
            if n != own && !keys.is_empty() {
                call(bridge, "dynamodb_delete_items", json!({ "table": "orders", "keys": keys, "confirm": true }))
                    .await
                    .unwrap();
            }
        }
        assert_eq!(counts().await, [Some(1), Some(2), Some(3)]);
    }
    world.check().await;
}
