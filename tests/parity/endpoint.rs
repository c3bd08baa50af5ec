//! Anything that answers AWS's SDK: the emulator in this process, an engine at a URL, AWS itself.

use async_trait::async_trait;
use footbridge::backend::Clients;
use futures::future::join_all;
use serde_json::{Value as Json, json};

use crate::call::{Answer, Call, Manner, Service};
use crate::judge::Difference;
use crate::names::Names;
use crate::normal;
use crate::reference::{Opinion, Reference};
use crate::wire::{self, Sent};

/// The most pages of one listing: more is a listing that never ends.
const PAGES: usize = 500;

/// A reference behind the SDK's clients.
pub struct Endpoint {
    name: String,
    clients: Clients,
    names: Names,
    /// What this history made: tables and buckets, by their full names.
    made: Vec<(Service, String)>,
    histories: usize,
    /// What every name that it makes begins with.
    prefix: String,
}

impl Endpoint {
    pub fn new(name: &str, clients: Clients, prefix: &str) -> Self {
        Self {
            name: name.to_owned(),
            clients,
            names: Names::default(),
            made: Vec::new(),
            histories: 0,
            prefix: prefix.to_owned(),
        }
    }

    async fn send(&self, call: &Call, input: &Json) -> Sent {
        match call.service {
            Service::DynamoDb => wire::dynamodb::send(&self.clients.dynamodb, &call.operation, input).await,
            Service::S3 => wire::s3::send(&self.clients.s3, &call.operation, input).await,
        }
    }

    /// Sends a call, and each page after it where all are wanted.
    async fn sent(&self, call: &Call) -> Result<Vec<Answer>, wire::Unanswered> {
        let mut input = self.names.fill(&call.input);
        match call.manner {
            Manner::Plain => Ok(vec![self.send(call, &input).await?]),
            Manner::Race(times) => {
                let racing = (0..times).map(|_| self.send(call, &input));
                join_all(racing).await.into_iter().collect()
            }
            Manner::Pages => {
                let mut pages = Vec::new();
                loop {
                    let page = self.send(call, &input).await?;
                    let more = wire::next_page(&call.operation, &mut input, &page);
                    pages.push(page);
                    if !more || pages.len() == PAGES {
                        return Ok(pages);
                    }
                }
            }
        }
    }

    /// Remembers what an answer made, and the ids that it gave.
    fn remember(&mut self, call: &Call, answer: &Answer) {
        self.names.remember(call, answer);
        if !answer.is_ok() {
            return;
        }
        let input = self.names.fill(&call.input);
        let made = match call.operation.as_str() {
            "CreateTable" => input["TableName"].as_str(),
            "CreateBucket" => input["Bucket"].as_str(),
            _ => None,
        };
        self.made.extend(made.map(|name| (call.service, name.to_owned())));
    }
}

#[async_trait]
impl Reference for Endpoint {
    fn name(&self) -> &str {
        &self.name
    }

    async fn begin(&mut self) {
        self.histories += 1;
        // With letters that no digest has: it is looked for in every text of an answer.
        self.names = Names::new(&format!("{}h{}x-", self.prefix, self.histories));
    }

    async fn answer(&mut self, call: &Call) -> Opinion {
        let answers = match self.sent(call).await {
            Ok(answers) => answers,
            Err(wire::Unanswered(why)) => return Opinion::Broken(why),
        };
        let mut plain = Vec::new();
        for answer in answers {
            self.remember(call, &answer);
            plain.push(normal::answer(call, answer, &mut self.names));
        }
        Opinion::Answer(match call.manner {
            Manner::Plain => plain.remove(0),
            _ => normal::together(call, &plain),
        })
    }

    async fn end(&mut self) -> Vec<Difference> {
        for (service, name) in std::mem::take(&mut self.made) {
            match service {
                Service::DynamoDb => {
                    drop(
                        wire::dynamodb::send(&self.clients.dynamodb, "DeleteTable", &json!({"TableName": name})).await,
                    );
                }
                Service::S3 => wire::s3::remove(&self.clients.s3, &name).await,
            }
        }
        Vec::new()
    }
}
