//! A request to read: what would be done to what, and what is there now beside what would be.

use footbridge_record::time;
use ratatui::layout::Rect;
use serde_json::{Map, Value};

use crate::app::desk::Glance;
use crate::dynamodb::changes::{beside, changes, lines};
use crate::json::{Line, Pieces};
use crate::look::{Look, Role};
use crate::request::{Request, Standing};
use crate::text::{clean, pad, split};
use crate::widget::{Block, Document};

/// Columns of the names of facts.
const NAMES: usize = 8;

/// Resources that are shown one by one.
const RESOURCES: usize = 20;

/// Columns from which old and new stand beside each other.
const BESIDE: usize = 56;

/// Differences that are shown below each other where there is less room.
const CHANGES: usize = 200;

/// The selected request's text.
#[derive(Debug, Default)]
pub(super) struct Detail {
    pub(super) document: Document,
    /// What it was made of, for so many columns.
    made: Option<(Request, u16, Look)>,
}

impl Detail {
    /// Shows `request` in `area`.
    pub(super) fn show(&mut self, request: Option<&Request>, area: Rect, glance: &Glance) {
        let Some(request) = request else {
            *self = Self::default();
            return;
        };
        let size = (area.width, glance.look);
        let same = self.made.as_ref().is_some_and(|(made, columns, look)| made == request && (*columns, *look) == size);
        if !same {
            let blocks = blocks(request, usize::from(area.width), glance);
            if self.made.as_ref().is_some_and(|(made, ..)| made.name == request.name) {
                self.document.replace(blocks);
            } else {
                self.document = Document::new(blocks);
            }
            self.made = Some((request.clone(), area.width, glance.look));
        }
        self.document.arrange(area, glance.look);
    }
}

/// What a request asks for, in rows of `columns`.
fn blocks(request: &Request, columns: usize, glance: &Glance) -> Vec<Block> {
    let look = glance.look;
    // The first two show what folds.
    let columns = columns.saturating_sub(2);
    let mut blocks = Vec::new();
    let mut fact = |name: &str, role, value: &str| blocks.extend(said(name, role, value, columns, look));
    if let Standing::Denied { why, .. } = &request.standing
        && !why.is_empty()
    {
        fact("why", Role::Heading, &format!("\"{why}\""));
    }
    fact("call", Role::Heading, &request.tool);
    fact("does", effect(request), &request.effect);
    fact("impact", Role::Warning, &request.impact);
    for (number, resource) in request.resources.iter().take(RESOURCES).enumerate() {
        fact(if number == 0 { "on" } else { "" }, Role::Plain, resource);
    }
    if request.resources.len() > RESOURCES {
        fact("", Role::Warning, &format!("and {} more", request.resources.len() - RESOURCES));
    }
    fact("by", Role::Plain, &request.caller);
    let short: String = request.session.chars().take(8).collect();
    let at = time::of_day(request.created, glance.offset);
    fact("session", Role::Dim, &format!("{} of process {}, asked at {}", short, request.pid, &at[..8.min(at.len())]));
    blocks.extend(difference(request, columns, look));
    blocks.push(Block::blank());
    blocks.push(Block::say(Role::Heading, "Arguments", look));
    blocks.push(Block::Json(request.arguments.clone()));
    blocks
}

/// How what a request does looks.
pub(super) fn effect(request: &Request) -> Role {
    match request.effect.as_str() {
        "destructive" => Role::Destroy,
        "read" => Role::Plain,
        _ => Role::Write,
    }
}

/// A name and a value of strangers beside it. Where that takes several rows they stand below each other, so that nothing in it
/// looks like the next fact.
fn said(name: &str, role: Role, value: &str, columns: usize, look: Look) -> Vec<Block> {
    let value = clean(value, look.ascii);
    let room = columns.saturating_sub(NAMES + 1).max(8);
    let (mut rest, mut name) = (value.as_str(), name);
    let mut blocks = Vec::new();
    loop {
        let (head, tail) = split(rest, room);
        let space = head.rfind(' ').filter(|space| !tail.is_empty() && *space > head.len() / 2);
        let (head, tail) = space.map_or((head, tail), |space| rest.split_at(space + 1));
        blocks.push(line(vec![(Role::Dim, pad(name, NAMES, "") + " "), (role, head.to_owned())]));
        if tail.is_empty() || head.is_empty() {
            return blocks;
        }
        (rest, name) = (tail, "");
    }
}

fn line(pieces: Pieces) -> Block {
    Block::Line(Line { indent: 0, pieces, part: None })
}

/// What is there now and what would be.
fn difference(request: &Request, columns: usize, look: Look) -> Vec<Block> {
    let (old, new) = (request.old.as_ref(), request.new.as_ref());
    if old.is_none() && new.is_none() {
        return Vec::new();
    }
    let mut blocks = vec![Block::blank()];
    let [old, new] = alike([old, new]);
    let title = |text: &str| (Role::Heading, text.to_owned());
    if columns >= BESIDE {
        let half = (columns - 3) / 2;
        let bar = if look.ascii { "| " } else { "│ " };
        let left = pad(if old.is_some() { " now" } else { " now: nothing, or not known" }, half + 1, "");
        let right = if new.is_some() { " after" } else { " after: nothing" };
        blocks.push(line(vec![title(&left), (Role::Border, bar.to_owned()), title(right)]));
        blocks.extend(beside([old.as_ref(), new.as_ref()], &[], columns, look).into_iter().map(line));
        return blocks;
    }
    blocks.push(Block::say(Role::Heading, "What changes", look));
    let empty = Value::Object(Map::new());
    let found = match (&old, &new) {
        (Some(Value::String(_)), _) | (_, Some(Value::String(_))) => {
            let [old, new] = [old, new].map(|text| wrapped(text.unwrap_or(Value::Null)));
            changes(&old, &new)
        }
        _ => changes(old.as_ref().unwrap_or(&empty), new.as_ref().unwrap_or(&empty)),
    };
    blocks.extend(lines(&found, CHANGES, columns, look).into_iter().map(line));
    blocks
}

/// Both as maps, or both as texts: what is neither gets a name for what it is.
fn alike(sides: [Option<&Value>; 2]) -> [Option<Value>; 2] {
    if sides.iter().flatten().all(|value| value.is_string()) || sides.iter().flatten().all(|value| value.is_object()) {
        return sides.map(Option::<&Value>::cloned);
    }
    sides.map(|side| {
        side.map(|value| match value {
            Value::Object(_) => value.clone(),
            Value::Array(elements) => {
                elements.iter().enumerate().map(|(number, one)| (format!("{}", number + 1), one.clone())).collect()
            }
            other => wrapped(other.clone()),
        })
    })
}

fn wrapped(value: Value) -> Value {
    if value.is_null() { Value::Object(Map::new()) } else { [("value".to_owned(), value)].into_iter().collect() }
}
