//! DynamoDB as plainly as it can be written, from AWS's documentation and recorded answers. It shares no code with the
//! emulator, and holds everything in maps and lists.
//!
//! It knows which requests are refused, seldom with which words; where it does not know whether a write is done, it says
//! nothing of that table any more.

mod capacity;
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
    fn said(&mut self, call: &Call) -> Result<Said, Fault> {
        let input = &call.input;
        let name = input["TableName"].as_str().unwrap_or_default().to_owned();
        match call.operation.as_str() {
            "CreateTable" if self.tables.contains_key(&name) => {
                return Ok(Said::Opinion(error("ResourceInUseException")));
            }
            "CreateTable" => {
                self.tables.insert(name, Table::create(input));
                return Ok(Said::part(json!({})));
            }
            "BatchWriteItem" => return self.batch_write(input),
            "BatchGetItem" => return self.batch_get(input),
            "TransactWriteItems" => return self.transact_write(input),
            "TransactGetItems" => return self.transact_get(input),
            _ => {}
        }
        let Some(table) = self.tables.get_mut(&name) else { return Err(Fault::Missing) };
        if table.lost {
            return Err(Fault::Unsure);
        }
        let written = match call.operation.as_str() {
            "PutItem" => write::single("Put", table, input),
            "UpdateItem" => write::single("Update", table, input),
            "DeleteItem" => write::single("Delete", table, input),
            "GetItem" => read::get(table, input).map(|output| (output, true)).map_err(Failed::Fault),
            "DescribeTable" => {
                let counted = json!({"TableName": name, "ItemCount": table.items.len()});
                return Ok(Said::part(json!({"Table": counted})));
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

    fn once(&mut self, call: &Call) -> Opinion {
        match self.said(call) {
            Ok(Said::Opinion(Opinion::Answer(answer))) => Opinion::Answer(plain(call, answer)),
            Ok(Said::Opinion(opinion)) => opinion,
            Ok(Said::Output(output, true)) => Opinion::Answer(plain(call, Answer::ok(output))),
            Ok(Said::Output(output, false)) => Opinion::Part(plain(call, Answer::ok(output))),
            Err(Fault::Refused) => error("ValidationException"),
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
        let Some(table) = self.tables.get(name) else { return error("ResourceNotFoundException") };
        if table.lost {
            return Opinion::None;
        }
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
                // A page of a Scan alone has an order that is AWS's own.
                if scanned && !all { Opinion::None } else { Opinion::Answer(answer) }
            }
        }
    }
}

/// The answer as every other reference's.
fn plain(call: &Call, answer: Answer) -> Answer {
    normal::answer(call, answer, &mut crate::names::Names::default())
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

    async fn end(&mut self) {}
}
