//! The key attributes of a table.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ScalarAttributeType, TableDescription};

use super::decimal::Decimal;
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
        Some(AttributeValue::N(number)) => match Decimal::parse(number) {
            Some(Decimal { negative, digits, exponent }) => format!("N{negative}{digits}e{exponent}"),
            None => format!("N{number}"),
        },
        Some(other) => format!("{other:?}"),
        None => String::new(),
    };
    names.iter().map(form).collect()
}
