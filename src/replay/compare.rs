//! Where two answers to one call differ.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::endpoint;
use super::excerpted::{Text, elements, is_omitted, is_shape, lacks_members};
use super::normal::{Arns, Ids, Kind, same_url};
use super::scan::{Pages, Scans};
use crate::journal::{Call, Outcome, Redactor, Subject};

/// One side's end of a call.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// How it ended.
    pub outcome: &'a Outcome,
    /// The answer, `Null` for none; as recorded, or with secrets taken out.
    pub response: &'a Value,
    /// Whether something of the answer is cut or redacted.
    pub partial: bool,
    /// The target's region.
    pub region: Option<&'a str>,
}

/// A place where two answers differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Members and elements, such as `items[3].Title`.
    pub path: String,
    /// What the left side has there; none where it has nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Value>,
    /// What the right side has there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<Value>,
}

/// What two answers have in common and what not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// None where they are the same.
    pub differences: Vec<Difference>,
    /// Whether an answer was cut, so that only the rest of it was compared.
    pub cut: bool,
    /// Whether an answer is known by its shape alone.
    pub shapes: bool,
}

/// Compares the answers of a run, call by call: what earlier answers gave is known to later ones.
#[derive(Debug)]
pub struct Comparer {
    ids: Ids,
    arns: Arns,
    redactor: Redactor,
    scans: Scans,
}

impl Comparer {
    /// A comparer that knows no answer yet.
    ///
    /// # Errors
    /// A pattern of ours does not compile.
    pub fn new() -> Result<Self, regex_lite::Error> {
        Ok(Self { ids: Ids::default(), arns: Arns::new()?, redactor: Redactor::new()?, scans: Scans::default() })
    }

    /// An answer that was not recorded, as the journal would have it if nothing were cut.
    pub(super) fn redacted(&self, answer: &Value) -> Value {
        crate::journal::redacted(answer, &self.redactor)
    }

    /// Puts the right side's ids into arguments that hold the left side's. The error names the argument whose id no
    /// earlier answer gave.
    pub(super) fn translate(&self, arguments: &mut Map<String, Value>) -> Result<(), &'static str> {
        self.ids.translate(arguments)
    }

    /// The same for the parameters of a call at the endpoint.
    pub(super) fn translate_operation(&self, service: &str, parameters: &mut Value) -> Result<(), String> {
        endpoint::translate(service, parameters, &|id| self.ids.other(id).map(str::to_owned))
    }

    /// Compares two ends of `call`, whose parameters are the left side's.
    pub(super) fn compare_ends(&mut self, call: &Call, left: Side<'_>, right: Side<'_>) -> Comparison {
        let arguments = &call.started.parameters;
        let Subject::Operation { service, operation } = &call.started.subject else {
            return self.compare(call.name(), arguments, left, right);
        };
        let of = |side: Side<'_>| endpoint::comparable(service, operation, side.outcome, side.response);
        let ((mut a, a_unread), (mut b, b_unread)) = (of(left), of(right));
        let mut cut = a_unread || b_unread;
        for name in ["body", "document"] {
            let is_there = [a.get(name).is_some(), b.get(name).is_some()];
            if is_there.contains(&true) && (cut || (is_there.contains(&false) && (left.partial || right.partial))) {
                cut = true;
                for answer in [&mut a, &mut b] {
                    answer.as_object_mut().map(|members| members.remove(name));
                }
            }
        }
        let found = self.compare(operation, arguments, Side { response: &a, ..left }, Side { response: &b, ..right });
        Comparison { cut: cut || found.cut, ..found }
    }

    /// Compares the two ends of a call of the tool or operation `name`. `arguments` are the left side's.
    pub fn compare(&mut self, name: &str, arguments: &Value, left: Side<'_>, right: Side<'_>) -> Comparison {
        let mut found = Comparison::default();
        if let Some(difference) = self.outcomes(left, right) {
            found.differences.push(difference);
            return found;
        }
        let (mut left_answer, mut right_answer) = (left.response.clone(), right.response.clone());
        if is_shape(&left_answer) || is_shape(&right_answer) {
            found.shapes = true;
            for answer in [&mut left_answer, &mut right_answer] {
                if !is_shape(answer) {
                    *answer = crate::journal::shape(answer, &self.redactor);
                }
            }
        }
        if left_answer.is_null() != right_answer.is_null() {
            // A journal with `body_bytes = 0` or an older one has no answer to compare.
            found.cut = true;
            return found;
        }
        let pages = Pages::of(name);
        let is_scan = pages.is_some_and(|pages| self.scans.join(pages, arguments, &mut left_answer, &mut right_answer));
        let unordered = match (pages, name) {
            (Some(pages), _) if is_scan => Some(pages.items),
            // A batch has no order either.
            (None, "BatchGetItem") => Some("Responses"),
            _ => None,
        };
        let mut walk = Walk { comparer: self, regions: [left.region, right.region], found, unordered };
        walk.value("", Kind::Plain, Some(&left_answer), Some(&right_answer));
        walk.found
    }

    fn outcomes(&self, left: Side<'_>, right: Side<'_>) -> Option<Difference> {
        let plain = |side: Side<'_>| match side.outcome {
            Outcome::Error { message, .. } | Outcome::Refused { reason: message } => {
                self.arns.normal(message, side.region).into_owned()
            }
            Outcome::Ok | Outcome::Abandoned => String::new(),
        };
        let code = |side: Side<'_>| match side.outcome {
            Outcome::Ok => "ok".to_owned(),
            Outcome::Error { code, .. } => code.clone(),
            Outcome::Refused { .. } => "refused".to_owned(),
            Outcome::Abandoned => "abandoned".to_owned(),
        };
        let (left_text, right_text) = (plain(left), self.redactor.text(&plain(right)).into_owned());
        let difference = |path: &str, left: String, right: String| {
            Some(Difference { path: path.to_owned(), left: Some(json!(left)), right: Some(json!(right)) })
        };
        if code(left) == code(right) {
            if Text::of(&left_text).fits(Text::of(&right_text)) {
                return None;
            }
            return difference("message", left_text, right_text);
        }
        let said = |code: String, text: String| if text.is_empty() { code } else { format!("{code}: {text}") };
        difference("outcome", said(code(left), left_text), said(code(right), right_text))
    }
}

/// One comparison under way.
struct Walk<'a> {
    comparer: &'a mut Comparer,
    regions: [Option<&'a str>; 2],
    found: Comparison,
    /// The member in which the order of items means nothing.
    unordered: Option<&'static str>,
}

impl Walk<'_> {
    fn value(&mut self, path: &str, kind: Kind, left: Option<&Value>, right: Option<&Value>) {
        let (Some(a), Some(b)) = (left, right) else {
            if left.is_some() || right.is_some() {
                self.differ(path, left, right);
            }
            return;
        };
        if is_omitted(a) || is_omitted(b) {
            self.found.cut = true;
            return;
        }
        match (a, b) {
            // AWS writes times as numbers, too, and owners as objects.
            (a, b) if kind == Kind::Time && std::mem::discriminant(a) == std::mem::discriminant(b) => {}
            (Value::Object(a), Value::Object(b)) => self.objects(path, kind, a, b),
            (Value::Array(a), Value::Array(b)) if self.is_unordered(path) => self.bags(path, a, b),
            (Value::Array(a), Value::Array(b)) if kind == Kind::Stored && is_set(path) => self.bags(path, a, b),
            (Value::Array(a), Value::Array(b)) => self.arrays(path, kind, a, b),
            (Value::String(text), Value::String(other)) if !self.texts(kind, text, other) => {
                self.differ(path, left, right);
            }
            (Value::String(_), Value::String(_)) => {}
            (a, b) if a != b => self.differ(path, left, right),
            _ => {}
        }
    }

    /// Whether the items at `path` have no order.
    fn is_unordered(&self, path: &str) -> bool {
        let below = self.unordered.and_then(|member| path.strip_prefix(member));
        below.is_some_and(|below| below.is_empty() || (below.starts_with('.') && !below.contains('[')))
    }

    fn differ(&mut self, path: &str, left: Option<&Value>, right: Option<&Value>) {
        let path = if path.is_empty() { "answer" } else { path };
        self.found.differences.push(Difference { path: path.to_owned(), left: left.cloned(), right: right.cloned() });
    }

    /// Whether two texts count as one.
    fn texts(&mut self, kind: Kind, left: &str, right: &str) -> bool {
        match kind {
            Kind::Time => true,
            Kind::Id => self.found.shapes || self.comparer.ids.pair(left, right),
            Kind::Url if !self.found.shapes => same_url(left, right),
            Kind::Url | Kind::Place if self.found.shapes => true,
            Kind::Place => {
                if left.contains("/stream/") && right.contains("/stream/") {
                    // Later calls name the stream so.
                    self.comparer.ids.pair(left, right);
                }
                let arns = &self.comparer.arns;
                arns.normal(left, self.regions[0]) == arns.normal(right, self.regions[1])
            }
            Kind::Plain | Kind::Stored | Kind::Url => {
                let (a, b) = (Text::of(left), Text::of(right));
                self.found.cut |= a.whole.is_some() || b.whole.is_some();
                left == right || a.fits(b)
            }
        }
    }

    fn objects(&mut self, path: &str, kind: Kind, left: &Map<String, Value>, right: &Map<String, Value>) {
        let lacks = [lacks_members(left), lacks_members(right)];
        self.found.cut |= lacks.contains(&true);
        let own = left.keys();
        let names = own.chain(right.keys().filter(|name| !left.contains_key(*name))).filter(|name| *name != "…");
        // What we say beside the data, such as the snapshot that was made before, is none of it.
        let names = names.filter(|name| *name != "note" || !path.is_empty() || kind == Kind::Stored);
        for name in names {
            let (a, b) = (left.get(name), right.get(name));
            if (a.is_none() && lacks[0]) || (b.is_none() && lacks[1]) {
                continue;
            }
            let kind = if kind == Kind::Stored { Kind::Stored } else { Kind::of(name) };
            if name == "LastEvaluatedKey"
                && let (Some(a), Some(b)) = (a, b)
            {
                self.comparer.ids.pair(&a.to_string(), &b.to_string());
            }
            let place = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            self.value(&place, kind, a, b);
        }
    }

    fn arrays(&mut self, path: &str, kind: Kind, left: &[Value], right: &[Value]) {
        let ((left, more_left), (right, more_right)) = (elements(left), elements(right));
        self.lengths(path, left.len() + more_left, right.len() + more_right, more_left + more_right > 0);
        // What was cut away may be anything.
        let left = &left[..if more_right > 0 { left.len().min(right.len()) } else { left.len() }];
        let right = &right[..if more_left > 0 { left.len().min(right.len()) } else { right.len() }];
        let names = |values: &[Value]| values.iter().map(|value| name(kind, value)).collect::<Vec<_>>();
        let (left_names, right_names) = (names(left), names(right));
        if left_names != right_names && sorted(&left_names) == sorted(&right_names) {
            let (left, right) = (Value::Array(left.to_vec()), Value::Array(right.to_vec()));
            return self.differ(&format!("{path} (order)"), Some(&left), Some(&right));
        }
        for op in capture_diff_slices(Algorithm::Myers, &left_names, &right_names) {
            let (mut a, mut b) = (op.old_range(), op.new_range());
            let apart =
                op.tag() == DiffTag::Replace && left[a.clone()].iter().any(|value| member_name(kind, value).is_some());
            loop {
                let place = |at: usize| format!("{path}[{at}]");
                match (a.next(), b.next()) {
                    (None, None) => break,
                    (Some(at), Some(other)) if !apart => {
                        self.value(&place(at), kind, left.get(at), right.get(other));
                    }
                    (at, other) => {
                        if let Some(at) = at {
                            self.differ(&place(at), left.get(at), None);
                        }
                        if let Some(other) = other {
                            self.differ(&place(other), None, right.get(other));
                        }
                    }
                }
            }
        }
    }

    /// Arrays whose order means nothing: what has its like on the other side is passed over.
    fn bags(&mut self, path: &str, left: &[Value], right: &[Value]) {
        let ((left, more_left), (right, more_right)) = (elements(left), elements(right));
        self.lengths(path, left.len() + more_left, right.len() + more_right, more_left + more_right > 0);
        let mut rest: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        for value in right {
            rest.entry(value.to_string()).or_default().push(value);
        }
        let mut lone: Vec<&Value> = left
            .iter()
            .filter(|value| rest.get_mut(&value.to_string()).is_none_or(|same| same.pop().is_none()))
            .collect();
        let mut rest: Vec<&Value> = rest.into_values().flatten().collect();
        if lone.len() * rest.len() <= ALIKE {
            // A cut text equals nothing, and may fit.
            lone.retain(|value| match rest.iter().position(|other| self.alike(value, other)) {
                Some(at) => {
                    rest.remove(at);
                    false
                }
                None => true,
            });
        }
        lone.sort_by_cached_key(ToString::to_string);
        if more_left > 0 {
            rest.clear();
        }
        if more_right > 0 {
            lone.clear();
        }
        for at in 0..lone.len().max(rest.len()) {
            self.value(&format!("{path}[{at}]"), Kind::Stored, lone.get(at).copied(), rest.get(at).copied());
        }
    }

    /// Of a cut array the length is known, and not what is missing.
    fn lengths(&mut self, path: &str, left: usize, right: usize, cut: bool) {
        self.found.cut |= cut;
        if cut && left != right {
            self.differ(&format!("{path}.length"), Some(&json!(left)), Some(&json!(right)));
        }
    }

    /// Whether two stored values differ in nothing that was recorded.
    fn alike(&mut self, left: &Value, right: &Value) -> bool {
        let (before, cut) = (self.found.differences.len(), self.found.cut);
        self.value("", Kind::Stored, Some(left), Some(right));
        let alike = self.found.differences.len() == before;
        if !alike {
            self.found.differences.truncate(before);
            self.found.cut = cut;
        }
        alike
    }
}

/// The most pairs of elements that are looked at for likeness.
const ALIKE: usize = 10_000;

fn sorted(names: &[String]) -> Vec<&String> {
    let mut sorted: Vec<_> = names.iter().collect();
    sorted.sort_unstable();
    sorted
}

/// What an element of an array is recognized by.
fn name(kind: Kind, value: &Value) -> String {
    member_name(kind, value).map_or_else(|| value.to_string(), str::to_owned)
}

/// The name of an object, a bucket or an index in a listing.
fn member_name(kind: Kind, value: &Value) -> Option<&str> {
    let named = |name: &&str| value.get(name).is_some_and(Value::is_string);
    let name = ["key", "name", "index", "Key", "Name", "Prefix", "IndexName", "AttributeName"]
        .into_iter()
        .find(named)
        .filter(|_| kind != Kind::Stored)?;
    value.get(name)?.as_str()
}

/// Whether one of DynamoDB's sets stands there, in natural JSON or in AWS's own.
fn is_set(path: &str) -> bool {
    matches!(path.rsplit('.').next(), Some("$ss" | "$ns" | "$bs" | "SS" | "NS" | "BS"))
}
