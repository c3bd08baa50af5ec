//! What the shell tells of the tools: the list, and each one's parameters.

use serde_json::{Map, Value, json};

use crate::cli::shell::word;
use crate::cli::{Output, help};
use crate::mcp::{About, all_tools};

/// The groups of the list: how their tools' names begin, and what they are.
const GROUPS: [(&str, &str); 3] = [("", "The bridge"), ("s3_", "S3"), ("dynamodb_", "DynamoDB")];

/// The group of a tool.
fn group(name: &str) -> usize {
    (1..GROUPS.len()).find(|index| name.starts_with(GROUPS[*index].0)).unwrap_or_default()
}

/// Lists the tools.
pub(super) fn list(output: &Output) -> std::io::Result<()> {
    if output.is_json() {
        return output.json(&all_tools().map(|tool| as_json(&tool)).collect::<Vec<_>>());
    }
    let width = all_tools().map(|tool| tool.name().len()).max().unwrap_or_default();
    for (index, (_, title)) in GROUPS.iter().enumerate() {
        output.line(format_args!("{title}:"))?;
        for tool in all_tools().filter(|tool| group(tool.name()) == index) {
            output.line(format_args!("  {:width$}  {}", tool.name(), tool.description()))?;
        }
        output.line("")?;
    }
    output.line("`footbridge call TOOL --help` has a tool's parameters and an example.")
}

/// Prints the help of the subcommand itself.
pub(super) fn of_call(output: &Output) -> std::io::Result<()> {
    let mut command = help::command();
    command.build();
    match command.find_subcommand_mut("call") {
        // As clap prints it where nobody takes its place.
        Some(call) if output.is_terminal() => call.print_long_help(),
        Some(call) => output.exact(call.render_long_help().to_string().trim_end()),
        None => Ok(()),
    }
}

/// Prints a tool's parameters.
pub(super) fn of_tool(tool: &About, output: &Output) -> std::io::Result<()> {
    if output.is_json() {
        return output.json(&as_json(tool));
    }
    let schema = tool.parameters();
    output.line(format_args!("{}\n", tool.description()))?;
    output.line(format_args!("Usage: footbridge call {} [NAME=VALUE|JSON|@FILE|-]...\n", tool.name()))?;
    let rows: Vec<_> = parameters(&schema).collect();
    if rows.is_empty() {
        output.line("It has no parameters.")?;
    } else {
        let width = |column: fn(&Row<'_>) -> usize| rows.iter().map(column).max().unwrap_or_default();
        let (name, kind) = (width(|row| row.name.len()), width(|row| row.kind.len()));
        output.line("Parameters:")?;
        for row in &rows {
            let required = if row.required { " (required)" } else { "" };
            output.line(format_args!("  {:name$}  {:kind$}  {}{required}", row.name, row.kind, row.what))?;
        }
    }
    output.line(format_args!("\nIt {}.\n\nExample:\n  {}", tool.effect(), example(tool)))
}

struct Row<'s> {
    name: &'s str,
    kind: String,
    what: &'s str,
    required: bool,
}

/// The parameters, the required ones first.
fn parameters(schema: &Map<String, Value>) -> impl Iterator<Item = Row<'_>> {
    let required = |name: &str| {
        schema.get("required").and_then(Value::as_array).is_some_and(|all| all.iter().any(|one| one == name))
    };
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let mut rows: Vec<_> = properties
        .map(|(name, about)| Row {
            name,
            kind: kind(about),
            what: about["description"].as_str().unwrap_or_default(),
            required: required(name),
        })
        .collect();
    rows.sort_by_key(|row| !row.required);
    rows.into_iter()
}

/// What a value of this schema looks like.
fn kind(schema: &Value) -> String {
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|");
    }
    match schema["type"].as_str() {
        Some("string") => "text".to_owned(),
        Some("boolean") => "true|false".to_owned(),
        Some("array") => format!("[{}, …]", kind(&schema["items"])),
        Some("object") => "{…}".to_owned(),
        Some(other) => other.to_owned(),
        None => "JSON".to_owned(),
    }
}

/// A call that works, as it is typed.
fn example(tool: &About) -> String {
    let arguments: Map<String, Value> = serde_json::from_str(tool.example()).unwrap_or_default();
    let pair = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!(" {name}={}", word(text)),
        other => format!(" {name}={}", word(&other.to_string())),
    };
    format!("footbridge call {}{}", tool.name(), arguments.iter().map(pair).collect::<String>())
}

fn as_json(tool: &About) -> Value {
    json!({
        "name": tool.name(),
        "description": tool.description(),
        "effect": tool.effect(),
        "parameters": tool.parameters(),
        "example": serde_json::from_str::<Value>(tool.example()).unwrap_or_default(),
    })
}
