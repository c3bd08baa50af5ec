//! PutItem: writes a whole item, in place of the one with its key.

use super::{Context, Outcome};
use crate::emulator::dynamodb::capacity::Wanted;
use crate::emulator::dynamodb::guard::{self, Guard, ReturnValues};
use crate::emulator::dynamodb::item;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::value::item_from_json;
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::dynamodb::write;

const WORDING: Wording = Wording::Counted;

pub async fn run(context: &Context, mut request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    let wanted = Wanted::of(&request);
    let expressions = &["ConditionExpression"];
    let before = &["Expected", "ConditionalOperator"];
    let mut bindings = guard::bindings(&mut request, expressions, before, "ConditionExpression", WORDING)?;
    let item = item_from_json(request.take("Item").unwrap_or_default(), WORDING)?;
    let return_old = ReturnValues::old_only(&request, WORDING)?;
    item::check_put_size(&item)?;
    let guard = Guard::parse(&request, &mut bindings, WORDING)?;
    bindings.finish()?;

    let table = context.table(&context.service.store.read()?, &name)?;
    table.schema.check_item(&item)?;
    table.check_index_keys(&item)?;
    let key = table.row_key(&item)?;
    let row = item::encode(&item);

    let origin = context.origin();
    let (old, written) = context
        .write(vec![table.clone()], move |txn| {
            let old = write::load(txn, &key)?;
            guard.check(old.as_deref())?;
            let written = write::change(txn, &table, key, old.as_deref(), Some(row), origin)?;
            Ok((old, written))
        })
        .await?;

    guard::answer(&name.name, old.as_deref(), &written, return_old, wanted)
}
