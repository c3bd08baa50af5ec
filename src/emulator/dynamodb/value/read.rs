//! From DynamoDB JSON to values, with AWS's validation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::{Item, Type, Value};
use crate::emulator::dynamodb::number::{Number, NumberError};
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::error::AwsError;

/// A value at this depth of lists and maps is refused: AWS stores at most 32 levels, the attribute itself being the first.
pub(in super::super) const MAX_DEPTH: usize = 32;
/// What AWS says of a deeper value.
pub(in super::super) const DEPTH_MESSAGE: &str =
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
/// The longest name, in bytes.
const MAX_NAME: usize = 65_535;
const INVALID: &str = "One or more parameter values were invalid";

impl Value {
    /// Reads DynamoDB JSON with AWS's validation (all but the wrong JSON types, which [`super::check_shape`] finds first).
    pub fn from_json(json: Json, wording: Wording) -> Result<Self, AwsError> {
        Reader { wording, max_depth: MAX_DEPTH }.value(json, 0)
    }

    /// [`Value::from_json`] at any depth, of which [`check_depth`] complains later.
    pub(in super::super) fn deep_from_json(json: Json, wording: Wording) -> Result<Self, AwsError> {
        Reader { wording, max_depth: usize::MAX }.value(json, 0)
    }
}

/// Reads a map of attribute values, validated as by [`Value::from_json`].
pub fn item_from_json(json: Json, wording: Wording) -> Result<Item, AwsError> {
    Reader { wording, max_depth: MAX_DEPTH }.map(json, 0)
}

/// The same at any depth: AWS complains of that after all else that the request alone shows, with [`check_depth`].
pub(in super::super) fn deep_item_from_json(json: Json, wording: Wording) -> Result<Item, AwsError> {
    Reader { wording, max_depth: usize::MAX }.map(json, 0)
}

/// Refuses values of which something lies inside `most` lists and maps.
pub(in super::super) fn check_depth<'v>(
    values: impl IntoIterator<Item = &'v Value>,
    most: usize,
    wording: Wording,
) -> Result<(), AwsError> {
    if values.into_iter().any(|value| value.reaches(most)) {
        return Err(wording.error(DEPTH_MESSAGE));
    }
    Ok(())
}

struct Reader {
    wording: Wording,
    max_depth: usize,
}

impl Reader {
    fn value(&self, json: Json, depth: usize) -> Result<Value, AwsError> {
        if depth >= self.max_depth {
            return Err(self.wording.error(DEPTH_MESSAGE));
        }
        let members = match json {
            Json::Object(members) => members,
            _ => Map::new(),
        };
        let mut found = None;
        for (name, json) in members {
            let Some(kind) = Type::from_name(&name).filter(|_| !json.is_null()) else { continue };
            let value = self.typed(kind, json, depth)?;
            if found.replace(value).is_some() {
                return Err(self.wording.error(
                    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the \
                     supported datatypes",
                ));
            }
        }
        found.ok_or_else(|| {
            self.wording.error("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
        })
    }

    fn typed(&self, kind: Type, json: Json, depth: usize) -> Result<Value, AwsError> {
        match kind {
            Type::S => Ok(Value::S(text(json))),
            Type::N => self.number(&text(json)).map(Value::N),
            Type::B => Ok(Value::B(bytes(&text(json)))),
            Type::Bool => Ok(Value::Bool(json == Json::Bool(true))),
            Type::Null if json == Json::Bool(true) => Ok(Value::Null),
            Type::Null => Err(self.invalid("Null attribute value types must have the value of true")),
            Type::M => self.map(json, depth + 1).map(Value::M),
            Type::L => {
                list(json).into_iter().map(|json| self.value(json, depth + 1)).collect::<Result<_, _>>().map(Value::L)
            }
            Type::Ss => self.strings(list(json)),
            Type::Ns => self.numbers(list(json)),
            Type::Bs => self.binaries(list(json)),
        }
    }

    fn map(&self, json: Json, depth: usize) -> Result<Item, AwsError> {
        match json {
            Json::Object(members) => members
                .into_iter()
                .map(|(name, json)| {
                    check_name(&name, self.wording)?;
                    Ok((name, self.value(json, depth)?))
                })
                .collect(),
            _ => Ok(Item::new()),
        }
    }

    fn number(&self, text: &str) -> Result<Number, AwsError> {
        text.parse().map_err(|error: NumberError| {
            let error = if self.wording == Wording::Many { error.wrapped() } else { error };
            self.wording.error(error.to_string())
        })
    }

    fn strings(&self, members: Vec<Json>) -> Result<Value, AwsError> {
        if members.is_empty() {
            return Err(self.invalid("An string set  may not be empty"));
        }
        if members.iter().any(Json::is_null) {
            return Err(self.invalid("An string set may not have a null string as a member"));
        }
        let mut set: Vec<_> = members.into_iter().map(text).collect();
        if sort_set(&mut set) {
            let echo = quoted(up_to_repeat(&set), ", ", Clone::clone);
            return Err(self.invalid(&format!("Input collection [{echo}] contains duplicates.")));
        }
        Ok(Value::Ss(set))
    }

    fn numbers(&self, members: Vec<Json>) -> Result<Value, AwsError> {
        if members.is_empty() {
            return Err(self.invalid("An number set  may not be empty"));
        }
        let mut set = members.into_iter().map(|json| self.number(&text(json))).collect::<Result<Vec<_>, _>>()?;
        if sort_set(&mut set) {
            return Err(self.invalid("Input collection contains duplicates."));
        }
        Ok(Value::Ns(set))
    }

    fn binaries(&self, members: Vec<Json>) -> Result<Value, AwsError> {
        if members.is_empty() {
            return Err(self.invalid("Binary sets should not be empty"));
        }
        let mut set: Vec<_> = members.into_iter().map(|json| bytes(&text(json))).collect();
        if sort_set(&mut set) {
            let echo = quoted(up_to_repeat(&set), ",", |bytes| STANDARD.encode(bytes));
            return Err(self.invalid(&format!("Input collection [{echo}]of type BS contains duplicates.")));
        }
        Ok(Value::Bs(set))
    }

    fn invalid(&self, what: &str) -> AwsError {
        self.wording.error(format!("{INVALID}: {what}"))
    }
}

/// Refuses a name of an attribute or of a map's member that is empty or too long.
pub(in super::super) fn check_name(name: &str, wording: Wording) -> Result<(), AwsError> {
    if name.is_empty() {
        return Err(wording.error(format!("{INVALID}: Empty attribute name")));
    }
    if name.len() > MAX_NAME {
        return Err(wording.error("Attribute name is too large, must be less than 65536 bytes"));
    }
    Ok(())
}

/// Sorts a set's members and tells whether any comes twice.
pub fn sort_set<T: Ord>(set: &mut [T]) -> bool {
    set.sort_unstable();
    set.windows(2).any(|pair| pair[0] == pair[1])
}

/// The members of a sorted set as far as the first that comes twice: AWS reads no further.
fn up_to_repeat<T: Ord>(set: &[T]) -> &[T] {
    let repeat = set.windows(2).position(|pair| pair[0] == pair[1]);
    repeat.and_then(|at| set.get(..at + 2)).unwrap_or(set)
}

fn quoted<T>(members: &[T], between: &str, show: impl Fn(&T) -> String) -> String {
    members.iter().map(|member| format!("\"{}\"", show(member))).collect::<Vec<_>>().join(between)
}

fn text(json: Json) -> String {
    match json {
        Json::String(text) => text,
        _ => String::new(),
    }
}

fn bytes(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap_or_default()
}

fn list(json: Json) -> Vec<Json> {
    match json {
        Json::Array(members) => members,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(json: Json, wording: Wording) -> String {
        Value::from_json(json, wording).unwrap_err().message
    }

    /// Recorded in us-east-1, 2026-09-20.
    #[test]
    fn refuses_sets_and_null_in_the_recorded_words() {
        for (json, message) in [
            (json!({"SS": []}), "One or more parameter values were invalid: An string set  may not be empty"),
            (json!({"NS": []}), "One or more parameter values were invalid: An number set  may not be empty"),
            (json!({"BS": []}), "One or more parameter values were invalid: Binary sets should not be empty"),
            (
                json!({"SS": ["a", "a"]}),
                "One or more parameter values were invalid: Input collection [\"a\", \"a\"] contains duplicates.",
            ),
            (
                json!({"SS": ["", ""]}),
                "One or more parameter values were invalid: Input collection [\"\", \"\"] contains duplicates.",
            ),
            (
                json!({"BS": ["", ""]}),
                "One or more parameter values were invalid: Input collection [\"\",\"\"]of type BS contains duplicates.",
            ),
            (json!({"NS": [""]}), "The parameter cannot be converted to a numeric value: "),
            (
                json!({"NULL": false}),
                "One or more parameter values were invalid: Null attribute value types must have the value of true",
            ),
        ] {
            assert_eq!(refusal(json, Wording::Counted), format!("1 validation error detected: {message}"));
        }
    }

    #[test]
    fn a_set_is_shown_in_byte_order_up_to_the_member_that_comes_twice() {
        for (json, shown) in [
            (json!({"SS": ["b", "a", "b", "c", "é", "Z"]}), r#"["Z", "a", "b", "b"]"#),
            (json!({"SS": ["a", "b", "a", "b"]}), r#"["a", "a"]"#),
            (json!({"BS": ["/w==", "AA==", "gA==", "AA=="]}), r#"["AA==","AA=="]of type BS"#),
            (json!({"BS": ["/w==", "AA==", "/w=="]}), r#"["AA==","/w==","/w=="]of type BS"#),
        ] {
            for wording in [Wording::Plain, Wording::Many] {
                assert_eq!(
                    refusal(json.clone(), wording),
                    format!("One or more parameter values were invalid: Input collection {shown} contains duplicates.")
                );
            }
        }
        assert_eq!(
            refusal(json!({"NS": ["2", "1.0", "1"]}), Wording::Many),
            "One or more parameter values were invalid: Input collection contains duplicates."
        );
    }

    #[test]
    fn a_power_of_ten_at_the_end_of_javas_integers_is_small_in_batches_and_transactions() {
        const OVERFLOW: &str =
            "Number overflow. Attempting to store a number with magnitude larger than supported range";
        const UNDERFLOW: &str =
            "Number underflow. Attempting to store a number with magnitude smaller than supported range";
        for (number, many) in [
            ("1e2147483647", UNDERFLOW),
            ("-12e2147483646", UNDERFLOW),
            ("0.1e2147483647", OVERFLOW),
            ("1e2147483646", OVERFLOW),
            ("1e-2147483647", UNDERFLOW),
        ] {
            assert_eq!(refusal(json!({"N": number}), Wording::Many), many, "{number}");
            let alone = if number.contains('-') && !number.starts_with('-') { UNDERFLOW } else { OVERFLOW };
            assert_eq!(refusal(json!({"N": number}), Wording::Plain), alone, "{number}");
            assert_eq!(
                refusal(json!({"N": number}), Wording::Counted),
                format!("1 validation error detected: {alone}"),
                "{number}"
            );
        }
    }

    #[test]
    fn a_number_without_digits_leaves_nothing_after_the_colon() {
        for json in [json!({"N": ""}), json!({"NS": ["1", ""]}), json!({"L": [{"N": ""}]})] {
            for wording in [Wording::Plain, Wording::Many] {
                assert_eq!(refusal(json.clone(), wording), "The parameter cannot be converted to a numeric value: ");
            }
        }
    }

    #[test]
    fn a_value_has_exactly_one_type() {
        assert_eq!(
            refusal(json!({}), Wording::Plain),
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
        );
        assert_eq!(
            refusal(json!({"S": "a", "N": "1"}), Wording::Plain),
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
        );
        assert_eq!(Value::from_json(json!({"S": "a", "N": null}), Wording::Plain), Ok(Value::S("a".into())));
    }

    #[test]
    fn names_are_limited_at_every_level() {
        let named = |bytes: usize| json!({"M": {"n".repeat(bytes): {"S": "x"}}});
        assert!(Value::from_json(named(65_535), Wording::Counted).is_ok());
        assert_eq!(
            refusal(named(65_536), Wording::Counted),
            "1 validation error detected: Attribute name is too large, must be less than 65536 bytes"
        );
    }

    #[test]
    fn empty_text_and_empty_set_members_are_kept() {
        let value = Value::from_json(json!({"SS": ["a", ""]}), Wording::Counted);
        assert_eq!(value, Ok(Value::Ss(vec![String::new(), "a".into()])));
        assert_eq!(Value::from_json(json!({"S": ""}), Wording::Counted), Ok(Value::S(String::new())));
    }

    #[test]
    fn stores_31_levels_of_nesting_and_refuses_32() {
        let nested = |levels| (0..levels).fold(json!({"S": "leaf"}), |inner, _| json!({"L": [inner]}));
        assert!(Value::from_json(nested(31), Wording::Counted).is_ok());
        assert_eq!(refusal(nested(32), Wording::Counted), format!("1 validation error detected: {DEPTH_MESSAGE}"));
    }
}
