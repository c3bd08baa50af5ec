//! What waits for a person's yes. Nothing does yet: where calls are asked about, the client asks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::desk::{Desk, Glance};
use crate::app::screen::Screen;
use crate::keys::{Action, Binding, Scope};
use crate::look::Role;
use crate::widget::{Pane, Pen, row};

/// The keys of this view: those of everywhere do.
pub(crate) const KEYS: &[Binding] = &[];

/// The view.
#[derive(Debug)]
pub(crate) struct Approvals;

impl Screen for Approvals {
    fn scope(&self) -> Scope {
        Scope::Approvals
    }

    fn act(&mut self, _: Action, _: &mut Desk<'_>) -> bool {
        false
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, glance: &Glance) {
        let inner =
            Pane { title: "Approvals".into(), note: String::new(), front: true }.draw(area, buffer, glance.look);
        for (number, text) in
            ["Nothing waits for a yes.", "", "With --mode ask, the client that calls is asked."].iter().enumerate()
        {
            let mut pen = Pen::new(glance.look);
            pen.put(Role::Dim, format!(" {text}"));
            pen.draw(row(inner, number + 1), buffer);
        }
    }
}
