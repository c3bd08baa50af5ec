//! A JSON value as far as it may be recorded: borrowed where it can be, and no larger than what is kept of it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

/// Levels of nesting that are recorded.
pub(super) const DEPTH: usize = 32;

/// Members that are looked at however long the rest is: what DynamoDB says of an answer as a whole.
pub(super) const ALWAYS: [&str; 6] =
    ["ConsumedCapacity", "Count", "LastEvaluatedKey", "ScannedCount", "UnprocessedItems", "UnprocessedKeys"];

/// A value.
#[derive(Debug, PartialEq)]
pub(super) enum Node<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    /// The beginning of a text of so many bytes.
    Begun(Cow<'a, str>, u64),
    /// Elements, and how many more there were.
    Array(Vec<Node<'a>>, usize),
    /// Members, and how many more there were.
    Object(Vec<Member<'a>>, usize),
    /// Nested deeper than is recorded.
    Deep,
}

/// A member of an object.
pub(super) type Member<'a> = (Cow<'a, str>, Node<'a>);

/// How much is taken over of a value that is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// Bytes of all names and texts.
    pub(super) total: usize,
    /// Bytes that count of one text.
    pub(super) string: usize,
    /// Elements of one array.
    pub(super) elements: usize,
}

impl<'a> Node<'a> {
    /// `value`, with at most `elements` of each array.
    pub(super) fn of(value: &'a Value, elements: usize) -> Self {
        Self::at(value, elements, 0)
    }

    fn at(value: &'a Value, elements: usize, depth: usize) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Array(_) | Value::Object(_) if depth > DEPTH => Self::Deep,
            Value::Array(all) => {
                let kept: Vec<_> = all.iter().take(elements).map(|one| Self::at(one, elements, depth + 1)).collect();
                let more = all.len() - kept.len();
                Self::Array(kept, more)
            }
            Value::Object(members) => {
                let member =
                    |(name, value)| (Cow::Borrowed(String::as_str(name)), Self::at(value, elements, depth + 1));
                Self::Object(members.iter().map(member).collect(), 0)
            }
        }
    }

    /// Reads JSON. What there is no room for is counted and not kept, but for what is [`ALWAYS`] looked at. `None` for
    /// what is no JSON.
    pub(super) fn read(json: &'a [u8], room: Room) -> Option<Self> {
        let mut reading = Reading { room, left: room.total };
        let mut source = serde_json::Deserializer::from_slice(json);
        let node = Seed { reading: &mut reading, depth: 0 }.deserialize(&mut source).ok()?;
        source.end().ok()?;
        Some(node)
    }

    /// A text.
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// The text, where it is one.
    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Begun(text, _) => Some(text),
            _ => None,
        }
    }

    /// The same, borrowed from it.
    pub(super) fn borrowed(&'a self) -> Node<'a> {
        match self {
            Self::Null => Self::Null,
            Self::Bool(flag) => Self::Bool(*flag),
            Self::Number(number) => Self::Number(number.clone()),
            Self::Text(text) => Self::Text(Cow::Borrowed(text)),
            Self::Begun(text, length) => Self::Begun(Cow::Borrowed(text), *length),
            Self::Array(elements, more) => Self::Array(elements.iter().map(Self::borrowed).collect(), *more),
            Self::Object(members, more) => {
                let member = |(name, node): &'a Member<'a>| (Cow::Borrowed(&**name), node.borrowed());
                Self::Object(members.iter().map(member).collect(), *more)
            }
            Self::Deep => Self::Deep,
        }
    }

    /// The members, where it is an object.
    pub(super) fn members(&self) -> Option<&[Member<'a>]> {
        match self {
            Self::Object(members, _) => Some(members),
            _ => None,
        }
    }
}

struct Reading {
    room: Room,
    left: usize,
}

impl Reading {
    fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }
}

struct Seed<'r> {
    reading: &'r mut Reading,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn deserialize<D: serde::Deserializer<'de>>(self, source: D) -> Result<Node<'de>, D::Error> {
        if self.depth > DEPTH {
            source.deserialize_ignored_any(IgnoredAny)?;
            return Ok(Node::Deep);
        }
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node<'de>, E> {
        Ok(Node::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node<'de>, E> {
        Ok(Node::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node<'de>, E> {
        Ok(Number::from_f64(number).map_or(Node::Null, Node::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        self.reading.spend(text.len().min(self.reading.room.string));
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        self.reading.spend(text.len().min(self.reading.room.string));
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Node<'de>, A::Error> {
        let Self { reading, depth } = self;
        let (mut kept, mut more) = (Vec::new(), 0);
        loop {
            if kept.len() == reading.room.elements || reading.left == 0 {
                match elements.next_element::<IgnoredAny>()? {
                    Some(_) => more += 1,
                    None => return Ok(Node::Array(kept, more)),
                }
                continue;
            }
            reading.spend(2);
            match elements.next_element_seed(Seed { reading, depth: depth + 1 })? {
                Some(node) => kept.push(node),
                None => return Ok(Node::Array(kept, more)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node<'de>, A::Error> {
        /// Of members that are looked at when the rest has taken all room.
        const SPARE: usize = 2 << 10;
        let Self { reading, depth } = self;
        let (mut kept, mut more) = (Vec::new(), 0);
        while let Some(name) = members.next_key_seed(Name)? {
            let spare = reading.left == 0;
            if spare && (depth > 0 || !ALWAYS.contains(&&*name)) {
                members.next_value::<IgnoredAny>()?;
                more += 1;
                continue;
            }
            if spare {
                reading.left = SPARE;
            }
            reading.spend(name.len() + 4);
            let node = members.next_value_seed(Seed { reading, depth: depth + 1 })?;
            if spare {
                reading.left = 0;
            }
            kept.push((name, node));
        }
        Ok(Node::Object(kept, more))
    }
}

/// A member's name.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: serde::Deserializer<'de>>(self, source: D) -> Result<Cow<'de, str>, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Node, Room};

    const ROOM: Room = Room { total: 4096, string: 1024, elements: 10 };

    #[test]
    fn what_is_read_is_what_is_converted() {
        for value in [
            json!({"Item": {"pk": {"S": "a\u{e9}\n"}, "n": {"N": "1.50"}, "l": {"L": [{"BOOL": true}, {"NULL": true}]}}}),
            json!([1, -2, 0.5, null, "x", u64::MAX]),
            json!("text"),
            (0..20).fold(json!(1), |inner, _| json!([inner])),
        ] {
            let text = value.to_string();
            assert_eq!(Node::read(text.as_bytes(), ROOM), Some(Node::of(&value, 10)));
        }
        assert_eq!(Node::read(b"{\"a\":", ROOM), None);
        assert_eq!(Node::read(b"{} x", ROOM), None);
        assert_eq!(Node::read(b"\xff", ROOM), None);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let items: Vec<Value> = (0..1000).map(|n| json!({"pk": {"S": format!("{n:01000}")}})).collect();
        let answer = json!({"Items": items, "Other": "x", "Count": 1000, "LastEvaluatedKey": {"pk": {"S": "z"}}});
        let text = answer.to_string();
        let Some(Node::Object(members, more)) = Node::read(text.as_bytes(), ROOM) else { panic!("an object") };
        let names: Vec<&str> = members.iter().map(|(name, _)| &**name).collect();
        assert_eq!((names, more), (vec!["Items", "Count", "LastEvaluatedKey"], 1));
        let Node::Array(kept, more) = &members[0].1 else { panic!("an array") };
        assert_eq!((kept.len(), *more), (5, 995));
        assert_eq!(members[1].1, Node::Number(1000.into()));
    }
}
