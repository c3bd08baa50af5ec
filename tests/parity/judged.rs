//! What the judge says, shown on answers made up for it.

use serde_json::json;

use crate::call::{Answer, Call};
use crate::judge::{Answers, against, alone, shortened};
use crate::names::{Kind, NONE_GIVEN, Names};
use crate::reference::{ANY, Opinion};
use crate::script::script;

fn get() -> Call {
    Call::dynamodb("GetItem", json!({"TableName": "${p}tab", "Key": {"pk": {"S": "it's"}}}))
}

fn answers(reference: &str, opinions: &[Opinion]) -> Answers {
    Answers { reference: reference.to_owned(), opinions: opinions.to_vec(), left: Vec::new() }
}

fn item(value: &str) -> Opinion {
    Opinion::Answer(Answer::ok(json!({"Item": {"v": {"S": value}}})))
}

fn found(ours: &[Opinion], engines: &[&[Opinion]]) -> Vec<(usize, String)> {
    let history = vec![get(); ours.len()];
    let engines: Vec<_> = engines.iter().map(|opinions| answers("engine", opinions)).collect();
    let found = alone(&history, &answers("footbridge", ours), &engines);
    found.into_iter().map(|difference| (difference.at, difference.aspect)).collect()
}

#[test]
fn footbridge_stands_alone_only_against_two_that_agree() {
    let (a, b, c) = (item("a"), item("b"), item("c"));
    let of = |engines: &[&Opinion]| {
        let engines: Vec<Vec<Opinion>> = engines.iter().map(|one| vec![(*one).clone()]).collect();
        found(std::slice::from_ref(&a), &engines.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let one = vec![(0, "Item".to_owned())];
    assert_eq!(of(&[&b, &b]), one);
    assert_eq!(of(&[&b, &b, &c]), one);
    for backed in [&[&b][..], &[&b, &c], &[&b, &b, &a], &[&a, &a], &[&b, &Opinion::Broken(String::new())]] {
        assert_eq!(of(backed), [], "{backed:?}");
    }
}

#[test]
fn an_engine_that_parted_is_not_asked_again() {
    let error = |message: &str| Opinion::Answer(Answer::error(400, "ValidationException", message));
    let ours = [item("a"), item("a")];
    assert_eq!(found(&ours, &[&[item("b"), item("b")], &[item("c"), item("b")]]), []);
    // Other words leave the same data behind.
    let (ours, theirs) = ([error("ours"), item("a")], [error("theirs"), item("b")]);
    assert_eq!(found(&ours, &[&theirs, &theirs]), [(0, "message".to_owned()), (1, "Item".to_owned())]);
}

#[test]
fn a_part_of_an_opinion_is_held_against_that_part_alone() {
    let history = [get()];
    let told = |opinion: Opinion| {
        let ours = Opinion::Answer(Answer::ok(json!({"Item": {}, "ConsumedCapacity": {"CapacityUnits": 1.0}})));
        let found = against(&history, &answers("footbridge", &[ours]), &answers("model", &[opinion]));
        found.into_iter().map(|difference| difference.aspect).collect::<Vec<_>>()
    };
    let part = |output| Opinion::Part(Answer::ok(output));
    assert_eq!(told(Opinion::None), [""; 0]);
    assert_eq!(told(part(json!({"Item": {}}))), [""; 0]);
    assert_eq!(told(part(json!({"Item": ANY}))), [""; 0]);
    assert_eq!(told(part(json!({"Attributes": ANY}))), ["Attributes"]);
    assert_eq!(told(part(json!({"ConsumedCapacity": {"CapacityUnits": 0.5}}))), ["ConsumedCapacity.CapacityUnits"]);
    assert_eq!(told(Opinion::Answer(Answer::ok(json!({"Item": {}})))), ["ConsumedCapacity.CapacityUnits"]);
    assert_eq!(told(Opinion::Part(Answer::error(400, "ValidationException", "other"))), ["outcome"]);
}

#[test]
fn each_reference_has_names_of_its_own_and_they_become_the_same() {
    let told = |prefix: &str, ids: [&str; 2]| {
        let mut names = Names::new(prefix);
        let wanted = json!({"Bucket": "${p}b", "VersionId": "${version:${p}b/k:1}"});
        assert_eq!(names.fill(&wanted)["VersionId"], NONE_GIVEN);
        for id in ids {
            names.give(Kind::Version, "${p}b/k", id);
        }
        assert_eq!(names.fill(&wanted), json!({"Bucket": format!("{prefix}b"), "VersionId": ids[1]}));
        let answer = json!({"Name": format!("{prefix}b"), "VersionId": ids[1], "Versions": [{"VersionId": ids[0]}]});
        names.plain(answer.as_object().unwrap().clone())
    };
    let ours = told("ours-1-", ["x", "y"]);
    assert_eq!(ours, told("theirs-7-", ["p", "q"]));
    assert_eq!(ours["Versions"][0]["VersionId"], "${version 2}");
}

#[test]
fn a_script_says_what_the_command_line_takes() {
    let command = script(&[get()]).lines().last().unwrap().to_owned();
    let input = r#"{"TableName":"parity-tab","Key":{"pk":{"S":"it'\''s"}}}"#;
    assert_eq!(command, format!("aws dynamodb get-item --cli-input-json '{input}'"));
}

#[test]
fn a_long_answer_is_printed_without_its_middle() {
    assert_eq!(shortened("é"), "é");
    let long = format!("a{}é", "k".repeat(2048));
    let short = shortened(&long);
    assert!(short.starts_with("akk") && short.ends_with("kké") && short.contains(" … 1450 characters … "), "{short}");
}
