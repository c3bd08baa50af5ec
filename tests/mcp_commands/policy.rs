//! `footbridge journal policy`, by the program itself.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Runs the program with nothing of the person's environment.
fn footbridge(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_footbridge"))
        .args(arguments)
        .arg("--data-dir")
        .arg(directory.join("data"))
        .current_dir(directory)
        .env_clear()
        .env("HOME", directory)
        .output()
        .unwrap()
}

fn call(directory: &Path, tool: &str, arguments: &Value) {
    let output = footbridge(directory, &["call", tool, &arguments.to_string()]);
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
}

fn text(output: &Output) -> (String, String) {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    (String::from_utf8_lossy(&output.stdout).into_owned(), told)
}

#[test]
fn the_policy_and_its_terraform_are_what_was_called() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    call(here, "s3_create_bucket", &json!({"bucket": "photos"}));
    call(here, "s3_put_object", &json!({"bucket": "photos", "key": "a*${b}.txt", "text": "hello"}));
    let orders = json!({
        "table": "orders", "keys": {"pk": "S"}, "ttl": "expires",
        "indexes": {"by_day": {"keys": {"day": "S"}}},
    });
    call(here, "dynamodb_create_table", &orders);
    let query = json!({"table": "orders", "index": "by_day", "key_condition": "day = :d", "values": {":d": "x"}});
    call(here, "dynamodb_query", &query);

    let (policy, told) = text(&footbridge(here, &["journal", "policy", "--service", "s3"]));
    let policy: Value = serde_json::from_str(&policy).unwrap();
    assert_eq!(policy["Version"], "2012-10-17");
    let statements = policy["Statement"].as_array().unwrap();
    let put = json!({"Sid": "ObjectsPhotos", "Effect": "Allow", "Action": "s3:PutObject",
                     "Resource": "arn:aws:s3:::photos/a${*}${$}{b}.txt"});
    assert!(statements.contains(&put), "{policy:#}");
    assert!(!policy.to_string().contains("dynamodb") && !told.contains("--account"), "{told}");

    let words = ["journal", "policy", "--account", "111122223333", "--region", "eu-west-1", "--op", "Query", "--json"];
    let (policy, _) = text(&footbridge(here, &words));
    let index = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by_day";
    assert_eq!(
        serde_json::from_str::<Value>(&policy).unwrap()["Statement"],
        json!([{"Sid": "IndexOrders", "Effect": "Allow", "Action": "dynamodb:Query", "Resource": index}])
    );

    let (terraform, _) = text(&footbridge(here, &["journal", "policy", "--terraform"]));
    for part in [
        "resource \"aws_s3_bucket\" \"photos\" {\n  bucket = \"photos\"\n",
        "  global_secondary_index {\n    name            = \"by_day\"\n",
        "  ttl {\n    attribute_name = \"expires\"\n    enabled        = true\n",
        "\"${aws_s3_bucket.photos.arn}/a$${*}$${$}{b}.txt\"",
        "\"${aws_dynamodb_table.orders.arn}/index/by_day\"",
    ] {
        assert!(terraform.contains(part), "{part} in {terraform}");
    }

    call(here, "s3_delete_bucket", &json!({"bucket": "photos", "force": true, "confirm": true}));
    let (terraform, _) = text(&footbridge(here, &["journal", "policy", "--terraform", "--service", "s3"]));
    assert!(terraform.contains("# Bucket photos is not written down: it does not exist (any more)"), "{terraform}");
    assert!(terraform.contains("arn:aws:s3:::photos/a$${*}"), "{terraform}");
}

#[test]
fn a_journal_elsewhere_and_of_an_earlier_version_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/journal/demo.ndjson");
    let (policy, told) = text(&footbridge(here, &["journal", "policy", fixture, "--status", "ok"]));
    let policy: Value = serde_json::from_str(&policy).unwrap();
    assert!(policy.to_string().contains("arn:aws:s3:::footbridge-shop-media"), "{policy:#}");
    assert!(told.contains("is not in the journal: left out (--wildcards puts a * there)"), "{told}");
    let none = footbridge(here, &["journal", "policy"]);
    let told = String::from_utf8_lossy(&none.stderr);
    assert!(!none.status.success() && told.contains("needs a permission"), "{told}");
    let nowhere = footbridge(here, &["journal", "policy", "no/such/place"]);
    assert!(!nowhere.status.success() && String::from_utf8_lossy(&nowhere.stderr).contains("there is no"));
}
