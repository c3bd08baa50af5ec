//! DescribeTable.

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::describe::{Status, describe};
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::request::Request;

pub async fn run(context: &Context, request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    let snapshot = context.service.store.read()?;
    let table = context.service.catalogue.load(&snapshot, &name)?;
    let table = table.ok_or_else(|| error::no_such_table(&name.name))?;
    let mut answer = Answer::with_capacity(1024);
    answer.json("Table", &describe(&table, &snapshot, Status::Active, context.service.clock.millis())?);
    Ok(answer)
}
