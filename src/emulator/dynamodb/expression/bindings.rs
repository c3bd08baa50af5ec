//! ExpressionAttributeNames and ExpressionAttributeValues.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::emulator::dynamodb::number::NumberError;
use crate::emulator::dynamodb::value::{MAX_DEPTH, Value, check_depth, check_map_shape, check_name};
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::error::AwsError;

/// What names and values may take up together.
const MAX_SIZE: usize = 2 * 1024 * 1024;

/// What [`MAX_DEPTH`] is in the parts of a transaction: one level more, which only writing refuses (recorded 2026-10-07).
const TRANSACTION_DEPTH: usize = MAX_DEPTH + 1;

/// A request's ExpressionAttributeNames and ExpressionAttributeValues; remembers which of them its expressions used.
#[derive(Debug)]
pub struct Bindings {
    wording: Wording,
    names: Option<References<String>>,
    values: Option<References<Arc<Value>>>,
    /// Nothing of a value may lie inside so many lists and maps.
    max_depth: usize,
}

/// What the references of one parameter stand for.
type References<T> = BTreeMap<String, Bound<T>>;

#[derive(Debug)]
struct Bound<T> {
    to: T,
    used: bool,
}

impl<T> Bound<T> {
    fn new(to: T) -> Self {
        Self { to, used: false }
    }
}

impl Bindings {
    /// Reads both parameters (as they are in the request: absent or an object) with AWS's validation. `wording` is how the
    /// operation words its errors; everything parsed with these bindings follows it.
    pub fn new(names: Option<Json>, values: Option<Json>, wording: Wording) -> Result<Self, AwsError> {
        Self::read(names, values, wording, MAX_DEPTH)
    }

    /// As [`Bindings::new`], for the parts of a transaction, whose values may be a level deeper.
    pub fn for_transaction(names: Option<Json>, values: Option<Json>, wording: Wording) -> Result<Self, AwsError> {
        Self::read(names, values, wording, TRANSACTION_DEPTH)
    }

    fn read(names: Option<Json>, values: Option<Json>, wording: Wording, max_depth: usize) -> Result<Self, AwsError> {
        let (names, values) = (read_names(names, wording)?, read_values(values, wording)?);
        Ok(Self { wording, names, values, max_depth })
    }

    /// Refuses names or values where the request has no expression at all that could use them. `values_for` names the
    /// expressions that could have used values (`ConditionExpression`, or several joined by ` and `), which the plain
    /// wording lists.
    pub fn check_wanted(&self, any_expression: bool, values_for: &str) -> Result<(), AwsError> {
        if any_expression {
            return Ok(());
        }
        if self.names.is_some() {
            return Err(self.error("ExpressionAttributeNames can only be specified when using expressions"));
        }
        if self.values.is_some() {
            let sentence = "ExpressionAttributeValues can only be specified when using expressions";
            let verb = if values_for.contains(" and ") { "are" } else { "is" };
            return Err(match self.wording {
                Wording::Counted => self.error(sentence),
                Wording::Plain | Wording::Many => self.error(&format!("{sentence}: {values_for} {verb} null")),
            });
        }
        Ok(())
    }

    /// After every expression has been parsed: refuses values nested too deeply, unused names, then unused values.
    pub fn finish(&self) -> Result<(), AwsError> {
        let values = self.values.iter().flatten().map(|(_, bound)| &*bound.to);
        check_depth(values, self.max_depth, self.wording)?;
        check_used(self.names.as_ref(), "ExpressionAttributeNames", self.wording)?;
        check_used(self.values.as_ref(), "ExpressionAttributeValues", self.wording)
    }

    /// The attribute name behind `#name`.
    pub(super) fn name(&mut self, reference: &str) -> Option<String> {
        let bound = self.names.as_mut()?.get_mut(reference)?;
        bound.used = true;
        Some(bound.to.clone())
    }

    /// The value behind `:value`.
    pub(super) fn value(&mut self, reference: &str) -> Option<Arc<Value>> {
        let bound = self.values.as_mut()?.get_mut(reference)?;
        bound.used = true;
        Some(Arc::clone(&bound.to))
    }

    pub(super) fn wording(&self) -> Wording {
        self.wording
    }

    fn error(&self, message: &str) -> AwsError {
        self.wording.error(message)
    }
}

fn read_names(json: Option<Json>, wording: Wording) -> Result<Option<References<String>>, AwsError> {
    const PARAMETER: &str = "ExpressionAttributeNames";
    let mut names = BTreeMap::new();
    let mut size = 0;
    let Some(members) = members(json, PARAMETER, '#', wording)? else { return Ok(None) };
    for (reference, json) in members {
        let Json::String(name) = json else {
            return Err(AwsError::new(400, "SerializationException", "Unexpected value type in payload"));
        };
        check_name(&name, wording)?;
        size += reference.len() + name.len();
        names.insert(reference, Bound::new(name));
    }
    check_size(size, PARAMETER, wording)?;
    Ok(Some(names))
}

/// Values of any depth: AWS complains of that last.
fn read_values(json: Option<Json>, wording: Wording) -> Result<Option<References<Arc<Value>>>, AwsError> {
    const PARAMETER: &str = "ExpressionAttributeValues";
    if let Some(json) = &json {
        check_map_shape(json)?;
    }
    let mut values = BTreeMap::new();
    let mut size = 0;
    let Some(members) = members(json, PARAMETER, ':', wording)? else { return Ok(None) };
    for (reference, json) in members {
        let value = Value::deep_from_json(json, wording).map_err(|error| {
            // What is wrong with a number is told by itself; the counting validator tells everything so
            // (ministackorg/ministack issue 1038 quotes AWS).
            let sentence = error.message.as_str();
            if wording == Wording::Counted || NumberError::is_told_in(sentence) {
                return error;
            }
            wording.error(format!("{PARAMETER} contains invalid value: {sentence} for key {reference}"))
        })?;
        size += reference.len() + value.size();
        values.insert(reference, Bound::new(Arc::new(value)));
    }
    check_size(size, PARAMETER, wording)?;
    Ok(Some(values))
}

/// The members of a parameter, if it was given.
fn members(
    json: Option<Json>,
    parameter: &str,
    sigil: char,
    wording: Wording,
) -> Result<Option<serde_json::Map<String, Json>>, AwsError> {
    let members = match json {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Object(members)) => members,
        Some(_) => return Err(AwsError::new(400, "SerializationException", "Unexpected field type")),
    };
    if members.is_empty() {
        return Err(wording.error(format!("{parameter} must not be empty")));
    }
    if let Some(wrong) = members.keys().find(|key| !is_reference(key, sigil)) {
        return Err(wording.error(format!("{parameter} contains invalid key: Syntax error; key: \"{wrong}\"")));
    }
    Ok(Some(members))
}

fn is_reference(key: &str, sigil: char) -> bool {
    key.strip_prefix(sigil)
        .is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

fn check_size(size: usize, parameter: &str, wording: Wording) -> Result<(), AwsError> {
    if size > MAX_SIZE {
        return Err(wording.error(format!("{parameter} exceeds the maximum size of {MAX_SIZE} bytes")));
    }
    Ok(())
}

fn check_used<T>(bound: Option<&References<T>>, parameter: &str, wording: Wording) -> Result<(), AwsError> {
    let unused: Vec<_> =
        bound.into_iter().flatten().filter(|(_, bound)| !bound.used).map(|(key, _)| key.as_str()).collect();
    if unused.is_empty() {
        return Ok(());
    }
    Err(wording.error(format!("Value provided in {parameter} unused in expressions: keys: {{{}}}", unused.join(", "))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::emulator::dynamodb::value::DEPTH_MESSAGE;

    fn refusal(names: Option<Json>, values: Option<Json>) -> String {
        Bindings::new(names, values, Wording::Plain).unwrap_err().message
    }

    #[test]
    fn keys_and_values_are_checked() {
        assert_eq!(refusal(Some(json!({})), None), "ExpressionAttributeNames must not be empty");
        assert_eq!(refusal(None, Some(json!({}))), "ExpressionAttributeValues must not be empty");
        assert_eq!(
            refusal(Some(json!({"a": "b"})), None),
            "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\""
        );
        assert_eq!(
            refusal(None, Some(json!({":a-b": {"S": "x"}}))),
            "ExpressionAttributeValues contains invalid key: Syntax error; key: \":a-b\""
        );
        assert_eq!(
            refusal(None, Some(json!({":a": {"N": "x"}}))),
            "The parameter cannot be converted to a numeric value: x"
        );
        assert_eq!(
            refusal(None, Some(json!({":a": {"SS": []}}))),
            "ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: An string set  \
             may not be empty for key :a"
        );
        assert_eq!(
            Bindings::new(None, Some(json!({":a": {"SS": []}})), Wording::Counted).unwrap_err().message,
            "1 validation error detected: One or more parameter values were invalid: An string set  may not be empty"
        );
        assert_eq!(refusal(None, Some(json!({":a": {"N": 1}}))), "NUMBER_VALUE cannot be converted to String");
    }

    #[test]
    fn unused_names_come_before_unused_values() {
        let mut bindings = Bindings::new(
            Some(json!({"#a": "a", "#b": "b"})),
            Some(json!({":v": {"S": "x"}, ":w": {"S": "x"}})),
            Wording::Counted,
        )
        .unwrap();
        assert_eq!(bindings.name("#a").as_deref(), Some("a"));
        assert_eq!(
            bindings.finish().unwrap_err().message,
            "1 validation error detected: Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"
        );
        bindings.name("#b");
        assert_eq!(
            bindings.finish().unwrap_err().message,
            "1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: keys: {:v, :w}"
        );
        bindings.value(":v");
        bindings.value(":w");
        assert_eq!(bindings.finish(), Ok(()));
    }

    #[test]
    fn bindings_without_expressions_are_refused() {
        let values = Some(json!({":v": {"S": "x"}}));
        let counted = Bindings::new(None, values.clone(), Wording::Counted).unwrap();
        assert_eq!(
            counted.check_wanted(false, "ConditionExpression").unwrap_err().message,
            "1 validation error detected: ExpressionAttributeValues can only be specified when using expressions"
        );
        let plain = Bindings::new(None, values, Wording::Plain).unwrap();
        assert_eq!(
            plain.check_wanted(false, "ConditionExpression").unwrap_err().message,
            "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"
        );
        assert_eq!(plain.check_wanted(true, "ConditionExpression"), Ok(()));
    }

    #[test]
    fn deep_values_are_refused_except_in_transactions() {
        let deep = (0..32).fold(json!({"S": "x"}), |inner, _| json!({"L": [inner]}));
        let values = Some(json!({":v": deep}));
        let mut bindings = Bindings::new(None, values.clone(), Wording::Counted).unwrap();
        bindings.value(":v");
        assert_eq!(bindings.finish().unwrap_err().message, format!("1 validation error detected: {DEPTH_MESSAGE}"));
        let mut bindings = Bindings::for_transaction(None, values, Wording::Plain).unwrap();
        bindings.value(":v");
        assert_eq!(bindings.finish(), Ok(()));
    }
}
