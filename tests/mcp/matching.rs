//! All items that match, changed, deleted or counted in one call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::types::AttributeValue;
use footbridge::mcp::{Bridge, Options};
use serde_json::{Value, json};

use crate::bulk::{items, options};
use crate::support::{Here, err, ok, table};

async fn filled(count: usize) -> (Here, Bridge) {
    let here = Here::new().await;
    let bridge = Bridge::new(options(&here));
    table(&bridge).await;
    let all: Vec<_> = (0..count)
        .map(|i| json!({ "pk": format!("p{}", i % 3), "sk": format!("{i:04}"), "n": i, "status": (["open", "done"][i % 2]) }))
        .collect();
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": all })).await;
    (here, bridge)
}

fn open() -> Value {
    json!({ "table": "things", "filter": "status = :s", "values": {":s": "open"} })
}

fn with(mut call: Value, members: &Value) -> Value {
    call.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    call
}

#[tokio::test]
async fn what_would_be_deleted_is_counted_and_sampled_before_it_is() {
    let (here, bridge) = filled(60).await;
    let asked = err(&bridge, "dynamodb_delete_by_query", open()).await;
    assert_eq!(asked.code, "confirm_required");
    assert!(asked.message.contains("30 items of table things, such as"), "{asked}");
    assert!(asked.to_string().len() < 1024, "{asked}");
    assert_eq!(items(&here, "things").await.len(), 60);
    let deleted = ok(&bridge, "dynamodb_delete_by_query", with(open(), &json!({ "confirm": true }))).await;
    assert_eq!(deleted, json!({ "table": "things", "deleted": 30 }));
    let left = items(&here, "things").await;
    assert!(left.len() == 30 && left.values().all(|item| item["status"] == AttributeValue::S("done".into())));
    let one = json!({ "table": "things", "key_condition": "pk = :p AND sk < :k", "values": {":p": "p1", ":k": "0010"}, "confirm": true });
    assert_eq!(ok(&bridge, "dynamodb_delete_by_query", one).await["deleted"], 2);
    let all = err(&bridge, "dynamodb_delete_by_query", json!({ "table": "things", "confirm": true })).await;
    assert!(all.message.contains("attribute_exists"), "{all}");
    let all = json!({ "table": "things", "filter": "attribute_exists(pk)", "confirm": true });
    assert_eq!(ok(&bridge, "dynamodb_delete_by_query", all).await["deleted"], 28);
}

#[tokio::test]
async fn the_sample_comes_from_the_page_that_has_what_matches() {
    let here = Here::new().await;
    let bridge = here.bridge();
    table(&bridge).await;
    // A page is a megabyte of what is read.
    let filling = "x".repeat(300_000);
    let items: Vec<_> = (0..12).map(|i| json!({ "pk": "p", "sk": format!("{i:02}"), "n": i, "f": filling })).collect();
    for items in items.chunks(4) {
        ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": items })).await;
    }
    let last = json!({ "table": "things", "filter": "n > :n", "values": { ":n": 9 } });
    let asked = err(&bridge, "dynamodb_delete_by_query", last).await;
    assert!(asked.message.contains("2 items of table things, such as \"{"), "{asked}");
    assert!(asked.message.contains(r#"\"sk\":\"10\""#) && asked.message.contains(r#"\"sk\":\"11\""#), "{asked}");
}

#[tokio::test]
async fn all_that_match_are_changed_and_what_is_wrong_is_said_before_anything_is() {
    let (here, bridge) = filled(60).await;
    let close = json!({ "update": "SET status = :new, n = n + :one REMOVE gone", "values": {":s": "open", ":new": "closed", ":one": 1} });
    let close = with(open(), &close);
    let asked = err(&bridge, "dynamodb_update_by_query", close.clone()).await;
    assert!(asked.code == "confirm_required" && asked.message.contains("30 items of table things"), "{asked}");
    let updated = ok(&bridge, "dynamodb_update_by_query", with(close, &json!({ "confirm": true }))).await;
    assert_eq!(updated, json!({ "table": "things", "updated": 30 }));
    let sum: usize =
        items(&here, "things").await.values().map(|i| i["n"].as_n().unwrap().parse::<usize>().unwrap()).sum();
    assert_eq!(sum, (0..60).sum::<usize>() + 30);
    for (change, says) in [
        (
            json!({ "update": "SET status = :new", "values": {":s": "closed", ":new": "x", ":more": 1} }),
            "no expression uses :more",
        ),
        (json!({ "update": "SETT status = :new", "values": {":s": "closed", ":new": "x"} }), "yntax error"),
        (json!({ "update": "SET pk = :new", "values": {":s": "closed", ":new": "x"} }), "part of the key"),
    ] {
        let error =
            err(&bridge, "dynamodb_update_by_query", with(with(open(), &change), &json!({ "confirm": true }))).await;
        assert!(error.message.contains(says), "{error}");
    }
    let index = json!({ "table": "things", "add_index": {"name": "by_status", "keys": {"status": "S"}} });
    ok(&bridge, "dynamodb_update_table", index).await;
    let moved = json!({ "table": "things", "index": "by_status", "key_condition": "status = :s", "confirm": true,
        "update": "SET status = :new", "values": {":s": "closed", ":new": "x"} });
    let error = err(&bridge, "dynamodb_update_by_query", moved.clone()).await;
    assert!(error.message.contains("leave index out"), "{error}");
    let other = with(moved, &json!({ "update": "SET seen = :new" }));
    assert_eq!(ok(&bridge, "dynamodb_update_by_query", other).await["updated"], 30);
}

/// Does something before a certain call of an operation, or fails it.
#[derive(Clone)]
struct Before {
    input: fn(&BeforeSerializationInterceptorContextRef<'_>) -> bool,
    at: usize,
    seen: Arc<AtomicUsize>,
}

impl std::fmt::Debug for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Before")
    }
}

impl Intercept for Before {
    fn name(&self) -> &'static str {
        "Before"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if (self.input)(context) && self.seen.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            return Err("the wire is cut".into());
        }
        Ok(())
    }
}

/// A bridge whose so-manieth call of an operation fails.
fn failing(here: &Here, at: usize, input: fn(&BeforeSerializationInterceptorContextRef<'_>) -> bool) -> Bridge {
    let before = Before { input, at, seen: Arc::default() };
    let options = options(here);
    let dynamodb = options.dynamodb.config().to_builder().interceptor(before).build();
    Bridge::new(Options { dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb), ..options })
}

#[tokio::test]
async fn a_change_that_ends_half_way_goes_on_with_its_cursor_and_changes_nothing_twice() {
    use aws_sdk_dynamodb::operation::update_item::UpdateItemInput;
    for at in [1, 2, 17, 40, 99, 100] {
        let (here, bridge) = filled(100).await;
        let cut = failing(&here, at, |context| context.input().downcast_ref::<UpdateItemInput>().is_some());
        let call = json!({ "table": "things", "filter": "n >= :zero", "update": "SET n = n + :k",
            "values": {":zero": 0, ":k": 1000}, "confirm": true });
        let error = err(&cut, "dynamodb_update_by_query", call.clone()).await;
        let changed = items(&here, "things").await.values().filter(|i| i["n"].as_n().unwrap().len() > 3).count();
        let cursor = if changed == 0 {
            assert!(error.message.ends_with("(no item was changed)"), "{at}: {error}");
            None
        } else {
            assert!(error.message.contains(&format!("({changed} items were changed; ")), "{at}: {error}");
            Some(error.message.rsplit('"').nth(1).unwrap().to_owned())
        };
        let rest = ok(&bridge, "dynamodb_update_by_query", with(call, &json!({ "cursor": cursor }))).await;
        assert_eq!(rest["updated"], 100 - changed, "{at}");
        let mut numbers: Vec<usize> =
            items(&here, "things").await.values().map(|i| i["n"].as_n().unwrap().parse().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1000..1100).collect::<Vec<_>>(), "{at}");
    }
}

#[tokio::test]
async fn a_deletion_that_ends_half_way_says_how_far_it_came_and_goes_on_when_called_again() {
    use aws_sdk_dynamodb::operation::delete_item::DeleteItemInput;
    let (here, bridge) = filled(100).await;
    let cut = failing(&here, 20, |context| context.input().downcast_ref::<DeleteItemInput>().is_some());
    let call = with(open(), &json!({ "confirm": true }));
    let error = err(&cut, "dynamodb_delete_by_query", call.clone()).await;
    let gone = 100 - items(&here, "things").await.len();
    assert!(gone >= 19 && error.message.contains(&format!("({gone} items were deleted; call again")), "{error}");
    assert_eq!(ok(&bridge, "dynamodb_delete_by_query", call).await["deleted"], 50 - gone);
}

#[tokio::test]
async fn the_least_and_the_most_are_told_to_their_last_digit() {
    let here = Here::new().await;
    let bridge = here.bridge();
    table(&bridge).await;
    // As doubles these are one number.
    let numbers = ["9007199254740993", "9007199254740992", "9007199254740994", "-0.10000000000000000001", "-0.1"];
    let item = |(at, digits): (usize, &&str)| json!({ "pk": "a", "sk": at.to_string(), "n": { "$n": digits } });
    let items: Vec<_> = numbers.iter().enumerate().map(item).collect();
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": items })).await;
    let told = ok(&bridge, "dynamodb_count", json!({ "table": "things", "sum": "n" })).await;
    assert_eq!(told["min"], json!({ "$n": "-0.10000000000000000001" }), "{told}");
    assert_eq!(told["max"], json!({ "$n": "9007199254740994" }), "{told}");
}

#[tokio::test]
async fn long_values_are_groups_of_their_own_and_shown_by_their_start() {
    let here = Here::new().await;
    let bridge = here.bridge();
    table(&bridge).await;
    let long = "l".repeat(5000);
    let items: Vec<_> = [format!("{long}1"), format!("{long}2"), format!("{long}1")]
        .iter()
        .enumerate()
        .map(|(at, value)| json!({ "pk": "a", "sk": at.to_string(), "v": value }))
        .collect();
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": items })).await;
    let told = ok(&bridge, "dynamodb_count", json!({ "table": "things", "by": "v" })).await;
    let counts: Vec<_> = told["groups"].as_array().unwrap().iter().map(|group| group["count"].clone()).collect();
    assert!(counts == [2, 1] && told.to_string().len() < 1024, "{told}");
}

#[tokio::test]
async fn counts_are_grouped_and_sums_are_exact() {
    let (_here, bridge) = filled(60).await;
    let put = json!({ "table": "things", "items": [
        {"pk": "q", "sk": "1", "price": 0.1, "deep": {"list": ["x"]}}, {"pk": "q", "sk": "2", "price": 0.2}, {"pk": "q", "sk": "3", "price": "dear"}] });
    ok(&bridge, "dynamodb_put_items", put).await;
    let all = ok(&bridge, "dynamodb_count", json!({ "table": "things", "by": "status" })).await;
    assert_eq!(all["count"], 63);
    assert_eq!(
        all["groups"],
        json!([{"value": "done", "count": 30}, {"value": "open", "count": 30}, {"missing": true, "count": 3}])
    );
    let sum = ok(&bridge, "dynamodb_count", json!({ "table": "things", "key_condition": "pk = :q", "values": {":q": "q"}, "sum": "price", "by": "deep.list[0]" })).await;
    assert_eq!(
        (&sum["count"], &sum["numbers"], &sum["sum"], &sum["min"], &sum["max"]),
        (&json!(3), &json!(2), &json!(0.3), &json!(0.1), &json!(0.2))
    );
    assert_eq!(sum["groups"][1], json!({"value": "x", "count": 1, "numbers": 1, "sum": 0.1, "min": 0.1, "max": 0.1}));
    let many =
        ok(&bridge, "dynamodb_count", json!({ "table": "things", "by": "n", "filter": "attribute_exists(n)" })).await;
    assert_eq!((&many["groups_in_all"], many["groups"].as_array().unwrap().len()), (&json!("60"), 20));
    assert!(many.to_string().len() < 1024, "{many}");
}

/// Changes the first item that is about to be deleted.
struct Meanwhile(aws_sdk_dynamodb::Client, AtomicUsize);

impl std::fmt::Debug for Meanwhile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meanwhile")
    }
}

impl Intercept for Meanwhile {
    fn name(&self) -> &'static str {
        "Meanwhile"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        use aws_sdk_dynamodb::operation::delete_item::DeleteItemInput;
        if let Some(delete) = context.input().downcast_ref::<DeleteItemInput>()
            && self.1.fetch_add(1, Ordering::SeqCst) == 0
        {
            let change = self.0.update_item().table_name("things").set_key(delete.key().cloned());
            let change = change.update_expression("SET #s = :s").expression_attribute_names("#s", "status");
            let change = change.expression_attribute_values(":s", AttributeValue::S("saved".into()));
            let done =
                tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(change.send()).is_ok());
            assert!(done);
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_that_no_longer_matches_when_its_turn_comes_stays() {
    let (here, bridge) = filled(10).await;
    drop(bridge);
    let options = options(&here);
    let meanwhile = Meanwhile(here.dynamodb().clone(), AtomicUsize::new(0));
    let dynamodb = options.dynamodb.config().to_builder().interceptor(meanwhile).build();
    let bridge = Bridge::new(Options { dynamodb: aws_sdk_dynamodb::Client::from_conf(dynamodb), ..options });
    let deleted = ok(&bridge, "dynamodb_delete_by_query", with(open(), &json!({ "confirm": true }))).await;
    assert_eq!(deleted, json!({ "table": "things", "deleted": 4, "changed_meanwhile": 1 }));
    let left = items(&here, "things").await;
    assert!(left.len() == 6 && left.values().any(|item| item["status"] == AttributeValue::S("saved".into())));
}

/// Items that an earlier call changed stay done through any number of errors.
#[tokio::test]
async fn a_change_that_ends_twice_at_one_item_changes_the_others_once() {
    let here = Here::new().await;
    let bridge = Bridge::new(options(&here));
    table(&bridge).await;
    let all: Vec<_> = (0..40)
        .map(|i| json!({ "pk": "p", "sk": format!("{i:02}"), "n": if i == 3 { json!("none") } else { json!(i) } }))
        .collect();
    ok(&bridge, "dynamodb_put_items", json!({ "table": "things", "items": all })).await;
    let call = json!({ "table": "things", "key_condition": "pk = :p", "update": "SET n = n + :k",
        "values": {":p": "p", ":k": 1000}, "confirm": true });
    let mut cursor = Value::Null;
    for _ in 0..3 {
        let error = err(&bridge, "dynamodb_update_by_query", with(call.clone(), &json!({ "cursor": cursor }))).await;
        assert_eq!(error.code, "ValidationException", "{error}");
        cursor = error.message.rsplit('"').nth(1).unwrap().into();
    }
    let mend = json!({ "table": "things", "items": [{ "pk": "p", "sk": "03", "n": 3 }] });
    ok(&bridge, "dynamodb_put_items", mend).await;
    let rest = ok(&bridge, "dynamodb_update_by_query", with(call, &json!({ "cursor": cursor }))).await;
    assert!(rest.get("changed_meanwhile").is_none(), "{rest}");
    let numbers: Vec<usize> =
        items(&here, "things").await.values().map(|i| i["n"].as_n().unwrap().parse().unwrap()).collect();
    assert_eq!(numbers, (1000..1040).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_confirmed_call_that_finds_nothing_says_why() {
    let (_here, bridge) = filled(6).await;
    let none = json!({ "table": "things", "filter": "status = :s", "values": {":s": "opened"}, "confirm": true });
    let set = with(none.clone(), &json!({ "update": "SET seen = :t", "values": {":s": "opened", ":t": true} }));
    for (tool, call) in [("dynamodb_delete_by_query", none), ("dynamodb_update_by_query", set)] {
        let told = ok(&bridge, tool, call).await;
        assert!(told["note"].as_str().unwrap().contains("open"), "{tool}: {told}");
    }
    let all = err(&bridge, "dynamodb_delete_by_query", json!({ "table": "things", "confirm": true })).await;
    assert!(all.message.contains("attribute_exists(pk)"), "{all}");
}
