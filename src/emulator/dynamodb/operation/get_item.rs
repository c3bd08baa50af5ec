//! GetItem: reads one item.

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::capacity::{Consumed, Wanted, read_units};
use crate::emulator::dynamodb::guard;
use crate::emulator::dynamodb::item::Row;
use crate::emulator::dynamodb::page::projection;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::value::{item_from_json, write_item};
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::store::{Read, Table as Rows};

const WORDING: Wording = Wording::Plain;

pub async fn run(context: &Context, mut request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    let wanted = Wanted::of(&request);
    let expressions = &["ProjectionExpression"];
    let mut bindings =
        guard::bindings(&mut request, expressions, &["AttributesToGet"], "ProjectionExpression", WORDING)?;
    let key = item_from_json(request.take("Key").unwrap_or_default(), WORDING)?;
    let projection = projection(&request, &mut bindings, WORDING)?;
    bindings.finish()?;

    let snapshot = context.service.store.read()?;
    let table = context.table(&snapshot, &name)?;
    table.schema.check_key(&key)?;
    let row = snapshot.get(Rows::Items, &table.row_key(&key)?)?;
    let row = row.as_deref().map(Row::read).transpose()?;

    let mut answer = Answer::with_capacity(row.map_or(0, |row| row.json.len()) + 64);
    match (row, projection) {
        (Some(row), None) => answer.raw("Item", row.json),
        (Some(row), Some(projection)) => {
            let mut json = Vec::new();
            write_item(&projection.apply(&row.item()?), &mut json);
            answer.raw("Item", &json);
        }
        (None, _) => {}
    }
    let mut consumed = Consumed::default();
    consumed.read(read_units(row.map_or(0, |row| row.size), request.flag("ConsistentRead")));
    if let Some(capacity) = consumed.show(&name.name, wanted) {
        answer.json("ConsumedCapacity", &capacity);
    }
    Ok(answer)
}
