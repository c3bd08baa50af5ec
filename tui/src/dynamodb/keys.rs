//! The keys of this view.

use crate::keys::{Action, Binding, Scope, bind};

/// What keys do here and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Describe the table.
    Describe,
    /// Ask for items by key.
    Query,
    /// Put a new item.
    New,
    /// Edit the item.
    Edit,
    /// Put a new item like this one.
    Duplicate,
    /// Follow the table's stream.
    Stream,
    /// Stop following, and go on.
    Pause,
    /// The calls about the table.
    Calls,
}

const TABLES: &[Scope] = &[Scope::Tables];
const ITEMS: &[Scope] = &[Scope::Items];
const STREAM: &[Scope] = &[Scope::Stream];
const ITEM: &[Scope] = &[Scope::Items, Scope::Item];
const READ: &[Scope] = &[Scope::Table, Scope::Item];
const OF_TABLE: &[Scope] = &[Scope::Tables, Scope::Table, Scope::Items, Scope::Stream];
const OF_ITEMS: &[Scope] = &[Scope::Tables, Scope::Table, Scope::Items, Scope::Item];
const ALL: &[Scope] = &[Scope::Tables, Scope::Table, Scope::Items, Scope::Item, Scope::Stream];

/// The keys of this view. The footer shows labels in this order.
pub(crate) const KEYS: &[Binding] = &[
    bind(Action::Open, &["enter"], TABLES, "items", "Read the first page of the table's items"),
    bind(Action::Open, &["enter"], ITEMS, "open", "Open the item as JSON"),
    bind(Action::Open, &["enter"], STREAM, "compare", "The item before and after, beside each other"),
    bind(Action::Fold, &["enter", "space"], READ, "fold", "Fold or unfold the part under the cursor"),
    bind(
        Action::Back,
        &["esc"],
        &[Scope::Table, Scope::Items, Scope::Item, Scope::Stream],
        "back",
        "Call off what is waited for, take back what was searched, or go back",
    ),
    bind(Action::Back, &["esc"], TABLES, "", "Call off what is waited for, or take back what was searched"),
    bind(
        Action::DynamoDb(Act::Query),
        &["Q"],
        OF_ITEMS,
        "query",
        "Query the table or an index by key, in a form; scan an index",
    ),
    bind(
        Action::Filter,
        &["f"],
        ITEMS,
        "filter",
        "Read again with a filter expression, literal values in it: total > 10",
    ),
    bind(Action::Search, &["/"], ALL, "find", "Find a text among what is loaded"),
    bind(Action::NextMatch, &["n"], READ, "", "To the next match"),
    bind(Action::PreviousMatch, &["N"], READ, "", "To the match before"),
    bind(Action::More, &["n"], ITEMS, "more", "Read the next page"),
    bind(Action::More, &["n"], TABLES, "", "List the next page"),
    bind(
        Action::DynamoDb(Act::Edit),
        &["e", "E"],
        ITEM,
        "edit",
        "Edit the item; it is written only if nobody changed it meanwhile",
    ),
    bind(Action::DynamoDb(Act::New), &["a"], ITEMS, "add", "Put a new item"),
    bind(Action::DynamoDb(Act::Duplicate), &["A"], ITEM, "", "Put a new item like this one"),
    bind(Action::Delete, &["D", "delete"], ITEM, "delete", "Delete the item, if nobody changed it meanwhile"),
    bind(Action::DynamoDb(Act::Pause), &["space"], STREAM, "pause", "Stop following the stream, or go on"),
    bind(Action::DynamoDb(Act::Stream), &["s"], OF_ITEMS, "stream", "Follow the table's stream"),
    bind(
        Action::DynamoDb(Act::Describe),
        &["i"],
        &[Scope::Tables, Scope::Items, Scope::Item, Scope::Stream],
        "info",
        "Describe the table: keys, indexes, settings",
    ),
    bind(Action::Copy, &["y"], ALL, "copy", "Copy JSON, a key, an ARN or an AWS CLI command"),
    bind(
        Action::Export,
        &["x"],
        &[Scope::Items, Scope::Item, Scope::Stream],
        "export",
        "Write what is shown to a file",
    ),
    bind(Action::Sort, &["o"], TABLES, "", "Sort by name, items, size in turn"),
    bind(Action::Sort, &["o"], ITEMS, "sort", "Sort what is loaded by the selected column: rising, falling, as read"),
    bind(Action::Left, &["left", "h"], ITEMS, "", "The column before; others come in sight"),
    bind(Action::Right, &["right", "l"], ITEMS, "", "The next column; others come in sight"),
    bind(Action::Left, &["left", "h"], &[Scope::Item], "", "The item before"),
    bind(Action::Right, &["right", "l"], &[Scope::Item], "", "The next item"),
    bind(Action::Next, &["tab"], ALL, "", "Between the list and what stands beside it"),
    bind(Action::FoldAll, &["z"], READ, "", "Fold or unfold everything"),
    bind(Action::Wrap, &["w"], READ, "", "Wrap long lines, or cut them"),
    bind(Action::DynamoDb(Act::Calls), &["c"], OF_TABLE, "", "The calls about the table"),
    bind(Action::Refresh, &["r"], ALL, "refresh", "Read anew"),
];
