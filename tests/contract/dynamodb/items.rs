//! Items: put, got, deleted, and what their attributes may be.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, ReturnValue};

use super::{INVALID, get, item, n, put, putting, s};
use crate::world::{World, refusal};

/// The attribute with the elements of sets in one order.
fn sorted(value: &AttributeValue) -> AttributeValue {
    match value.clone() {
        AttributeValue::Ss(mut set) => {
            set.sort_unstable();
            AttributeValue::Ss(set)
        }
        AttributeValue::Ns(mut set) => {
            set.sort_unstable();
            AttributeValue::Ns(set)
        }
        AttributeValue::Bs(mut set) => {
            set.sort_unstable_by_key(|blob| blob.as_ref().to_vec());
            AttributeValue::Bs(set)
        }
        other => other,
    }
}

pub async fn every_type_comes_back_as_it_was_put(world: &World) {
    let table = world.table("t", "pk S").await;
    let inner = item([("empty", s("")), ("list", AttributeValue::L(vec![n(1), AttributeValue::Null(true)]))]);
    let wanted = item([
        ("pk", s("a")),
        ("string", s("ü \u{1F600} \u{0}")),
        ("number", n("-12345678901234567890.123456789")),
        ("binary", AttributeValue::B(Blob::new([0, 255, 10]))),
        ("empty binary", AttributeValue::B(Blob::new([]))),
        ("bool", AttributeValue::Bool(false)),
        ("null", AttributeValue::Null(true)),
        ("map", AttributeValue::M(inner)),
        ("empty map", AttributeValue::M(item([]))),
        ("list", AttributeValue::L(vec![s("x"), n(2), AttributeValue::L(vec![])])),
        ("strings", AttributeValue::Ss(vec!["a".into(), "ä".into()])),
        ("numbers", AttributeValue::Ns(vec!["-1".into(), "2".into()])),
        ("binaries", AttributeValue::Bs(vec![Blob::new([1]), Blob::new([2])])),
    ]);
    put(world, &table, wanted.clone()).await;
    let got = get(world, &table, item([("pk", s("a"))])).await.unwrap();
    assert_eq!(got.len(), wanted.len());
    for (name, value) in &wanted {
        assert_eq!(&sorted(&got[name]), value, "{name}");
    }
}

pub async fn a_put_replaces_and_a_delete_tells_what_was_there(world: &World) {
    let table = world.table("t", "pk S, sk N").await;
    let key = || item([("pk", s("a")), ("sk", n(1))]);
    assert_eq!(get(world, &table, key()).await, None);
    let first = item([("pk", s("a")), ("sk", n(1)), ("x", s("first")), ("only first", n(1))]);
    let second = item([("pk", s("a")), ("sk", n(1)), ("x", s("second"))]);
    let old = |put: aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder| {
        put.return_values(ReturnValue::AllOld).send()
    };
    assert_eq!(old(putting(world, &table, first.clone())).await.unwrap().attributes, None);
    assert_eq!(old(putting(world, &table, second.clone())).await.unwrap().attributes, Some(first));
    assert_eq!(get(world, &table, key()).await, Some(second.clone()));
    let delete = || {
        let delete = world.dynamodb.delete_item().table_name(&table).set_key(Some(key()));
        delete.return_values(ReturnValue::AllOld).send()
    };
    assert_eq!(delete().await.unwrap().attributes, Some(second));
    assert_eq!(delete().await.unwrap().attributes, None);
    assert_eq!(get(world, &table, key()).await, None);
}

pub async fn a_projection_gives_what_it_names(world: &World) {
    let table = world.table("t", "pk S").await;
    let inner = item([("b", n(1)), ("c", AttributeValue::L(vec![n(10), n(20), n(30)]))]);
    put(world, &table, item([("pk", s("a")), ("m", AttributeValue::M(inner)), ("x.y", n(2)), ("size", n(3))])).await;
    let get = world.dynamodb.get_item().table_name(&table).key("pk", s("a"));
    let get = get.projection_expression("m.c[1], #xy, #size, absent").consistent_read(true);
    let got = get.expression_attribute_names("#xy", "x.y").expression_attribute_names("#size", "size");
    let wanted = item([("c", AttributeValue::L(vec![n(20)]))]);
    let wanted = item([("m", AttributeValue::M(wanted)), ("x.y", n(2)), ("size", n(3))]);
    assert_eq!(got.send().await.unwrap().item, Some(wanted));
}

pub async fn numbers_are_kept_exactly(world: &World) {
    let table = world.table("t", "pk S").await;
    let cases = [
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        ("1.50", "1.5"),
        ("100", "100"),
        ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
        ("0.1", "0.1"),
        ("1e3", "1000"),
    ];
    for (given, kept) in cases {
        put(world, &table, item([("pk", s("a")), ("n", n(given))])).await;
        let got = get(world, &table, item([("pk", s("a"))])).await.unwrap();
        assert_eq!(got["n"], n(kept), "{given}");
    }
    for wrong in ["", "x", "1e126", "123456789012345678901234567890123456789", "NaN", "1 2"] {
        let refused = putting(world, &table, item([("pk", s("a")), ("n", n(wrong))])).send().await;
        assert_eq!(refusal(refused), INVALID, "{wrong}");
    }
}

pub async fn keys_are_held_to_their_types(world: &World) {
    let table = world.table("t", "pk S, sk N").await;
    let cases = [
        item([("pk", s("a"))]),
        item([("pk", n(1)), ("sk", n(1))]),
        item([("pk", s("")), ("sk", n(1))]),
        item([("pk", AttributeValue::Null(true)), ("sk", n(1))]),
    ];
    for wrong in cases {
        assert_eq!(refusal(putting(world, &table, wrong.clone()).send().await), INVALID, "{wrong:?}");
    }
    let more = item([("pk", s("a")), ("sk", n(1)), ("x", n(1))]);
    let get = world.dynamodb.get_item().table_name(&table).set_key(Some(more)).send().await;
    assert_eq!(refusal(get), INVALID);
    // A key of 2,048 bytes is the longest.
    put(world, &table, item([("pk", s(&"k".repeat(2048))), ("sk", n(1))])).await;
    let longer = putting(world, &table, item([("pk", s(&"k".repeat(2049))), ("sk", n(1))])).send().await;
    assert_eq!(refusal(longer), INVALID);
}

pub async fn sets_are_never_empty_and_hold_nothing_twice(world: &World) {
    let table = world.table("t", "pk S").await;
    for wrong in [
        AttributeValue::Ss(vec![]),
        AttributeValue::Ss(vec!["a".into(), "a".into()]),
        AttributeValue::Ns(vec!["1".into(), "1.0".into()]),
    ] {
        let refused = putting(world, &table, item([("pk", s("a")), ("set", wrong.clone())])).send().await;
        assert_eq!(refusal(refused), INVALID, "{wrong:?}");
    }
}

pub async fn an_item_has_at_most_400_kilobytes(world: &World) {
    let table = world.table("t", "pk S").await;
    // Names count too: 2 + 1 and 1.
    let largest = 400 * 1024 - 4;
    put(world, &table, item([("pk", s("a")), ("x", s(&"x".repeat(largest)))])).await;
    let larger = putting(world, &table, item([("pk", s("a")), ("x", s(&"x".repeat(largest + 1)))])).send().await;
    assert_eq!(refusal(larger), INVALID);
}

pub async fn capacity_goes_by_size(world: &World) {
    let table = world.table("t", "pk S").await;
    let big = item([("pk", s("a")), ("x", s(&"x".repeat(5000)))]);
    let put = putting(world, &table, big).return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.unwrap();
    assert_eq!(put.consumed_capacity.unwrap().capacity_units, Some(5.0));
    for (consistent, units) in [(true, 2.0), (false, 1.0)] {
        let get = world.dynamodb.get_item().table_name(&table).key("pk", s("a")).consistent_read(consistent);
        let got = get.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.unwrap();
        assert_eq!(got.consumed_capacity.unwrap().capacity_units, Some(units));
    }
}
