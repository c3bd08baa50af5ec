//! The columns of the list: which there are, and how wide.

use crate::state::{Sort, State};

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Time,
    Status,
    Name,
    Latency,
    Store,
    Client,
    Resource,
    AwsCalls,
}

impl Column {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Time => "TIME",
            Self::Status => "",
            Self::Name => "CALL",
            Self::Latency => "LATENCY",
            Self::Store => "STORE",
            Self::Client => "BY",
            Self::Resource => "RESOURCE, ERROR",
            Self::AwsCalls => "AWS",
        }
    }

    /// The order of rows that goes by it.
    pub(super) fn sort(self) -> Option<Sort> {
        match self {
            Self::Time => Some(Sort::Time),
            Self::Status => Some(Sort::Status),
            Self::Name => Some(Sort::Name),
            Self::Latency => Some(Sort::Latency),
            Self::Resource => Some(Sort::Resource),
            _ => None,
        }
    }

    /// Whether its text stands on the right.
    pub(super) fn is_right(self) -> bool {
        matches!(self, Self::Latency | Self::AwsCalls)
    }
}

/// The columns for a list of `width`, with their widths; one space is between them.
pub(super) fn fitting(state: &State, width: usize) -> Vec<(Column, usize)> {
    // Where nothing happens in named stores, there is no need to say so on each row.
    let stores = state.calls.iter().any(|(_, call)| !call.store.is_empty());
    let mut columns = vec![(Column::Status, 1)];
    if width >= 60 {
        columns.insert(0, (Column::Time, 12));
    } else if width >= 40 {
        columns.insert(0, (Column::Time, 8));
    }
    columns.push((Column::Name, if width >= 70 { 23 } else { 18 }));
    if width >= 30 {
        columns.push((Column::Latency, 9));
    }
    if stores && width >= 130 {
        columns.push((Column::Store, 15));
    }
    if width >= 110 {
        columns.push((Column::Client, 18));
        columns.push((Column::AwsCalls, 3));
    }
    let used: usize = columns.iter().map(|(_, width)| width + 1).sum();
    let left = width.saturating_sub(used);
    if left < 6 {
        if let Some((_, name)) = columns.iter_mut().find(|(column, _)| *column == Column::Name) {
            *name = (*name + left).max(1);
        }
        return columns;
    }
    columns.push((Column::Resource, left));
    columns
}
