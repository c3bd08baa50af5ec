//! What is known of a table, to read.

use super::tables::{grouped, keys_text};
use crate::ask::{KeyPart, TableFacts};
use crate::json::Line;
use crate::look::{Look, Role};
use crate::text::{clean, pad, width};
use crate::widget::Block;

/// The description of a table, for a place so many columns wide.
pub(super) fn blocks(facts: &TableFacts, local: bool, look: Look) -> Vec<Block> {
    let mut blocks = vec![line(vec![
        (Role::Heading, clean(&facts.name, look.ascii)),
        (Role::Plain, "  ".to_owned()),
        (if facts.status == "ACTIVE" { Role::Good } else { Role::Warning }, clean(&facts.status, look.ascii)),
    ])];
    heading(&mut blocks, "Keys");
    let names = widest(facts.keys.iter().map(|key| key.name.as_str()), look);
    for key in &facts.keys {
        blocks.push(line(vec![
            (Role::Accent, pad(&clean(&key.name, look.ascii), names, look.signs().cut)),
            (Role::Plain, format!("  {}", clean(kind_word(key), look.ascii))),
            (Role::Dim, if key.range { "  range key" } else { "  hash key" }.to_owned()),
        ]));
    }
    heading(&mut blocks, "Holds");
    let count = if facts.items == 1 { "1 item".to_owned() } else { format!("{} items", grouped(facts.items)) };
    let when = if local { "" } else { "  as AWS counted within the last six hours" };
    blocks.push(line(vec![
        (Role::Number, count),
        (Role::Plain, format!(", {}", footbridge_record::time::bytes(facts.bytes))),
        (Role::Dim, when.to_owned()),
    ]));
    heading(&mut blocks, "Indexes");
    if facts.indexes.is_empty() {
        blocks.push(line(vec![(Role::Dim, "none".to_owned())]));
    }
    for index in &facts.indexes {
        let status = if index.status.is_empty() || index.status == "ACTIVE" { "" } else { index.status.as_str() };
        blocks.push(line(vec![
            (Role::DynamoDb, clean(&index.name, look.ascii)),
            (Role::Dim, if index.global { "  global  " } else { "  local  " }.to_owned()),
            (Role::Warning, clean(status, look.ascii)),
        ]));
        for (name, role, value) in [
            ("keys", Role::Accent, keys_text(&index.keys)),
            ("holds", Role::Plain, format!("{}, {} items", index.projection, grouped(index.items))),
        ] {
            blocks.push(set_in(4, vec![(Role::Dim, pad(name, 6, "")), (role, clean(&value, look.ascii))]));
        }
    }
    heading(&mut blocks, "Settings");
    let mut settings = vec![
        ("Billing", facts.billing.as_str()),
        ("Stream", facts.stream.as_deref().unwrap_or("off")),
        ("TTL", facts.ttl.as_deref().unwrap_or("off")),
    ];
    settings.extend(facts.more.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    settings.push(("ARN", facts.arn.as_str()));
    let names = widest(settings.iter().map(|(name, _)| *name), look);
    for (name, value) in settings {
        let role = if value == "off" { Role::Dim } else { Role::Plain };
        let name = pad(&clean(name, look.ascii), names, look.signs().cut);
        blocks.push(line(vec![(Role::Dim, format!("{name}  ")), (role, clean(value, look.ascii))]));
    }
    blocks
}

fn kind_word(key: &KeyPart) -> &str {
    match key.kind.as_str() {
        "S" => "string",
        "N" => "number",
        "B" => "binary",
        other => other,
    }
}

fn widest<'a>(names: impl Iterator<Item = &'a str>, look: Look) -> usize {
    names.map(|name| width(&clean(name, look.ascii))).max().unwrap_or_default().min(24)
}

fn heading(blocks: &mut Vec<Block>, text: &str) {
    blocks.push(Block::blank());
    blocks.push(Block::Line(Line { indent: 0, pieces: vec![(Role::Heading, text.to_owned())], part: None }));
}

fn line(pieces: Vec<(Role, String)>) -> Block {
    set_in(2, pieces)
}

fn set_in(indent: usize, pieces: Vec<(Role, String)>) -> Block {
    Block::Line(Line { indent, pieces, part: None })
}
