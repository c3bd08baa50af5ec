//! DynamoDB as plainly as it can be written, from AWS's documentation and recorded answers. It shares no code with the
//! emulator, and holds everything in maps and lists.
//!
//! It knows which requests are refused, seldom with which words; where it does not know whether a write is done, it says
//! nothing of that table any more.

mod capacity;
mod describe;
mod evaluate;
mod many;
mod number;
mod parse;
mod query;
mod read;
mod table;
mod update;
mod value;
mod write;

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::{Value as Json, json};

use self::evaluate::Fault;
use self::table::Table;
use self::value::Item;
use self::write::Failed;
use crate::call::{Answer, Call, Manner};
use crate::normal;
use crate::reference::{Opinion, Reference};

#[derive(Debug, Default)]
pub struct Model {
    tables: BTreeMap<String, Table>,
    /// The requests of transactions that were done, by their tokens.
    tokens: BTreeMap<String, Json>,
}

/// What the model says of a call that is not refused.
enum Said {
    /// This output; whether that is all of it.
    Output(Json, bool),
    Opinion(Opinion),
}

impl Said {
    fn part(output: Json) -> Self {
        Self::Output(output, false)
    }
}

impl Model {
    /// One that knows this table alone, as DescribeTable tells of it, with these items.
    pub fn holding(described: &Json, items: Vec<Item>) -> Self {
        let name = described["TableName"].as_str().unwrap_or_default().to_owned();
        let table = Table { items, ..Table::create(described) };
        Self { tables: BTreeMap::from([(name, table)]), ..Self::default() }
    }

    /// How many rows its items and their entries in indexes take.
    pub fn rows(&self) -> usize {
        let entries = |table: &Table| {
            let of = |index: &table::Index| table.items.iter().filter(|item| index.holds(item)).count();
            table.items.len() + table.indexes.iter().map(of).sum::<usize>()
        };
        self.tables.values().map(entries).sum()
    }

    fn said(&mut self, call: &Call) -> Result<Said, Fault> {
        let input = &call.input;
        let name = input["TableName"].as_str().unwrap_or_default().to_owned();
        match call.operation.as_str() {
            "CreateTable" if self.tables.contains_key(&name) => {
                return Ok(Said::Opinion(error("ResourceInUseException")));
            }
            "CreateTable" => {
                self.tables.insert(name.clone(), Table::create(input));
                return Ok(Said::part(json!({"TableDescription": {"TableName": name, "ItemCount": 0}})));
            }
            "DeleteTable" => {
                self.tables.remove(&name).ok_or(Fault::Missing)?;
                return Ok(Said::part(json!({"TableDescription": {"TableName": name, "TableStatus": "DELETING"}})));
            }
            "ListTables" => return self.list(input),
            "BatchWriteItem" => return self.batch_write(input),
            "BatchGetItem" => return self.batch_get(input),
            "TransactWriteItems" => return self.transact_write(input),
            "TransactGetItems" => return self.transact_get(input),
            _ => {}
        }
        let Some(table) = self.tables.get_mut(&name) else {
            // What is wrong with a request by itself is seen first.
            match call.operation.as_str() {
                "PutItem" => write::asked("Put", input).map(drop)?,
                "UpdateItem" => write::asked("Update", input).map(drop)?,
                "DeleteItem" => write::asked("Delete", input).map(drop)?,
                "GetItem" => read::Read::all([&input["Key"]], input).map(drop)?,
                _ => {}
            }
            return Err(Fault::Missing);
        };
        if table.lost {
            return Err(Fault::Unsure);
        }
        let written = match call.operation.as_str() {
            "PutItem" => write::single("Put", table, input),
            "UpdateItem" => write::single("Update", table, input),
            "DeleteItem" => write::single("Delete", table, input),
            "GetItem" => read::get(table, input).map(|output| (output, true)).map_err(Failed::Fault),
            "DescribeTable" => {
                return Ok(Said::part(json!({"Table": describe::table(&name, table)})));
            }
            "DescribeTimeToLive" => {
                return Ok(Said::Output(json!({"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}), true));
            }
            other => panic!("the model does not know {other}"),
        };
        match written {
            Ok((output, whole)) => Ok(Said::Output(output, whole)),
            Err(Failed::Fault(fault)) => Err(fault),
            Err(Failed::Condition(item)) => {
                let mut answer =
                    Answer::error(400, "ConditionalCheckFailedException", "The conditional request failed");
                answer.output.extend(item.map(|item| ("Item".to_owned(), json!(item))));
                Ok(Said::Opinion(Opinion::Answer(answer)))
            }
        }
    }

    /// The first of the tables that a listing gives. Others of the account may follow, whose names are not known.
    fn list(&self, input: &Json) -> Result<Said, Fault> {
        let after = input["ExclusiveStartTableName"].as_str().unwrap_or_default();
        let first = self.tables.keys().find(|name| name.as_str() > after).ok_or(Fault::Somehow)?;
        Ok(Said::part(json!({"TableNames": [first]})))
    }

    fn once(&mut self, call: &Call) -> Opinion {
        match self.said(call) {
            Ok(Said::Opinion(Opinion::Answer(answer))) => Opinion::Answer(plain(call, answer)),
            Ok(Said::Opinion(opinion)) => opinion,
            Ok(Said::Output(output, true)) => Opinion::Answer(plain(call, Answer::ok(output))),
            Ok(Said::Output(output, false)) => Opinion::Part(plain(call, Answer::ok(output))),
            Err(Fault::Refused) => error("ValidationException"),
            // Whether AWS sees first that an item is too large is not modelled.
            Err(Fault::Missing) if call.input.to_string().len() > table::ITEM => Opinion::None,
            Err(Fault::Missing) => error("ResourceNotFoundException"),
            Err(Fault::Somehow) => Opinion::None,
            Err(Fault::Unsure) => {
                // From here on the model would only guess.
                if !call.reads() {
                    self.tables.values_mut().for_each(|table| table.lost = true);
                }
                Opinion::None
            }
        }
    }

    fn pages(&mut self, call: &Call) -> Opinion {
        let name = call.input["TableName"].as_str().unwrap_or_default();
        // Which of its faults a request without a table is told is not modelled.
        let Some(table) = self.tables.get(name).filter(|table| !table.lost) else { return Opinion::None };
        let all = call.manner == Manner::Pages;
        match query::pages(&call.operation, table, &call.input, all) {
            Err(Fault::Refused) => error("ValidationException"),
            Err(_) => Opinion::None,
            Ok(pages) => {
                let mut answers = pages.into_iter().map(|(output, ..)| plain(call, Answer::ok(output)));
                let scanned = call.operation == "Scan";
                let answer = if all {
                    normal::together(call, &answers.collect::<Vec<_>>())
                } else {
                    answers.next().expect("a page")
                };
                // A page of a Scan alone has an order that is AWS's own, and so have segments.
                if scanned && (call.input.get("ExclusiveStartKey").is_some() || call.input.get("Segment").is_some()) {
                    Opinion::None
                } else if scanned && !all {
                    Opinion::Part(unordered(answer))
                } else {
                    Opinion::Answer(answer)
                }
            }
        }
    }
}

/// The answer as every other reference's.
fn plain(call: &Call, answer: Answer) -> Answer {
    normal::answer(call, answer, &mut crate::names::Names::default())
}

/// The answer without items and keys, of which it may hold others as well.
fn unordered(mut answer: Answer) -> Answer {
    if answer.output.contains_key("LastEvaluatedKey") {
        answer.output.clear();
    }
    answer.output.shift_remove("Items");
    answer
}

fn error(code: &str) -> Opinion {
    Opinion::Part(Answer { status: 400, code: Some(code.to_owned()), ..Answer::default() })
}

#[async_trait]
impl Reference for Model {
    fn name(&self) -> &'static str {
        "model"
    }

    async fn begin(&mut self) {
        *self = Self::default();
    }

    async fn answer(&mut self, call: &Call) -> Opinion {
        if matches!(call.operation.as_str(), "Query" | "Scan") {
            return self.pages(call);
        }
        let Manner::Race(times) = call.manner else { return self.once(call) };
        let mut answers = Vec::new();
        for _ in 0..times {
            match self.once(call) {
                Opinion::Answer(answer) => answers.push(answer),
                _ => return Opinion::None,
            }
        }
        Opinion::Answer(normal::together(call, &answers))
    }
}
