//! The recorded journal as rows, and its calls in full.

use std::collections::HashMap;

use footbridge_record::{Call, Event, Record};
use serde_json::json;

use super::make::Make;
use crate::ask::{Answer, Ask, CallFormat, Trouble};
use crate::look::Look;
use crate::row::{Names, Place, Row};
use crate::source::{History, Update};
use crate::testing::Stage;

/// The calls of the recording, in order, and after them some of an SDK.
pub(crate) fn calls() -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    let mut known = HashMap::new();
    for line in include_str!("../../../../fixtures/journal/demo.ndjson").lines() {
        let Record { id, at, time, event, .. } = serde_json::from_str(line).unwrap();
        match event {
            Event::Started(started) => {
                known.insert(id, calls.len());
                calls.push(Call { id, at, time, file: "1795341600000-4242-0.ndjson".into(), started, finished: None });
            }
            Event::Finished(finished) => calls[known[&id]].finished = Some(finished),
            Event::Note(_) => {}
        }
    }
    let at = |after: u64| 1_795_341_602_000 + after * 113;
    let sdk = [
        Make::operation("dynamodb", "PutItem")
            .on("dynamodb://Shop")
            .asked(json!({"TableName": "Shop", "Item": {"pk": {"S": "CUSTOMER#lin"}, "sk": {"S": "PROFILE"}, "tags": {"SS": ["a", "b"]}, "n": {"N": "7"}}}))
            .took(1.25)
            .came(json!({}))
            .at(at(0)),
        Make::operation("dynamodb", "Query")
            .on("dynamodb://Shop")
            .asked(json!({"TableName": "Shop", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "CUSTOMER#ada"}}, "ReturnConsumedCapacity": "TOTAL"}))
            .took(2.75)
            .came(json!({"Items": [{"pk": {"S": "CUSTOMER#ada"}, "sk": {"S": "PROFILE"}}], "Count": 1, "ScannedCount": 1, "ConsumedCapacity": {"TableName": "Shop", "CapacityUnits": 0.5}}))
            .at(at(1)),
        Make::operation("s3", "PutObject")
            .on("s3://footbridge-shop-media/notes/today.md")
            .asked(json!({"bucket": "footbridge-shop-media", "key": "notes/today.md", "headers": {"content-type": "text/markdown", "content-length": "14"}, "body": "# Today\n\n- tea\n"}))
            .took(3.5)
            .came(json!({"headers": {"etag": "\"0c1d\""}}))
            .at(at(2)),
        Make::operation("s3", "ListObjectsV2")
            .on("s3://footbridge-shop-media")
            .asked(json!({"bucket": "footbridge-shop-media", "query": {"list-type": "2", "prefix": "notes/"}}))
            .took(0.75)
            .came(json!({"body": "<ListBucketResult><Contents><Key>notes/today.md</Key></Contents></ListBucketResult>"}))
            .at(at(3)),
        Make::operation("dynamodb", "DeleteItem")
            .on("dynamodb://Shop")
            .asked(json!({"TableName": "Shop", "Key": {"pk": {"S": "CUSTOMER#lin"}, "sk": {"S": "PROFILE"}}}))
            .took(1.5)
            .at(at(4)),
    ];
    calls.extend((1_000..).zip(sdk).map(|(number, make)| make.call(number)));
    calls.sort_by_key(|call| (call.at, call.id));
    calls
}

fn place(number: usize) -> Place {
    Place { file: 1, started: number as u64, finished: None }
}

/// What the data answers of the recording's calls.
pub(crate) fn answer(ask: &Ask) -> Option<Result<Answer, Trouble>> {
    let calls = calls();
    Some(match ask {
        Ask::Call(place) => {
            let call = calls.get(usize::try_from(place.started).unwrap());
            Ok(Answer::Call(call.cloned().map(Box::new)))
        }
        Ask::Replay(place) => {
            let call = Box::new(calls[usize::try_from(place.started).unwrap()].clone());
            let differences = vec!["count: 3 before, 2 now".to_owned(), "items[2]: is gone".to_owned()];
            Ok(Answer::Replayed { call, differences })
        }
        Ask::SaveCalls { places, to, format } => {
            assert!(matches!(format, CallFormat::Ndjson | CallFormat::Har));
            Ok(Answer::Saved { path: format!("/home/ada/{to}"), bytes: places.len() as u64 * 1000 })
        }
        _ => return None,
    })
}

/// The recording's rows; those of its last process but for the last are of a named store.
pub(crate) fn rows() -> Vec<Row> {
    let mut names = Names::default();
    calls().iter().enumerate().map(|(number, call)| Row::of(call, "", place(number), &mut names)).collect()
}

/// A dashboard over the recording, 2.5 seconds after its last call began.
pub(crate) fn stage(look: Look, size: (u16, u16)) -> Stage {
    let mut stage = Stage::new(look, size, answer);
    stage.now = 1_795_341_604_500;
    let whole = History { read: 100, total: 100 };
    stage.event(crate::app::Event::Updates(vec![Update::Calls(rows()), Update::History(whole)]));
    stage.wait(100);
    stage.wait(100);
    stage
}
