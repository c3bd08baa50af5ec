//! What AWS declares of a parameter, as botocore's model has it, and what it says where that does not hold.

use super::form::Form;
use super::handle::validation;
use crate::emulator::error::AwsError;

/// A parameter of an operation.
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) is: Is,
}

/// What a parameter may be.
#[derive(Clone, Copy)]
pub(super) enum Is {
    Text {
        least: usize,
        most: usize,
        pattern: Option<Pattern>,
    },
    /// The same, never shown.
    Secret {
        least: usize,
        most: usize,
    },
    Number {
        least: i64,
        most: i64,
    },
}

/// A pattern that says of each character alone whether it fits.
#[derive(Clone, Copy)]
pub(super) struct Pattern {
    /// As AWS shows it.
    pub(super) text: &'static str,
    /// Whether there must be one at all.
    pub(super) some: bool,
    pub(super) fits: fn(char) -> bool,
}

impl Pattern {
    fn takes(&self, text: &str) -> bool {
        (!self.some || !text.is_empty()) && text.chars().all(self.fits)
    }
}

pub(super) const fn required(name: &'static str, is: Is) -> Member {
    Member { name, required: true, is }
}

pub(super) const fn optional(name: &'static str, is: Is) -> Member {
    Member { name, required: false, is }
}

const fn words(least: usize, most: usize, text: &'static str, fits: fn(char) -> bool) -> Is {
    Is::Text { least, most, pattern: Some(Pattern { text, some: false, fits }) }
}

/// `\w` as Java has it.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_name(c: char) -> bool {
    is_word(c) || "+=,.@-".contains(c)
}

/// What XML 1.0 takes.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

pub(super) const ARN: Is = Is::Text {
    least: 20,
    most: 2048,
    pattern: Some(Pattern {
        text: r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+",
        some: true,
        fits: is_xml,
    }),
};
pub(super) const SESSION_NAME: Is = words(2, 64, r"[\w+=,.@-]*", is_name);
pub(super) const SOURCE_IDENTITY: Is = words(2, 64, r"[\w+=,.@-]*", is_name);
pub(super) const USER_NAME: Is = words(2, 32, r"[\w+=,.@-]*", is_name);
pub(super) const EXTERNAL_ID: Is = words(2, 1224, r"[\w+=,.@:\/-]*", |c| is_name(c) || ":/".contains(c));
pub(super) const SERIAL_NUMBER: Is = words(9, 256, r"[\w+=/:,.@-]*", |c| is_name(c) || ":/".contains(c));
pub(super) const TOKEN_CODE: Is = words(6, 6, r"[\d]*", |c| c.is_ascii_digit());
pub(super) const ACCESS_KEY_ID: Is = words(16, 128, r"[\w]*", is_word);
pub(super) const ROLE_DURATION: Is = Is::Number { least: 900, most: 43_200 };
pub(super) const DURATION: Is = Is::Number { least: 900, most: 129_600 };
pub(super) const WEB_IDENTITY_TOKEN: Is = Is::Secret { least: 4, most: 20_000 };

pub(super) const TAG_KEY: Is = Is::Text {
    least: 1,
    most: 128,
    pattern: Some(Pattern { text: r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+", some: true, fits: is_tag }),
};
pub(super) const TAG_VALUE: Is = words(0, 256, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", is_tag);

fn is_tag(c: char) -> bool {
    c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c)
}

/// Holds a form to what is declared.
pub(super) fn check(members: &[Member], form: &Form) -> Result<(), AwsError> {
    let mut wrong = Vec::new();
    for member in members {
        let place = lower_camel(member.name);
        match form.get(member.name) {
            None if member.required => wrong.push(violation("Value null", &place, "not be null")),
            None => {}
            Some(value) => wrong.extend(violations(&member.is, value, &place)?),
        }
    }
    refusal(&wrong)
}

/// What is wrong with a value, as AWS says it: the pattern before the length.
pub(super) fn violations(is: &Is, value: &str, place: &str) -> Result<Vec<String>, AwsError> {
    let shown = format!("Value '{value}'");
    Ok(match is {
        Is::Text { least, most, pattern } => {
            let pattern = pattern.filter(|pattern| !pattern.takes(value));
            let pattern = pattern.map(|pattern| {
                violation(&shown, place, &format!("satisfy regular expression pattern: {}", pattern.text))
            });
            pattern.into_iter().chain(length(&shown, place, value, *least, *most)).collect()
        }
        Is::Secret { least, most } => length("Value", place, value, *least, *most).into_iter().collect(),
        Is::Number { least, most } => {
            let Ok(number) = value.parse::<i64>() else {
                return Err(AwsError::new(400, "MalformedInput", format!("{place} must be a whole number")));
            };
            let bound = if number < *least {
                Some(format!("have value greater than or equal to {least}"))
            } else {
                (number > *most).then(|| format!("have value less than or equal to {most}"))
            };
            bound.map(|bound| violation(&shown, place, &bound)).into_iter().collect()
        }
    })
}

fn length(shown: &str, place: &str, value: &str, least: usize, most: usize) -> Option<String> {
    let count = value.encode_utf16().count();
    if count < least {
        Some(violation(shown, place, &format!("have length greater than or equal to {least}")))
    } else {
        (count > most).then(|| violation(shown, place, &format!("have length less than or equal to {most}")))
    }
}

pub(super) fn violation(shown: &str, place: &str, must: &str) -> String {
    format!("{shown} at '{place}' failed to satisfy constraint: Member must {must}")
}

/// One error for all that is wrong; none where nothing is.
pub(super) fn refusal(wrong: &[String]) -> Result<(), AwsError> {
    let errors = match wrong {
        [] => return Ok(()),
        [_] => "1 validation error".to_owned(),
        several => format!("{} validation errors", several.len()),
    };
    Err(validation(format!("{errors} detected: {}", wrong.join("; "))))
}

fn lower_camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
