//! The filter's language: `service:s3 status:err >100ms table:orders timeout`.

use crate::row::{Effect, Row, Standing};

/// Chooses calls: all terms must hold. Without any, every call is chosen.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Filter {
    terms: Vec<(bool, Term)>,
}

/// What is asked of a call. Texts are in lower case, but for those that must be the same.
#[derive(Debug, Clone, PartialEq)]
enum Term {
    Service(String),
    Name(String),
    /// This tool or operation and no other.
    NameIs(String),
    Status(String),
    Effect(Effect),
    Table(String),
    Bucket(String),
    Key(String),
    Client(String),
    Store(String),
    Target(String),
    Code(String),
    Id(String),
    /// Began no longer ago than so many milliseconds.
    Since(u64),
    /// More than so many milliseconds, or as many.
    Longer {
        ms: f64,
        or_equal: bool,
    },
    /// See `Longer`.
    Shorter {
        ms: f64,
        or_equal: bool,
    },
    /// Anywhere in what the row says.
    Anywhere(String),
}

/// The fields, for help: an example and what it chooses.
pub(crate) const FIELDS: &[(&str, &str)] = &[
    ("orders pk=a1", "words anywhere in the row: name, key, client, error"),
    ("service:s3", "calls of S3, also by a tool"),
    ("tool:query", "the tool or operation, also one that a tool made; tool:=Query is that one alone"),
    ("status:err", "error, ok, running, refused, abandoned, lost"),
    ("effect:write", "read, write, destroy"),
    ("table:orders", "the DynamoDB table"),
    ("bucket:media", "the S3 bucket"),
    ("key:2026/", "the S3 key"),
    ("code:Conditional", "the error's code"),
    ("client:claude", "who calls: name, mcp, endpoint, cli, pid"),
    ("store:demo", "the store that it happened in"),
    ("to:aws", "local, aws, custom"),
    ("id:01a2", "how the call's id in the journal begins or ends"),
    ("since:10m", "began no longer ago: 30s, 10m, 2h, 1d"),
    (">100ms  <=2s", "how long it took"),
];

/// The names of fields, and others for the same.
const NAMES: [(&str, &[&str]); 13] = [
    ("service", &[]),
    ("tool", &["op", "operation"]),
    ("status", &[]),
    ("effect", &[]),
    ("table", &[]),
    ("bucket", &[]),
    ("key", &[]),
    ("code", &["error"]),
    ("client", &["by"]),
    ("store", &[]),
    ("to", &["target"]),
    ("id", &[]),
    ("since", &[]),
];

const EFFECTS: [(&str, Effect); 3] = [("read", Effect::Read), ("write", Effect::Write), ("destroy", Effect::Destroy)];

/// What a typed filter comes to.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// The terms that make sense.
    pub(super) filter: Filter,
    /// These terms as they were typed.
    pub(super) text: String,
    /// What is wrong with the first that makes none.
    pub(super) complaint: Option<String>,
}

impl Filter {
    /// Reads a filter. Terms stand between spaces, `"…"` keeps them together, and `-` before one turns it round.
    pub(super) fn parse(text: &str) -> Parsed {
        let mut parsed = Parsed::default();
        let (words, open) = words(text);
        for word in words {
            let (wanted, read) = match word.text.strip_prefix('-') {
                Some(rest) if !rest.is_empty() && word.quoted_from != 0 => {
                    (false, term(rest, word.quoted_from.saturating_sub(1)))
                }
                _ => (true, term(&word.text, word.quoted_from)),
            };
            match read {
                Ok(term) => {
                    parsed.filter.terms.push((wanted, term));
                    parsed.text += if parsed.text.is_empty() { "" } else { " " };
                    parsed.text += &word.typed;
                }
                Err(complaint) => drop(parsed.complaint.get_or_insert(complaint)),
            }
        }
        if open {
            parsed.text.push('"');
            parsed.complaint.get_or_insert_with(|| "a quotation mark is missing".to_owned());
        }
        parsed
    }

    /// Whether every call is chosen.
    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether `row` is chosen, at `now` in milliseconds since the Unix epoch.
    pub(super) fn chooses(&self, row: &Row, now: u64) -> bool {
        self.terms.iter().all(|(wanted, term)| term.holds(row, now) == *wanted)
    }

    /// Whether a running call can come to be chosen, or no longer be, as time goes on.
    pub(super) fn asks_for_time(&self) -> bool {
        self.terms.iter().any(|(_, term)| matches!(term, Term::Longer { .. } | Term::Shorter { .. }))
    }

    /// The ages, in milliseconds, at which a call can come to be chosen, or no longer be.
    pub(super) fn ages(&self) -> impl Iterator<Item = u64> {
        self.terms.iter().filter_map(|(_, term)| match term {
            Term::Since(age) => Some(*age),
            _ => None,
        })
    }
}

/// The term that chooses the calls of `name` and no others.
pub(super) fn exactly(name: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !matches!(c, '"' | '\\');
    if name.chars().all(plain) {
        return format!("tool:={name}");
    }
    let escaped: String =
        name.chars().flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c])).collect();
    format!("tool:=\"{escaped}\"")
}

/// A word of the filter.
#[derive(Default)]
struct Word {
    /// What it says, without quotation marks.
    text: String,
    /// From which byte of that on it was quoted, so that nothing there means anything.
    quoted_from: usize,
    typed: String,
}

/// Words between spaces, and whether the last one's quotation mark is missing. Quotes keep spaces, and a backslash in them keeps
/// a quote.
fn words(text: &str) -> (Vec<Word>, bool) {
    let new = || Word { quoted_from: usize::MAX, ..Word::default() };
    let (mut words, mut word, mut quoted) = (Vec::new(), new(), false);
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c.is_whitespace() && !quoted {
            words.push(std::mem::replace(&mut word, new()));
            continue;
        }
        word.typed.push(c);
        match c {
            '"' => {
                word.quoted_from = word.quoted_from.min(word.text.len());
                quoted = !quoted;
            }
            '\\' if quoted => {
                let kept = characters.next();
                word.typed.extend(kept);
                word.text.extend(kept);
            }
            c => word.text.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.text.is_empty());
    (words, quoted)
}

fn term(text: &str, quoted_from: usize) -> Result<Term, String> {
    if quoted_from == 0 {
        return Ok(Term::Anywhere(text.to_lowercase()));
    }
    if let Some((or_equal, longer, bound)) = comparison(text) {
        let ms = milliseconds(bound).ok_or_else(|| format!("{text}: a time looks like 100ms, 1.5s or 250us"))?;
        return Ok(if longer { Term::Longer { ms, or_equal } } else { Term::Shorter { ms, or_equal } });
    }
    let Some((field, value)) = text.split_once(':').filter(|(field, _)| field.len() < quoted_from) else {
        return Ok(Term::Anywhere(text.to_lowercase()));
    };
    let given = field.to_ascii_lowercase();
    let known = NAMES.iter().find(|(name, others)| *name == given || others.contains(&given.as_str()));
    let Some((name, _)) = known else { return unknown(text, &given, value) };
    let lower = value.to_lowercase();
    let one_of = |words: &[&str]| {
        let fits = words.iter().any(|word| word.starts_with(&lower));
        if fits { Ok(()) } else { Err(format!("{text}: one of {}", words.join(", "))) }
    };
    Ok(match *name {
        "service" => Term::Service(lower),
        "tool" => match value.strip_prefix('=') {
            Some(name) => Term::NameIs(name.to_owned()),
            None => Term::Name(lower),
        },
        "status" => {
            one_of(&Standing::ALL.map(Standing::word))?;
            Term::Status(lower)
        }
        "effect" => {
            one_of(&EFFECTS.map(|(word, _)| word))?;
            let found = EFFECTS.iter().find(|(word, _)| word.starts_with(&lower));
            Term::Effect(found.map_or(Effect::Read, |(_, effect)| *effect))
        }
        "table" => Term::Table(lower),
        "bucket" => Term::Bucket(lower),
        "key" => Term::Key(lower),
        "code" => Term::Code(lower),
        "client" => Term::Client(lower),
        "store" => Term::Store(lower),
        "to" => {
            one_of(&["local", "aws", "custom"])?;
            Term::Target(lower)
        }
        "since" => Term::Since(age(&lower).ok_or_else(|| format!("{text}: an age looks like 30s, 10m, 2h or 1d"))?),
        _ => Term::Id(lower),
    })
}

/// What a word comes to whose field is none.
fn unknown(text: &str, field: &str, value: &str) -> Result<Term, String> {
    // Names of things have colons too: s3://bucket, arn:aws:…, 10:30.
    let is_word = !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_word || value.starts_with("//") || field == "arn" {
        return Ok(Term::Anywhere(text.to_lowercase()));
    }
    let names = NAMES.iter().flat_map(|(name, others)| std::iter::once(name).chain(*others));
    let nearest = names.map(|name| (distance(field, name), *name)).min();
    Err(match nearest {
        Some((steps, name)) if steps <= 2 && steps < field.len() => {
            format!("there is no field {field}: do you mean {name}:{value}?")
        }
        _ => format!("there is no field {field}: to look for the text, \"{text}\""),
    })
}

/// How many letters must be added, taken away, changed or swapped with the next to make one of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, n) | (n, 0) => n,
                _ => {
                    let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    let swap = if swapped { rows[i - 2][j - 2] + 1 } else { usize::MAX };
                    change.min(swap).min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1)
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

/// `>=1s` as (or equal, longer, `1s`).
fn comparison(word: &str) -> Option<(bool, bool, &str)> {
    let longer = word.starts_with('>');
    let rest = word.strip_prefix(['>', '<'])?;
    Some(match rest.strip_prefix('=') {
        Some(bound) => (true, longer, bound),
        None => (false, longer, rest),
    })
}

fn milliseconds(text: &str) -> Option<f64> {
    let (number, unit) = number(text)?;
    let scale = match unit {
        "us" | "µs" => 0.001,
        "" | "ms" => 1.0,
        "s" => 1000.0,
        "m" => 60_000.0,
        _ => return None,
    };
    Some(number * scale)
}

fn age(text: &str) -> Option<u64> {
    let (number, unit) = number(text)?;
    let scale = match unit {
        "s" => 1000.0,
        "m" | "min" => 60_000.0,
        "h" => 3_600_000.0,
        "d" => 86_400_000.0,
        _ => return None,
    };
    // Not below 0; what is more than there are milliseconds is as many.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Some((number * scale) as u64)
}

/// A number and the letters after it.
fn number(text: &str) -> Option<(f64, &str)> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == 'µ');
    let number: f64 = digits.parse().ok()?;
    (number.is_finite() && number >= 0.0).then(|| (number, &text[digits.len()..]))
}

impl Term {
    fn holds(&self, row: &Row, now: u64) -> bool {
        match self {
            // Each AWS call stands as `service operation`.
            Self::Service(part) => has(&row.subject.service, part) || made(row).any(|(service, _)| has(service, part)),
            Self::Name(part) => {
                has(&row.subject.name, part)
                    || has(&row.subject.title, part)
                    || made(row).any(|(_, operation)| has(operation, part))
            }
            Self::NameIs(name) => *row.subject.name == **name,
            Self::Status(start) => row.standing.word().starts_with(start.as_str()),
            Self::Effect(effect) => row.effect == *effect,
            Self::Table(part) => resources(row, "dynamodb://").any(|table| has(table, part)),
            Self::Bucket(part) => {
                resources(row, "s3://").any(|name| has(name.split('/').next().unwrap_or_default(), part))
            }
            Self::Key(part) => {
                resources(row, "s3://").any(|name| name.split_once('/').is_some_and(|(_, key)| has(key, part)))
            }
            Self::Client(part) => {
                let origin = &row.origin;
                has(&origin.client, part)
                    || has(&origin.client_short, part)
                    || has(origin.way, part)
                    || origin.pid.to_string() == *part
            }
            Self::Store(part) => has(&row.origin.store, part),
            Self::Target(start) => row.origin.target.starts_with(start.as_str()),
            Self::Code(part) => !row.code.is_empty() && has(&row.code, part),
            Self::Id(part) => {
                let id = row.id.to_string();
                id.starts_with(part.as_str()) || id.ends_with(part.as_str())
            }
            Self::Since(age) => now.saturating_sub(row.at) <= *age,
            Self::Longer { ms, or_equal } => {
                row.elapsed(now).is_some_and(|took| took > *ms || (*or_equal && took >= *ms))
            }
            Self::Shorter { ms, or_equal } => {
                row.elapsed(now).is_some_and(|took| took < *ms || (*or_equal && took <= *ms))
            }
            Self::Anywhere(part) => {
                has(row.texts(), part)
                    || has(&row.subject.words, part)
                    || has(&row.origin.words, part)
                    || (!row.code.is_empty() && has(&row.code, part))
            }
        }
    }
}

fn made(row: &Row) -> impl Iterator<Item = (&str, &str)> {
    row.made.split(", ").filter_map(|one| one.split_once(' '))
}

fn resources<'a>(row: &'a Row, scheme: &'static str) -> impl Iterator<Item = &'a str> {
    row.resources().filter_map(move |name| name.strip_prefix(scheme))
}

/// Whether `text` has `part`, which is in lower case, case aside. Without a copy: a filter looks at every call with each key.
fn has(text: &str, part: &str) -> bool {
    if !part.is_ascii() {
        return text.to_lowercase().contains(part);
    }
    let Some((first, rest)) = part.as_bytes().split_first() else { return true };
    let bytes = text.as_bytes();
    let Some(last) = bytes.len().checked_sub(part.len()) else { return false };
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), &bytes[..=last])
        .any(|at| bytes[at + 1..=at + rest.len()].eq_ignore_ascii_case(rest))
}

#[cfg(test)]
mod tests {
    use super::{Filter, distance, exactly};
    use crate::calls::tests::make::{Make, rows};
    use crate::row::Row;

    fn parse(text: &str) -> Result<Filter, String> {
        let parsed = Filter::parse(text);
        parsed.complaint.map_or(Ok(parsed.filter), Err)
    }

    fn some() -> Vec<Row> {
        rows([
            Make::tool("s3_get_object").on("s3://media/photos/a.png").took(150.0).at(1),
            Make::tool("dynamodb_put_items")
                .on("dynamodb://Orders")
                .failed("ConditionalCheckFailedException", "The conditional request failed", 3.5)
                .at(2),
            Make::tool("dynamodb_query").on("dynamodb://Shop").by("claude-code 2.1.7").at(3),
            Make::operation("s3", "DeleteObject").on("s3://media/b").took(1.0).at(4),
        ])
    }

    fn names(filter: &str) -> Vec<String> {
        let filter = parse(filter).unwrap();
        some().iter().filter(|row| filter.chooses(row, 53)).map(|row| row.subject.name.to_string()).collect()
    }

    #[test]
    fn every_field_chooses() {
        let (get, put, query, delete) = ("s3_get_object", "dynamodb_put_items", "dynamodb_query", "DeleteObject");
        for (filter, chosen) in [
            ("", &[get, put, query, delete][..]),
            ("service:s3", &[get, delete]),
            ("service:s3 table:orders", &[]),
            ("status:err", &[put]),
            ("status:run", &[query]),
            ("effect:w", &[put]),
            ("effect:destroy", &[delete]),
            ("table:orders", &[put]),
            ("bucket:media", &[get, delete]),
            ("bucket:photos", &[]),
            ("key:photos/", &[get]),
            ("tool:QUERY", &[query]),
            ("tool:getobject", &[get]),
            ("tool:=DeleteObject", &[delete]),
            ("tool:=deleteobject", &[]),
            ("code:conditional", &[put]),
            ("client:claude", &[query]),
            ("by:2.1.7", &[query]),
            ("client:endpoint", &[delete]),
            ("to:local -service:s3 -status:ok", &[put, query]),
            ("REQUEST", &[put]),
            ("\"claude code\"", &[query]),
            ("s3://media", &[get, delete]),
            ("-\"s3://media\"", &[put, query]),
            ("since:50ms", &[]),
        ] {
            if filter == "since:50ms" {
                assert!(parse(filter).is_err());
                continue;
            }
            assert_eq!(names(filter), chosen, "{filter}");
        }
        assert_eq!(names("since:0.0495s"), [delete]);
    }

    #[test]
    fn times_are_compared_also_with_those_that_run() {
        // The query runs for 50 ms.
        let (get, put, query, delete) = ("s3_get_object", "dynamodb_put_items", "dynamodb_query", "DeleteObject");
        assert_eq!(names(">100ms"), [get]);
        assert_eq!(names(">=150"), [get]);
        assert_eq!(names("<0.05s"), [put, delete]);
        assert_eq!(names("<=50ms"), [put, query, delete]);
        assert_eq!(names(">3000us <1s"), [get, put, query]);
    }

    #[test]
    fn a_term_without_sense_is_named() {
        for (filter, named) in [
            (">abc", ">abc"),
            ("status:fine", "status:fine: one of running, ok"),
            ("to:mars", "to:mars"),
            ("effect:x", "read, write, destroy"),
            ("\"a", "quot"),
            ("since:yesterday", "10m"),
            ("sevice:s3", "do you mean service:s3?"),
            ("tabel:a", "do you mean table:a?"),
            ("pk:a1", "\"pk:a1\""),
        ] {
            let complaint = parse(filter).unwrap_err();
            assert!(complaint.contains(named), "{filter}: {complaint}");
        }
        for text in ["arn:aws:s3", "10:30", "\"pk:a1\"", "https://x", ":", "-", "-:", "\"\""] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn the_terms_that_make_sense_hold() {
        let parsed = Filter::parse("service:s3  >q  -\"a  b\" tool:=\"c");
        assert_eq!(parsed.text, "service:s3 -\"a  b\" tool:=\"c\"");
        assert_eq!(parsed.complaint.as_deref(), Some(">q: a time looks like 100ms, 1.5s or 250us"));
        let again = Filter::parse(&parsed.text);
        assert_eq!((again.filter, again.complaint), (parsed.filter, None));
    }

    #[test]
    fn a_name_is_chosen_exactly_whatever_it_is() {
        for name in ["PutObject", "a \"quoted\" \\ tool", "tool:=x", "-a", ">1"] {
            let row = rows([Make::tool(name)]).remove(0);
            let filter = parse(&exactly(name)).unwrap();
            assert!(filter.chooses(&row, 0), "{name}: {filter:?}");
            assert!(!filter.chooses(&rows([Make::tool("PutObjectTagging")])[0], 0));
        }
    }

    #[test]
    fn fields_are_near_when_few_letters_differ() {
        assert_eq!([distance("sevice", "service"), distance("tabel", "table"), distance("pk", "to")], [1, 1, 2]);
    }
}
