//! The loop: draw, receive, match.

use std::io::{self, IsTerminal as _, stdin, stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event as Input};

use crate::look::Look;
use crate::source::{Source, Update};
use crate::state::{Effect, Event, State, update};
use crate::terminal::{Guard, Screen, copy};
use crate::view;

/// How often a source is asked while things happen, and once nothing did for a while.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
const LOOK_SELDOM: Duration = Duration::from_millis(250);

/// So many looks without news are a while.
const A_WHILE: u32 = 200;

/// How often a running call's time is drawn.
const TICK: Duration = Duration::from_millis(100);

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
    /// A thread panicked, and said so.
    Panic(String),
    /// The source panicked: there will be no more news.
    SourceEnded,
    Stop,
}

/// The dashboard before it is shown.
pub struct Dashboard {
    source: Box<dyn Source>,
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
    /// A dashboard over `source`.
    #[must_use]
    pub fn new(source: Box<dyn Source>, options: Options) -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { source, options, sender, receiver }
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
        let Self { source, options, sender, receiver } = self;
        let (guard, mut screen) = Guard::take(sender.clone())?;
        let ended = Arc::new(AtomicBool::new(false));
        let watching = watch(source, sender.clone(), Arc::clone(&ended))?;
        read_input(sender)?;
        let shown = show(&mut screen, &options, &receiver);
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

fn show(screen: &mut Screen, options: &Options, receiver: &Receiver<Message>) -> Result<(), Failure> {
    let size = screen.size()?;
    let mut state = State::new(options.look, (size.width, size.height), (options.clock)(), options.offset);
    let mut outdated = true;
    loop {
        if outdated {
            let size = screen.size()?;
            if (size.width, size.height) != state.size {
                update(&mut state, Event::Resize(size.width, size.height), (options.clock)());
            }
            screen.draw(|frame| view::draw(&state, frame))?;
            outdated = false;
        }
        let first = if state.is_moving() {
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
        let Some(first) = first else {
            outdated |= update(&mut state, Event::Tick, (options.clock)()) != Effect::Nothing;
            continue;
        };
        // Everything that has come makes one picture.
        for message in std::iter::once(first).chain(receiver.try_iter()) {
            let event = match message {
                Message::Stop => return Ok(()),
                Message::InputEnded(error) => return Err(error.into()),
                Message::SourceEnded => return Err(Failure::Source(state.notice.take().unwrap_or_default())),
                Message::Panic(text) => Event::Updates(vec![Update::Notice(text)]),
                Message::Updates(updates) => Event::Updates(updates),
                Message::Input(Input::Key(key)) => Event::Key(key),
                Message::Input(Input::Paste(text)) => Event::Paste(text),
                Message::Input(Input::Resize(columns, rows)) => Event::Resize(columns, rows),
                Message::Input(_) => continue,
            };
            match update(&mut state, event, (options.clock)()) {
                Effect::Nothing => {}
                Effect::Draw => outdated = true,
                Effect::Redraw => {
                    screen.clear()?;
                    outdated = true;
                }
                Effect::Copy(text) => {
                    copy(&text)?;
                    outdated = true;
                }
                Effect::Quit => return Ok(()),
            }
        }
    }
}
