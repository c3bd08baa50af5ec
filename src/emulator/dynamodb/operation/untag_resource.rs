//! UntagResource: takes tags from a table. One that it has not is no error.

use serde_json::Value as Json;

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::tags;

pub async fn run(context: &Context, request: Request) -> Outcome {
    let arn = request.text("ResourceArn").unwrap_or_default();
    let table = tags::resource(&context.account, &context.region, "UntagResource", arn)?;
    let keys = request.get("TagKeys").and_then(Json::as_array).into_iter().flatten();
    let keys: Vec<_> = keys.filter_map(Json::as_str).map(str::to_owned).collect();
    keys.iter().try_for_each(|key| tags::check_key(key))?;
    context
        .retag(table, arn.to_owned(), move |tags| {
            tags.retain(|key, _| !keys.contains(key));
            Ok(())
        })
        .await?;
    Ok(Answer::new())
}
