//! Which target a call is for.

use serde_json::{Value, json};

use crate::machine::Machine;

const TWO: &str = "[target.scratch]\nstore = \"scratch\"\n[target.frozen]\nstore = \"scratch\"\nmode = \"read-only\"\n";

fn a_table(name: &str) -> Value {
    json!({ "table": name, "keys": { "pk": "S" } })
}

fn with(mut arguments: Value, target: &str) -> Value {
    arguments["target"] = json!(target);
    arguments
}

#[tokio::test]
async fn one_session_reaches_two_stores_by_their_names() {
    let mut machine = Machine::new(TWO);
    let mut server = machine.server(&[]).await;
    machine.ok(&mut server, "dynamodb_create_table", a_table("here")).await;
    let made = machine.ok(&mut server, "dynamodb_create_table", with(a_table("there"), "scratch")).await;
    assert_eq!(made["target"], "scratch", "{made}");
    for (target, tables) in [("local", json!(["here"])), ("scratch", json!(["there"])), ("frozen", json!(["there"]))] {
        let listed = machine.ok(&mut server, "dynamodb_list_tables", json!({ "target": target })).await;
        assert_eq!((&listed["tables"], &listed["target"]), (&tables, &json!(target)));
    }
    let plain = machine.ok(&mut server, "dynamodb_list_tables", json!({})).await;
    assert_eq!(
        plain,
        json!({ "tables": ["here"] }),
        "without a name it is the default, and the answer as it always was"
    );
    server.end().await;
}

#[tokio::test]
async fn each_target_has_its_own_mode() {
    let mut machine = Machine::new(TWO);
    let mut server = machine.server(&[]).await;
    let refused = machine.err(&mut server, "dynamodb_create_table", with(a_table("things"), "frozen")).await;
    assert!(refused.contains("not_allowed: frozen: LOCAL us-east-1") && refused.contains("is read-only"), "{refused}");
    machine.ok(&mut server, "dynamodb_create_table", with(a_table("things"), "scratch")).await;
}

#[tokio::test]
async fn a_region_is_of_one_call() {
    let mut machine = Machine::new(TWO);
    let mut server = machine.server(&[]).await;
    let there = json!({ "table": "things", "keys": { "pk": "S" }, "region": "eu-west-1", "target": "scratch" });
    let made = machine.ok(&mut server, "dynamodb_create_table", there).await;
    assert_eq!(made["region"], "eu-west-1", "{made}");
    let tables = |arguments: Value| ("dynamodb_list_tables", arguments);
    for (arguments, expected) in [
        (json!({ "target": "scratch" }), json!([])),
        (json!({ "target": "scratch", "region": "eu-west-1" }), json!(["things"])),
        (json!({ "region": "eu-west-1" }), json!([])),
        (json!({ "Target": "SCRATCH", "awsRegion": "EU-WEST-1" }), json!(["things"])),
    ] {
        let (tool, arguments) = tables(arguments);
        let listed = machine.ok(&mut server, tool, arguments.clone()).await;
        assert_eq!(listed["tables"], expected, "{arguments}");
    }
}

#[tokio::test]
async fn target_and_region_are_in_the_schema_where_there_are_several_targets() {
    for (user, expected) in [("", None), (TWO, Some(json!(["local", "scratch", "frozen"])))] {
        let machine = Machine::new(user);
        let mut server = machine.server(&[]).await;
        let listed = server.ask(7, "tools/list", json!({})).await;
        let tools = listed["result"]["tools"].as_array().unwrap();
        assert!(tools.len() > 20);
        for tool in tools {
            let properties = &tool["inputSchema"]["properties"];
            let names = properties.get("target").map(|target| target["enum"].clone());
            assert_eq!(names, expected, "{}", tool["name"]);
            assert_eq!(properties["region"]["type"] == "string", expected.is_some(), "{}", tool["name"]);
        }
    }
}

#[tokio::test]
async fn what_names_no_target_is_refused_and_recorded() {
    let mut machine = Machine::new(TWO);
    let mut server = machine.server(&[]).await;
    let refused = machine.err(&mut server, "dynamodb_list_tables", json!({ "target": "scrach" })).await;
    assert!(refused.contains("there is no target scrach") && refused.contains("did you mean scratch?"), "{refused}");
    let refused = machine.err(&mut server, "dynamodb_list_tables", json!({ "profile": "admin" })).await;
    assert!(refused.contains("a call takes no profile, but the name of a target"), "{refused}");
    machine.ok(&mut server, "dynamodb_list_tables", json!({ "target": "scratch", "region": "eu-west-1" })).await;
    server.end().await;
    let journal = machine.journal();
    let started: Vec<_> = journal.iter().filter(|line| line["tool"] == "dynamodb_list_tables").collect();
    let parameters: Vec<_> = started.iter().map(|line| line["parameters"].clone()).filter(|p| !p.is_null()).collect();
    assert!(parameters.contains(&json!({ "target": "scratch", "region": "eu-west-1" })), "{journal:#?}");
    assert!(started.iter().any(|line| line["target"]["region"] == "eu-west-1"), "{journal:#?}");
}

#[tokio::test]
async fn a_person_chooses_the_default() {
    let mut machine = Machine::new(&format!("default_target = \"scratch\"\n{TWO}"));
    let mut server = machine.server(&[]).await;
    machine.ok(&mut server, "dynamodb_create_table", a_table("there")).await;
    let status = machine.ok(&mut server, "bridge_status", json!({})).await;
    assert_eq!(status["name"], "scratch", "{status}");
    assert_eq!(status["other_targets"]["frozen"], "local, store scratch, read-only", "{status}");
    server.end().await;
    let tables = |flags: &[&str]| machine.json(&[flags, &["call", "dynamodb_list_tables"]].concat())["tables"].clone();
    assert_eq!(tables(&[]), json!(["there"]));
    assert_eq!(tables(&["--target", "local"]), json!([]));
    assert_eq!(tables(&["--target", "frozen"]), json!(["there"]));
    assert_eq!(machine.json(&["call", "dynamodb_list_tables", "target=frozen"])["tables"], json!(["there"]));
    let unknown = machine.run(&["--target", "scrtch", "call", "dynamodb_list_tables"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("did you mean `scratch`?"));
}

#[test]
fn doctor_and_env_show_the_targets() {
    let user = format!("{TWO}[target.dev]\nprofile = \"dev\"\nregion = \"eu-west-1\"\n");
    let machine = Machine::new(&user);
    let output = machine.run(&["doctor", "--listen", "0"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let has = |words: &[&str]| text.lines().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(has(&["target.frozen", "local, store scratch, read-only", "footbridge.toml:3"]), "{text}");
    assert!(has(&["target.dev", "aws, profile dev, eu-west-1, ask"]), "{text}");
    assert!(has(&["ok", "target: scratch: local, store scratch, read-write"]), "{text}");
    assert!(has(&["wrong", "target: dev: there is no profile `dev`"]), "{text}");
    assert_eq!(output.status.code(), Some(1));
    let env = |arguments: &[&str]| String::from_utf8(machine.run(arguments).stdout).unwrap();
    let here = env(&["env", "--shell", "sh"]);
    assert!(
        here.starts_with("# target local; others: scratch, frozen, dev\n") && here.contains("AWS_ENDPOINT_URL"),
        "{here}"
    );
    let there = env(&["env", "--shell", "sh", "--target", "dev"]);
    let expected = "# target dev; others: local, scratch, frozen\nexport AWS_DEFAULT_REGION='eu-west-1'\n\
                    export AWS_PROFILE='dev'\nexport AWS_REGION='eu-west-1'\n";
    assert_eq!(there, expected);
}
