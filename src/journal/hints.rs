//! Whether a text may hold a secret, in one pass over its bytes: most hold none, and every text that is recorded is
//! looked at.

/// A word of which one must occur, case aside, for a look to match.
#[derive(Debug, Clone, Copy)]
struct Hint {
    /// In lower case, of at least two bytes.
    word: &'static [u8],
    /// The look that it stands for.
    look: usize,
}

/// What was seen in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sight {
    /// The looks whose hints occur, a bit each.
    looks: u32,
    /// The characters of [`SIGNS`] that occur, a bit each.
    signs: u8,
    /// The longest run of characters that tokens are made of.
    pub(super) run: usize,
}

impl Sight {
    /// Whether a look may match, which needs one of these signs, or none where there are none.
    pub(super) fn shows(self, look: usize, signs: &[u8]) -> bool {
        self.looks & (1 << look) != 0 && (signs.is_empty() || self.has(signs))
    }

    /// Whether one of these signs occurs.
    pub(super) fn has(self, signs: &[u8]) -> bool {
        signs.iter().any(|sign| self.signs & bit_of(*sign) != 0)
    }
}

/// Characters without which some looks do not match.
const SIGNS: [u8; 5] = [b'=', b':', b'<', b'@', b'-'];

fn bit_of(sign: u8) -> u8 {
    SIGNS.iter().position(|known| *known == sign).map_or(0, |at| 1 << at)
}

/// Whether tokens are made of it, as far as it is ASCII.
pub(super) fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b'~')
}

/// All hints, found by their first two bytes.
#[derive(Debug)]
pub(super) struct Hints {
    /// Sorted by their words.
    sorted: Vec<Hint>,
    /// For each pair of bytes, whether a word begins so.
    begins: Vec<u64>,
    /// Of each byte, what it is in lower case, its sign and whether it is of tokens.
    bytes: [(u8, u8, bool); 256],
}

impl Hints {
    /// The hints of each look, in lower case.
    pub(super) fn new(looks: impl Iterator<Item = &'static [&'static str]>) -> Self {
        let words = |(look, words): (usize, &'static [&'static str])| {
            words.iter().map(move |word| Hint { word: word.as_bytes(), look })
        };
        let mut sorted: Vec<Hint> = looks.enumerate().flat_map(words).collect();
        sorted.sort_unstable_by_key(|hint| hint.word);
        let mut begins = vec![0; 1 << 10];
        for hint in &sorted {
            let pair = pair(hint.word[0], hint.word[1]);
            begins[pair >> 6] |= 1_u64 << (pair & 63);
        }
        let mut bytes = [(0, 0, false); 256];
        for (byte, known) in (0..=u8::MAX).zip(&mut bytes) {
            *known = (byte.to_ascii_lowercase(), bit_of(byte), is_of_token(byte));
        }
        Self { sorted, begins, bytes }
    }

    /// Looks through `text`.
    pub(super) fn look(&self, text: &str) -> Sight {
        let text = text.as_bytes();
        let mut sight = Sight { looks: 0, signs: 0, run: 0 };
        let (mut run, mut before) = (0, 0);
        for (at, byte) in text.iter().enumerate() {
            let (lower, sign, is_of_token) = self.bytes[usize::from(*byte)];
            sight.signs |= sign;
            run = if is_of_token { run + 1 } else { 0 };
            sight.run = sight.run.max(run);
            let pair = pair(before, lower);
            if self.begins[pair >> 6] & (1 << (pair & 63)) != 0 && at > 0 {
                sight.looks |= self.at(&text[at - 1..]);
            }
            before = lower;
        }
        sight
    }

    /// The looks of which a hint stands at the beginning of `rest`.
    fn at(&self, rest: &[u8]) -> u32 {
        let first = [rest[0].to_ascii_lowercase(), rest[1].to_ascii_lowercase()];
        let from = self.sorted.partition_point(|hint| hint.word[..2] < first[..]);
        let alike = self.sorted[from..].iter().take_while(|hint| hint.word[..2] == first);
        let stands =
            |hint: &&Hint| rest.len() >= hint.word.len() && rest[..hint.word.len()].eq_ignore_ascii_case(hint.word);
        alike.filter(stands).fold(0, |looks, hint| looks | 1 << hint.look)
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Hints, is_of_token};

    static LOOKS: [&[&str]; 4] = [&["key", "keys"], &["://"], &["</", "token="], &["private key"]];

    fn hints() -> Hints {
        Hints::new(LOOKS.into_iter())
    }

    proptest! {
        #[test]
        fn a_look_is_seen_where_one_of_its_hints_occurs(text in "([kKeEyYs:/<>=@ é_-]|://|</|TOKEN=|Private KEY|[a-z]){0,30}") {
            let sight = hints().look(&text);
            let lower = text.to_ascii_lowercase();
            for (look, words) in LOOKS.iter().enumerate() {
                prop_assert_eq!(sight.shows(look, &[]), words.iter().any(|word| lower.contains(word)), "{}", look);
            }
            for sign in [b'=', b':', b'<', b'@', b'-'] {
                prop_assert_eq!(sight.shows(0, &[sign]), sight.shows(0, &[]) && text.contains(char::from(sign)));
            }
            let longest = text.split(|c: char| !c.is_ascii() || !is_of_token(c as u8)).map(str::len).max();
            prop_assert_eq!(Some(sight.run), longest);
        }
    }
}
