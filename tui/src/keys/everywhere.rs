//! The keys that hold in every view.

use super::{Action, Binding, Scope, Tab, bind};

const ALL: &[Scope] = &[
    Scope::Calls,
    Scope::Latency,
    Scope::Call,
    Scope::Buckets,
    Scope::Objects,
    Scope::Versions,
    Scope::Object,
    Scope::Tables,
    Scope::Table,
    Scope::Items,
    Scope::Item,
    Scope::Stream,
    Scope::Approvals,
    Scope::Approval,
    Scope::Sessions,
    Scope::Help,
];

/// All but the help page.
const VIEWS: &[Scope] = ALL.split_at(ALL.len() - 1).0;

pub(super) const KEYS: &[Binding] = &[
    bind(Action::Up, &["k", "up"], ALL, "", "Up"),
    bind(Action::Down, &["j", "down"], ALL, "", "Down"),
    bind(Action::PageUp, &["pageup", "ctrl-b", "ctrl-u"], ALL, "", "A page up"),
    bind(Action::PageDown, &["pagedown", "ctrl-f", "ctrl-d"], ALL, "", "A page down"),
    bind(Action::First, &["g", "home"], ALL, "", "To the beginning"),
    bind(Action::Last, &["G", "end"], ALL, "", "To the end; in the calls, along with new ones"),
    bind(Action::Tab(Tab::Calls), &["1"], VIEWS, "", "Calls"),
    bind(Action::Tab(Tab::S3), &["2"], VIEWS, "", "S3: buckets and objects"),
    bind(Action::Tab(Tab::DynamoDb), &["3"], VIEWS, "", "DynamoDB: tables and items"),
    bind(Action::Tab(Tab::Approvals), &["4"], VIEWS, "", "Approvals: calls that wait for a yes"),
    bind(Action::Tab(Tab::Sessions), &["5"], VIEWS, "", "Sessions: what runs, and what there is"),
    bind(Action::Palette, &[":"], VIEWS, "", "Do something by its name"),
    bind(Action::Redraw, &["ctrl-l"], ALL, "", "Draw the screen anew"),
    bind(Action::Back, &["esc", "?"], &[Scope::Help], "back", "Close this page"),
    bind(Action::Help, &["?"], VIEWS, "help", "This page"),
    bind(Action::Quit, &["q", "ctrl-c"], ALL, "quit", "Quit"),
];
