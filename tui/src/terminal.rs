//! The terminal: taken over, and given back however it ends.

use std::io::{self, Stdout, Write as _, stdout};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use crate::run::Message;

/// What is drawn on.
pub type Screen = Terminal<CrosstermBackend<Stdout>>;

type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Sync + Send + 'static>;

/// The terminal while it is ours. Dropping it gives it back.
pub struct Guard {
    restored: bool,
    hook: Arc<Hook>,
}

impl Guard {
    /// Takes the terminal over, and the mouse where that is wanted. `sender` hears of panics of other threads, whose words would spoil the screen.
    pub fn take(sender: Sender<Message>, mouse: bool) -> io::Result<(Self, Screen)> {
        let hook = Arc::new(std::panic::take_hook());
        install(Arc::clone(&hook), sender);
        let guard = Self { restored: false, hook };
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)?;
        if mouse {
            execute!(stdout(), EnableMouseCapture)?;
        }
        let screen = Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok((guard, screen))
    }

    /// Gives the terminal back.
    pub fn give_back(mut self) -> io::Result<()> {
        self.restored = true;
        restore()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.restored {
            // There is nobody left to tell.
            let _ = restore();
        }
        if !thread::panicking() {
            let hook = Arc::clone(&self.hook);
            std::panic::set_hook(Box::new(move |info| hook(info)));
        }
    }
}

fn install(before: Arc<Hook>, sender: Sender<Message>) {
    let ours = thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        if thread::current().id() == ours {
            let _ = restore();
            before(info);
        } else {
            let _ = sender.send(Message::Panic(info.to_string()));
        }
    }));
}

fn restore() -> io::Result<()> {
    // Each is tried, whatever became of the others.
    let screen = execute!(stdout(), DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, Show);
    disable_raw_mode().and(screen)
}

/// Asks the terminal to put `text` in the clipboard (OSC 52), which also works over SSH.
pub fn copy(text: &str) -> io::Result<()> {
    let mut out = stdout();
    write!(out, "\u{1b}]52;c;{}\u{7}", STANDARD.encode(text))?;
    out.flush()
}

/// Rings the terminal's bell.
pub fn bell() -> io::Result<()> {
    let mut out = stdout();
    out.write_all(b"\x07")?;
    out.flush()
}
