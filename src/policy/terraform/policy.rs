//! The policy as a resource.

use std::collections::BTreeSet;

use super::Written;
use super::hcl::{Body, Value, Writer};
use crate::policy::Document;

/// Writes `aws_iam_policy`, which refers to what is `written` beside it.
pub(super) fn write(writer: &mut Writer, document: &Document, written: &[Written]) {
    let one_or_more = |mut values: Vec<Value>| if values.len() == 1 { values.remove(0) } else { Value::List(values) };
    let texts = |texts: &BTreeSet<String>| one_or_more(texts.iter().map(Value::text).collect());
    let arns = |arns: &BTreeSet<String>| one_or_more(arns.iter().map(|arn| refer(arn, written)).collect());
    let statements = document.statements.iter().map(|statement| {
        Value::Map(vec![
            ("Sid".to_owned(), Value::text(&statement.sid)),
            ("Effect".to_owned(), Value::text("Allow")),
            ("Action".to_owned(), texts(&statement.actions)),
            ("Resource".to_owned(), arns(&statement.resources)),
        ])
    });
    let policy = Value::Map(vec![
        ("Version".to_owned(), Value::text("2012-10-17")),
        ("Statement".to_owned(), Value::List(statements.collect())),
    ]);
    let mut body = Body::default();
    body.set("name", Value::text("footbridge-journal"));
    body.set("description", Value::text("What the journal of footbridge shows, and nothing else."));
    body.set("policy", Value::Call("jsonencode", Box::new(policy)));
    writer.resource("aws_iam_policy", "footbridge_journal", &body);
}

/// `arn` by what it is part of, where that is in the file.
fn refer(arn: &str, written: &[Written]) -> Value {
    let below = |one: &Written| {
        let rest = arn.strip_prefix(one.arn.as_str())?;
        // A name may begin like another one.
        (rest.is_empty() || rest.starts_with('/')).then(|| (one.reference.clone(), rest.to_owned()))
    };
    match written.iter().find_map(below) {
        Some((reference, rest)) if rest.is_empty() => Value::Reference(reference),
        Some((reference, rest)) => Value::Below(reference, rest),
        None => Value::text(arn),
    }
}
