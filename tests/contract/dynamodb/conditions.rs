//! Conditions on writes.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use futures::future::join_all;

use super::{FAILED, INVALID, Item, get, item, n, put, putting, s};
use crate::world::{World, refusal};

/// Whether a condition holds for the item `a`: a delete that it would refuse.
async fn holds(world: &World, table: &str, condition: &str) -> bool {
    let names = [("#s", "status"), ("#l", "list"), ("#m", "map")];
    let values =
        [(":n5", n(5)), (":n9", n(9)), (":red", s("red")), (":re", s("re")), (":type", s("S")), (":one", n(1))];
    let mut update =
        world.dynamodb.update_item().table_name(table).key("pk", s("a")).update_expression("SET seen = :t");
    update = update.expression_attribute_values(":t", n(0)).condition_expression(condition);
    for (name, attribute) in names.into_iter().filter(|(name, _)| condition.contains(name)) {
        update = update.expression_attribute_names(name, attribute);
    }
    for (name, value) in values.into_iter().filter(|(name, _)| mentions(condition, name)) {
        update = update.expression_attribute_values(name, value);
    }
    match update.send().await {
        Ok(_) => true,
        error => {
            assert_eq!(refusal(error), FAILED, "{condition}");
            false
        }
    }
}

/// Whether a condition names this value, and not only a longer one.
fn mentions(condition: &str, name: &str) -> bool {
    condition.split(|letter: char| !(letter.is_alphanumeric() || letter == ':')).any(|word| word == name)
}

fn subject() -> Item {
    item([
        ("pk", s("a")),
        ("n", n(7)),
        ("status", s("red")),
        ("list", AttributeValue::L(vec![n(1), s("red")])),
        ("map", AttributeValue::M(item([("x", n(5))]))),
        ("colors", AttributeValue::Ss(vec!["red".into(), "blue".into()])),
    ])
}

pub async fn every_comparison_and_function_decides(world: &World) {
    let table = world.table("t", "pk S").await;
    put(world, &table, subject()).await;
    let cases = [
        ("n > :n5 AND n < :n9", true),
        ("n BETWEEN :n5 AND :n9", true),
        ("n BETWEEN :n9 AND :n9", false),
        ("n IN (:n5, :n9)", false),
        ("n <> :n5", true),
        ("absent <> :n5", true),
        ("absent = :n5", false),
        ("n = :red", false),
        ("n <= :n5 OR #s = :red", true),
        ("NOT (n <= :n5 OR #s = :red)", false),
        ("NOT n <= :n5 AND #s = :red", true),
        ("begins_with(#s, :re)", true),
        ("contains(#s, :re)", true),
        ("contains(#l, :red)", true),
        ("contains(#l, :re)", false),
        ("contains(colors, :red)", true),
        ("attribute_type(#s, :type)", true),
        ("attribute_type(n, :type)", false),
        ("attribute_exists(#m.x)", true),
        ("attribute_not_exists(#m.y)", true),
        ("size(#s) < :n5", true),
        ("size(colors) > :one", true),
        ("#l[0] = :one", true),
        ("#l[9] = :one", false),
        ("#m.x = :n5", true),
        ("n > #m.x", true),
    ];
    for (condition, wanted) in cases {
        assert_eq!(holds(world, &table, condition).await, wanted, "{condition}");
    }
}

pub async fn a_put_may_want_that_nothing_is_there(world: &World) {
    let table = world.table("t", "pk S").await;
    let put = |value: i64| {
        let put = putting(world, &table, item([("pk", s("a")), ("v", n(value))]));
        put.condition_expression("attribute_not_exists(pk)")
    };
    put(1).send().await.unwrap();
    let refused = put(2).return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    match refused.send().await.unwrap_err().into_service_error() {
        PutItemError::ConditionalCheckFailedException(failed) => {
            assert_eq!(failed.message(), Some("The conditional request failed"));
            assert_eq!(failed.item, Some(item([("pk", s("a")), ("v", n(1))])));
        }
        other => panic!("{other}"),
    }
    assert_eq!(get(world, &table, item([("pk", s("a"))])).await.unwrap()["v"], n(1));
}

pub async fn a_delete_may_want_what_is_there(world: &World) {
    let table = world.table("t", "pk S").await;
    put(world, &table, item([("pk", s("a")), ("v", n(1))])).await;
    let delete = |value: i64| {
        let delete = world.dynamodb.delete_item().table_name(&table).key("pk", s("a")).condition_expression("v = :v");
        delete.expression_attribute_values(":v", n(value)).send()
    };
    assert_eq!(refusal(delete(2).await), FAILED);
    delete(1).await.unwrap();
    assert_eq!(refusal(delete(1).await), FAILED);
}

pub async fn of_many_conditional_puts_one_wins(world: &World) {
    let table = world.table("t", "pk S").await;
    let racing = (0..8).map(|value| {
        let put = putting(world, &table, item([("pk", s("a")), ("v", n(value))]));
        put.condition_expression("attribute_not_exists(pk)").send()
    });
    let outcomes = join_all(racing).await;
    let winners: Vec<usize> = (0..outcomes.len()).filter(|at| outcomes[*at].is_ok()).collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert_eq!(get(world, &table, item([("pk", s("a"))])).await.unwrap()["v"], n(winners[0]));
    for refused in outcomes.into_iter().filter(Result::is_err) {
        assert_eq!(refusal(refused), FAILED);
    }
}

pub async fn expressions_that_are_wrong_are_refused(world: &World) {
    let table = world.table("t", "pk S").await;
    let put = |condition: &str| putting(world, &table, item([("pk", s("a"))])).condition_expression(condition);
    for condition in [
        "",
        "pk",
        "pk =",
        "pk = :undefined",
        "#undefined = pk",
        "status = pk",
        "size(pk)",
        "(pk = pk",
        "no_function(pk)",
    ] {
        assert_eq!(refusal(put(condition).send().await), INVALID, "{condition:?}");
    }
    let unused = put("attribute_not_exists(pk)").expression_attribute_values(":unused", n(1)).send().await;
    assert_eq!(refusal(unused), INVALID);
    let unused = put("attribute_not_exists(pk)").expression_attribute_names("#unused", "x").send().await;
    assert_eq!(refusal(unused), INVALID);
    let without = putting(world, &table, item([("pk", s("a"))])).expression_attribute_values(":v", n(1)).send().await;
    assert_eq!(refusal(without), INVALID);
}
