//! Keys, pasted text and the mouse: to whatever is in front.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::dialog::{Dialog, Pressed, Told};
use super::palette::{self, Command};
use super::{App, Effect, Help, LineEdit, Palette, Typing};
use crate::ask::Ask;
use crate::frame;
use crate::keys::{self, Action, Found, Scope, Tab};

/// For so many milliseconds nobody can have read a question that came up by itself.
const UNREAD: u64 = 300;

impl App {
    pub(super) fn press(&mut self, pressed: &KeyEvent) -> Vec<Effect> {
        // Some terminals tell of repeats and releases as well.
        if pressed.kind != KeyEventKind::Press {
            return Vec::new();
        }
        self.notice = None;
        let warned = std::mem::take(&mut self.warned);
        let interrupt = pressed.code == KeyCode::Char('c') && pressed.modifiers.contains(KeyModifiers::CONTROL);
        let mut effects = if interrupt {
            self.quit(warned)
        } else if self.palette.is_some() {
            self.press_in_palette(pressed)
        } else if self.typing.is_some() {
            self.press_in_line(pressed)
        } else if self.dialog.is_some() {
            self.press_in_dialog(pressed)
        } else {
            self.press_in_view(pressed, warned)
        };
        if !effects.contains(&Effect::Draw) {
            effects.push(Effect::Draw);
        }
        effects
    }

    fn press_in_view(&mut self, pressed: &KeyEvent, warned: bool) -> Vec<Effect> {
        let Some(name) = keys::name(pressed) else {
            self.pressed = None;
            return Vec::new();
        };
        let sequence = self.pressed.take().map_or_else(|| name.clone(), |before| format!("{before} {name}"));
        match keys::find(self.scope(), &sequence) {
            Found::Action(Action::Quit) => self.quit(warned),
            Found::Action(action) => self.act(action, &sequence),
            Found::Begun => {
                self.pressed = Some(sequence);
                Vec::new()
            }
            Found::Nothing => {
                self.does_nothing(&sequence);
                Vec::new()
            }
        }
    }

    /// Ends, unless something that was typed is lost by it: that is said first.
    fn quit(&mut self, warned: bool) -> Vec<Effect> {
        let edited = matches!(&self.dialog, Some(Dialog::Editor(editor)) if editor.is_changed());
        let lost = if edited { Some("What you typed is not saved".to_owned()) } else { self.dynamodb.unwritten() };
        let (Some(lost), false) = (lost, warned) else { return vec![Effect::Quit] };
        self.notice = Some(format!("{lost}; Ctrl-C{} quits all the same", if edited { " again" } else { "" }));
        self.warned = true;
        Vec::new()
    }

    fn does_nothing(&mut self, sequence: &str) {
        let key = keys::shown(sequence, self.glance.look.ascii);
        self.notice = Some(format!("{key} does nothing here; ? shows the keys"));
    }

    /// Does what a key says, or an entry of the palette.
    fn act(&mut self, action: Action, sequence: &str) -> Vec<Effect> {
        if let Some(help) = &mut self.help {
            let place = frame::body(self.size);
            match action {
                Action::Back => self.help = None,
                Action::Quit => return self.quit(false),
                Action::Redraw => return vec![Effect::Redraw],
                action => {
                    help.act(action, place);
                }
            }
            return Vec::new();
        }
        match action {
            Action::Quit => self.quit(false),
            Action::Redraw => vec![Effect::Redraw],
            Action::Help => {
                self.help = Some(Help::of(self.scope(), self.glance.look));
                Vec::new()
            }
            Action::Palette => {
                self.open_palette();
                Vec::new()
            }
            Action::Tab(tab) => self.show(tab),
            action => {
                let mut done = false;
                let effects = self.with(self.tab, |view, desk| done = view.act(action, desk));
                if !done && self.notice.is_none() {
                    self.does_nothing(sequence);
                }
                effects
            }
        }
    }

    fn open_palette(&mut self) {
        let entries = palette::entries(self.scope(), "", self.glance.look.ascii);
        self.palette = Some(Palette { line: LineEdit::default(), at: 0, entries });
    }

    fn press_in_palette(&mut self, pressed: &KeyEvent) -> Vec<Effect> {
        let (scope, ascii) = (self.scope(), self.glance.look.ascii);
        let Some(palette) = &mut self.palette else { return Vec::new() };
        match pressed.code {
            KeyCode::Esc => self.palette = None,
            KeyCode::Up => palette.at = palette.at.saturating_sub(1),
            KeyCode::Down | KeyCode::Tab => palette.at = (palette.at + 1).min(palette.entries.len().saturating_sub(1)),
            KeyCode::Enter => {
                let chosen = palette.entries.get(palette.at).cloned();
                self.palette = None;
                match chosen.map(|entry| entry.command) {
                    Some(Command::Press(action)) => return self.act(action, ":"),
                    Some(Command::Go(go)) => return self.go(go),
                    Some(Command::Region(name)) => return self.region(name),
                    None => self.notice = Some("Nothing here is called so".to_owned()),
                }
            }
            _ => {
                palette.line.press(pressed);
                palette.at = 0;
                palette.entries = palette::entries(scope, &palette.line.text, ascii);
            }
        }
        Vec::new()
    }

    /// Looks at another region: what the views show of this one goes.
    fn region(&mut self, name: String) -> Vec<Effect> {
        if self.open.values().any(|open| open.changes) {
            self.notice = Some("Something is being written; look elsewhere once that is done".to_owned());
            return Vec::new();
        }
        // The answer would come to a view that is gone.
        if let Some(lost) = self.dynamodb.unwritten() {
            self.notice = Some(format!("{lost}: the region stays"));
            return Vec::new();
        }
        self.notice = Some(format!("Looking at {name}"));
        self.s3 = crate::s3::S3::default();
        self.dynamodb = crate::dynamodb::DynamoDb::default();
        let of_here = |open: &super::Open| matches!(open.tab, Tab::S3 | Tab::DynamoDb);
        let gone: Vec<_> = self.open.extract_if(|_, open| of_here(open)).map(|(ticket, _)| ticket).collect();
        self.tickets += 1;
        let ticket = super::Ticket(self.tickets);
        let mut effects: Vec<Effect> = gone.into_iter().map(Effect::CallOff).collect();
        effects.push(Effect::Ask(ticket, Ask::Region(name.clone())));
        // What the view in front asks next is asked there, so it waits for the answer.
        self.moving = Some((ticket, name));
        effects
    }

    fn press_in_line(&mut self, pressed: &KeyEvent) -> Vec<Effect> {
        let Some(typing) = &mut self.typing else { return Vec::new() };
        let tag = typing.prompt.tag;
        let told = match pressed.code {
            KeyCode::Esc => {
                self.typing = None;
                Told::Dropped(tag)
            }
            KeyCode::Enter => {
                let text = std::mem::take(&mut typing.line.text);
                self.typing = None;
                Told::Text(tag, text)
            }
            _ if typing.line.press(pressed) => typed(typing),
            _ => return Vec::new(),
        };
        self.with(self.tab, |view, desk| view.told(told, desk))
    }

    fn press_in_dialog(&mut self, pressed: &KeyEvent) -> Vec<Effect> {
        let Some(dialog) = &mut self.dialog else { return Vec::new() };
        // A question that comes up by itself takes no key that was meant for what it covers.
        let unread = self.sprung.is_some_and(|at| self.glance.now.saturating_sub(at) < UNREAD);
        if unread && matches!(dialog, Dialog::Confirm(_)) && pressed.code != KeyCode::Esc {
            self.notice = Some("The question came up just now: press the key once it is read".to_owned());
            return Vec::new();
        }
        match dialog.press(pressed) {
            Pressed::Open => Vec::new(),
            Pressed::Told(told) => self.with(self.tab, |view, desk| view.told(told, desk)),
            Pressed::Nothing => {
                let key =
                    keys::name(pressed).map_or_else(String::new, |name| keys::shown(&name, self.glance.look.ascii));
                self.notice = Some(format!("{key} does nothing here; Esc closes"));
                Vec::new()
            }
            Pressed::Closed(told) => {
                (self.dialog, self.sprung) = (None, None);
                self.with(self.tab, |view, desk| view.told(told, desk))
            }
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        let (scope, ascii) = (self.scope(), self.glance.look.ascii);
        if let Some(palette) = &mut self.palette {
            palette.line.paste(text);
            palette.entries = palette::entries(scope, &palette.line.text, ascii);
        } else if let Some(typing) = &mut self.typing {
            typing.line.paste(text);
            let told = typed(typing);
            let mut effects = self.with(self.tab, |view, desk| view.told(told, desk));
            effects.push(Effect::Draw);
            return effects;
        } else if let Some(dialog) = &mut self.dialog {
            dialog.paste(text);
        } else {
            // Elsewhere a pasted text would be pressed as keys.
            return Vec::new();
        }
        vec![Effect::Draw]
    }

    pub(super) fn mouse(&mut self, mouse: MouseEvent) -> Vec<Effect> {
        let at = (mouse.column, mouse.row);
        let onwards = match mouse.kind {
            MouseEventKind::ScrollDown => true,
            MouseEventKind::ScrollUp => false,
            MouseEventKind::Down(MouseButton::Left) => return self.click(at),
            _ => return Vec::new(),
        };
        if let Some(help) = &mut self.help {
            let place = frame::body(self.size);
            for _ in 0..3 {
                help.act(if onwards { Action::Down } else { Action::Up }, place);
            }
            return vec![Effect::Draw];
        }
        if self.dialog.is_some() || self.palette.is_some() {
            return Vec::new();
        }
        let mut effects = self.with(self.tab, |view, desk| view.wheel(at, onwards, desk));
        effects.push(Effect::Draw);
        effects
    }

    fn click(&mut self, at: (u16, u16)) -> Vec<Effect> {
        if self.dialog.is_some() || self.palette.is_some() || self.typing.is_some() {
            return Vec::new();
        }
        self.notice = None;
        let mut effects = if let Some(tab) = frame::tab_at(at, self.size, self.approvals.waiting(self.glance.now)) {
            self.help = None;
            self.show(tab)
        } else if let Some(action) = frame::key_at(at, self.size, self.scope(), self.glance.look) {
            self.act(action, "")
        } else if self.scope() == Scope::Help {
            Vec::new()
        } else {
            self.with(self.tab, |view, desk| view.click(at, desk))
        };
        effects.push(Effect::Draw);
        effects
    }
}

/// The line as it stands; what was wrong with it before is no longer said.
fn typed(typing: &mut Typing) -> Told {
    typing.complaint = None;
    Told::Typing(typing.prompt.tag, typing.line.text.clone())
}
