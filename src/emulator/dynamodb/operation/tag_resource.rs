//! TagResource: gives a table tags, in place of those with the same keys.

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::tags;

pub async fn run(context: &Context, request: Request) -> Outcome {
    let arn = request.text("ResourceArn").unwrap_or_default();
    let table = tags::resource(&context.account, &context.region, "TagResource", arn)?;
    let given = tags::read(request.get("Tags"))?;
    context
        .retag(table, arn.to_owned(), move |tags| {
            tags.extend(given);
            tags::check_count(tags)
        })
        .await?;
    Ok(Answer::new())
}
