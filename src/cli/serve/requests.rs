//! A line for each request, as it ends, on standard error.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use chrono::Local;
use footbridge_record::{Brief, brief, short_client, text, time};
use footbridge_tui::{Look, Theme};

use crate::backend::Gateway;
use crate::cli::stderr::Beside;
use crate::journal::{Call, Entry, Join, JournalError, Reader, Record, Status, Who};

/// The most characters of each part of a line.
const WIDTH: usize = 100;
/// How often another process's journal is looked at, while that process answers.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Prints requests.
pub(super) struct Requests {
    stderr: Arc<Beside>,
    look: Look,
    join: Mutex<Join>,
}

impl Requests {
    /// Prints to `stderr`.
    pub(super) fn to(stderr: Arc<Beside>) -> Arc<Self> {
        let theme = (!std::io::stderr().is_terminal()).then_some(Theme::None);
        let look = Look::of_environment(|name| std::env::var(name).ok(), theme, false);
        Arc::new(Self { stderr, look, join: Mutex::default() })
    }

    /// Takes a record of this process, and prints the request that it ends.
    pub(super) fn take(&self, record: &Record) {
        let entry = Entry { file: String::new(), offset: 0, length: 0, record: record.clone() };
        let ended = self.join.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
        if let Some(call) = ended {
            self.print(&call);
        }
    }

    /// Prints the requests that the owner of the data answers in this process's place, until this one is the owner.
    pub(super) fn follow(self: &Arc<Self>, gateway: Gateway, journal: PathBuf) {
        if gateway.is_owner() {
            return;
        }
        let this = Arc::downgrade(self);
        let followed = Reader::near_end(journal, 0).map_err(|error| error.to_string()).and_then(|reader| {
            let following = move || follow(&this, &gateway, reader);
            thread::Builder::new().name("requests".to_owned()).spawn(following).map_err(|error| error.to_string())
        });
        if let Err(error) = followed {
            tracing::warn!(error, "requests that another process answers are not shown");
        }
    }

    fn print(&self, call: &Call) {
        if matches!(call.started.who, Who::Endpoint { .. }) {
            self.stderr.lines(line(call, self.look, Local::now().offset().local_minus_utc()).as_bytes());
        }
    }
}

fn follow(requests: &Weak<Requests>, gateway: &Gateway, mut reader: Reader) {
    let (mut join, ours) = (Join::default(), std::process::id());
    loop {
        let Some(requests) = requests.upgrade() else { return };
        // Asked first: what came before this process had the data is read once more.
        let last = gateway.is_owner();
        let read = reader.refresh().and_then(|()| read(&mut reader, &mut join));
        for call in read.unwrap_or_default() {
            if call.started.pid != ours {
                requests.print(&call);
            }
        }
        if last {
            return;
        }
        drop(requests);
        thread::sleep(LOOK_AGAIN);
    }
}

/// The calls that ended since.
fn read(reader: &mut Reader, join: &mut Join) -> Result<Vec<Call>, JournalError> {
    let mut ended = Vec::new();
    while let Some(entry) = reader.next()? {
        ended.extend(join.push(entry));
    }
    Ok(ended)
}

/// A line, with its end: `19:13:51.470 ✓ 200 dynamodb GetItem            orders pk=a1  1 item  1.24ms  boto3 1.44`.
fn line(call: &Call, look: Look, offset: i32) -> String {
    let (Brief { on, asked, came, .. }, end) = (brief(call), call.finished.as_ref());
    let code = end.and_then(|end| end.http_status).map_or("---".to_owned(), |status| status.to_string());
    let (colour, sign) = sign(call.status(), look.ascii);
    let paint = |colour: &str, text: &str| match look.theme {
        Theme::None => text.to_owned(),
        _ => format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
    };
    let plain = |text: &str, most| match text::brief(text, most) {
        cut if look.ascii => text::clean(&cut, true).into_owned(),
        cut => cut,
    };
    let mut line = format!(
        "{} {} {:<8} {:<18} {}",
        paint("2", &time::of_day(call.at, offset)),
        paint(colour, &format!("{sign} {code}")),
        plain(call.service(), WIDTH),
        plain(call.name(), WIDTH),
        plain(format!("{on} {asked}").trim(), WIDTH),
    );
    let is_bad = matches!(call.status(), Status::Error | Status::Refused);
    let came = plain(&came, WIDTH);
    let took = end.map_or(String::new(), |end| time::duration(end.ms));
    let by = plain(&short_client(&call.started.who), WIDTH);
    let parts = [if is_bad { paint(colour, &came) } else { came }, paint("2", format!("{took}  {by}").trim_end())];
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        line.push_str("  ");
        line.push_str(&part);
    }
    line.push('\n');
    line
}

/// The colour and the sign of how a call ended, as on the dashboard.
fn sign(status: Status, ascii: bool) -> (&'static str, &'static str) {
    match (status, ascii) {
        (Status::Ok, false) => ("32", "✓"),
        (Status::Ok, true) => ("32", "."),
        (Status::Abandoned, false) => ("2", "∅"),
        (Status::Abandoned, true) => ("2", "A"),
        (_, false) => ("31", "✗"),
        (_, true) => ("31", "E"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(end: &str) -> Call {
        serde_json::from_str(&format!(
            r#"{{"id": "01a20000-0000-7000-8000-000000000001", "at": 1795341604470, "file": "", "pid": 1,
                "who": {{"kind": "endpoint", "user_agent": "Boto3/1.44.8 md/Botocore#1.44.8 \u001b[2J"}},
                "target": {{"kind": "local"}}, "service": "s3", "operation": "GetObject",
                "resources": ["s3://media/a\u202e.txt"], {end}, "ms": 1.24}}"#
        ))
        .unwrap()
    }

    #[test]
    fn a_request_is_a_line_that_a_terminal_can_take() {
        let ok = call(r#""outcome": {"status": "ok"}, "http_status": 200"#);
        let bad =
            call(r#""outcome": {"status": "error", "code": "NoSuchKey", "message": "gone\nX"}, "http_status": 404"#);
        let look = |theme, ascii| Look { theme, ascii };
        let plain = line(&ok, look(Theme::None, false), 3600);
        assert!(plain.starts_with("11:00:04.470 ✓ 200 s3       GetObject          media/a\\u{202e}.txt"), "{plain}");
        assert!(plain.ends_with("  1.24ms  boto3 1.44\n"), "{plain}");
        let plain = line(&bad, look(Theme::None, true), 3600);
        assert!(plain.is_ascii() && plain.contains(" E 404 ") && plain.contains("NoSuchKey: gone\\nX"), "{plain}");
        let coloured = line(&bad, look(Theme::Dark, false), 3600);
        assert!(coloured.contains("\u{1b}[31m✗ 404\u{1b}[0m") && coloured.matches('\n').count() == 1, "{coloured}");
    }
}
