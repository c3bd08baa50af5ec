//! Checking a closed directory: each kind of damage is found, and nothing else; what can be repaired is.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use footbridge::clock::{RandomIds, SystemClock};
use footbridge::emulator::fsck::{self, Kind, Outcome, Report, Silent};
use footbridge::emulator::s3::BlobId;
use footbridge::emulator::s3::quarantine::{Quarantine, Why};
use footbridge::emulator::store::{Medium, Read, Store, StoreError, Table, Txn};
use serde_json::{Value, json};

use crate::harness::World;

const PART: usize = 5 << 20;
const LARGE: usize = 70_000;
const SMALL: usize = 100;
const OPEN: usize = 200;

/// A closed directory with an object in each form: a small one, a large one and its copy, one of two parts, an upload.
async fn filled() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let world = World::at(directory.path());
    world.bucket("shop").await;
    world.send("PUT", "/shop/small", &[], vec![1; SMALL]).await;
    world.send("PUT", "/shop/large", &[], vec![2; LARGE]).await;
    world.send("PUT", "/shop/copy", &[("x-amz-copy-source", "shop/large")], "").await;
    let begin = async |key: &str| {
        let begun = world.send("POST", &format!("/shop/{key}?uploads"), &[], "").await;
        begun.element("UploadId").unwrap()
    };
    let upload = begin("parts").await;
    let mut listed = String::new();
    for (number, part) in [(1, vec![3; PART]), (2, vec![4; 8])] {
        let sent = world.send("PUT", &format!("/shop/parts?partNumber={number}&uploadId={upload}"), &[], part).await;
        let etag = sent.header("etag").unwrap();
        listed += &format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
    }
    let document = format!("<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>");
    assert_eq!(world.send("POST", &format!("/shop/parts?uploadId={upload}"), &[], document).await.status, 200);
    let upload = begin("open").await;
    world.send("PUT", &format!("/shop/open?partNumber=7&uploadId={upload}"), &[], vec![5; OPEN]).await;
    world.service.settle().await;
    world.close().await;
    directory
}

/// Checks the directory, and repairs it where that is asked for.
pub async fn check(directory: &Path, repair: bool) -> Report {
    let store = Store::open(Medium::File(directory.join("footbridge.redb"))).unwrap();
    let checked = fsck::check(directory, &store, &Silent).unwrap();
    let report = if repair {
        fsck::repair(directory, &store, checked, &RandomIds, &SystemClock).await.unwrap()
    } else {
        checked.report
    };
    store.close();
    report
}

async fn tamper<T: Send + 'static>(
    directory: &Path,
    op: impl FnOnce(&mut Txn<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    let store = Store::open(Medium::File(directory.join("footbridge.redb"))).unwrap();
    let done = store.write(op).await.unwrap();
    store.close();
    done
}

fn rows(read: &impl Read, table: Table) -> Vec<(Vec<u8>, Vec<u8>)> {
    read.prefix(table, &[])
        .unwrap()
        .map(|row| row.map(|row| (row.key().to_vec(), row.value().to_vec())).unwrap())
        .collect()
}

/// The row of the body of this length.
fn body_row(read: &impl Read, length: usize) -> (Vec<u8>, Value) {
    let all = rows(read, Table::Blobs).into_iter().map(|(key, row)| (key, serde_json::from_slice(&row).unwrap()));
    all.into_iter().find(|(_, row): &(_, Value)| row["size"] == length).unwrap()
}

/// The file of the body of this length, and its id.
fn body(directory: &Path, length: usize) -> (PathBuf, BlobId) {
    let files = std::fs::read_dir(directory.join("blobs")).unwrap().map(|entry| entry.unwrap().path());
    let path = { files }.find(|path| path.metadata().unwrap().len() == length as u64).unwrap();
    let id = BlobId::from_name(path.file_name().unwrap().to_str().unwrap()).unwrap();
    (path, id)
}

fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

fn aside(directory: &Path, id: BlobId) {
    let why = Why { why: "a test".to_owned(), identity: None };
    Quarantine::of(directory).set_aside(&[id], why, SystemTime::now()).unwrap().unwrap();
}

fn found(report: &Report) -> Vec<(Kind, Outcome)> {
    report.findings.iter().map(|finding| (finding.kind, finding.outcome)).collect()
}

fn keys(report: &Report) -> Vec<String> {
    let mut keys: Vec<_> =
        report.findings.iter().flat_map(|finding| &finding.objects).map(|object| object.key.clone()).collect();
    keys.sort();
    keys
}

/// The directory is checked, repaired and checked again, and these come: what the first check finds, what the second does.
#[track_caller]
fn expect(directory: &Path, first: &[(Kind, Outcome)], second: &[(Kind, Outcome)]) -> Vec<Report> {
    let runtime = tokio::runtime::Handle::current();
    let run = |repair| tokio::task::block_in_place(|| runtime.block_on(check(directory, repair)));
    let before = run(false);
    assert_eq!(found(&before), first, "{before:?}");
    let repaired = run(true);
    let outcomes = first.iter().map(|(kind, outcome)| match outcome {
        Outcome::Repairable => (*kind, Outcome::Repaired),
        other => (*kind, *other),
    });
    assert_eq!(found(&repaired), outcomes.collect::<Vec<_>>());
    let after = run(false);
    assert_eq!(found(&after), second, "after the repair: {after:?}");
    assert_eq!(after.quarantine, repaired.quarantine);
    vec![before, repaired, after]
}

use Kind::{
    DamagedBody, DamagedRow, MissingBody, MissingBucket, MissingParts, MissingRow, StrayParts, Unreferenced,
    WrongCount, WrongSize,
};
use Outcome::{Lost, Repairable};

async fn reads(directory: &Path, key: &str) -> (u16, usize) {
    let world = World::at(directory);
    let got = world.send("GET", &format!("/shop/{key}"), &[], "").await;
    world.close().await;
    (got.status, got.body.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_in_order_has_nothing_wrong() {
    let directory = filled().await;
    let reports = expect(directory.path(), &[], &[]);
    let counts = reports[0].checked;
    assert_eq!((counts.buckets, counts.versions, counts.uploads, counts.bodies), (1, 4, 1, 5));
    assert_eq!(counts.bytes, (SMALL + LARGE + PART + 8 + OPEN) as u64);
    assert_eq!(reports[0].waiting, fsck::Waiting::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_gone_or_changed_are_named_with_all_that_is_made_of_them() {
    for (kind, damage) in [
        (MissingBody, (|path| std::fs::remove_file(path).unwrap()) as fn(&Path)),
        (WrongSize, |path| std::fs::write(path, "short").unwrap()),
        (DamagedBody, flip),
    ] {
        let directory = filled().await;
        damage(&body(directory.path(), LARGE).0);
        let reports = expect(directory.path(), &[(kind, Lost)], &[(kind, Lost)]);
        assert_eq!(keys(&reports[0]), ["copy", "large"]);
        assert_eq!(reports[2].left(), 1);
    }
    let directory = filled().await;
    flip(&body(directory.path(), PART).0);
    flip(&body(directory.path(), OPEN).0);
    let reports = expect(directory.path(), &[(DamagedBody, Lost); 2], &[(DamagedBody, Lost); 2]);
    let objects: Vec<_> = reports[0].findings.iter().flat_map(|finding| &finding.objects).collect();
    assert_eq!(keys(&reports[0]), ["open", "parts"]);
    assert!(objects.iter().any(|object| object.part == Some(1) && object.version.is_some()));
    assert!(objects.iter().any(|object| object.part == Some(7) && object.upload.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_moved_aside_and_is_missed_comes_back_if_it_is_whole() {
    let directory = filled().await;
    let (_, id) = body(directory.path(), LARGE);
    aside(directory.path(), id);
    let reports = expect(directory.path(), &[(MissingBody, Repairable)], &[]);
    assert_eq!((reports[0].quarantine.len(), reports[1].quarantine.len()), (1, 0));
    assert_eq!(reads(directory.path(), "copy").await, (200, LARGE));

    // A damaged body gives way to a good one, and is kept.
    let directory = filled().await;
    let (path, id) = body(directory.path(), LARGE);
    aside(directory.path(), id);
    std::fs::write(&path, vec![9; LARGE]).unwrap();
    let reports = expect(directory.path(), &[(DamagedBody, Repairable)], &[]);
    assert_eq!(reports[2].quarantine.len(), 1);
    assert_eq!(reads(directory.path(), "large").await, (200, LARGE));
    let kept = Quarantine::of(directory.path()).bodies(&reports[2].quarantine[0].name).unwrap();
    assert_eq!(kept, [(id, LARGE as u64)]);

    // One that is damaged itself stays where it is.
    let directory = filled().await;
    let (path, id) = body(directory.path(), LARGE);
    flip(&path);
    aside(directory.path(), id);
    let reports = expect(directory.path(), &[(MissingBody, Lost)], &[(MissingBody, Lost)]);
    assert_eq!(reports[2].quarantine.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_bodies_are_counted_anew() {
    for change in [json!({"references": 1}), json!({"references": 7}), json!({"references": 0}), json!({"size": 5})] {
        let directory = filled().await;
        tamper(directory.path(), move |txn| {
            let (key, mut row) = body_row(txn, LARGE);
            assert_eq!(row["references"], 2);
            row.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            txn.put(Table::Blobs, key, serde_json::to_vec(&row).unwrap());
            Ok(())
        })
        .await;
        expect(directory.path(), &[(WrongCount, Repairable)], &[]);
        assert_eq!(reads(directory.path(), "copy").await, (200, LARGE));
    }
    let directory = filled().await;
    tamper(directory.path(), |txn| {
        let (key, _) = body_row(txn, LARGE);
        txn.delete(Table::Blobs, key);
        Ok(())
    })
    .await;
    let reports = expect(directory.path(), &[(MissingRow, Repairable)], &[]);
    assert_eq!(keys(&reports[0]), ["copy", "large"]);
    assert_eq!(reads(directory.path(), "large").await, (200, LARGE));
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_nothing_is_made_of_are_moved_aside_and_never_deleted() {
    // One with a row that counts something.
    let directory = filled().await;
    let id = BlobId::from(uuid::Uuid::from_u128(7));
    std::fs::write(directory.path().join("blobs").join(id.name()), "stray").unwrap();
    tamper(directory.path(), move |txn| {
        txn.put(Table::Blobs, id.key(), json!({"references": 1, "size": 5}).to_string().into_bytes());
        Ok(())
    })
    .await;
    let reports = expect(directory.path(), &[(Unreferenced, Repairable)], &[]);
    assert_eq!((reports[2].quarantine.len(), reports[2].quarantine[0].bytes), (1, 5));

    // One without a row, as a crash leaves it, is nothing wrong; a repair keeps it from the sweep all the same.
    let directory = filled().await;
    std::fs::write(directory.path().join("blobs").join(id.name()), "orphan").unwrap();
    std::fs::write(directory.path().join("blobs").join(format!("{}#1", id.name())), "half").unwrap();
    let reports = expect(directory.path(), &[], &[]);
    let orphan = fsck::Orphan { body: id.name(), bytes: 6, leftover: false };
    assert_eq!(reports[0].waiting.orphans, [orphan]);
    assert_eq!(reports[0].waiting.unfinished, 1);
    assert_eq!((reports[2].waiting.orphans.len(), reports[2].quarantine[0].count), (0, 1));

    // One that still rides in the database.
    let directory = filled().await;
    tamper(directory.path(), move |txn| {
        txn.put(Table::Blobs, id.key(), json!({"references": 1, "size": 5}).to_string().into_bytes());
        txn.put(Table::Riders, id.key(), b"rider".to_vec());
        Ok(())
    })
    .await;
    let reports = expect(directory.path(), &[(Unreferenced, Repairable)], &[]);
    assert_eq!(std::fs::read(reports[2].quarantine[0].path.join(id.name())).unwrap(), b"rider");
    assert_eq!(reports[2].waiting.riders, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_was_damaged_in_the_database_is_found_there() {
    let directory = filled().await;
    let (path, id) = body(directory.path(), SMALL);
    // As if the move had broken off: the file is whole, and the database has other bytes.
    tamper(directory.path(), move |txn| {
        txn.put(Table::Riders, id.key(), vec![6; SMALL]);
        Ok(())
    })
    .await;
    expect(directory.path(), &[(DamagedBody, Repairable)], &[]);
    assert_eq!(reads(directory.path(), "small").await, (200, SMALL));
    std::fs::remove_file(&path).unwrap();
    tamper(directory.path(), move |txn| {
        txn.put(Table::Riders, id.key(), vec![6; SMALL]);
        Ok(())
    })
    .await;
    let reports = expect(directory.path(), &[(DamagedBody, Lost)], &[(DamagedBody, Lost)]);
    assert_eq!(keys(&reports[0]), ["small"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_and_what_they_belong_to_are_held_against_each_other() {
    // A part of an object is gone.
    let directory = filled().await;
    tamper(directory.path(), |txn| {
        let parts = rows(txn, Table::Parts);
        let (key, _) = parts
            .iter()
            .find(|(_, row)| {
                let row: Value = serde_json::from_slice(row).unwrap();
                row["size"] == 8
            })
            .unwrap();
        txn.delete(Table::Parts, key.clone());
        Ok(())
    })
    .await;
    let first = [(Unreferenced, Repairable), (MissingParts, Lost)];
    let reports = expect(directory.path(), &first, &[(MissingParts, Lost)]);
    assert_eq!(keys(&reports[0]), ["parts"]);
    // The row of an open upload is gone, and its parts are not.
    let directory = filled().await;
    tamper(directory.path(), |txn| {
        for (key, _) in rows(txn, Table::Uploads) {
            txn.delete(Table::Uploads, key);
        }
        Ok(())
    })
    .await;
    let reports = expect(directory.path(), &[(Unreferenced, Repairable), (StrayParts, Repairable)], &[]);
    assert_eq!(reports[2].quarantine[0].bytes, OPEN as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_stay_as_long_as_a_row_that_may_own_them_cannot_be_read() {
    for (table, parts) in [(Table::Versions, 2), (Table::Uploads, 1)] {
        let directory = filled().await;
        let (key, row) = tamper(directory.path(), move |txn| {
            let owner = rows(txn, table).into_iter().rfind(|(key, _)| {
                let names = |name: &[u8]| key.windows(name.len()).any(|window| window == name);
                names(b"parts") || names(b"open")
            });
            let (key, row) = owner.unwrap();
            txn.put(table, key.clone(), b"{".to_vec());
            Ok((key, row))
        })
        .await;
        let found = [(DamagedRow, Lost), (StrayParts, Lost)];
        let reports = expect(directory.path(), &found, &found);
        let what = &reports[0].findings[1].what;
        assert!(what.starts_with(&format!("{parts} parts of upload")) && what.contains("cannot be read"), "{what}");
        assert_eq!(reports[2].quarantine, []);
        // Somebody puts the row right, and all is as it was.
        tamper(directory.path(), move |txn| {
            txn.put(table, key, row);
            Ok(())
        })
        .await;
        expect(directory.path(), &[], &[]);
        assert_eq!(reads(directory.path(), "parts").await, (200, PART + 8));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_cannot_be_read_or_lead_nowhere_are_named() {
    let directory = filled().await;
    tamper(directory.path(), |txn| {
        let (key, _) = rows(txn, Table::Versions).remove(0);
        txn.put(Table::Versions, key, b"{".to_vec());
        Ok(())
    })
    .await;
    // The first key is `copy`, whose body `large` has too.
    let reports = expect(directory.path(), &[(WrongCount, Repairable), (DamagedRow, Lost)], &[(DamagedRow, Lost)]);
    assert!(reports[0].findings[1].what.contains("s3_versions"), "{}", reports[0].findings[1].what);
    assert_eq!(reads(directory.path(), "large").await, (200, LARGE));

    let directory = filled().await;
    tamper(directory.path(), |txn| {
        txn.delete(Table::Buckets, b"shop".to_vec());
        Ok(())
    })
    .await;
    let reports = expect(directory.path(), &[(MissingBucket, Lost); 5], &[(MissingBucket, Lost); 5]);
    assert_eq!(keys(&reports[0]), ["copy", "large", "open", "parts", "small"]);
}
