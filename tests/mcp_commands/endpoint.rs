//! `replay` and `diff` of what SDKs and the CLI asked at the endpoint.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::replay::{compared, program, verdicts};

/// A call as `journal tail --json` prints it.
fn call(service: &str, operation: &str, parameters: Value, response: Value) -> Value {
    let mut call = json!({
        "at": 1, "file": "f", "pid": 1, "who": {"kind": "endpoint", "user_agent": "Boto3/1.44.5"},
        "target": {"kind": "local", "region": "us-east-1"}, "service": service, "operation": operation,
        "outcome": {"status": "ok"}, "ms": 1.0, "http_status": 200,
    });
    call["parameters"] = parameters;
    call["response"] = response;
    call
}

fn dynamodb(operation: &str, parameters: Value) -> Value {
    call("dynamodb", operation, parameters, Value::Null)
}

fn s3(operation: &str, parameters: Value, response: Value) -> Value {
    call("s3", operation, parameters, response)
}

/// A journal of these calls, whose ids count from one.
fn journal(directory: &Path, calls: &[Value]) -> PathBuf {
    let path = directory.join("session.ndjson");
    let mut text = String::new();
    for (number, call) in calls.iter().enumerate() {
        let mut call = call.clone();
        call["id"] = json!(Uuid::from_u128(number as u128 + 1));
        call["at"] = json!(number + 1);
        text += &call.to_string();
        text.push('\n');
    }
    std::fs::write(&path, text).unwrap();
    path
}

/// Everything that a client does, with the ids that a first run gave.
fn session() -> Vec<Value> {
    let mut all = items();
    all.extend(objects());
    all
}

fn items() -> Vec<Value> {
    let key = json!({"pk": {"S": "a1"}});
    let stream = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2020-01-01T00:00:00.000";
    vec![
        call(
            "dynamodb",
            "CreateTable",
            json!({
                "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
            }),
            Value::Null,
        ),
        dynamodb(
            "PutItem",
            json!({"TableName": "orders", "Item": {"pk": {"S": "a1"}, "n": {"N": "1"}, "s": {"SS": ["x", "y"]}}}),
        ),
        dynamodb(
            "PutItem",
            json!({"TableName": "orders", "Item": {"pk": {"S": "a2"}}, "ReturnConsumedCapacity": "TOTAL"}),
        ),
        dynamodb("GetItem", json!({"TableName": "orders", "Key": key})),
        dynamodb(
            "Query",
            json!({
                "TableName": "orders", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "a1"}},
            }),
        ),
        dynamodb("Scan", json!({"TableName": "orders"})),
        dynamodb(
            "BatchGetItem",
            json!({"RequestItems": {"orders": {"Keys": [{"pk": {"S": "a1"}}, {"pk": {"S": "a2"}}]}}}),
        ),
        call(
            "dynamodb",
            "ListStreams",
            json!({"TableName": "orders"}),
            json!({"Streams": [{"StreamArn": stream, "StreamLabel": "x", "TableName": "orders"}]}),
        ),
        dynamodb("DescribeStream", json!({"StreamArn": stream})),
        dynamodb(
            "DeleteItem",
            json!({"TableName": "orders", "Key": {"pk": {"S": "none"}}, "ConditionExpression": "attribute_exists(pk)"}),
        ),
    ]
}

fn objects() -> Vec<Value> {
    // An answer to HEAD has no code.
    let mut missing = s3("HeadObject", json!({"bucket": "media", "key": "none"}), Value::Null);
    missing["outcome"] =
        json!({"status": "error", "code": "NoSuchKey", "message": "The specified key does not exist."});
    missing["http_status"] = json!(404);
    let object = |more: Value| {
        let mut all = json!({"bucket": "media", "key": "a b/ö.txt"});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let versioned =
        |id: &str| json!({"headers": {"x-amz-version-id": id, "etag": "\"5d41402abc4b2a76b9719d911017c592\""}});
    vec![
        s3("CreateBucket", json!({"bucket": "media"}), Value::Null),
        s3(
            "PutBucketVersioning",
            json!({
                "bucket": "media", "query": {"versioning": ""},
                "body": "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>Enabled</Status></VersioningConfiguration>",
            }),
            Value::Null,
        ),
        // An SDK that frames what it sends and puts the checksum behind it.
        s3(
            "PutObject",
            object(json!({
                "headers": {"content-type": "text/plain", "content-length": "5", "content-encoding": "aws-chunked", "x-amz-sdk-checksum-algorithm": "CRC32", "x-amz-meta-a": "b"},
                "body": "hello",
            })),
            versioned("v1"),
        ),
        s3(
            "PutObject",
            object(json!({"headers": {"content-type": "text/plain", "content-length": "3"}, "body": "bye"})),
            json!({"headers": {"x-amz-version-id": "v2"}}),
        ),
        s3(
            "GetObject",
            object(
                json!({"query": {"versionId": "v1"}, "headers": {"range": "bytes=1-2", "x-amz-checksum-mode": "ENABLED"}}),
            ),
            Value::Null,
        ),
        s3("HeadObject", object(json!({})), Value::Null),
        s3(
            "CopyObject",
            json!({"bucket": "media", "key": "copy", "headers": {"x-amz-copy-source": "media/a%20b/%C3%B6.txt?versionId=v1"}}),
            Value::Null,
        ),
        s3(
            "ListObjectsV2",
            json!({"bucket": "media", "query": {"list-type": "2", "prefix": "a b", "delimiter": "/"}}),
            Value::Null,
        ),
        s3("ListObjectVersions", json!({"bucket": "media", "query": {"versions": ""}}), Value::Null),
        s3(
            "CreateMultipartUpload",
            json!({"bucket": "media", "key": "parts", "query": {"uploads": ""}}),
            json!({"body": "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"}),
        ),
        s3(
            "UploadPart",
            json!({"bucket": "media", "key": "parts", "query": {"partNumber": "1", "uploadId": "u1"}, "body": "part"}),
            Value::Null,
        ),
        s3(
            "CompleteMultipartUpload",
            json!({
                "bucket": "media", "key": "parts", "query": {"uploadId": "u1"},
                "body": "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>f4c9385f1902f7334b00b9b4ecd164de</ETag></Part></CompleteMultipartUpload>",
            }),
            Value::Null,
        ),
        s3(
            "DeleteObjects",
            json!({
                "bucket": "media", "query": {"delete": ""}, "headers": {"content-md5": "made for the recorded ids"},
                "body": "<Delete><Object><Key>a b/ö.txt</Key><VersionId>v2</VersionId></Object></Delete>",
            }),
            Value::Null,
        ),
        s3("GetObject", json!({"bucket": "media", "key": "none"}), Value::Null),
        missing,
        s3("ListBuckets", Value::Null, Value::Null),
        call("sts", "GetCallerIdentity", json!({"Action": "GetCallerIdentity", "Version": "2011-06-15"}), Value::Null),
    ]
}

#[test]
fn what_clients_did_gives_the_same_answers_again() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let session = session();
    let recorded = journal(here, &session);
    // Against the answers that the journal has: few, and they agree but for the errors that it does not know.
    let (_, steps, ..) = compared(here, &["replay", recorded.to_str().unwrap(), "--record", "first"]);
    assert_eq!(verdicts(&steps, "not_replayed"), Vec::<&Value>::new());
    let names: Vec<_> = verdicts(&steps, "differs").iter().map(|step| step["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["DeleteItem", "PutObject", "PutObject", "CreateMultipartUpload", "GetObject"], "{steps:#?}");
    assert!(steps[9]["differences"][0]["right"].as_str().unwrap().starts_with("ConditionalCheckFailedException"));
    // Against what came then, with other ids and times.
    let all = session.len();
    for arguments in [&["replay", "first", "--record", "second"][..], &["diff", "first", "second"]] {
        let (code, steps, summary, said) = compared(here, arguments);
        let others: Vec<_> = steps.iter().filter(|step| step["verdict"] != "same").collect();
        assert_eq!((code, &summary["summary"]["same"]), (Some(0), &json!(all)), "{arguments:?} {others:#?}{said}");
    }
    // The ids of the first run led to what they named.
    let of = |name: &str| -> Vec<Value> {
        let output = program(here, &["journal", "policy", "first", "--json"]).output().unwrap();
        assert!(output.status.success());
        let path = std::fs::read_dir(here.join("first")).unwrap().next().unwrap().unwrap().path();
        let lines = std::fs::read_to_string(path).unwrap();
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: Vec<_> =
            lines.iter().filter(|line| line["operation"] == name).map(|line| line["id"].clone()).collect();
        lines.into_iter().filter(|line| line["event"] == "finished" && ids.contains(&line["id"])).collect()
    };
    assert_eq!(of("GetObject")[0]["response"]["body"], "el");
    assert_eq!(of("HeadObject")[0]["response"]["headers"]["content-length"], "3");
    assert!(of("DeleteObjects")[0]["response"]["body"].as_str().unwrap().contains("<Deleted>"));
}

#[test]
fn a_call_that_is_not_whole_in_the_journal_is_left_out_and_that_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let mut cut = dynamodb("PutItem", json!({"TableName": "t", "Item": {"pk": {"S": "aaa… [9000 bytes]"}}}));
    cut["partial"] = json!(true);
    let short = s3("PutObject", json!({"bucket": "b", "key": "k", "headers": {"content-length": "9"}}), Value::Null);
    let mut older = dynamodb("GetItem", Value::Null);
    older["resources"] = json!(["dynamodb://t"]);
    let mut unsigned = s3("ListBuckets", Value::Null, Value::Null);
    unsigned["outcome"] = json!({"status": "error", "code": "SignatureDoesNotMatch", "message": ""});
    let form = s3("PostObject", json!({"bucket": "b"}), Value::Null);
    let path = journal(here, &[cut, short, older, unsigned, form]);
    let arguments = ["replay", path.to_str().unwrap()];
    let (code, steps, summary, _) = compared(here, &arguments);
    let codes: Vec<_> = steps.iter().map(|step| step["reason"]["code"].as_str().unwrap()).collect();
    assert_eq!((code, codes), (Some(0), vec!["partial", "partial", "endpoint", "not_admitted", "form"]), "{steps:#?}");
    assert_eq!((&summary["summary"]["not_replayed"], &summary["summary"]["partial"]), (&json!(5), &json!(3)));
    let text = String::from_utf8(program(here, &arguments).output().unwrap().stdout).unwrap();
    for part in [
        "1 - PutItem t pk=aaa… · written  its headers or its body are cut or redacted in the journal",
        "3 - GetItem t · ok  only its name is recorded",
        "5 not replayed",
        "(3 not replayed, since not all that was sent is in the journal; 2 not replayed, since nobody signed them who was let in)",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

/// A journal may come from anybody: what it calls a read has to be one.
#[test]
fn a_call_is_what_the_journal_calls_it_or_it_is_not_made() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let calls = [
        s3("GetObject", json!({"bucket": "b", "key": "k", "query": {"acl": ""}}), Value::Null),
        s3("GetObject", json!({"bucket": "b"}), Value::Null),
        s3("ListObjectsV2", json!({"bucket": "b", "query": {"delete": ""}}), Value::Null),
        s3("PutObject", json!({"bucket": "b", "key": "k", "headers": {"x-amz-copy-source": "b/other"}}), Value::Null),
        s3("GetObject", json!({"bucket": "b", "key": "k", "headers": {"range": "a\r\nb: c"}}), Value::Null),
        dynamodb("Frobnicate", json!({"TableName": "t"})),
        call("sts", "GetCallerIdentity", json!({"Action": "AssumeRole"}), Value::Null),
        call("sqs", "SendMessage", json!({}), Value::Null),
    ];
    let path = journal(here, &calls);
    let (_, mut steps, last, _) = compared(here, &["replay", path.to_str().unwrap(), "--dry-run"]);
    steps.push(last);
    let made: Vec<_> = steps.iter().filter(|step| !step["effect"].is_null()).collect();
    assert_eq!((made, steps.len()), (Vec::<&Value>::new(), calls.len()), "{steps:#?}");
}

#[test]
fn writes_of_clients_wait_for_the_same_word_as_those_of_tools() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let path = journal(here, &session());
    // Takes connections, and answers none.
    let endpoint = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    endpoint.set_nonblocking(true).unwrap();
    let url = format!("http://{}", endpoint.local_addr().unwrap());
    let arguments =
        ["replay", path.to_str().unwrap(), "--backend", "aws", "--endpoint-url", &url, "--region", "us-east-1"];
    let mut command = program(here, &arguments);
    let output = command.envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("This makes 13 writes on CUSTOM"), "{said}");
    assert!(said.contains("deletes of tables, buckets or many at once: 1 DeleteObjects"), "{said}");
    assert_eq!(endpoint.accept().map(|_| ()).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    // Nobody's word is needed for reads.
    let (_, steps, ..) = compared(here, &["replay", path.to_str().unwrap(), "--mode", "read-only"]);
    let made = |effect: &str| {
        let of = steps.iter().filter(|step| step["brief"]["effect"] == effect);
        of.filter(|step| step["verdict"] != "not_replayed").count()
    };
    assert_eq!((made("write"), made("destroy")), (0, 0), "{steps:#?}");
    assert!(made("read") > 8, "{steps:#?}");
}

/// Sends a request as it stands, and gives the status of the answer.
#[cfg(unix)]
fn send(endpoint: &str, method: &str, target: &str, body: &str) -> u16 {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(endpoint).unwrap();
    let length = body.len();
    let head = format!("{method} {target} HTTP/1.1\r\nhost: {endpoint}\r\ncontent-length: {length}\r\n");
    stream.write_all(format!("{head}connection: close\r\n\r\n{body}").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

/// With our credentials, what somebody without any tried in vain would be done.
#[cfg(unix)]
#[test]
fn what_no_signed_caller_was_let_in_for_is_not_made_with_our_signature() {
    use std::io::BufRead;
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let tool = |data: &str, name: &str, arguments: Value| -> Value {
        let output = program(here, &["call", name, &arguments.to_string(), "--data-dir", data]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    for data in ["recorded", "other"] {
        tool(data, "s3_create_bucket", json!({"bucket": "bkt1"}));
        tool(data, "s3_put_object", json!({"bucket": "bkt1", "key": "precious", "text": "gold"}));
    }
    let mut command = program(here, &["serve", "--json", "--listen", "0", "--data-dir", "recorded"]);
    let mut server = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    std::io::BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    let endpoint = said["endpoint"].as_str().unwrap().strip_prefix("http://").unwrap();
    assert_eq!(send(endpoint, "DELETE", "/bkt1/precious", ""), 403);
    let wrong = "AWSAccessKeyId=test&Expires=1&Signature=AAAA";
    assert_eq!(send(endpoint, "DELETE", &format!("/bkt1/precious?{wrong}"), ""), 403);
    let url = tool("recorded", "s3_presign_url", json!({"bucket": "bkt1", "key": "precious", "method": "PUT"}));
    let (_, target) = url["url"].as_str().unwrap().split_once("/bkt1/").unwrap();
    assert_eq!(send(endpoint, "PUT", &format!("/bkt1/{target}"), "lead"), 200);
    let pid = rustix::process::Pid::from_child(&server);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(server.wait().unwrap().success());
    let session = server.id().to_string();
    let arguments = ["replay", "recorded", "--session", &session, "--data-dir", "other"];
    let (code, steps, summary, said) = compared(here, &arguments);
    let codes: Vec<_> = steps.iter().map(|step| step["reason"]["code"].as_str().unwrap_or("made")).collect();
    assert_eq!((code, codes), (Some(0), vec!["not_admitted", "not_admitted", "presigned"]), "{steps:#?}{said}");
    assert_eq!(summary["summary"]["not_admitted"], 3);
    assert_eq!(tool("other", "s3_get_object", json!({"bucket": "bkt1", "key": "precious"}))["text"], "gold");
}

/// The right to do something was its caller's, whatever came of it; older records know what came of it, and no more.
#[test]
fn a_call_is_made_only_where_its_caller_signed_it_and_was_let_in() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let asked = |admission: Value, status: u16, code: &str, message: &str| {
        let mut call = s3("DeleteObject", json!({"bucket": "b", "key": "k"}), Value::Null);
        if !admission.is_null() {
            call["admission"] = admission;
        }
        if !code.is_empty() {
            call["outcome"] = json!({"status": "error", "code": code, "message": message});
        }
        call["http_status"] = json!(status);
        call
    };
    let rows = [
        (asked(json!("signed"), 204, "", ""), "write"),
        (asked(json!("signed"), 404, "NoSuchBucket", ""), "write"),
        (asked(Value::Null, 204, "", ""), "write"),
        (asked(json!("unsigned"), 204, "", ""), "unsigned"),
        (asked(json!("presigned"), 204, "", ""), "presigned"),
        (asked(json!("refused"), 400, "InvalidArgument", ""), "not_admitted"),
        (asked(json!("of a later version"), 204, "", ""), "not_admitted"),
        (asked(json!("signed"), 403, "AccessDenied", ""), "not_admitted"),
        (asked(Value::Null, 403, "AccessDenied", ""), "not_admitted"),
        (asked(Value::Null, 403, "403", ""), "not_admitted"),
        (asked(Value::Null, 400, "XAmzContentSHA256Mismatch", ""), "not_admitted"),
        (
            asked(Value::Null, 400, "InvalidRequest", "Missing required header for this request: Content-MD5"),
            "not_admitted",
        ),
    ];
    let calls: Vec<_> = rows.iter().map(|(call, _)| call.clone()).collect();
    let path = journal(here, &calls);
    let (_, mut steps, last, _) = compared(here, &["replay", path.to_str().unwrap(), "--dry-run"]);
    steps.push(last);
    for ((call, wanted), step) in rows.iter().zip(&steps) {
        let found = step["effect"].as_str().or_else(|| step["reason"]["code"].as_str());
        assert_eq!(found, Some(*wanted), "{call} {step}");
    }
}

/// The same name is another table in another region, and in another account.
#[test]
fn each_call_is_made_in_its_own_region_and_none_of_another_account() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let places = [("000000000000", "us-east-1"), ("000000000000", "eu-west-1"), ("111122223333", "us-east-1")];
    let in_each = |of: &dyn Fn(&str) -> Value| -> Vec<Value> {
        let calls = places.iter().map(|(account, region)| {
            let mut call = of(&format!("{account} {region}"));
            call["target"] = json!({"kind": "local", "account": account, "region": region});
            call
        });
        calls.collect()
    };
    let table = json!({
        "TableName": "table", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    });
    let mut calls = in_each(&|_| dynamodb("CreateTable", table.clone()));
    let item = |place: &str| json!({"pk": {"S": "a"}, "of": {"S": place}});
    calls.extend(in_each(&|place| dynamodb("PutItem", json!({"TableName": "table", "Item": item(place)}))));
    let get = json!({"TableName": "table", "Key": {"pk": {"S": "a"}}});
    calls.extend(in_each(&|place| call("dynamodb", "GetItem", get.clone(), json!({"Item": item(place)}))));
    let path = journal(here, &calls);
    let (code, steps, summary, said) = compared(here, &["replay", path.to_str().unwrap(), "--record", "first"]);
    let found = |step: &Value| step["reason"]["code"].as_str().or(step["verdict"].as_str()).unwrap().to_owned();
    let found: Vec<_> = steps.iter().map(found).collect();
    assert_eq!(
        (code, found),
        (Some(0), ["same", "same", "other_account"].repeat(3).iter().map(ToString::to_string).collect()),
        "{steps:#?}{said}"
    );
    assert_eq!((&summary["summary"]["not_replayed"], &summary["summary"]["elsewhere"]), (&json!(3), &json!(3)));
    // What was made again says where.
    let (code, _, summary, _) = compared(here, &["replay", "first"]);
    assert_eq!((code, &summary["summary"]["same"]), (Some(0), &json!(6)));
    // Away from here there is one region.
    let arguments = ["--backend", "aws", "--endpoint-url", "http://127.0.0.1:9", "--region", "eu-west-1", "--dry-run"];
    let output = program(here, &[&["replay", path.to_str().unwrap(), "--json"], &arguments[..]].concat())
        .envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let step: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(step["reason"]["code"], "other_region", "{text}");
    let text = step["reason"]["text"].as_str().unwrap();
    assert_eq!(text, "was made in us-east-1, and this is eu-west-1 (--region us-east-1 makes it)");
}

#[test]
fn a_tool_call_that_asks_wrongly_is_still_what_its_tool_is() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let rows = [
        ("dynamodb_put_items", "write"),
        ("dynamodb_delete_table", "destructive"),
        ("s3_put_object", "write"),
        ("s3_get_object", "read"),
        ("dynamodb_query", "read"),
    ];
    let calls: Vec<_> = rows
        .iter()
        .map(|(tool, _)| {
            json!({
                "at": 1, "file": "f", "pid": 1, "who": {"kind": "mcp"}, "target": {"kind": "local"}, "tool": tool,
                "parameters": {"nonsense": 1}, "ms": 1.0,
                "outcome": {"status": "error", "code": "invalid_arguments", "message": "unknown field nonsense"},
            })
        })
        .collect();
    let path = journal(here, &calls);
    let (_, mut steps, last, _) = compared(here, &["replay", path.to_str().unwrap(), "--dry-run"]);
    steps.push(last);
    let found: Vec<_> = steps.iter().map(|step| step["effect"].as_str().unwrap_or("none")).collect();
    assert_eq!(found, rows.iter().map(|(_, effect)| *effect).collect::<Vec<_>>());
}
