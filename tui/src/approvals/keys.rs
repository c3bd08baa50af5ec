//! The keys of what waits for a yes.

use crate::keys::{Action, Binding, Scope, bind};

/// What keys do here and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The call may run, once.
    Once,
    /// Calls of this session on these resources may run.
    Session,
    /// It may not.
    Deny,
    /// To the next call that waits.
    NextWaiting,
}

const LIST: &[Scope] = &[Scope::Approvals];
const ONE: &[Scope] = &[Scope::Approval];
const BOTH: &[Scope] = &[Scope::Approvals, Scope::Approval];

/// The keys of this view. The footer shows labels in this order, as many as there is room for.
pub(crate) const KEYS: &[Binding] = &[
    bind(Action::Approvals(Act::Once), &["a"], BOTH, "allow once", "Allow the selected call, once"),
    bind(
        Action::Approvals(Act::Session),
        &["s"],
        BOTH,
        "this session",
        "Allow it, and what else its session does to the same resources",
    ),
    bind(
        Action::Approvals(Act::Deny),
        &["d"],
        BOTH,
        "deny",
        "Deny it, with a reason that the agent is told; it may be empty",
    ),
    bind(Action::Open, &["enter", "l", "right"], LIST, "open", "Read the whole request"),
    bind(Action::Approvals(Act::NextWaiting), &["n"], LIST, "next", "To the next call that waits"),
    bind(Action::Filter, &["/"], LIST, "filter", "Filter as you type; Enter keeps it, Esc takes it back"),
    bind(
        Action::Sort,
        &["o"],
        LIST,
        "sort",
        "Sort by the next column: time, state, target, call, what it is on, client",
    ),
    bind(Action::Copy, &["y"], BOTH, "copy", "Copy the commands that answer it elsewhere, its resources, or JSON"),
    bind(Action::Next, &["tab", "backtab"], BOTH, "", "Between the list and the request"),
    bind(Action::Fold, &["enter", "l", "right", "space"], ONE, "fold", "Fold or unfold the part under the cursor"),
    bind(Action::FoldAll, &["z"], ONE, "all", "Fold or unfold everything"),
    bind(Action::Search, &["/"], ONE, "search", "Search in the request as you type"),
    bind(Action::NextMatch, &["n"], ONE, "", "The next match of the search"),
    bind(Action::PreviousMatch, &["N"], ONE, "", "The match before"),
    bind(Action::Wrap, &["w"], ONE, "wrap", "Wrap long lines, or cut them"),
    bind(Action::Back, &["esc", "h", "left"], ONE, "back", "Back to the list"),
    bind(Action::Back, &["esc"], LIST, "", "Drop the filter"),
];
