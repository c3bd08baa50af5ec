//! Random histories: who replays a stream has the table.

use std::collections::BTreeMap;
use std::time::Duration;

use footbridge::clock::Clock as _;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::streams::{records, streaming};
use super::support::{Dynamo, NOW};

#[derive(Debug, Clone)]
enum Step {
    Put(u8, u8, u8),
    Update(u8, u8),
    Delete(u8),
    Batch(Vec<(u8, Option<u8>)>),
    /// Seconds.
    Pass(u16),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..6_u8;
    let member = (key.clone(), proptest::option::of(0..3_u8));
    prop_oneof![
        6 => (key.clone(), 0..3_u8, 0..120_u8).prop_map(|(key, value, life)| Step::Put(key, value, life)),
        4 => (key.clone(), 0..3_u8).prop_map(|(key, value)| Step::Update(key, value)),
        3 => key.prop_map(Step::Delete),
        2 => proptest::collection::vec(member, 1..5).prop_map(Step::Batch),
        3 => prop_oneof![8 => 0..100_u16, 1 => Just(15_000)].prop_map(Step::Pass),
        1 => Just(Step::Restart),
    ]
}

fn key(of: u8) -> Json {
    json!({"pk": {"S": of.to_string()}})
}

/// Does the step; the service goes on, or another one in its place.
async fn take(dynamo: Dynamo, step: Step) -> Dynamo {
    match step {
        Step::Put(of, value, life) => {
            let ends = dynamo.clock.millis() / 1000 + u64::from(life);
            let item =
                json!({"pk": {"S": of.to_string()}, "v": {"N": value.to_string()}, "ttl": {"N": ends.to_string()}});
            dynamo.put("tab", item).await;
        }
        Step::Update(of, value) => {
            let request = json!({
                "TableName": "tab", "Key": key(of), "UpdateExpression": "SET v = :v",
                "ExpressionAttributeValues": {":v": {"N": value.to_string()}},
            });
            dynamo.call("UpdateItem", request).await.ok();
        }
        Step::Delete(of) => drop(dynamo.call("DeleteItem", json!({"TableName": "tab", "Key": key(of)})).await.ok()),
        Step::Batch(members) => {
            let members: BTreeMap<_, _> = members.into_iter().collect();
            let request = |(of, value): (u8, Option<u8>)| match value {
                Some(value) => {
                    json!({"PutRequest": {"Item": {"pk": {"S": of.to_string()}, "v": {"N": value.to_string()}}}})
                }
                None => json!({"DeleteRequest": {"Key": key(of)}}),
            };
            let requests: Vec<_> = members.into_iter().map(request).collect();
            dynamo.call("BatchWriteItem", json!({"RequestItems": {"tab": requests}})).await.ok();
        }
        Step::Pass(seconds) => dynamo.pass(Duration::from_secs(seconds.into())).await,
        Step::Restart => {
            dynamo.service.close().await;
            let now = dynamo.clock.millis();
            let next = Dynamo::on(dynamo.store);
            next.clock.set_millis(now);
            return next;
        }
    }
    dynamo
}

async fn history(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut dynamo = Dynamo::open();
    let arn = streaming(&dynamo, "tab", "NEW_AND_OLD_IMAGES").await;
    let specification = json!({"Enabled": true, "AttributeName": "ttl"});
    let request = json!({"TableName": "tab", "TimeToLiveSpecification": specification});
    dynamo.call("UpdateTimeToLive", request).await.ok();
    for step in steps {
        dynamo = take(dynamo, step).await;
    }
    // Not so long that the first records are gone.
    prop_assume!(dynamo.clock.millis() < NOW + 23 * 3_600_000);
    dynamo.pass(Duration::ZERO).await;
    let mut table = BTreeMap::new();
    for record in records(&dynamo, &arn).await {
        let body = &record["dynamodb"];
        let key = body["Keys"].to_string();
        let (old, new) = (body.get("OldImage"), body.get("NewImage"));
        prop_assert_eq!(table.get(&key), old, "{}", record);
        prop_assert_ne!(old, new);
        let event = match (old, new) {
            (None, _) => "INSERT",
            (_, None) => "REMOVE",
            _ => "MODIFY",
        };
        prop_assert_eq!(&record["eventName"], event);
        if let Some(new) = new {
            table.insert(key, new.clone());
            continue;
        }
        let ends = old.and_then(|old| old["ttl"]["N"].as_str()?.parse::<u64>().ok());
        let at = body["ApproximateCreationDateTime"].as_u64().unwrap_or_default();
        let by_service = record.get("userIdentity").is_some();
        prop_assert!(!by_service || ends.is_some_and(|ends| ends <= at), "{}", record);
        table.remove(&key);
    }
    let scanned = dynamo.call("Scan", json!({"TableName": "tab"})).await.ok();
    let items = scanned["Items"].as_array().expect("items");
    prop_assert_eq!(table.values().collect::<Vec<_>>(), items.iter().collect::<Vec<_>>());
    let millis = dynamo.clock.millis();
    let expired = |item: &&Json| {
        item["ttl"]["N"].as_str().is_some_and(|ends| ends.parse::<u64>().expect("a second") * 1000 < millis)
    };
    prop_assert_eq!(items.iter().find(expired), None);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn who_replays_a_stream_has_the_table(steps in proptest::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(history(steps))?;
    }
}
