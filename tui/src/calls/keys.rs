//! The keys of the calls.

use crate::keys::{Action, Binding, Scope, bind};

/// What keys do here and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Only what went wrong, or all.
    Errors,
    /// To the next call that went wrong.
    NextError,
    /// To the one before.
    PreviousError,
    /// Hold the picture, or let it go on.
    Freeze,
    /// To the next call, while one is open.
    NextCall,
    /// To the one before.
    PreviousCall,
    /// Make the call again.
    Replay,
    /// To the data that the call is about.
    Data,
}

const CALLS: &[Scope] = &[Scope::Calls];
const LATENCY: &[Scope] = &[Scope::Latency];
const CALL: &[Scope] = &[Scope::Call];
const LISTS: &[Scope] = &[Scope::Calls, Scope::Latency];
const OF_A_CALL: &[Scope] = &[Scope::Calls, Scope::Call];
const EACH: &[Scope] = &[Scope::Calls, Scope::Latency, Scope::Call];

/// The keys of this view. The footer shows labels in this order, as many as there is room for.
pub(crate) const KEYS: &[Binding] = &[
    bind(Action::Open, &["enter", "l", "right"], CALLS, "open", "Open the selected call"),
    bind(Action::Open, &["enter"], LATENCY, "only this", "Show only the calls of the selected tool"),
    bind(Action::Fold, &["enter", "l", "right", "space"], CALL, "fold", "Fold or unfold the part under the cursor"),
    bind(Action::FoldAll, &["z"], CALL, "all", "Fold or unfold everything"),
    bind(Action::Next, &["tab"], LISTS, "latency", "To the latency of each tool, and back"),
    bind(Action::Next, &["tab"], CALL, "part", "The next part: request, response, AWS calls, timing"),
    bind(Action::Previous, &["backtab"], EACH, "", "The part or pane before"),
    bind(Action::Filter, &["/"], LISTS, "filter", "Filter as you type; Enter keeps it, Esc takes it back"),
    bind(Action::Search, &["/"], CALL, "search", "Search in this part as you type"),
    bind(Action::Calls(Act::Errors), &["e"], LISTS, "errors", "Only calls that went wrong, or all"),
    bind(
        Action::Sort,
        &["o"],
        CALLS,
        "sort",
        "Sort by the next column: time, how long, name, status, what it is on, client",
    ),
    bind(
        Action::Copy,
        &["y"],
        OF_A_CALL,
        "copy",
        "Copy as JSON, AWS CLI command, curl, key or ARN (through the terminal, also over SSH)",
    ),
    bind(
        Action::Calls(Act::Replay),
        &["r"],
        OF_A_CALL,
        "replay",
        "Make the call again, and see what is otherwise; asks before it changes anything",
    ),
    bind(
        Action::Export,
        &["x"],
        EACH,
        "export",
        "Write the calls that are shown, or the open one, to a file: NDJSON or HAR",
    ),
    bind(Action::Calls(Act::Data), &["O"], CALLS, "data", "To the bucket or table that the call is about"),
    bind(Action::Calls(Act::Data), &["o", "O"], CALL, "data", "To the bucket or table that the call is about"),
    bind(
        Action::Calls(Act::Freeze),
        &["space"],
        LISTS,
        "freeze",
        "Hold the picture while calls go on, or let it go on",
    ),
    bind(Action::Calls(Act::NextError), &["] e"], OF_A_CALL, "", "To the next call that went wrong"),
    bind(Action::Calls(Act::PreviousError), &["[ e"], OF_A_CALL, "", "To the call before that went wrong"),
    bind(Action::Calls(Act::NextCall), &["J"], CALL, "", "The next call of the list"),
    bind(Action::Calls(Act::PreviousCall), &["K"], CALL, "", "The call before it in the list"),
    bind(Action::NextMatch, &["n"], CALL, "", "The next match of the search"),
    bind(Action::PreviousMatch, &["N"], CALL, "", "The match before"),
    bind(Action::Wrap, &["w"], CALL, "wrap", "Wrap long lines, or cut them"),
    bind(Action::Back, &["esc", "h", "left"], CALL, "back", "Back to the list"),
    bind(Action::Back, &["esc"], LISTS, "", "Drop the filter, then errors only"),
];
