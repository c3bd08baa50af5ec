//! Items against what is counted of them and against the entries of indexes.

use footbridge::clock::{RandomIds, SystemClock};
use footbridge::emulator::fsck::{self, Kind, Outcome, Report, Silent};
use footbridge::emulator::store::{Read, StoreError, Table, Txn};
use serde_json::json;

use super::support::Dynamo;
use super::{index, item, table};

/// A table of three items with two indexes, one of which has two of them.
async fn filled() -> Dynamo {
    let dynamo = Dynamo::open();
    let made = table("a b:N", &[index("local", "pk/b:N", "KEYS_ONLY")], &[index("global", "a", "ALL")]);
    dynamo.call("CreateTable", made).await.ok();
    for (sk, attributes) in [(1, &[("a", "x"), ("b", "5")][..]), (2, &[("b", "6")]), (3, &[("a", "y"), ("b", "7")])] {
        let put = json!({"TableName": "tab", "Item": item("one", sk, attributes)});
        dynamo.call("PutItem", put).await.ok();
    }
    dynamo
}

async fn check(dynamo: &Dynamo, repair: bool) -> Report {
    let directory = tempfile::tempdir().expect("a directory");
    let checked = fsck::check(directory.path(), &dynamo.store, &Silent).expect("a check");
    if !repair {
        return checked.report;
    }
    fsck::repair(directory.path(), &dynamo.store, checked, &RandomIds, &SystemClock).await.expect("a repair")
}

fn found(report: &Report) -> Vec<(Kind, Outcome)> {
    report.findings.iter().map(|finding| (finding.kind, finding.outcome)).collect()
}

async fn tamper(dynamo: &Dynamo, op: impl FnOnce(&mut Txn<'_>) + Send + 'static) {
    let done = dynamo.store.write(move |txn| {
        op(txn);
        Ok::<_, StoreError>(())
    });
    done.await.expect("a write");
}

/// The keys of all rows of a table of the store.
fn keys(txn: &Txn<'_>, table: Table) -> Vec<Vec<u8>> {
    let rows = txn.prefix(table, &[]).expect("rows");
    rows.map(|row| row.expect("a row").key().to_vec()).collect()
}

#[tokio::test]
async fn tables_in_order_have_nothing_wrong() {
    let dynamo = filled().await;
    let report = check(&dynamo, false).await;
    assert_eq!(found(&report), []);
    assert_eq!((report.checked.tables, report.checked.items), (1, 3));
}

#[tokio::test]
async fn counts_that_are_wrong_are_counted_anew() {
    let dynamo = filled().await;
    tamper(&dynamo, |txn| {
        // Those of the table and of both indexes; the sizes of collections have longer keys.
        for key in keys(txn, Table::TableStats).into_iter().filter(|key| key.len() == 8) {
            txn.put(Table::TableStats, key, vec![0; 16]);
        }
    })
    .await;
    assert_eq!(found(&check(&dynamo, false).await), [(Kind::WrongStats, Outcome::Repairable); 3]);
    assert_eq!(found(&check(&dynamo, true).await), [(Kind::WrongStats, Outcome::Repaired); 3]);
    assert_eq!(found(&check(&dynamo, false).await), []);
    let described = dynamo.call("DescribeTable", json!({"TableName": "tab"})).await.ok();
    assert_eq!(described["Table"]["ItemCount"], 3);
}

#[tokio::test]
async fn entries_that_are_missing_or_too_many_are_put_right() {
    let dynamo = filled().await;
    tamper(&dynamo, |txn| {
        // The items come first, then the entries of one index and then of the other.
        let all = keys(txn, Table::Items);
        assert_eq!(all.len(), 3 + 3 + 2);
        txn.delete(Table::Items, all[3].clone());
        let mut surplus = all[7].clone();
        surplus.push(1);
        let row = txn.get(Table::Items, &all[7]).expect("a row").expect("an entry");
        txn.put(Table::Items, surplus, row);
    })
    .await;
    let report = check(&dynamo, false).await;
    assert_eq!(found(&report), [(Kind::WrongIndex, Outcome::Repairable); 2]);
    check(&dynamo, true).await;
    assert_eq!(found(&check(&dynamo, false).await), []);
    let request = json!({"TableName": "tab", "IndexName": "local"});
    assert_eq!(dynamo.call("Scan", request).await.ok()["Count"], 3);
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_named_with_its_table() {
    let dynamo = filled().await;
    tamper(&dynamo, |txn| {
        let first = keys(txn, Table::Items).remove(0);
        txn.put(Table::Items, first, vec![0; 3]);
    })
    .await;
    let report = check(&dynamo, false).await;
    assert_eq!(found(&report), [(Kind::DamagedRow, Outcome::Lost)], "its entries in indexes are left alone");
    assert!(report.findings[0].what.contains("table tab"), "{}", report.findings[0].what);
}
