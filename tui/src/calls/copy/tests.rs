use footbridge_record::Target;
use serde_json::json;

use super::{A_FILE, Entry, PARTIAL, entries};
use crate::calls::tests::make::Make;

const LOCAL: &str = "http://127.0.0.1:4566";

/// The text of the entry with this key.
fn text(make: Make, key: char) -> Option<String> {
    let found = entries(&make.call(0), Some(LOCAL)).0.into_iter().find(|entry| entry.key == key);
    found.map(|Entry { text, .. }| text.replace(" \\\n  ", " "))
}

const AWS: &str = "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws";
const TO: &str = "--endpoint-url=http://127.0.0.1:4566 --region=us-east-1";

#[test]
fn calls_of_sdks_become_commands_of_the_cli() {
    for (service, operation, parameters, wanted) in [
        (
            "dynamodb",
            "Query",
            json!({"TableName": "orders", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "it's"}}, "Limit": 5, "ScanIndexForward": false, "ConsistentRead": true}),
            format!(
                r#"{AWS} dynamodb query {TO} --table-name=orders --key-condition-expression='pk = :p' --expression-attribute-values='{{":p":{{"S":"it'\''s"}}}}' --limit=5 --no-scan-index-forward --consistent-read"#
            ),
        ),
        ("dynamodb", "ListTables", json!(null), format!("{AWS} dynamodb list-tables {TO}")),
        (
            "s3",
            "GetObject",
            json!({"bucket": "media", "key": "a b/c.png", "query": {"versionId": "v1"}, "headers": {"range": "bytes=0-9"}}),
            format!(
                "{AWS} s3api get-object {TO} --bucket=media --key='a b/c.png' --version-id=v1 --range=bytes=0-9 OUTFILE"
            ),
        ),
        (
            "s3",
            "PutObject",
            json!({"bucket": "media", "key": "n.txt", "headers": {"content-type": "text/plain", "content-length": "5", "x-amz-meta-who": "ada"}, "body": "h'llo"}),
            format!(
                r#"printf %s 'h'\''llo' | {AWS} s3 cp - {TO} s3://media/n.txt --content-type=text/plain --metadata='{{"who":"ada"}}'"#
            ),
        ),
        (
            "s3",
            "PutObject",
            json!({"bucket": "media", "key": "n.png", "headers": {"if-none-match": "*"}}),
            format!("{AWS} s3api put-object {TO} --bucket=media --key=n.png --if-none-match='*' --body=FILE"),
        ),
        (
            "s3",
            "DeleteObjects",
            json!({"bucket": "media", "query": {"delete": ""}, "body": "<Delete><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key><VersionId>v</VersionId></Object></Delete>"}),
            format!(
                r#"{AWS} s3api delete-objects {TO} --bucket=media --delete='{{"Objects":[{{"Key":"a&b"}},{{"Key":"c","VersionId":"v"}}],"Quiet":false}}'"#
            ),
        ),
        (
            "s3",
            "ListObjectsV2",
            json!({"bucket": "media", "query": {"list-type": "2", "prefix": "a/", "delimiter": "/"}}),
            format!("{AWS} s3api list-objects-v2 {TO} --bucket=media --prefix=a/ --delimiter=/"),
        ),
    ] {
        assert_eq!(text(Make::operation(service, operation).asked(parameters), 'a'), Some(wanted), "{operation}");
    }
    // What the CLI has no option for is not offered.
    let cors = json!({"bucket": "media", "body": "<CORSConfiguration/>"});
    assert_eq!(text(Make::operation("s3", "PutBucketCors").asked(cors), 'a'), None);
}

#[test]
fn calls_of_tools_become_commands_of_the_cli() {
    for (tool, parameters, wanted) in [
        (
            "dynamodb_query",
            json!({"table": "orders", "index": "by-date", "key_condition": "pk = :p", "values": {"p": 7}, "descending": true, "fields": ["name", "a.b"], "limit": 3}),
            Some(format!(
                r##"{AWS} dynamodb query {TO} --table-name=orders --index-name=by-date --key-condition-expression='pk = :p' --no-scan-index-forward --projection-expression='#field0, a.b' --expression-attribute-names='{{"#field0":"name"}}' --expression-attribute-values='{{":p":{{"N":"7"}}}}' --max-items=3"##
            )),
        ),
        (
            "dynamodb_put_items",
            json!({"table": "t", "items": [{"pk": "a", "tags": {"$ss": ["x"]}, "n": null, "l": [true]}]}),
            Some(format!(
                r#"{AWS} dynamodb put-item {TO} --table-name=t --item='{{"pk":{{"S":"a"}},"tags":{{"SS":["x"]}},"n":{{"NULL":true}},"l":{{"L":[{{"BOOL":true}}]}}}}'"#
            )),
        ),
        (
            "dynamodb_delete_items",
            json!({"table": "t", "keys": [{"pk": "a"}, {"pk": "b"}], "confirm": true}),
            Some(format!(
                r#"{AWS} dynamodb batch-write-item {TO} --request-items='{{"t":[{{"DeleteRequest":{{"Key":{{"pk":{{"S":"a"}}}}}}}},{{"DeleteRequest":{{"Key":{{"pk":{{"S":"b"}}}}}}}}]}}'"#
            )),
        ),
        (
            "s3_presign_url",
            json!({"bucket": "m", "key": "a", "expires_in": 60}),
            Some(format!("{AWS} s3 presign {TO} s3://m/a --expires-in=60")),
        ),
        ("s3_put_object", json!({"bucket": "m", "key": "a", "base64": "aGk="}), None),
        ("bridge_status", json!({}), None),
        ("dynamodb_scan", json!({"table": "t", "cursor": "x"}), None),
    ] {
        assert_eq!(text(Make::tool(tool).asked(parameters), 'a'), wanted, "{tool}");
    }
    let put = Make::tool("dynamodb_put_items").asked(json!({"table": "t", "items": [{"pk": "it's"}]}));
    let wanted = r#"footbridge call dynamodb_put_items '{"table":"t","items":[{"pk":"it'\''s"}]}'"#;
    assert_eq!(text(put, 'f').as_deref(), Some(wanted));
}

#[test]
fn calls_at_the_endpoint_become_curl() {
    let query = Make::operation("dynamodb", "Query").asked(json!({"TableName": "t"}));
    assert_eq!(
        text(query, 'c').as_deref(),
        Some(
            r#"curl -sS http://127.0.0.1:4566/ -H 'content-type: application/x-amz-json-1.0' -H 'x-amz-target: DynamoDB_20120810.Query' --data-raw '{"TableName":"t"}' --aws-sigv4 aws:amz:us-east-1:dynamodb --user test:test"#
        )
    );
    let put = json!({"bucket": "media", "key": "a b/../ü", "query": {"tagging": "", "versionId": "v+1"}, "headers": {"content-type": "text/plain", "content-length": "2"}, "body": "hi"});
    assert_eq!(
        text(Make::operation("s3", "PutObjectTagging").asked(put), 'c').as_deref(),
        Some(
            "curl -sS --path-as-is -X PUT 'http://127.0.0.1:4566/media/a%20b/../%C3%BC?tagging&versionId=v%2B1' -H 'content-type: text/plain' -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --data-raw hi --aws-sigv4 aws:amz:us-east-1:s3 --user test:test"
        )
    );
}

#[test]
fn another_account_has_its_own_key_and_aws_has_a_persons_own() {
    let local = |account: &str| Target::Local { account: Some(account.into()), region: Some("eu-west-1".into()) };
    let list = |target| Make::operation("dynamodb", "ListTables").to(target);
    let command = text(list(local("111122223333")), 'a').unwrap();
    assert!(command.starts_with("AWS_ACCESS_KEY_ID=111122223333 "), "{command}");
    let aws = Target::Aws { account: None, region: Some("eu-west-1".into()) };
    assert_eq!(text(list(aws.clone()), 'a').as_deref(), Some("aws dynamodb list-tables --region=eu-west-1"));
    let curl = text(list(aws), 'c').unwrap();
    assert!(
        curl.contains("https://dynamodb.eu-west-1.amazonaws.com/") && curl.contains("$AWS_SECRET_ACCESS_KEY"),
        "{curl}"
    );
}

#[test]
fn a_call_has_a_key_and_an_arn() {
    let get =
        || Make::operation("s3", "GetObject").on("s3://media/a/b").asked(json!({"bucket": "media", "key": "a/b"}));
    assert_eq!(
        (text(get(), 'k').as_deref(), text(get(), 'r').as_deref()),
        (Some("a/b"), Some("arn:aws:s3:::media/a/b"))
    );
    let item =
        || Make::tool("dynamodb_get_items").on("dynamodb://t").asked(json!({"table": "t", "keys": [{"pk": "a"}]}));
    assert_eq!(text(item(), 'k').as_deref(), Some(r#"{"pk":"a"}"#));
    assert_eq!(text(item(), 'r').as_deref(), Some("arn:aws:dynamodb:us-east-1:000000000000:table/t"));
    let list = || Make::operation("s3", "ListBuckets");
    assert_eq!((text(list(), 'k'), text(list(), 'r')), (None, None));
    assert!(text(list(), 'y').unwrap().contains("\"operation\": \"ListBuckets\""));
}

/// What is offered of a call, by its keys, and why something is not.
fn offered(make: Make) -> (String, Option<&'static str>) {
    let (entries, why) = entries(&make.call(0), Some(LOCAL));
    (entries.iter().map(|entry| entry.key).collect(), why)
}

#[test]
fn a_call_that_is_not_whole_has_no_command() {
    let get = Make::operation("s3", "GetObject").on("s3://m/a").asked(json!({"bucket": "m", "key": "a"}));
    assert_eq!(offered(get.clone()), ("yackr".to_owned(), None));
    assert_eq!(offered(get.partial()), ("ykr".to_owned(), Some(PARTIAL)));
    let put = Make::tool("dynamodb_put_items").on("dynamodb://t").asked(json!({"table": "t", "items": [{"pk": "a"}]}));
    assert_eq!(offered(put.clone()).0, "yafr");
    assert_eq!(offered(put.partial()), ("yr".to_owned(), Some(PARTIAL)));
}

#[test]
fn what_the_cli_would_read_from_elsewhere_is_no_command_of_it() {
    for value in ["file:///etc/passwd", "fileb://x", "http://x", "https://x", "a@=file://x"] {
        for (make, keys) in [
            (Make::operation("s3", "GetObject").asked(json!({"bucket": "m", "key": value})), "yck"),
            (Make::operation("s3", "ListObjectsV2").asked(json!({"bucket": "m", "query": {"prefix": value}})), "yc"),
            (Make::operation("dynamodb", "Scan").asked(json!({"TableName": "t", "FilterExpression": value})), "yc"),
            (Make::tool("s3_get_object").asked(json!({"bucket": "m", "key": value})), "yfk"),
        ] {
            assert_eq!(offered(make), (keys.to_owned(), Some(A_FILE)), "{value}");
        }
    }
    // Within JSON, and through a pipe, it is itself.
    let put = json!({"TableName": "t", "Item": {"pk": {"S": "file:///etc/passwd"}}});
    assert_eq!(offered(Make::operation("dynamodb", "PutItem").asked(put)), ("yac".to_owned(), None));
    let put = json!({"bucket": "m", "key": "a", "body": "https://x"});
    assert_eq!(offered(Make::operation("s3", "PutObject").asked(put)), ("yack".to_owned(), None));
}

#[test]
fn names_of_strangers_do_not_become_options_or_commands() {
    let get = |key: &str| Make::operation("s3", "GetObject").asked(json!({"bucket": "m", "key": key}));
    let command = text(get("-rf"), 'a').unwrap();
    assert_eq!(command, format!("{AWS} s3api get-object {TO} --bucket=m --key=-rf OUTFILE"));
    for name in ["x; touch y", "--debug", "EndpointUrl", "CliInputJson", "NoVerifySsl", ""] {
        let asked = json!({"TableName": "t", name: "v"});
        assert_eq!(text(Make::operation("dynamodb", "Scan").asked(asked), 'a'), None, "{name}");
    }
    let saved = json!({"bucket": "m", "key": "a", "save_to": "-rf"});
    assert!(text(Make::tool("s3_download_object").asked(saved), 'a').unwrap().ends_with(" ./-rf"));
}

#[test]
fn a_body_is_data_to_curl_and_never_a_file() {
    let put = |parameters| text(Make::operation("s3", "PutObject").asked(parameters), 'c').unwrap();
    let command = put(json!({"bucket": "m", "key": "a", "body": "@/etc/passwd"}));
    assert!(
        command.contains(
            "-H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' -H 'content-type: binary/octet-stream' --data-raw @/etc/passwd "
        ),
        "{command}"
    );
    let command = put(json!({"bucket": "m", "key": "a", "headers": {"content-type": "a/b"}}));
    assert!(
        command.contains("-H 'content-type: a/b' -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --data-binary @FILE "),
        "{command}"
    );
}

#[test]
fn the_source_of_a_copy_is_not_encoded_twice() {
    let copy = |source: &str| {
        let asked = json!({"bucket": "m", "key": "b", "headers": {"x-amz-copy-source": source}});
        text(Make::operation("s3", "CopyObject").asked(asked), 'a')
    };
    for (header, wanted) in [
        ("/m/a%20b%2Fc%C3%BC.txt", "'/m/a b/cü.txt'"),
        ("m/a%2Bb%?versionId=v1", "'m/a+b%?versionId=v1'"),
        ("m/%zz%+1", "m/%zz%+1"),
    ] {
        assert_eq!(
            copy(header),
            Some(format!("{AWS} s3api copy-object {TO} --bucket=m --key=b --copy-source={wanted}"))
        );
    }
    assert_eq!((copy("m/a%ff"), copy("m/a%3FversionId=x")), (None, None));
}

#[test]
fn binary_is_for_the_second_version_of_the_cli() {
    let what = |make: Make| entries(&make.call(0), None).0[1].what;
    for (asked, wanted) in [
        (json!({"TableName": "t", "Key": {"pk": {"B": "aGk="}}}), "AWS CLI 2 command"),
        (json!({"TableName": "t", "Key": {"pk": {"S": "aGk="}}}), "AWS CLI command"),
    ] {
        assert_eq!(what(Make::operation("dynamodb", "GetItem").asked(asked)), wanted);
    }
}
