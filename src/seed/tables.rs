//! Writes the items of a table.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use futures::future::try_join_all;
use tokio::sync::mpsc;

use super::folder::{ItemFile, TablePlan};
use super::schema::{self, Keys};
use super::{Progress, SeedError, Summary, items};
use crate::json::Item;

/// The most items of one BatchWriteItem.
const BATCH: usize = 25;
/// How many batches are under way at once. Items of one key go the same way, so that the last in the file wins.
const LANES: usize = 8;

/// Makes the table where it is missing, and writes its items.
pub(super) async fn seed(
    plan: &TablePlan,
    client: &Client,
    progress: &dyn Progress,
    summary: &mut Summary,
) -> Result<(), SeedError> {
    let (keys, made) = schema::ensure(plan, client).await?;
    summary.tables += u64::from(made);
    for file in &plan.items {
        summary.items += load(file, &plan.name, &keys, client).await?;
        progress.advance(file.size);
    }
    Ok(())
}

async fn load(file: &ItemFile, table: &str, keys: &Keys, client: &Client) -> Result<u64, SeedError> {
    let (senders, lanes): (Vec<_>, Vec<_>) = (0..LANES).map(|_| mpsc::channel::<Item>(2 * BATCH)).unzip();
    let reading = {
        let (file, keys) = (ItemFile { path: file.path.clone(), ..*file }, keys.clone());
        tokio::task::spawn_blocking(move || {
            items::read(&file, &keys, |item| senders[lane(&item, &keys)].blocking_send(item).is_ok())
        })
    };
    let place = file.path.display().to_string();
    let writing = try_join_all(lanes.into_iter().map(|lane| write(lane, table, keys, client, &place)));
    let (written, read) = tokio::join!(writing, reading);
    let written: u64 = written?.into_iter().sum();
    read.unwrap_or_else(|error| Err(SeedError::content(&file.path, error)))?;
    Ok(written)
}

/// The key of an item as one text. Numbers that are equal and written in two ways are two keys here.
fn key_of(item: &Item, keys: &Keys) -> String {
    format!("{:?}", keys.names.iter().map(|name| item.get(name)).collect::<Vec<_>>())
}

fn lane(item: &Item, keys: &Keys) -> usize {
    let mut hasher = DefaultHasher::new();
    key_of(item, keys).hash(&mut hasher);
    usize::try_from(hasher.finish() % LANES as u64).unwrap_or_default()
}

/// Writes the items that come through `lane`; gives how many.
async fn write(
    mut lane: mpsc::Receiver<Item>,
    table: &str,
    keys: &Keys,
    client: &Client,
    place: &str,
) -> Result<u64, SeedError> {
    let mut written = 0;
    let mut items = Vec::with_capacity(BATCH);
    while lane.recv_many(&mut items, BATCH).await > 0 {
        written += items.len() as u64;
        // A batch names each key once: the later item wins.
        let batch: HashMap<String, Item> = items.drain(..).map(|item| (key_of(&item, keys), item)).collect();
        let put = |item| {
            let put = PutRequest::builder().set_item(Some(item)).build();
            put.map(|put| WriteRequest::builder().put_request(put).build())
        };
        let failed = |error: BuildError| SeedError::Content { place: place.to_owned(), what: error.to_string() };
        let mut left: Vec<_> = batch.into_values().map(put).collect::<Result<_, _>>().map_err(failed)?;
        while !left.is_empty() {
            let answer = client.batch_write_item().request_items(table, left).send().await;
            let answer = answer.map_err(|error| SeedError::aws(format!("writing items of {place}"), error))?;
            left = answer.unprocessed_items.and_then(|mut tables| tables.remove(table)).unwrap_or_default();
        }
    }
    Ok(written)
}
