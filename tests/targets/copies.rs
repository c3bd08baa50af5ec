//! Items and objects copied between targets, and targets compared.

use serde_json::{Value, json};

use crate::machine::{Account, Machine};
use crate::program::Server;

const TWO: &str = "[target.one]\nstore = \"one\"\n[target.two]\nstore = \"two\"\n[target.frozen]\nstore = \"one\"\n\
                   mode = \"read-only\"\n";

/// A store with users and their orders.
async fn filled(user: &str) -> (Machine, Server) {
    let mut machine = Machine::new(user);
    let mut server = machine.server(&[]).await;
    let table = json!({
        "table": "users", "keys": { "user_id": "S" }, "indexes": [{ "name": "by_name", "keys": { "name": "S" } }], "target": "one",
    });
    machine.ok(&mut server, "dynamodb_create_table", table).await;
    let orders = json!({ "table": "orders", "keys": { "id": "S" }, "target": "one" });
    machine.ok(&mut server, "dynamodb_create_table", orders).await;
    let users: Vec<_> = (0..30)
        .map(|n| json!({ "user_id": format!("u{n}"), "name": format!("Person {n}"), "email": format!("p{n}@corp.com"), "n": n }))
        .collect();
    let orders: Vec<_> =
        (0..30).map(|n| json!({ "id": format!("o{n}"), "user_id": format!("u{n}"), "note": "call me" })).collect();
    for (table, items) in [("users", users), ("orders", orders)] {
        machine.ok(&mut server, "dynamodb_put_items", json!({ "table": table, "items": items, "target": "one" })).await;
    }
    (machine, server)
}

async fn items(machine: &mut Machine, server: &mut Server, target: &str, table: &str) -> Vec<Value> {
    let scan = json!({ "table": table, "target": target, "limit": 1000 });
    machine.ok(server, "dynamodb_scan", scan).await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn items_come_into_a_table_that_is_made_for_them() {
    let (mut machine, mut server) = filled(TWO).await;
    let counted = json!({ "data": "dynamodb://users", "from_target": "one", "target": "two", "dry_run": true });
    let counted = machine.ok(&mut server, "copy_from_target", counted).await;
    assert_eq!(counted["would_copy"], json!({ "items": 30 }), "{counted}");
    let tables = machine.ok(&mut server, "dynamodb_list_tables", json!({ "target": "two" })).await;
    assert_eq!(tables["tables"], json!([]), "counting writes nothing");
    let copy = json!({ "data": "one:dynamodb://users", "target": "two" });
    let copied = machine.ok(&mut server, "copy_from_target", copy.clone()).await;
    assert_eq!((&copied["items"], &copied["created"]), (&json!(30), &json!(true)), "{copied}");
    assert_eq!(copied["from"], "one:dynamodb://users");
    let sorted = |mut items: Vec<Value>| {
        items.sort_by_key(ToString::to_string);
        items
    };
    let (here, there) = (
        items(&mut machine, &mut server, "one", "users").await,
        items(&mut machine, &mut server, "two", "users").await,
    );
    assert_eq!(sorted(here), sorted(there));
    let described =
        machine.ok(&mut server, "dynamodb_describe_table", json!({ "table": "users", "target": "two" })).await;
    assert!(described.to_string().contains("by_name"), "{described}");
    // Once more: what is there is replaced.
    let again = machine.ok(&mut server, "copy_from_target", copy).await;
    assert_eq!((&again["items"], &again["created"]), (&json!(30), &Value::Null));
}

#[tokio::test]
async fn a_copy_is_bounded_and_filtered() {
    let (mut machine, mut server) = filled(TWO).await;
    let few = json!({ "data": "dynamodb://users", "from_target": "one", "target": "two", "max": 7 });
    let copied = machine.ok(&mut server, "copy_from_target", few).await;
    assert_eq!((&copied["items"], &copied["limit_reached"]), (&json!(7), &json!(7)), "{copied}");
    assert_eq!(items(&mut machine, &mut server, "two", "users").await.len(), 7);
    let some = json!({
        "data": "dynamodb://users", "from_target": "one", "target": "two", "to": "dynamodb://late", "filter": "n > :n",
        "values": { ":n": 24 },
    });
    let copied = machine.ok(&mut server, "copy_from_target", some).await;
    assert_eq!((&copied["items"], &copied["limit_reached"]), (&json!(5), &Value::Null), "{copied}");
}

#[tokio::test]
async fn fields_are_veiled_and_references_still_join() {
    let (mut machine, mut server) = filled(TWO).await;
    let veil = |data: &str, more: Value| {
        let mut call = json!({ "data": data, "from_target": "one", "target": "two", "hash": ["user_id"] });
        call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        call
    };
    let users = veil("dynamodb://users", json!({ "fake": ["name", "email"] }));
    let copied = machine.ok(&mut server, "copy_from_target", users).await;
    assert_eq!((&copied["hashed"], &copied["faked"]), (&json!(["user_id"]), &json!(["name", "email"])));
    machine.ok(&mut server, "copy_from_target", veil("dynamodb://orders", json!({ "mask": ["note"] }))).await;
    let users = items(&mut machine, &mut server, "two", "users").await;
    let orders = items(&mut machine, &mut server, "two", "orders").await;
    assert_eq!((users.len(), orders.len()), (30, 30));
    for order in &orders {
        assert_eq!(order["note"], "***");
        assert_eq!(users.iter().filter(|user| user["user_id"] == order["user_id"]).count(), 1, "{order}");
    }
    for user in &users {
        let text = user.to_string();
        assert!(!text.contains("@corp.com") && !text.contains("Person") && !text.contains("\"u1"), "{text}");
    }
    let together = json!({ "data": "dynamodb://users", "from_target": "one", "target": "two", "mask": ["user_id"] });
    let refused = machine.err(&mut server, "copy_from_target", together).await;
    assert!(refused.contains("mask: user_id is part of the key"), "{refused}");
}

#[tokio::test]
async fn objects_travel_with_what_is_said_of_them() {
    let mut machine = Machine::new(TWO);
    let mut server = machine.server(&[]).await;
    for target in ["one", "two"] {
        machine.ok(&mut server, "s3_create_bucket", json!({ "bucket": "media", "target": target })).await;
    }
    std::fs::write(machine.path("work/large.bin"), vec![7; 9 << 20]).unwrap();
    let large = json!({ "bucket": "media", "key": "docs/large.bin", "file": "large.bin", "target": "one" });
    machine.ok(&mut server, "s3_put_object", large).await;
    for key in ["docs/a.txt", "docs/deep/b.txt", "other.txt"] {
        let object = json!({
            "bucket": "media", "key": key, "text": key, "content_type": "text/x-test", "metadata": { "by": "me" }, "target": "one",
        });
        machine.ok(&mut server, "s3_put_object", object).await;
    }
    let copy = json!({ "data": "s3://media/docs/", "from_target": "one", "target": "two", "to": "s3://media/copied" });
    let copied = machine.ok(&mut server, "copy_from_target", copy).await;
    assert_eq!((&copied["objects"], &copied["bytes"]), (&json!(3), &json!((9 << 20) + 10 + 15)), "{copied}");
    let listed = machine.ok(&mut server, "s3_list_objects", json!({ "bucket": "media", "target": "two" })).await;
    let keys: Vec<_> = listed["objects"].as_array().unwrap().iter().map(|object| object["key"].clone()).collect();
    assert_eq!(json!(keys), json!(["copied/a.txt", "copied/deep/b.txt", "copied/large.bin"]));
    let got = json!({ "bucket": "media", "key": "copied/deep/b.txt", "target": "two" });
    let got = machine.ok(&mut server, "s3_get_object", got).await;
    assert_eq!(
        (&got["text"], &got["content_type"], &got["metadata"]["by"]),
        (&json!("docs/deep/b.txt"), &json!("text/x-test"), &json!("me"))
    );
    server.end().await;
    let same = machine.run(&["diff", "one:s3://media/docs/", "two:s3://media/copied/"]);
    assert_eq!(same.status.code(), Some(0), "{}", String::from_utf8_lossy(&same.stdout));
}

#[tokio::test]
async fn what_cannot_be_copied_is_refused_before_anything_is_written() {
    let (mut machine, mut server) = filled(TWO).await;
    for (arguments, says) in [
        (json!({ "data": "dynamodb://users", "target": "one" }), "copied onto itself"),
        (
            json!({ "data": "dynamodb://users", "from_target": "frozen", "target": "nowhere" }),
            "there is no target nowhere",
        ),
        (
            json!({ "data": "dynamodb://users", "from_target": "nowhere", "target": "two" }),
            "there is no target \"nowhere\"",
        ),
        (json!({ "data": "dynamodb://users", "from_target": "two", "target": "frozen" }), "is read-only"),
        (
            json!({ "data": "users", "from_target": "one", "target": "two" }),
            "want dynamodb://table or s3://bucket/prefix",
        ),
        (
            json!({ "data": "dynamodb://users", "from_target": "one", "target": "two", "to": "s3://b/" }),
            "items go into a table",
        ),
        (
            json!({ "data": "s3://b/", "from_target": "one", "target": "two", "mask": ["a"] }),
            "is for the items of a table",
        ),
        (json!({ "data": "dynamodb://users", "from_target": "one", "target": "two", "max": 0 }), "at least 1"),
        (json!({ "data": "dynamodb://nobody", "from_target": "one", "target": "two" }), "ResourceNotFoundException"),
    ] {
        let refused = machine.err(&mut server, "copy_from_target", arguments.clone()).await;
        assert!(refused.contains(says), "{arguments}: {refused}");
    }
    let other = json!({ "table": "users", "keys": { "id": "N" }, "target": "two" });
    machine.ok(&mut server, "dynamodb_create_table", other).await;
    let copy = json!({ "data": "dynamodb://users", "from_target": "one", "target": "two" });
    let refused = machine.err(&mut server, "copy_from_target", copy).await;
    assert!(refused.contains("another key") && refused.contains("nothing was written"), "{refused}");
}

#[tokio::test]
async fn the_source_is_asked_whether_it_may_be_saved_and_the_other_whether_it_may_be_written() {
    let (dev, prod) = (Account::start("DEV", "111111111111"), Account::start("PROD", "222222222222"));
    let user = |mode: &str| {
        format!(
            "[target.dev]\nprofile = \"dev\"\nregion = \"eu-west-1\"\nmode = \"{mode}\"\nendpoint_url = \"{}\"\n\
             [target.prod]\nprofile = \"prod\"\nregion = \"eu-west-1\"\nmode = \"{mode}\"\nendpoint_url = \"{}\"\ntables = [\"orders\"]\n",
            dev.url, prod.url
        )
    };
    let mut machine = Machine::new(&user("read-write"));
    machine.profile("dev", "AKIADEV", "right");
    machine.profile("prod", "AKIAPROD", "right");
    for target in ["dev", "prod"] {
        let table = json!({ "table": "orders", "keys": { "id": "S" }, "target": target });
        machine.json(&["call", "dynamodb_create_table", &table.to_string()]);
        let items = json!({ "table": "orders", "items": [{ "id": target, "n": 1 }], "target": target });
        machine.json(&["call", "dynamodb_put_items", &items.to_string()]);
    }
    let mut server = machine.server(&[]).await;
    let copy = |from: &str, to: &str| json!({ "data": "dynamodb://orders", "from_target": from, "target": to });
    assert_eq!(machine.ok(&mut server, "copy_from_target", copy("prod", "dev")).await["items"], 1);
    let outside = json!({ "data": "dynamodb://users", "from_target": "prod", "target": "dev" });
    let refused = machine.err(&mut server, "copy_from_target", outside).await;
    assert!(refused.contains("not on the allow-list"), "{refused}");
    server.end().await;
    machine.write("home/.config/footbridge/footbridge.toml", &user("ask"));
    let mut server = machine.server(&[]).await;
    // A person is asked on the side that is on AWS, whichever that is.
    for call in [copy("prod", "local"), copy("local", "prod")] {
        let (denied, _) = machine.answered(&mut server, ("copy_from_target", call), "deny").await;
        assert!(denied.starts_with("denied"), "{denied}");
    }
    let tables = machine.ok(&mut server, "dynamodb_list_tables", json!({})).await;
    assert_eq!(tables["tables"], json!([]), "nothing came here");
    let (copied, failed) = machine.answered(&mut server, ("copy_from_target", copy("prod", "local")), "approve").await;
    assert!(!failed && copied.contains("\"items\":1"), "{copied}");
    let counted = json!({ "data": "dynamodb://orders", "from_target": "prod", "dry_run": true });
    assert_eq!(machine.ok(&mut server, "copy_from_target", counted).await["would_copy"]["items"], 1);
    server.end().await;
    let refused = machine.run(&["copy", "prod:dynamodb://orders", "local:"]);
    assert_eq!(refused.status.code(), Some(3), "{}", String::from_utf8_lossy(&refused.stderr));
    // Both sides are in the record, by name, with who allowed it.
    let records = machine.journal();
    assert!(records.iter().any(|line| line["target_name"] == "prod"), "{records:#?}");
    assert!(records.iter().any(|line| line["consent"]["how"] == "once"), "{records:#?}");
    let of = |kind: &str| {
        let is = |line: &&Value| line["tool"] == "copy_from_target" && line["target"]["kind"] == kind;
        records.iter().filter(is).count()
    };
    assert!(of("custom") > 0 && of("local") > 0, "{records:#?}");
}

#[tokio::test]
async fn the_tool_is_offered_where_there_are_several_targets() {
    for (user, offered) in [("", false), (TWO, true)] {
        let machine = Machine::new(user);
        let mut command = crate::program::program(&machine.path("work"));
        command.env("HOME", machine.path("home")).arg("--data-dir").arg(machine.path("data"));
        let mut server = Server::of(command);
        server.initialize().await;
        let listed = server.ask(7, "tools/list", json!({})).await;
        let tools = listed["result"]["tools"].as_array().unwrap();
        assert_eq!(tools.iter().any(|tool| tool["name"] == "copy_from_target"), offered);
    }
}

#[tokio::test]
async fn the_command_copies_counts_and_says_what_it_did() {
    let (machine, server) = filled(TWO).await;
    server.end().await;
    let text = |arguments: &[&str]| {
        let output = machine.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let counted = text(&["copy", "one:dynamodb://users", "two:", "--max", "20", "--dry-run"]);
    assert_eq!(
        counted,
        "would copy 20 items from one:dynamodb://users to two:dynamodb://users; there are more than --max 20\n"
    );
    let copied = text(&["copy", "one:dynamodb://users", "two:", "--filter", "n < :n", "--values", "{\":n\": 3}"]);
    assert_eq!(copied, "copied 3 items from one:dynamodb://users to two:dynamodb://users, which was made\n");
    machine.write("work/secret", "a secret of ours");
    for table in ["one:dynamodb://users", "one:dynamodb://orders"] {
        text(&["copy", table, "local:", "--hash", "user_id", "--secret-file", "secret"]);
    }
    let user = |table: &str| machine.json(&["call", "dynamodb_scan", &format!("table={table}")])["items"].clone();
    let mut of_users: Vec<_> =
        user("users").as_array().unwrap().iter().map(|user| user["user_id"].to_string()).collect();
    let mut of_orders: Vec<_> =
        user("orders").as_array().unwrap().iter().map(|order| order["user_id"].to_string()).collect();
    of_users.sort();
    of_orders.sort();
    assert_eq!(of_users, of_orders, "copies with one secret join");
    for (arguments, code) in [
        (["copy", "users", "two:"], 2),
        (["copy", "one:dynamodb://users", "nowhere:"], 2),
        (["copy", "two:dynamodb://users", "frozen:"], 3),
    ] {
        assert_eq!(machine.run(&arguments).status.code(), Some(code), "{arguments:?}");
    }
}

#[tokio::test]
async fn tables_and_prefixes_are_compared() {
    let (mut machine, mut server) = filled(TWO).await;
    let copy = json!({ "data": "dynamodb://users", "from_target": "one", "target": "two" });
    machine.ok(&mut server, "copy_from_target", copy).await;
    for (target, changed) in [("two", json!({ "user_id": "u1", "n": 1.0, "name": "Other", "new": true }))] {
        machine
            .ok(&mut server, "dynamodb_put_items", json!({ "table": "users", "items": [changed], "target": target }))
            .await;
    }
    let gone = json!({ "table": "users", "keys": [{ "user_id": "u2" }], "target": "two" });
    machine.ok(&mut server, "dynamodb_delete_items", gone).await;
    let more = json!({ "table": "users", "items": [{ "user_id": "u99" }], "target": "two" });
    machine.ok(&mut server, "dynamodb_put_items", more).await;
    server.end().await;
    let (left, right) = ("one:dynamodb://users", "two:dynamodb://users");
    let output = machine.run(&["diff", left, right]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert_eq!(
        text,
        "one:dynamodb://users (30) compared with two:dynamodb://users (30)\n\
         ~ {\"user_id\":\"u1\"}: \"email\", \"name\", \"new\"\n\
         < {\"user_id\":\"u2\"}\n\
         > {\"user_id\":\"u99\"}\n\
         28 the same, 1 differ, 1 only left, 1 only right\n"
    );
    let output = machine.run(&["--json", "diff", left, right, "--sample", "1"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&told["same"], &told["differing"], told["sample"].as_array().unwrap().len()),
        (&json!(28), &json!(1), 1)
    );
    assert_eq!(machine.run(&["diff", left, left]).status.code(), Some(0));
    for (arguments, code) in [
        (["diff", left, "s3://b/"], 2),
        (["diff", left, "before.ndjson"], 2),
        (["diff", left, "two:dynamodb://nobody"], 2),
        (["diff", left, "nowhere:dynamodb://users"], 2),
    ] {
        assert_eq!(machine.run(&arguments).status.code(), Some(code), "{arguments:?}");
    }
    let bounded = machine.run(&["diff", left, right, "--max", "3"]);
    assert_eq!(bounded.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&bounded.stderr).contains("more than 3"));
}
