//! The columns of the list: which there are, and how wide. What has nothing to say has none.

use crate::calls::list::Sort;
use crate::calls::store::Store;
use crate::row::Name;
use crate::text::width;
use crate::widget;

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::calls) enum Column {
    Time,
    Status,
    Service,
    Name,
    Latency,
    Store,
    Client,
    Made,
    /// What it is on, what was asked, what came.
    Rest,
}

impl Column {
    /// The order of rows that goes by it.
    pub(in crate::calls) fn sort(self) -> Option<Sort> {
        match self {
            Self::Time => Some(Sort::Time),
            Self::Status => Some(Sort::Status),
            Self::Service | Self::Name => Some(Sort::Name),
            Self::Latency => Some(Sort::Latency),
            Self::Client => Some(Sort::Client),
            Self::Rest => Some(Sort::Resource),
            Self::Store | Self::Made => None,
        }
    }

    /// The column that rows sorted so go by.
    pub(super) fn of(sort: Sort) -> Self {
        match sort {
            Sort::Time => Self::Time,
            Sort::Latency => Self::Latency,
            Sort::Name => Self::Name,
            Sort::Status => Self::Status,
            Sort::Resource => Self::Rest,
            Sort::Client => Self::Client,
        }
    }
}

/// The columns for a list of `wide` columns, each with its place.
pub(in crate::calls) fn columns(store: &Store, sort: Sort, wide: u16) -> Vec<(widget::Column<Column>, usize)> {
    let column = |key, title, width: usize, from| widget::Column {
        key,
        title,
        width: u16::try_from(width).unwrap_or(u16::MAX),
        grows: key == Column::Rest,
        right: matches!(key, Column::Latency | Column::Made),
        from,
    };
    // As many as there are names in earnest: a stranger may make up more.
    let longest = |names: &mut dyn Iterator<Item = &Name>| names.take(500).map(|name| width(name)).max().unwrap_or(0);
    // With the sign of its effect.
    let most = if wide >= 100 { 26 } else { 18 };
    let name = (longest(&mut store.titles()) + 2).clamp(8, most);
    let mut all = vec![
        column(Column::Time, "TIME", if wide >= 100 { 12 } else { 8 }, 46),
        column(Column::Status, "", 1, 0),
        column(Column::Service, "", 3, 60),
        column(Column::Name, "CALL", if wide < 40 { 12 } else { name }, 0),
        column(Column::Latency, "TOOK", 7, 30),
    ];
    if store.stores().count() > 1 {
        all.push(column(Column::Store, "STORE", longest(&mut store.stores()).clamp(5, 16), 110));
    }
    let clients = longest(&mut store.clients()).min(18);
    // What all have in common says little, but one may want to sort by it.
    let enough = match (sort, store.clients().count()) {
        (Sort::Client, _) => 60,
        (_, 0 | 1) => 120,
        _ => 92,
    };
    if clients > 0 {
        all.push(column(Column::Client, "BY", clients.max(4), enough));
    }
    if store.has_makers() {
        all.push(column(Column::Made, "AWS", 3, 110));
    }
    all.push(column(Column::Rest, "ON", 4, 20));
    widget::fitting(&all, wide)
}
