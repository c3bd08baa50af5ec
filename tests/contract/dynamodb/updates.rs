//! Updates.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use futures::future::try_join_all;

use super::{INVALID, Item, get, item, n, put, s};
use crate::world::{World, refusal};

/// Values of an expression by their names.
type Values<'a> = &'a [(&'a str, AttributeValue)];

fn updating(world: &World, table: &str, expression: &str, values: Values<'_>) -> UpdateItemFluentBuilder {
    let update = world.dynamodb.update_item().table_name(table).key("pk", s("a")).update_expression(expression);
    values.iter().fold(update, |update, (name, value)| update.expression_attribute_values(*name, value.clone()))
}

/// The item after an update of it, without its key.
async fn after(world: &World, table: &str, before: Item, expression: &str, values: Values<'_>) -> Item {
    let mut before = before;
    before.insert("pk".to_owned(), s("a"));
    put(world, table, before).await;
    let update = updating(world, table, expression, values).return_values(ReturnValue::AllNew);
    let mut told = update.send().await.unwrap_or_else(|error| panic!("{expression}: {error:?}")).attributes.unwrap();
    assert_eq!(get(world, table, item([("pk", s("a"))])).await.as_ref(), Some(&told), "{expression}");
    told.remove("pk");
    told
}

pub async fn set_writes_values_and_sums(world: &World) {
    let table = world.table("t", "pk S").await;
    let list = |values: &[i64]| AttributeValue::L(values.iter().map(|value| n(*value)).collect());
    let before = || item([("n", n(5)), ("l", list(&[1, 2])), ("m", AttributeValue::M(item([("x", n(1))])))]);
    let cases: [(&str, Values<'_>, &str, AttributeValue); 8] = [
        ("SET n = n + :v", &[(":v", n("1.5"))], "n", n("6.5")),
        ("SET n = :v - n", &[(":v", n(1))], "n", n(-4)),
        ("SET n = l[1]", &[], "n", n(2)),
        ("SET l[9] = :v", &[(":v", n(3))], "l", list(&[1, 2, 3])),
        ("SET l = list_append(:v, l)", &[(":v", list(&[0]))], "l", list(&[0, 1, 2])),
        ("SET n = if_not_exists(n, :v)", &[(":v", n(9))], "n", n(5)),
        ("SET k = if_not_exists(k, :v) + :v", &[(":v", n(9))], "k", n(18)),
        ("SET m.y = :v", &[(":v", n(2))], "m", AttributeValue::M(item([("x", n(1)), ("y", n(2))]))),
    ];
    for (expression, values, name, wanted) in cases {
        assert_eq!(after(world, &table, before(), expression, values).await[name], wanted, "{expression}");
    }
    // Every value is read before any is written.
    let swapped = after(world, &table, item([("x", n(1)), ("y", n(2))]), "SET x = y, y = x", &[]).await;
    assert_eq!(swapped, item([("x", n(2)), ("y", n(1))]));
}

pub async fn remove_add_and_delete_change_what_is_there(world: &World) {
    let table = world.table("t", "pk S").await;
    let set = |values: &[&str]| AttributeValue::Ss(values.iter().map(|value| (*value).to_owned()).collect());
    let list = AttributeValue::L(vec![n(1), n(2), n(3)]);
    let left = after(world, &table, item([("x", n(1)), ("l", list)]), "REMOVE x, l[0], l[1], absent", &[]).await;
    assert_eq!(left, item([("l", AttributeValue::L(vec![n(3)]))]));
    let added = after(world, &table, item([("x", n(1))]), "ADD x :v, y :v", &[(":v", n(2))]).await;
    assert_eq!(added, item([("x", n(3)), ("y", n(2))]));
    let mut added = after(world, &table, item([("x", set(&["a"]))]), "ADD x :v", &[(":v", set(&["a", "b"]))]).await;
    let Some(AttributeValue::Ss(mut elements)) = added.remove("x") else { panic!("{added:?}") };
    elements.sort_unstable();
    assert_eq!(elements, ["a", "b"]);
    let left = after(world, &table, item([("x", set(&["a", "b"]))]), "DELETE x :v", &[(":v", set(&["a", "c"]))]).await;
    assert_eq!(left, item([("x", set(&["b"]))]));
    // A set that loses all of its elements is gone.
    let left = after(world, &table, item([("x", set(&["a"]))]), "DELETE x :v", &[(":v", set(&["a"]))]).await;
    assert_eq!(left, item([]));
}

pub async fn an_update_makes_what_is_not_there(world: &World) {
    let table = world.table("t", "pk S").await;
    updating(world, &table, "SET x = :v", &[(":v", n(1))]).send().await.unwrap();
    assert_eq!(get(world, &table, item([("pk", s("a"))])).await, Some(item([("pk", s("a")), ("x", n(1))])));
    // One that says nothing makes the bare key.
    world.dynamodb.update_item().table_name(&table).key("pk", s("b")).send().await.unwrap();
    assert_eq!(get(world, &table, item([("pk", s("b"))])).await, Some(item([("pk", s("b"))])));
}

pub async fn an_update_tells_what_is_asked(world: &World) {
    let table = world.table("t", "pk S").await;
    let all = |x: i64| item([("pk", s("a")), ("x", n(x)), ("y", n(0))]);
    let cases = [
        (ReturnValue::None, None),
        (ReturnValue::AllOld, Some(all(1))),
        (ReturnValue::AllNew, Some(all(2))),
        (ReturnValue::UpdatedOld, Some(item([("x", n(1))]))),
        (ReturnValue::UpdatedNew, Some(item([("x", n(2))]))),
    ];
    for (asked, told) in cases {
        put(world, &table, all(1)).await;
        let update = updating(world, &table, "SET x = :v", &[(":v", n(2))]).return_values(asked.clone());
        assert_eq!(update.send().await.unwrap().attributes, told, "{asked}");
    }
}

pub async fn additions_at_once_all_count(world: &World) {
    let table = world.table("t", "pk S").await;
    let adding = (0..10).map(|_| updating(world, &table, "ADD x :v", &[(":v", n(1))]).send());
    try_join_all(adding).await.unwrap();
    assert_eq!(get(world, &table, item([("pk", s("a"))])).await.unwrap()["x"], n(10));
}

pub async fn updates_that_are_wrong_are_refused(world: &World) {
    let table = world.table("t", "pk S").await;
    let before = item([("pk", s("a")), ("x", s("text")), ("m", AttributeValue::M(item([])))]);
    put(world, &table, before.clone()).await;
    let one: &[(&str, AttributeValue)] = &[(":v", n(1))];
    let cases = [
        ("SET pk = :v", one),
        ("SET x = x + :v", one),
        ("ADD x :v", one),
        ("SET y = absent", &[]),
        ("SET absent.y = :v", one),
        ("SET m.a.b = :v", one),
        ("SET m.a = :v, m.a.b = :v", one),
        ("SET y = :v, y = :v", one),
        ("SET y = :v SET z = :v", one),
        ("DELETE x :v", one),
        ("SET", &[]),
        ("NOTHING x", &[]),
    ];
    for (expression, values) in cases {
        assert_eq!(refusal(updating(world, &table, expression, values).send().await), INVALID, "{expression}");
    }
    assert_eq!(get(world, &table, item([("pk", s("a"))])).await, Some(before));
}
