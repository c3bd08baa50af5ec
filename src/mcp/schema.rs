//! Input schemas, trimmed to what a model reads: every byte of `tools/list` is paid for in each session.
//!
//! They hold what every client takes, each of these because a client in the field fails without it:
//! - a property is an object with one `type`, never `true` or `{}`: clients on the TypeScript SDK refuse the whole list;
//! - `properties` is always there;
//! - `additionalProperties` is a schema, never `true` or `false`: google-genai fails on all tools where one has a boolean
//!   there. Unknown names are refused here, so no schema needs to be closed;
//! - an object that takes any names says `"additionalProperties": {}`: strict conversions for OpenAI close it otherwise;
//! - there are no alternatives (`anyOf`, lists of types): Gemini reads none, and models send text in their place.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// The schema of a type, without `hidden` properties, and with `optional` no longer required.
pub(crate) fn of<T: JsonSchema>(hidden: &[&str], optional: Option<&str>) -> Map<String, Value> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    trim(&mut schema);
    let Value::Object(mut schema) = schema else { return Map::new() };
    schema.remove("description");
    if let Value::Object(properties) = schema.entry("properties").or_insert_with(|| Map::new().into()) {
        properties.retain(|name, _| !hidden.contains(&name.as_str()));
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| name.as_str() != optional);
        if required.is_empty() {
            schema.remove("required");
        }
    }
    schema
}

/// Removes what says nothing: titles, number formats, nulls (a null argument counts as absent).
fn trim(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            for noise in ["$schema", "title", "default", "format", "minimum"] {
                if !map.get(noise).is_some_and(Value::is_object) {
                    map.remove(noise);
                }
            }
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    map.insert("type".into(), only);
                }
            }
            if let Some(Value::Array(values)) = map.get_mut("enum") {
                values.retain(|value| !value.is_null());
            }
            match map.get("additionalProperties") {
                Some(Value::Bool(true)) => drop(map.insert("additionalProperties".into(), Map::new().into())),
                Some(Value::Bool(false)) => drop(map.remove("additionalProperties")),
                _ => {}
            }
            if let Some(Value::Array(choices)) = map.get_mut("anyOf") {
                choices.retain(|choice| choice["type"] != "null");
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    map.remove("anyOf");
                    map.extend(only.into_iter().filter(|(name, _)| name != "description"));
                }
            }
            // Words that are documented one by one are still one choice.
            if let Some(Value::Array(choices)) = map.get("oneOf")
                && let Some(words) =
                    choices.iter().map(|choice| choice.get("const").cloned()).collect::<Option<Vec<_>>>()
            {
                map.remove("oneOf");
                map.insert("type".into(), "string".into());
                map.insert("enum".into(), words.into());
            }
            for value in map.values_mut() {
                trim(value);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(trim),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(JsonSchema)]
    #[schemars(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is used")]
    struct Args {
        bucket: String,
        /// At most this many.
        limit: Option<u32>,
        tags: Option<Map<String, Value>>,
        save_to: Option<String>,
        mode: Option<Mode>,
    }

    #[derive(JsonSchema)]
    #[schemars(rename_all = "lowercase")]
    #[expect(dead_code, reason = "only its schema is used")]
    enum Mode {
        /// Quickly.
        Fast,
        /// And with care.
        Slow,
    }

    #[test]
    fn a_schema_holds_only_what_a_model_reads() {
        assert_eq!(
            Value::Object(of::<Args>(&["save_to"], Some("bucket"))),
            json!({
                "type": "object",
                "properties": {
                    "bucket": {"type": "string"},
                    "limit": {"description": "At most this many.", "type": "integer"},
                    "tags": {"type": "object", "additionalProperties": {}},
                    "mode": {"type": "string", "enum": ["fast", "slow"]},
                },
            })
        );
    }

    #[test]
    fn a_tool_without_parameters_has_an_empty_list_of_them() {
        #[derive(JsonSchema)]
        #[schemars(deny_unknown_fields)]
        struct Nothing {}
        assert_eq!(Value::Object(of::<Nothing>(&[], None)), json!({ "type": "object", "properties": {} }));
    }
}
