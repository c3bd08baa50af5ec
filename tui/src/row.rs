//! A call as the list of calls has it: small, since there may be hundreds of thousands. The whole call is asked for by its
//! place.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use footbridge_record::{Call, Outcome, Status, brief, short_client};
use uuid::Uuid;

pub use footbridge_record::Effect;

/// A text that many rows share.
pub type Name = Arc<str>;

/// Where the records of a call stand; only the source that gave it reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Place {
    /// The file, by the source's own number.
    pub file: u32,
    /// Where the first record begins, and the second, where there is one.
    pub started: u64,
    /// See `started`.
    pub finished: Option<u64>,
}

/// How a call stands on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It runs.
    Running,
    /// It did what was asked.
    Ok,
    /// Nobody waited for its end.
    Abandoned,
    /// Its process ended before it did.
    Lost,
    /// It was not allowed.
    Refused,
    /// It failed.
    Error,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Running, Self::Ok, Self::Error, Self::Refused, Self::Abandoned, Self::Lost];

    /// Whether it is not as it should be.
    #[must_use]
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Error | Self::Refused | Self::Lost)
    }

    /// Its word, as filters have it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ok => "ok",
            Self::Abandoned => "abandoned",
            Self::Lost => "lost",
            Self::Refused => "refused",
            Self::Error => "error",
        }
    }
}

/// What is called; shared by all calls of it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// The service, such as `s3`; empty for a tool of no service.
    pub service: Name,
    /// The tool (`s3_put_object`) or AWS's operation (`PutObject`).
    pub name: Name,
    /// How the list calls it: `PutObject` for both.
    pub title: Name,
    /// All of these, to search in.
    pub(crate) words: Box<str>,
}

/// Who calls and where it goes; shared by all calls that have this in common.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The store whose journal has it; empty for the data directory's own.
    pub store: Name,
    /// The process that recorded it.
    pub pid: u32,
    /// The way in: `mcp`, `endpoint` or `cli`.
    pub way: &'static str,
    /// Who called, in full.
    pub client: Name,
    /// The same, short enough for a column.
    pub client_short: Name,
    /// Where it goes: `local`, `aws` or `custom`.
    pub target: &'static str,
    /// Who calls, in both ways, to search in.
    pub(crate) words: Box<str>,
}

/// A call in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its name in the journal.
    pub id: Uuid,
    /// When it began, in milliseconds since the Unix epoch.
    pub at: u64,
    /// Where its records stand.
    pub place: Place,
    /// What is called.
    pub subject: Arc<Subject>,
    /// Who calls, and where it goes.
    pub origin: Arc<Origin>,
    /// AWS's error code or ours; empty where nothing went wrong.
    pub code: Name,
    /// The AWS calls that a tool made, as `service operation`, with commas.
    pub made: Name,
    /// What it is on, what was asked, what came and the resources, one after the other, and where the first three end.
    texts: Box<str>,
    ends: [u32; 3],
    /// From start to end, in milliseconds; 0 while it runs.
    pub ms: f32,
    /// How many AWS calls a tool made.
    pub made_count: u16,
    /// What it does to what is stored.
    pub effect: Effect,
    /// How it stands.
    pub standing: Standing,
}

/// Keeps each shared text once.
#[derive(Debug, Default)]
pub struct Names {
    texts: HashSet<Name>,
    subjects: HashSet<Arc<Subject>>,
    origins: HashSet<Arc<Origin>>,
}

/// From so many on, those that nobody has any more are looked for.
const MANY: usize = 4096;

fn keep<T: ?Sized + Eq + Hash>(kept: &mut HashSet<Arc<T>>, new: Arc<T>) -> Arc<T> {
    if let Some(known) = kept.get(&new) {
        return Arc::clone(known);
    }
    // At powers of two only: a set that is in use stays large.
    if kept.len() >= MANY && kept.len().is_power_of_two() {
        kept.retain(|one| Arc::strong_count(one) > 1);
    }
    kept.insert(Arc::clone(&new));
    new
}

impl Names {
    /// `text`, shared with whoever had it before.
    pub fn keep(&mut self, text: &str) -> Name {
        match self.texts.get(text) {
            Some(known) => Arc::clone(known),
            None => keep(&mut self.texts, text.into()),
        }
    }
}

/// The most bytes of a row's resources: a batch may be about thousands.
const RESOURCES: usize = 2048;

impl Row {
    /// The row of `call`, which stands at `place` in the journal of `store`.
    #[must_use]
    pub fn of(call: &Call, store: &str, place: Place, names: &mut Names) -> Self {
        let started = &call.started;
        let brief = brief(call);
        let standing = match call.status() {
            Status::Unfinished => Standing::Running,
            Status::Ok => Standing::Ok,
            Status::Abandoned => Standing::Abandoned,
            Status::Refused => Standing::Refused,
            Status::Error => Standing::Error,
        };
        let code = match call.finished.as_ref().map(|end| &end.outcome) {
            Some(Outcome::Error { code, .. }) => code.as_str(),
            Some(Outcome::Refused { .. }) => "refused",
            _ => "",
        };
        let calls = call.finished.as_ref().map(|end| end.aws_calls.as_slice()).unwrap_or_default();
        let mut made: Vec<String> = Vec::new();
        for one in calls {
            let one = format!("{} {}", one.service, one.operation);
            if made.last() != Some(&one) && made.len() < 8 {
                made.push(one);
            }
        }
        let subject = Subject {
            service: names.keep(call.service()),
            name: names.keep(call.name()),
            title: names.keep(&brief.name),
            words: format!("{} {} {}", call.service(), call.name(), brief.name).into(),
        };
        let (client, client_short) = (started.who.name().unwrap_or_default(), short_client(&started.who));
        let origin = Origin {
            store: names.keep(store),
            pid: started.pid,
            way: started.who.way(),
            client: names.keep(client),
            client_short: names.keep(&client_short),
            target: started.target.word(),
            words: format!("{client} {client_short}").into(),
        };
        let (texts, ends) = texts(&brief.on, &brief.asked, &brief.came, &started.resources);
        Self {
            id: call.id,
            at: call.at,
            place,
            subject: keep(&mut names.subjects, Arc::new(subject)),
            origin: keep(&mut names.origins, Arc::new(origin)),
            code: names.keep(code),
            made: names.keep(&made.join(", ")),
            texts,
            ends,
            // A screen shows three digits.
            #[allow(clippy::cast_possible_truncation)]
            ms: call.finished.as_ref().map_or(0.0, |end| end.ms as f32),
            made_count: u16::try_from(calls.len()).unwrap_or(u16::MAX),
            effect: brief.effect,
            standing,
        }
    }

    /// The same, of a call whose process ended before it did.
    #[must_use]
    pub fn lost(self) -> Self {
        Self { standing: Standing::Lost, ..self }
    }

    fn text(&self, from: u32, to: u32) -> &str {
        self.texts.get(from as usize..to as usize).unwrap_or_default()
    }

    /// All its own texts, one after the other, to search in.
    #[must_use]
    pub fn texts(&self) -> &str {
        &self.texts
    }

    /// What it is on: `orders/by-date`, `media/a/b.png`.
    #[must_use]
    pub fn on(&self) -> &str {
        self.text(0, self.ends[0])
    }

    /// What was asked.
    #[must_use]
    pub fn asked(&self) -> &str {
        self.text(self.ends[0], self.ends[1])
    }

    /// What came, or why it failed.
    #[must_use]
    pub fn came(&self) -> &str {
        self.text(self.ends[1], self.ends[2])
    }

    /// What it is about: `s3://bucket/key`, `dynamodb://table`.
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.texts.get(self.ends[2] as usize..).unwrap_or_default().split('\n').filter(|resource| !resource.is_empty())
    }

    /// How long it took, or has taken at `now`, in milliseconds. `None` for one whose end nobody saw.
    #[must_use]
    pub fn elapsed(&self, now: u64) -> Option<f64> {
        match self.standing {
            Standing::Lost => None,
            // Half a century of milliseconds is exact in a double.
            #[allow(clippy::cast_precision_loss)]
            Standing::Running => Some(now.saturating_sub(self.at) as f64),
            // As it was recorded: to the microsecond.
            _ => Some((f64::from(self.ms) * 1e3).round() / 1e3),
        }
    }

    /// Bytes that it takes, what it shares aside.
    #[must_use]
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.texts.len()
    }
}

fn texts(on: &str, asked: &str, came: &str, resources: &[String]) -> (Box<str>, [u32; 3]) {
    let mut texts = String::new();
    // The parts of a line are short: see their limits in the record crate.
    let ends = [on, asked, came].map(|part| {
        texts.push_str(part);
        u32::try_from(texts.len()).unwrap_or(u32::MAX)
    });
    let most = texts.len() + RESOURCES;
    for resource in resources {
        if texts.len() + resource.len() > most {
            break;
        }
        texts.extend(resource.chars().map(|c| if c == '\n' { ' ' } else { c }));
        texts.push('\n');
    }
    if texts.len() > ends[2] as usize {
        texts.pop();
    }
    (texts.into(), ends)
}
