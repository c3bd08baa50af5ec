//! What is made the same before answers are compared. This is all:
//!
//! - request ids are no member of an answer here;
//! - timestamps: `${time}`;
//! - JSON's numbers: `2.0` is `2`;
//! - the account in ARNs: `000000000000`;
//! - names that each reference makes by itself ([`crate::names`]): prefix, version ids, upload ids;
//! - what has no order on AWS is sorted: the members of an object, the elements of a set, the items of a Scan's pages
//!   together, the answers of a BatchGetItem, a race's answers.

use serde_json::{Map, Value as Json};

use crate::call::{Answer, Call, Manner};
use crate::names::Names;

/// The members that hold a time.
const TIMES: [&str; 10] = [
    "CreationDateTime",
    "LastDecreaseDateTime",
    "LastIncreaseDateTime",
    "LastUpdateToPayPerRequestDateTime",
    "LastModified",
    "CreationDate",
    "Initiated",
    "LatestStreamLabel",
    "ApproximateCreationDateTime",
    "Date",
];
/// The members that hold an id of which nothing can be said but that it is there.
const IDS: [&str; 4] = ["TableId", "LatestStreamArn", "ContinuationToken", "NextContinuationToken"];

/// The answer to `call`, made the same everywhere.
pub fn answer(call: &Call, answer: Answer, names: &mut Names) -> Answer {
    let mut output = names.plain(answer.output);
    output.iter_mut().for_each(|(name, value)| member(name, value));
    if call.operation == "BatchGetItem" {
        for items in output.get_mut("Responses").and_then(Json::as_object_mut).into_iter().flat_map(Map::values_mut) {
            sort(items);
        }
    }
    Answer { message: answer.message.map(|message| arn(&names.plain_text(&message))), output, ..answer }
}

/// The answers of all pages, or of a race, as one. A listing that ends with an error is that error.
pub fn together(call: &Call, answers: Vec<Answer>) -> Answer {
    if call.manner == Manner::Pages
        && let Some(error) = answers.iter().find(|answer| !answer.is_ok())
    {
        return error.clone();
    }
    let mut answers: Vec<Json> = answers.iter().map(|answer| serde_json::to_value(answer).expect("JSON")).collect();
    if matches!(call.manner, Manner::Race(_)) {
        answers.sort_by_key(Json::to_string);
    } else if call.operation == "Scan" {
        return scanned(&answers);
    }
    Answer { status: 200, output: Map::from_iter([("$answers".to_owned(), Json::Array(answers))]), ..Answer::default() }
}

/// A Scan as a whole: which item is on which page goes by AWS's own order of partitions.
fn scanned(pages: &[Json]) -> Answer {
    let mut items: Vec<Json> =
        pages.iter().flat_map(|page| page["output"]["Items"].as_array().cloned().unwrap_or_default()).collect();
    items.sort_by_key(Json::to_string);
    let sum = |member: &str| pages.iter().filter_map(|page| page["output"][member].as_u64()).sum::<u64>();
    let mut output = Map::new();
    output.insert("Count".to_owned(), sum("Count").into());
    output.insert("ScannedCount".to_owned(), sum("ScannedCount").into());
    output.insert("Items".to_owned(), items.into());
    Answer { status: 200, output, ..Answer::default() }
}

fn member(name: &str, value: &mut Json) {
    match value {
        _ if TIMES.contains(&name) => *value = "${time}".into(),
        _ if IDS.contains(&name) => *value = "${id}".into(),
        Json::Array(_) if ["SS", "NS", "BS"].contains(&name) => sort(value),
        Json::Array(values) => values.iter_mut().for_each(|value| member("", value)),
        Json::Object(members) => {
            members.sort_keys();
            members.iter_mut().for_each(|(name, value)| member(name, value));
        }
        Json::String(text) if text.starts_with("arn:") => *text = arn(text),
        Json::Number(number) => {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0);
            if let Some(Ok(whole)) = whole.map(|whole| format!("{whole:.0}").parse::<i64>()) {
                *value = whole.into();
            }
        }
        _ => {}
    }
}

fn sort(values: &mut Json) {
    if let Json::Array(values) = values {
        values.sort_by_key(Json::to_string);
    }
}

/// A text with the account of every ARN of DynamoDB made the same.
fn arn(text: &str) -> String {
    let mut parts = text.split("arn:aws:dynamodb:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let mut words = part.splitn(3, ':');
        match (words.next(), words.next(), words.next()) {
            (Some(region), Some(_), Some(rest)) => format!("{text}arn:aws:dynamodb:{region}:000000000000:{rest}"),
            _ => format!("{text}arn:aws:dynamodb:{part}"),
        }
    })
}
