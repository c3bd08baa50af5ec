//! Whether a text may hold a secret, in passes over its bytes that are cheaper than the patterns: most texts hold none, and
//! every text that is recorded is looked at.

use super::token::SHORTEST;

/// What a pattern needs of a text to match there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needs {
    /// One of these words, case aside; in lower case, of at least two bytes.
    pub(super) hints: &'static [&'static str],
    /// One of these characters, of [`SIGNS`], where there are any.
    pub(super) signs: &'static [u8],
    /// A run of what tokens are made of that may be one. What needs neither that nor a sign matches no shorter text.
    pub(super) run: bool,
}

/// What was seen in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sight {
    /// The looks that may match, a bit each.
    looks: u32,
    /// The characters of [`SIGNS`] that occur, a bit each.
    signs: u8,
    /// Whether there is a run of what tokens are made of that may be one.
    pub(super) run: bool,
}

impl Sight {
    /// Whether a look may match.
    pub(super) fn shows(self, look: usize) -> bool {
        self.looks & (1 << look) != 0
    }

    /// As if everything were there.
    #[cfg(test)]
    pub(super) const ALL: Self = Self { looks: u32::MAX, signs: u8::MAX, run: true };

    /// Whether one of these signs occurs.
    pub(super) fn has(self, signs: &[u8]) -> bool {
        self.signs & bits_of(signs) != 0
    }
}

/// Characters without which some looks do not match.
const SIGNS: [u8; 5] = [b'=', b':', b'<', b'@', b'-'];

fn bits_of(signs: &[u8]) -> u8 {
    (0..).zip(SIGNS).filter(|(_, sign)| signs.contains(sign)).fold(0, |bits, (at, _)| bits | 1 << at)
}

/// The signs that occur, a bit each.
fn signs_in(text: &[u8]) -> u8 {
    (0..).zip(SIGNS).filter(|(_, sign)| memchr::memchr(*sign, text).is_some()).fold(0, |bits, (at, _)| bits | 1 << at)
}

/// Whether tokens are made of it, as far as it is ASCII.
pub(super) fn is_of_token(byte: u8) -> bool {
    OF_TOKENS[usize::from(byte)]
}

static OF_TOKENS: [bool; 256] = {
    let (mut of_tokens, mut byte) = ([false; 256], 0_u8);
    while byte < 128 {
        of_tokens[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b'~');
        byte += 1;
    }
    of_tokens
};

/// Whether there are so many characters of tokens in a row, at least one.
pub(super) fn has_run(text: &str, length: usize) -> bool {
    let text = text.as_bytes();
    // Where a run may begin, and up to where all is of it: from the end of so many backwards, most need not be looked at.
    let (mut begin, mut known) = (0_usize, 0);
    while let Some(end) = begin.checked_add(length).filter(|end| *end <= text.len()) {
        match text[known..end].iter().rposition(|byte| !is_of_token(*byte)) {
            None => return true,
            Some(at) => begin = known + at + 1,
        }
        known = end;
    }
    false
}

/// A word of a look.
#[derive(Debug, Clone, Copy)]
struct Hint {
    word: &'static [u8],
    look: usize,
}

fn either_case(byte: u8) -> impl Iterator<Item = usize> {
    [byte, byte.to_ascii_uppercase()].into_iter().map(usize::from)
}

/// All hints.
#[derive(Debug)]
pub(super) struct Hints {
    looks: Vec<Needs>,
    /// Sorted.
    words: Vec<Hint>,
    /// Of each byte, which words begin with it, case aside.
    begins: [(usize, usize); 256],
    /// For the first, second and third byte: to which groups of words those with such a byte there belong, a bit each.
    groups: [[u8; 256]; 3],
}

impl Hints {
    /// What each look needs.
    pub(super) fn new(looks: Vec<Needs>) -> Self {
        let words = |(look, needs): (usize, &Needs)| {
            needs.hints.iter().map(move |word| Hint { word: word.as_bytes(), look }).collect::<Vec<_>>()
        };
        let mut sorted: Vec<Hint> = looks.iter().enumerate().flat_map(words).collect();
        sorted.sort_unstable_by_key(|hint| hint.word);
        let (mut begins, mut groups, mut bit) = ([(0, 0); 256], [[0; 256]; 3], 1_u8);
        for alike in sorted.chunk_by(|one, other| one.word[0] == other.word[0]) {
            let from = sorted.partition_point(|hint| hint.word < alike[0].word);
            for byte in either_case(alike[0].word[0]) {
                begins[byte] = (from, from + alike.len());
            }
            for hint in alike {
                for (at, group) in groups.iter_mut().enumerate() {
                    match hint.word.get(at) {
                        Some(byte) => either_case(*byte).for_each(|byte| group[byte] |= bit),
                        None => group.iter_mut().for_each(|groups| *groups |= bit),
                    }
                }
            }
            bit = bit.rotate_left(1);
        }
        Self { looks, words: sorted, begins, groups }
    }

    /// Looks through `text`.
    pub(super) fn look(&self, text: &str) -> Sight {
        if text.len() < SHORTEST && !text.bytes().any(|byte| SIGNS.contains(&byte)) {
            return Sight { looks: 0, signs: 0, run: false };
        }
        let (signs, run) = (signs_in(text.as_bytes()), has_run(text, SHORTEST));
        let may = |needs: &Needs| (needs.signs.is_empty() || signs & bits_of(needs.signs) != 0) && (run || !needs.run);
        let possible = self.looks.iter().enumerate().filter(|(_, needs)| may(needs));
        let possible = possible.fold(0, |looks, (look, _)| looks | 1 << look);
        Sight { looks: self.among(text.as_bytes(), possible), signs, run }
    }

    /// Those of the `possible` looks of which a hint occurs.
    fn among(&self, text: &[u8], possible: u32) -> u32 {
        let [first, second, third] = &self.groups;
        let mut seen = 0;
        let mut take = |at: usize| seen |= self.at(&text[at..]) & possible;
        for (at, three) in text.windows(3).enumerate() {
            let [a, b, c] = [three[0], three[1], three[2]].map(usize::from);
            if first[a] & second[b] & third[c] != 0 {
                take(at);
            }
        }
        // A word of two bytes at the end.
        if let Some(at) = text.len().checked_sub(2) {
            take(at);
        }
        seen
    }

    /// The looks of which a hint stands at the beginning of `rest`.
    fn at(&self, rest: &[u8]) -> u32 {
        let (from, to) = self.begins[usize::from(rest[0])];
        let stands =
            |hint: &&Hint| rest.len() >= hint.word.len() && rest[..hint.word.len()].eq_ignore_ascii_case(hint.word);
        self.words[from..to].iter().filter(stands).fold(0, |looks, hint| looks | 1 << hint.look)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Hints, Needs, SHORTEST, has_run, is_of_token};

    const LOOKS: [Needs; 4] = [
        Needs { hints: &["key", "keys"], signs: b"", run: false },
        Needs { hints: &["://"], signs: b"@-", run: false },
        Needs { hints: &["</", "token="], signs: b"", run: true },
        Needs { hints: &["private key"], signs: b"=", run: true },
    ];

    proptest! {
        #[test]
        fn a_look_is_seen_where_all_that_it_needs_occurs(
            text in "([kKeEyYs:/<>=@ é_-]|://|</|TOKEN=|Private KEY|[a-z]|[a-z]{14}){0,30}",
        ) {
            let sight = Hints::new(LOOKS.to_vec()).look(&text);
            let longest = text.split(|c: char| !c.is_ascii() || !is_of_token(c as u8)).map(str::len).max().unwrap();
            for length in 1..60 {
                prop_assert_eq!(has_run(&text, length), longest >= length, "{}", length);
            }
            let lower = text.to_ascii_lowercase();
            for (look, Needs { hints, signs, run }) in LOOKS.iter().enumerate() {
                let signed = signs.iter().any(|sign| text.contains(char::from(*sign)));
                let may = if signs.is_empty() { text.len() >= SHORTEST || text.contains(['=', ':', '<', '@', '-']) } else { signed };
                let expected = may && (longest >= SHORTEST || !run) && hints.iter().any(|word| lower.contains(word));
                prop_assert_eq!(sight.shows(look), expected, "{}", look);
            }
            for sign in [b'=', b':', b'<', b'@', b'-'] {
                prop_assert_eq!(sight.has(&[sign]), text.contains(char::from(sign)));
            }
        }
    }
}
