//! Arguments inside another object: `{"arguments": {…}}`, `{"name": "s3_get_object", "input": {…}}`.

use serde_json::{Map, Value};

use super::empty::{may_go, unfilled};
use super::names;
use super::shape::Shape;
use super::work::Work;

/// What clients and models call the whole of the arguments.
const WRAPPERS: [&str; 13] = [
    "arguments",
    "args",
    "input",
    "inputs",
    "params",
    "parameters",
    "kwargs",
    "toolinput",
    "toolargs",
    "payload",
    "request",
    "properties",
    "options",
];
/// Those that are names of content as well: such a one is a wrapper only where it is alone.
const CONTENT: [&str; 6] = ["input", "inputs", "payload", "request", "properties", "options"];
/// What may stand beside it: which tool is called.
const COMPANIONS: [&str; 4] = ["name", "tool", "toolname", "type"];
/// How often arguments are wrapped.
const DEPTH: usize = 3;

/// Takes the arguments out of what they are wrapped in. What stands beside them stays, where it is not the same again.
pub(super) fn open(work: &mut Work<'_>, shape: &Shape, arguments: &mut Map<String, Value>) {
    for _ in 0..DEPTH {
        let Some(wrapper) = wrapper(shape, arguments) else { return };
        let Some(Value::Object(inner)) = arguments.shift_remove(&wrapper).map(as_object) else { return };
        arguments.retain(|name, value| {
            let companion = !shape.has(name) && COMPANIONS.contains(&names::fold(name).as_str());
            !(companion && value.as_str().is_some_and(|value| value == work.facts.tool || value == "function"))
        });
        for (name, value) in inner {
            arguments.insert(name, value);
        }
        work.read(wrapper, "the arguments");
    }
}

/// The member that holds the arguments: all of whose members the tool knows, none of which is given outside it as well.
/// Beside a parameter that the call cannot do without it is something else.
fn wrapper(shape: &Shape, arguments: &Map<String, Value>) -> Option<String> {
    // What stands for nothing is left out later, and counts as little here.
    let says = |name: &str, value: &Value| !unfilled(value) || !may_go(shape, name);
    let holds = |name: &str, value: &Value| {
        let Value::Object(inner) = as_object(value.clone()) else { return false };
        let alone = arguments.len() == 1;
        let known =
            |inner: &str| names::known(shape, inner) || alone && WRAPPERS.contains(&names::fold(inner).as_str());
        let beside = |inner: &String| {
            let ours = names::meant(shape, inner).unwrap_or(inner);
            inner != name && arguments.get(inner).is_some_and(|outer| says(ours, outer))
        };
        inner.keys().all(|inner| known(inner)) && !inner.keys().any(beside)
    };
    let given = |wanted: &dyn Fn(&str) -> bool| {
        arguments
            .iter()
            .any(|(name, value)| names::meant(shape, name).is_some_and(|ours| wanted(ours) && says(ours, value)))
    };
    let (any, required) = (given(&|_| true), given(&|ours| shape.requires(ours)));
    let fits = |name: &String| {
        let folded = names::fold(name);
        let beside = if CONTENT.contains(&folded.as_str()) { any } else { required };
        !shape.has(name) && WRAPPERS.contains(&folded.as_str()) && !beside
    };
    let found = arguments.iter().find(|(name, value)| fits(name) && holds(name, value));
    found.map(|(name, _)| name.clone())
}

/// The object, where it is one, stands in text, or in a list alone.
fn as_object(value: Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(&text).ok().filter(Value::is_object).unwrap_or(Value::Null),
        Value::Array(mut values) if values.len() == 1 => values.pop().unwrap_or_default(),
        value => value,
    }
}
