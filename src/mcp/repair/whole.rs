//! All of a call's arguments, and the order of the repairs.

use serde_json::{Map, Value};

use super::shape::Shape;
use super::work::{Facts, Work};
use super::{aws, copies, empty, expressions, names, numbers, places, typed, types, wrapped};
use crate::mcp::error::ToolError;

/// Names that clients give to the one parameter that they cannot do without, where a tool needs none.
const FILLERS: [&str; 8] = ["dummy", "randomstring", "placeholder", "noop", "unused", "ignored", "empty", "none"];

/// The most members of an object whose members are all named by its schema: no tool takes nearly as many.
const MOST_MEMBERS: usize = 256;

/// Makes arguments into what the tool takes; gives what was done, in few words.
///
/// # Errors
/// [`ToolError`] where they can mean two things, with the arguments to send.
pub(in crate::mcp) fn repair(
    shape: &Shape,
    facts: Facts<'_>,
    arguments: &mut Map<String, Value>,
) -> Result<Vec<String>, ToolError> {
    let mut work = Work::new(facts);
    few(arguments, "")?;
    wrapped::open(&mut work, shape, arguments);
    few(arguments, "")?;
    empty::all_of_a_bucket(shape, arguments)?;
    arguments.retain(|_, value| !value.is_null());
    fillers(&mut work, shape, arguments);
    object(&mut work, shape, arguments, "")?;
    // What AWS's structures held came to the top.
    arguments.retain(|_, value| !value.is_null());
    numbers::kept(shape, arguments)?;
    Ok(work.notes())
}

/// An object whose members are all named by its schema.
pub(super) fn object(
    work: &mut Work<'_>,
    shape: &Shape,
    map: &mut Map<String, Value>,
    at: &str,
) -> Result<(), ToolError> {
    if shape.is_closed() {
        few(map, at)?;
    }
    map.retain(|name, value| !(value.is_null() && names::known(shape, name)));
    aws::before_names(work, shape, map, at)?;
    if at.is_empty() {
        copies::joined(work, shape, map)?;
        places::named(work, shape, map);
    }
    names::given(work, shape, map, at)?;
    aws::after_names(work, shape, map, at)?;
    types::fitted(work, shape, map, at)?;
    empty::left_out(work, shape, map, at)?;
    if at.is_empty() {
        copies::placed(work, shape, map)?;
        places::objects(work, shape, map)?;
    }
    places::tables(work, shape, map, at)?;
    typed::plain(work, shape, map, at)?;
    expressions::read(work, shape, map, at)
}

/// Refuses more members than any object of ours has, before each of them is looked at.
fn few(map: &Map<String, Value>, at: &str) -> Result<(), ToolError> {
    if map.len() <= MOST_MEMBERS {
        return Ok(());
    }
    let place = if at.is_empty() { "the arguments" } else { at };
    Err(ToolError::arguments(format!("{place}: {} members are more than there are parameters", map.len())))
}

/// Leaves out what clients send to tools that need nothing.
fn fillers(work: &mut Work<'_>, shape: &Shape, arguments: &mut Map<String, Value>) {
    let nothing_known = shape.properties.is_empty();
    if !nothing_known && !shape.needs_nothing() {
        return;
    }
    arguments.retain(|name, _| {
        let filler = nothing_known || !shape.has(name) && FILLERS.contains(&names::fold(name).as_str());
        if filler {
            work.left_out(name);
        }
        !filler
    });
}
