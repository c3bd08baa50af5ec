//! The keys: data that dispatch, the footer, the help page and the palette read. Each room of the dashboard brings its own
//! table; what holds everywhere is in [`everywhere`].

mod everywhere;
mod name;

use crate::{approvals, calls, dynamodb, s3, sessions};

pub use name::{name, shown};

/// A view, by its tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tab {
    /// The calls.
    Calls,
    /// Buckets and objects.
    S3,
    /// Tables and items.
    DynamoDb,
    /// What waits for a person's yes.
    Approvals,
    /// What runs.
    Sessions,
}

impl Tab {
    /// All of them, in order; each is reached by its number.
    pub const ALL: [Self; 5] = [Self::Calls, Self::S3, Self::DynamoDb, Self::Approvals, Self::Sessions];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Calls => "Calls",
            Self::S3 => "S3",
            Self::DynamoDb => "DynamoDB",
            Self::Approvals => "Approvals",
            Self::Sessions => "Sessions",
        }
    }
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Show this view.
    Tab(Tab),
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// A few columns to the left.
    Left,
    /// A few columns to the right.
    Right,
    /// Open what is selected.
    Open,
    /// Back to where one was.
    Back,
    /// The next pane or part.
    Next,
    /// The one before.
    Previous,
    /// Type a filter.
    Filter,
    /// Sort by the next column.
    Sort,
    /// Search in what is shown.
    Search,
    /// To the next match.
    NextMatch,
    /// To the match before.
    PreviousMatch,
    /// Fold or unfold.
    Fold,
    /// Fold or unfold everything.
    FoldAll,
    /// Wrap long lines, or cut them.
    Wrap,
    /// What can be copied.
    Copy,
    /// Write what is shown to a file.
    Export,
    /// Fetch anew.
    Refresh,
    /// Fetch the next page.
    More,
    /// Delete what is selected.
    Delete,
    /// What can be done, by name.
    Palette,
    /// What the keys do.
    Help,
    /// Draw everything anew.
    Redraw,
    /// End.
    Quit,
    /// Of the calls.
    Calls(calls::Act),
    /// Of S3.
    S3(s3::Act),
    /// Of DynamoDB.
    DynamoDb(dynamodb::Act),
    /// Of what waits for a yes.
    Approvals(approvals::Act),
}

/// Where a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// In the list of calls.
    Calls,
    /// In the table of latencies.
    Latency,
    /// In a call's detail.
    Call,
    /// In the list of buckets.
    Buckets,
    /// In a listing of folders and objects.
    Objects,
    /// In a listing of versions.
    Versions,
    /// In an object's preview.
    Object,
    /// In the list of tables.
    Tables,
    /// In a table's description.
    Table,
    /// In a page of items.
    Items,
    /// In one item.
    Item,
    /// In a stream's records.
    Stream,
    /// Where calls wait for a yes.
    Approvals,
    /// In one of them.
    Approval,
    /// Where one sees what runs.
    Sessions,
    /// On the help page.
    Help,
}

impl Scope {
    /// All of them, in the order of the help page, each with its heading.
    pub const ALL: [(Self, &'static str); 16] = [
        (Self::Calls, "Calls"),
        (Self::Call, "A call"),
        (Self::Latency, "Latency of each tool"),
        (Self::Buckets, "Buckets"),
        (Self::Objects, "Objects"),
        (Self::Versions, "Versions"),
        (Self::Object, "An object"),
        (Self::Tables, "Tables"),
        (Self::Table, "A table"),
        (Self::Items, "Items"),
        (Self::Item, "An item"),
        (Self::Stream, "A stream"),
        (Self::Approvals, "Approvals"),
        (Self::Approval, "A call that waits"),
        (Self::Sessions, "Sessions"),
        (Self::Help, "This page"),
    ];
}

/// A key, where it holds, and what is said of it.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// The keys, as [`name`] names them; `] e` is one after the other.
    pub keys: &'static [&'static str],
    /// Where.
    pub scopes: &'static [Scope],
    /// A word for the footer; empty where it is not shown there.
    pub label: &'static str,
    /// A sentence for the help page and the palette.
    pub help: &'static str,
}

/// A binding; for the rooms' tables.
pub(crate) const fn bind(
    action: Action,
    keys: &'static [&'static str],
    scopes: &'static [Scope],
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding { action, keys, scopes, label, help }
}

/// Every binding, the rooms' before those that hold everywhere. The footer shows labels in this order.
pub fn all() -> impl Iterator<Item = &'static Binding> {
    [calls::KEYS, s3::KEYS, dynamodb::KEYS, approvals::KEYS, sessions::KEYS, everywhere::KEYS].into_iter().flatten()
}

/// The bindings that hold in `scope`.
pub fn of(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    all().filter(move |binding| binding.scopes.contains(&scope))
}

/// What keys pressed so far come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// This.
    Action(Action),
    /// Nothing yet: another key has to follow.
    Begun,
    /// Nothing.
    Nothing,
}

/// What `pressed`, keys with a space between them, does in `scope`.
#[must_use]
pub fn find(scope: Scope, pressed: &str) -> Found {
    let mut begun = false;
    for binding in of(scope) {
        for keys in binding.keys {
            if *keys == pressed {
                return Found::Action(binding.action);
            }
            begun |= keys.strip_prefix(pressed).is_some_and(|rest| rest.starts_with(' '));
        }
    }
    if begun { Found::Begun } else { Found::Nothing }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Action, Found, Scope, all, find, of};

    #[test]
    fn no_key_means_two_things() {
        for (scope, title) in Scope::ALL {
            let mut seen = HashSet::new();
            for binding in of(scope) {
                for keys in binding.keys {
                    assert!(seen.insert(*keys), "{keys} means two things in {title}");
                    assert_eq!(find(scope, keys), Found::Action(binding.action), "{keys} in {title}");
                }
            }
        }
    }

    #[test]
    fn what_deletes_in_one_view_does_so_in_all_and_nothing_else_anywhere() {
        for binding in all() {
            let deletes = binding.keys.iter().any(|keys| ["D", "delete"].contains(keys));
            assert_eq!(deletes, binding.action == Action::Delete, "{binding:?}");
            assert!(!deletes || binding.keys == ["D", "delete"], "{binding:?}");
        }
    }

    #[test]
    fn every_key_is_explained_and_holds_somewhere() {
        for binding in all() {
            assert!(!binding.help.is_empty() && !binding.scopes.is_empty(), "{binding:?}");
        }
    }

    #[test]
    fn a_key_that_begins_a_pair_waits_for_the_other() {
        assert_eq!(find(Scope::Calls, "]"), Found::Begun);
        assert!(matches!(find(Scope::Calls, "] e"), Found::Action(_)));
        assert_eq!(find(Scope::Calls, "] x"), Found::Nothing);
    }
}
