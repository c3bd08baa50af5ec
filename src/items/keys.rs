//! The key attributes of a table.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ScalarAttributeType, TableDescription};

use crate::json::Item;

/// The key attributes of a table and their types.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    /// Of the table's own key.
    pub(crate) names: Vec<String>,
    kinds: Vec<(String, ScalarAttributeType)>,
}

impl Keys {
    pub(crate) fn of(table: &TableDescription) -> Self {
        let kinds = table.attribute_definitions();
        Self {
            names: table.key_schema().iter().map(|key| key.attribute_name.clone()).collect(),
            kinds: kinds.iter().map(|kind| (kind.attribute_name.clone(), kind.attribute_type.clone())).collect(),
        }
    }

    /// The type of a key attribute, of the table or of an index.
    pub(crate) fn kind(&self, name: &str) -> Option<&ScalarAttributeType> {
        self.kinds.iter().find(|(key, _)| key == name).map(|(_, kind)| kind)
    }

    /// Whether all of the key's attributes are among these names.
    pub(crate) fn are_in(&self, mut has: impl FnMut(&str) -> bool) -> bool {
        self.names.iter().all(|name| has(name))
    }

    /// What is wrong with the item's key.
    pub(crate) fn fault(&self, item: &Item) -> Option<String> {
        self.names.iter().find_map(|name| {
            let wanted = self.kind(name)?.as_str();
            let found = match item.get(name) {
                None => return Some(format!("{name} is missing, which is part of the table's key")),
                Some(AttributeValue::S(_)) => "S",
                Some(AttributeValue::N(_)) => "N",
                Some(AttributeValue::B(_)) => "B",
                Some(_) => "of another type",
            };
            (found != wanted).then(|| format!("{name} is {found}, and {wanted} in the table's key"))
        })
    }

    /// The item's own key.
    pub(crate) fn key(&self, item: &Item) -> Item {
        let of = |name: &String| Some((name.clone(), item.get(name)?.clone()));
        self.names.iter().filter_map(of).collect()
    }

    /// The item's key in a form in which equal keys are equal.
    pub(crate) fn canonical(&self, item: &Item) -> Vec<String> {
        canonical(item, &self.names)
    }
}

/// A key in a form in which equal keys are equal: DynamoDB gives `1.0` back as `1`.
pub(crate) fn canonical(key: &HashMap<String, AttributeValue>, names: &[String]) -> Vec<String> {
    let form = |name: &String| match key.get(name) {
        Some(AttributeValue::S(text)) => format!("S{text}"),
        Some(AttributeValue::N(number)) => format!("N{}", canonical_number(number)),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    };
    names.iter().map(form).collect()
}

/// A decimal as sign, significant digits and the exponent of the last of them.
fn canonical_number(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text.trim_start_matches('+')), |rest| ("-", rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    let (Ok(exponent), Ok(places), Ok(trailing)) = (
        exponent.parse::<i64>(),
        i64::try_from(fraction.len()),
        i64::try_from(digits.len() - digits.trim_end_matches('0').len()),
    ) else {
        return text.to_owned();
    };
    if significant.is_empty() {
        "0".to_owned()
    } else {
        format!("{sign}{significant}e{}", exponent - places + trailing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_one_key_however_they_are_written() {
        for (a, b) in [("1", "1.0"), ("100", "1E+2"), ("-0.50", "-.5"), ("0", "-0.0"), ("007", "7"), ("1200e-2", "12")]
        {
            assert_eq!(canonical_number(a), canonical_number(b), "{a} {b}");
        }
        for (a, b) in [("1", "10"), ("1", "-1"), ("0.1", "0.01")] {
            assert_ne!(canonical_number(a), canonical_number(b), "{a} {b}");
        }
    }
}
