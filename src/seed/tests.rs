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
    assert_eq!(first, Summary { buckets: 1, objects: 2, tables: 3, items: 7, ..Summary::default() });
    assert!(!is_empty(&clients).await.unwrap());
    let again = seed(&aws, root.path()).await.unwrap();
    assert_eq!(again, Summary { unchanged: 2, items: 7, ..Summary::default() });

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

/// A table of one key as CreateTable takes it, without a word of what it is to cost.
const BARE: &str = r#""AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]"#;

async fn described(aws: &Footbridge, table: &str) -> aws_sdk_dynamodb::types::TableDescription {
    aws.dynamodb.describe_table().table_name(table).send().await.unwrap().table.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_a_schema_without_a_billing_mode_means_on_demand() {
    let template = format!(
        r#"{{"Type": "AWS::DynamoDB::Table", "Properties": {{"TableName": {{"Fn::Sub": "${{Stage}}"}}, {BARE},
            "StreamSpecification": {{"StreamViewType": "NEW_IMAGE"}},
            "TimeToLiveSpecification": {{"AttributeName": "ends", "Enabled": true}},
            "PointInTimeRecoverySpecification": {{"PointInTimeRecoveryEnabled": true}}}}}}"#
    );
    let another = r#"{"Type": "AWS::DynamoDB::Table", "Properties": {}}"#;
    let bucket = r#"{"Type": "AWS::S3::Bucket"}"#;
    let forms = [
        ("request", format!("{{{BARE}}}")),
        ("skeleton", format!(r#"{{"TableName": "", {BARE}, "TimeToLiveSpecification": {{"AttributeName": "ends"}}}}"#)),
        ("wrapped", format!(r#"{{"Table": {{{BARE}, "TableStatus": "ACTIVE", "ItemCount": 3}}}}"#)),
        ("created", format!(r#"{{"TableDescription": {{{BARE}, "TableStatus": "CREATING"}}}}"#)),
        ("alone", format!(r#"{{{BARE}, "TableArn": "arn:aws:dynamodb:us-east-1:1:table/x", "ItemCount": 0}}"#)),
        ("resource", template.clone()),
        ("template", format!(r#"{{"Resources": {{"Files": {bucket}, "Orders": {template}}}}}"#)),
        ("serverless", format!(r#"{{"resources": {{"Resources": {{"a": {another}, "serverless": {template}}}}}}}"#)),
    ];
    let root = tempfile::tempdir().unwrap();
    for (table, schema) in &forms {
        write(root.path(), &[(&format!("dynamodb/{table}.schema.json"), schema.as_bytes())]);
    }
    let aws = testing::start().await.unwrap();
    let summary = seed(&aws, root.path()).await.unwrap();
    assert_eq!(summary.tables, forms.len() as u64);
    for (table, _) in &forms {
        let made = described(&aws, table).await;
        assert_eq!(made.billing_mode_summary.unwrap().billing_mode.unwrap().as_str(), "PAY_PER_REQUEST", "{table}");
        let is_template = ["resource", "template", "serverless"].contains(table);
        let view = made.stream_specification.map(|stream| stream.stream_view_type.unwrap().as_str().to_owned());
        assert_eq!(view.as_deref(), is_template.then_some("NEW_IMAGE"), "{table}");
        let expiry = aws.dynamodb.describe_time_to_live().table_name(*table).send().await.unwrap();
        let expiry = expiry.time_to_live_description.unwrap().attribute_name;
        assert_eq!(expiry.as_deref(), (is_template || *table == "skeleton").then_some("ends"), "{table}");
    }
    let left_out =
        |table: &str| summary.left_out.iter().find_map(|line| line.split_once(&format!("{table}.schema.json: ")));
    assert_eq!(left_out("wrapped").unwrap().1, "TableStatus, ItemCount");
    assert_eq!(left_out("template").unwrap().1, "PointInTimeRecoverySpecification");
    assert!(left_out("request").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_with_throughput_and_a_description_with_none_keep_what_they_say() {
    let root = tempfile::tempdir().unwrap();
    let units =
        |read| format!(r#""ProvisionedThroughput": {{"ReadCapacityUnits": {read}, "WriteCapacityUnits": {read}}}"#);
    write(
        root.path(),
        &[
            ("dynamodb/provisioned.schema.json", format!("{{{BARE}, {}}}", units(5)).as_bytes()),
            ("dynamodb/copy.schema.json", format!(r#"{{"Table": {{{BARE}, {}}}}}"#, units(5)).as_bytes()),
            ("dynamodb/free.schema.json", format!(r#"{{"Table": {{{BARE}, {}}}}}"#, units(0)).as_bytes()),
        ],
    );
    let aws = testing::start().await.unwrap();
    seed(&aws, root.path()).await.unwrap();
    for (table, units) in [("provisioned", 5), ("copy", 5), ("free", 0)] {
        let made = described(&aws, table).await;
        assert_eq!(made.provisioned_throughput.unwrap().read_capacity_units, Some(units), "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn items_come_from_what_the_cli_prints_and_takes() {
    let root = tempfile::tempdir().unwrap();
    let scan = br#"{"Items": [{"id": {"N": "1"}}], "Count": 1, "ScannedCount": 1, "ConsumedCapacity": null}"#;
    let requests = br#"{"other": [{"PutRequest": {"Item": {"id": {"N": "1"}}}}]}"#;
    for table in ["scan", "requests", "marked", "marked-lines"] {
        write(root.path(), &[(&format!("dynamodb/{table}.schema.json"), ORDERS.as_bytes())]);
    }
    write(
        root.path(),
        &[
            ("dynamodb/scan.json", scan),
            ("dynamodb/requests.json", requests),
            ("dynamodb/marked.json", b"\xef\xbb\xbf[{\"id\": 1}]"),
            ("dynamodb/marked-lines.ndjson", b"\xef\xbb\xbf{\"id\": 1}\n"),
        ],
    );
    let aws = testing::start().await.unwrap();
    seed(&aws, root.path()).await.unwrap();
    for table in ["scan", "requests", "marked", "marked-lines"] {
        assert_eq!(ids(&aws, table).await, ["1"], "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_systems_and_editors_leave_is_left_out_and_said() {
    let root = tempfile::tempdir().unwrap();
    let litter = [
        ".DS_Store",
        "s3/.DS_Store",
        "s3/media/.DS_Store",
        "s3/media/a/.gitkeep",
        "s3/media/a/.b.txt.swp",
        "s3/media/a/._b.txt",
        "s3/media/.git/config",
        "s3/empty/.gitkeep",
        "dynamodb/.gitkeep",
        "dynamodb/orders.json~",
        "dynamodb/Thumbs.db",
    ];
    for name in litter {
        write(root.path(), &[(name, b"x")]);
    }
    write(root.path(), &[("s3/media/a/b.txt", b"b"), ("dynamodb/orders.schema.json", ORDERS.as_bytes())]);
    let aws = testing::start().await.unwrap();
    let summary = seed(&aws, root.path()).await.unwrap();
    assert_eq!((summary.buckets, summary.objects, summary.tables), (2, 1, 1));
    // Beside the folders all is passed over anyway, and a folder is said once.
    let expected = litter.iter().skip(1).map(|name| name.trim_end_matches("/config"));
    let mut expected: Vec<_> = expected.map(|name| root.path().join(name).display().to_string()).collect();
    let mut left_out = summary.left_out;
    left_out.sort();
    expected.sort();
    assert_eq!(left_out, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_seeded_is_named_with_its_place() {
    let cases: [(Files<'_>, &str); 11] = [
        (&[("readme.txt", b"")], "holds neither"),
        (&[("s3/loose.txt", b"")], "loose.txt: only folders"),
        (&[("dynamodb/orders.xlsx", b"")], "orders.xlsx: is none of"),
        (&[("dynamodb/orders.json", b"[]")], "put orders.schema.json into dynamodb/"),
        (&[("dynamodb/o.schema.json", b"{}"), ("dynamodb/o.json", b"[]")], "making the table o"),
        (
            &[("dynamodb/o.schema.json", br#"{"KeySchemas": []}"#)],
            "o.schema.json: CreateTable has no member KeySchemas",
        ),
        (&[("dynamodb/o.schema.json", br#"{"Type": "AWS::S3::Bucket", "Properties": {}}"#)], "of type AWS::S3::Bucket"),
        (&[("dynamodb/o.schema.json", br#"{"Resources": {}}"#)], "has no resource of type AWS::DynamoDB::Table"),
        (
            &[("dynamodb/o.schema.json", br#"{"Properties": {"KeySchema": [{"AttributeName": {"Ref": "Key"}}]}}"#)],
            r#"KeySchema[0].AttributeName is {"Ref": "#,
        ),
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
