//! The loop: draw, receive, match.

use std::io::{self, IsTerminal as _, stdin, stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event as Input};
use crossterm::execute;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::layout::Rect;

use crate::app::{App, Effect, Event, Ticket};
use crate::ask::{Answer, Data, Progress, Trouble};
use crate::look::Look;
use crate::source::{Source, Update};
use crate::terminal::{Guard, Screen, bell, copy};
use crate::work::Workers;

/// How often a source is asked while things happen, and once nothing did for a while.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
const LOOK_SELDOM: Duration = Duration::from_millis(250);

/// So many looks without news are a while.
const A_WHILE: u32 = 200;

/// How often a running call's time is drawn.
const TICK: Duration = Duration::from_millis(100);

/// Messages that make one picture at most, so that a flood of news does not keep keys waiting.
const AT_ONCE: usize = 64;

/// Gives the time, in milliseconds since the Unix epoch.
pub type Clock = Box<dyn Fn() -> u64 + Send>;

/// What the dashboard is told at its beginning.
pub struct Options {
    /// What the terminal can show.
    pub look: Look,
    /// The time.
    pub clock: Clock,
    /// Seconds that local time is east of Greenwich.
    pub offset: i32,
    /// Whether clicks and the wheel are wanted; else they are the terminal's own.
    pub mouse: bool,
}

/// Why the dashboard did not run to its end.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Standard input or output is not a terminal.
    #[error("the dashboard needs a terminal, and {0} is none")]
    NoTerminal(&'static str),
    /// The terminal failed.
    #[error("the terminal: {0}")]
    Terminal(#[from] io::Error),
    /// What gives the calls failed.
    #[error("no more calls can be read: {0}")]
    Source(String),
}

/// What comes to the loop.
#[derive(Debug)]
pub enum Message {
    Input(Input),
    /// There is no more input: the terminal is gone.
    InputEnded(io::Error),
    Updates(Vec<Update>),
    /// The data answers.
    Answer(Ticket, Result<Answer, Trouble>),
    /// The data says how far it is.
    Progress(Ticket, Progress),
    /// A thread panicked, and said so.
    Panic(String),
    /// The source panicked: there will be no more news.
    SourceEnded,
    Stop,
}

/// The dashboard before it is shown.
pub struct Dashboard {
    source: Box<dyn Source>,
    data: Arc<dyn Data>,
    options: Options,
    sender: Sender<Message>,
    receiver: Receiver<Message>,
}

/// Ends the dashboard from elsewhere.
#[derive(Debug, Clone)]
pub struct Remote(Sender<Message>);

impl Remote {
    /// Ends the dashboard, which gives the terminal back.
    pub fn stop(&self) {
        // One that has ended hears nothing, and need not.
        let _ = self.0.send(Message::Stop);
    }
}

impl Dashboard {
    /// A dashboard over what `source` tells and `data` answers.
    #[must_use]
    pub fn new(source: Box<dyn Source>, data: Arc<dyn Data>, options: Options) -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { source, data, options, sender, receiver }
    }

    /// Ends it from elsewhere.
    #[must_use]
    pub fn remote(&self) -> Remote {
        Remote(self.sender.clone())
    }

    /// Shows it on this process's terminal until a person or a [`Remote`] ends it. Blocks.
    ///
    /// # Errors
    /// [`Failure`] where there is no terminal, or it fails.
    pub fn run(self) -> Result<(), Failure> {
        for (is_terminal, name) in
            [(stdin().is_terminal(), "standard input"), (stdout().is_terminal(), "standard output")]
        {
            if !is_terminal {
                return Err(Failure::NoTerminal(name));
            }
        }
        let Self { source, data, options, sender, receiver } = self;
        let (guard, mut screen) = Guard::take(sender.clone(), options.mouse)?;
        let ended = Arc::new(AtomicBool::new(false));
        let watching = watch(source, sender.clone(), Arc::clone(&ended))?;
        let workers = Workers::new(&data, &sender)?;
        read_input(sender)?;
        let shown = show(&mut screen, &options, &receiver, &workers);
        // What is still asked is given up; a thread that waits for an answer ends with the process.
        workers.end();
        ended.store(true, Ordering::Relaxed);
        watching.thread().unpark();
        guard.give_back()?;
        shown?;
        // Whatever the source holds is given up before this process goes on.
        let _ = watching.join();
        Ok(())
    }
}

/// Tells of a panic of the thread that has it.
struct Alarm(Sender<Message>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if thread::panicking() {
            // A dashboard that has ended need not hear of it.
            let _ = self.0.send(Message::SourceEnded);
        }
    }
}

/// Asks the source for news, in a thread of its own.
fn watch(
    mut source: Box<dyn Source>,
    sender: Sender<Message>,
    ended: Arc<AtomicBool>,
) -> io::Result<thread::JoinHandle<()>> {
    thread::Builder::new().name("dashboard-source".to_owned()).spawn(move || {
        let _alarm = Alarm(sender.clone());
        let (mut last_error, mut quiet) = (None, 0_u32);
        while !ended.load(Ordering::Relaxed) {
            let (updates, more) = match source.news() {
                Ok(news) => {
                    last_error = None;
                    (news.updates, news.more)
                }
                Err(error) => {
                    // The same trouble is told once.
                    let text = error.to_string();
                    let is_new = last_error.as_ref() != Some(&text);
                    last_error = Some(text.clone());
                    (if is_new { vec![Update::Notice(text)] } else { Vec::new() }, false)
                }
            };
            quiet = if updates.is_empty() { quiet.saturating_add(1) } else { 0 };
            if !updates.is_empty() && sender.send(Message::Updates(updates)).is_err() {
                return;
            }
            if !more {
                thread::park_timeout(if quiet > A_WHILE { LOOK_SELDOM } else { LOOK_AGAIN });
            }
        }
    })
}

/// Reads keys, in a thread that ends with the process: a read cannot be called off.
fn read_input(sender: Sender<Message>) -> io::Result<()> {
    thread::Builder::new().name("dashboard-input".to_owned()).spawn(move || {
        loop {
            let message = match event::read() {
                Ok(input) => Message::Input(input),
                Err(error) => Message::InputEnded(error),
            };
            let last = matches!(message, Message::InputEnded(_));
            if sender.send(message).is_err() || last {
                return;
            }
        }
    })?;
    Ok(())
}

fn show(
    screen: &mut Screen,
    options: &Options,
    receiver: &Receiver<Message>,
    workers: &Workers,
) -> Result<(), Failure> {
    let size = screen.size()?;
    let mut app = App::new(options.look, (size.width, size.height), (options.clock)(), options.offset);
    let mut outdated = true;
    loop {
        if outdated {
            let size = screen.size()?;
            if (size.width, size.height) != app.size() {
                app.update(Event::Resize(size.width, size.height), (options.clock)());
            }
            // Terminals that know how show the frame at once.
            execute!(stdout(), BeginSynchronizedUpdate)?;
            let drawn = screen.draw(|frame| app.draw(frame)).map(drop);
            execute!(stdout(), EndSynchronizedUpdate)?;
            drawn?;
            outdated = false;
        }
        let first = if app.moves() {
            match receiver.recv_timeout(TICK) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        } else {
            match receiver.recv() {
                Ok(message) => Some(message),
                Err(_) => return Ok(()),
            }
        };
        // Everything that has come makes one picture.
        let events: Vec<Event> = match first {
            None => vec![Event::Tick],
            Some(first) => {
                let mut events = Vec::new();
                for message in std::iter::once(first).chain(receiver.try_iter().take(AT_ONCE)) {
                    events.extend(match message {
                        Message::Stop => return Ok(()),
                        Message::InputEnded(error) => return Err(error.into()),
                        Message::SourceEnded => {
                            return Err(Failure::Source(app.notice().unwrap_or_default().to_owned()));
                        }
                        Message::Panic(text) => Some(Event::Updates(vec![Update::Notice(text)])),
                        Message::Updates(updates) => Some(Event::Updates(updates)),
                        Message::Answer(ticket, answer) => Some(Event::Answer(ticket, answer)),
                        Message::Progress(ticket, progress) => Some(Event::Progress(ticket, progress)),
                        Message::Input(Input::Key(key)) => Some(Event::Key(key)),
                        Message::Input(Input::Mouse(mouse)) => Some(Event::Mouse(mouse)),
                        Message::Input(Input::Paste(text)) => Some(Event::Paste(text)),
                        Message::Input(Input::Resize(columns, rows)) => Some(Event::Resize(columns, rows)),
                        Message::Input(_) => None,
                    });
                }
                events
            }
        };
        for event in events {
            for effect in app.update(event, (options.clock)()) {
                match effect {
                    Effect::Draw => outdated = true,
                    Effect::Redraw => {
                        // `clear` asks the terminal where the cursor is, and its answer would be read as keys.
                        let size = screen.size()?;
                        screen.resize(Rect::new(0, 0, size.width, size.height))?;
                        outdated = true;
                    }
                    Effect::Copy(text) => {
                        copy(&text)?;
                        outdated = true;
                    }
                    Effect::Bell => bell()?,
                    Effect::Ask(ticket, ask) => workers.ask(ticket, ask),
                    Effect::CallOff(ticket) => workers.call_off(ticket),
                    Effect::Quit => return Ok(()),
                }
            }
        }
    }
}
