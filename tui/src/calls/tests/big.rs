//! A hundred thousand calls: what keys and news cost is counted in rows that are looked at, not in time.

use super::make::Make;
use crate::calls::list::{List, Sort};
use crate::row::{Names, Row};

const COUNT: usize = 100_000;
const HEIGHT: usize = 40;

fn rows(names: &mut Names, from: usize, to: usize) -> Vec<Row> {
    // Written once, and told apart by what is cheap to change.
    let of = |names: &mut Names, tool: &str| Make::tool(tool).on("dynamodb://Orders").took(1.5).row(1, names);
    let kinds = [of(names, "dynamodb_query"), of(names, "dynamodb_put_items"), of(names, "s3_get_object")];
    (from..to)
        .map(|number| {
            let mut row = kinds[number % 3].clone();
            (row.id, row.at) = (uuid::Uuid::from_u128(number as u128), number as u64);
            // Neither sorted nor random.
            row.ms = u16::try_from(number * 7919 % 1009).unwrap().into();
            row
        })
        .collect()
}

/// How many rows `turn` looks at.
fn visits(list: &mut List, turn: impl FnOnce(&mut List)) -> usize {
    list.store.visits.set(0);
    turn(list);
    list.store.visits.get()
}

#[test]
fn a_hundred_thousand_calls_are_not_looked_at_with_each_key() {
    let mut names = Names::default();
    let mut list = List::new(64 << 20);
    // The newest first, then older ones block by block.
    for block in (0..COUNT / 5000).rev() {
        let batch = rows(&mut names, block * 5000, (block + 1) * 5000);
        let seen = visits(&mut list, |list| list.take(batch, 0, HEIGHT));
        assert!(seen < 5000 * 120, "a block of older calls: {seen}");
    }
    assert_eq!((list.len(), list.stats.all.calls), (COUNT, COUNT));

    let live = rows(&mut names, COUNT, COUNT + 50);
    let seen = visits(&mut list, |list| list.take(live, 0, HEIGHT));
    assert!(seen < 50 * 20, "fifty new calls: {seen}");
    let again = rows(&mut names, COUNT, COUNT + 50);
    let seen = visits(&mut list, |list| list.take(again, 0, HEIGHT));
    assert!(seen < 50 * 20, "what became of them: {seen}");

    let seen = visits(&mut list, |list| (0..1000).for_each(|to| list.select(to * 90, HEIGHT)));
    assert_eq!(seen, 1, "a thousand moves: the first pauses");
    for filter in ["q", "qu", "service:s3", ""] {
        let seen = visits(&mut list, |list| assert_eq!(list.set_filter(filter, HEIGHT), None));
        assert!(seen < COUNT * 2, "/{filter}: {seen}");
    }
    for sort in [Sort::Latency, Sort::Name, Sort::Status, Sort::Resource, Sort::Client, Sort::Time] {
        let seen = visits(&mut list, |list| list.set_sort(sort, HEIGHT));
        assert!(seen < COUNT * 3, "{sort:?}: {seen}");
    }
    list.set_sort(Sort::Latency, HEIGHT);
    let live = rows(&mut names, COUNT + 50, COUNT + 100);
    let seen = visits(&mut list, |list| list.take(live, 0, HEIGHT));
    assert!(seen < 50 * 100, "fifty new calls among sorted ones: {seen}");
}

#[test]
fn a_row_takes_no_more_than_it_should() {
    let mut names = Names::default();
    let query = serde_json::json!({
        "TableName": "orders", "KeyConditionExpression": "pk = :p and begins_with(sk, :s)", "Limit": 20,
        "ExpressionAttributeValues": {":p": {"S": "CUSTOMER#1234567"}, ":s": {"S": "ORDER#2026-"}},
    });
    let came = serde_json::json!({"Count": 20, "ScannedCount": 20, "ConsumedCapacity": {"CapacityUnits": 2.0}});
    let make = Make::operation("dynamodb", "Query").on("dynamodb://orders").asked(query).took(3.0).came(came);
    let row = make.row(1, &mut names);
    assert!(!row.asked().is_empty() && row.came().contains("2 RCU"));
    // With what the index and the lists have of it.
    assert!(row.weight() + 48 <= 350, "{} bytes", row.weight());
}
