//! The emulator in this process, whose store is looked at when a history ends: its rows are the items and their entries in
//! indexes, no more and no fewer, and what it tells of a table is what is in it.

use async_trait::async_trait;
use footbridge::emulator::Emulator;
use footbridge::emulator::store::{Read, Table as Rows};
use serde_json::{Value as Json, json};

use super::model::Model;
use crate::call::{Answer, Call};
use crate::endpoint::Endpoint;
use crate::judge::{Answers, Difference, against};
use crate::reference::{Opinion, Reference};

/// An endpoint, and the emulator behind it.
pub struct Stored {
    pub endpoint: Endpoint,
    pub emulator: Emulator,
}

impl Stored {
    /// The answer to a call that is always answered.
    async fn ask(&mut self, call: &Call) -> Answer {
        match self.endpoint.answer(call).await {
            Opinion::Answer(answer) if answer.is_ok() => answer,
            other => panic!("{call:?}: {other:?}"),
        }
    }

    /// What does not agree in a table, and how many rows it should have.
    async fn table(&mut self, name: &Json) -> (Vec<Difference>, usize) {
        self.ask(&late(name)).await;
        self.emulator.dynamodb().swept().await;
        let describe = Call::dynamodb("DescribeTable", json!({"TableName": name}));
        let described = self.ask(&describe).await.output["Table"].clone();
        let scan = |more: Json| {
            let mut call = Call::dynamodb("Scan", json!({"TableName": name, "Limit": 3})).in_pages();
            call.input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            call
        };
        let items = self.ask(&scan(json!({}))).await.output["Items"].take();
        let items = items.as_array().unwrap().iter().map(|item| item.as_object().unwrap().clone()).collect();
        let mut model = Model::holding(&described, items);
        let mut calls = vec![describe];
        for list in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
            let indexes = described[list].as_array().into_iter().flatten();
            calls.extend(indexes.map(|index| scan(json!({"IndexName": index["IndexName"]}))));
        }
        let of = |reference: &str| Answers { reference: reference.to_owned(), opinions: Vec::new(), left: Vec::new() };
        let (mut told, mut held) = (of("footbridge"), of("the items"));
        for call in &calls {
            told.opinions.push(self.endpoint.answer(call).await);
            held.opinions.push(model.answer(call).await);
        }
        (against(&calls, &told, &held), model.rows())
    }

    /// That the store has so many rows of items and entries.
    fn rows(&self, wanted: usize) -> Option<Difference> {
        let rows = self.emulator.store().read().unwrap().prefix(Rows::Items, &[]).unwrap().count();
        (rows != wanted).then(|| Difference {
            at: 0,
            call: Call::dynamodb("ListTables", json!({})),
            aspect: "rows in the store".to_owned(),
            footbridge: rows.into(),
            told: None,
            others: vec![("the items".to_owned(), wanted.into())],
        })
    }
}

/// An index more, which is filled from the items that are there.
fn late(table: &Json) -> Call {
    let keys = [json!({"AttributeName": "g", "KeyType": "HASH"}), json!({"AttributeName": "r", "KeyType": "RANGE"})];
    let index = json!({"IndexName": "late", "KeySchema": keys, "Projection": {"ProjectionType": "KEYS_ONLY"}});
    let attributes =
        [json!({"AttributeName": "g", "AttributeType": "S"}), json!({"AttributeName": "r", "AttributeType": "N"})];
    let updates = [json!({"Create": index})];
    let input = json!({"TableName": table, "AttributeDefinitions": attributes, "GlobalSecondaryIndexUpdates": updates});
    Call::dynamodb("UpdateTable", input)
}

#[async_trait]
impl Reference for Stored {
    fn name(&self) -> &str {
        self.endpoint.name()
    }

    async fn begin(&mut self) {
        self.endpoint.begin().await;
    }

    async fn answer(&mut self, call: &Call) -> Opinion {
        self.endpoint.answer(call).await
    }

    async fn end(&mut self) -> Vec<Difference> {
        let tables = self.ask(&Call::dynamodb("ListTables", json!({}))).await.output["TableNames"].take();
        let (mut found, mut rows) = (Vec::new(), 0);
        for name in tables.as_array().unwrap() {
            let (differences, held) = self.table(name).await;
            found.extend(differences);
            rows += held;
        }
        found.extend(self.rows(rows));
        found.extend(self.endpoint.end().await);
        self.emulator.dynamodb().swept().await;
        found.extend(self.rows(0));
        found
    }
}
