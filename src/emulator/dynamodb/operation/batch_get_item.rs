//! BatchGetItem: reads up to 100 items, and of those as many as 16 MB hold.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::{Answer, write_json};
use crate::emulator::dynamodb::capacity::{Bill, Wanted, read_units};
use crate::emulator::dynamodb::constraint::check::batch_total;
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::expression::{Projection, legacy};
use crate::emulator::dynamodb::guard;
use crate::emulator::dynamodb::item::Row;
use crate::emulator::dynamodb::page::projection;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::schema::present;
use crate::emulator::dynamodb::table::Table;
use crate::emulator::dynamodb::value::{Item, item_from_json, write_item};
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Snapshot, Table as Rows};

const WORDING: Wording = Wording::Many;
const ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// What is asked of one table.
struct Asked {
    /// The table as the request names it.
    given: String,
    /// The parameters beside the keys, as they were given.
    parameters: Map<String, Json>,
    keys: Vec<(Json, Item)>,
    projection: Option<Projection>,
    consistent: bool,
}

/// Keys that were checked, and their table.
struct Ready {
    asked: Asked,
    table: Arc<Table>,
    row_keys: Vec<Vec<u8>>,
}

/// What was read of one table.
#[derive(Default)]
struct Found {
    items: Vec<u8>,
    unread: Vec<Json>,
}

/// The most items that are read where the request came in, as GetItem does with its one: another thread costs more than
/// reading them.
const AT_ONCE: usize = 4;

pub async fn run(context: &Context, mut request: Request) -> Outcome {
    let wanted = Wanted::of(&request);
    let Some(Json::Object(items)) = request.take("RequestItems") else { return Ok(Answer::new()) };
    check_mixing(&items)?;
    let asked: Vec<_> = items.into_iter().map(|(given, of)| ask(given, of)).collect::<Result<_, _>>()?;
    batch_total("BatchGetItem", asked.iter().map(|asked| asked.keys.len()).sum())?;

    let snapshot = context.service.store.read()?;
    let mut ready = Vec::new();
    for asked in asked {
        let table = context.table(&snapshot, &context.named(&asked.given)?)?;
        let mut row_keys = Vec::new();
        for (_, key) in &asked.keys {
            table.schema.check_key(key)?;
            row_keys.push(table.row_key(key)?);
        }
        ready.push(Ready { asked, table, row_keys });
    }

    let keys: usize = ready.iter().map(|ready| ready.row_keys.len()).sum();
    let (found, bill) = if keys <= AT_ONCE {
        read(&snapshot, ready)?
    } else {
        let read = tokio::task::spawn_blocking(move || read(&snapshot, ready)).await;
        read.unwrap_or_else(|_| Err(error::damaged("a failed read")))?
    };
    Ok(answer(found, &bill, wanted))
}

/// Refuses an expression on one table beside a parameter from before expressions on another (ExtendDB/extenddb pull
/// request 178, observed on AWS).
fn check_mixing(items: &Map<String, Json>) -> Result<(), AwsError> {
    let given = |name: &'static str| items.values().any(|of| present(of, name).is_some()).then_some(name);
    let (before, expression) = (given("AttributesToGet"), given("ProjectionExpression"));
    legacy::check_mixing(before.as_slice(), expression.as_slice(), WORDING)
}

fn ask(given: String, of: Json) -> Result<Asked, AwsError> {
    let Json::Object(mut parameters) = of else {
        return Err(error::damaged("a request that was checked"));
    };
    let keys = parameters.remove("Keys");
    let mut request = Request::new(parameters.clone());
    let expressions = &["ProjectionExpression"];
    let mut bindings =
        guard::bindings(&mut request, expressions, &["AttributesToGet"], "ProjectionExpression", WORDING)?;
    let keys = keys.as_ref().and_then(Json::as_array).into_iter().flatten();
    let keys = keys.map(|key| Ok((key.clone(), item_from_json(key.clone(), WORDING)?)));
    let keys = keys.collect::<Result<Vec<(Json, Item)>, AwsError>>()?;
    if keys.iter().enumerate().any(|(at, (_, key))| keys[..at].iter().any(|(_, other)| other == key)) {
        return Err(AwsError::validation("Provided list of item keys contains duplicates"));
    }
    let projection = projection(&request, &mut bindings, WORDING)?;
    bindings.finish()?;
    Ok(Asked { given, keys, projection, consistent: request.flag("ConsistentRead"), parameters })
}

fn read(snapshot: &Snapshot, ready: Vec<Ready>) -> Result<(Vec<(Ready, Found)>, Bill), AwsError> {
    let (mut bytes, mut bill) = (0, Bill::default());
    let mut all = Vec::new();
    for mut of in ready {
        let mut found = Found::default();
        for ((json, _), key) in of.asked.keys.drain(..).zip(&of.row_keys) {
            let row = snapshot.get(Rows::Items, key)?;
            let row = row.as_deref().map(Row::read).transpose()?;
            let size = row.map_or(0, |row| row.size);
            if bytes + size > ANSWER_BYTES {
                found.unread.push(json);
                continue;
            }
            bytes += size;
            bill.on(&of.table.name.name).read(read_units(size, of.asked.consistent));
            let Some(row) = row else { continue };
            if !found.items.is_empty() {
                found.items.push(b',');
            }
            match &of.asked.projection {
                Some(projection) => write_item(&projection.apply(&row.item()?), &mut found.items),
                None => found.items.extend_from_slice(row.json),
            }
        }
        all.push((of, found));
    }
    Ok((all, bill))
}

fn answer(found: Vec<(Ready, Found)>, bill: &Bill, wanted: Wanted) -> Answer {
    let size: usize = found.iter().map(|(_, found)| found.items.len()).sum();
    let mut responses = Vec::with_capacity(size + 256);
    let mut unprocessed = Map::new();
    for (of, found) in found {
        responses.push(if responses.is_empty() { b'{' } else { b',' });
        write_json(&mut responses, &of.asked.given);
        responses.extend_from_slice(b":[");
        responses.extend_from_slice(&found.items);
        responses.push(b']');
        if !found.unread.is_empty() {
            let mut rest = of.asked.parameters;
            rest.insert("Keys".to_owned(), Json::Array(found.unread));
            unprocessed.insert(of.asked.given, Json::Object(rest));
        }
    }
    responses.push(b'}');
    let mut answer = Answer::with_capacity(responses.len() + 256);
    answer.raw("Responses", &responses);
    answer.json("UnprocessedKeys", &unprocessed);
    if let Some(capacity) = bill.show(wanted) {
        answer.json("ConsumedCapacity", &capacity);
    }
    answer
}
