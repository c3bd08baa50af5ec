//! The whole dashboard as a value: it takes events, and says what is to be done in the world. Nothing here waits.

pub(crate) mod desk;
pub(crate) mod dialog;
mod help;
pub(crate) mod palette;
mod press;
pub(crate) mod screen;
pub(crate) mod typing;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crossterm::event::{KeyEvent, MouseEvent};
use footbridge_record::Target;
use ratatui::Frame;

use crate::approvals::Approvals;
use crate::ask::{Answer, Ask, Progress, Trouble};
use crate::calls::Calls;
use crate::dynamodb::DynamoDb;
use crate::frame;
use crate::keys::{Scope, Tab};
use crate::look::Look;
use crate::s3::S3;
use crate::sessions::Sessions;
use crate::source::Update;
use crate::text::pasteable;

pub use desk::Ticket;
use desk::{Desk, Glance, Go, Out};
use dialog::Dialog;
use help::Help;
use palette::Entry;
use screen::Screen;
use typing::{LineEdit, Typing};

/// Something that has happened.
#[derive(Debug)]
pub enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse.
    Mouse(MouseEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has so many columns and rows.
    Resize(u16, u16),
    /// The source has news.
    Updates(Vec<Update>),
    /// The data answers.
    Answer(Ticket, Result<Answer, Trouble>),
    /// The data says how far it is.
    Progress(Ticket, Progress),
    /// Time went by.
    Tick,
}

/// What is to be done.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// The picture changed.
    Draw,
    /// Everything is to be drawn anew, whatever the terminal shows.
    Redraw,
    /// This goes to the clipboard.
    Copy(String),
    /// This is to be asked of the data.
    Ask(Ticket, Ask),
    /// The answer to this is not wanted any more.
    CallOff(Ticket),
    /// The terminal's bell is rung.
    Bell,
    /// The dashboard ends.
    Quit,
}

/// The dashboard.
pub struct App {
    glance: Glance,
    size: (u16, u16),
    tab: Tab,
    calls: Calls,
    s3: S3,
    dynamodb: DynamoDb,
    approvals: Approvals,
    sessions: Sessions,
    help: Option<Help>,
    palette: Option<Palette>,
    dialog: Option<Dialog>,
    /// When an answer opened the dialog, with no key for it.
    sprung: Option<u64>,
    typing: Option<Typing>,
    /// Something that a person should read.
    notice: Option<String>,
    /// Whether it was said just now that something typed is lost by quitting.
    warned: bool,
    /// Keys that wait for another.
    pressed: Option<String>,
    /// How many questions there were, and which view asked those that are open.
    tickets: u64,
    open: HashMap<Ticket, Open>,
    /// The question that leads to another region, and which, while it is open.
    moving: Option<(Ticket, String)>,
    /// The region that a person chose to look at.
    region: Option<String>,
}

/// A question that is open.
#[derive(Debug, Clone, Copy)]
struct Open {
    /// The view that asked.
    tab: Tab,
    /// Whether it changes something, here or there, so that it is not given up for want of interest.
    changes: bool,
}

/// The palette, while it is open.
struct Palette {
    line: LineEdit,
    at: usize,
    entries: Vec<Entry>,
}

impl App {
    /// Nothing yet, for a terminal of `size`, at `now` (milliseconds since the Unix epoch), `offset` seconds east of
    /// Greenwich.
    #[must_use]
    pub fn new(look: Look, size: (u16, u16), now: u64, offset: i32) -> Self {
        Self {
            glance: Glance { look, now, offset, facts: None, covered: false },
            size,
            tab: Tab::Calls,
            calls: Calls::default(),
            s3: S3::default(),
            dynamodb: DynamoDb::default(),
            approvals: Approvals::default(),
            sessions: Sessions::default(),
            help: None,
            palette: None,
            dialog: None,
            sprung: None,
            typing: None,
            notice: None,
            warned: false,
            pressed: None,
            tickets: 0,
            open: HashMap::new(),
            moving: None,
            region: None,
        }
    }

    /// Columns and rows of the terminal.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Whether the picture changes as time goes on.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.view().moves() || self.calls.moves() || !self.open.is_empty()
    }

    /// Something that a person should read, where there is.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// The view of DynamoDB.
    #[cfg(test)]
    pub(crate) fn dynamodb(&self) -> &DynamoDb {
        &self.dynamodb
    }

    /// The view of what waits for a yes.
    #[cfg(test)]
    pub(crate) fn approvals(&self) -> &Approvals {
        &self.approvals
    }

    /// Takes `event`, which happened at `now`, in milliseconds since the Unix epoch.
    pub fn update(&mut self, event: Event, now: u64) -> Vec<Effect> {
        self.glance.now = now;
        let mut effects = Vec::new();
        match event {
            Event::Key(pressed) => return self.press(&pressed),
            Event::Mouse(mouse) => return self.mouse(mouse),
            Event::Paste(text) => return self.paste(&text),
            Event::Resize(columns, rows) => self.size = (columns, rows),
            Event::Updates(updates) => return self.updates(updates),
            Event::Answer(ticket, answer) if self.moving.as_ref().is_some_and(|(asked, _)| *asked == ticket) => {
                let region = self.moving.take().map(|(_, region)| region);
                match answer {
                    Ok(_) => {
                        self.region = region;
                        self.place();
                    }
                    Err(trouble) => self.notice = Some(trouble.to_string()),
                }
                effects.extend(self.show(self.tab));
            }
            Event::Answer(ticket, answer) => {
                if let Some(Open { tab, .. }) = self.open.remove(&ticket) {
                    let before = self.dialog.is_some();
                    effects.extend(self.with(tab, |view, desk| view.answer(ticket, answer, desk)));
                    if !before {
                        self.sprung = self.dialog.is_some().then_some(now);
                    }
                }
            }
            Event::Progress(ticket, progress) => {
                if let Some(Open { tab, .. }) = self.open.get(&ticket).copied() {
                    effects.extend(self.with(tab, |view, _| view.progress(ticket, progress)));
                }
            }
            Event::Tick => {
                let mut moved = false;
                let mut effects = self.with(self.tab, |view, desk| moved = view.tick(desk));
                if self.tab != Tab::Calls && self.calls.moves() {
                    effects.extend(self.with(Tab::Calls, |calls, desk| moved |= calls.tick(desk)));
                }
                if moved && !effects.contains(&Effect::Draw) {
                    effects.push(Effect::Draw);
                }
                return effects;
            }
        }
        effects.push(Effect::Draw);
        effects
    }

    fn updates(&mut self, updates: Vec<Update>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for update in updates {
            match update {
                Update::Facts(facts) => {
                    self.glance.facts = Some(facts);
                    self.place();
                }
                Update::Notice(text) => self.notice = Some(text),
                Update::Calls(rows) => {
                    effects.extend(self.with_calls(|calls, desk| calls.take(rows, desk)));
                }
                Update::Requests(requests) => {
                    effects.extend(self.with_approvals(|approvals, desk| approvals.take(requests, desk)));
                }
                Update::History(history) => {
                    effects.extend(self.with_calls(|calls, _| calls.history(history)));
                }
            }
        }
        effects.push(Effect::Draw);
        effects
    }

    /// Says the region that is looked at, whatever the process's own is.
    fn place(&mut self) {
        let (Some(facts), Some(region)) = (&mut self.glance.facts, &self.region) else { return };
        let (Target::Local { region: shown, .. }
        | Target::Aws { region: shown, .. }
        | Target::Custom { region: shown, .. }) = &mut facts.target;
        *shown = Some(region.clone());
    }

    /// Shows `tab`.
    fn show(&mut self, tab: Tab) -> Vec<Effect> {
        self.tab = tab;
        self.with(tab, |view, desk| view.enter(desk))
    }

    fn go(&mut self, go: Go) -> Vec<Effect> {
        let tab = match &go {
            Go::Tab(tab) => *tab,
            Go::Bucket { .. } => Tab::S3,
            Go::Table(_) => Tab::DynamoDb,
            Go::Calls { .. } => Tab::Calls,
        };
        if matches!(go, Go::Tab(_)) {
            return self.show(tab);
        }
        self.tab = tab;
        self.with(tab, |view, desk| view.go(go, desk))
    }

    /// The view that is in front.
    fn view(&self) -> &dyn Screen {
        match self.tab {
            Tab::Calls => &self.calls,
            Tab::S3 => &self.s3,
            Tab::DynamoDb => &self.dynamodb,
            Tab::Approvals => &self.approvals,
            Tab::Sessions => &self.sessions,
        }
    }

    fn view_mut(&mut self) -> &mut dyn Screen {
        match self.tab {
            Tab::Calls => &mut self.calls,
            Tab::S3 => &mut self.s3,
            Tab::DynamoDb => &mut self.dynamodb,
            Tab::Approvals => &mut self.approvals,
            Tab::Sessions => &mut self.sessions,
        }
    }

    /// Where keys go.
    fn scope(&self) -> Scope {
        if self.help.is_some() { Scope::Help } else { self.view().scope() }
    }

    fn with_calls(&mut self, turn: impl FnOnce(&mut Calls, &mut Desk<'_>)) -> Vec<Effect> {
        let mut out = Out::default();
        let (area, front) = (frame::body(self.size), self.is_front(Tab::Calls));
        let mut desk = Desk { glance: &self.glance, area, front, tickets: &mut self.tickets, out: &mut out };
        turn(&mut self.calls, &mut desk);
        self.effects(Tab::Calls, out)
    }

    fn with_approvals(&mut self, turn: impl FnOnce(&mut Approvals, &mut Desk<'_>)) -> Vec<Effect> {
        let mut out = Out::default();
        let (area, front) = (frame::body(self.size), self.is_front(Tab::Approvals));
        let mut desk = Desk { glance: &self.glance, area, front, tickets: &mut self.tickets, out: &mut out };
        turn(&mut self.approvals, &mut desk);
        self.effects(Tab::Approvals, out)
    }

    /// Whether the view of `tab` is in front with nothing over it.
    fn is_front(&self, tab: Tab) -> bool {
        let over = self.dialog.is_some() || self.typing.is_some() || self.palette.is_some() || self.help.is_some();
        tab == self.tab && !over
    }

    /// Gives the view of `tab` a turn.
    fn with(&mut self, tab: Tab, turn: impl FnOnce(&mut dyn Screen, &mut Desk<'_>)) -> Vec<Effect> {
        let mut out = Out::default();
        let (area, front) = (frame::body(self.size), self.is_front(tab));
        let mut desk = Desk { glance: &self.glance, area, front, tickets: &mut self.tickets, out: &mut out };
        let view: &mut dyn Screen = match tab {
            Tab::Calls => &mut self.calls,
            Tab::S3 => &mut self.s3,
            Tab::DynamoDb => &mut self.dynamodb,
            Tab::Approvals => &mut self.approvals,
            Tab::Sessions => &mut self.sessions,
        };
        turn(view, &mut desk);
        self.effects(tab, out)
    }

    /// What came of a turn of the view of `tab`.
    fn effects(&mut self, tab: Tab, out: Out) -> Vec<Effect> {
        let Out { asks, off, copy, notice, stale, dialog, prompt, complaint, go, draw, ring } = out;
        let mut effects = Vec::new();
        for (ticket, ask) in asks {
            self.open.insert(ticket, Open { tab, changes: ask.changes() });
            effects.push(Effect::Ask(ticket, ask));
        }
        for ticket in off {
            if self.open.remove(&ticket).is_some() {
                effects.push(Effect::CallOff(ticket));
            }
        }
        if stale.is_some() && stale == self.notice {
            self.notice = None;
        }
        if notice.is_some() {
            self.notice = notice;
        }
        if let Some(text) = copy {
            let safe = pasteable(&text).into_owned();
            if safe != text {
                let rest = self.notice.take().unwrap_or_default();
                self.notice = Some(format!("Control characters are written as escapes. {rest}"));
            }
            effects.push(Effect::Copy(safe));
        }
        if dialog.is_some() {
            self.dialog = dialog;
        }
        if let Some(prompt) = prompt {
            self.typing = Some(Typing::new(prompt));
        }
        if let (Some(complaint), Some(typing)) = (complaint, &mut self.typing) {
            typing.complaint = Some(complaint);
        }
        if draw {
            effects.push(Effect::Draw);
        }
        if ring {
            effects.push(Effect::Bell);
        }
        if let Some(go) = go {
            effects.extend(self.go(go));
        }
        effects
    }

    /// What is said at the right of the tabs: of the view in front, and how busy it is, whatever is in front.
    fn headline(&self, glance: &Glance) -> String {
        let calls = self.calls.headline(glance);
        let own = if self.tab == Tab::Calls { String::new() } else { self.view().headline(glance) };
        if own.is_empty() || calls.is_empty() {
            own + &calls
        } else {
            format!("{own} {} {calls}", glance.look.signs().dot)
        }
    }

    /// Draws everything.
    pub fn draw(&mut self, target: &mut Frame<'_>) {
        let size = target.area();
        if size.width < self.size.0 || size.height < self.size.1 {
            // The terminal became smaller just now; the event that says so is on its way.
            return;
        }
        let body = frame::body(self.size);
        let look = self.glance.look;
        let covered = self.help.is_some() || self.dialog.is_some() || self.palette.is_some();
        let glance = Glance { covered, ..self.glance.clone() };
        self.view_mut().arrange(body, &glance);
        let headline = self.headline(&glance);
        let waiting = self.approvals.waiting(glance.now);
        frame::draw_top((self.tab, waiting), &headline, self.size, &glance, target.buffer_mut());
        self.view().draw(body, target.buffer_mut(), &glance);
        if let Some(help) = &self.help {
            ratatui::widgets::Widget::render(ratatui::widgets::Clear, body, target.buffer_mut());
            help.draw(body, target.buffer_mut(), look);
        }
        if let Some(dialog) = &self.dialog {
            dialog.draw(body, target, look);
        }
        let footer = frame::footer(self.size);
        if let Some(palette) = &self.palette {
            palette::draw(&palette.entries, palette.at, body, target, look);
            frame::draw_line(":", &palette.line, palette::HINT, None, footer, target, look);
        } else if let Some(typing) = &self.typing {
            let Typing { prompt, line, complaint } = typing;
            frame::draw_line(&prompt.mark, line, &prompt.hint, complaint.as_deref(), footer, target, look);
        } else if let Some(notice) = &self.notice {
            frame::draw_notice(notice, footer, target.buffer_mut(), look);
        } else if let Some(dialog) = &self.dialog {
            frame::draw_keys(
                dialog.keys().iter().map(|(key, label)| (crate::keys::shown(key, look.ascii), *label)),
                footer,
                target.buffer_mut(),
                look,
            );
        } else {
            let keys = frame::footer_keys(self.scope(), look);
            let pressed = self.pressed.as_deref();
            frame::draw_keys(keys.iter().map(|key| (key.keys.clone(), key.label)), footer, target.buffer_mut(), look);
            frame::draw_pressed(pressed, footer, target.buffer_mut(), look);
        }
    }
}
