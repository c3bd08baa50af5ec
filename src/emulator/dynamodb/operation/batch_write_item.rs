//! BatchWriteItem: up to 25 puts and deletes.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{Context, Outcome};
use crate::emulator::dynamodb::account::Account;
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::capacity::Bill;
use crate::emulator::dynamodb::constraint::check::batch_total;
use crate::emulator::dynamodb::prepared::{Asked, Door, Prepared};
use crate::emulator::dynamodb::request::Request;
use crate::emulator::error::AwsError;

pub async fn run(context: &Context, mut request: Request) -> Outcome {
    let mut account = Account::of(&request, Bill::default());
    let Some(Json::Object(items)) = request.take("RequestItems") else { return Ok(Answer::new()) };
    let asked = items.into_iter().map(|(name, requests)| Ok((context.named(&name)?, asked(requests)?)));
    let asked: Vec<_> = asked.collect::<Result<_, AwsError>>()?;
    batch_total("BatchWriteItem", asked.iter().map(|(_, requests)| requests.len()).sum())?;

    let snapshot = context.service.store.read()?;
    let mut tables = Vec::new();
    let mut writes: Vec<Prepared> = Vec::new();
    for (name, requests) in asked {
        let table = context.table(&snapshot, &name)?;
        let mut seen = HashSet::new();
        for request in requests {
            let write = request.on(Arc::clone(&table))?;
            if !seen.insert(write.key().to_vec()) {
                return Err(AwsError::validation("Provided list of item keys contains duplicates"));
            }
            writes.push(write);
        }
        tables.push(table);
    }

    let _flight = context.service.items.batch(writes.iter().map(|write| write.key().to_vec()).collect());
    let origin = context.origin();
    let account = context
        .write(tables, move |txn| {
            for write in writes {
                account.add(&write.run(txn, origin)?);
            }
            Ok(account)
        })
        .await?;

    let mut answer = Answer::new();
    answer.json("UnprocessedItems", &Map::new());
    account.tell_all(&mut answer);
    Ok(answer)
}

fn asked(requests: Json) -> Result<Vec<Asked>, AwsError> {
    let Json::Array(requests) = requests else { return Ok(Vec::new()) };
    requests
        .into_iter()
        .map(|mut request| {
            let mut part = |name: &str, member: &str| {
                let part = request.get_mut(name).filter(|part| !part.is_null());
                let value = part.and_then(|part| part.get_mut(member)).map(Json::take)?;
                Some(Request::new(Map::from_iter([(member.to_owned(), value)])))
            };
            match (part("PutRequest", "Item"), part("DeleteRequest", "Key")) {
                (Some(mut put), None) => Asked::put(&mut put, Door::Batch),
                (None, Some(mut delete)) => Asked::delete(&mut delete, Door::Batch),
                // AWS's words for any union, though this is no AttributeValue.
                _ => Err(AwsError::validation(
                    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported \
                     datatypes",
                )),
            }
        })
        .collect()
}
