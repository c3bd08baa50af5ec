//! PutBucketCors.

use crate::emulator::error::AwsError;
use crate::emulator::s3::context::Context;
use crate::emulator::s3::cors::Rule;
use crate::emulator::s3::error::{invalid_request, malformed_xml};
use crate::emulator::s3::reply::Reply;
use crate::emulator::s3::service::Core;
use crate::emulator::s3::xml::{self, Element};

const METHODS: [&str; 5] = ["GET", "PUT", "HEAD", "POST", "DELETE"];
const MOST_RULES: usize = 100;
const LONGEST_ID: usize = 255;

/// Sets the rules by which pages of other origins may use the bucket.
pub(super) async fn run(core: &Core, context: &Context) -> Result<Reply, AwsError> {
    let mut root = xml::read(context.document(), "CORSConfiguration")?;
    let rules = root.take_all("CORSRule").into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    root.end()?;
    let context = context.clone();
    core.write(move |change| {
        let mut bucket = context.open_bucket(change)?;
        if rules.is_empty() {
            return Err(malformed_xml());
        }
        if rules.len() > MOST_RULES {
            let message = format!("The number of CORS rules should not exceed allowed limit of {MOST_RULES} rules.");
            return Err(invalid_request(message));
        }
        for rule in &rules {
            check(rule)?;
        }
        bucket.cors = rules;
        Ok(bucket.put(change, context.bucket())?)
    })
    .await?;
    Ok(Reply::empty())
}

fn read(mut given: Element) -> Result<Rule, AwsError> {
    let rule = Rule {
        id: given.take_text("ID")?,
        origins: given.take_texts("AllowedOrigin")?,
        methods: given.take_texts("AllowedMethod")?,
        headers: given.take_texts("AllowedHeader")?,
        expose: given.take_texts("ExposeHeader")?,
        max_age: given.take_value("MaxAgeSeconds")?,
    };
    given.end()?;
    if rule.origins.is_empty() || rule.methods.is_empty() {
        return Err(malformed_xml());
    }
    Ok(rule)
}

fn check(rule: &Rule) -> Result<(), AwsError> {
    if let Some(unknown) = rule.methods.iter().find(|method| !METHODS.contains(&method.as_str())) {
        let message = format!("Found unsupported HTTP method in CORS config. Unsupported method is {unknown}");
        return Err(invalid_request(message));
    }
    for (element, values) in [("AllowedOrigin", &rule.origins), ("AllowedHeader", &rule.headers)] {
        if let Some(value) = values.iter().find(|value| value.matches('*').count() > 1) {
            return Err(invalid_request(format!("{element} \"{value}\" can not have more than one wildcard.")));
        }
    }
    if let Some(value) = rule.expose.iter().find(|value| value.contains('*')) {
        return Err(invalid_request(format!(
            "ExposeHeader \"{value}\" contains wildcard. We currently do not support wildcard for ExposeHeader."
        )));
    }
    if rule.id.as_ref().is_some_and(|id| id.len() > LONGEST_ID) {
        return Err(invalid_request(format!("ID length should not exceed allowed limit of {LONGEST_ID}.")));
    }
    Ok(())
}
