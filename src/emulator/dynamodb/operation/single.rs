//! What PutItem, UpdateItem and DeleteItem do alike.

use super::{Context, Outcome};
use crate::emulator::dynamodb::account::Account;
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::capacity::Bill;
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
    let mut account = Account::of(&request, Bill::default());
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
    account.add(&done);
    account.tell_one(&mut answer);
    Ok(answer)
}
