//! The list is what choosing and sorting all calls anew would come to, whatever comes and in whatever batches.

use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::make::Make;
use crate::calls::filter::Filter;
use crate::calls::list::{List, Sort};
use crate::row::{Names, Row, Standing};

const FILTERS: [&str; 9] = [
    "",
    "service:s3",
    "status:err",
    "status:running",
    ">5ms",
    "<=5ms -status:ok",
    "since:1s",
    "-since:2s tool:get",
    "effect:write orders",
];

#[derive(Debug, Clone)]
enum Step {
    /// Calls: number, when they began, which tool, how they stand.
    Batch(Vec<(u8, u16, u8, u8)>),
    Filter(usize),
    Sort(usize),
    Errors(bool),
    Select(usize),
    Follow,
    Wait(u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let call = (0..60_u8, 0..4000_u16, 0..5_u8, 0..8_u8);
    let step = prop_oneof![
        4 => prop::collection::vec(call, 1..12).prop_map(Step::Batch),
        1 => (0..FILTERS.len()).prop_map(Step::Filter),
        1 => (0..Sort::ALL.len()).prop_map(Step::Sort),
        1 => any::<bool>().prop_map(Step::Errors),
        1 => (0..80_usize).prop_map(Step::Select),
        1 => Just(Step::Follow),
        2 => (0..900_u16).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..40)
}

fn row(names: &mut Names, (number, at, tool, standing): (u8, u16, u8, u8)) -> Row {
    let make = match tool {
        0 => Make::tool("s3_get_object").on("s3://media/a"),
        1 => Make::operation("dynamodb", "PutItem").on("dynamodb://Orders"),
        2 => Make::operation("s3", "DeleteObject").on("s3://media/b"),
        3 => Make::tool("dynamodb_query").on("dynamodb://Shop").by("Claude 2"),
        _ => Make::operation("dynamodb", "GetItem").on("dynamodb://Orders"),
    };
    let make = make.at(u64::from(at));
    let make = match standing {
        0 | 1 => make,
        2 => make.failed("NoSuchKey", "It is not there", 2.5),
        ms => make.took(f64::from(ms) * 1.75),
    };
    let row = make.row(u128::from(number) + 1, names);
    if standing == 1 { row.lost() } else { row }
}

/// What is shown of these calls, as one would say it in a line.
fn naive<'a>(rows: impl Iterator<Item = &'a Row>, list: &List, now: u64) -> Vec<&'a Row> {
    let filter = Filter::parse(&list.filter_text).filter;
    let mut rows: Vec<&Row> =
        rows.filter(|row| filter.chooses(row, now) && (!list.errors_only || row.standing.is_bad())).collect();
    rows.sort_by_key(|row| (row.at, row.id));
    match list.sort {
        Sort::Time => {}
        Sort::Latency => rows.sort_by(|a, b| {
            let of = |row: &Row| match row.standing {
                Standing::Running => f64::INFINITY,
                _ => row.elapsed(0).unwrap_or(-1.0),
            };
            of(a).total_cmp(&of(b))
        }),
        Sort::Name => rows.sort_by_key(|row| (row.subject.service.clone(), row.subject.title.clone())),
        Sort::Status => rows.sort_by_key(|row| row.standing),
        Sort::Resource => rows.sort_by_key(|row| row.on()),
        Sort::Client => rows.sort_by_key(|row| (row.origin.client_short.clone(), row.origin.way)),
    }
    rows
}

fn check(list: &List, wanted: &[&Row]) {
    let ids = |rows: &mut dyn Iterator<Item = &Row>| rows.map(|row| (row.at, row.id, row.standing)).collect::<Vec<_>>();
    assert_eq!(ids(&mut list.iter()), ids(&mut wanted.iter().copied()));
    let stats = &list.stats;
    let bad = wanted.iter().filter(|row| row.standing.is_bad()).count();
    assert_eq!((stats.all.calls, stats.all.bad), (wanted.len(), bad));
    let mut took: Vec<f64> =
        wanted.iter().filter(|row| row.standing != Standing::Running).filter_map(|row| row.elapsed(0)).collect();
    took.sort_by(f64::total_cmp);
    for percent in [50, 95, 99] {
        let exact = took.get((took.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        let shown = |ms: Option<f64>| ms.map(footbridge_record::time::duration);
        assert_eq!(shown(stats.all.percentile(percent)), shown(exact), "p{percent} of {took:?}");
    }
    let mut tools: BTreeMap<&str, usize> = BTreeMap::new();
    for row in wanted {
        *tools.entry(&row.subject.name).or_default() += 1;
    }
    let counted: BTreeMap<&str, usize> = stats.tools().iter().map(|(name, of)| (&***name, of.calls)).collect();
    assert_eq!(counted, tools);
    assert!(list.len() == 0 || list.cursor.at < list.len());
    assert!(list.cursor.top <= list.cursor.at);
}

fn take(list: &mut List, steps: Vec<Step>, mut seen: impl FnMut(&List, u64, &[Row])) {
    let (mut names, mut now) = (Names::default(), 3000);
    list.advance(now, 5);
    for step in steps {
        let mut batch = Vec::new();
        match step {
            Step::Batch(calls) => {
                batch = calls.into_iter().map(|call| row(&mut names, call)).collect();
                list.take(batch.clone(), now, 5);
            }
            Step::Filter(at) => assert_eq!(list.set_filter(FILTERS[at], 5), None),
            Step::Sort(at) => list.set_sort(Sort::ALL[at], 5),
            Step::Errors(only) => list.set_errors_only(only, 5),
            Step::Select(to) => list.select(to, 5),
            Step::Follow => list.follow(5),
            Step::Wait(millis) => {
                now += u64::from(millis);
                list.advance(now, 5);
            }
        }
        seen(list, now, &batch);
    }
}

proptest! {
    #[test]
    fn it_is_what_choosing_and_sorting_anew_would_come_to(steps in steps()) {
        let mut list = List::new(usize::MAX);
        let mut known: BTreeMap<Uuid, Row> = BTreeMap::new();
        take(&mut list, steps, |list, now, batch| {
            known.extend(batch.iter().map(|row| (row.id, row.clone())));
            assert_eq!(list.store.len(), known.len());
            check(list, &naive(known.values(), list, now));
        });
    }

    #[test]
    fn where_there_is_little_room_the_newest_stay(steps in steps()) {
        let mut list = List::new(3000);
        let mut known: BTreeMap<Uuid, Row> = BTreeMap::new();
        take(&mut list, steps, |list, now, batch| {
            known.extend(batch.iter().map(|row| (row.id, row.clone())));
            let kept: Vec<Row> =
                list.store.order().iter().map(|slot| list.store.get(*slot).unwrap().clone()).collect();
            assert_eq!(kept.len(), list.store.len());
            assert!(kept.is_sorted_by_key(|row| (row.at, row.id)));
            assert!(kept.iter().all(|row| known[&row.id] == *row));
            let weight: usize = kept.iter().map(Row::weight).sum();
            assert!(kept.len() == 1 || weight <= 3000, "{weight}");
            check(list, &naive(kept.iter(), list, now));
        });
    }
}
