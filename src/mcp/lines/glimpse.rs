//! What can be seen of a line that cannot be read: its id above all.

use serde_json::Value;

use super::reader::TAIL;

/// JSON nested deeper than this is not read.
pub(super) const DEEPEST: usize = 127;

/// What can be seen of an unreadable line.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Glimpse {
    /// The id that an answer must carry: a string or a number.
    pub(super) id: Option<Value>,
    /// Whether the sender expects an answer: it is neither a response nor, by its name, a notification.
    pub(super) asks: bool,
    /// Whether it is nested deeper than [`DEEPEST`].
    pub(super) deep: bool,
}

/// Looks through `line`, or through the `head` and `tail` of a longer one.
pub(super) fn of(line: &[u8], tail: Option<&[u8]>) -> Glimpse {
    let mut scan = Scan { bytes: line, at: 0 };
    let mut seen = Seen::default();
    // Where no string stands open, the whole line was seen, and an id at its end is that of something inside.
    let open = scan.message(&mut seen).is_none();
    let end = line.get(line.len().saturating_sub(TAIL)..).filter(|_| open);
    let id = seen.id.or_else(|| id_at_the_end(tail.or(end)?));
    let notifies = id.is_none() && seen.method.is_some_and(|method| method.starts_with("notifications/"));
    Glimpse { id, asks: !seen.responds && !notifies, deep: seen.depth > DEEPEST }
}

#[derive(Debug, Default)]
struct Seen {
    id: Option<Value>,
    method: Option<String>,
    responds: bool,
    depth: usize,
}

/// A walk over bytes that may be JSON for a while.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Goes through the members of the outermost object, and through what they hold only for its end. `None` where the
    /// bytes end in a string.
    fn message(&mut self, seen: &mut Seen) -> Option<()> {
        let (mut depth, mut names) = (0_usize, false);
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    let text = self.string()?;
                    if depth == 1 && names {
                        self.space();
                        if self.peek() == Some(b':') {
                            self.at += 1;
                            self.member(text, seen)?;
                            names = false;
                        }
                    }
                    continue;
                }
                b'{' | b'[' => {
                    depth += 1;
                    seen.depth = seen.depth.max(depth);
                    names = depth == 1 && byte == b'{';
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                    names = false;
                }
                b',' => names = depth == 1,
                _ => {}
            }
            self.at += 1;
        }
        Some(())
    }

    /// Looks at the value of a member of the message, and stays before it where it is not a plain one. `None` where
    /// the bytes end in a string.
    fn member(&mut self, name: &[u8], seen: &mut Seen) -> Option<()> {
        self.space();
        match name {
            br#""id""# if seen.id.is_none() => seen.id = Some(self.plain()?).filter(answerable),
            br#""method""# => {
                if let Value::String(method) = self.plain()? {
                    seen.method = Some(method);
                }
            }
            br#""result""# | br#""error""# => seen.responds |= seen.method.is_none(),
            _ => {}
        }
        Some(())
    }

    /// A string, a number, `true` or `false`, where one comes next, else `Null`. `None` where the bytes end in a string.
    fn plain(&mut self) -> Option<Value> {
        if self.peek() == Some(b'"') {
            return self.string().map(|text| serde_json::from_slice(text).unwrap_or_default());
        }
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
            self.at += 1;
        }
        // A number that the end of the bytes cuts off is not the whole of it.
        let word = self.bytes.get(start..self.at).filter(|_| self.peek().is_some());
        Some(word.and_then(|word| serde_json::from_slice(word).ok()).unwrap_or_default())
    }

    /// A string with its quotes. `None` where it has no end.
    fn string(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek()? {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return self.bytes.get(start..self.at);
                }
                _ => self.at += 1,
            }
        }
    }
}

fn answerable(id: &Value) -> bool {
    id.is_string() || id.is_number()
}

/// The id of a message that ends with it, or with its method and version after it.
fn id_at_the_end(tail: &[u8]) -> Option<Value> {
    const NAME: &[u8] = br#""id""#;
    let starts = (0..tail.len()).rev().filter(|&at| tail.get(at..).is_some_and(|rest| rest.starts_with(NAME)));
    starts.into_iter().find_map(|at| {
        let mut scan = Scan { bytes: tail, at: at + NAME.len() };
        scan.space();
        let id = scan.after(b':').then(|| scan.plain()).flatten().filter(answerable)?;
        while scan.after(b',') {
            let name = scan.text()?;
            let known = matches!(name, br#""method""# | br#""jsonrpc""#);
            if !(known && scan.after(b':') && scan.text().is_some()) {
                return None;
            }
        }
        (scan.after(b'}') && scan.at == tail.len()).then_some(id)
    })
}

impl<'a> Scan<'a> {
    /// Whether `byte` comes next, which is then behind, with the space round it.
    fn after(&mut self, byte: u8) -> bool {
        self.space();
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.at += 1;
            self.space();
        }
        is_next
    }

    /// A string that comes next.
    fn text(&mut self) -> Option<&'a [u8]> {
        if self.peek() == Some(b'"') { self.string() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_id_is_found_wherever_it_stands_and_whatever_is_broken() {
        let cases: [(&str, Value); 17] = [
            (r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"#, json!(7)),
            (r#"{"id" : "a\"b" , "params": {"id": 3}, oops"#, json!("a\"b")),
            (r#"{"params":{"id":3,"more":["]}"]},"id":4,"#, json!(4)),
            (r#"{"params":{"text":"a " quote"},"id":"x","method":"m","jsonrpc":"2.0"}"#, json!("x")),
            (r#"{"params":{"text":"open, "id": 12}"#, json!(12)),
            (r#"{"id":1.5,"method":}"#, json!(1.5)),
            (r#"{"id":-3e2,"method":}"#, json!(-300.0)),
            (r#"{"method":"tools/list""#, Value::Null),
            (r#"{"id":null,"method":"#, Value::Null),
            (r#"{"id":{"id":5},"method":"#, Value::Null),
            (r#"{"params":{"id":5},"#, Value::Null),
            (r#"{"id":12"#, Value::Null),
            (r#"{"params":{"deep":{"id":5}}"#, Value::Null),
            (r#"{"params":{"id":5}"#, Value::Null),
            ("hello?", Value::Null),
            (r#""id":5"#, Value::Null),
            ("", Value::Null),
        ];
        for (line, id) in cases {
            assert_eq!(of(line.as_bytes(), None).id.unwrap_or_default(), id, "{line}");
        }
    }

    #[test]
    fn responses_and_notifications_ask_for_nothing() {
        let asks = |line: &str| of(line.as_bytes(), None).asks;
        assert!(!asks(r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"#));
        assert!(!asks(r#"{"jsonrpc":"2.0","id":3,"result":{"#));
        assert!(!asks(r#"{"id":3,"error":{"message":"#));
        assert!(asks(r#"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"result":{"#));
        assert!(asks("hello?"));
    }

    proptest! {
        /// Wherever a request is cut off, what is found is its own id or none, and from its id on it is found.
        #[test]
        fn a_request_that_is_cut_off_has_its_own_id_or_none(
            id in prop_oneof![(1..9_999_i64).prop_map(Value::from), "[a-z\"\\\\]{1,6}".prop_map(Value::from)],
            inner in prop_oneof![Just(json!({"id": -5})), Just(json!([{"id": "x"}, "\"id\":-6}"])), Just(json!("}{]["))],
            first in any::<bool>(),
            cut in any::<prop::sample::Index>(),
        ) {
            let head = format!(r#""jsonrpc":"2.0","id":{id}"#);
            let params = format!(r#""method":"tools/call","params":{}"#, json!({"arguments": inner, "name": "t"}));
            let line = if first { format!("{{{head},{params}}}") } else { format!("{{{params},{head}}}") };
            let cut = cut.index(line.len());
            let seen = of(&line.as_bytes()[..cut], None);
            prop_assert!(seen.id.as_ref().is_none_or(|found| *found == id), "{:?} in {line} cut at {cut}", seen.id);
            prop_assert!(!(first && cut > head.len() + 1) || seen.id == Some(id), "nothing in {line} cut at {cut}");
            prop_assert!(seen.asks);
        }

        /// Nothing that comes in is too strange to be looked at.
        #[test]
        fn bytes_of_any_kind_are_looked_at(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            of(&bytes, None);
            of(&bytes, Some(&bytes));
        }
    }

    #[test]
    fn nesting_is_counted_to_where_the_reader_gives_up() {
        for (depth, deep) in [(DEEPEST, false), (DEEPEST + 1, true)] {
            let line = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            assert_eq!(of(line.as_bytes(), None).deep, deep);
            assert_eq!(serde_json::from_str::<Value>(&line).is_err(), deep);
        }
    }
}
