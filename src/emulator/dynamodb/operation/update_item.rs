//! UpdateItem: changes attributes of an item, or makes one.

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::capacity::{Consumed, Wanted};
use crate::emulator::dynamodb::expression::{Bindings, Update, Updated, legacy, project};
use crate::emulator::dynamodb::guard::{self, Guard, ReturnValues};
use crate::emulator::dynamodb::item;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::value::{Item, item_from_json, write_item};
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::dynamodb::write;
use crate::emulator::error::AwsError;

const WORDING: Wording = Wording::Counted;

pub async fn run(context: &Context, mut request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    let wanted = Wanted::of(&request);
    let returns = ReturnValues::of(&request);
    let expressions = &["UpdateExpression", "ConditionExpression"];
    let before = &["AttributeUpdates", "Expected", "ConditionalOperator"];
    let mut bindings = guard::bindings(&mut request, expressions, before, "UpdateExpression", WORDING)?;
    let item_key = item_from_json(request.take("Key").unwrap_or_default(), WORDING)?;
    let update = update(&request, &mut bindings)?;
    let guard = Guard::parse(&request, &mut bindings, WORDING)?;
    bindings.finish()?;

    let table = context.table(&context.service.store.read()?, &name)?;
    table.schema.check_key(&item_key)?;
    if let Some(update) = &update {
        update.check_keys(&table.schema)?;
    }
    let key = table.row_key(&item_key)?;

    let origin = context.origin();
    let (consumed, attributes) = context
        .write(vec![table.clone()], move |txn| {
            let mut consumed = Consumed::default();
            let row = write::load(txn, &key)?;
            let checked = guard.check(row.as_deref())?;
            let old = match checked {
                Some(item) => Some(item),
                None => row.as_deref().map(item::decode).transpose()?,
            };
            if old.is_none() && update.as_ref().is_some_and(|update| !update.creates()) {
                consumed.write_nothing(None);
                return Ok((consumed, None));
            }
            let base = old.as_ref().unwrap_or(&item_key);
            let updated = match &update {
                Some(update) => {
                    let updated = update.apply(base)?;
                    update.check_size(&updated.item)?;
                    table.check_updated_index_keys(old.as_ref(), &updated.item)?;
                    updated
                }
                None => Updated { item: base.clone(), touched: Vec::new() },
            };
            let new = item::encode(&updated.item);
            consumed.write(&write::change(txn, &table, key, row.as_deref(), Some(new), origin)?);
            Ok((consumed, returned(returns, old.as_ref(), &updated)))
        })
        .await?;

    let mut answer = Answer::new();
    if let Some(attributes) = attributes.filter(|attributes| !attributes.is_empty()) {
        let mut json = Vec::new();
        write_item(&attributes, &mut json);
        answer.raw("Attributes", &json);
    }
    if let Some(capacity) = consumed.show(&name.name, wanted) {
        answer.json("ConsumedCapacity", &capacity);
    }
    Ok(answer)
}

fn update(request: &Request, bindings: &mut Bindings) -> Result<Option<Update>, AwsError> {
    match (request.text("UpdateExpression"), request.get("AttributeUpdates")) {
        (Some(text), _) => Update::parse(text, bindings).map(Some),
        (None, Some(updates)) => legacy::attribute_updates(updates, WORDING).map(Some),
        (None, None) => Ok(None),
    }
}

/// What `ReturnValues` asks for, of the item before and after.
fn returned(returns: ReturnValues, old: Option<&Item>, updated: &Updated) -> Option<Item> {
    match returns {
        ReturnValues::None => None,
        ReturnValues::AllOld => old.cloned(),
        ReturnValues::UpdatedOld => old.map(|old| project(old, &updated.touched)),
        ReturnValues::AllNew => Some(updated.item.clone()),
        ReturnValues::UpdatedNew => Some(project(&updated.item, &updated.touched)),
    }
}
