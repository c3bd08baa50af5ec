//! Tool calls as commands of the AWS CLI that come to the same.

use serde_json::{Map, Value, json};

use super::super::shell::Command;
use super::super::typed;
use super::new;
use crate::command::Endpoint;

/// The command, where one comes to the same.
pub(super) fn command(tool: &str, parameters: &Value, endpoint: &Endpoint) -> Option<Command> {
    let none = Map::new();
    let given = Given(parameters.as_object().unwrap_or(&none));
    // A page's mark is footbridge's own.
    if given.0.contains_key("cursor") {
        return None;
    }
    match tool.split_once('_') {
        Some(("dynamodb", tool)) => dynamodb(tool, &given, endpoint),
        Some(("s3", tool)) => s3(tool, &given, endpoint),
        _ => None,
    }
}

/// The arguments of a tool.
struct Given<'a>(&'a Map<String, Value>);

impl<'a> Given<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str()
    }

    fn list(&self, name: &str) -> Option<&'a [Value]> {
        self.0.get(name)?.as_array().map(Vec::as_slice)
    }

    fn is_true(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool) == Some(true)
    }

    /// Gives `command` the option, where the argument is there.
    fn option(&self, command: &mut Command, option: &str, name: &str) {
        match self.0.get(name) {
            Some(Value::String(text)) => drop(command.option(option, text)),
            Some(Value::Number(number)) => drop(command.option(option, &number.to_string())),
            _ => {}
        }
    }
}

fn item(natural: &Value) -> Option<Value> {
    natural.as_object().map(typed::item)
}

fn dynamodb(tool: &str, given: &Given<'_>, endpoint: &Endpoint) -> Option<Command> {
    let command = |operation: &str| new(&format!("dynamodb {operation}"), endpoint);
    let on_table = |operation: &str| {
        let mut command = command(operation);
        command.option("--table-name", given.text("table")?);
        Some(command)
    };
    let command = match tool {
        "list_tables" if given.text("prefix").is_none() => command("list-tables"),
        "describe_table" if given.0.len() == 1 => on_table("describe-table")?,
        "delete_table" => on_table("delete-table")?,
        "query" => {
            let mut command = on_table("query")?;
            given.option(&mut command, "--index-name", "index");
            given.option(&mut command, "--key-condition-expression", "key_condition");
            if given.is_true("descending") {
                command.flag("--no-scan-index-forward");
            }
            reading(&mut command, given);
            command
        }
        "scan" => {
            let mut command = on_table("scan")?;
            given.option(&mut command, "--index-name", "index");
            reading(&mut command, given);
            command
        }
        "get_items" => {
            let keys: Vec<Value> = given.list("keys")?.iter().map(item).collect::<Option<_>>()?;
            if let [key] = keys.as_slice() {
                let mut command = on_table("get-item")?;
                command.option("--key", &key.to_string());
                if given.is_true("consistent") {
                    command.flag("--consistent-read");
                }
                expressions(&mut command, given);
                command
            } else {
                batch(&command, "batch-get-item", given.text("table")?, json!({ "Keys": keys }))
            }
        }
        "put_items" => match given.list("items")? {
            [one] => {
                let mut command = on_table("put-item")?;
                command.option("--item", &item(one)?.to_string());
                expressions(&mut command, given);
                command
            }
            many => {
                let puts: Option<Vec<Value>> =
                    many.iter().map(|one| Some(json!({ "PutRequest": { "Item": item(one)? } }))).collect();
                batch(&command, "batch-write-item", given.text("table")?, json!(puts?))
            }
        },
        "delete_items" => match given.list("keys")? {
            [one] => {
                let mut command = on_table("delete-item")?;
                command.option("--key", &item(one)?.to_string());
                expressions(&mut command, given);
                command
            }
            many => {
                let deletes: Option<Vec<Value>> =
                    many.iter().map(|one| Some(json!({ "DeleteRequest": { "Key": item(one)? } }))).collect();
                batch(&command, "batch-write-item", given.text("table")?, json!(deletes?))
            }
        },
        "update_item" => {
            let mut command = on_table("update-item")?;
            command.option("--key", &item(given.0.get("key")?)?.to_string());
            given.option(&mut command, "--update-expression", "update");
            expressions(&mut command, given);
            let wanted = given.text("return").unwrap_or("all_new").to_ascii_uppercase();
            command.option("--return-values", &wanted);
            command
        }
        _ => return None,
    };
    Some(command)
}

fn batch(command: &impl Fn(&str) -> Command, operation: &str, table: &str, requests: Value) -> Command {
    let mut command = command(operation);
    let items = Map::from_iter([(table.to_owned(), requests)]);
    command.option("--request-items", &Value::Object(items).to_string());
    command
}

fn reading(command: &mut Command, given: &Given<'_>) {
    given.option(command, "--filter-expression", "filter");
    expressions(command, given);
    given.option(command, "--max-items", "limit");
    if given.is_true("count") {
        command.option("--select", "COUNT");
    }
}

/// Condition, names, values and the attributes that are wanted.
fn expressions(command: &mut Command, given: &Given<'_>) {
    given.option(command, "--condition-expression", "condition");
    let mut names = Map::new();
    for (name, attribute) in given.0.get("names").and_then(Value::as_object).into_iter().flatten() {
        names.insert(marked('#', name), attribute.clone());
    }
    if let Some(fields) = given.list("fields") {
        // Attributes may be called as words of the language are.
        let mut wanted = Vec::new();
        for field in fields.iter().filter_map(Value::as_str) {
            if field.contains(['.', '[', '#']) {
                wanted.push(field.to_owned());
            } else {
                let name = format!("#field{}", wanted.len());
                names.insert(name.clone(), Value::String(field.to_owned()));
                wanted.push(name);
            }
        }
        command.option("--projection-expression", &wanted.join(", "));
    }
    if !names.is_empty() {
        command.option("--expression-attribute-names", &Value::Object(names).to_string());
    }
    if let Some(values) = given.0.get("values").and_then(Value::as_object) {
        let values = values.iter().map(|(name, value)| (marked(':', name), typed::value(value))).collect();
        command.option("--expression-attribute-values", &Value::Object(values).to_string());
    }
}

/// A placeholder with its mark, which tools may leave out.
fn marked(mark: char, name: &str) -> String {
    if name.starts_with(mark) { name.to_owned() } else { format!("{mark}{name}") }
}

fn s3(tool: &str, given: &Given<'_>, endpoint: &Endpoint) -> Option<Command> {
    let bucket = || given.text("bucket");
    let object = || Some(format!("s3://{}/{}", bucket()?, given.text("key")?));
    let on_bucket = |operation: &str| {
        let mut command = new(&format!("s3api {operation}"), endpoint);
        command.option("--bucket", bucket()?);
        Some(command)
    };
    let on_object = |operation: &str| {
        let mut command = on_bucket(operation)?;
        command.option("--key", given.text("key")?);
        Some(command)
    };
    let command = match tool {
        "list_buckets" => {
            let mut command = new("s3api list-buckets", endpoint);
            given.option(&mut command, "--prefix", "prefix");
            command
        }
        "create_bucket" => {
            let mut command = on_bucket("create-bucket")?;
            if let Some(region) = endpoint.region.as_deref().filter(|region| *region != "us-east-1") {
                command.option("--create-bucket-configuration", &format!("LocationConstraint={region}"));
            }
            command
        }
        "delete_bucket" if given.is_true("force") => {
            let mut command = new("s3 rb --force", endpoint);
            command.arg(&format!("s3://{}", bucket()?));
            command
        }
        "delete_bucket" => on_bucket("delete-bucket")?,
        "list_objects" => {
            let mut command = on_bucket("list-objects-v2")?;
            for (option, name) in [("--prefix", "prefix"), ("--delimiter", "delimiter"), ("--max-items", "limit")] {
                given.option(&mut command, option, name);
            }
            command
        }
        "get_object" if given.text("as") == Some("head") => on_object("head-object")?,
        "get_object" | "download_object" => {
            let mut command = on_object("get-object")?;
            if let Some(range) = given.text("range") {
                let range = if range.contains('=') { range.to_owned() } else { format!("bytes={range}") };
                command.option("--range", &range);
            }
            command.file(given.text("save_to").unwrap_or("OUTFILE"));
            command
        }
        "put_object" => {
            let known = ["bucket", "key", "text", "file", "content_type", "metadata"];
            if given.0.keys().any(|name| !known.contains(&name.as_str())) {
                return None;
            }
            let from = given.text("file").unwrap_or("-");
            let mut command = new("s3 cp", endpoint);
            match from {
                "-" => command.word(from),
                file => command.file(file),
            };
            command.arg(&object()?);
            given.option(&mut command, "--content-type", "content_type");
            if let Some(metadata) = given.0.get("metadata").filter(|metadata| metadata.is_object()) {
                command.option("--metadata", &metadata.to_string());
            }
            match given.text("text") {
                Some(text) => return Some(command.fed(text)),
                None if from == "-" => return None,
                None => command,
            }
        }
        "copy_object" => {
            let mut command = new("s3 cp", endpoint);
            for name in ["from", "to"] {
                command.arg(given.text(name).filter(|uri| uri.starts_with("s3://"))?);
            }
            command
        }
        "delete_objects" if !given.is_true("dry_run") => {
            let objects: Vec<Value> = given.list("keys")?.iter().map(|key| json!({ "Key": key })).collect();
            let mut command = on_bucket("delete-objects")?;
            command.option("--delete", &json!({ "Objects": objects }).to_string());
            command
        }
        "presign_url" if given.text("method").is_none_or(|method| method.eq_ignore_ascii_case("get")) => {
            let mut command = new("s3 presign", endpoint);
            command.arg(&object()?);
            given.option(&mut command, "--expires-in", "expires_in");
            command
        }
        _ => return None,
    };
    Some(command)
}
