//! What an object holds, as far as it is fetched, in the form that suits it.

mod draw;
mod flow;
mod hex;
mod inflate;
mod kind;
mod lines;
mod mend;
mod search;
mod sheet;

use ratatui::layout::Rect;
use serde_json::Value;

use super::level::Asked;
use super::paint;
use crate::app::desk::Desk;
use crate::ask::{Answer, Ask, ObjectName, Trouble};
use crate::keys::Action;
use crate::look::{Look, Role};
use crate::text::width;
use crate::widget::{Block, Cursor, Document};
use flow::Flow;
use inflate::Inflate;
use kind::Form;
use lines::Lines;
use sheet::Sheet;

/// Bytes that are fetched at once, and those that are held at most.
const AT_ONCE: u64 = 64 * 1024;
const HELD: u64 = 2 * 1024 * 1024;

/// Bytes of JSON that are set in lines at most.
const JSON: usize = 512 * 1024;

/// Columns that a step to the side goes.
const STEP: usize = 8;

/// A row that was opened.
#[derive(Debug)]
pub(super) enum Opened {
    /// A line of NDJSON.
    Value(usize, Value),
    /// A row of a table.
    Record(usize, Vec<(String, String)>),
}

#[derive(Debug)]
enum View {
    /// No byte is here yet.
    Nothing,
    Image(Document),
    Json(Document),
    Lines(Lines),
    Table(Sheet),
    Text(Flow),
    Hex,
}

/// What an object holds.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a thing of its own that a person chose or that is so")]
pub(super) struct Preview {
    object: ObjectName,
    content_type: String,
    held: Vec<u8>,
    inflate: Option<Inflate>,
    /// Bytes of the whole object, once that is known.
    total: Option<u64>,
    pub(super) asked: Option<Asked>,
    pub(super) trouble: Option<Trouble>,
    forms: Vec<Form>,
    at: usize,
    /// Whether a person chose the form.
    chosen: bool,
    /// Whether JSON was closed where it was cut.
    cut: bool,
    view: View,
    cursor: Cursor,
    left: usize,
    unwrapped: bool,
    pub(super) searched: String,
    area: Rect,
    look: Option<Look>,
    /// Whether asking for more costs nothing.
    local: bool,
}

impl Preview {
    pub(super) fn new(object: ObjectName, total: Option<u64>) -> Self {
        Self {
            object,
            content_type: String::new(),
            held: Vec::new(),
            inflate: None,
            total,
            asked: None,
            trouble: None,
            forms: Vec::new(),
            at: 0,
            chosen: false,
            cut: false,
            view: View::Nothing,
            cursor: Cursor::default(),
            left: 0,
            unwrapped: false,
            searched: String::new(),
            area: Rect::default(),
            look: None,
            local: false,
        }
    }

    /// Whether everything is here that will be.
    fn is_whole(&self) -> bool {
        self.total.is_some_and(|total| held(&self.held) >= total)
    }

    /// Whether no more is held, though there is more.
    fn is_full(&self) -> bool {
        held(&self.held) >= HELD || self.inflate.as_ref().is_some_and(|inflate| inflate.ended.is_some())
    }

    /// Asks for the next bytes. Whether there are any.
    pub(super) fn more(&mut self, desk: &mut Desk<'_>) -> bool {
        if self.asked.is_some() || self.is_whole() || self.is_full() {
            return false;
        }
        self.trouble = None;
        let object = self.object.clone();
        let ticket = desk.ask(Ask::Bytes { object, from: held(&self.held), length: AT_ONCE });
        self.asked = Some(Asked { ticket, since: desk.glance.now });
        true
    }

    /// Asks for more where its end is near, and that costs nothing.
    pub(super) fn follow(&mut self, desk: &mut Desk<'_>) {
        let near = self.cursor.at + 2 * self.height() >= self.len();
        let useful = match self.view {
            View::Nothing | View::Image(_) => false,
            View::Json(_) => self.held.len() < JSON,
            _ => true,
        };
        if near && useful && !self.area.is_empty() && self.trouble.is_none() && desk.glance.is_local() {
            self.more(desk);
        }
    }

    fn is_json(&self) -> bool {
        matches!(self.view, View::Json(_))
    }

    pub(super) fn call_off(&mut self, desk: &mut Desk<'_>) -> bool {
        let asked = self.asked.take();
        if let Some(asked) = asked {
            desk.call_off(asked.ticket);
        }
        asked.is_some()
    }

    /// Hears what kind of object it is said to be.
    pub(super) fn typed(&mut self, content_type: &str) {
        content_type.clone_into(&mut self.content_type);
        if !self.chosen && !self.held.is_empty() {
            let before = self.form();
            self.find_forms();
            if self.form() != before {
                self.show();
            }
        }
    }

    pub(super) fn answer(&mut self, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        self.asked = None;
        (self.look, self.local) = (Some(desk.glance.look), desk.glance.is_local());
        let (from, total, bytes) = match answer {
            Ok(Answer::Bytes { from, total, bytes }) => (from, total, bytes),
            Ok(_) => return,
            Err(trouble) => {
                self.trouble = Some(trouble);
                return;
            }
        };
        let first = self.held.is_empty();
        if from != held(&self.held) || (!first && self.total != Some(total)) {
            self.trouble = Some(Trouble {
                code: "Replaced".to_owned(),
                message: "another object stands here now; r fetches it anew".to_owned(),
            });
            return;
        }
        // Less than was asked for is the end, whatever was said before.
        self.total = Some(if bytes.is_empty() { held(&self.held) } else { total });
        if first && kind::is_gzip(&bytes) {
            self.inflate = Some(Inflate::new());
        }
        if let Some(inflate) = &mut self.inflate {
            inflate.feed(&bytes);
        }
        self.held.extend_from_slice(&bytes);
        if matches!(self.view, View::Nothing) {
            self.find_forms();
            self.show();
        } else {
            self.feed();
        }
        self.arrange_again();
        self.follow(desk);
    }

    /// What is shown: what gzip holds, where it is that.
    fn body(&self) -> &[u8] {
        self.inflate.as_ref().map_or(&self.held, Inflate::bytes)
    }

    fn find_forms(&mut self) {
        self.forms = kind::forms(&self.object.key, &self.content_type, self.body());
        self.at = 0;
    }

    fn form(&self) -> Option<Form> {
        self.forms.get(self.at).copied()
    }

    /// Shows it in the form chosen, from its beginning.
    fn show(&mut self) {
        let Some(look) = self.look else { return };
        (self.cursor, self.left, self.cut) = (Cursor::default(), 0, false);
        self.view = match self.form() {
            None => View::Nothing,
            Some(Form::Image) => View::Image(Document::default()),
            Some(Form::Json) => View::Json(Document::default()),
            Some(Form::Lines) => View::Lines(Lines::default()),
            Some(Form::Table(delimiter)) => View::Table(Sheet::new(delimiter)),
            Some(Form::Text) => View::Text(Flow::new(look.ascii)),
            Some(Form::Hex) => View::Hex,
        };
        self.feed();
        // What only looked like JSON is text.
        let is_none = match &self.view {
            View::Json(document) => document.is_empty(),
            View::Table(sheet) => sheet.len() == 0,
            View::Lines(lines) => lines.len() == 0,
            _ => false,
        };
        if is_none && !self.chosen {
            let text = self.forms.iter().position(|form| *form == Form::Text);
            self.at = text.unwrap_or(self.at);
            self.view = View::Text(Flow::new(look.ascii));
            self.feed();
        }
    }

    /// Gives the view what is here.
    fn feed(&mut self) {
        let Some(look) = self.look else { return };
        let end = self.is_whole() || self.is_full();
        let body = self.inflate.as_ref().map_or(&self.held[..], Inflate::bytes);
        match &mut self.view {
            View::Nothing | View::Hex => {}
            View::Image(document) => {
                let facts =
                    kind::image(body).into_iter().map(|(name, value)| Block::fact(name, Role::Plain, &value, look));
                document.replace(facts.collect());
            }
            View::Json(document) => {
                let end = body.len().min(JSON);
                let text = String::from_utf8_lossy(&body[..end]);
                if let Some((value, cut)) = mend::mend(&text) {
                    self.cut = cut;
                    document.replace(vec![Block::Json(value)]);
                } else if !self.cut {
                    document.replace(Vec::new());
                }
            }
            View::Lines(lines) => lines.feed(body, end),
            View::Table(sheet) => sheet.feed(body, end, look),
            View::Text(flow) => flow.feed(body, end),
        }
    }

    /// The next form. Whether there is another one.
    pub(super) fn next_form(&mut self) -> bool {
        if self.forms.len() < 2 {
            return false;
        }
        self.chosen = true;
        self.at = (self.at + 1) % self.forms.len();
        self.show();
        true
    }

    /// Rows that the view has.
    fn len(&self) -> usize {
        match &self.view {
            View::Nothing => 0,
            View::Image(document) | View::Json(document) => document.len(),
            View::Lines(lines) => lines.len(),
            View::Table(sheet) => sheet.len(),
            View::Text(flow) => flow.len(),
            View::Hex => self.held.len().div_ceil(hex::per_row(self.area.width)),
        }
    }

    /// Rows of the view on the screen.
    fn height(&self) -> usize {
        let heading = u16::from(matches!(self.view, View::Table(_)));
        usize::from(self.area.height.saturating_sub(heading + self.foot())).max(1)
    }

    /// Whether a row below says that there is more.
    fn foot(&self) -> u16 {
        u16::from(!self.foot_text().is_empty() || self.trouble.is_some())
    }

    /// Makes ready what is drawn.
    pub(super) fn arrange(&mut self, area: Rect, look: Look) {
        self.area = area;
        self.look = Some(look);
        let room = Rect { height: area.height.saturating_sub(self.foot()), ..area };
        match &mut self.view {
            View::Image(document) | View::Json(document) => document.arrange(room, look),
            View::Text(flow) => {
                let columns = usize::from(area.width).saturating_sub(1);
                flow.arrange((!self.unwrapped).then_some(columns));
            }
            _ => {}
        }
        let (rows, height) = (self.len(), self.height());
        self.cursor.settle(rows, height);
        let window = self.cursor.window(rows, self.area.height);
        let body = self.inflate.as_ref().map_or(&self.held[..], Inflate::bytes);
        if let View::Table(sheet) = &mut self.view {
            sheet.widen(body, window, look);
        }
    }

    /// Does what `action` says. Whether it is one that does something here.
    pub(super) fn act(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        let done = self.turn(action, desk);
        if done {
            self.follow(desk);
        }
        done
    }

    fn turn(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        match (action, &mut self.view) {
            (Action::More, _) if !self.searched.is_empty() => return self.jump(true, desk),
            (Action::More, _) => return self.more(desk),
            (Action::PreviousMatch, _) => return !self.searched.is_empty() && self.jump(false, desk),
            (Action::Wrap, View::Text(_)) => {
                (self.unwrapped, self.left) = (!self.unwrapped, 0);
                self.arrange_again();
            }
            (Action::Right, View::Text(_)) if self.unwrapped => self.left += STEP,
            (Action::Right, View::Table(sheet)) if self.left + 1 < sheet.columns() => self.left += 1,
            (Action::Left, View::Text(_)) if self.left > 0 => self.left = self.left.saturating_sub(STEP),
            (Action::Left, View::Table(_)) if self.left > 0 => self.left -= 1,
            (Action::Left | Action::Right, _) => return false,
            (action, View::Image(document) | View::Json(document)) => {
                let done = document.act(action);
                self.cursor = document.cursor;
                return done;
            }
            (action, _) => {
                let (rows, height) = (self.len(), self.height());
                return self.cursor.act(action, rows, height);
            }
        }
        true
    }

    fn arrange_again(&mut self) {
        if let Some(look) = self.look {
            self.arrange(self.area, look);
        }
    }

    /// Opens the selected row, where it is one that opens.
    pub(super) fn open(&self) -> Option<Opened> {
        let at = self.cursor.at;
        match &self.view {
            View::Lines(lines) => Some(Opened::Value(at, lines.value(self.body(), at)?)),
            View::Table(sheet) => {
                let record = sheet.record(self.body(), at);
                (!record.is_empty()).then_some(Opened::Record(at, record))
            }
            _ => None,
        }
    }

    /// What stands there while nothing can be shown.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self.view, View::Nothing)
    }
}

fn held(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// The document of a row that was opened, and its title.
pub(super) fn opened(opened: Opened, look: Look) -> (String, Document) {
    match opened {
        Opened::Value(at, value) => (format!("line {}", at + 1), Document::new(vec![Block::Json(value)])),
        Opened::Record(at, cells) => {
            let names = cells.iter().map(|(name, _)| width(name)).max().unwrap_or_default().clamp(4, 28);
            (format!("row {}", at + 1), Document::new(paint::facts(&cells, Role::Plain, names, look)))
        }
    }
}
