//! ListTagsOfResource. All tags of a table are one page.

use serde_json::{Value as Json, json};

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::tags;
use crate::emulator::error::AwsError;

pub async fn run(context: &Context, request: Request) -> Outcome {
    let arn = request.text("ResourceArn").unwrap_or_default();
    let name = tags::resource(&context.account, &context.region, "ListTagsOfResource", arn)?;
    if request.has("NextToken") {
        return Err(AwsError::validation("Invalid NextToken"));
    }
    let table = context.service.catalogue.load(&context.service.store.read()?, &name)?;
    let table = table.ok_or_else(|| tags::no_such_resource(arn))?;
    let tags: Json = table.row.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    let mut answer = Answer::new();
    answer.json("Tags", &tags);
    Ok(answer)
}
