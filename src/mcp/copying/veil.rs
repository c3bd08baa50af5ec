//! Fields that do not travel as they are: masked, hashed, or put in the place of by made-up ones.
//!
//! What is hashed or made up follows from the value and a secret alone, so that the same value becomes the same one
//! wherever it stands, and what referred to it still does. Types stay: a number becomes a number, since keys have types.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::json::Item;

/// What a hash and a made-up value are made with.
#[derive(Clone)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    /// Nobody else's.
    pub(crate) fn random() -> Self {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(uuid::Uuid::new_v4().as_bytes());
        bytes[16..].copy_from_slice(uuid::Uuid::new_v4().as_bytes());
        Self(bytes)
    }

    /// The same for the same bytes, so that copies made at different times join.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(Sha256::digest(bytes).into())
    }

    fn digest(&self, purpose: &str, value: &[u8]) -> [u8; 32] {
        let mut bytes = [0; 32];
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) {
            mac.update(purpose.as_bytes());
            mac.update(&[0]);
            mac.update(value);
            bytes.copy_from_slice(&mac.finalize().into_bytes());
        }
        bytes
    }
}

/// What becomes of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Veil {
    Mask,
    Hash,
    Fake,
}

/// Which fields are veiled, and how.
pub(crate) struct Veils {
    fields: Vec<(Vec<String>, Veil)>,
    secret: Secret,
}

impl Veils {
    /// Fields to mask, to hash and to make up: attributes, or members of maps as `address.email`; in lists, of each element.
    ///
    /// # Errors
    /// A field that is named twice, or not at all.
    pub(crate) fn new(mask: &[String], hash: &[String], fake: &[String], secret: Secret) -> Result<Self, String> {
        let mut fields: Vec<(Vec<String>, Veil)> = Vec::new();
        for (names, veil) in [(mask, Veil::Mask), (hash, Veil::Hash), (fake, Veil::Fake)] {
            for name in names {
                let path: Vec<String> = name.split('.').map(str::to_owned).collect();
                if path.iter().any(String::is_empty) {
                    return Err(format!("{name:?} is no attribute"));
                }
                if fields.iter().any(|(known, _)| *known == path) {
                    return Err(format!("{name} is named twice"));
                }
                fields.push((path, veil));
            }
        }
        Ok(Self { fields, secret })
    }

    /// Whether nothing is veiled.
    pub(crate) fn is_none(&self) -> bool {
        self.fields.is_empty()
    }

    /// What of a key cannot be veiled so: with a constant in it, or a made-up value, items would fall together.
    pub(crate) fn fault(&self, keys: &[String]) -> Option<String> {
        let key =
            |(path, veil): &&(Vec<String>, Veil)| *veil != Veil::Hash && path.len() == 1 && keys.contains(&path[0]);
        let (path, veil) = self.fields.iter().find(key)?;
        let what = if *veil == Veil::Mask { "mask" } else { "fake" };
        Some(format!("{what}: {} is part of the key, and items would fall together; hash keeps them apart", path[0]))
    }

    /// Veils an item's fields.
    pub(crate) fn over(&self, item: &mut Item) {
        for (path, veil) in &self.fields {
            let Some((first, rest)) = path.split_first() else { continue };
            if let Some(value) = item.get_mut(first) {
                self.within(value, rest, path.last().map_or("", String::as_str), *veil);
            }
        }
    }

    fn within(&self, value: &mut AttributeValue, path: &[String], name: &str, veil: Veil) {
        match (path.split_first(), value) {
            (None, value) => self.veil(value, name, veil),
            (Some(_), AttributeValue::L(values)) => {
                for value in values {
                    self.within(value, path, name, veil);
                }
            }
            (Some((first, rest)), AttributeValue::M(map)) => {
                if let Some(value) = map.get_mut(first) {
                    self.within(value, rest, name, veil);
                }
            }
            _ => {}
        }
    }

    /// Veils a value, and all that it consists of.
    fn veil(&self, value: &mut AttributeValue, name: &str, veil: Veil) {
        match value {
            AttributeValue::S(text) => *text = self.text(text, name, veil),
            AttributeValue::N(number) => *number = self.number(number, veil),
            AttributeValue::B(bytes) => *bytes = self.bytes(bytes, veil),
            AttributeValue::Ss(texts) => {
                distinct(texts.iter_mut().map(|text| self.text(text, name, veil)).collect(), texts);
            }
            AttributeValue::Ns(numbers) => {
                distinct(numbers.iter().map(|number| self.number(number, veil)).collect(), numbers);
            }
            AttributeValue::Bs(all) => distinct(all.iter().map(|bytes| self.bytes(bytes, veil)).collect(), all),
            AttributeValue::Bool(flag) => *flag = false,
            AttributeValue::L(values) => values.iter_mut().for_each(|value| self.veil(value, name, veil)),
            AttributeValue::M(map) => {
                for (name, value) in map.iter_mut() {
                    self.veil(value, name, veil);
                }
            }
            _ => {}
        }
    }

    fn text(&self, text: &str, name: &str, veil: Veil) -> String {
        match veil {
            // An empty text tells nothing.
            _ if text.is_empty() => String::new(),
            Veil::Mask => "***".to_owned(),
            Veil::Hash => hex(&self.secret.digest("text", text.as_bytes())[..16]),
            Veil::Fake => self.made_up(text, name),
        }
    }

    /// A whole number of 15 digits, which JSON carries and DynamoDB keeps.
    fn number(&self, number: &str, veil: Veil) -> String {
        if veil == Veil::Mask {
            return "0".to_owned();
        }
        let plain = plain_number(number);
        let digest = self.secret.digest("number", plain.as_bytes());
        let drawn = digest[..8].iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
        if veil == Veil::Hash {
            return (100_000_000_000_000 + drawn % 900_000_000_000_000).to_string();
        }
        self.shaped(&plain, &digest)
    }

    fn bytes(&self, bytes: &Blob, veil: Veil) -> Blob {
        match veil {
            Veil::Mask => Blob::new([0]),
            Veil::Hash | Veil::Fake => Blob::new(&self.secret.digest("bytes", bytes.as_ref())[..16]),
        }
    }

    /// Something that could be the value of a field of this name, and is not.
    fn made_up(&self, text: &str, name: &str) -> String {
        let digest = self.secret.digest("text", text.as_bytes());
        let pick = |from: &[&str], at: usize| from[usize::from(digest[at]) % from.len()].to_owned();
        let name = name.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if text.contains('@') && !text.contains(char::is_whitespace) || has(&["email", "e_mail"]) {
            let (first, last) = (pick(&FIRST, 0).to_lowercase(), pick(&LAST, 1).to_lowercase());
            return format!("{first}.{last}.{}@example.com", hex(&digest[2..5]));
        }
        if has(&["first", "given"]) {
            return pick(&FIRST, 0);
        }
        if has(&["last", "surname", "family"]) {
            return pick(&LAST, 1);
        }
        if has(&["name"]) && !has(&["user_name", "username", "file", "host", "table", "bucket"]) {
            return format!("{} {}", pick(&FIRST, 0), pick(&LAST, 1));
        }
        self.shaped(text, &digest)
    }

    /// Other letters for letters and other digits for digits; what stands between them stays.
    fn shaped(&self, text: &str, digest: &[u8; 32]) -> String {
        let mut stream = digest.to_vec();
        let mut at = 0;
        let mut next = || {
            if at == stream.len() {
                stream = self.secret.digest("more", &stream).to_vec();
                at = 0;
            }
            at += 1;
            stream[at - 1]
        };
        let mut first = true;
        let other = |c: char| {
            let of = |start: u8, count: u8, byte: u8| char::from(start + byte % count);
            let made = match c {
                // A number does not begin with a nought that it did not have.
                '1'..='9' if first => of(b'1', 9, next()),
                '0'..='9' => of(b'0', 10, next()),
                'A'..='Z' => of(b'A', 26, next()),
                'a'..='z' => of(b'a', 26, next()),
                c if c.is_alphanumeric() => of(b'a', 26, next()),
                c => return c,
            };
            first = false;
            made
        };
        text.chars().map(other).collect()
    }
}

/// Puts the values of a set in the place of others, each once: two may have become one.
fn distinct<T: PartialEq>(values: Vec<T>, set: &mut Vec<T>) {
    set.clear();
    for value in values {
        if !set.contains(&value) {
            set.push(value);
        }
    }
}

/// Equal numbers alike: DynamoDB gives `1.0` back as `1`.
fn plain_number(text: &str) -> String {
    text.trim_start_matches('+').to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

const FIRST: [&str; 16] = [
    "Ada", "Bela", "Cora", "Dario", "Elif", "Femi", "Goran", "Hana", "Ines", "Jonas", "Kofi", "Lena", "Mira", "Noor",
    "Otto", "Pia",
];
const LAST: [&str; 16] = [
    "Adler", "Brandt", "Costa", "Dahl", "Eriksen", "Fontana", "Georgiou", "Horvat", "Ito", "Jansen", "Kowalski",
    "Lindgren", "Moreau", "Novak", "Okafor", "Petrov",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::json;

    fn veiled(veils: &Veils, item: &Value) -> Value {
        let mut item = json::to_item(item, "item").unwrap();
        veils.over(&mut item);
        json::from_item(&item).unwrap()
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_is_named_is_veiled_and_nothing_else() {
        let veils = Veils::new(
            &names(&["note", "a.b"]),
            &names(&["user_id", "n"]),
            &names(&["email", "people.name"]),
            Secret::of(b"x"),
        )
        .unwrap();
        let item = json!({
            "pk": "1", "note": "secret", "user_id": "u1", "n": 5, "email": "eve@corp.com", "a": {"b": [true, 7, "x"], "c": 1},
            "people": [{"name": "Eve", "age": 5}, {"name": "Eve"}],
        });
        let out = veiled(&veils, &item);
        assert_eq!(
            (&out["pk"], &out["note"], &out["a"]),
            (&json!("1"), &json!("***"), &json!({"b": [false, 0, "***"], "c": 1}))
        );
        assert_eq!(out["user_id"].as_str().unwrap().len(), 32);
        assert!(out["n"].as_u64().unwrap() > 99_999_999_999_999);
        assert!(out["email"].as_str().unwrap().ends_with("@example.com"));
        assert_eq!(out["people"][0]["name"], out["people"][1]["name"]);
        assert_eq!(out["people"][0]["age"], 5);
        assert!(!out.to_string().contains("eve@corp") && !out.to_string().contains("Eve\""));
    }

    #[test]
    fn keys_are_hashed_or_left() {
        let with = |mask: &[&str], hash: &[&str], fake: &[&str]| {
            Veils::new(&names(mask), &names(hash), &names(fake), Secret::of(b"x")).unwrap()
        };
        let keys = names(&["pk"]);
        assert!(with(&["pk"], &[], &[]).fault(&keys).is_some());
        assert!(with(&[], &[], &["pk"]).fault(&keys).is_some());
        assert!(with(&["a"], &["pk"], &["b"]).fault(&keys).is_none());
        assert!(Veils::new(&names(&["a"]), &names(&["a"]), &[], Secret::of(b"x")).is_err());
        assert!(Veils::new(&names(&[""]), &[], &[], Secret::of(b"x")).is_err());
    }

    proptest! {
        #[test]
        fn the_same_value_becomes_the_same_one_and_others_stay_apart(a in "[a-z0-9@.-]{1,20}", b in "[a-z0-9@.-]{1,20}") {
            let veils = Veils::new(&[], &names(&["id", "ref"]), &names(&["email"]), Secret::of(b"x")).unwrap();
            let one = veiled(&veils, &json!({"id": a, "email": a}));
            let other = veiled(&veils, &json!({"ref": b, "email": b}));
            prop_assert_eq!(one["id"] == other["ref"], a == b);
            prop_assert!(a != b || one["email"] == other["email"]);
            let elsewhere = Veils::new(&[], &names(&["id"]), &[], Secret::of(b"y")).unwrap();
            prop_assert_ne!(&veiled(&elsewhere, &json!({"id": a}))["id"], &one["id"], "another secret");
        }

        #[test]
        fn types_and_shapes_stay(text in "[A-Za-z0-9 +-]{0,40}", number in any::<i32>()) {
            let veils = Veils::new(&[], &[], &names(&["t", "n"]), Secret::of(b"x")).unwrap();
            let out = veiled(&veils, &json!({"t": text, "n": number}));
            let shape = |text: &str| text.chars().map(|c| if c.is_ascii_digit() { '9' } else if c.is_ascii_uppercase() { 'A' } else if c.is_ascii_lowercase() { 'a' } else { c }).collect::<String>();
            prop_assert_eq!(shape(out["t"].as_str().unwrap()), shape(&text));
            prop_assert!(out["n"].is_i64());
        }
    }
}
