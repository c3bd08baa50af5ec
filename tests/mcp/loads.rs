//! Files of items that are not what their writer meant: nothing is swallowed, and nothing becomes another value unsaid.

use aws_sdk_dynamodb::types::AttributeValue;
use footbridge::mcp::Bridge;
use serde_json::{Value, json};

use crate::bulk::{items, place, write};
use crate::support::{err, ok, table};

async fn load(bridge: &Bridge, file: &str) -> Value {
    ok(bridge, "dynamodb_load_items", json!({ "table": "things", "file": file })).await
}

#[tokio::test]
async fn a_quotation_mark_that_does_not_close_swallows_no_rows() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    let rows: String = (0..1000).map(|i| format!("b,{i:04},x\n")).collect();
    for (name, text, line) in [
        ("first.csv", format!("pk,sk,v\na,1,\"oops\n{rows}"), 2),
        ("last.csv", format!("pk,sk,v\n{rows}a,1,\"oops\n"), 1002),
        ("header.csv", format!("pk,sk,\"v\n{rows}"), 1),
        ("sep.csv", format!("sep=;\r\npk;sk;v\r\na;1;\"oops\r\n{}", rows.replace(',', ";")), 3),
        ("more.csv", format!("pk,sk,v\na,1,\"two \"\" marks\"\na,2,\"\"\"\n{rows}"), 3),
    ] {
        write(&place, name, text);
        let error = err(&bridge, "dynamodb_load_items", json!({ "table": "things", "file": name })).await;
        assert_eq!(error.code, "bad_file", "{name}");
        assert!(error.message.contains(&format!("line {line}: the quotation mark")), "{name}: {error}");
        assert!(
            items(&here, "things")
                .await
                .values()
                .all(|item| item["pk"] != AttributeValue::S("a".into()) || item["sk"] == AttributeValue::S("1".into()))
        );
    }
    // One that the next row's closes is seen by what follows it.
    write(
        &place,
        "closed.csv",
        "pk,sk,v\nc,1,\"oops\nc,2,\"fine\"\nc,3, \"x\"\nc,4,5\" pipe\nc,5,\"good\" \nc,6,\"a\nb\"\n",
    );
    let loaded = load(&bridge, "closed.csv").await;
    assert_eq!((&loaded["written"], &loaded["bad"]), (&json!(3), &json!(2)), "{loaded}");
    assert_eq!(loaded["bad_rows"][0]["line"], 2);
    assert!(loaded["bad_rows"][0]["why"].as_str().unwrap().starts_with("a quotation mark"), "{loaded}");
}

#[tokio::test]
async fn columns_of_numbers_without_a_type_and_blanks_in_names_are_said() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    let csv = "pk,sk,price,stock, note,zip,mixed,told:N,word:S\na,1,1.50,3,x,02134,1,5,7\na,2,-2,,,10115,b,5,7\n";
    write(&place, "in.csv", csv);
    let note = load(&bridge, "in.csv").await["note"].as_str().unwrap().to_owned();
    let numbers =
        "the numbers of columns \"price\", \"stock\" are text; as numbers: types {\"price\": \"N\", \"stock\": \"N\"}";
    assert_eq!(note, format!("{numbers}; blanks belong to the names of column \" note\""));
    let typed = json!({ "table": "things", "file": "in.csv", "types": {"price": "N", "stock": "S"} });
    let note = ok(&bridge, "dynamodb_load_items", typed).await["note"].as_str().unwrap().to_owned();
    assert!(!note.contains("numbers"), "{note}");
    assert!(items(&here, "things").await.values().all(|item| item["price"].is_n()));
}

#[tokio::test]
async fn an_attribute_named_like_a_type_keeps_the_type_that_it_has() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    let plain = [
        r#"{"pk":"a","sk":"1","N":1e5,"NS":[12345678901234567],"m":{"N":1e5},"l":[{"NS":[1e5]}],"d":{"$n":1,"x":1e5}}"#,
        r#"{"pk":"a","sk":"2","N":{"$n":1e5},"NS":{"$ns":[12345678901234567]},"m":{"$m":{"N":1e5}},"l":[{"$m":{"NS":[1e5]}}],"d":{"$n":1,"x":1e5}}"#,
        r#"{"pk":{"S":"a"},"sk":{"S":"3"},"N":{"N":1e5},"NS":{"NS":[12345678901234567]},"m":{"M":{"N":{"N":1e5}}},"l":{"L":[{"M":{"NS":{"L":[{"N":1e5}]}}}]}}"#,
    ];
    write(&place, "in.ndjson", plain.join("\n"));
    assert_eq!(load(&bridge, "in.ndjson").await["written"], 3);
    let five = AttributeValue::N("100000".into());
    for item in items(&here, "things").await.into_values() {
        assert_eq!(item["N"], five, "{item:?}");
        assert_eq!(item["m"].as_m().unwrap()["N"], five, "{item:?}");
        assert_eq!(item["l"].as_l().unwrap()[0].as_m().unwrap()["NS"].as_l().unwrap()[0], five, "{item:?}");
        let long = match &item["NS"] {
            AttributeValue::L(list) => list[0].as_n().unwrap().clone(),
            set => set.as_ns().unwrap()[0].clone(),
        };
        assert_eq!(long, "12345678901234567");
        if let Some(map) = item.get("d") {
            assert_eq!(map.as_m().unwrap()["x"], five);
        }
    }
    write(&place, "sets.csv", "pk,sk,n:NS,m:JSON\nb,1,\"[12345678901234567, 1e5]\",\"{\"\"N\"\": 1e5}\"\n");
    assert_eq!(load(&bridge, "sets.csv").await["written"], 1);
    let there = items(&here, "things").await;
    let item = there.values().find(|item| item["pk"].as_s().unwrap() == "b").unwrap();
    assert_eq!(item["n"].as_ns().unwrap().len(), 2);
    assert_eq!(item["m"].as_m().unwrap()["N"], five);
}

#[tokio::test]
async fn blank_lines_however_many_hide_nothing_and_lines_are_counted_through_them() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    let blank = "\n".repeat(70_000);
    let wide = " ".repeat(200_000);
    for (name, text, line) in [
        ("a.ndjson", format!("{blank}{{\"pk\":\"a\",\"sk\":\"1\"}}\n{{\"pk\":1}}\n"), 70_002),
        ("b.json", format!("\u{feff}{wide}[{{\"pk\":\"a\",\"sk\":\"1\"}},\n1]"), 2),
        ("c.csv", format!("{blank}pk,sk\na,1\na\n"), 70_003),
    ] {
        write(&place, name, text);
        let loaded = load(&bridge, name).await;
        assert_eq!((&loaded["written"], &loaded["bad"]), (&json!(1), &json!(1)), "{name}: {loaded}");
        assert_eq!(loaded["bad_rows"][0]["line"], line, "{name}");
    }
    write(&place, "empty", &blank);
    assert_eq!(load(&bridge, "empty").await["written"], 0);
    drop(here);
}

#[tokio::test]
async fn what_spreadsheets_and_scans_write_is_read() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    write(&place, "sheet.csv", "sep=|\r\npk|sk|n:N\r\na|1|5\r\na|2|x\r\n");
    let loaded = load(&bridge, "sheet.csv").await;
    assert_eq!((&loaded["written"], &loaded["bad_rows"][0]["line"]), (&json!(1), &json!(4)), "{loaded}");
    for (name, text) in [
        ("items.json", r#"{"Items": [{"pk": {"S": "b"}, "sk": {"S": "1"}}]}"#),
        (
            "boto.json",
            r#"{"Items": [{"pk": "b", "sk": "1"}], "ResponseMetadata": {}, "LastEvaluatedKey": {"pk": "b"}}"#,
        ),
    ] {
        write(&place, name, text);
        assert_eq!(load(&bridge, name).await["written"], 1, "{name}");
    }
    assert_eq!(items(&here, "things").await.len(), 2);
}

#[tokio::test]
async fn of_one_key_the_row_that_the_table_takes_is_written_and_counted() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    let large = "x".repeat(500_000);
    let rows =
        format!("{{\"pk\":\"a\",\"sk\":\"1\",\"good\":true}}\n{{\"pk\":\"a\",\"sk\":\"1\",\"x\":\"{large}\"}}\n");
    write(&place, "in.ndjson", rows);
    let loaded = load(&bridge, "in.ndjson").await;
    assert_eq!((&loaded["written"], &loaded["bad"]), (&json!(1), &json!(1)), "{loaded}");
    assert_eq!(items(&here, "things").await.len(), 1);
}

#[tokio::test]
async fn a_name_that_came_with_blanks_or_quotes_is_said() {
    let (_here, _place, bridge) = place().await;
    table(&bridge).await;
    let told = ok(&bridge, "dynamodb_describe_table", json!({ "table": " \"things\"" })).await;
    assert!(told["note"].as_str().unwrap().contains("read table as \"things\""), "{told}");
}
