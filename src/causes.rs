//! Errors and their causes, as people read them.

use std::error::Error;

/// An error and its causes, the outermost first.
pub(crate) fn of<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// What an error and its causes say, each thing once: many an error repeats its cause's words in its own.
pub(crate) fn told(error: &(dyn Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    for text in of(error).map(ToString::to_string) {
        if !texts.iter().any(|said| said.contains(&text)) {
            texts.push(text);
        }
    }
    texts.join(": ")
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// An error that says its cause's words, or not.
    #[derive(Debug, thiserror::Error)]
    enum Outer {
        #[error("/a: {source}")]
        Repeats { source: io::Error },
        #[error("the request failed")]
        Hides { source: Box<Outer> },
    }

    #[test]
    fn what_a_cause_says_is_said_once() {
        let repeats = || Outer::Repeats { source: io::Error::from_raw_os_error(2) };
        let system = io::Error::from_raw_os_error(2).to_string();
        assert_eq!(told(&repeats()), format!("/a: {system}"));
        let hides = Outer::Hides { source: Box::new(repeats()) };
        assert_eq!(told(&hides), format!("the request failed: /a: {system}"));
        let context = anyhow::Error::new(hides).context("seeding");
        assert_eq!(told(context.as_ref()), format!("seeding: the request failed: /a: {system}"));
    }
}
