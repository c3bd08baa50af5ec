//! Reading documents as strictly as AWS does: what an operation does not take out of one makes it malformed.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use serde_json::{Map, Value};

use crate::emulator::error::AwsError;
use crate::emulator::s3::error::malformed_xml;

/// The deepest that S3's documents go, and some air. A reader that follows every depth can be made to overflow.
const DEEPEST: usize = 32;
/// The most elements: ten thousand parts of a completed upload, or a thousand keys to delete, are a third of it.
const MOST: usize = 200_000;

/// An element, whose content is taken out of it piece by piece.
#[derive(Debug, Default)]
pub(in crate::emulator::s3) struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

/// The root of a document, which has to be `root`, in whatever namespace.
pub(in crate::emulator::s3) fn read(document: &[u8], root: &str) -> Result<Element, AwsError> {
    parse(document).filter(|element| element.name == root).ok_or_else(malformed_xml)
}

/// What is in the root of any document: an object of an element's elements, a text where it has none. Those of the names
/// that `is_list` knows are arrays, however many there are. `None` where it is no document.
pub(in crate::emulator::s3) fn value_of(document: &[u8], is_list: fn(&str) -> bool) -> Option<Value> {
    parse(document).map(|root| root.into_value(is_list))
}

fn parse(document: &[u8]) -> Option<Element> {
    let mut reader = Reader::from_reader(document);
    // Open elements, outermost first, above a place for the root.
    let mut open = vec![Element::default()];
    let mut count = 0;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                count += 1;
                if count > MOST || open.len() > DEEPEST {
                    return None;
                }
                open.push(Element::named(start.local_name().as_ref())?);
            }
            Event::Empty(empty) => {
                count += 1;
                if count > MOST {
                    return None;
                }
                open.last_mut()?.children.push(Element::named(empty.local_name().as_ref())?);
            }
            // The reader itself sees to it that names match.
            Event::End(_) => {
                let done = open.pop()?;
                open.last_mut()?.children.push(done);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text.xml10_content().ok()?),
            Event::CData(data) => open.last_mut()?.text.push_str(&data.xml10_content().ok()?),
            Event::GeneralRef(reference) => push_reference(&mut open.last_mut()?.text, &reference)?,
            // What a document type declares nobody here reads.
            Event::DocType(_) => return None,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let [mut all] = <[Element; 1]>::try_from(open).ok()?;
    let root = all.children.pop()?;
    (all.children.is_empty() && all.text.trim().is_empty()).then_some(root)
}

fn push_reference(text: &mut String, reference: &BytesRef<'_>) -> Option<()> {
    if reference.is_char_ref() {
        text.push(reference.resolve_char_ref().ok()??);
    } else {
        text.push_str(resolve_predefined_entity(&reference.decode().ok()?)?);
    }
    Some(())
}

impl Element {
    fn into_value(self, is_list: fn(&str) -> bool) -> Value {
        if self.children.is_empty() {
            return Value::String(self.text);
        }
        let mut members = Map::new();
        for child in self.children {
            let (name, list) = (child.name.clone(), is_list(&child.name));
            let value = child.into_value(is_list);
            match members.get_mut(&name) {
                Some(Value::Array(values)) => values.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
                None if list => drop(members.insert(name, Value::Array(vec![value]))),
                None => drop(members.insert(name, value)),
            }
        }
        Value::Object(members)
    }

    fn named(name: &[u8]) -> Option<Self> {
        Some(Self { name: std::str::from_utf8(name).ok()?.to_owned(), ..Self::default() })
    }

    /// The child of this name; it may stand there once.
    pub(in crate::emulator::s3) fn take(&mut self, name: &str) -> Result<Option<Self>, AwsError> {
        let mut found = self.take_all(name);
        let first = found.pop();
        if found.is_empty() { Ok(first) } else { Err(malformed_xml()) }
    }

    /// Every child of this name, in order.
    pub(in crate::emulator::s3) fn take_all(&mut self, name: &str) -> Vec<Self> {
        let (found, rest) = std::mem::take(&mut self.children).into_iter().partition(|child| child.name == name);
        self.children = rest;
        found
    }

    /// The text of the child of this name.
    pub(in crate::emulator::s3) fn take_text(&mut self, name: &str) -> Result<Option<String>, AwsError> {
        self.take(name)?.map(Self::into_text).transpose()
    }

    /// The texts of all children of this name, in order.
    pub(in crate::emulator::s3) fn take_texts(&mut self, name: &str) -> Result<Vec<String>, AwsError> {
        self.take_all(name).into_iter().map(Self::into_text).collect()
    }

    /// The child of this name as a value, such as a number or `true`.
    pub(in crate::emulator::s3) fn take_value<T: std::str::FromStr>(
        &mut self,
        name: &str,
    ) -> Result<Option<T>, AwsError> {
        let value = |text: String| text.trim().parse().map_err(|_| malformed_xml());
        self.take_text(name)?.map(value).transpose()
    }

    /// The text of an element that has nothing else.
    pub(in crate::emulator::s3) fn into_text(self) -> Result<String, AwsError> {
        if self.children.is_empty() { Ok(self.text) } else { Err(malformed_xml()) }
    }

    /// Ends an element that has nothing but what was taken.
    pub(in crate::emulator::s3) fn end(self) -> Result<(), AwsError> {
        if self.children.is_empty() && self.text.trim().is_empty() { Ok(()) } else { Err(malformed_xml()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(document: &str) -> Option<String> {
        let mut root = read(document.as_bytes(), "Root").ok()?;
        let key = root.take_text("Key").ok()??;
        root.end().ok()?;
        Some(key)
    }

    #[test]
    fn text_is_what_it_stands_for() {
        for (given, expected) in [
            ("a&amp;b&lt;&gt;&quot;&apos;", "a&b<>\"'"),
            ("&#65;&#x1F600;&#128512;&#13;", "A😀😀\r"),
            ("<![CDATA[a<b&c]]>d", "a<b&cd"),
            (" spaces stay ", " spaces stay "),
            ("a<!-- not me -->b", "ab"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("", ""),
        ] {
            assert_eq!(key(&format!("<Root><Key>{given}</Key></Root>")).as_deref(), Some(expected), "{given}");
        }
        assert_eq!(key("<s:Root xmlns:s='urn:x'><s:Key>k</s:Key></s:Root>").as_deref(), Some("k"));
    }

    #[test]
    fn what_is_not_taken_makes_a_document_malformed() {
        let deep = format!("<Root>{}{}</Root>", "<a>".repeat(100), "</a>".repeat(100));
        let wide = format!("<Root>{}</Root>", "<a/>".repeat(MOST));
        for document in [
            "",
            "no xml",
            "<Root>",
            "<Root/><Root/>",
            "<Other><Key>k</Key></Other>",
            "<Root><Key>k</Key><Key>l</Key></Root>",
            "<Root><Key>k</Key><More/></Root>",
            "<Root>text<Key>k</Key></Root>",
            "<Root><Key>k<b/></Key></Root>",
            "<Root><Key>&unknown;</Key></Root>",
            "<Root><Key>&#xZZ;</Key></Root>",
            "<Root><Key>&#0;</Key></Root>",
            "<Root><Key>k</Root></Key>",
            "<!DOCTYPE Root [<!ENTITY k 'k'>]><Root><Key>k</Key></Root>",
            &deep,
            &wide,
        ] {
            assert_eq!(key(document), None, "{}", &document[..document.len().min(80)]);
        }
    }
}
