use std::fs;
use std::path::Path;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;

use super::*;
use crate::testing::{self, Footbridge};

struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: &str) {}
    fn advance(&self, _: u64) {}
}

const ORDERS: &str = r#"{"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}"#;

type Files<'f> = &'f [(&'f str, &'f [u8])];

fn write(root: &Path, files: Files<'_>) {
    for (name, content) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

async fn seed(aws: &Footbridge, root: &Path) -> Result<Summary, SeedError> {
    run(&Plan::read(root)?, &Clients::of(aws.config()), &Quiet).await
}

async fn ids(aws: &Footbridge, table: &str) -> Vec<String> {
    let items = aws.dynamodb.scan().table_name(table).send().await.unwrap().items.unwrap();
    let mut ids: Vec<_> = items.iter().map(|item| item["id"].as_n().unwrap().clone()).collect();
    ids.sort();
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_becomes_buckets_and_tables_and_seeding_again_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    write(
        root.path(),
        &[
            ("s3/media/a/logo.svg", b"<svg/>"),
            ("s3/media/notes", b""),
            ("dynamodb/orders.schema.json", ORDERS.as_bytes()),
            ("dynamodb/orders.json", br#"[{"id": 1, "tags": {"$ss": ["a"]}}, {"id": {"N": "2"}}]"#),
            ("dynamodb/lines.schema.json", ORDERS.as_bytes()),
            (
                "dynamodb/lines.ndjson",
                b"{\"id\": 1}\n\n{\"Item\": {\"id\": {\"N\": \"2\"}}}\n{\"id\": 1, \"later\": true}\n",
            ),
            ("dynamodb/rows.schema.json", ORDERS.as_bytes()),
            ("dynamodb/rows.csv", b"id,name,note\n7,\"Tea, black\",\n8,x,y\n"),
        ],
    );
    let aws = testing::start().await.unwrap();
    let clients = Clients::of(aws.config());
    assert!(is_empty(&clients).await.unwrap());
    let first = seed(&aws, root.path()).await.unwrap();
    assert_eq!(first, Summary { buckets: 1, objects: 2, unchanged: 0, tables: 3, items: 7 });
    assert!(!is_empty(&clients).await.unwrap());
    let again = seed(&aws, root.path()).await.unwrap();
    assert_eq!(again, Summary { buckets: 0, objects: 0, unchanged: 2, tables: 0, items: 7 });

    let logo = aws.s3.get_object().bucket("media").key("a/logo.svg").send().await.unwrap();
    assert_eq!(logo.content_type(), Some("image/svg+xml"));
    for (table, expected) in [("orders", ["1", "2"]), ("lines", ["1", "2"]), ("rows", ["7", "8"])] {
        assert_eq!(ids(&aws, table).await, expected, "{table}");
    }
    let get =
        |table, id: &str| aws.dynamodb.get_item().table_name(table).key("id", AttributeValue::N(id.to_owned())).send();
    assert_eq!(get("lines", "1").await.unwrap().item.unwrap()["later"], AttributeValue::Bool(true));
    let row = get("rows", "7").await.unwrap().item.unwrap();
    assert_eq!(row["name"], AttributeValue::S("Tea, black".to_owned()));
    assert!(!row.contains_key("note"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_of_aws_is_read_with_its_manifests() {
    let root = tempfile::tempdir().unwrap();
    let mut data = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    for id in 0..60 {
        std::io::Write::write_all(&mut data, format!("{{\"Item\":{{\"id\":{{\"N\":\"{id}\"}}}}}}\n").as_bytes())
            .unwrap();
    }
    let export = "AWSDynamoDB/01693685827463-2d8752fd";
    let summary = json!({"version": "2020-06-30", "outputFormat": "DYNAMODB_JSON", "exportType": "FULL_EXPORT",
        "tableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/orders", "itemCount": 60});
    let manifest = json!({"itemCount": 60, "dataFileS3Key": format!("exports/{export}/data/asdl123dasas.json.gz")});
    write(
        root.path(),
        &[
            ("dynamodb/orders.schema.json", ORDERS.as_bytes()),
            (&format!("{export}/manifest-summary.json"), summary.to_string().as_bytes()),
            (&format!("{export}/manifest-files.json"), manifest.to_string().as_bytes()),
            (&format!("{export}/data/asdl123dasas.json.gz"), &data.finish().unwrap()),
        ],
    );
    let aws = testing::start().await.unwrap();
    assert_eq!(seed(&aws, root.path()).await.unwrap(), Summary { tables: 1, items: 60, ..Summary::default() });
    assert_eq!(ids(&aws, "orders").await.len(), 60);
    let ion = summary.to_string().replace("DYNAMODB_JSON", "ION");
    write(root.path(), &[(&format!("{export}/manifest-summary.json"), ion.as_bytes())]);
    let error = seed(&aws, root.path()).await.unwrap_err().to_string();
    assert!(error.contains("only DYNAMODB_JSON"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_described_table_is_made_again() {
    let aws = testing::start().await.unwrap();
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &[("dynamodb/orders.schema.json", ORDERS.as_bytes()), ("dynamodb/orders.json", b"[]")]);
    seed(&aws, root.path()).await.unwrap();
    let described = json!({"Table": {"TableName": "orders", "TableStatus": "ACTIVE", "ItemCount": 3,
        "CreationDateTime": "2026-01-01T00:00:00Z", "TableArn": "arn:aws:dynamodb:us-east-1:1:table/orders",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0},
        "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}});
    write(root.path(), &[("dynamodb/copy.schema.json", described.to_string().as_bytes())]);
    assert_eq!(seed(&aws, root.path()).await.unwrap().tables, 1);
    let copy = aws.dynamodb.describe_table().table_name("copy").send().await.unwrap().table.unwrap();
    assert_eq!(copy.billing_mode_summary.unwrap().billing_mode.unwrap().as_str(), "PAY_PER_REQUEST");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_seeded_is_named_with_its_place() {
    let cases: [(Files<'_>, &str); 7] = [
        (&[("readme.txt", b"")], "holds neither"),
        (&[("s3/loose.txt", b"")], "loose.txt: only folders"),
        (&[("dynamodb/orders.xlsx", b"")], "orders.xlsx: is none of"),
        (&[("dynamodb/orders.json", b"[]")], "put orders.schema.json into dynamodb/"),
        (&[("dynamodb/o.schema.json", b"{}"), ("dynamodb/o.json", b"[]")], "making the table o"),
        (
            &[
                ("dynamodb/orders.schema.json", ORDERS.as_bytes()),
                ("dynamodb/orders.ndjson", b"{\"id\": 1}\n{\"id\"\n"),
            ],
            "orders.ndjson:2: ",
        ),
        (
            &[("dynamodb/orders.schema.json", ORDERS.as_bytes()), ("dynamodb/orders.csv", b"id,name\n1\n")],
            "orders.csv:2: ",
        ),
    ];
    for (files, expected) in cases {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), files);
        let aws = testing::start().await.unwrap();
        let error = seed(&aws, root.path()).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_link_out_of_the_folder_is_refused() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &[("s3/media/a", b"a")]);
    std::os::unix::fs::symlink("/etc/hostname", root.path().join("s3/media/b")).unwrap();
    let error = Plan::read(root.path()).unwrap_err().to_string();
    assert!(error.contains("s3/media/b: is a link"), "{error}");
}
