//! TransactGetItems: reads up to 100 items as they stand at one moment.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::capacity::{Bill, Wanted, read_units};
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::expression::Projection;
use crate::emulator::dynamodb::guard;
use crate::emulator::dynamodb::item::Row;
use crate::emulator::dynamodb::page::projection;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::table::{Table, TableName};
use crate::emulator::dynamodb::transaction::action;
use crate::emulator::dynamodb::transaction::cancel::{self, Reasons};
use crate::emulator::dynamodb::value::{Item, item_from_json, write_item};
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Snapshot, Table as Rows};

const WORDING: Wording = Wording::Many;

/// A read as the request asks for it.
struct Asked {
    table: TableName,
    key: Item,
    projection: Option<Projection>,
}

/// A read whose key was checked.
struct Ready {
    table: Arc<Table>,
    key: Vec<u8>,
    projection: Option<Projection>,
}

pub async fn run(context: &Context, mut request: Request) -> Outcome {
    let wanted = Wanted::of(&request);
    let gets = request.take("TransactItems").and_then(|mut gets| gets.as_array_mut().map(std::mem::take));
    let asked = gets.unwrap_or_default().into_iter().map(|get| ask(context, get));
    let asked: Vec<_> = asked.collect::<Result<_, _>>()?;

    let snapshot = context.service.store.read()?;
    let ready = prepare(context, &snapshot, asked)?;
    let keys: Vec<_> = ready.iter().map(|get| get.key.clone()).collect();
    context.service.items.check_read(&keys)?;

    let read = tokio::task::spawn_blocking(move || read(&snapshot, &ready)).await;
    let (responses, bill) = read.unwrap_or_else(|_| Err(error::damaged("a failed read")))?;
    let mut answer = Answer::with_capacity(responses.len() + 256);
    answer.raw("Responses", &responses);
    if let Some(capacity) = bill.show(wanted) {
        answer.json("ConsumedCapacity", &capacity);
    }
    Ok(answer)
}

fn ask(context: &Context, mut get: Json) -> Result<Asked, AwsError> {
    let Some(parameters) = get.get_mut("Get").and_then(Json::as_object_mut) else {
        return Err(error::damaged("a request that was checked"));
    };
    let mut request = action::parameters(std::mem::take(parameters))?;
    let table = context.table_name(&request)?;
    let expressions = &["ProjectionExpression"];
    let mut bindings = guard::transaction_bindings(&mut request, expressions, "ProjectionExpression", WORDING)?;
    let key = item_from_json(request.take("Key").unwrap_or_default(), WORDING)?;
    let projection = projection(&request, &mut bindings, WORDING)?;
    bindings.finish()?;
    Ok(Asked { table, key, projection })
}

/// Finds the tables and checks the keys: as in TransactWriteItems, an empty key value refuses the request, and another
/// key that does not fit cancels the transaction.
fn prepare(context: &Context, rows: &Snapshot, asked: Vec<Asked>) -> Result<Vec<Ready>, AwsError> {
    let mut on_tables = Vec::with_capacity(asked.len());
    for asked in asked {
        let table = context.table(rows, &asked.table)?;
        table.schema.check_not_empty(&asked.key)?;
        on_tables.push((asked, table));
    }
    let (mut ready, mut reasons) = (Vec::with_capacity(on_tables.len()), Reasons::default());
    for (Asked { key, projection, .. }, table) in on_tables {
        let key = table.schema.check_key(&key).and_then(|()| table.row_key(&key));
        ready.extend(reasons.take(key)?.map(|key| Ready { table, key, projection }));
    }
    let mut seen = HashSet::new();
    if !ready.iter().all(|get| seen.insert(get.key.as_slice())) {
        return Err(cancel::duplicate());
    }
    reasons.check()?;
    Ok(ready)
}

/// The JSON array of the responses, and what they cost.
fn read(snapshot: &Snapshot, gets: &[Ready]) -> Result<(Vec<u8>, Bill), AwsError> {
    let (mut out, mut bill, mut bytes) = (vec![b'['], Bill::of_transaction(), 0);
    for get in gets {
        let row = snapshot.get(Rows::Items, &get.key)?;
        let row = row.as_deref().map(Row::read).transpose()?;
        let size = row.map_or(0, |row| row.size);
        bytes += size;
        cancel::check_size(bytes)?;
        bill.on(&get.table.name.name).read(read_units(size, true));
        if out.len() > 1 {
            out.push(b',');
        }
        // What has nothing of what is projected is answered as what is not there.
        let shown = match (row, &get.projection) {
            (Some(row), Some(projection)) => {
                let item = projection.apply(&row.item()?);
                (!item.is_empty()).then(|| Cow::Owned(written(&item)))
            }
            (Some(row), None) => Some(Cow::Borrowed(row.json)),
            (None, _) => None,
        };
        out.push(b'{');
        if let Some(json) = shown {
            out.extend_from_slice(br#""Item":"#);
            out.extend_from_slice(&json);
        }
        out.push(b'}');
    }
    out.push(b']');
    Ok((out, bill))
}

fn written(item: &Item) -> Vec<u8> {
    let mut json = Vec::new();
    write_item(item, &mut json);
    json
}
