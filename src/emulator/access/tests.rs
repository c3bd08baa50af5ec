use super::*;
use crate::emulator::call::by_name;
use crate::emulator::dynamodb::operation::{STREAMS, built};
use crate::emulator::dynamodb::{of_dynamodb, tables};
use crate::emulator::sts::of_sts;

fn asks(access: &Access) -> Vec<String> {
    access.iter().flat_map(|(action, of)| of.iter().map(move |resource| format!("{action} {resource}"))).collect()
}

fn dynamodb(operation: &str, body: &str) -> Vec<String> {
    asks(&of_dynamodb(operation, body.as_bytes()))
}

#[test]
fn every_operation_that_is_built_is_known() {
    let named = |service, operation: &str| by_name(service, operation, &["s3://b/k".into(), "dynamodb://t".into()]);
    for operation in crate::emulator::s3::operations().map(|operation| operation.name) {
        let access = named("s3", operation).unwrap_or_else(|| panic!("{operation} has no action"));
        assert!(!access.is_empty(), "{operation}");
    }
    for operation in built().chain(STREAMS.iter().copied()) {
        let access = named("dynamodb", operation.name).unwrap_or_else(|| panic!("{} has no action", operation.name));
        assert!(!access.is_empty(), "{}", operation.name);
    }
    assert_eq!(named("sts", "GetCallerIdentity"), Some(Access::new()));
    assert_eq!(named("s3", "SelectObjectContent"), None);
}

#[test]
fn tables_and_indexes_are_read_from_bodies() {
    assert_eq!(dynamodb("GetItem", r#"{"TableName":"t","Key":{"a":{"S":"1"}}}"#), ["dynamodb:GetItem dynamodb://t"]);
    assert_eq!(dynamodb("Query", r#"{"TableName":"t"}"#), ["dynamodb:Query dynamodb://t"]);
    assert_eq!(dynamodb("Query", r#"{"TableName":"t","IndexName":"i"}"#), ["dynamodb:Query dynamodb://t/index/i"]);
    assert_eq!(
        dynamodb("BatchWriteItem", r#"{"RequestItems":{"b":[1],"a":[]}}"#),
        ["dynamodb:BatchWriteItem dynamodb://a", "dynamodb:BatchWriteItem dynamodb://b"]
    );
    assert_eq!(
        dynamodb("GetItem", r#"{"TableName":"arn:aws:dynamodb:us-east-1:000000000000:table/t"}"#),
        ["dynamodb:GetItem dynamodb://t"]
    );
    assert_eq!(
        dynamodb("GetRecords", r#"{"ShardIterator":"arn:aws:dynamodb:r:0:table/t/stream/2026|1|AAA="}"#),
        ["dynamodb:GetRecords dynamodb://t/stream"]
    );
    assert_eq!(
        dynamodb("CreateTable", r#"{"TableName":"t","Tags":[{"Key":"a","Value":"b"}]}"#),
        ["dynamodb:CreateTable dynamodb://t", "dynamodb:TagResource dynamodb://t"]
    );
    assert_eq!(dynamodb("ListTables", "{}"), ["dynamodb:ListTables *"]);
    assert!(dynamodb("GetItem", r#"{"TableName":5}"#).is_empty() && dynamodb("GetItem", "no").is_empty());
}

#[test]
fn a_transaction_asks_for_each_of_its_parts() {
    let body = r#"{"TransactItems":[{"Put":{"TableName":"a","Item":{}}},{"ConditionCheck":{"TableName":"b"}},
                   {"Update":{"TableName":"a"}},{"Delete":{"TableName":"c"}}]}"#;
    assert_eq!(
        dynamodb("TransactWriteItems", body),
        [
            "dynamodb:ConditionCheckItem dynamodb://b",
            "dynamodb:DeleteItem dynamodb://c",
            "dynamodb:PutItem dynamodb://a",
            "dynamodb:UpdateItem dynamodb://a",
        ]
    );
    assert_eq!(
        tables(&of_dynamodb("TransactWriteItems", body.as_bytes())),
        ["dynamodb://a", "dynamodb://b", "dynamodb://c"]
    );
    let reads = r#"{"TransactItems":[{"Get":{"TableName":"a"}}]}"#;
    assert_eq!(dynamodb("TransactGetItems", reads), ["dynamodb:GetItem dynamodb://a"]);
}

#[test]
fn sts_is_asked_for_the_role() {
    let of = |form: &str| {
        let (parts, ()) = http::Request::post("/").body(()).unwrap().into_parts();
        let form = crate::emulator::sts::Form::of(&parts, form.as_bytes());
        let operation = form.get("Action").unwrap_or_default().to_owned();
        let access = of_sts(&operation, &form);
        let named = |(action, on): (String, std::collections::BTreeSet<String>)| {
            (action, on.into_iter().collect::<Vec<_>>().join(" "))
        };
        access.into_iter().map(named).collect::<Vec<_>>()
    };
    let asked = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(action, on)| ((*action).to_owned(), (*on).to_owned())).collect()
    };
    let role = "arn:aws:iam::444455556666:role/r";
    assert_eq!(of(&format!("Action=AssumeRole&RoleArn={role}")), asked(&[("sts:AssumeRole", role)]));
    assert_eq!(
        of(&format!("Action=AssumeRole&RoleArn={role}&Tags.member.1.Key=a&SourceIdentity=b")),
        asked(&[("sts:AssumeRole", role), ("sts:SetSourceIdentity", role), ("sts:TagSession", role)])
    );
    assert_eq!(
        of(&format!("Action=AssumeRoleWithWebIdentity&RoleArn={role}")),
        asked(&[("sts:AssumeRoleWithWebIdentity", role)])
    );
    assert_eq!(of("Action=GetFederationToken&Name=bob"), asked(&[("sts:GetFederationToken", "*")]));
    assert_eq!(of("Action=GetAccessKeyInfo"), asked(&[("sts:GetAccessKeyInfo", "*")]));
    assert!(of("Action=GetCallerIdentity").is_empty() && of("Action=GetSessionToken").is_empty());
    let named = |operation| by_name("sts", operation, &[role.to_owned()]);
    assert_eq!(named("AssumeRole").unwrap()["sts:AssumeRole"], std::collections::BTreeSet::from([role.to_owned()]));
    assert!(named("GetSessionToken").unwrap().is_empty());
    assert_eq!(named("Unknown"), None);
}
