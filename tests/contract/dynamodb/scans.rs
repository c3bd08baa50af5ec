//! Scans.

use std::collections::BTreeSet;

use super::{INVALID, fill, item, n, numbers, s};
use crate::world::{World, refusal};

const ITEMS: i64 = 20;

async fn twenty(world: &World) -> String {
    let table = world.table("t", "pk N").await;
    fill(world, &table, (0..ITEMS).map(|number| item([("pk", n(number)), ("odd", n(number % 2))]))).await;
    table
}

/// Every item of a segment, page by page.
async fn scanned(world: &World, table: &str, limit: i32, segment: Option<(i32, i32)>) -> Vec<i64> {
    let (mut seen, mut start) = (Vec::new(), None);
    loop {
        let mut scan = world.dynamodb.scan().table_name(table).limit(limit).consistent_read(true);
        if let Some((segment, of)) = segment {
            scan = scan.segment(segment).total_segments(of);
        }
        let page = scan.set_exclusive_start_key(start).send().await.unwrap();
        assert!(page.count <= limit);
        seen.extend(numbers(page.items(), "pk"));
        start = page.last_evaluated_key;
        if start.is_none() {
            return seen;
        }
    }
}

fn sorted(mut seen: Vec<i64>) -> Vec<i64> {
    seen.sort_unstable();
    seen
}

pub async fn pages_are_the_whole(world: &World) {
    let table = twenty(world).await;
    for limit in [3, 20] {
        assert_eq!(sorted(scanned(world, &table, limit, None).await), (0..ITEMS).collect::<Vec<_>>(), "limit {limit}");
    }
}

pub async fn segments_share_the_items(world: &World) {
    let table = twenty(world).await;
    for of in [1, 3] {
        let mut seen = Vec::new();
        for segment in 0..of {
            seen.extend(scanned(world, &table, 8, Some((segment, of))).await);
        }
        assert_eq!(sorted(seen), (0..ITEMS).collect::<Vec<_>>(), "{of} segments");
    }
}

pub async fn a_filter_takes_away_what_does_not_fit(world: &World) {
    let table = twenty(world).await;
    let scan = world.dynamodb.scan().table_name(&table).consistent_read(true).filter_expression("odd = :odd");
    let found = scan.expression_attribute_values(":odd", n(1)).projection_expression("pk").send().await.unwrap();
    assert_eq!((found.count(), found.scanned_count()), (10, 20));
    let odd: BTreeSet<i64> = (0..ITEMS).filter(|number| number % 2 == 1).collect();
    assert_eq!(numbers(found.items(), "pk").into_iter().collect::<BTreeSet<_>>(), odd);
    assert!(found.items().iter().all(|item| item.len() == 1));
}

pub async fn scans_that_are_wrong_are_refused(world: &World) {
    let table = world.table("t", "pk N").await;
    let scan = || world.dynamodb.scan().table_name(&table);
    assert_eq!(refusal(scan().segment(1).total_segments(1).send().await), INVALID);
    assert_eq!(refusal(scan().segment(0).send().await), INVALID);
    assert_eq!(refusal(scan().total_segments(2).send().await), INVALID);
    assert_eq!(refusal(scan().limit(0).send().await), INVALID);
    assert_eq!(refusal(scan().exclusive_start_key("pk", s("of another type")).send().await), INVALID);
}
