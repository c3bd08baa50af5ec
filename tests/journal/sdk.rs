//! What SDKs and the AWS CLI ask, as the journal has it: with parameters, bodies and answers, and without secrets.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use footbridge::clock::{RandomIds, SystemClock};
use footbridge::emulator::body::{self, Body};
use footbridge::emulator::call::Asked;
use footbridge::emulator::heard::Heard;
use footbridge::emulator::observer::{CallEnd, CallStart, Observer};
use footbridge::emulator::{Emulator, Location, Options};
use footbridge::journal::{Call, EndpointObserver, Join, Limits, Reader, Recorder};
use footbridge::mcp::{self, Bridge, Caller};
use http::{Request, Response};
use serde_json::{Value, json};

use crate::common::Running;

/// A key that nobody configured: its signature is not looked at.
const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=AKIDSOMEBODY/20260921/us-east-1/SERVICE/aws4_request, \
                      SignedHeaders=host, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024";

struct Bench {
    emulator: Emulator,
    recorder: Recorder,
    /// How many requests were sent.
    sent: AtomicUsize,
}

impl Bench {
    async fn new(body_bytes: usize) -> Self {
        let limits = Limits { body_bytes, ..Limits::default() };
        let recorder = Recorder::temporary(limits, Arc::new(SystemClock), Arc::new(RandomIds)).unwrap();
        let observer = Arc::new(EndpointObserver::new(recorder.clone()));
        let emulator = Emulator::open(Options { observer, ..Options::at(Location::Memory) }).await.unwrap();
        Self { emulator, recorder, sent: AtomicUsize::new(0) }
    }

    /// Sends a request, and gives the answer's status and body.
    async fn send(
        &self,
        service: &str,
        method: &str,
        uri: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> (u16, String) {
        self.sent.fetch_add(1, Ordering::SeqCst);
        let body = body.into();
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header("host", "localhost:4566")
            .header("content-length", body.len())
            .header("authorization", SIGNED.replace("SERVICE", service))
            .header("x-amz-date", "20260921T000000Z")
            .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response: Response<Body> = self.emulator.handle(request.body(body::full(body)).unwrap()).await;
        let status = response.status().as_u16();
        let body = body::read(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    async fn dynamodb(&self, operation: &str, request: Value) -> (u16, String) {
        let target = format!("DynamoDB_20120810.{operation}");
        let headers = [("x-amz-target", &*target), ("content-type", "application/x-amz-json-1.0")];
        self.send("dynamodb", "POST", "/", &headers, request.to_string()).await
    }

    async fn s3(&self, method: &str, uri: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> (u16, String) {
        self.send("s3", method, uri, headers, body).await
    }

    /// Puts a text, and gives the call.
    async fn put(&self, uri: &str, text: &str) -> Call {
        self.s3("PUT", uri, &[("content-type", "text/plain")], text).await;
        self.last()
    }

    async fn table(&self, name: &str) {
        let request = json!({
            "TableName": name, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        });
        assert_eq!(self.dynamodb("CreateTable", request).await.0, 200);
    }

    fn calls(&self) -> Vec<Call> {
        self.recorder.settle();
        let mut reader = Reader::open(self.recorder.dir()).unwrap();
        let mut join = Join::default();
        std::iter::from_fn(|| reader.next().unwrap()).filter_map(|entry| join.push(entry)).collect()
    }

    /// The latest call.
    fn last(&self) -> Call {
        let deadline = Instant::now() + Duration::from_secs(5);
        loop {
            let mut calls = self.calls();
            if calls.len() >= self.sent.load(Ordering::SeqCst) || Instant::now() > deadline {
                return calls.pop().unwrap();
            }
        }
    }

    fn text(&self) -> String {
        self.recorder.settle();
        let files = std::fs::read_dir(self.recorder.dir()).unwrap();
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
    }
}

fn asked(call: &Call) -> (&Value, bool) {
    (&call.started.parameters, call.started.partial)
}

fn answered(call: &Call) -> (&Value, bool) {
    let end = call.finished.as_ref().unwrap();
    (&end.response, end.response_partial)
}

#[tokio::test]
async fn a_put_of_an_sdk_is_as_readable_as_that_of_a_tool() {
    let bench = Bench::new(8 << 10).await;
    bench.table("orders").await;
    let item = json!({
        "pk": {"S": "a1"}, "total": {"N": "12.50"}, "paid": {"BOOL": true}, "password": {"S": "correct horse"},
        "lines": {"L": [{"M": {"sku": {"S": "x-1"}, "count": {"N": "2"}}}]}, "tags": {"SS": ["new", "gift"]},
    });
    let request = json!({"TableName": "orders", "Item": item, "ReturnConsumedCapacity": "TOTAL"});
    assert_eq!(bench.dynamodb("PutItem", request).await.0, 200);
    let by_sdk = bench.last();
    let mut shown = item;
    shown["password"] = json!("[redacted]");
    let expected = json!({"TableName": "orders", "Item": shown, "ReturnConsumedCapacity": "TOTAL"});
    assert_eq!(asked(&by_sdk), (&expected, true));
    let capacity = json!({"ConsumedCapacity": {"TableName": "orders", "CapacityUnits": 1.0}});
    assert_eq!(answered(&by_sdk), (&capacity, false));

    // The same, by a tool.
    let place = tempfile::tempdir().unwrap();
    let running = Running::start(place.path()).await;
    let clients = running.in_process();
    let options =
        mcp::Options { recorder: Some(bench.recorder.clone()), ..mcp::Options::local(clients.s3, clients.dynamodb) };
    let caller = Caller::client("agent", "1");
    let bridge = Bridge::new(options);
    for (tool, arguments) in [
        ("dynamodb_create_table", json!({"table": "orders", "keys": {"pk": "S"}})),
        (
            "dynamodb_put_items",
            json!({"table": "orders", "items": [{
                "pk": "a1", "total": {"$n": "12.50"}, "paid": true, "password": "correct horse",
                "lines": [{"sku": "x-1", "count": 2}], "tags": {"$ss": ["new", "gift"]},
            }]}),
        ),
    ] {
        bridge.call(&caller, tool, arguments.as_object().cloned().unwrap()).await.unwrap();
    }
    let by_tool = bench.last();
    assert_eq!(by_tool.started.resources, by_sdk.started.resources);
    assert_eq!(by_tool.started.parameters["items"][0]["pk"], "a1");
    assert_eq!(by_tool.started.parameters["items"][0]["password"], "[redacted]");
    assert!(by_tool.started.partial);
    running.stop().await;
}

#[tokio::test]
async fn reads_of_dynamodb_are_recorded_with_what_they_found() {
    let bench = Bench::new(8 << 10).await;
    bench.table("orders").await;
    for n in 0..150 {
        let item = json!({"pk": {"S": format!("a{n}")}, "text": {"S": "word ".repeat(100)}});
        bench.dynamodb("PutItem", json!({"TableName": "orders", "Item": item})).await;
    }
    let key = json!({"pk": {"S": "a1"}});
    bench.dynamodb("GetItem", json!({"TableName": "orders", "Key": key})).await;
    let call = bench.last();
    assert_eq!(asked(&call), (&json!({"TableName": "orders", "Key": key}), false));
    assert_eq!(answered(&call).0["Item"]["pk"], json!({"S": "a1"}));
    assert_eq!(call.started.resources, ["dynamodb://orders"]);
    assert_eq!(call.started.access["dynamodb:GetItem"], ["dynamodb://orders".to_owned()].into());

    // Of a long answer, what it says as a whole is there whatever is cut.
    let request = json!({"TableName": "orders", "Limit": 120, "ReturnConsumedCapacity": "TOTAL"});
    bench.dynamodb("Scan", request).await;
    let call = bench.last();
    let (response, partial) = answered(&call);
    assert!(partial);
    assert_eq!((&response["Count"], &response["ScannedCount"]), (&json!(120), &json!(120)));
    assert!(response["LastEvaluatedKey"]["pk"]["S"].is_string() && response["ConsumedCapacity"].is_object());
    let items = response["Items"].as_array().unwrap();
    assert!(items.len() > 10 && items.last().unwrap().as_str().unwrap().ends_with(" more]"), "{}", items.len());
    assert!(response.to_string().len() < 24 << 10);

    bench.dynamodb("GetItem", json!({"TableName": "none", "Key": key})).await;
    let call = bench.last();
    assert!(answered(&call).0["__type"].as_str().unwrap().ends_with("ResourceNotFoundException"));
}

#[tokio::test]
async fn requests_to_s3_are_recorded_by_bucket_key_query_headers_and_text() {
    let bench = Bench::new(8 << 10).await;
    bench.s3("PUT", "/photos", &[], "").await;
    assert_eq!(asked(&bench.last()), (&json!({"bucket": "photos", "headers": {"content-length": "0"}}), false));
    let headers = [
        ("content-type", "text/plain"),
        ("x-amz-meta-Owner", "ada"),
        ("x-amz-meta-owner", "bob"),
        ("if-none-match", "*"),
        ("x-amz-security-token", "IQoJb3JpZ2luX2VjEMv//////////wEaCXVzLWVhc3QtMSJGMEQCIA"),
        ("amz-sdk-invocation-id", "1"),
        ("accept-encoding", "identity"),
    ];
    let put = bench.s3("PUT", "/photos/a%20b/%C3%BC.txt?x-id=PutObject", &headers, "grüße").await;
    assert_eq!(put.0, 200, "{}", put.1);
    let call = bench.last();
    let expected = json!({
        "bucket": "photos", "key": "a b/ü.txt",
        "headers": {
            "content-length": "7", "content-type": "text/plain", "x-amz-meta-owner": "ada, bob", "if-none-match": "*",
        },
        "body": "grüße",
    });
    assert_eq!(asked(&call), (&expected, false));
    assert_eq!(answered(&call).0["headers"]["etag"], format!("\"{:x}\"", md5("grüße".as_bytes())));
    assert_eq!(call.started.access["s3:PutObject"], ["s3://photos/a b/ü.txt".to_owned()].into());

    bench.s3("GET", "/photos/a%20b/%C3%BC.txt", &[("range", "bytes=0-3")], "").await;
    let call = bench.last();
    assert_eq!(call.started.parameters["headers"]["range"], "bytes=0-3");
    let (response, partial) = answered(&call);
    assert_eq!((&response["body"], partial), (&json!("grü"), false));
    assert_eq!(response["headers"]["content-range"], "bytes 0-3/7");

    bench.s3("GET", "/photos?list-type=2&prefix=a%20b/&delimiter=/", &[], "").await;
    let call = bench.last();
    assert_eq!(call.started.parameters["query"], json!({"list-type": "2", "prefix": "a b/", "delimiter": "/"}));
    assert!(answered(&call).0["body"].as_str().unwrap().contains("<ListBucketResult"));

    // No type, and no text: not recorded, and that is said.
    bench.s3("PUT", "/photos/raw", &[], vec![0x89, b'P', b'N', b'G', 0, 0xff]).await;
    let call = bench.last();
    assert_eq!((call.started.parameters.get("body"), call.started.partial), (None, true));
    bench.s3("PUT", "/photos/picture", &[("content-type", "image/png")], "text after all").await;
    assert_eq!((bench.last().started.parameters.get("body"), bench.last().started.partial), (None, true));
    // No type, and text.
    bench.s3("PUT", "/photos/plain", &[], "plain").await;
    assert_eq!(bench.last().started.parameters["body"], "plain");
    bench.s3("GET", "/photos/plain", &[], "").await;
    assert_eq!(answered(&bench.last()).0["body"], "plain");

    let document = "<Delete><Object><Key>plain</Key></Object></Delete>";
    let digest = base64::engine::general_purpose::STANDARD.encode(md5(document.as_bytes()).0);
    assert_eq!(bench.s3("POST", "/photos?delete", &[("content-md5", &digest)], document).await.0, 200);
    let call = bench.last();
    assert_eq!(call.started.parameters["body"], document);
    assert_eq!(call.started.access["s3:DeleteObject"], ["s3://photos/plain".to_owned()].into());
    bench.s3("GET", "/photos/plain", &[], "").await;
    assert!(answered(&bench.last()).0["body"].as_str().unwrap().contains("NoSuchKey"));
}

#[tokio::test]
async fn bodies_are_recorded_up_to_the_limit() {
    const LIMIT: usize = 2000;
    let bench = Bench::new(LIMIT).await;
    bench.s3("PUT", "/photos", &[], "").await;
    bench.table("orders").await;
    for size in [LIMIT - 1, LIMIT, LIMIT + 1] {
        let text: String = "word ".chars().cycle().take(size).collect();
        let shown = if size <= LIMIT { text.clone() } else { format!("{}… [{size} bytes]", &text[..LIMIT]) };
        let partial = size > LIMIT;
        let call = bench.put("/photos/a", &text).await;
        assert_eq!((&call.started.parameters["body"], call.started.partial), (&json!(shown), partial), "{size}");
        bench.s3("GET", "/photos/a", &[], "").await;
        let call = bench.last();
        assert_eq!((&answered(&call).0["body"], answered(&call).1), (&json!(shown), partial), "{size}");
        let item = json!({"pk": {"S": "a"}, "text": {"S": text}});
        bench.dynamodb("PutItem", json!({"TableName": "orders", "Item": item})).await;
        let call = bench.last();
        assert_eq!(call.started.parameters["Item"]["text"]["S"], json!(shown), "{size}");
        assert_eq!(call.started.partial, partial);
    }
    // Nobody reads a body for a bucket that is not there.
    bench.s3("PUT", "/none/a", &[("content-type", "text/plain")], "word").await;
    assert_eq!((bench.last().started.parameters.get("body"), bench.last().started.partial), (None, true));
    // A secret that the cut would split is seen all the same.
    let text = format!("{} password=correct-horse-battery-staple", "word ".repeat(LIMIT / 5 - 3));
    bench.s3("PUT", "/photos/a", &[("content-type", "text/plain")], text).await;
    assert!(!bench.text().contains("correct-h"), "{}", bench.text());
    // Far larger ones take no more.
    let call = bench.put("/photos/a", &"word ".repeat(1 << 20)).await;
    let body = call.started.parameters["body"].as_str().unwrap();
    assert!(body.len() < LIMIT + 40 && body.ends_with("… [5242880 bytes]"), "{body}");
    let items: Vec<Value> = (0..25)
        .map(|n| json!({"PutRequest": {"Item": {"pk": {"S": n.to_string()}, "text": {"S": "x".repeat(300_000)}}}}))
        .collect();
    bench.dynamodb("BatchWriteItem", json!({"RequestItems": {"orders": items}})).await;
    let call = bench.last();
    // Too large for what may wait: its body was let go, and what it is about was not.
    assert!(call.started.partial);
    assert_eq!(call.started.resources, ["dynamodb://orders"]);
    assert!(call.started.parameters.to_string().len() < 24 << 10);
}

#[tokio::test]
async fn without_body_bytes_no_body_is_recorded() {
    let bench = Bench::new(0).await;
    bench.s3("PUT", "/photos", &[], "").await;
    bench.table("orders").await;
    bench.s3("PUT", "/photos/a", &[("content-type", "text/plain")], "hunter2").await;
    let call = bench.last();
    assert_eq!((call.started.parameters.get("body"), call.started.partial), (None, true));
    bench.s3("GET", "/photos/a", &[], "").await;
    let item = json!({"pk": {"S": "a"}, "text": {"S": "hunter2"}});
    bench.dynamodb("PutItem", json!({"TableName": "orders", "Item": item})).await;
    let call = bench.last();
    assert_eq!(call.started.parameters["Item"], json!({"pk": {"S": "[1 bytes]"}, "text": {"S": "[7 bytes]"}}));
    let update = json!({
        "TableName": "orders", "Key": {"pk": {"S": "a"}}, "UpdateExpression": "SET word = :w",
        "ExpressionAttributeValues": {":w": {"S": "hunter2"}},
    });
    bench.dynamodb("UpdateItem", update).await;
    bench.dynamodb("GetItem", json!({"TableName": "orders", "Key": {"pk": {"S": "a"}}})).await;
    assert_eq!(answered(&bench.last()), (&Value::Null, true));
    let document = "<Delete><Object><Key>a</Key></Object></Delete>";
    let digest = base64::engine::general_purpose::STANDARD.encode(md5(document.as_bytes()).0);
    bench.s3("POST", "/photos?delete", &[("content-md5", &digest)], document).await;
    // What it is about is read, as the policy needs it.
    assert_eq!(bench.last().started.access["s3:DeleteObject"], ["s3://photos/a".to_owned()].into());
    assert!(!bench.text().contains("hunter2"), "{}", bench.text());
}

#[tokio::test]
async fn no_secret_of_an_sdk_call_reaches_the_disk() {
    let bench = Bench::new(8 << 10).await;
    bench.s3("PUT", "/photos", &[], "").await;
    bench.table("users").await;
    let token = "IQoJb3JpZ2luX2VjEMv//////////wEaCXVzLWVhc3QtMSJGMEQCIA";
    let customer = "MzJieXRlc2xvbmdzZWNyZXRrZXltdXN0cHJvdmlkZWQ=";
    let headers = [
        ("x-amz-security-token", token),
        ("cookie", "session=hunter2"),
        ("x-amz-server-side-encryption-customer-algorithm", "AES256"),
        ("x-amz-server-side-encryption-customer-key", customer),
        ("x-amz-copy-source-server-side-encryption-customer-key", customer),
        ("x-amz-meta-password", "hunter2"),
        ("x-amz-meta-note", "Bearer hunter2hunter2"),
        ("x-amz-tagging", "api_key=hunter2"),
    ];
    bench.s3("PUT", "/photos/a", &headers, r#"{"db_password": "hunter2"}"#).await;
    assert_eq!(bench.last().started.parameters["headers"]["x-amz-meta-password"], "[redacted]");
    let presigned = format!(
        "/photos/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260921%2Feu-west-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20260921T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Security-Token={token}\
         &X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024&versionId=null\
         &x-amz-server-side-encryption-customer-key={customer}"
    );
    for old in ["", "&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=hunter2&Expires=1"] {
        let request = Request::get(format!("{presigned}{old}")).header("host", "localhost:4566");
        let response = bench.emulator.handle(request.body(body::empty()).unwrap()).await;
        body::read(response.into_body(), usize::MAX).await.unwrap();
        let query = &bench.last().started.parameters["query"];
        assert_eq!(query["versionId"], "null");
        assert_eq!(query.as_object().unwrap().len(), 2, "{query}");
    }
    let update = json!({
        "TableName": "users", "Key": {"pk": {"S": "ada"}}, "UpdateExpression": "SET #p = :w, age = :a",
        "ExpressionAttributeNames": {"#p": "password"},
        "ExpressionAttributeValues": {":w": {"S": "hunter2"}, ":a": {"N": "36"}}, "ReturnValues": "ALL_NEW",
    });
    assert_eq!(bench.dynamodb("UpdateItem", update).await.0, 200);
    let call = bench.last();
    assert!(call.started.partial && answered(&call).1);
    assert_eq!(answered(&call).0["Attributes"]["password"], "[redacted]");
    let batch = json!({"RequestItems": {"users": [{"PutRequest": {"Item": {
        "pk": {"S": "bob"}, "apiKey": {"S": "hunter2"}, "nested": {"M": {"secret": {"S": "hunter2"}}},
        "url": {"S": "https://ada:hunter2@host/"}, "note": {"S": "token=hunter2"},
    }}}]}});
    assert_eq!(bench.dynamodb("BatchWriteItem", batch).await.0, 200);
    bench.dynamodb("Scan", json!({"TableName": "users"})).await;

    let form = |text: &str| text.to_owned();
    let typed = [("content-type", "application/x-www-form-urlencoded")];
    let role = "RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fr&RoleSessionName=session-1";
    let assume = form(&format!("Action=AssumeRole&Version=2011-06-15&{role}&ExternalId=e-1"));
    let (status, answer) = bench.send("sts", "POST", "/", &typed, assume).await;
    assert_eq!(status, 200, "{answer}");
    let call = bench.last();
    assert_eq!(call.started.parameters["RoleArn"], "arn:aws:iam::000000000000:role/r");
    assert_eq!(call.started.resources, ["arn:aws:iam::000000000000:role/r"]);
    assert_eq!(answered(&call), (&Value::Null, true));
    let web = form(&format!(
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&{role}&WebIdentityToken=hunter2.hunter2&TokenCode=123456"
    ));
    bench.send("sts", "POST", "/", &typed, web).await;
    assert_eq!(bench.last().started.parameters["WebIdentityToken"], "[redacted]");
    bench.send("sts", "POST", "/", &typed, form("Action=GetCallerIdentity&Version=2011-06-15")).await;
    assert!(answered(&bench.last()).0["body"].as_str().unwrap().contains("<Account>"));

    let text = bench.text();
    let secret = |tag: &str| answer.split(&format!("<{tag}>")).nth(1).unwrap().split('<').next().unwrap().to_owned();
    for secret in [
        "hunter2",
        token,
        customer,
        "fe5f80f7",
        "AKIDSOMEBODY",
        "AKIAIOSFODNN7EXAMPLE",
        "123456\"",
        &secret("SecretAccessKey"),
        &secret("SessionToken"),
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[tokio::test]
async fn a_request_that_is_refused_at_the_door_is_recorded_without_its_body() {
    let bench = Bench::new(8 << 10).await;
    let request = Request::post("/")
        .header("host", "localhost:4566")
        .header("content-length", 40)
        .header("x-amz-target", "DynamoDB_20120810.PutItem")
        .body(body::full(r#"{"TableName":"orders","Item":"hunter2"}"#))
        .unwrap();
    bench.emulator.handle(request).await;
    let call = bench.last();
    assert_eq!((asked(&call), call.started.resources.len()), ((&Value::Null, true), 0));
    assert_eq!(call.name(), "PutItem");
}

/// The MD5 of these bytes.
fn md5(bytes: &[u8]) -> Digest {
    use md5::Digest as _;
    Digest(md5::Md5::digest(bytes).into())
}

struct Digest([u8; 16]);

impl std::fmt::LowerHex for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[test]
fn an_answer_at_the_door_repeats_no_secret() {
    let token = "IQoJb3JpZ2luX2VjEMv//////////wEaCXVzLWVhc3QtMSJGMEQCIA";
    let xml = format!(
        "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>hunter2</StringToSign><CanonicalRequest>PUT\n\
         x-amz-server-side-encryption-customer-key:hunter2\nx-amz-security-token:{token}</CanonicalRequest>\
         <CanonicalRequestBytes>50 55 54 hunter2</CanonicalRequestBytes></Error>"
    );
    let recorder = Recorder::temporary(Limits::default(), Arc::new(SystemClock), Arc::new(RandomIds)).unwrap();
    let observer = EndpointObserver::new(recorder.clone());
    for (admitted, shown) in [(false, false), (true, true)] {
        for asked in [Asked::DynamoDb("GetItem"), Asked::Sts(String::new())] {
            let is_json = matches!(asked, Asked::DynamoDb(_));
            let call = CallStart {
                id: uuid::Uuid::new_v4(),
                at: std::time::SystemTime::UNIX_EPOCH,
                asked,
                admitted,
                signed: footbridge::emulator::auth::Signed::Header,
                account: "000000000000".into(),
                region: "us-east-1".into(),
                user_agent: None,
                bytes_in: None,
            };
            let call = Arc::new(call);
            let body =
                if is_json { json!({"message": "hunter3"}).to_string() } else { xml.replace("hunter2", "hunter3") };
            let body = if admitted { body } else { body.replace("hunter3", "hunter2") };
            observer.started(&call, Heard::Nothing);
            let end = CallEnd { status: 403, body: Heard::Whole(body.into()), ..CallEnd::default() };
            observer.finished(&call, end);
        }
        recorder.settle();
        let files = std::fs::read_dir(recorder.dir()).unwrap();
        let text: String = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        assert!(!text.contains("hunter2"), "{text}");
        assert_eq!(text.contains("hunter3"), shown, "{text}");
    }
}

#[tokio::test]
async fn a_piece_that_begins_within_an_object_is_not_recorded() {
    let bench = Bench::new(8 << 10).await;
    bench.s3("PUT", "/photos", &[], "").await;
    bench.s3("PUT", "/photos/a", &[("content-type", "image/png")], "password=hunter2").await;
    bench.s3("GET", "/photos/a", &[("range", "bytes=9-")], "").await;
    let call = bench.last();
    assert_eq!((answered(&call).0.get("body"), answered(&call).1), (None, true));
    bench.s3("GET", "/photos/a", &[("range", "bytes=-7")], "").await;
    let begun = bench.s3("POST", "/photos/b?uploads", &[], "").await.1;
    let upload = begun.split("<UploadId>").nth(1).unwrap().split('<').next().unwrap();
    for part in ["1", "2"] {
        let text = if part == "1" { "begins" } else { "hunter2" };
        let uri = format!("/photos/b?partNumber={part}&uploadId={upload}");
        assert_eq!(bench.s3("PUT", &uri, &[], text).await.0, 200);
        let call = bench.last();
        assert_eq!((call.started.parameters.get("body").is_some(), call.started.partial), (part == "1", part != "1"));
    }
    assert!(!bench.text().contains("hunter2"), "{}", bench.text());
}
