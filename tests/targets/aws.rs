//! Targets of which some are on AWS, for which `serve --strict` stands in.

use serde_json::{Value, json};

use crate::machine::{Account, Machine};

/// A person with an account for work and one for show, and their own machine.
fn targets(dev: &Account, prod: &str) -> String {
    format!(
        "[target.dev]\nprofile = \"dev\"\nregion = \"eu-west-1\"\nmode = \"read-write\"\nendpoint_url = \"{}\"\n\
         [target.prod]\nprofile = \"prod\"\nregion = \"eu-west-1\"\nendpoint_url = \"{prod}\"\n",
        dev.url
    )
}

fn a_table() -> Value {
    json!({ "table": "orders", "keys": { "pk": "S" } })
}

#[tokio::test]
async fn each_account_is_asked_with_its_own_keys_and_in_its_own_mode() {
    let (dev, prod) = (Account::start("DEV", "111111111111"), Account::start("PROD", "222222222222"));
    let mut machine = Machine::new(&targets(&dev, &prod.url));
    machine.profile("dev", "AKIADEV", "right");
    machine.profile("prod", "AKIAPROD", "right");
    let mut server = machine.server(&[]).await;
    let on = |target: &str, mut arguments: Value| {
        arguments["target"] = json!(target);
        arguments
    };
    for (target, account) in [("dev", "111111111111"), ("prod", "222222222222"), ("local", "000000000000")] {
        let status = machine.ok(&mut server, "bridge_status", on(target, json!({}))).await;
        assert_eq!((&status["account"], &status["name"]), (&json!(account), &json!(target)), "{status}");
    }
    machine.ok(&mut server, "dynamodb_create_table", on("dev", a_table())).await;
    let (denied, _) = machine.answered(&mut server, ("dynamodb_create_table", on("prod", a_table())), "deny").await;
    assert!(denied.starts_with("denied"), "{denied}");
    assert_eq!(
        machine.ok(&mut server, "dynamodb_list_tables", on("dev", json!({}))).await["tables"],
        json!(["orders"])
    );
    assert_eq!(machine.ok(&mut server, "dynamodb_list_tables", on("prod", json!({}))).await["tables"], json!([]));
    assert_eq!(machine.ok(&mut server, "dynamodb_list_tables", json!({})).await["tables"], json!([]));
    server.end().await;
    // What a call said of its target is in the record, on whichever far side it ran.
    let custom = |line: &&Value| line["target"]["kind"] == "custom" && line["parameters"]["target"] == "dev";
    assert!(machine.journal().iter().any(|line| custom(&line)));
}

#[tokio::test]
async fn a_target_that_fails_leaves_the_others_working_and_is_looked_at_again() {
    let dev = Account::start("DEV", "111111111111");
    let mut machine = Machine::new(&targets(&dev, "http://127.0.0.1:9"));
    machine.profile("dev", "AKIADEV", "right");
    let mut server = machine.server(&[]).await;
    for _ in 0..2 {
        let error = machine.err(&mut server, "dynamodb_list_tables", json!({ "target": "prod" })).await;
        assert!(error.contains("there is no profile `prod`") && error.contains("target prod"), "{error}");
        machine.ok(&mut server, "dynamodb_list_tables", json!({ "target": "dev" })).await;
        machine.ok(&mut server, "dynamodb_list_tables", json!({})).await;
    }
    // Once the profile is there, the next call gets as far as the endpoint, where nobody is.
    machine.profile("prod", "AKIAPROD", "right");
    let error = machine.err(&mut server, "dynamodb_list_tables", json!({ "target": "prod" })).await;
    assert!(!error.contains("there is no profile"), "{error}");
    machine.ok(&mut server, "dynamodb_list_tables", json!({ "target": "dev" })).await;
}

#[tokio::test]
async fn what_a_shell_exported_is_not_what_a_target_means() {
    let (dev, prod) = (Account::start("DEV", "111111111111"), Account::start("PROD", "222222222222"));
    let machine = Machine::new(&targets(&dev, &prod.url));
    machine.profile("dev", "AKIADEV", "right");
    machine.profile("prod", "AKIAPROD", "right");
    let mut command = machine.footbridge(&["--target", "dev", "call", "bridge_status"]);
    command.env("AWS_PROFILE", "prod").env("AWS_ACCESS_KEY_ID", "AKIAPROD").env("AWS_SECRET_ACCESS_KEY", "right");
    let output = command.output().unwrap();
    let status: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(status["account"], "111111111111", "{status}");
}
