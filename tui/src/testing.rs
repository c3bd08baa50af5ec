//! A dashboard on a stage: keys go in, a picture comes out, and the data is whatever a test says.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use footbridge_record::Target;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use crate::app::{App, Effect, Event, Ticket};
use crate::ask::{Answer, Ask, Trouble};
use crate::look::{Look, Theme};
use crate::source::{Facts, Mode, Update};

/// The time on the stage: 2026-11-22 09:20:04.500 UTC.
pub(crate) const NOW: u64 = 1_795_339_204_500;

/// The sizes and looks that every view is drawn in.
pub(crate) const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];
pub(crate) const LOOKS: [(&str, Look); 3] = [
    ("colour", Look { theme: Theme::Dark, ascii: false }),
    ("plain", Look { theme: Theme::None, ascii: false }),
    ("ascii", Look { theme: Theme::Sixteen, ascii: true }),
];

type Answers = Box<dyn FnMut(&Ask) -> Option<Result<Answer, Trouble>>>;

/// The dashboard and what it did.
pub(crate) struct Stage {
    pub(crate) app: App,
    pub(crate) now: u64,
    /// `None` leaves a question open, as slow data does.
    answers: Answers,
    /// Questions that are open.
    pub(crate) open: Vec<(Ticket, Ask)>,
    /// Every question that was asked.
    pub(crate) asked: Vec<Ask>,
    /// What went to the clipboard.
    pub(crate) copied: Vec<String>,
    /// How often the bell was rung.
    pub(crate) bells: usize,
    pub(crate) quit: bool,
}

impl Stage {
    /// A dashboard of this size over the emulator, whose data answers so.
    pub(crate) fn new(
        look: Look,
        size: (u16, u16),
        answers: impl FnMut(&Ask) -> Option<Result<Answer, Trouble>> + 'static,
    ) -> Self {
        let app = App::new(look, size, NOW, 3600);
        let mut stage = Self {
            app,
            now: NOW,
            answers: Box::new(answers),
            open: Vec::new(),
            asked: Vec::new(),
            copied: Vec::new(),
            bells: 0,
            quit: false,
        };
        stage.event(Event::Updates(vec![Update::Facts(local())]));
        stage
    }

    /// Gives an event, and every answer that the data has to what it makes the dashboard ask.
    pub(crate) fn event(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.app.update(event, self.now) {
                match effect {
                    Effect::Ask(ticket, ask) => {
                        self.asked.push(ask.clone());
                        match (self.answers)(&ask) {
                            Some(answer) => events.insert(0, Event::Answer(ticket, answer)),
                            None => self.open.push((ticket, ask)),
                        }
                    }
                    Effect::CallOff(ticket) => self.open.retain(|(other, _)| *other != ticket),
                    Effect::Copy(text) => self.copied.push(text),
                    Effect::Bell => self.bells += 1,
                    Effect::Quit => self.quit = true,
                    Effect::Draw | Effect::Redraw => {}
                }
            }
        }
    }

    /// Presses keys by their names, spaces between them: `j j enter ctrl-c`; `'text` types a text, `'` alone a space.
    pub(crate) fn press(&mut self, keys: &str) {
        for key in keys.split(' ').filter(|key| !key.is_empty()) {
            if let Some(text) = key.strip_prefix('\'') {
                self.type_text(if text.is_empty() { " " } else { text });
                continue;
            }
            let (key, modifiers) = match key.strip_prefix("ctrl-") {
                Some(rest) => (rest, KeyModifiers::CONTROL),
                None => (key, KeyModifiers::NONE),
            };
            let code = match key {
                "enter" => KeyCode::Enter,
                "esc" => KeyCode::Esc,
                "tab" => KeyCode::Tab,
                "backtab" => KeyCode::BackTab,
                "space" => KeyCode::Char(' '),
                "up" => KeyCode::Up,
                "down" => KeyCode::Down,
                "left" => KeyCode::Left,
                "right" => KeyCode::Right,
                "pageup" => KeyCode::PageUp,
                "pagedown" => KeyCode::PageDown,
                "home" => KeyCode::Home,
                "end" => KeyCode::End,
                "backspace" => KeyCode::Backspace,
                "delete" => KeyCode::Delete,
                key => KeyCode::Char(key.chars().next().unwrap()),
            };
            self.event(Event::Key(KeyEvent::new(code, modifiers)));
        }
    }

    /// Types a text.
    pub(crate) fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.event(Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
    }

    /// Clicks.
    pub(crate) fn click(&mut self, column: u16, row: u16) {
        let kind = MouseEventKind::Down(MouseButton::Left);
        self.event(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    }

    /// Turns the wheel.
    pub(crate) fn wheel(&mut self, column: u16, row: u16, onwards: bool) {
        let kind = if onwards { MouseEventKind::ScrollDown } else { MouseEventKind::ScrollUp };
        self.event(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    }

    /// Answers the open question that `which` chooses.
    pub(crate) fn answer(&mut self, which: impl Fn(&Ask) -> bool, answer: Result<Answer, Trouble>) {
        let at = self.open.iter().position(|(_, ask)| which(ask)).expect("no such open question");
        let (ticket, _) = self.open.remove(at);
        self.event(Event::Answer(ticket, answer));
    }

    /// Lets time go by.
    pub(crate) fn wait(&mut self, millis: u64) {
        self.now += millis;
        self.event(Event::Tick);
    }

    pub(crate) fn drawn(&mut self) -> Buffer {
        let (columns, rows) = self.app.size();
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| self.app.draw(frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The text of the screen.
    pub(crate) fn text(&mut self) -> String {
        self.picture(false)
    }

    /// The text of each row, and, where `styles`, below it how each cell looks, by a letter; blank where it is plain.
    pub(crate) fn picture(&mut self, styles: bool) -> String {
        let buffer = self.drawn();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let row = |cell: &dyn Fn(u16) -> String| {
                (0..buffer.area.width).map(cell).collect::<String>().trim_end().to_owned() + "\n"
            };
            out += &row(&|x| buffer[(x, y)].symbol().to_owned());
            if styles {
                out += &row(&|x| {
                    let cell = &buffer[(x, y)];
                    letter(cell.fg, cell.bg, cell.modifier).to_string()
                });
            }
        }
        out
    }
}

fn letter(foreground: Color, background: Color, modifier: Modifier) -> char {
    let is = |wanted| modifier.contains(wanted);
    match (foreground, background) {
        (_, Color::Red) => 'A',
        (_, Color::Green) => 'L',
        (_, Color::Yellow) => 'C',
        (_, Color::Indexed(238 | 253)) => '#',
        (_, Color::Indexed(_)) => 'M',
        _ if is(Modifier::REVERSED) => '#',
        (Color::Red | Color::Indexed(203), _) => 'r',
        (Color::Green | Color::Indexed(114 | 150), _) => 'g',
        (Color::Yellow | Color::Indexed(215 | 221), _) => 'y',
        (Color::Cyan | Color::Indexed(81 | 117), _) => 'c',
        (Color::Blue | Color::Indexed(111), _) => 'd',
        (Color::Magenta | Color::Indexed(176 | 180), _) => 'm',
        (Color::DarkGray | Color::Indexed(240 | 246), _) => '-',
        _ if is(Modifier::BOLD) => 'b',
        _ if is(Modifier::DIM) => '-',
        _ if is(Modifier::UNDERLINED) => 'u',
        _ => ' ',
    }
}

/// What stands round the calls on this machine.
pub(crate) fn local() -> Facts {
    Facts {
        target: Target::Local { account: Some("000000000000".into()), region: Some("us-east-1".into()) },
        mode: Mode::ReadWrite,
        endpoint: Some("http://127.0.0.1:4566".into()),
        watched: "/home/ada/.local/share/footbridge".into(),
        hints: Vec::new(),
    }
}
