//! Items from files into tables and back, without passing through the model.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use footbridge::config::Offered;
use footbridge::json::Item;
use footbridge::mcp::{Bridge, Options};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Here, Raw, err, ok, table};

/// A bridge that may use the files of a directory of its own.
pub async fn place() -> (Here, tempfile::TempDir, Bridge) {
    let here = Here::new().await;
    let place = tempfile::tempdir().unwrap();
    let bridge = Bridge::new(Options { files: vec![place.path().to_owned()], ..options(&here) });
    (here, place, bridge)
}

/// Options with every tool.
pub fn options(here: &Here) -> Options {
    Options { tools: Offered::all(), ..here.options() }
}

pub fn write(place: &tempfile::TempDir, name: &str, text: impl AsRef<[u8]>) {
    std::fs::write(place.path().join(name), text).unwrap();
}

fn gzip(text: &str) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

/// All items of a table, by their keys.
pub async fn items(here: &Here, name: &str) -> BTreeMap<String, Item> {
    let mut pages = here.dynamodb().scan().table_name(name).into_paginator().items().send();
    let mut items = BTreeMap::new();
    while let Some(item) = pages.next().await {
        let item: Item = item.unwrap();
        items.insert(format!("{:?} {:?}", item.get("pk"), item.get("sk")), item);
    }
    items
}

fn names(place: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(place).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_file_is_known_by_its_content_and_not_by_its_name() {
    let (here, place, bridge) = place().await;
    let lines: String = (0..100).map(|i| format!("{{\"pk\": \"a\", \"sk\": \"{i:03}\", \"n\": {i}}}\n")).collect();
    let array = format!("[{}]", lines.trim_end().replace('\n', ",\n"));
    let typed: String = (0..100)
        .map(|i| {
            format!("{{\"Item\":{{\"pk\":{{\"S\":\"a\"}},\"sk\":{{\"S\":\"{i:03}\"}},\"n\":{{\"N\":\"{i}\"}}}}}}\n")
        })
        .collect();
    let scan = format!("{{\n\"Items\": {array},\n \"Count\": 100, \"ScannedCount\": 100, \"ConsumedCapacity\": null}}");
    let puts = (0..100).map(|i| json!({"PutRequest": {"Item": {"pk": {"S": "a"}, "sk": {"S": format!("{i:03}")}, "n": {"N": i.to_string()}}}}));
    let puts = json!({ "things": puts.collect::<Vec<_>>() }).to_string();
    let csv: String = (0..100).map(|i| format!("a,{i:03},{i}\r\n")).collect();
    let files: [(&str, Vec<u8>, &str); 9] = [
        ("a.ndjson", lines.clone().into(), "ndjson"),
        ("b.csv", array.clone().into(), "json"),
        ("c", gzip(&typed), "ndjson"),
        ("d.json", scan.into(), "json values"),
        ("e.json", puts.into(), "ndjson"),
        ("f.txt", format!("\u{feff}pk,sk,n:N\r\n{csv}").into(), "csv"),
        ("g.csv", format!("pk;sk;n:N\r\n{}", csv.replace(',', ";")).into(), "csv"),
        ("h.json", lines.replace(", ", ",\n  ").into(), "json values"),
        ("i.bin", gzip(&format!("\n  {array}")), "json"),
    ];
    for (name, bytes, format) in files {
        write(&place, name, bytes);
        table(&bridge).await;
        let load = json!({ "table": "things", "file": name });
        let mut check = load.clone();
        check["check"] = json!(true);
        let checked = ok(&bridge, "dynamodb_load_items", check).await;
        assert_eq!(checked, json!({"table": "things", "file": name, "format": format, "items": 100}));
        assert!(items(&here, "things").await.is_empty(), "{name}");
        let loaded = ok(&bridge, "dynamodb_load_items", load).await;
        assert_eq!(loaded, json!({"table": "things", "file": name, "format": format, "written": 100}));
        let there = items(&here, "things").await;
        assert_eq!(there.len(), 100, "{name}");
        let numbers: Vec<_> = there.values().map(|item| item["n"].as_n().unwrap().parse::<u32>().unwrap()).collect();
        assert_eq!(numbers, (0..100).collect::<Vec<_>>(), "{name}");
        ok(&bridge, "dynamodb_delete_table", json!({ "table": "things", "confirm": true })).await;
    }
}

#[tokio::test]
async fn a_load_and_an_export_answer_with_a_summary_and_no_data() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    let lines: String = (0..500)
        .map(|i| format!("{{\"pk\": \"a\", \"sk\": \"{i:03}\", \"text\": \"{}\"}}\n", "x".repeat(999)))
        .collect();
    write(&place, "in.ndjson", &lines);
    let loaded = ok(&bridge, "dynamodb_load_items", json!({ "table": "things", "file": "in.ndjson" })).await;
    assert!(loaded.to_string().len() < 1000, "{loaded}");
    let saved = json!({ "table": "things", "save_to": "out.ndjson", "key_condition": "pk = :p AND sk < :s",
        "values": {":p": "a", ":s": "400"}, "filter": "sk <> :x", "fields": ["sk"] });
    let mut wrong = saved.clone();
    wrong["values"] = json!({":p": "a", ":s": "400", ":unused": 1});
    assert_eq!(err(&bridge, "dynamodb_export_items", wrong).await.code, "ValidationException");
    assert_eq!(names(place.path()), ["in.ndjson"], "an export that fails leaves no file");
    let mut saved = saved;
    saved["values"][":x"] = json!("007");
    saved["filter"] = json!("text <> :x");
    let exported = ok(&bridge, "dynamodb_export_items", saved.clone()).await;
    let text = std::fs::read_to_string(place.path().join("out.ndjson")).unwrap();
    assert_eq!(exported["items"], 400);
    assert_eq!(exported["bytes"], text.len());
    assert!(exported.to_string().len() < 1000, "{exported}");
    assert!(text.starts_with("{\"sk\":\"000\"}\n{\"sk\":\"001\"}\n"), "{text}");
    assert_eq!(err(&bridge, "dynamodb_export_items", saved.clone()).await.code, "file_exists");
    saved["save_to"] = json!("first.json");
    saved["limit"] = json!(2);
    saved["descending"] = json!(true);
    let exported = ok(&bridge, "dynamodb_export_items", saved).await;
    assert_eq!(exported["limit_reached"], true);
    let text = std::fs::read_to_string(place.path().join("first.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json!([{"sk": "399"}, {"sk": "398"}]));
    assert_eq!(names(place.path()), ["first.json", "in.ndjson", "out.ndjson"]);
    drop(here);
}

#[tokio::test]
async fn rows_that_are_no_items_are_told_by_line_and_the_others_are_loaded() {
    let (here, place, bridge) = place().await;
    let good = |i: usize| format!("{{\"pk\": \"a\", \"sk\": \"{i:03}\"}}");
    let mut lines: Vec<Vec<u8>> = (1..=100).map(|i| good(i).into_bytes()).collect();
    lines[9] = b"{\"pk\": \"a\", \"sk\": \"\xff\xfe\"}".to_vec();
    lines[19] = b"{\"sk\": \"020\"}".to_vec();
    lines[29] = b"{\"pk\": \"a\", \"sk\": 30}".to_vec();
    lines[39] = format!("{{\"pk\": \"a\", \"sk\": \"040\", \"x\": \"{}\"}}", "x".repeat(17 << 20)).into_bytes();
    lines[49] = format!("{{\"pk\": \"a\", \"sk\": \"050\", \"x\": \"{}\"}}", "x".repeat(500_000)).into_bytes();
    lines[69] = b"{\"pk\": \"a\", \"sk\": \"070\"".to_vec();
    write(&place, "rows.ndjson", lines.join(&b'\n'));
    table(&bridge).await;
    let checked =
        ok(&bridge, "dynamodb_load_items", json!({ "table": "things", "file": "rows.ndjson", "check": true })).await;
    // How large an item may be is the table's to say.
    assert_eq!((&checked["items"], &checked["bad"]), (&json!(95), &json!(5)), "{checked}");
    let told: Vec<_> =
        checked["bad_rows"].as_array().unwrap().iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(told, [10, 20, 30, 40, 70]);
    assert!(checked["bad_rows"][1]["why"].as_str().unwrap().contains("pk is missing"), "{checked}");
    let loaded = ok(&bridge, "dynamodb_load_items", json!({ "table": "things", "file": "rows.ndjson" })).await;
    assert_eq!((&loaded["written"], &loaded["bad"]), (&json!(94), &json!(6)), "{loaded}");
    assert!(loaded.to_string().len() < 1024, "{loaded}");
    assert_eq!(items(&here, "things").await.len(), 94);
}

#[tokio::test]
async fn a_file_that_holds_no_items_is_refused_with_the_reason() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    let wide = format!("pk,sk{}\n", ",c".repeat(20_000));
    let files: [(&str, &[u8], &str); 13] = [
        ("wide.csv", wide.as_bytes(), "20002 columns, and at most 10000 are read"),
        ("cut.json", b"[{\"pk\":\"a\",\"sk\":\"1\"}, {\"pk\":\"a\"", "line 1: the file ends in the middle"),
        ("open.json", b"[{\"pk\":\"a\",\"sk\":\"1\"},\n", "line 2: the file ends before its array does"),
        ("behind.json", b"[{\"pk\":\"a\",\"sk\":\"1\"}] {}", "something stands behind the array"),
        ("columns.csv", b"id,name\n1,x\n", "no column \"pk\""),
        ("twice.csv", b"pk,sk,sk\na,b,c\n", "is there twice"),
        ("binary", &[0, 159, 146, 150, 10, 0], "neither JSON nor text"),
        ("utf16.csv", b"\xff\xfep\0k\0", "UTF-16"),
        ("ion", b"$ion_1_0 {Item:{pk:\"a\"}}", "Amazon Ion"),
        ("cut.gz", &gzip("{\"pk\":\"a\",\"sk\":\"1\"}\n")[..20], "cut.gz: "),
        ("array.json", b"[1, 2]", "is an item"),
        ("change.json", b"{\"Metadata\":{},\"Keys\":{\"pk\":{\"S\":\"a\"}},\"NewImage\":{}}", "incremental export"),
        ("quote.csv", b"pk,sk\n\"a,b\nc,d\n", "line 2: the quotation mark"),
    ];
    for (name, bytes, why) in files {
        write(&place, name, bytes);
        for check in [true, false] {
            let load = json!({ "table": "things", "file": name, "check": check });
            let error = err(&bridge, "dynamodb_load_items", load).await;
            assert_eq!(error.code, "bad_file", "{name}");
            let told = error.to_string();
            assert!(told.contains(why), "{name}: {told}");
        }
    }
    write(&place, "empty", " \n\n");
    let loaded = ok(&bridge, "dynamodb_load_items", json!({ "table": "things", "file": "empty" })).await;
    assert_eq!(loaded["written"], 0);
    drop(here);
}

#[tokio::test]
async fn what_is_there_is_replaced_or_stays_or_ends_the_load() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    let put = json!({ "table": "things", "items": [{"pk": "a", "sk": "050", "old": true}] });
    ok(&bridge, "dynamodb_put_items", put).await;
    let lines: String = (0..100).map(|i| format!("{{\"pk\": \"a\", \"sk\": \"{i:03}\"}}\n")).collect();
    write(&place, "in", format!("{lines}{{\"pk\": \"a\", \"sk\": \"000\", \"last\": 1}}\n"));
    let load = |exists: &str| json!({ "table": "things", "file": "in", "if_exists": exists });
    let error = err(&bridge, "dynamodb_load_items", load("FAIL")).await;
    assert_eq!(error.code, "item_exists");
    let written = items(&here, "things").await.len() - 1;
    assert!(error.message.contains(&format!("({written} items were written; if_exists: skip goes on")), "{error}");
    let skipped = ok(&bridge, "dynamodb_load_items", load("skip")).await;
    assert_eq!(skipped["written"].as_u64().unwrap() + skipped["skipped"].as_u64().unwrap(), 101);
    assert_eq!(skipped["repeated_keys"], 1, "{skipped}");
    let there = items(&here, "things").await;
    assert_eq!(there.len(), 100);
    assert!(there.values().any(|item| item.contains_key("old")));
    assert_eq!(ok(&bridge, "dynamodb_load_items", load("replace")).await["written"], 101);
    let there = items(&here, "things").await;
    assert!(there.values().all(|item| !item.contains_key("old")));
    assert_eq!(there.values().filter(|item| item.contains_key("last")).count(), 1, "the last of a key wins");
}

#[tokio::test]
async fn numbers_of_a_file_keep_all_of_their_digits() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    let digits = ["1700000000000000000", "0.1234567890123456789012345", "-12345678901234567890.5", "1.5e30"];
    let plain: String = digits.iter().map(|n| format!("{{\"pk\":\"a\",\"sk\":\"{n}\",\"list\":[{n}],\"s\":{{\"$ns\":[{n}]}},\"m\":{{\"$n\":{n}}}, \"t\":\"{n}: {n}\"}}\n")).collect();
    write(&place, "plain", &plain);
    assert_eq!(ok(&bridge, "dynamodb_load_items", json!({ "table": "things", "file": "plain" })).await["written"], 4);
    for item in items(&here, "things").await.values() {
        let text = item["sk"].as_s().unwrap();
        let same = |n: &str| {
            n.parse::<f64>().unwrap().to_bits() == text.parse::<f64>().unwrap().to_bits()
                && (text.contains('e') || n == text)
        };
        assert!(same(item["list"].as_l().unwrap()[0].as_n().unwrap()), "{item:?}");
        assert!(same(&item["s"].as_ns().unwrap()[0]) && same(item["m"].as_n().unwrap()), "{item:?}");
        assert_eq!(item["t"].as_s().unwrap(), &format!("{text}: {text}"));
    }
}

#[tokio::test]
async fn a_table_that_goes_away_ends_the_load_with_what_was_done() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    let lines: String = (0..20_000).map(|i| format!("{{\"pk\": \"a\", \"sk\": \"{i:05}\"}}\n")).collect();
    write(&place, "many", &lines);
    let load = async { err(&bridge, "dynamodb_load_items", json!({ "table": "things", "file": "many" })).await };
    let delete = async {
        // Once something of it is there. To look for all of it would take as long as to load it.
        while here.dynamodb().scan().table_name("things").limit(1).send().await.unwrap().count() == 0 {
            tokio::task::yield_now().await;
        }
        here.dynamodb().delete_table().table_name("things").send().await.unwrap();
        std::future::pending::<()>().await;
    };
    let error = tokio::select! {
        error = load => error,
        () = delete => unreachable!(),
    };
    assert_eq!(error.code, "ResourceNotFoundException");
    assert!(error.message.contains("items were written; call again"), "{error}");
}

fn value() -> impl Strategy<Value = AttributeValue> {
    let number = prop_oneof![
        any::<i32>().prop_map(|n| n.to_string()),
        any::<i64>().prop_map(|n| n.to_string()),
        (any::<i64>(), 0..20_u32).prop_map(|(n, places)| {
            let text = format!("{}.{:0width$}1", n / 1000, n.unsigned_abs() % 1000, width = 3 + places as usize / 4);
            text
        }),
    ];
    let leaf = prop_oneof![
        "\\PC{0,12}|[a,\"\n\r;=:]{0,6}|N|true|1".prop_map(AttributeValue::S),
        number.clone().prop_map(AttributeValue::N),
        prop::collection::vec(any::<u8>(), 0..9).prop_map(|b| AttributeValue::B(Blob::new(b))),
        any::<bool>().prop_map(AttributeValue::Bool),
        Just(AttributeValue::Null(true)),
        prop::collection::btree_set("[a-z,\"]{1,4}", 1..4).prop_map(|s| AttributeValue::Ss(s.into_iter().collect())),
        prop::collection::btree_set(-99..99_i32, 1..4)
            .prop_map(|s| AttributeValue::Ns(s.into_iter().map(|n| n.to_string()).collect())),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let name = "[a-z:$#N]{1,5}|\\$n|Item|S";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(AttributeValue::L),
            prop::collection::hash_map(name, inner, 0..4).prop_map(AttributeValue::M),
        ]
    })
}

fn item() -> impl Strategy<Value = Item> {
    let name = "[a-z]{1,3}|total:N|[{,\"\u{feff}:]b|Item|Items|Count|x;y| z";
    ("[a-z]{1,3}", "\\PC{1,8}|[,\"\n]{1,3}", prop::collection::hash_map(name, value(), 0..6)).prop_map(
        |(pk, sk, mut item)| {
            item.insert("pk".into(), AttributeValue::S(pk));
            item.insert("sk".into(), AttributeValue::S(sk));
            item
        },
    )
}

/// What was exported and loaded again is what was there, in every format.
#[test]
fn an_export_loads_as_the_same_items() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 24, ..ProptestConfig::default() });
    runner
        .run(&prop::collection::vec(item(), 0..30), |items| {
            runtime.block_on(round(items));
            Ok(())
        })
        .unwrap();
}

async fn round(wanted: Vec<Item>) {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    for item in &wanted {
        here.dynamodb().put_item().table_name("things").set_item(Some(item.clone())).send().await.unwrap();
    }
    ok(&bridge, "dynamodb_create_table", json!({ "table": "copy", "keys": { "pk": "S", "sk": "S" } })).await;
    let before = items(&here, "things").await;
    for name in ["a.ndjson", "a.json", "a.csv", "b.ndjson.gz", "b.json.gz", "b.csv.gz"] {
        let exported = ok(&bridge, "dynamodb_export_items", json!({ "table": "things", "save_to": name })).await;
        assert_eq!(exported["items"], before.len());
        let loaded = ok(&bridge, "dynamodb_load_items", json!({ "table": "copy", "file": name })).await;
        let text = || String::from_utf8_lossy(&std::fs::read(place.path().join(name)).unwrap()).into_owned();
        assert_eq!(loaded["written"], before.len(), "{name}: {loaded}\n{}", text());
        let after = items(&here, "copy").await;
        assert!(same(&before, &after), "{name}:\n{}\n{before:?}\n{after:?}", text());
        for item in after.values() {
            let request = here.dynamodb().delete_item().table_name("copy");
            request.key("pk", item["pk"].clone()).key("sk", item["sk"].clone()).send().await.unwrap();
        }
    }
}

/// Whether they are the same items; sets have no order.
fn same(a: &BTreeMap<String, Item>, b: &BTreeMap<String, Item>) -> bool {
    fn form(value: &AttributeValue) -> String {
        match value {
            AttributeValue::Ss(set) | AttributeValue::Ns(set) => {
                let mut set = set.clone();
                set.sort();
                format!("{set:?}")
            }
            AttributeValue::L(list) => format!("{:?}", list.iter().map(form).collect::<Vec<_>>()),
            AttributeValue::M(map) => all(map),
            other => format!("{other:?}"),
        }
    }
    fn all(item: &Item) -> String {
        format!("{:?}", item.iter().map(|(name, value)| (name.clone(), form(value))).collect::<BTreeMap<_, _>>())
    }
    let forms = |items: &BTreeMap<String, Item>| items.values().map(all).collect::<Vec<_>>();
    forms(a) == forms(b)
}

#[tokio::test]
async fn a_client_that_asks_hears_how_far_a_load_is() {
    let (_here, place, bridge) = place().await;
    table(&bridge).await;
    let lines: String = (0..200).map(|i| format!("{{\"pk\": \"a\", \"sk\": \"{i:03}\"}}\n")).collect();
    write(&place, "in", &lines);
    let mut raw = Raw::new(bridge);
    raw.initialize().await;
    let params = json!({ "name": "dynamodb_load_items", "arguments": { "table": "things", "file": "in" }, "_meta": { "progressToken": "p" } });
    raw.send(&json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params }).to_string()).await;
    let mut told = Vec::new();
    loop {
        let line: Value = serde_json::from_str(&raw.line().await).unwrap();
        if line["method"] == "notifications/progress" {
            told.push(line["params"].clone());
        } else if line["id"] == 7 {
            break;
        }
    }
    let last = told.last().expect("nothing was told");
    assert_eq!(
        (&last["progressToken"], last["progress"].as_f64(), last["total"].as_f64()),
        (&json!("p"), json!(lines.len()).as_f64(), json!(lines.len()).as_f64())
    );
}

#[tokio::test]
async fn an_export_that_is_cancelled_leaves_no_file() {
    let (here, place, bridge) = place().await;
    table(&bridge).await;
    let lines: String = (0..3000)
        .map(|i| format!("{{\"pk\": \"a\", \"sk\": \"{i:04}\", \"text\": \"{}\"}}\n", "x".repeat(900)))
        .collect();
    write(&place, "in", &lines);
    ok(&bridge, "dynamodb_load_items", json!({ "table": "things", "file": "in" })).await;
    for name in ["out.json", "out.csv", "out.ndjson.gz"] {
        let export = ok(&bridge, "dynamodb_export_items", json!({ "table": "things", "save_to": name }));
        let begun = async {
            // Once its temporary file is there.
            while names(place.path()).len() == 1 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            () = begun => {}
            done = export => panic!("{done}"),
        }
        let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while names(place.path()) != ["in"] {
            assert!(std::time::Instant::now() < until, "{:?}", names(place.path()));
            tokio::task::yield_now().await;
        }
    }
    drop(here);
}
