//! What PutItem, UpdateItem and DeleteItem do alike.

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::capacity::{Consumed, Wanted};
use crate::emulator::dynamodb::prepared::{Asked, Door};
use crate::emulator::dynamodb::request::Request;
use crate::emulator::error::AwsError;

/// Runs the write that `ask` reads from the request.
pub async fn run(
    context: &Context,
    mut request: Request,
    ask: fn(&mut Request, Door) -> Result<Asked, AwsError>,
) -> Outcome {
    let name = context.table_name(&request)?;
    let wanted = Wanted::of(&request);
    let asked = ask(&mut request, Door::Single)?;
    let table = context.table(&context.service.store.read()?, &name)?;
    let write = asked.on(table.clone())?;

    let _flight = context.service.items.write(write.key().to_vec())?;
    let origin = context.origin();
    let done = context.write(vec![table], move |txn| write.run(txn, origin)).await?;

    let mut answer = Answer::new();
    if let Some(attributes) = &done.attributes {
        answer.raw("Attributes", attributes);
    }
    let mut consumed = Consumed::default();
    consumed.write(&done.written);
    if let Some(capacity) = consumed.show(&name.name, wanted) {
        answer.json("ConsumedCapacity", &capacity);
    }
    Ok(answer)
}
