//! Which row of many is selected, and which are on the screen.

use crate::keys::Action;

/// A selected row, and the first one on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cursor {
    /// The selected row.
    pub(crate) at: usize,
    /// The first row on the screen.
    pub(crate) top: usize,
}

impl Cursor {
    /// Moves as `action` says among `rows` rows, of which `height` are on the screen. Whether it is an action that moves.
    pub(crate) fn act(&mut self, action: Action, rows: usize, height: usize) -> bool {
        let page = height.max(1);
        let to = match action {
            Action::Up => self.at.saturating_sub(1),
            Action::Down => self.at.saturating_add(1),
            Action::PageUp => self.at.saturating_sub(page),
            Action::PageDown => self.at.saturating_add(page),
            Action::First => 0,
            Action::Last => usize::MAX,
            _ => return false,
        };
        self.go(to, rows, height);
        true
    }

    /// To row `to`, or as near as there are rows, and in sight.
    pub(crate) fn go(&mut self, to: usize, rows: usize, height: usize) {
        self.at = to.min(rows.saturating_sub(1));
        self.settle(rows, height);
    }

    /// Scrolls as little as it takes to show the selected row, and no further than the rows go.
    pub(crate) fn settle(&mut self, rows: usize, height: usize) {
        let height = height.max(1);
        self.at = self.at.min(rows.saturating_sub(1));
        self.top = self.top.min(rows.saturating_sub(height));
        self.top = self.top.clamp((self.at + 1).saturating_sub(height), self.at);
    }

    /// The rows on the screen.
    pub(crate) fn window(&self, rows: usize, height: u16) -> std::ops::Range<usize> {
        self.top.min(rows)..self.top.saturating_add(usize::from(height)).min(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::Cursor;
    use crate::keys::Action;

    #[test]
    fn the_selected_row_stays_in_sight_and_among_the_rows() {
        let mut cursor = Cursor::default();
        for (action, rows, at, top) in [
            (Action::Last, 100, 99, 90),
            (Action::Up, 100, 98, 90),
            (Action::PageUp, 100, 88, 88),
            (Action::PageDown, 100, 98, 89),
            (Action::First, 100, 0, 0),
            (Action::Down, 0, 0, 0),
            (Action::Last, 3, 2, 0),
        ] {
            assert!(cursor.act(action, rows, 10));
            assert_eq!((cursor.at, cursor.top), (at, top), "{action:?}");
        }
        assert!(!cursor.act(Action::Open, 3, 10));
        cursor = Cursor { at: 50, top: 45 };
        cursor.settle(20, 10);
        assert_eq!(cursor, Cursor { at: 19, top: 10 });
    }
}
