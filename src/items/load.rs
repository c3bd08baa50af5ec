//! Brings items into a table: several batches at once, items of one key in their order.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use futures::future::join_all;
use serde::Deserialize;
use tokio::sync::mpsc;

use super::{BatchError, Keys, WRITES, write_batch};
use crate::json::Item;

/// How many batches are under way at once.
const LANES: usize = 8;
/// How many items wait for each of them: the next batch is whole when one is written.
const WAITING: usize = WRITES;
/// How many rows that are no items are told.
const TOLD: usize = 5;
/// How many keys are remembered, to tell of those that come again.
const REMEMBERED: usize = 1_000_000;

/// What becomes of an item that the table has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Exists {
    /// It is replaced.
    #[default]
    Replace,
    /// It stays.
    Skip,
    /// Nothing is loaded from there on.
    Fail,
}

/// How far loading is.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Items that were read.
    pub(crate) read: AtomicU64,
    /// Items that were written.
    pub(crate) written: AtomicU64,
    /// Items that were there already and stay.
    pub(crate) skipped: AtomicU64,
    /// Rows that are no items, or that the table does not take.
    pub(crate) bad: AtomicU64,
    /// Rows whose key an earlier row had.
    pub(crate) again: AtomicU64,
    told: Mutex<Vec<(u64, String)>>,
}

impl Tally {
    /// Takes note of a row that is not loaded.
    pub(crate) fn bad(&self, line: u64, why: String) {
        self.bad.fetch_add(1, Relaxed);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.push((line, why));
        told.sort_unstable();
        told.truncate(TOLD);
    }

    /// The first rows that are not loaded, and why.
    pub(crate) fn told(&self) -> Vec<(u64, String)> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Why loading ended before its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    /// A batch was not taken.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// An item was not taken.
    #[error(transparent)]
    Put(#[from] Box<SdkError<PutItemError, HttpResponse>>),
    /// The item of this line is there already.
    #[error("the item of line {0} is there already")]
    Exists(u64),
}

/// Takes items and hands them to the lanes.
pub(crate) struct Lanes {
    keys: Keys,
    senders: Vec<mpsc::Sender<(u64, Item)>>,
    seen: HashSet<u64>,
}

impl Lanes {
    /// Where items go in, and what [`Lanes::write`] writes.
    pub(crate) fn new(keys: &Keys) -> (Self, Vec<mpsc::Receiver<(u64, Item)>>) {
        let (senders, receivers) = (0..LANES).map(|_| mpsc::channel(WAITING)).unzip();
        (Self { keys: keys.clone(), senders, seen: HashSet::new() }, receivers)
    }

    /// Hands an item on; waits while the lanes are full. Whether more are wanted.
    pub(crate) fn send(&mut self, line: u64, item: Item, tally: &Tally) -> bool {
        let mut hasher = DefaultHasher::new();
        self.keys.canonical(&item).hash(&mut hasher);
        let hash = hasher.finish();
        if self.seen.contains(&hash) || self.seen.len() < REMEMBERED && !self.seen.insert(hash) {
            tally.again.fetch_add(1, Relaxed);
        }
        tally.read.fetch_add(1, Relaxed);
        let at = usize::try_from(hash % LANES as u64).unwrap_or_default();
        self.senders[at].blocking_send((line, item)).is_ok()
    }

    /// Writes what comes. After an error what is under way is still ended, so that `tally` is true.
    pub(crate) async fn write(
        receivers: Vec<mpsc::Receiver<(u64, Item)>>,
        client: &Client,
        table: &str,
        keys: &Keys,
        exists: Exists,
        tally: &Tally,
    ) -> Result<(), LoadError> {
        let lane = Lane { client, table, keys, exists, tally, over: AtomicBool::new(false) };
        join_all(receivers.into_iter().map(|receiver| lane.run(receiver))).await.into_iter().collect()
    }
}

struct Lane<'a> {
    client: &'a Client,
    table: &'a str,
    keys: &'a Keys,
    exists: Exists,
    tally: &'a Tally,
    over: AtomicBool,
}

impl Lane<'_> {
    async fn run(&self, mut items: mpsc::Receiver<(u64, Item)>) -> Result<(), LoadError> {
        let mut batch = Vec::with_capacity(WRITES);
        while items.recv_many(&mut batch, WRITES).await > 0 {
            if self.over.load(Relaxed) {
                break;
            }
            let done = match self.exists {
                Exists::Replace => self.replace(std::mem::take(&mut batch)).await,
                Exists::Skip | Exists::Fail => self.add(std::mem::take(&mut batch)).await,
            };
            if let Err(error) = done {
                self.over.store(true, Relaxed);
                return Err(error);
            }
        }
        Ok(())
    }

    async fn replace(&self, items: Vec<(u64, Item)>) -> Result<(), LoadError> {
        // A batch names each key once: the later item wins.
        let last: HashMap<_, _> =
            items.iter().enumerate().map(|(at, (_, item))| (self.keys.canonical(item), at)).collect();
        let put = |at: &usize| {
            let put = PutRequest::builder().set_item(Some(items[*at].1.clone())).build().ok()?;
            Some(WriteRequest::builder().put_request(put).build())
        };
        let requests: Vec<_> = last.values().filter_map(put).collect();
        match write_batch(self.client, self.table, requests, |done| self.count(done)).await {
            // One of them is at fault, and all are refused: those that are not are written by themselves, in their order, as
            // the later of two may be the one.
            Err(BatchError::Aws(error)) if error.code() == Some("ValidationException") => {
                for (line, item) in items {
                    self.put(line, item, None).await?;
                }
                Ok(())
            }
            done => {
                done?;
                self.count(items.len() - last.len());
                Ok(())
            }
        }
    }

    async fn add(&self, items: Vec<(u64, Item)>) -> Result<(), LoadError> {
        for (line, item) in items {
            if self.over.load(Relaxed) {
                break;
            }
            self.put(line, item, self.keys.names.first()).await?;
        }
        Ok(())
    }

    /// Puts an item; where nothing with its key is there, if that is asked by the name of an attribute that all items have.
    async fn put(&self, line: u64, item: Item, absent: Option<&String>) -> Result<(), LoadError> {
        let request = self.client.put_item().table_name(self.table).set_item(Some(item));
        let request = match absent {
            Some(name) => {
                request.condition_expression("attribute_not_exists(#k)").expression_attribute_names("#k", name)
            }
            None => request,
        };
        match request.send().await {
            Ok(_) => self.count(1),
            Err(error) => match (error.code(), self.exists) {
                (Some("ConditionalCheckFailedException"), Exists::Fail) => return Err(LoadError::Exists(line)),
                (Some("ConditionalCheckFailedException"), _) => drop(self.tally.skipped.fetch_add(1, Relaxed)),
                (Some("ValidationException"), _) => {
                    self.tally.bad(line, error.message().unwrap_or("ValidationException").to_owned());
                }
                _ => return Err(Box::new(error).into()),
            },
        }
        Ok(())
    }

    fn count(&self, written: usize) {
        self.tally.written.fetch_add(u64::try_from(written).unwrap_or_default(), Relaxed);
    }
}
