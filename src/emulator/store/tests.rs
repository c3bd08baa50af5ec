//! The store as its users see it, on disks that fail and machines that crash.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use redb::{Database, StorageBackend};

use super::{Medium, Read, Store, StoreError, Table, prefix_range};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

async fn put(store: &Store, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
    let (key, value) = (key.to_vec(), value.to_vec());
    store
        .write(move |txn| {
            txn.put(Table::Items, key, value);
            Ok(())
        })
        .await
}

fn all(store: &Store) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let snapshot = store.read().unwrap();
    let rows = snapshot.range(Table::Items, (Bound::Unbounded, Bound::Unbounded), false).unwrap();
    rows.map(|row| row.map(|row| (row.key().to_vec(), row.value().to_vec())).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writes_share_commits() {
    let store = Store::open(Medium::Memory).unwrap();
    // The writer is held until all are waiting, so that the count does not depend on the machine's speed.
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (entered, waiting) = tokio::sync::oneshot::channel();
    let first = tokio::spawn({
        let store = store.clone();
        async move {
            let op = move |_: &mut super::Txn<'_>| {
                let _ = entered.send(());
                let _ = held.recv();
                Ok::<_, StoreError>(())
            };
            store.write(op).await
        }
    });
    waiting.await.unwrap();
    let writes: Vec<_> = (0..64_u8)
        .map(|n| {
            let mut write = Box::pin({
                let store = store.clone();
                async move { put(&store, &[n], b"v").await }
            });
            // Polled once, each has queued its job.
            assert!(futures::FutureExt::now_or_never(&mut write).is_none());
            write
        })
        .collect();
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    for write in writes {
        write.await.unwrap();
    }
    assert!(store.counters().commits.load(Ordering::Relaxed) < 16);
    assert_eq!(all(&store).len(), 64);
}

#[tokio::test]
async fn an_operation_that_fails_or_panics_leaves_nothing_and_others_stay() {
    let store = Store::open(Medium::Memory).unwrap();
    let refused: Result<(), StoreError> = store
        .write(|txn| {
            txn.put(Table::Items, b"refused".to_vec(), Vec::new());
            Err(StoreError::Closed)
        })
        .await;
    assert!(refused.is_err());
    let panicked: Result<(), StoreError> = store
        .write(|txn| {
            txn.put(Table::Items, b"panicked".to_vec(), Vec::new());
            panic!("an operation's own bug")
        })
        .await;
    assert!(matches!(panicked, Err(StoreError::Panicked)));
    put(&store, b"kept", b"1").await.unwrap();
    assert_eq!(all(&store).into_keys().collect::<Vec<_>>(), [b"kept".to_vec()]);
}

#[tokio::test]
async fn an_operation_reads_its_own_writes_in_order() {
    let store = Store::open(Medium::Memory).unwrap();
    for key in [b"a", b"c", b"e"] {
        put(&store, key, b"stored").await.unwrap();
    }
    let seen: Vec<(Vec<u8>, Vec<u8>)> = store
        .write(|txn| {
            txn.put(Table::Items, b"b".to_vec(), b"pending".to_vec());
            txn.put(Table::Items, b"c".to_vec(), b"pending".to_vec());
            txn.delete(Table::Items, b"e".to_vec());
            assert_eq!(txn.get(Table::Items, b"e")?, None);
            let rows = txn.range(Table::Items, (Bound::Unbounded, Bound::Unbounded), true)?;
            rows.map(|row| row.map(|row| (row.key().to_vec(), row.value().to_vec()))).collect::<Result<_, StoreError>>()
        })
        .await
        .unwrap();
    let expected = [("c", "pending"), ("b", "pending"), ("a", "stored")];
    assert_eq!(seen, expected.map(|(key, value)| (key.into(), value.into())));
}

#[tokio::test]
async fn the_sequence_goes_on_after_reopening() {
    let temp = tempfile::tempdir().unwrap();
    let medium = Medium::File(temp.path().join("data.redb"));
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method alone is not general enough over lifetimes"
    )]
    let next = |store: Store| async move { store.write(|txn| txn.next_sequence()).await.unwrap() };
    let store = Store::open(medium.clone()).unwrap();
    assert_eq!(next(store.clone()).await, 1);
    assert_eq!(next(store.clone()).await, 2);
    store.close();
    assert!(matches!(put(&store, b"k", b"v").await, Err(StoreError::Closed)));
    let store = Store::open(medium).unwrap();
    assert_eq!(next(store).await, 3);
}

#[tokio::test]
async fn a_range_takes_only_the_rows_that_are_asked_for() {
    let store = Store::open(Medium::Memory).unwrap();
    for n in 0..100_u8 {
        put(&store, &[1, n], b"v").await.unwrap();
    }
    let snapshot = store.read().unwrap();
    assert_eq!(snapshot.range(Table::Items, prefix_range(&[1]), false).unwrap().take(3).count(), 3);
    assert_eq!(store.counters().rows_read.load(Ordering::Relaxed), 3);
}

/// A disk whose durable bytes are those of the last sync, and which can be told to fail or to lose power.
#[derive(Debug, Clone, Default)]
struct Disk(Arc<Mutex<DiskState>>);

#[derive(Debug, Default)]
struct DiskState {
    live: Vec<u8>,
    durable: Vec<u8>,
    syncs: usize,
    /// The sync after which the power is gone: nothing later becomes durable.
    power_off_after: Option<usize>,
    /// How many more writes succeed.
    writes_left: Option<usize>,
}

impl Disk {
    fn opener(&self) -> super::writer::Opener {
        let disk = self.clone();
        Box::new(move || Ok(Database::builder().create_with_backend(disk.clone())?))
    }

    fn store(&self) -> Store {
        Store::start(Medium::File("disk".into()), self.opener()).unwrap()
    }

    /// What is on the disk when the machine starts again.
    fn after_crash(&self) -> Self {
        let durable = self.0.lock().unwrap().durable.clone();
        Self(Arc::new(Mutex::new(DiskState { live: durable.clone(), durable, ..DiskState::default() })))
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, std::io::Error> {
        Ok(self.0.lock().unwrap().live.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), std::io::Error> {
        let start = usize::try_from(offset).unwrap();
        out.copy_from_slice(&self.0.lock().unwrap().live[start..start + out.len()]);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), std::io::Error> {
        self.0.lock().unwrap().live.resize(usize::try_from(len).unwrap(), 0);
        Ok(())
    }

    fn sync_data(&self) -> Result<(), std::io::Error> {
        let mut state = self.0.lock().unwrap();
        state.syncs += 1;
        if state.power_off_after.is_none_or(|last| state.syncs <= last) {
            state.durable = state.live.clone();
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), std::io::Error> {
        let mut state = self.0.lock().unwrap();
        match &mut state.writes_left {
            Some(0) => return Err(std::io::Error::from(std::io::ErrorKind::StorageFull)),
            Some(left) => *left -= 1,
            None => {}
        }
        let start = usize::try_from(offset).unwrap();
        state.live[start..start + data.len()].copy_from_slice(data);
        Ok(())
    }
}

#[test]
fn a_crash_at_any_sync_keeps_every_acknowledged_write_and_invents_none() {
    let runtime = runtime();
    // Of a disk that holds a new store, loses power `later` syncs from now, and is written to all the same.
    let write_all = |later: usize| {
        let disk = Disk::default();
        disk.store().close();
        let store = disk.store();
        let made = disk.0.lock().unwrap().syncs;
        disk.0.lock().unwrap().power_off_after = Some(made + later);
        let acknowledged: Vec<usize> = (0..12_u8)
            .map(|n| {
                runtime.block_on(put(&store, &[n], &[n; 700])).unwrap();
                disk.0.lock().unwrap().syncs
            })
            .collect();
        store.close();
        let kept = acknowledged.iter().filter(|&&syncs| syncs <= made + later).count();
        let all_syncs = disk.0.lock().unwrap().syncs - made;
        (disk, kept, all_syncs)
    };
    let (_, _, total) = write_all(usize::MAX >> 1);
    for last in 0..=total {
        let (disk, kept, _) = write_all(last);
        let found = all(&disk.after_crash().store());
        assert!(found.len() >= kept, "power off after sync {last}: {} of {kept} kept", found.len());
        for (key, value) in found {
            assert_eq!(value, vec![key[0]; 700]);
        }
    }
}

#[test]
fn a_full_disk_fails_the_write_and_the_next_one_succeeds_when_there_is_room() {
    let runtime = runtime();
    for room in 0..40 {
        let disk = Disk::default();
        let store = disk.store();
        runtime.block_on(put(&store, b"before", b"1")).unwrap();
        disk.0.lock().unwrap().writes_left = Some(room);
        let mut acknowledged = vec![b"before".to_vec()];
        for n in 0..8_u8 {
            if runtime.block_on(put(&store, &[n], &vec![n; 5000])).is_ok() {
                acknowledged.push(vec![n]);
            }
        }
        disk.0.lock().unwrap().writes_left = None;
        runtime.block_on(put(&store, b"after", b"1")).unwrap();
        acknowledged.push(b"after".to_vec());
        let found = all(&store);
        for key in acknowledged {
            assert!(found.contains_key(&key), "room for {room} writes: {key:?} was acknowledged and is gone");
        }
    }
}

/// A disk with rows that the schema before this one has, and a file in its place, for the copy before a migration.
fn disk_of_the_schema_before() -> (Disk, tempfile::TempDir, Medium) {
    let disk = Disk::default();
    let store = disk.store();
    let runtime = runtime();
    for n in 0..6_u8 {
        runtime.block_on(put(&store, &[n], &[n; 700])).unwrap();
    }
    let older = store.write(|txn| {
        txn.put(Table::Meta, b"schema".to_vec(), (super::SCHEMA - 1).to_be_bytes().to_vec());
        Ok::<_, StoreError>(())
    });
    runtime.block_on(older).unwrap();
    store.close();
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("data.redb");
    std::fs::write(&path, "in place of the disk").unwrap();
    (disk.after_crash(), temp, Medium::File(path))
}

#[test]
fn a_crash_at_any_sync_of_a_migration_keeps_every_row() {
    let (older, _temp, medium) = disk_of_the_schema_before();
    let runtime = runtime();
    let migrate = |last: usize| {
        let disk = older.after_crash();
        disk.0.lock().unwrap().power_off_after = Some(last);
        let store = Store::start(medium.clone(), disk.opener()).unwrap();
        let stamp = store.write(|txn| {
            txn.put(Table::Meta, b"stamp".to_vec(), vec![1; 40]);
            Ok::<_, StoreError>(())
        });
        runtime.block_on(stamp).unwrap();
        store.close();
        let syncs = disk.0.lock().unwrap().syncs;
        (disk, syncs)
    };
    let (_, total) = migrate(usize::MAX);
    for last in 0..=total {
        let (disk, _) = migrate(last);
        let store = Store::start(medium.clone(), disk.after_crash().opener()).unwrap();
        let found = all(&store);
        assert_eq!(found.len(), 6, "power off after sync {last} of {total}");
        assert!(found.iter().all(|(key, value)| *value == vec![key[0]; 700]));
        store.close();
    }
}

#[test]
fn a_full_disk_during_a_migration_is_an_error_and_leaves_the_data_to_the_next_try() {
    let (older, temp, medium) = disk_of_the_schema_before();
    let mut refused = 0;
    for room in 0..60 {
        let disk = older.after_crash();
        disk.0.lock().unwrap().writes_left = Some(room);
        match Store::start(medium.clone(), disk.opener()) {
            Ok(store) => store.close(),
            Err(error) => {
                assert!(matches!(error, StoreError::Full), "room for {room} writes: {error}");
                refused += 1;
            }
        }
        disk.0.lock().unwrap().writes_left = None;
        let store = Store::start(medium.clone(), disk.opener()).unwrap();
        assert_eq!(all(&store).len(), 6, "room for {room} writes");
        store.close();
        for entry in std::fs::read_dir(temp.path()).unwrap().map(|entry| entry.unwrap()) {
            if entry.file_name() != "data.redb" {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
    }
    assert!(refused > 0, "some were refused");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any history of batches ends as the same history on a plain map.
    #[test]
    fn group_commit_is_a_plain_map(history in prop::collection::vec((0..20_u8, prop::option::of(any::<u16>()), any::<bool>()), 1..120)) {
        let runtime = runtime();
        let store = Store::open(Medium::Memory).unwrap();
        let mut model = BTreeMap::new();
        let writes: Vec<_> = history
            .iter()
            .map(|&(key, value, refuse)| {
                if !refuse {
                    match value {
                        Some(value) => drop(model.insert(vec![key], value.to_be_bytes().to_vec())),
                        None => drop(model.remove([key].as_slice())),
                    }
                }
                store.write(move |txn| {
                    match value {
                        Some(value) => txn.put(Table::Items, vec![key], value.to_be_bytes().to_vec()),
                        None => txn.delete(Table::Items, vec![key]),
                    }
                    if refuse { Err(StoreError::Closed) } else { Ok(()) }
                })
            })
            .collect();
        // All at once: the order of the queue is the order of the history.
        let results = runtime.block_on(futures::future::join_all(writes));
        prop_assert!(results.iter().zip(&history).all(|(result, (_, _, refused))| result.is_err() == *refused));
        prop_assert_eq!(all(&store), model);
    }
}

#[tokio::test]
async fn a_cleared_table_shows_only_what_is_written_after() {
    let store = Store::open(Medium::Memory).unwrap();
    for key in [b"a", b"b", b"c"] {
        put(&store, key, b"old").await.unwrap();
    }
    let seen = store.write(|txn| {
        txn.put(Table::Items, b"d".to_vec(), b"gone".to_vec());
        txn.clear(Table::Items);
        txn.put(Table::Items, b"b".to_vec(), b"new".to_vec());
        let row = txn.get(Table::Items, b"a")?;
        let rows = txn.prefix(Table::Items, b"")?.collect::<Result<Vec<_>, _>>()?.len();
        Ok::<_, StoreError>((row, rows))
    });
    assert_eq!(seen.await.unwrap(), (None, 1));
    assert_eq!(all(&store), BTreeMap::from([(b"b".to_vec(), b"new".to_vec())]));
}
