//! Tags of tables, and the ARNs that the operations on them take.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::table::TableName;
use crate::emulator::error::AwsError;

/// The most tags of a table (quotas page).
const MOST: usize = 50;

/// Tags by their keys.
pub type Tags = BTreeMap<String, String>;

/// Reads a `Tags` list whose elements have the declared types.
pub fn read(given: Option<&Json>) -> Result<Tags, AwsError> {
    let mut tags = Tags::new();
    for tag in given.and_then(Json::as_array).into_iter().flatten() {
        let text = |name: &str| tag.get(name).and_then(Json::as_str).unwrap_or_default();
        let (name, value) = (text("Key"), text("Value"));
        check_key(name)?;
        if let Some(wrong) = value.chars().find(|c| !is_allowed(*c)) {
            return Err(invalid(&format!("The tag value {value} has a character that is not allowed: {wrong}")));
        }
        if tags.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(invalid(&format!("The tag key {name} is given more than once")));
        }
    }
    check_count(&tags)?;
    Ok(tags)
}

/// Refuses more tags than a table may have.
pub fn check_count(tags: &Tags) -> Result<(), AwsError> {
    if tags.len() <= MOST {
        return Ok(());
    }
    Err(invalid(&format!("Too many tags: a resource can have at most {MOST}")))
}

/// Refuses a key that a caller cannot give or take away.
pub fn check_key(key: &str) -> Result<(), AwsError> {
    if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
        return Err(invalid(&format!("The tag key {key} is reserved: only AWS uses the prefix aws:")));
    }
    match key.chars().find(|c| !is_allowed(*c)) {
        Some(wrong) => Err(invalid(&format!("The tag key {key} has a character that is not allowed: {wrong}"))),
        None => Ok(()),
    }
}

/// Letters, white space, digits, and `+ - = . _ : / @` (developer guide, "Tagging restrictions").
fn is_allowed(c: char) -> bool {
    c.is_alphanumeric() || c.is_whitespace() || "+-=._:/@".contains(c)
}

fn invalid(what: &str) -> AwsError {
    AwsError::validation(format!("One or more parameter values were invalid: {what}"))
}

/// The table whose ARN this is. Which error a wrong one gives depends on what is wrong with it, and the account is
/// looked at before the region (as engines that were compared with AWS in 2026 do).
pub fn resource(account: &str, region: &str, operation: &str, arn: &str) -> Result<TableName, AwsError> {
    let denied = || {
        let message = format!(
            "User: arn:aws:iam::{account}:root is not authorized to perform: dynamodb:{operation} on resource: {arn}"
        );
        AwsError::new(400, "AccessDeniedException", message)
    };
    let invalid = || AwsError::validation(format!("Invalid TableArn: Invalid ResourceArn provided as input {arn}"));
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    let &["arn", _, service, of_region, of_account, resource] = parts.as_slice() else { return Err(invalid()) };
    if service != "dynamodb" {
        return Err(denied());
    }
    let name = resource.strip_prefix("table/").filter(|name| !name.is_empty() && !name.contains('/'));
    let name = name.ok_or_else(invalid)?;
    if of_account != account {
        return Err(denied());
    }
    if of_region != region {
        return Err(invalid());
    }
    Ok(TableName { account: account.to_owned(), region: region.to_owned(), name: name.to_owned() })
}

/// The refusal of an ARN whose table is not there.
#[must_use]
pub fn no_such_resource(arn: &str) -> AwsError {
    let message = format!("Requested resource not found: ResourceArn: {arn} not found");
    AwsError::new(400, "ResourceNotFoundException", message)
}
