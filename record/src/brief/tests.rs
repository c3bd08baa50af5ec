use serde_json::{Value, json};

use super::*;
use crate::{Finished, Started, Subject, Target, Who};

/// A call that ended well.
fn call(subject: Subject, resources: &[&str], parameters: Value, response: Value) -> Call {
    Call {
        id: uuid::Uuid::nil(),
        at: 0,
        time: None,
        file: String::new(),
        started: Started {
            pid: 1,
            who: Who::Endpoint { user_agent: None },
            target: Target::Local { account: None, region: None },
            target_name: None,
            subject,
            admission: None,
            resources: resources.iter().map(|&resource| resource.to_owned()).collect(),
            access: crate::Access::new(),
            parameters,
            bytes_in: None,
            partial: false,
        },
        finished: Some(Finished {
            outcome: Outcome::Ok,
            ms: 1.0,
            http_status: Some(200),
            bytes_out: None,
            aws_calls: Vec::new(),
            aws_calls_left_out: 0,
            response,
            response_partial: false,
            consent: None,
        }),
    }
}

fn operation(service: &str, operation: &str, resource: &str, parameters: Value, response: Value) -> Call {
    let subject = Subject::Operation { service: service.into(), operation: operation.into() };
    call(subject, &[resource], parameters, response)
}

fn tool(tool: &str, resource: &str, parameters: Value, response: Value) -> Call {
    call(Subject::Tool { tool: tool.into() }, &[resource], parameters, response)
}

/// A call as a row has it.
fn row(call: &Call) -> String {
    brief(call).to_string()
}

/// Calls of every operation and tool, and the row that each of them is.
fn rows() -> Vec<Value> {
    include_str!("rows.ndjson").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn each_operation_and_tool_has_its_row() {
    for mut given in rows() {
        let text = |name: &str| given[name].as_str().map(str::to_owned);
        let (resource, wanted, effect) = (text("resource").unwrap(), text("row").unwrap(), text("effect").unwrap());
        let subject = match text("tool") {
            Some(tool) => Subject::Tool { tool },
            None => Subject::Operation { service: text("service").unwrap(), operation: text("operation").unwrap() },
        };
        let call = call(subject, &[&resource], given["parameters"].take(), given["response"].take());
        assert_eq!(row(&call), wanted);
        assert_eq!(json!(brief(&call).effect), effect, "{wanted}");
    }
}

#[test]
fn a_tool_and_an_sdk_read_alike() {
    let rows = rows();
    let (tools, operations): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row["tool"].is_string());
    let alike = tools.iter().filter(|tool| operations.iter().any(|of| of["row"] == tool["row"]));
    let alike: Vec<&str> = alike.filter_map(|tool| tool["tool"].as_str()).collect();
    for name in ["query", "put_items", "get_items", "update_item", "delete_items", "transact_write"] {
        assert!(alike.contains(&format!("dynamodb_{name}").as_str()), "{name} in {alike:?}");
    }
    assert!(alike.contains(&"s3_delete_objects"), "{alike:?}");
}

#[test]
fn what_the_journal_left_out_shows_as_such() {
    // On AWS, bodies are recorded by their shape.
    let put = tool(
        "dynamodb_put_items",
        "dynamodb://t",
        json!({"table": "t", "items": [{"pk": "[2 bytes]", "n": "[number]"}, "[24 more]"]}),
        json!({"written": "[number]"}),
    );
    assert_eq!(row(&put), "PutItems t 25 puts pk=[2 bytes] n=[number], … · written");
    let query = tool(
        "dynamodb_query",
        "dynamodb://t",
        json!({"table": "t", "key_condition": "pk = :p", "values": {":p": "[redacted]"}}),
        json!({"count": "[number]", "items": ["[3 more]"]}),
    );
    assert_eq!(row(&query), "Query t pk=[redacted] · 3 items");
    let put = operation("dynamodb", "PutItem", "dynamodb://t", json!("[9000 bytes]"), Value::Null);
    assert_eq!(row(&put), "PutItem t · written");
    let get = operation("s3", "GetObject", "s3://m/a", Value::Null, Value::Null);
    assert_eq!(row(&get), "GetObject m/a · ok");
}

#[test]
fn what_failed_says_why() {
    let mut call = tool("s3_get_object", "s3://m/a", json!({"bucket": "m", "key": "a"}), Value::Null);
    for (outcome, came) in [
        (Outcome::Error { code: "NoSuchKey".into(), message: "two\nlines".into() }, "NoSuchKey: two\\nlines"),
        (Outcome::Error { code: "404".into(), message: String::new() }, "404"),
        (Outcome::Refused { reason: "mode is read-only".into() }, "refused: mode is read-only"),
        (Outcome::Abandoned, "abandoned"),
    ] {
        call.finished.as_mut().unwrap().outcome = outcome;
        assert_eq!(brief(&call).came, came);
    }
    call.finished = None;
    assert_eq!(brief(&call).came, "");
}

mod any {
    use proptest::prelude::*;

    use super::*;

    /// Words that the code looks for, beside others.
    const WORDS: [&str; 40] = [
        "TableName",
        "Key",
        "Item",
        "Keys",
        "S",
        "N",
        "M",
        "L",
        "SS",
        "$n",
        "…",
        "RequestItems",
        "TransactItems",
        "Put",
        "PutRequest",
        "Get",
        "KeyConditionExpression",
        "ExpressionAttributeValues",
        ":p",
        "#p",
        "pk = :p",
        "begins_with(pk, :p)",
        "[3 more]",
        "[12 bytes]",
        "[redacted]",
        "table",
        "items",
        "keys",
        "key",
        "bucket",
        "body",
        "headers",
        "<Key>",
        "Tags",
        "Value",
        "Expected",
        "KeySchema",
        "ConsumedCapacity",
        "CapacityUnits",
        "update",
    ];

    fn json_of_any_form() -> impl Strategy<Value = Value> {
        let word = || prop_oneof![proptest::sample::select(&WORDS[..]).prop_map(str::to_owned), any::<String>()];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            word().prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 64, 8, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                proptest::collection::vec((word(), inner), 0..8)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    const NAMES: [&str; 16] = [
        "Query",
        "PutItem",
        "UpdateItem",
        "BatchWriteItem",
        "BatchGetItem",
        "TransactGetItems",
        "TransactWriteItems",
        "CreateTable",
        "UpdateTable",
        "DescribeTable",
        "DeleteObjects",
        "PutObject",
        "ListObjectsV2",
        "CompleteMultipartUpload",
        "PutBucketTagging",
        "GetItem",
    ];
    const TOOLS: [&str; 8] = [
        "dynamodb_query",
        "dynamodb_put_items",
        "dynamodb_get_items",
        "dynamodb_update_table",
        "dynamodb_transact_write",
        "s3_delete_objects",
        "s3_put_object",
        "bridge_status",
    ];

    proptest! {
        #[test]
        fn any_call_is_one_short_line(
            name in 0_usize..24, service in proptest::sample::select(vec!["s3", "dynamodb", "sts", ""]), parameters in json_of_any_form(),
            response in json_of_any_form(), resource in any::<String>(),
        ) {
            let call = match NAMES.get(name) {
                Some(name) => operation(service, name, &resource, parameters, response),
                None => tool(TOOLS[name - NAMES.len()], &resource, parameters, response),
            };
            let Brief { name, on, asked, came, .. } = brief(&call);
            prop_assert!(name.chars().count() <= NAME && on.chars().count() <= ON);
            prop_assert!(asked.chars().count() <= ASKED && came.chars().count() <= CAME);
            prop_assert!(![&name, &on, &asked, &came].iter().any(|text| text.contains(['\n', '\r'])));
        }

        #[test]
        fn any_client_is_short(agent in any::<String>()) {
            let short = short_client(&Who::Endpoint { user_agent: Some(agent.clone()) });
            prop_assert!(short.chars().count() <= 48);
            let short = short_client(&Who::Mcp { client: Some(agent) });
            prop_assert!(short.chars().count() <= 48);
        }
    }
}
