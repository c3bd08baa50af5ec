//! `FOOTBRIDGE_PARITY_TOUCH=NAME`: shows that a run is refused what it did not make, by trying.

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::error::display::DisplayErrorContext;

use crate::account::Account;

/// Tries to write to, and to delete, a table and a bucket of this name; each must be refused before it is sent.
pub async fn touch(account: &Account, name: &str) {
    let clients = account.clients();
    let (dynamodb, s3) = (&clients.dynamodb, &clients.s3);
    let sent = account.guard.sent();
    let item = dynamodb.put_item().table_name(name).item("pk", AttributeValue::S("touched".into()));
    let tries = [
        ("PutItem", told(item.send().await)),
        ("DeleteTable", told(dynamodb.delete_table().table_name(name).send().await)),
        ("PutObject", told(s3.put_object().bucket(name).key("touched").send().await)),
        ("DeleteBucket", told(s3.delete_bucket().bucket(name).send().await)),
    ];
    for (what, told) in tries {
        println!("{what} {name}: {told}");
        assert!(told.contains("refused before sending"), "{what} {name} was sent");
    }
    assert_eq!(account.guard.sent(), sent);
}

fn told<O, E: std::error::Error>(outcome: Result<O, E>) -> String {
    outcome.map_or_else(|error| DisplayErrorContext(error).to_string(), |_| "done".to_owned())
}
