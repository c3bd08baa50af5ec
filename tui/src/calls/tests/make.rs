//! Calls for tests.

use footbridge_record::{AwsCall, Call, Finished, Outcome, Started, Subject, Target, Who};
use serde_json::Value;
use uuid::Uuid;

use crate::row::{Names, Place, Row};

/// A call under way.
#[derive(Debug, Clone)]
pub(crate) struct Make {
    at: u64,
    started: Started,
    finished: Option<Finished>,
}

impl Make {
    fn new(subject: Subject, who: Who) -> Self {
        let started = Started {
            pid: 7,
            who,
            target: Target::Local { account: Some("000000000000".into()), region: Some("us-east-1".into()) },
            target_name: None,
            subject,
            admission: None,
            resources: Vec::new(),
            access: std::collections::BTreeMap::new(),
            parameters: Value::Null,
            bytes_in: None,
            partial: false,
        };
        Self { at: 0, started, finished: None }
    }

    /// A call of a tool, which runs.
    pub(crate) fn tool(tool: &str) -> Self {
        Self::new(Subject::Tool { tool: tool.to_owned() }, Who::Mcp { client: None })
    }

    /// A call at the endpoint, which runs.
    pub(crate) fn operation(service: &str, operation: &str) -> Self {
        let subject = Subject::Operation { service: service.to_owned(), operation: operation.to_owned() };
        Self::new(subject, Who::Endpoint { user_agent: Some("Boto3/1.44.8 md/Botocore#1.44.8".to_owned()) })
    }

    pub(crate) fn at(mut self, at: u64) -> Self {
        self.at = at;
        self
    }

    pub(crate) fn on(mut self, resource: &str) -> Self {
        self.started.resources.push(resource.to_owned());
        self
    }

    pub(crate) fn asked(mut self, parameters: Value) -> Self {
        self.started.parameters = parameters;
        self
    }

    /// Not all that was asked is recorded.
    pub(crate) fn partial(mut self) -> Self {
        self.started.partial = true;
        self
    }

    pub(crate) fn to(mut self, target: Target) -> Self {
        self.started.target = target;
        self
    }

    /// By an MCP client of this name.
    pub(crate) fn by(mut self, client: &str) -> Self {
        self.started.who = Who::Mcp { client: Some(client.to_owned()) };
        self
    }

    fn ended(mut self, outcome: Outcome, ms: f64) -> Self {
        self.finished = Some(Finished {
            outcome,
            ms,
            http_status: None,
            bytes_out: None,
            aws_calls: Vec::new(),
            aws_calls_left_out: 0,
            response: Value::Null,
            response_partial: false,
            consent: None,
        });
        self
    }

    pub(crate) fn took(self, ms: impl Into<f64>) -> Self {
        self.ended(Outcome::Ok, ms.into())
    }

    pub(crate) fn failed(self, code: &str, message: &str, ms: f64) -> Self {
        self.ended(Outcome::Error { code: code.to_owned(), message: message.to_owned() }, ms)
    }

    /// What came of one that ended.
    pub(crate) fn came(mut self, response: Value) -> Self {
        if let Some(end) = &mut self.finished {
            end.response = response;
        }
        self
    }

    /// AWS calls that one that ended made.
    pub(crate) fn made(mut self, service: &str, operation: &str, ms: f64) -> Self {
        if let Some(end) = &mut self.finished {
            end.aws_calls.push(AwsCall {
                service: service.to_owned(),
                operation: operation.to_owned(),
                status: Some(200),
                error: None,
                ms,
                request_id: None,
                attempts: 1,
                access: std::collections::BTreeMap::new(),
            });
        }
        self
    }

    /// The call, of this number.
    pub(crate) fn call(self, number: u128) -> Call {
        let Self { at, started, finished } = self;
        Call { id: Uuid::from_u128(number), at, time: None, file: String::new(), started, finished }
    }

    /// Its row, of this number.
    pub(crate) fn row(self, number: u128, names: &mut Names) -> Row {
        let ended = self.finished.is_some();
        let call = self.call(number);
        let started = u64::try_from(number).unwrap() * 2;
        Row::of(&call, "", Place { file: 1, started, finished: ended.then_some(started + 1) }, names)
    }
}

/// The rows of these calls, by number from 1 on.
pub(crate) fn rows(makes: impl IntoIterator<Item = Make>) -> Vec<Row> {
    let mut names = Names::default();
    (1..).zip(makes).map(|(number, make)| make.row(number, &mut names)).collect()
}
