//! BatchWriteItem: up to 25 puts and deletes.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::capacity::{Consumed, Wanted};
use crate::emulator::dynamodb::constraint::check::batch_total;
use crate::emulator::dynamodb::item;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::table::Table;
use crate::emulator::dynamodb::value::{Item, item_from_json};
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::dynamodb::write;
use crate::emulator::error::AwsError;

const WORDING: Wording = Wording::Plain;

/// One request of the batch.
enum Asked {
    Put(Item),
    Delete(Item),
}

/// A request that is ready to be written: its table, its key and the new row.
struct Ready {
    table: usize,
    key: Vec<u8>,
    new: Option<Vec<u8>>,
}

pub async fn run(context: &Context, mut request: Request) -> Outcome {
    let wanted = Wanted::of(&request);
    let Some(Json::Object(items)) = request.take("RequestItems") else { return Ok(Answer::new()) };
    let asked = items.into_iter().map(|(name, requests)| Ok((context.named(&name)?, asked(requests)?)));
    let asked: Vec<_> = asked.collect::<Result<_, AwsError>>()?;
    batch_total("BatchWriteItem", asked.iter().map(|(_, requests)| requests.len()).sum())?;

    let snapshot = context.service.store.read()?;
    let mut tables: Vec<Arc<Table>> = Vec::new();
    let mut ready = Vec::new();
    for (name, requests) in asked {
        let table = context.table(&snapshot, &name)?;
        for request in requests {
            ready.push(prepare(&table, tables.len(), request)?);
        }
        tables.push(table);
    }
    let mut seen = HashSet::new();
    if !ready.iter().all(|write| seen.insert(&write.key)) {
        return Err(AwsError::validation("Provided list of item keys contains duplicates"));
    }

    let (of, origin) = (tables.clone(), context.origin());
    let consumed = context
        .write(tables.clone(), move |txn| {
            let mut consumed = vec![Consumed::default(); of.len()];
            for Ready { table, key, new } in ready {
                let old = write::load(txn, &key)?;
                consumed[table].write(&write::change(txn, &of[table], key, old.as_deref(), new, origin)?);
            }
            Ok(consumed)
        })
        .await?;

    let mut answer = Answer::new();
    answer.json("UnprocessedItems", &Map::new());
    let capacity = tables.iter().zip(&consumed).filter_map(|(table, consumed)| consumed.show(&table.name.name, wanted));
    let capacity: Vec<_> = capacity.collect();
    if !capacity.is_empty() {
        answer.json("ConsumedCapacity", &capacity);
    }
    Ok(answer)
}

fn asked(requests: Json) -> Result<Vec<Asked>, AwsError> {
    let Json::Array(requests) = requests else { return Ok(Vec::new()) };
    requests
        .into_iter()
        .map(|mut request| {
            let mut part = |name: &str, member: &str| {
                let part = request.get_mut(name).filter(|part| !part.is_null());
                part.and_then(|part| part.get_mut(member)).map(Json::take)
            };
            match (part("PutRequest", "Item"), part("DeleteRequest", "Key")) {
                (Some(item), None) => {
                    let item = item_from_json(item, WORDING)?;
                    item::check_put_size(&item)?;
                    Ok(Asked::Put(item))
                }
                (None, Some(key)) => item_from_json(key, WORDING).map(Asked::Delete),
                _ => Err(AwsError::validation(
                    "Supplied WriteRequest is invalid, must contain exactly one of PutRequest and DeleteRequest",
                )),
            }
        })
        .collect()
}

fn prepare(table: &Table, at: usize, request: Asked) -> Result<Ready, AwsError> {
    match request {
        Asked::Put(item) => {
            table.schema.check_batch_item(&item)?;
            table.check_index_keys(&item)?;
            Ok(Ready { table: at, key: table.row_key(&item)?, new: Some(item::encode(&item)) })
        }
        Asked::Delete(key) => {
            table.schema.check_key(&key)?;
            Ok(Ready { table: at, key: table.row_key(&key)?, new: None })
        }
    }
}
