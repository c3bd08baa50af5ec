//! SSESpecification at the wire: AWS's own key, the key that it manages in the account, and a customer's.

use serde_json::{Value as Json, json};

use super::create;
use super::support::{Answer, Dynamo, caller};

async fn made(dynamo: &Dynamo, name: &str, encryption: Json) -> Answer {
    let mut request = create(name);
    request["SSESpecification"] = encryption;
    dynamo.call("CreateTable", request).await
}

async fn update(dynamo: &Dynamo, encryption: Json) -> Answer {
    dynamo.call("UpdateTable", json!({"TableName": "tab", "SSESpecification": encryption})).await
}

async fn described(dynamo: &Dynamo, name: &str) -> Json {
    dynamo.call("DescribeTable", json!({"TableName": name})).await.ok()["Table"].take()
}

fn invalid(what: &str) -> String {
    format!("One or more parameter values were invalid: {what}")
}

#[tokio::test]
async fn a_table_with_the_managed_key_shows_it() {
    let dynamo = Dynamo::open();
    let mut keys = Vec::new();
    for (name, encryption) in [
        ("tab-1", json!({"Enabled": true})),
        ("tab-2", json!({"Enabled": true, "SSEType": "KMS"})),
        ("tab-3", json!({"SSEType": "KMS"})),
        ("tab-4", json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "alias/aws/dynamodb"})),
    ] {
        let table = made(&dynamo, name, encryption).await.ok()["TableDescription"].take();
        let shown = &table["SSEDescription"];
        assert_eq!((&shown["Status"], &shown["SSEType"]), (&json!("ENABLED"), &json!("KMS")), "{name}");
        assert_eq!(&described(&dynamo, name).await["SSEDescription"], shown);
        keys.push(shown["KMSMasterKeyArn"].as_str().expect("an ARN").to_owned());
    }
    keys.dedup();
    let [key] = keys.as_slice() else { panic!("one key for all: {keys:?}") };
    let id = key.strip_prefix("arn:aws:kms:us-east-1:000000000000:key/").expect(key);
    assert_eq!(uuid::Uuid::parse_str(id).expect("a key's id").get_version_num(), 4);
    let mut request = create("tab");
    request["SSESpecification"] = json!({"Enabled": true});
    let other = dynamo.call_as(&caller("eu-west-1"), "CreateTable", request).await.ok();
    let other = &other["TableDescription"]["SSEDescription"]["KMSMasterKeyArn"];
    assert!(other.as_str().is_some_and(|other| other.contains(":eu-west-1:") && !other.contains(id)), "{other}");
}

#[tokio::test]
async fn a_table_with_awss_own_key_shows_none() {
    let dynamo = Dynamo::open();
    for (name, encryption) in [("tab-1", json!({"Enabled": false})), ("tab-2", json!({})), ("tab-3", Json::Null)] {
        made(&dynamo, name, encryption).await.ok();
        assert_eq!(described(&dynamo, name).await.get("SSEDescription"), None, "{name}");
    }
}

/// Measured on AWS, 2026-10-08: the table stays ACTIVE, and the answer names the key that was.
#[tokio::test]
async fn encryption_changes_by_itself() {
    let dynamo = Dynamo::open();
    dynamo.call("CreateTable", create("tab")).await.ok();
    let off = json!({"Enabled": false});
    for nothing in [off.clone(), json!({})] {
        assert_eq!(update(&dynamo, nothing).await.message(), invalid("Table is already encrypted by default"));
    }
    let table = update(&dynamo, json!({"Enabled": true})).await.ok()["TableDescription"].take();
    assert_eq!((&table["TableStatus"], &table["SSEDescription"]), (&json!("ACTIVE"), &json!({"Status": "UPDATING"})));
    let mut shown = described(&dynamo, "tab").await["SSEDescription"].take();
    assert_eq!((&shown["Status"], &shown["SSEType"]), (&json!("ENABLED"), &json!("KMS")));
    let again = json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": shown["KMSMasterKeyArn"]});
    assert_eq!(
        update(&dynamo, again).await.message(),
        invalid(
            "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to change \
             Master Key"
        )
    );
    shown["Status"] = json!("UPDATING");
    for change in [json!({"SSEType": "KMS"}), off] {
        let table = update(&dynamo, change).await.ok()["TableDescription"].take();
        assert_eq!(table["SSEDescription"], shown);
    }
    assert_eq!(described(&dynamo, "tab").await.get("SSEDescription"), None);
    let both = json!({"TableName": "tab", "SSESpecification": {"Enabled": true}, "DeletionProtectionEnabled": true});
    assert_eq!(
        dynamo.call("UpdateTable", both).await.message(),
        invalid("Server-Side Encryption modification must be the only operation in the request")
    );
}

#[tokio::test]
async fn other_encryption_is_refused() {
    let dynamo = Dynamo::open();
    dynamo.call("CreateTable", create("tab")).await.ok();
    for (encryption, message) in [
        (json!({"Enabled": true, "SSEType": "AES256"}), "SSEType AES256 is not supported"),
        (json!({"SSEType": "AES256"}), "SSEType AES256 is not supported"),
        (json!({"Enabled": false, "SSEType": "KMS"}), "SSEType can not be specified if Enabled is false"),
        (json!({"Enabled": false, "KMSMasterKeyId": "k"}), "KMSMasterKeyId can not be specified if Enabled is false"),
        (json!({"Enabled": true, "KMSMasterKeyId": "k"}), "SSEType KMS is required if KMSMasterKeyId is specified"),
    ] {
        for answer in [made(&dynamo, "new", encryption.clone()).await, update(&dynamo, encryption).await] {
            assert_eq!((answer.exception(), answer.message()), ("ValidationException", &*invalid(message)));
        }
    }
    let customers = json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "alias/mine"});
    for (operation, answer) in [
        ("CreateTable", made(&dynamo, "new", customers.clone()).await),
        ("UpdateTable", update(&dynamo, customers).await),
    ] {
        let message = format!("footbridge does not implement {operation} with SSESpecification.KMSMasterKeyId");
        assert_eq!((answer.status, answer.message()), (501, &*message));
    }
    assert_eq!(dynamo.call("ListTables", json!({})).await.ok(), json!({"TableNames": ["tab"]}));
}
