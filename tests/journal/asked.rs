//! What calls touched, as the journal has it: tables, indexes, keys and what IAM asks for them.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, ConditionCheck, KeySchemaElement, KeyType, KeysAndAttributes,
    Put, ScalarAttributeType, TransactWriteItem,
};
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use footbridge::clock::{RandomIds, SystemClock};
use footbridge::config::Offered;
use footbridge::emulator::access::Access;
use footbridge::journal::{Call, EndpointObserver, Join, Limits, Reader, Recorder, Subject};
use footbridge::mcp::{Bridge, Caller, Options};
use serde_json::{Value, json};

use crate::common::Running;

struct Bench {
    _dir: tempfile::TempDir,
    recorder: Recorder,
    running: Running,
}

impl Bench {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let journal = dir.path().join("journal");
        let recorder =
            Recorder::in_dir(journal, Limits::default(), Arc::new(SystemClock), Arc::new(RandomIds)).unwrap();
        let observer = Arc::new(EndpointObserver::new(recorder.clone()));
        let running = Running::observed(&dir.path().join("data"), observer).await;
        Self { _dir: dir, recorder, running }
    }

    fn calls(&self) -> Vec<Call> {
        self.recorder.settle();
        let mut reader = Reader::open(self.recorder.dir()).unwrap();
        let mut join = Join::default();
        std::iter::from_fn(|| reader.next().unwrap()).filter_map(|entry| join.push(entry)).collect()
    }

    /// The one call of this operation at the endpoint: its resources, and what IAM asks of it.
    fn asked(&self, operation: &str) -> (Vec<String>, Vec<String>) {
        let is = |call: &Call| matches!(&call.started.subject, Subject::Operation { operation: known, .. } if known == operation);
        let calls: Vec<Call> = self.calls().into_iter().filter(is).collect();
        let [call] = calls.as_slice() else { panic!("one {operation}: {calls:?}") };
        (call.started.resources.clone(), lines(&call.started.access))
    }

    /// Calls a tool, and gives what IAM asks of the AWS calls that it made.
    async fn tool(&self, tool: &str, arguments: Value) -> BTreeSet<String> {
        let clients = self.running.in_process();
        let local = Options::local(clients.s3, clients.dynamodb);
        let options = Options { recorder: Some(self.recorder.clone()), tools: Offered::all(), ..local };
        let caller = Caller::client("test", "1");
        let arguments = arguments.as_object().cloned().unwrap();
        Bridge::new(options).call(&caller, tool, arguments).await.unwrap();
        let calls = self.calls();
        let made = calls.last().and_then(|call| call.finished.as_ref()).map(|end| &end.aws_calls);
        made.into_iter().flatten().flat_map(|call| lines(&call.access)).collect()
    }
}

fn lines(access: &Access) -> Vec<String> {
    access.iter().flat_map(|(action, of)| of.iter().map(move |resource| format!("{action} {resource}"))).collect()
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

async fn table(client: &aws_sdk_dynamodb::Client, name: &str) {
    client
        .create_table()
        .table_name(name)
        .attribute_definitions(
            AttributeDefinition::builder().attribute_name("pk").attribute_type(ScalarAttributeType::S).build().unwrap(),
        )
        .key_schema(KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build().unwrap())
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn a_call_at_the_endpoint_shows_the_tables_that_its_body_names() {
    let bench = Bench::new().await;
    let dynamodb = bench.running.over_http().dynamodb;
    table(&bench.running.in_process().dynamodb, "orders").await;
    table(&bench.running.in_process().dynamodb, "stock").await;
    dynamodb.get_item().table_name("orders").key("pk", text("a1")).send().await.unwrap();
    let keys = || {
        let keys = KeysAndAttributes::builder().keys([("pk".to_owned(), text("a"))].into());
        keys.build().unwrap()
    };
    let batch = dynamodb.batch_get_item().request_items("stock", keys()).request_items("orders", keys());
    batch.send().await.unwrap();
    let put = Put::builder().table_name("orders").item("pk", text("a")).build().unwrap();
    let check = ConditionCheck::builder().table_name("stock").key("pk", text("b"));
    let check = check.condition_expression("attribute_not_exists(pk)").build().unwrap();
    dynamodb
        .transact_write_items()
        .transact_items(TransactWriteItem::builder().put(put).build())
        .transact_items(TransactWriteItem::builder().condition_check(check).build())
        .send()
        .await
        .unwrap();
    dynamodb.scan().table_name("orders").index_name("by_day").send().await.unwrap_err();
    dynamodb.list_tables().send().await.unwrap();

    let both = vec!["dynamodb://orders".to_owned(), "dynamodb://stock".to_owned()];
    let one = both[..1].to_vec();
    let asks = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(bench.asked("GetItem"), (one.clone(), asks(&["dynamodb:GetItem dynamodb://orders"])));
    let batches = ["dynamodb:BatchGetItem dynamodb://orders", "dynamodb:BatchGetItem dynamodb://stock"];
    assert_eq!(bench.asked("BatchGetItem"), (both.clone(), asks(&batches)));
    let parts = ["dynamodb:ConditionCheckItem dynamodb://stock", "dynamodb:PutItem dynamodb://orders"];
    assert_eq!(bench.asked("TransactWriteItems"), (both, asks(&parts)));
    assert_eq!(bench.asked("Scan"), (one, asks(&["dynamodb:Scan dynamodb://orders/index/by_day"])));
    assert_eq!(bench.asked("ListTables"), (vec![], asks(&["dynamodb:ListTables *"])));
}

#[tokio::test]
async fn a_call_at_the_endpoint_shows_the_keys_that_iam_looks_at() {
    let bench = Bench::new().await;
    let s3 = bench.running.over_http().s3;
    s3.create_bucket().bucket("photos").send().await.unwrap();
    s3.put_object().bucket("photos").key("a b/ü.txt").tagging("x=y").send().await.unwrap();
    s3.copy_object().bucket("photos").key("copy").copy_source("photos/a%20b/%C3%BC.txt").send().await.unwrap();
    let object = |key: &str| ObjectIdentifier::builder().key(key).build().unwrap();
    let delete = Delete::builder().objects(object("copy")).objects(object("a&b")).build().unwrap();
    s3.delete_objects().bucket("photos").delete(delete).send().await.unwrap();
    assert_eq!(
        bench.asked("PutObject").1,
        ["s3:PutObject s3://photos/a b/ü.txt", "s3:PutObjectTagging s3://photos/a b/ü.txt"]
    );
    assert_eq!(
        bench.asked("CopyObject").1,
        [
            "s3:GetObject s3://photos/a b/ü.txt",
            "s3:GetObjectTagging s3://photos/a b/ü.txt",
            "s3:PutObject s3://photos/copy",
            "s3:PutObjectTagging s3://photos/copy",
        ]
    );
    let (resources, asked) = bench.asked("DeleteObjects");
    assert_eq!(asked, ["s3:DeleteObject s3://photos/a&b", "s3:DeleteObject s3://photos/copy"]);
    assert_eq!(resources, ["s3://photos"]);
}

#[tokio::test]
async fn the_aws_calls_of_a_tool_show_what_iam_asks_of_them() {
    let bench = Bench::new().await;
    bench.running.in_process().s3.create_bucket().bucket("photos").send().await.unwrap();
    table(&bench.running.in_process().dynamodb, "orders").await;
    let one = |text: &str| BTreeSet::from([text.to_owned()]);
    let put = json!({"bucket": "photos", "key": "a b/ü+1.txt", "text": "x"});
    assert!(bench.tool("s3_put_object", put).await.contains("s3:PutObject s3://photos/a b/ü+1.txt"));
    let deleted = json!({"bucket": "photos", "keys": ["a b/ü+1.txt"], "confirm": true});
    assert!(bench.tool("s3_delete_objects", deleted).await.contains("s3:DeleteObject s3://photos/a b/ü+1.txt"));
    let slashes = json!({"bucket": "photos", "key": "//a/../b", "text": "x"});
    assert!(bench.tool("s3_put_object", slashes).await.contains("s3:PutObject s3://photos///a/../b"));
    assert_eq!(bench.tool("s3_list_buckets", json!({})).await, one("s3:ListAllMyBuckets *"));
    assert_eq!(bench.tool("dynamodb_scan", json!({"table": "orders"})).await, one("dynamodb:Scan dynamodb://orders"));
    let check = json!({"operations": [{"table": "orders", "put": {"pk": "a"}}]});
    let transaction = bench.tool("dynamodb_transact_write", check).await;
    assert!(transaction.contains("dynamodb:PutItem dynamodb://orders"), "{transaction:?}");
}
