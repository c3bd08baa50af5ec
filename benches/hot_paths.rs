//! What a call costs without a socket or a disk: whole calls through the emulator in memory, and their dearest parts.

#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]

use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use footbridge::emulator::body::{self, Body};
use footbridge::emulator::dynamodb::expression::{Bindings, Condition, ConditionKind};
use footbridge::emulator::dynamodb::number::Number;
use footbridge::emulator::dynamodb::value::item_from_json;
use footbridge::emulator::dynamodb::wording::Wording;
use footbridge::emulator::{Emulator, Location, Options};
use footbridge::json;
use http::{Request, Response};
use serde_json::json;
use tokio::runtime::Runtime;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Keys of the listed bucket; a page shows 100 of them.
const KEYS: usize = 300;

fn benches(criterion: &mut Criterion) {
    calls(criterion).unwrap_or_else(|error| fail(&*error));
    expressions(criterion).unwrap_or_else(|error| fail(&*error));
    numbers(criterion).unwrap_or_else(|error| fail(&*error));
    natural_json(criterion).unwrap_or_else(|error| fail(&*error));
}

fn calls(criterion: &mut Criterion) -> Result<(), Error> {
    let runtime = Runtime::new()?;
    let emulator = runtime.block_on(Emulator::open(Options::at(Location::Memory)))?;
    let call = |request: Request<Bytes>| runtime.block_on(answer(&emulator, request.map(body::full)));
    call(dynamodb(
        "CreateTable",
        &json!({
            "TableName": "bench", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }, { "AttributeName": "sk", "KeyType": "RANGE" }],
            "AttributeDefinitions": [
                { "AttributeName": "pk", "AttributeType": "S" }, { "AttributeName": "sk", "AttributeType": "N" },
            ],
        }),
    )?)?;
    call(s3("PUT", "/listed")?)?;
    for key in 0..KEYS {
        call(s3("PUT", &format!("/listed/folder-{}/key-{key}", key % 10))?)?;
    }
    let item =
        |sk: u32| json!({ "pk": { "S": "user#1" }, "sk": { "N": sk.to_string() }, "text": { "S": "x".repeat(900) } });
    for sk in 0..20 {
        call(dynamodb("PutItem", &json!({ "TableName": "bench", "Item": item(sk) }))?)?;
    }
    let query = json!({
        "TableName": "bench", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": { ":p": { "S": "user#1" } },
    });
    let key = json!({ "pk": { "S": "user#1" }, "sk": { "N": "7" } });
    let requests = [
        ("PutItem of 1 KB", dynamodb("PutItem", &json!({ "TableName": "bench", "Item": item(7) }))?),
        ("GetItem of 1 KB", dynamodb("GetItem", &json!({ "TableName": "bench", "Key": key }))?),
        ("Query of 20 x 1 KB", dynamodb("Query", &query)?),
        ("ListObjectsV2 of 100 keys", s3("GET", "/listed?list-type=2&max-keys=100")?),
        ("ListObjectsV2 of 10 prefixes", s3("GET", "/listed?list-type=2&delimiter=%2F")?),
    ];
    for (name, request) in requests {
        call(request.clone())?;
        criterion.bench_function(name, |bencher| bencher.iter(|| call(black_box(request.clone()))));
    }
    runtime.block_on(emulator.close());
    Ok(())
}

fn expressions(criterion: &mut Criterion) -> Result<(), Error> {
    const TEXT: &str =
        "#s = :s AND (price BETWEEN :low AND :high OR begins_with(tags[0], :t)) AND attribute_exists(a.b)";
    let names = json!({ "#s": "status" });
    let values = json!({ ":s": { "S": "open" }, ":low": { "N": "1" }, ":high": { "N": "99.5" }, ":t": { "S": "x" } });
    let parse = || {
        let mut bindings = Bindings::new(Some(names.clone()), Some(values.clone()), Wording::Plain)?;
        Condition::parse(ConditionKind::Filter, black_box(TEXT), &mut bindings)
    };
    let item = json!({
        "status": { "S": "open" }, "price": { "N": "12.5" }, "tags": { "L": [{ "S": "y" }] },
        "a": { "M": { "b": { "NULL": true } } },
    });
    let item = item_from_json(item, Wording::Plain)?;
    let condition = parse()?;
    assert!(condition.matches(&item));
    criterion.bench_function("filter: parse", |bencher| bencher.iter(parse));
    criterion.bench_function("filter: evaluate", |bencher| bencher.iter(|| condition.matches(black_box(&item))));
    Ok(())
}

fn numbers(criterion: &mut Criterion) -> Result<(), Error> {
    let text = "-1234567890123456789.0123456789012345678";
    let number: Number = text.parse().map_err(|error| format!("{error:?}"))?;
    criterion.bench_function("number: parse", |bencher| bencher.iter(|| black_box(text).parse::<Number>()));
    criterion.bench_function("number: key bytes", |bencher| {
        bencher.iter(|| {
            let mut key = Vec::with_capacity(24);
            black_box(number).encode(&mut key);
            key
        });
    });
    Ok(())
}

fn natural_json(criterion: &mut Criterion) -> Result<(), Error> {
    let natural = json!({
        "pk": "user#1", "sk": 7, "price": 12.5, "exact": { "$n": "12345678901234567890.5" }, "tags": { "$ss": ["a", "b"] },
        "blob": { "$b": "AAECAw==" }, "lines": [{ "sku": "x", "count": 2 }, { "sku": "y", "count": 1 }], "note": null,
    });
    let item = json::to_item(&natural, "item")?;
    assert_eq!(json::from_item(&item)?, natural);
    criterion
        .bench_function("natural JSON: to item", |bencher| bencher.iter(|| json::to_item(black_box(&natural), "item")));
    criterion.bench_function("natural JSON: from item", |bencher| bencher.iter(|| json::from_item(black_box(&item))));
    Ok(())
}

/// The answer's body; an error where it is not 200.
async fn answer(emulator: &Emulator, request: Request<Body>) -> Result<Bytes, Error> {
    let (head, body) = Response::into_parts(emulator.handle(request).await);
    let body = body::read(body, usize::MAX).await?;
    if head.status.is_success() { Ok(body) } else { Err(String::from_utf8_lossy(&body).into()) }
}

fn dynamodb(operation: &str, body: &serde_json::Value) -> Result<Request<Bytes>, Error> {
    let target = format!("DynamoDB_20120810.{operation}");
    let request = request("POST", "/", "dynamodb").header("x-amz-target", target);
    Ok(request.header("content-type", "application/x-amz-json-1.0").body(body.to_string().into())?)
}

fn s3(method: &str, path: &str) -> Result<Request<Bytes>, Error> {
    let request = request(method, path, "s3").header("content-length", "0");
    Ok(request.header("x-amz-content-sha256", "UNSIGNED-PAYLOAD").body(Bytes::new())?)
}

/// With a key that is nobody's, whose signature is not verified.
fn request(method: &str, path: &str, service: &str) -> http::request::Builder {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=AKIAFOOTBRIDGE/20261101/us-east-1/{service}/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature={:064}",
        0
    );
    let request = Request::builder().method(method).uri(path).header("host", "localhost");
    request.header("x-amz-date", "20261101T000000Z").header("authorization", authorization)
}

fn fail(error: &dyn std::error::Error) -> ! {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{error}");
    std::process::exit(1);
}

criterion_group!(group, benches);
criterion_main!(group);
