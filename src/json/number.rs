//! Which numbers survive as JSON numbers.

use serde_json::{Number, Value};

use super::JsonError;
use super::path::Path;

/// 2^53. From here on a double stands for several integers, 2^53 itself included (2^53 + 1 rounds to it).
const INTEGERS_END: f64 = 9_007_199_254_740_992.0;

/// The JSON number for DynamoDB's `text`, where reading it gives exactly `text` again.
pub(super) fn to_plain(text: &str) -> Option<Number> {
    let number = match text.parse::<i64>() {
        Ok(integer) => Number::from(integer),
        Err(_) => Number::from_f64(text.parse().ok()?)?,
    };
    (from_plain(&number)? == text).then_some(number)
}

/// DynamoDB's text for a JSON number, where that cannot have been rounded on its way.
fn from_plain(number: &Number) -> Option<String> {
    if let Some(integer) = number.as_i64() {
        return (integer.unsigned_abs() < 1 << 53).then(|| integer.to_string());
    }
    let float = number.as_f64()?;
    if float == 0.0 {
        return Some("0".to_owned());
    }
    // A fraction is printed with the fewest digits that give the same double: what a client that held it printed.
    let survives = float.fract() != 0.0 || float.abs() < INTEGERS_END;
    survives.then(|| float.to_string())
}

/// DynamoDB's text for `{"$n": value}`, an element of `$ns`, or a plain number: a string in decimal notation, or a
/// number that survives as one.
pub(super) fn text(value: &Value, path: &Path<'_>) -> Result<String, JsonError> {
    match value {
        Value::String(text) if is_decimal(text) => Ok(text.clone()),
        Value::Number(number) => from_plain(number).ok_or_else(|| unsafe_number(number, path)),
        Value::String(_) => Err(JsonError::new(path, "not a number in decimal notation", r#"digits, such as "12.5""#)),
        _ => Err(JsonError::new(path, "not a number", r#"its digits as a string, such as "12.5""#)),
    }
}

/// All digits of a number that may have been rounded on its way.
pub(super) fn rounded(number: &Number) -> Option<String> {
    from_plain(number).is_none().then(|| digits(number))
}

fn digits(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if !number.is_i64() && !number.is_u64() => float.to_string(),
        _ => number.to_string(),
    }
}

fn unsafe_number(number: &Number, path: &Path<'_>) -> JsonError {
    let digits = digits(number);
    JsonError::new(
        path,
        format!("{number} may have been rounded on its way, as JSON numbers are doubles for most clients"),
        format!(r#"all of its digits as a string: {{"$n": "{digits}"}} if that is the number meant"#),
    )
}

/// Whether `text` is a sign, digits with a point, and an exponent; whether DynamoDB can hold it is DynamoDB's to say.
pub(super) fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}
