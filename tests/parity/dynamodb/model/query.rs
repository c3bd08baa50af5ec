//! Query and Scan: a table or an index in order, page by page.

use std::cmp::Ordering;

use serde_json::{Value as Json, json};

use super::capacity::{Cost, Costs, read_units};
use super::evaluate::{Fault, check, holds, paths, project};
use super::parse::{Bindings, Condition, Operand, Path, Step};
use super::read::projection;
use super::table::{Index, Keys, Table};
use super::value::{Item, bytes, item_size, items, kind, order, parts};

/// The most bytes that a page reads. Whether one item more fits is not modelled.
const PAGE: usize = 1 << 20;

/// A Query or a Scan, found to be right.
struct Wanted {
    filter: Option<Condition>,
    paths: Option<Vec<Path>>,
    limit: Option<usize>,
    count: bool,
    start: Option<Item>,
    backwards: bool,
    keys: Vec<Condition>,
    /// Whether the items are read from the table, as the index does not have all that is asked for.
    fetches: bool,
}

/// One page: the output, and the last evaluated key.
pub type Page = (Json, Option<Json>);

/// The pages from the start key on; one, or all.
pub fn pages(operation: &str, table: &Table, input: &Json, all: bool) -> Result<Vec<Page>, Fault> {
    let named = input.get("IndexName").and_then(Json::as_str);
    let index = match named {
        Some(name) => Some(table.indexes.iter().find(|index| index.name == name).ok_or(Fault::Refused)?),
        None => None,
    };
    let mut wanted = read(operation, table, index, input)?;
    let keys = order_of(table, index);
    let mut rows: Vec<&Item> = table
        .items
        .iter()
        .filter(|item| index.is_none_or(|index| index.holds(item)))
        .filter(|item| wanted.keys.iter().all(|condition| holds(condition, item)))
        .collect();
    rows.sort_by(|one, other| keys.order(one, other));
    if wanted.backwards {
        rows.reverse();
    }
    if rows.iter().map(|item| item_size(item)).sum::<usize>() > PAGE / 2 {
        return Err(Fault::Unsure);
    }
    let mut pages = Vec::new();
    loop {
        let page = page(table, index, input, &wanted, &rows, &keys)?;
        let last = page.1.clone();
        pages.push(page);
        match last {
            Some(Json::Object(last)) if all => wanted.start = Some(last),
            _ => return Ok(pages),
        }
    }
}

/// The order of the rows: by the index's keys, then by the table's.
fn order_of(table: &Table, index: Option<&Index>) -> Keys {
    let mut keys = index.map_or_else(|| table.keys.clone(), |index| index.keys.clone());
    let more: Vec<_> = table.keys.all().filter(|(name, _)| !keys.has(name)).cloned().collect();
    keys.range.extend(more);
    keys
}

fn read(operation: &str, table: &Table, index: Option<&Index>, input: &Json) -> Result<Wanted, Fault> {
    let mut bindings = Bindings::of(input)?;
    let text = |member: &str| input.get(member).and_then(Json::as_str);
    let filter = text("FilterExpression").map(|text| bindings.condition(text)).transpose()?;
    let paths_shown = projection(input, &mut bindings)?;
    let key_condition = text("KeyConditionExpression").map(|text| bindings.condition(text)).transpose()?;
    bindings.all_used()?;
    filter.iter().try_for_each(check)?;
    let source = index.map_or(&table.keys, |index| &index.keys);
    let keys = match key_condition {
        Some(condition) => on_keys(condition, source)?,
        None if operation == "Query" => return Err(Fault::Refused),
        None => Vec::new(),
    };
    let named: Vec<Path> = filter.iter().flat_map(paths).collect();
    let first = |path: &Path| match &path[0] {
        Step::Name(name) => name.clone(),
        Step::At(_) => String::new(),
    };
    if operation == "Query" && named.iter().any(|path| source.has(&first(path))) {
        return Err(Fault::Refused);
    }
    if let Some(index) = index.filter(|index| !index.local) {
        if input["ConsistentRead"] == true {
            return Err(Fault::Refused);
        }
        // What AWS says of attributes that the index does not have is not modelled.
        let missing = |path: &Path| !index.projects(&table.keys, &first(path));
        if named.iter().chain(paths_shown.iter().flatten()).any(missing) {
            return Err(Fault::Somehow);
        }
    }
    let partial = index.is_some_and(|index| !index.projects(&table.keys, "no such attribute"));
    let select = text("Select");
    let refused = match select {
        Some("COUNT" | "ALL_ATTRIBUTES") if paths_shown.is_some() => true,
        Some("ALL_ATTRIBUTES") => partial && index.is_some_and(|index| !index.local),
        Some("ALL_PROJECTED_ATTRIBUTES") => index.is_none() || paths_shown.is_some(),
        Some("SPECIFIC_ATTRIBUTES") => paths_shown.is_none(),
        _ => false,
    };
    let beyond =
        |paths: &[Path]| index.is_some_and(|index| paths.iter().any(|path| !index.projects(&table.keys, &first(path))));
    let fetches = partial && select == Some("ALL_ATTRIBUTES") || paths_shown.as_ref().is_some_and(|all| beyond(all));
    let limit = input.get("Limit").and_then(Json::as_u64);
    if refused || limit == Some(0) {
        return Err(Fault::Refused);
    }
    if operation == "Scan" && input.get("Segment").is_some() != input.get("TotalSegments").is_some()
        || input["Segment"].as_u64() >= Some(input["TotalSegments"].as_u64().unwrap_or(u64::MAX))
    {
        return Err(Fault::Refused);
    }
    if beyond(&named) && operation == "Query" {
        return Err(Fault::Refused);
    }
    // What a Scan's filter sees of attributes that a local index does not have is not modelled.
    if !fetches && beyond(&named) {
        return Err(Fault::Somehow);
    }
    let backwards = input["ScanIndexForward"] == false;
    let start = input.get("ExclusiveStartKey").map(|start| start.as_object().and_then(items).ok_or(Fault::Refused));
    let start = start.transpose()?;
    if let Some(start) = &start {
        // A start key with a value that is too long for a key is not modelled.
        let long = start.values().any(|value| super::value::size(value) > 1000);
        if long {
            return Err(Fault::Somehow);
        }
        if !keys.iter().all(|condition| holds(condition, start)) {
            return Err(Fault::Refused);
        }
    }
    Ok(Wanted {
        filter,
        paths: paths_shown,
        limit: limit.map(|limit| usize::try_from(limit).expect("a small limit")),
        count: select == Some("COUNT"),
        start,
        backwards,
        keys,
        fetches,
    })
}

/// The conditions on single attributes that a key condition is made of.
fn on_keys(condition: Condition, keys: &Keys) -> Result<Vec<Condition>, Fault> {
    let mut all = Vec::new();
    flatten(condition, &mut all);
    let mut named: Vec<(String, bool)> = Vec::new();
    for one in &all {
        let (path, equals, values) = match one {
            Condition::Compare(Operand::At(path), how, Operand::Value(value)) if how != "<>" => {
                (path, how == "=", vec![value])
            }
            Condition::Between(Operand::At(path), Operand::Value(low), Operand::Value(high)) => {
                (path, false, vec![low, high])
            }
            Condition::Call(function, path, Some(Operand::Value(value))) if function == "begins_with" => {
                (path, false, vec![value])
            }
            _ => return Err(Fault::Refused),
        };
        let [Step::Name(name)] = path.as_slice() else { return Err(Fault::Refused) };
        let (_, wanted) = keys.all().find(|(key, _)| key == name).ok_or(Fault::Refused)?;
        let empty = |value: &Json| ["S", "B"].contains(&kind(value)) && bytes_of(value).is_empty();
        if values.iter().any(|value| kind(value) != wanted || empty(value))
            || named.iter().any(|(other, _)| other == name)
        {
            return Err(Fault::Refused);
        }
        // What AWS says of values that are too long for a key is not modelled.
        if values.iter().any(|value| super::value::size(value) > 1000) {
            return Err(Fault::Somehow);
        }
        check(one)?;
        if let [low, high] = values.as_slice()
            && order(low, high) == Some(Ordering::Greater)
        {
            return Err(Fault::Refused);
        }
        named.push((name.clone(), equals));
    }
    let equal = |name: &str| named.iter().any(|(other, equals)| other == name && *equals);
    if !keys.hash.iter().all(|(name, _)| equal(name)) {
        return Err(Fault::Refused);
    }
    // Sort attributes from the left, and all but the last by equality.
    let used = keys.range.iter().take_while(|(name, _)| named.iter().any(|(other, _)| other == name)).count();
    let fixed = keys.range.iter().take(used.saturating_sub(1)).all(|(name, _)| equal(name));
    if !fixed || keys.hash.len() + used != named.len() { Err(Fault::Refused) } else { Ok(all) }
}

fn bytes_of(value: &Json) -> Vec<u8> {
    let (kind, content) = parts(value);
    if kind == "B" { bytes(content) } else { content.as_str().unwrap_or_default().as_bytes().to_vec() }
}

fn flatten(condition: Condition, all: &mut Vec<Condition>) {
    match condition {
        Condition::And(one, other) => {
            flatten(*one, all);
            flatten(*other, all);
        }
        other => all.push(other),
    }
}

fn page(
    table: &Table,
    index: Option<&Index>,
    input: &Json,
    wanted: &Wanted,
    rows: &[&Item],
    keys: &Keys,
) -> Result<Page, Fault> {
    let after = |item: &&&Item| {
        let Some(start) = &wanted.start else { return true };
        let order = keys.order(item, start);
        if wanted.backwards { order.is_lt() } else { order.is_gt() }
    };
    if wanted.start.as_ref().is_some_and(|start| !keys.all().all(|(name, _)| start.contains_key(name))) {
        return Err(Fault::Refused);
    }
    let read: Vec<&Item> = rows.iter().filter(after).take(wanted.limit.unwrap_or(usize::MAX)).copied().collect();
    let full = Some(read.len()) == wanted.limit;
    let found: Vec<&&Item> =
        read.iter().filter(|item| wanted.filter.as_ref().is_none_or(|filter| holds(filter, item))).collect();
    let shown = |item: &&&Item| {
        let entry = match index {
            Some(index) if !wanted.fetches => index.entry(&table.keys, item),
            _ => (**item).clone(),
        };
        json!(wanted.paths.as_ref().map_or_else(|| entry.clone(), |paths| project(&entry, paths)))
    };
    let mut output = json!({"Count": found.len(), "ScannedCount": read.len()});
    if !wanted.count {
        output["Items"] = found.iter().map(shown).collect();
    }
    let last = read.last().filter(|_| full).map(|item| {
        let key = keys.all().map(|(name, _)| (name.clone(), item[name].clone()));
        Json::Object(key.collect())
    });
    if let Some(last) = &last {
        output["LastEvaluatedKey"] = last.clone();
    }
    let consistent = input["ConsistentRead"] == true;
    let cost = match index {
        None => Cost::of_table(read_units(read.iter().map(|item| item_size(item)).sum(), consistent)),
        Some(index) => {
            let bytes = read.iter().map(|item| item_size(&index.entry(&table.keys, item))).sum();
            let mut cost = Cost::default();
            cost.add_index(&index.name, index.local, read_units(bytes, consistent));
            // What a local index does not have is read from the table, each item for itself.
            if wanted.fetches {
                for item in &read {
                    cost.add(read_units(item_size(item), consistent));
                }
            }
            cost
        }
    };
    let mut costs = Costs::default();
    costs.add(input["TableName"].as_str().unwrap_or_default(), cost);
    costs.tell(input, "Read", false, &mut output);
    Ok((output, last))
}
