//! The filter's language: `service:s3 status:err >100ms table:orders timeout`.

use crate::model::{Call, Outcome};

/// Chooses calls: all terms must hold. Without any, every call is chosen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    terms: Vec<(bool, Term)>,
}

/// What is asked of a call.
#[derive(Debug, Clone, PartialEq)]
enum Term {
    Service(String),
    Name(String),
    Status(String),
    Table(String),
    Bucket(String),
    Key(String),
    Client(String),
    Store(String),
    Target(String),
    Code(String),
    Id(String),
    /// More than so many milliseconds, or as many.
    Longer {
        ms: f64,
        or_equal: bool,
    },
    Shorter {
        ms: f64,
        or_equal: bool,
    },
    /// Anywhere in what the list shows.
    Anywhere(String),
}

/// The fields, for help and messages: name and what it chooses.
pub const FIELDS: [(&str, &str); 12] = [
    ("service:s3", "calls of S3, also by a tool"),
    ("tool:query", "the tool or operation, also one that a tool made (op: too)"),
    ("status:err", "error, ok, running, refused, abandoned, lost"),
    ("table:orders", "the DynamoDB table"),
    ("bucket:media", "the S3 bucket"),
    ("key:2026/", "the S3 key"),
    ("code:Conditional", "the error's code"),
    ("client:claude", "who calls: name, mcp, endpoint, cli, pid"),
    ("store:demo", "the store that it happened in"),
    ("to:aws", "local, aws, custom"),
    ("id:01a2", "the call's id in the journal"),
    (">100ms  <=2s", "how long it took"),
];

impl Filter {
    /// Reads a filter. Terms stand between spaces, `"…"` keeps them together, and `-` before one turns it round.
    ///
    /// # Errors
    /// A sentence that says which term makes no sense.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = words(text)?;
        let terms = words.into_iter().map(|word| match word.strip_prefix('-') {
            Some(rest) if !rest.is_empty() => Ok((false, term(rest)?)),
            _ => Ok((true, term(&word)?)),
        });
        Ok(Self { terms: terms.collect::<Result<_, String>>()? })
    }

    /// Whether `call` is chosen, at `now` in milliseconds since the Unix epoch.
    #[must_use]
    pub fn chooses(&self, call: &Call, now: u64) -> bool {
        self.terms.iter().all(|(wanted, term)| term.holds(call, now) == *wanted)
    }

    /// Whether a call can come to be chosen, or no longer be, as time goes on.
    #[must_use]
    pub fn asks_for_time(&self) -> bool {
        self.terms.iter().any(|(_, term)| matches!(term, Term::Longer { .. } | Term::Shorter { .. }))
    }
}

/// Words between spaces; quotes keep spaces.
fn words(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                words.extend(Some(std::mem::take(&mut word)).filter(|w| !w.is_empty()));
            }
            c => word.push(c),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    if quoted { Err("a quotation mark is missing".to_owned()) } else { Ok(words) }
}

fn term(word: &str) -> Result<Term, String> {
    if let Some((or_equal, longer, bound)) = comparison(word) {
        let ms = milliseconds(bound).ok_or_else(|| format!("{word}: a time looks like 100ms, 1.5s or 250us"))?;
        return Ok(if longer { Term::Longer { ms, or_equal } } else { Term::Shorter { ms, or_equal } });
    }
    let Some((field, value)) = word.split_once(':') else { return Ok(Term::Anywhere(word.to_lowercase())) };
    let value = value.to_lowercase();
    let make = match field.to_ascii_lowercase().as_str() {
        "service" => Term::Service,
        "tool" | "op" | "operation" => Term::Name,
        "status" => Term::Status,
        "table" => Term::Table,
        "bucket" => Term::Bucket,
        "key" => Term::Key,
        "client" | "by" => Term::Client,
        "store" => Term::Store,
        "to" | "target" => Term::Target,
        "code" | "error" => Term::Code,
        "id" => Term::Id,
        // Names of things have colons too: s3://bucket, arn:aws:…
        _ => return Ok(Term::Anywhere(word.to_lowercase())),
    };
    let words: &[&str] = match make(String::new()) {
        Term::Status(_) => &STATUSES,
        Term::Target(_) => &["local", "aws", "custom"],
        _ => &[""],
    };
    if !words.iter().any(|word| word.is_empty() || word.starts_with(&value)) {
        return Err(format!("{word}: one of {}", words.join(", ")));
    }
    Ok(make(value))
}

const STATUSES: [&str; 6] = ["error", "ok", "running", "refused", "abandoned", "lost"];

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
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == 'µ');
    let scale = match &text[digits.len()..] {
        "us" | "µs" => 0.001,
        "" | "ms" => 1.0,
        "s" => 1000.0,
        "m" => 60_000.0,
        _ => return None,
    };
    let number: f64 = digits.parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number * scale)
}

impl Term {
    fn holds(&self, call: &Call, now: u64) -> bool {
        match self {
            Self::Service(part) => has(&call.service, part) || made(call).any(|aws_call| has(&aws_call.service, part)),
            Self::Name(part) => has(&call.name, part) || made(call).any(|aws_call| has(&aws_call.operation, part)),
            Self::Status(start) => call.status().word().starts_with(start.as_str()),
            Self::Table(part) => resources(call, "dynamodb://").any(|table| has(table, part)),
            Self::Bucket(part) => {
                resources(call, "s3://").any(|name| has(name.split('/').next().unwrap_or_default(), part))
            }
            Self::Key(part) => {
                resources(call, "s3://").any(|name| name.split_once('/').is_some_and(|(_, key)| has(key, part)))
            }
            Self::Client(part) => {
                has(&call.client.name, part) || has(call.client.door.word(), part) || call.pid.to_string() == *part
            }
            Self::Store(part) => has(&call.store, part),
            Self::Target(start) => call.target.word().starts_with(start.as_str()),
            Self::Code(part) => code(call).is_some_and(|code| has(code, part)),
            Self::Id(part) => {
                let id = crate::state::id_text(call.id);
                id.starts_with(part.as_str()) || id.ends_with(part.as_str())
            }
            Self::Longer { ms, or_equal } => {
                call.elapsed(now).is_some_and(|took| took > *ms || (*or_equal && took >= *ms))
            }
            Self::Shorter { ms, or_equal } => {
                call.elapsed(now).is_some_and(|took| took < *ms || (*or_equal && took <= *ms))
            }
            Self::Anywhere(part) => {
                has(&call.name, part)
                    || has(&call.service, part)
                    || has(&call.client.name, part)
                    || call.resources.iter().any(|name| has(name, part))
                    || call.failure().is_some_and(|(code, message)| has(code, part) || has(message, part))
            }
        }
    }
}

fn made(call: &Call) -> impl Iterator<Item = &crate::model::AwsCall> {
    call.end.iter().flat_map(|end| &end.aws_calls)
}

fn resources<'a>(call: &'a Call, scheme: &'static str) -> impl Iterator<Item = &'a str> {
    call.resources.iter().filter_map(move |name| name.strip_prefix(scheme))
}

fn code(call: &Call) -> Option<&str> {
    match &call.end.as_ref()?.outcome {
        Outcome::Error { code, .. } => Some(code),
        _ => None,
    }
}

/// Whether `text` has `part`, which is in lower case, case aside.
fn has(text: &str, part: &str) -> bool {
    if text.is_ascii() && part.is_ascii() {
        // Without a copy: a filter looks at every call with each key.
        return part.is_empty() || text.as_bytes().windows(part.len()).any(|w| w.eq_ignore_ascii_case(part.as_bytes()));
    }
    text.to_lowercase().contains(part)
}

#[cfg(test)]
mod tests {
    use super::Filter;
    use crate::testing::{call, ended, failed};

    fn names(filter: &str) -> Vec<String> {
        let mut get = call(1, "s3_get_object");
        get.resources = vec!["s3://media/photos/a.png".into()];
        get.end = Some(ended(150.0));
        let mut put = call(2, "dynamodb_put_items");
        put.resources = vec!["dynamodb://Orders".into()];
        put.end = Some(failed("ConditionalCheckFailedException", "The conditional request failed", 3.5));
        let mut query = call(3, "dynamodb_query");
        query.resources = vec!["dynamodb://Shop".into()];
        query.client.name = "Claude Code".into();
        let filter = Filter::parse(filter).unwrap();
        [get, put, query].into_iter().filter(|call| filter.chooses(call, 53)).map(|call| call.name).collect()
    }

    #[test]
    fn every_field_chooses() {
        for (filter, chosen) in [
            ("", &["s3_get_object", "dynamodb_put_items", "dynamodb_query"][..]),
            ("service:s3", &["s3_get_object"]),
            ("service:s3 table:orders", &[]),
            ("status:err", &["dynamodb_put_items"]),
            ("status:run", &["dynamodb_query"]),
            ("table:orders", &["dynamodb_put_items"]),
            ("bucket:media", &["s3_get_object"]),
            ("bucket:photos", &[]),
            ("key:photos/", &["s3_get_object"]),
            ("tool:QUERY", &["dynamodb_query"]),
            ("code:conditional", &["dynamodb_put_items"]),
            ("client:claude", &["dynamodb_query"]),
            ("to:local -service:s3 -status:ok", &["dynamodb_put_items", "dynamodb_query"]),
            ("REQUEST", &["dynamodb_put_items"]),
            ("\"claude code\"", &["dynamodb_query"]),
            ("s3://media", &["s3_get_object"]),
        ] {
            assert_eq!(names(filter), chosen, "{filter}");
        }
    }

    #[test]
    fn times_are_compared_also_with_those_that_run() {
        // The query runs for 50 ms.
        assert_eq!(names(">100ms"), ["s3_get_object"]);
        assert_eq!(names(">=150"), ["s3_get_object"]);
        assert_eq!(names("<0.05s"), ["dynamodb_put_items"]);
        assert_eq!(names("<=50ms"), ["dynamodb_put_items", "dynamodb_query"]);
        assert_eq!(names(">3000us <1s"), ["s3_get_object", "dynamodb_put_items", "dynamodb_query"]);
    }

    #[test]
    fn a_term_without_sense_is_named() {
        for (filter, named) in
            [(">abc", ">abc"), ("status:fine", "status:fine"), ("to:mars", "to:mars"), ("\"a", "quot")]
        {
            assert!(Filter::parse(filter).unwrap_err().contains(named), "{filter}");
        }
    }
}
