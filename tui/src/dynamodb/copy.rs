//! What can be copied of a table, an item, a record: JSON, a key, an ARN, a command for the AWS CLI.

use serde_json::{Map, Value, json};

use super::expression;
use super::value::{attribute, typed, typed_item, typed_text};
use crate::app::desk::Glance;
use crate::ask::{KeyPart, Read, TableFacts};
use crate::command::{Endpoint, option};
use crate::text::{end, split};

/// Where a command goes: options for the AWS CLI, with a space before each.
pub(super) fn endpoint(glance: &Glance) -> String {
    Endpoint::here(glance).options()
}

/// Text of JSON as any terminal may be given it.
pub(super) fn json_text(value: &Value) -> String {
    footbridge_record::text::visible_json(&value.to_string()).into_owned()
}

/// An item's key.
pub(super) fn key_of(item: &Value, keys: &[String]) -> Value {
    let part = |name: &String| Some((name.clone(), attribute(item, name)?.clone()));
    Value::Object(keys.iter().filter_map(part).collect())
}

/// An item's key in a word: `pk=a1 sk=7`.
pub(super) fn key_text(item: &Value, keys: &[String]) -> String {
    let part = |name: &String| Some(format!("{name}={}", short(&typed_text(attribute(item, name)?))));
    keys.iter().filter_map(part).collect::<Vec<_>>().join(" ")
}

/// An item's key, all of it: by it one decides.
pub(super) fn whole_key(item: &Value, keys: &[String]) -> String {
    let part = |name: &String| Some(format!("{name}={}", typed_text(attribute(item, name)?)));
    keys.iter().filter_map(part).collect::<Vec<_>>().join(" ")
}

/// Both ends of a long text: keys often begin alike.
fn short(text: &str) -> String {
    if split(text, 60).1.is_empty() {
        return text.to_owned();
    }
    format!("{}...{}", split(text, 28).0, end(text, 29))
}

/// The command that gets an item.
pub(super) fn get_item(table: &str, key: &Value, glance: &Glance) -> String {
    let (table, key) = (option("--table-name", table), option("--key", &json_text(&typed_item(key))));
    format!("aws dynamodb get-item{} {table} {key}", endpoint(glance))
}

/// The command that describes a table.
pub(super) fn describe_table(table: &str, glance: &Glance) -> String {
    format!("aws dynamodb describe-table{} {}", endpoint(glance), option("--table-name", table))
}

/// The command that turns a table's stream on.
pub(super) fn turn_stream_on(table: &str, glance: &Glance) -> String {
    format!(
        "aws dynamodb update-table{} {} --stream-specification=\
         StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES",
        endpoint(glance),
        option("--table-name", table)
    )
}

/// Whether the command that reads what is read has binary in it.
pub(super) fn reads_binary(read: &Read, facts: Option<&TableFacts>) -> bool {
    read.key.is_some() && keys_of(read, facts).iter().any(|part| part.kind == "B")
}

/// The command that reads what is read.
pub(super) fn read(read: &Read, facts: Option<&TableFacts>, glance: &Glance) -> String {
    let verb = if read.key.is_some() { "query" } else { "scan" };
    let mut command = format!("aws dynamodb {verb}{}", endpoint(glance));
    let mut give = |name: &str, value: &str| {
        command.push(' ');
        command.push_str(&option(name, value));
    };
    give("--table-name", &read.table);
    if let Some(index) = &read.index {
        give("--index-name", index);
    }
    let (mut names, mut values) = (Map::new(), Map::new());
    if let Some(key) = &read.key {
        let mut parts = Vec::new();
        let keys = keys_of(read, facts);
        let hash = keys
            .iter()
            .filter(|part| !part.range)
            .zip(&key.hash)
            .map(|(part, value)| (part, "=", std::slice::from_ref(value)));
        let range = keys.iter().filter(|part| part.range).zip(&key.range);
        let range = range.map(|(part, (comparison, values))| (part, comparison.as_str(), values.as_slice()));
        for (number, (part, comparison, of)) in hash.chain(range).enumerate() {
            names.insert(format!("#k{number}"), json!(part.name));
            for (which, value) in ["a", "b"].iter().zip(of) {
                values.insert(format!(":k{number}{which}"), json!({ part.kind.clone(): value }));
            }
            parts.push(match comparison {
                "begins_with" => format!("begins_with(#k{number}, :k{number}a)"),
                "between" => format!("#k{number} BETWEEN :k{number}a AND :k{number}b"),
                comparison => format!("#k{number} {comparison} :k{number}a"),
            });
        }
        give("--key-condition-expression", &parts.join(" AND "));
    }
    if !read.filter.is_empty() {
        let filter = expression::with_placeholders(&read.filter, &mut names, &mut |value| typed(value), &mut values);
        give("--filter-expression", &filter);
    }
    if !names.is_empty() {
        give("--expression-attribute-names", &json_text(&Value::Object(names)));
    }
    if !values.is_empty() {
        give("--expression-attribute-values", &json_text(&Value::Object(values)));
    }
    give("--max-items", &read.limit.to_string());
    if read.descending {
        command.push_str(" --no-scan-index-forward");
    }
    command
}

/// The keys of what is read.
fn keys_of<'a>(read: &Read, facts: Option<&'a TableFacts>) -> &'a [KeyPart] {
    let Some(facts) = facts else { return &[] };
    let index = read.index.as_ref().and_then(|name| facts.indexes.iter().find(|index| index.name == *name));
    index.map_or(facts.keys.as_slice(), |index| index.keys.as_slice())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{get_item, key_text, read};
    use crate::app::desk::Glance;
    use crate::ask::{IndexFacts, KeyCondition, KeyPart, Read, TableFacts};
    use crate::look::{Look, Theme};
    use crate::testing::local;

    fn glance() -> Glance {
        Glance {
            look: Look { theme: Theme::None, ascii: false },
            now: 0,
            offset: 0,
            facts: Some(local()),
            covered: false,
        }
    }

    #[test]
    fn a_query_is_a_command_that_a_shell_takes() {
        let key = |name: &str, kind: &str, range| KeyPart { name: name.into(), kind: kind.into(), range };
        let keys = vec![key("status", "S", false), key("n", "N", true)];
        let index = IndexFacts { name: "by-status".into(), keys, ..IndexFacts::default() };
        let facts = TableFacts { name: "orders".into(), indexes: vec![index], ..TableFacts::default() };
        let asked = Read {
            table: "orders".into(),
            index: Some("by-status".into()),
            key: Some(KeyCondition {
                hash: vec!["it's".into()],
                range: vec![("between".into(), vec!["1".into(), "2".into()])],
            }),
            filter: "total > 10".into(),
            descending: true,
            limit: 20,
            after: None,
        };
        assert_eq!(
            read(&asked, Some(&facts), &glance()),
            "aws dynamodb query --endpoint-url=http://127.0.0.1:4566 --region=us-east-1 --table-name=orders \
             --index-name=by-status --key-condition-expression='#k0 = :k0a AND #k1 BETWEEN :k1a AND :k1b' \
             --filter-expression='#f2 > :f3' \
             --expression-attribute-names='{\"#k0\":\"status\",\"#k1\":\"n\",\"#f2\":\"total\"}' \
             --expression-attribute-values='{\":k0a\":{\"S\":\"it'\\''s\"},\":k1a\":{\"N\":\"1\"},\
             \":k1b\":{\"N\":\"2\"},\":f3\":{\"N\":\"10\"}}' --max-items=20 --no-scan-index-forward"
        );
    }

    #[test]
    fn a_command_holds_nothing_that_commands_the_terminal_it_is_pasted_into() {
        let command = get_item("orders", &json!({"pk": "a\u{1b}[2J\u{202e}'; rm -rf ~"}), &glance());
        assert!(command.ends_with("--key='{\"pk\":{\"S\":\"a\\u001b[2J\\u202e'\\''; rm -rf ~\"}}'"), "{command}");
        let long = json!({"pk": "x".repeat(99), "sk": {"$n": "7"}});
        assert_eq!(
            key_text(&long, &["pk".into(), "sk".into()]),
            format!("pk={}...{} sk=7", "x".repeat(28), "x".repeat(29))
        );
    }
}
