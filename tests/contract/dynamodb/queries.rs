//! Queries of a table.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, Select};

use super::{INVALID, fill, item, n, numbers, put, s};
use crate::world::{World, refusal};

fn query(world: &World, table: &str, condition: &str) -> QueryFluentBuilder {
    let query = world.dynamodb.query().table_name(table).key_condition_expression(condition).consistent_read(true);
    query.expression_attribute_values(":pk", s("a"))
}

/// A table with the items 1 to 9 of `a`, and one of another.
async fn nine(world: &World) -> String {
    let table = world.table("t", "pk S, sk N").await;
    let one = |number: i64| item([("pk", s("a")), ("sk", n(number)), ("odd", n(number % 2))]);
    let nine = [5, 9, 1, 7, 3, 2, 8, 4, 6].map(one);
    fill(world, &table, nine.into_iter().chain([item([("pk", s("other")), ("sk", n(1))])])).await;
    table
}

pub async fn items_come_in_the_order_of_their_keys(world: &World) {
    let table = world.table("t", "pk S, sk N").await;
    let keyed = |sk: AttributeValue| item([("pk", s("a")), ("sk", sk)]);
    fill(world, &table, ["10", "9", "-1", "-10", "0.5", "0"].map(|number| keyed(n(number)))).await;
    let all = query(world, &table, "pk = :pk").send().await.unwrap();
    let found: Vec<_> = all.items().iter().map(|item| item["sk"].as_n().unwrap().as_str()).collect();
    assert_eq!(found, ["-10", "-1", "0", "0.5", "9", "10"]);
    assert_eq!((all.count(), all.scanned_count()), (6, 6));
    assert!(all.last_evaluated_key().is_none());

    let table = world.table("b", "pk S, sk B").await;
    let binary = [&[2][..], &[1, 255], &[1], &[255]].map(|bytes| keyed(AttributeValue::B(Blob::new(bytes))));
    fill(world, &table, binary).await;
    let all = query(world, &table, "pk = :pk").send().await.unwrap();
    let found: Vec<_> = all.items().iter().map(|item| item["sk"].as_b().unwrap().as_ref().to_vec()).collect();
    assert_eq!(found, [vec![1], vec![1, 255], vec![2], vec![255]]);

    let table = world.table("s", "pk S, sk S").await;
    let texts = ["b", "a", "ab", "B", "ä", "\u{1F600}", "\u{FFFD}"];
    fill(world, &table, texts.map(|text| keyed(s(text)))).await;
    let all = query(world, &table, "pk = :pk").send().await.unwrap();
    let found: Vec<_> = all.items().iter().map(|item| item["sk"].as_s().unwrap().as_str()).collect();
    assert_eq!(found, ["B", "a", "ab", "b", "ä", "\u{FFFD}", "\u{1F600}"]);
}

pub async fn every_key_condition_selects(world: &World) {
    let table = nine(world).await;
    let cases: [(&str, &[i64]); 7] = [
        ("pk = :pk AND sk = :lo", &[3]),
        ("pk = :pk AND sk < :lo", &[1, 2]),
        ("pk = :pk AND sk <= :lo", &[1, 2, 3]),
        ("sk > :hi AND pk = :pk", &[8, 9]),
        ("pk = :pk AND sk >= :hi", &[7, 8, 9]),
        ("pk = :pk AND sk BETWEEN :lo AND :hi", &[3, 4, 5, 6, 7]),
        ("(pk = :pk) AND (sk = :lo)", &[3]),
    ];
    for (condition, wanted) in cases {
        let mut query = query(world, &table, condition);
        for (name, value) in [(":lo", n(3)), (":hi", n(7))] {
            if condition.contains(name) {
                query = query.expression_attribute_values(name, value);
            }
        }
        assert_eq!(numbers(query.send().await.unwrap().items(), "sk"), wanted, "{condition}");
    }
    let texts = world.table("s", "pk S, sk S").await;
    fill(world, &texts, ["a", "ab", "abc", "b"].map(|text| item([("pk", s("a")), ("sk", s(text))]))).await;
    let found = query(world, &texts, "pk = :pk AND begins_with(sk, :ab)").expression_attribute_values(":ab", s("ab"));
    assert_eq!(found.send().await.unwrap().count(), 2);
}

pub async fn pages_are_the_whole_in_both_directions(world: &World) {
    let table = nine(world).await;
    for forward in [true, false] {
        let mut wanted: Vec<i64> = (1..10).collect();
        if !forward {
            wanted.reverse();
        }
        for limit in [2, 3, 9] {
            let (mut seen, mut start) = (Vec::new(), None);
            loop {
                let ask = query(world, &table, "pk = :pk").limit(limit).scan_index_forward(forward);
                let page = ask.set_exclusive_start_key(start).send().await.unwrap();
                seen.extend(numbers(page.items(), "sk"));
                start = page.last_evaluated_key;
                // A full page tells a last key, even where nothing follows.
                assert_eq!(start.is_some(), page.count == limit, "limit {limit}");
                if start.is_none() {
                    break;
                }
            }
            assert_eq!(seen, wanted, "limit {limit}");
        }
    }
}

pub async fn a_filter_takes_away_after_the_limit(world: &World) {
    let table = nine(world).await;
    let ask = query(world, &table, "pk = :pk").limit(4).filter_expression("odd = :odd");
    let page = ask.expression_attribute_values(":odd", n(1)).send().await.unwrap();
    assert_eq!((numbers(page.items(), "sk"), page.count(), page.scanned_count()), (vec![1, 3], 2, 4));
    assert_eq!(page.last_evaluated_key().unwrap()["sk"], n(4));
}

pub async fn a_query_counts_or_projects(world: &World) {
    let table = nine(world).await;
    let counted = query(world, &table, "pk = :pk").select(Select::Count).send().await.unwrap();
    assert_eq!((counted.count(), counted.items.is_none()), (9, true));
    let projected = query(world, &table, "pk = :pk").limit(1).projection_expression("odd").send().await.unwrap();
    assert_eq!(projected.items(), [item([("odd", n(1))])]);
}

pub async fn a_page_ends_at_a_megabyte(world: &World) {
    let table = world.table("t", "pk S, sk N").await;
    for number in 0..4 {
        put(world, &table, item([("pk", s("a")), ("sk", n(number)), ("x", s(&"x".repeat(380_000)))])).await;
    }
    let page = query(world, &table, "pk = :pk").send().await.unwrap();
    let first = numbers(page.items(), "sk");
    assert!([&[0, 1][..], &[0, 1, 2]].contains(&first.as_slice()), "{first:?}");
    let rest = query(world, &table, "pk = :pk").set_exclusive_start_key(page.last_evaluated_key).send().await.unwrap();
    assert_eq!([first, numbers(rest.items(), "sk")].concat(), [0, 1, 2, 3]);
    assert!(rest.last_evaluated_key().is_none());
}

pub async fn queries_that_are_wrong_are_refused(world: &World) {
    let table = nine(world).await;
    for condition in
        ["sk = :pk", "pk > :pk", "pk = :pk OR sk = :pk", "pk = :pk AND odd = :pk", "pk = :pk AND sk <> :pk"]
    {
        assert_eq!(refusal(query(world, &table, condition).send().await), INVALID, "{condition}");
    }
    let key_filtered = query(world, &table, "pk = :pk").filter_expression("sk = :pk").send().await;
    assert_eq!(refusal(key_filtered), INVALID);
    assert_eq!(refusal(query(world, &table, "pk = :pk").limit(0).send().await), INVALID);
    let start = item([("pk", s("a"))]);
    assert_eq!(refusal(query(world, &table, "pk = :pk").set_exclusive_start_key(Some(start)).send().await), INVALID);
    let no_index = query(world, &table, "pk = :pk").index_name("absent").consistent_read(false).send().await;
    assert_eq!(refusal(no_index), INVALID);
}
