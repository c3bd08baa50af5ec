//! Key schemas and attribute definitions as requests declare them.

use serde_json::Value as Json;

use super::table::KeyElement;
use crate::emulator::error::AwsError;

/// The names of a key's attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The partition key's.
    pub hash: Vec<String>,
    /// The sort key's.
    pub range: Vec<String>,
}

impl Keys {
    /// Reads the `KeySchema` of a table. Of one name for both keys AWS says, as four engines have it, what it says of names
    /// that are not defined.
    pub fn of_table(list: Option<&Json>) -> Result<Self, AwsError> {
        let names: Vec<_> = pairs(list, "KeyType").collect();
        match names.as_slice() {
            [(hash, first), (range, second)] if hash == range && first == "HASH" && second == "RANGE" => {
                Err(AwsError::validation("Invalid KeySchema: Some index key attribute have no definition"))
            }
            _ => Self::parse(list, 1),
        }
    }

    /// Reads the `KeySchema` of an index, of at most `most` attributes of each kind. What AWS says of several is quoted by the
    /// ack-api-quirks catalogue (DDB-TABLE-123, October 2026).
    pub fn parse(list: Option<&Json>, most: usize) -> Result<Self, AwsError> {
        let elements: Vec<_> = pairs(list, "KeyType").collect();
        let wrong = |why: &str| Err(AwsError::validation(format!("Invalid KeySchema: {why}")));
        let of = |kind| elements.iter().filter(|(_, of)| of == kind).map(|(name, _)| name.clone()).collect();
        let keys = Self { hash: of("HASH"), range: of("RANGE") };
        if elements.first().is_none_or(|(_, kind)| kind != "HASH") {
            return wrong("The first KeySchemaElement is not a HASH key type");
        }
        if most == 1 && elements.get(1).is_some_and(|(_, kind)| kind != "RANGE") {
            return wrong("The second KeySchemaElement is not a RANGE key type");
        }
        if elements[..keys.hash.len()].iter().any(|(_, kind)| kind != "HASH") {
            return Err(invalid("All HASH key attributes must precede RANGE key attributes in the KeySchema"));
        }
        for (kind, names) in [("HASH", &keys.hash), ("RANGE", &keys.range)] {
            if names.len() > most {
                return Err(invalid(&format!(
                    "The KeySchema exceeds the maximum allowed number of {kind} key attributes"
                )));
            }
        }
        if let [(hash, _), (range, _)] = elements.as_slice()
            && hash == range
        {
            return Err(AwsError::validation(
                "Both the Hash Key and the Range Key element in the KeySchema have the same name",
            ));
        }
        if elements.iter().enumerate().any(|(at, (name, _))| elements[..at].iter().any(|(known, _)| known == name)) {
            return Err(AwsError::validation("The KeySchema contains multiple key attributes with the same name"));
        }
        Ok(keys)
    }

    /// Partition attributes, then sort attributes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.hash.iter().chain(&self.range).map(String::as_str)
    }

    /// Refuses keys that are not among the attribute definitions.
    pub fn check_defined(&self, attributes: &[KeyElement]) -> Result<(), AwsError> {
        let defined: Vec<_> = attributes.iter().map(|attribute| attribute.name.as_str()).collect();
        if self.names().all(|name| defined.contains(&name)) {
            return Ok(());
        }
        Err(invalid(&format!(
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
            self.names().collect::<Vec<_>>().join(", "),
            defined.join(", ")
        )))
    }
}

fn invalid(what: &str) -> AwsError {
    AwsError::validation(format!("One or more parameter values were invalid: {what}"))
}

/// Reads `AttributeDefinitions`.
pub fn attributes(list: Option<&Json>) -> Result<Vec<KeyElement>, AwsError> {
    let attributes: Vec<_> = pairs(list, "AttributeType").map(|(name, kind)| KeyElement { name, kind }).collect();
    let twice = |at: &usize| attributes[..*at].iter().any(|known| known.name == attributes[*at].name);
    match (1..attributes.len()).find(twice) {
        // Quoted in the same catalogue, DDB-TABLE-127.
        Some(at) => Err(AwsError::validation(format!("Attribute Name is duplicated: {}", attributes[at].name))),
        None => Ok(attributes),
    }
}

/// The member of a structure, unless it is null.
#[must_use]
pub fn present<'j>(json: &'j Json, name: &str) -> Option<&'j Json> {
    json.get(name).filter(|value| !value.is_null())
}

/// Attribute names with their `member`, of a list of structures.
fn pairs(list: Option<&Json>, member: &str) -> impl Iterator<Item = (String, String)> {
    let elements = list.and_then(Json::as_array).into_iter().flatten();
    elements.map(move |element| {
        let text = |name: &str| element.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        (text("AttributeName"), text(member))
    })
}
