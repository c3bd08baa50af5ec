//! What a view is to the frame round it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::desk::{Desk, Glance, Go, Ticket};
use super::dialog::Told;
use crate::ask::{Answer, Progress, Trouble};
use crate::keys::{Action, Scope};

/// A view: the frame gives it keys, answers and a place on the screen.
pub(crate) trait Screen {
    /// Where keys go now.
    fn scope(&self) -> Scope;

    /// Does what a key says. Whether that does anything here and now; else the frame says so.
    fn act(&mut self, action: Action, desk: &mut Desk<'_>) -> bool;

    /// Comes to the front.
    fn enter(&mut self, _desk: &mut Desk<'_>) {}

    /// Goes where another view leads.
    fn go(&mut self, _go: Go, _desk: &mut Desk<'_>) {}

    /// Takes an answer. One to a question that is not asked any more is let go.
    fn answer(&mut self, _ticket: Ticket, _answer: Result<Answer, Trouble>, _desk: &mut Desk<'_>) {}

    /// Hears how far long work is.
    fn progress(&mut self, _ticket: Ticket, _progress: Progress) {}

    /// Hears what came of a dialog, or of a line being typed.
    fn told(&mut self, _told: Told, _desk: &mut Desk<'_>) {}

    /// Time went by: a tenth of a second, while [`moves`](Self::moves). Whether the picture changed.
    fn tick(&mut self, _desk: &mut Desk<'_>) -> bool {
        false
    }

    /// Whether the picture changes as time goes on.
    fn moves(&self) -> bool {
        false
    }

    /// A click at this column and row of the screen.
    fn click(&mut self, _at: (u16, u16), _desk: &mut Desk<'_>) {}

    /// The wheel was turned there, towards the end or the beginning.
    fn wheel(&mut self, _at: (u16, u16), onwards: bool, desk: &mut Desk<'_>) {
        for _ in 0..3 {
            self.act(if onwards { Action::Down } else { Action::Up }, desk);
        }
    }

    /// What is said at the right of the tabs: figures.
    fn headline(&self, _glance: &Glance) -> String {
        String::new()
    }

    /// Makes ready what is drawn in `area`.
    fn arrange(&mut self, _area: Rect, _glance: &Glance) {}

    /// Draws it.
    fn draw(&self, area: Rect, buffer: &mut Buffer, glance: &Glance);
}
