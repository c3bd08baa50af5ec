//! AWS's names: every operation of S3, DynamoDB and its streams with its members, whether it is emulated or not, and what
//! boto3's resources are made of.

use std::collections::HashMap;

/// What `tests/scripts/check_model_from_botocore.py` writes; the forms of a line are there.
const TEXT: &str = include_str!("model.txt");

/// An operation as AWS's model has it.
#[derive(Debug)]
pub struct Operation {
    /// `s3`, `dynamodb` or `dynamodbstreams`.
    pub service: &'static str,
    /// AWS's name.
    pub name: &'static str,
    /// Whether another service of AWS has an operation of this name.
    pub shared: bool,
    /// Its members, at the top of a request.
    pub members: Vec<Member>,
}

/// A member of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// AWS's name.
    pub name: &'static str,
    /// The header or query parameter that carries it, in lower case, where one does.
    pub carrier: Option<&'static str>,
}

impl Operation {
    /// The member of this name, in the spelling of any language.
    #[must_use]
    pub fn member(&self, spelled: &str) -> Option<Member> {
        let wanted = fold(spelled);
        self.members.iter().copied().find(|member| fold(member.name) == wanted)
    }
}

/// One of boto3's resources: service and name; the service's own is `-`, and a collection of one ends in `[]`.
pub type Resource = (&'static str, &'static str);

/// All of them.
#[derive(Debug, Default)]
pub struct Model {
    operations: Vec<Operation>,
    /// Positions by folded name; no two of the three services share one.
    named: HashMap<String, usize>,
    waiters: HashMap<String, &'static str>,
    actions: HashMap<(Resource, String), &'static str>,
    collections: HashMap<(Resource, String), (&'static str, Resource)>,
    resources: HashMap<(Resource, String), Resource>,
}

/// A name without what languages spell differently: case and underscores.
#[must_use]
pub fn fold(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

impl Model {
    /// Reads it.
    #[must_use]
    pub fn read() -> Self {
        let mut model = Self::default();
        for line in TEXT.lines() {
            let words: Vec<&'static str> = line.split(' ').collect();
            match *words.as_slice() {
                ["operation", service, name, ref members @ ..] => model.add(service, name, members),
                ["alias", name, operation] => {
                    let of = model.named.get(&fold(operation)).copied();
                    model.named.extend(of.map(|of| (fold(name), of)));
                }
                ["waiter", name, operation] => drop(model.waiters.insert(fold(name), operation)),
                ["action", service, resource, name, operation] => {
                    model.actions.insert(((service, resource), fold(name)), operation);
                }
                ["many", service, resource, name, operation, of] => {
                    model.collections.insert(((service, resource), fold(name)), (operation, (service, of)));
                }
                ["has", service, resource, name, of] => {
                    model.resources.insert(((service, resource), fold(name)), (service, of));
                }
                _ => {}
            }
        }
        model
    }

    fn add(&mut self, service: &'static str, name: &'static str, members: &[&'static str]) {
        let (shared, name) = name.strip_prefix('~').map_or((false, name), |name| (true, name));
        let members = members.iter().map(|member| match member.split_once('=') {
            Some((name, carrier)) => Member { name, carrier: Some(carrier) },
            None => Member { name: member, carrier: None },
        });
        self.named.insert(fold(name), self.operations.len());
        self.operations.push(Operation { service, name, shared, members: members.collect() });
    }

    /// Every operation.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter()
    }

    /// The operation of this name, in the spelling of any language.
    #[must_use]
    pub fn operation(&self, spelled: &str) -> Option<&Operation> {
        self.named.get(&fold(spelled)).map(|position| &self.operations[*position])
    }

    /// The operation that a waiter calls, by the waiter's name in any spelling.
    #[must_use]
    pub fn waiter(&self, spelled: &str) -> Option<&Operation> {
        self.waiters.get(&fold(spelled)).and_then(|name| self.operation(name))
    }

    /// The operation that a method of a resource calls.
    #[must_use]
    pub fn action(&self, resource: Resource, method: &str) -> Option<&Operation> {
        self.actions.get(&(resource, fold(method))).and_then(|name| self.operation(name))
    }

    /// The operation behind a collection of a resource, and what it is a collection of.
    #[must_use]
    pub fn collection(&self, resource: Resource, name: &str) -> Option<(&Operation, Resource)> {
        let (operation, of) = self.collections.get(&(resource, fold(name)))?;
        Some((self.operation(operation)?, *of))
    }

    /// The resource to which another leads.
    #[must_use]
    pub fn resource(&self, resource: Resource, name: &str) -> Option<Resource> {
        self.resources.get(&(resource, fold(name))).copied()
    }
}
