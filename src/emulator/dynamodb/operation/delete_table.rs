//! DeleteTable: the table is gone at once; its rows follow in the background.

use std::sync::Arc;

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::describe::{Status, describe};
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::staging::drop_table;
use crate::emulator::error::AwsError;

pub async fn run(context: &Context, request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    let catalogue = Arc::clone(&context.service.catalogue);
    let now = context.service.clock.millis();
    let (name, description) = context
        .write(Vec::new(), move |txn| {
            let table = catalogue.load(txn, &name)?.ok_or_else(|| error::no_such_table(&name.name))?;
            if table.row.protected {
                return Err(AwsError::validation(
                    "Resource cannot be deleted as it is currently protected against deletion. \
                     Disable deletion protection first.",
                ));
            }
            if table.is_changing() {
                return Err(error::in_use(&name.name, "updated"));
            }
            let description = describe(&table, txn, Status::Deleting, now)?;
            drop_table(txn, &table, now)?;
            Ok((name, description))
        })
        .await?;
    context.service.catalogue.forget(&name);
    context.service.sweeper.resume();
    let mut answer = Answer::with_capacity(1024);
    answer.json("TableDescription", &description);
    Ok(answer)
}
