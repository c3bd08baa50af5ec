//! Batches and transactions.

use serde_json::{Value as Json, json};

use super::capacity::{Cost, Costs, read_units, write_units};
use super::evaluate::Fault;
use super::read::Read;
use super::table::Table;
use super::value::{Item, item_size};
use super::write::{What, Write};
use super::{Model, Said};
use crate::call::Answer;
use crate::reference::Opinion;

/// The most requests of a batch that writes, and of one that reads.
const WRITES: usize = 25;
const READS: usize = 100;

impl Model {
    fn named(&mut self, name: &str) -> Result<&mut Table, Fault> {
        match self.tables.get_mut(name) {
            None => Err(Fault::Missing),
            Some(table) if table.lost => Err(Fault::Unsure),
            Some(table) => Ok(table),
        }
    }

    pub(super) fn batch_write(&mut self, input: &Json) -> Result<Said, Fault> {
        let mut writes: Vec<(String, Write)> = Vec::new();
        let (mut count, mut empty) = (0, false);
        for (name, requests) in input["RequestItems"].as_object().ok_or(Fault::Refused)? {
            let requests = requests.as_array().ok_or(Fault::Refused)?;
            empty |= requests.is_empty();
            count += requests.len();
            for request in requests {
                let write = match (request.get("PutRequest"), request.get("DeleteRequest")) {
                    (Some(put), None) => Write::read("Put", put)?,
                    (None, Some(delete)) => Write::read("Delete", delete)?,
                    _ => return Err(Fault::Refused),
                };
                writes.push((name.clone(), write));
            }
        }
        if empty || count == 0 || count > WRITES {
            return Err(Fault::Refused);
        }
        for (at, (name, write)) in writes.iter().enumerate() {
            let table = self.named(name)?;
            write.check(table)?;
            let key = table.key_of(write.item());
            if writes[..at]
                .iter()
                .any(|(other, one)| other == name && super::update::same(&table.key_of(one.item()), &key))
            {
                return Err(Fault::Refused);
            }
        }
        let mut costs = Costs::default();
        for (name, write) in &writes {
            let table = self.named(name)?;
            let new = write.outcome(table)?;
            costs.add(name, table.replace(write.item(), new));
        }
        let mut output = json!({"UnprocessedItems": {}});
        costs.tell(input, "Write", true, &mut output);
        Ok(Said::Output(output, true))
    }

    pub(super) fn batch_get(&mut self, input: &Json) -> Result<Said, Fault> {
        let mut responses = serde_json::Map::new();
        let mut wanted = Vec::new();
        let mut count = 0;
        for (name, of) in input["RequestItems"].as_object().ok_or(Fault::Refused)? {
            let keys = of["Keys"].as_array().ok_or(Fault::Refused)?;
            count += keys.len();
            let reads = Read::all(keys, of)?;
            let twice = |at: usize| reads[..at].iter().any(|other| super::update::same(&other.key, &reads[at].key));
            if keys.is_empty() || (0..reads.len()).any(twice) {
                return Err(Fault::Refused);
            }
            wanted.push((name.clone(), reads, of["ConsistentRead"] == true));
        }
        if count == 0 || count > READS {
            return Err(Fault::Refused);
        }
        let mut costs = Costs::default();
        for (name, reads, consistent) in wanted {
            let table = self.named(&name)?;
            reads.iter().try_for_each(|read| table.check_key(&read.key))?;
            let mut found = Vec::new();
            for read in &reads {
                let item = read.of(table);
                let bytes = item.as_ref().map_or(0, |(_, size)| *size);
                costs.add(&name, Cost::of_table(read_units(bytes, consistent)));
                found.extend(item.map(|(item, _)| json!(item)));
            }
            found.iter_mut().for_each(sort_keys);
            found.sort_by_key(Json::to_string);
            responses.insert(name, found.into());
        }
        let mut output = json!({"Responses": responses, "UnprocessedKeys": {}});
        costs.tell(input, "Read", true, &mut output);
        Ok(Said::Output(output, true))
    }

    pub(super) fn transact_get(&mut self, input: &Json) -> Result<Said, Fault> {
        let items = input["TransactItems"].as_array().ok_or(Fault::Refused)?;
        let mut found = Vec::new();
        for of in items.iter().map(|item| &item["Get"]) {
            found.push((
                of["TableName"].as_str().unwrap_or_default().to_owned(),
                Read::all([&of["Key"]], of)?.remove(0),
            ));
        }
        let (mut responses, mut costs) = (Vec::new(), Costs::of_transaction());
        for (at, (name, read)) in found.iter().enumerate() {
            if found[..at].iter().any(|(other, one)| other == name && super::update::same(&one.key, &read.key)) {
                return Err(Fault::Refused);
            }
            let table = self.named(name)?;
            // A key that does not fit cancels the transaction, and an empty one refuses it.
            table.check_key(&read.key).map_err(|_| Fault::Somehow)?;
            let item = read.of(table);
            let bytes = item.as_ref().map_or(0, |(_, size)| *size);
            costs.add(name, Cost::of_table(read_units(bytes, true)));
            let shown = item.filter(|(item, _)| !item.is_empty());
            responses.push(shown.map_or_else(|| json!({}), |(item, _)| json!({"Item": item})));
        }
        let mut output = json!({"Responses": responses});
        costs.tell(input, "Read", true, &mut output);
        Ok(Said::Output(output, true))
    }

    /// What is wrong with writes of one transaction before any of their conditions is looked at.
    fn can_be_together(&mut self, writes: &[(String, Write)]) -> Result<(), Fault> {
        for (at, (name, write)) in writes.iter().enumerate() {
            let key = self.named(name)?.key_of(write.item());
            let whole = key.len() == self.named(name)?.keys.all().count();
            let table = self.named(name)?;
            let same =
                |(other, one): &(String, Write)| other == name && super::update::same(&table.key_of(one.item()), &key);
            if whole && writes[..at].iter().any(same) {
                return Err(Fault::Refused);
            }
        }
        for (name, write) in writes {
            // Some of it refuses the request and some cancels the transaction: nothing is written either way.
            write.check(self.named(name)?).map_err(|_| Fault::Somehow)?;
        }
        for (name, write) in writes {
            if write.sets().any(|(attribute, value)| self.tables[name].is_emptied(attribute, value)) {
                return Err(Fault::Refused);
            }
        }
        Ok(())
    }

    pub(super) fn transact_write(&mut self, input: &Json) -> Result<Said, Fault> {
        let actions = input["TransactItems"].as_array().ok_or(Fault::Refused)?;
        let mut writes = Vec::new();
        for action in actions {
            let (kind, of) = action.as_object().and_then(|action| action.iter().next()).ok_or(Fault::Refused)?;
            writes.push((of["TableName"].as_str().unwrap_or_default().to_owned(), Write::read(kind, of)?));
        }
        let token = input.get("ClientRequestToken").and_then(Json::as_str);
        let known = token.and_then(|token| self.tokens.get(token)).cloned();
        let fits = self.can_be_together(&writes);
        if let Some(known) = known {
            // What a token and a fault together come to is not modelled.
            fits.map_err(|_| Fault::Somehow)?;
            if known == untold(input) {
                return Ok(Said::part(json!({})));
            }
            let code = Some("IdempotentParameterMismatchException".to_owned());
            return Ok(Said::Opinion(Opinion::Part(Answer { status: 400, code, ..Answer::default() })));
        }
        fits?;
        let mut reasons = Vec::new();
        for (name, write) in &writes {
            let table = self.named(name)?;
            if write.is_met(table) && write.empties(table) {
                return Err(Fault::Refused);
            }
            reasons.push(match (write.is_met(table), write.outcome(table)) {
                (false, _) => ("ConditionalCheckFailed", table.find(write.item()).filter(|_| write.shows_old).cloned()),
                (true, Ok(_)) => ("None", None),
                (true, Err(Fault::Refused)) => ("ValidationError", None),
                (true, Err(fault)) => return Err(fault),
            });
        }
        if reasons.iter().any(|(reason, _)| *reason != "None") {
            return Ok(Said::Opinion(cancelled(&reasons)));
        }
        let mut costs = Costs::of_transaction();
        for (name, write) in &writes {
            let table = self.named(name)?;
            let new = write.outcome(table)?;
            costs.add(
                name,
                match write.what {
                    What::Check(_) => Cost::of_table(write_units(new.as_ref().map_or(0, item_size))),
                    _ => table.replace(write.item(), new),
                },
            );
        }
        if let Some(token) = token {
            self.tokens.insert(token.to_owned(), untold(input));
        }
        let mut output = json!({});
        costs.tell(input, "Write", true, &mut output);
        Ok(Said::Output(output, true))
    }
}

/// What must be the same where a token comes again: all but the token.
fn untold(input: &Json) -> Json {
    let mut input = input.clone();
    input.as_object_mut().and_then(|members| members.shift_remove("ClientRequestToken"));
    input
}

/// A transaction that is cancelled for these reasons, with the items to be shown.
fn cancelled(reasons: &[(&str, Option<Item>)]) -> Opinion {
    let status = Answer { status: 400, code: Some("TransactionCanceledException".to_owned()), ..Answer::default() };
    if reasons.iter().any(|(reason, _)| *reason == "ValidationError") {
        return Opinion::Part(status);
    }
    let told = reasons.iter().map(|(reason, item)| match (*reason, item) {
        ("None", _) => json!({"Code": "None"}),
        (code, None) => json!({"Code": code, "Message": "The conditional request failed"}),
        (code, Some(item)) => json!({"Code": code, "Item": item, "Message": "The conditional request failed"}),
    });
    let message = format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        reasons.iter().map(|(reason, _)| *reason).collect::<Vec<_>>().join(", ")
    );
    let output = serde_json::Map::from_iter([("CancellationReasons".to_owned(), told.collect())]);
    Opinion::Answer(Answer { message: Some(message), output, ..status })
}

fn sort_keys(value: &mut Json) {
    value.sort_all_objects();
}
