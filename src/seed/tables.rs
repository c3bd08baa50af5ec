//! Writes the items of a table.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use aws_sdk_dynamodb::Client;

use super::folder::{ItemFile, TablePlan};
use super::schema;
use super::{Progress, SeedError, Summary};
use crate::items::{self, BatchError, Columns, Exists, Keys, Lanes, LoadError, ReadError, Tally};

/// Makes the table where it is missing, and writes its items.
pub(super) async fn seed(
    plan: &TablePlan,
    client: &Client,
    progress: &dyn Progress,
    summary: &mut Summary,
) -> Result<(), SeedError> {
    let keys = schema::ensure(plan, client, summary).await?;
    for file in &plan.items {
        summary.items += load(file, &plan.name, &keys, client).await?;
        progress.advance(file.size);
    }
    Ok(())
}

async fn load(file: &ItemFile, table: &str, keys: &Keys, client: &Client) -> Result<u64, SeedError> {
    let (lanes, receivers) = Lanes::new(keys);
    let tally = Arc::new(Tally::default());
    let reading = {
        let (path, keys, tally) = (file.path.clone(), keys.clone(), Arc::clone(&tally));
        tokio::task::spawn_blocking(move || read(&path, &keys, lanes, &tally))
    };
    let writing = Lanes::write(receivers, client, table, keys, Exists::Replace, &tally);
    let (written, read) = tokio::join!(writing, reading);
    written.map_err(|error| {
        let doing = format!("writing items of {}", file.path.display());
        match error {
            LoadError::Batch(BatchError::Aws(error)) => SeedError::aws(doing, *error),
            LoadError::Put(error) => SeedError::aws(doing, *error),
            other => SeedError::Refused { doing, message: other.to_string() },
        }
    })?;
    read.unwrap_or_else(|error| Err(SeedError::content(&file.path, error)))?;
    match tally.told().into_iter().next() {
        Some((line, why)) => Err(SeedError::line(&file.path, line, why)),
        None => Ok(tally.written.load(Relaxed)),
    }
}

/// Hands the items of a file on, up to the first row that is none.
fn read(path: &Path, keys: &Keys, mut lanes: Lanes, tally: &Tally) -> Result<(), SeedError> {
    let file = File::open(path).map_err(|error| SeedError::read(path, error))?;
    let read = items::read(file, keys, &Columns::new(), &mut |row| match row.item {
        Ok(item) => lanes.send(row.line, item, tally),
        Err(why) => {
            tally.bad(row.line, why);
            false
        }
    });
    match read {
        Ok(_) => Ok(()),
        Err(ReadError::Io(error)) => Err(SeedError::read(path, error)),
        Err(ReadError::Content { line, what }) => Err(SeedError::line(path, line, what)),
    }
}
