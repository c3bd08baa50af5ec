//! An entry put into Codex's `config.toml` and taken out again, with every other byte as it was.
//!
//! It is a table of its own at the end of the file, behind an empty line; a file without a line break at its end gets none.

use std::ops::Range;

use ::toml::de::{DeTable, DeValue};
use ::toml::{Spanned, Table, Value};

use super::entry::Entry;
use super::error::InstallError;

/// The table that has the servers.
const SERVERS: &str = "mcp_servers";

/// The text with the entry in it.
pub(super) fn with(text: &str, name: &str, entry: &Entry) -> Result<String, InstallError> {
    let document = parse(text)?;
    let new = match servers(&document, text)?.and_then(|servers| servers.get(name)) {
        Some(there) => changed(text, there, name, entry)?,
        None => appended(text, name, entry),
    };
    same_but(text, &new, name)?;
    Ok(new)
}

/// The text without the entry.
pub(super) fn without(text: &str, name: &str) -> Result<String, InstallError> {
    let document = parse(text)?;
    let Some(there) = servers(&document, text)?.and_then(|servers| servers.get(name)) else {
        return Ok(text.to_owned());
    };
    ours(there, name)?;
    if !is_section(text, there) {
        return Err(by_hand(name));
    }
    let mut sections = Vec::new();
    collect(text, there, &mut sections);
    sections.sort_by_key(|range| range.start);
    let mut new = text.to_owned();
    for section in sections.into_iter().rev() {
        new.replace_range(lines(text, section), "");
    }
    same_but(text, &new, name)?;
    Ok(new)
}

fn parse(text: &str) -> Result<Spanned<DeTable<'_>>, InstallError> {
    DeTable::parse(text)
        .map_err(|error| InstallError::Content(format!("that is not TOML: {error}").trim_end().to_owned()))
}

/// The servers that are there.
fn servers<'t, 'i>(document: &'t Spanned<DeTable<'i>>, text: &str) -> Result<Option<&'t DeTable<'i>>, InstallError> {
    let Some(servers) = document.get_ref().get(SERVERS) else { return Ok(None) };
    let table = servers.get_ref().as_table().filter(|_| !text[servers.span()].starts_with('{'));
    let refused =
        || InstallError::Content(format!("{SERVERS} is no table in lines of its own: put the entry in by hand"));
    table.map(Some).ok_or_else(refused)
}

/// The text with a table at its end.
fn appended(text: &str, name: &str, entry: &Entry) -> String {
    let newline = newline(text);
    let lines = [
        format!("[{SERVERS}.{name}]"),
        format!("command = {}", Value::from(entry.command.as_str())),
        format!("args = {}", args(entry)),
    ];
    let table = lines.join(newline);
    match text {
        "" => format!("{table}{newline}"),
        text if text.ends_with('\n') => format!("{text}{newline}{table}{newline}"),
        text => format!("{text}{newline}{newline}{table}"),
    }
}

/// An entry of ours that is there, made to say the same: what else it has stays.
fn changed(text: &str, there: &Spanned<DeValue<'_>>, name: &str, entry: &Entry) -> Result<String, InstallError> {
    let (command, words) = ours(there, name)?;
    let mut new = text.to_owned();
    let mut edits = Vec::new();
    let value = |key: &str| there.get_ref().as_table().and_then(|table| table.get(key)).map(Spanned::span);
    if command != entry.command {
        edits.extend(value("command").map(|span| (span, Value::from(entry.command.as_str()).to_string())));
    }
    if words != entry.args {
        match value("args") {
            Some(span) => edits.push((span, args(entry))),
            None if is_section(text, there) => {
                let end = value("command").map_or(there.span().end, |span| span.end);
                edits.push((end..end, format!("{}args = {}", newline(text), args(entry))));
            }
            None => return Err(by_hand(name)),
        }
    }
    edits.sort_by_key(|(span, _)| span.start);
    for (span, piece) in edits.into_iter().rev() {
        new.replace_range(span, &piece);
    }
    Ok(new)
}

/// What an entry that is there starts.
fn ours(there: &Spanned<DeValue<'_>>, name: &str) -> Result<(String, Vec<String>), InstallError> {
    let table = there.get_ref().as_table();
    let command = table.and_then(|table| table.get("command")).and_then(|command| command.get_ref().as_str());
    let foreign = |starts: &str| InstallError::Foreign { name: name.to_owned(), starts: starts.to_owned() };
    let command = command.ok_or_else(|| foreign("it has no command"))?.to_owned();
    let args = table.and_then(|table| table.get("args")).and_then(|args| args.get_ref().as_array());
    let words = args.into_iter().flat_map(|args| args.iter());
    let words: Vec<_> = words.filter_map(|word| word.get_ref().as_str().map(str::to_owned)).collect();
    if Entry::is_ours(&command, &words) { Ok((command, words)) } else { Err(foreign(&Entry::shown(&command, &words))) }
}

fn args(entry: &Entry) -> String {
    Value::from(entry.args.clone()).to_string()
}

fn by_hand(name: &str) -> InstallError {
    InstallError::Content(format!("the server {name} is not written as a table [{SERVERS}.{name}]: change it by hand"))
}

/// Whether a table begins with a line `[its.name]`.
fn is_section(text: &str, table: &Spanned<DeValue<'_>>) -> bool {
    table.get_ref().is_table() && text[table.span()].starts_with('[')
}

/// Where a table of lines and those below it stand, each from its header to its last value.
fn collect(text: &str, table: &Spanned<DeValue<'_>>, sections: &mut Vec<Range<usize>>) {
    let mut own = table.span();
    let mut waiting = vec![table];
    while let Some(table) = waiting.pop() {
        for (key, value) in table.get_ref().as_table().into_iter().flat_map(|table| table.iter()) {
            if is_section(text, value) {
                collect(text, value, sections);
            } else if value.get_ref().is_table() && value.span() == key.span() {
                // A dotted key: its values have places of their own.
                waiting.push(value);
            } else {
                own.end = own.end.max(value.span().end);
            }
        }
    }
    sections.push(own);
}

/// The whole lines of a section, with the empty line before it; at the end of a file that does not end with a line break,
/// with the two before it.
fn lines(text: &str, section: Range<usize>) -> Range<usize> {
    let start = text[..section.start].rfind('\n').map_or(0, |end| end + 1);
    let end = text[section.end..].find('\n').map_or(text.len(), |end| section.end + end + 1);
    let mut before = &text[..start];
    let shorter = |text: &str| text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n')).map(str::len);
    let one = shorter(before);
    let empty = one.filter(|one| *one == 0 || before[..*one].ends_with('\n'));
    if !text[..end].ends_with('\n') {
        for _ in 0..2 {
            before = shorter(before).map_or(before, |shorter| &before[..shorter]);
        }
    } else if let Some(shorter) = empty {
        before = &before[..shorter];
    }
    before.len()..end
}

fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Checks that `new` is the same document but for the server `name`.
fn same_but(text: &str, new: &str, name: &str) -> Result<(), InstallError> {
    let broken = || InstallError::Content(format!("{name} cannot be changed there without harm: do it by hand"));
    let of = |text: &str| -> Result<Table, InstallError> {
        let mut table: Table = ::toml::from_str(text).map_err(|_| broken())?;
        if let Some(servers) = table.get_mut(SERVERS).and_then(Value::as_table_mut) {
            servers.remove(name);
            if servers.is_empty() {
                table.remove(SERVERS);
            }
        }
        Ok(table)
    };
    if of(text)? == of(new)? { Ok(()) } else { Err(broken()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry() -> Entry {
        Entry {
            command: "/opt/footbridge".into(),
            args: vec!["mcp".into(), "--data-dir".into(), "/home/ann/it's".into()],
        }
    }

    const FILE: &str =
        "# mine\nmodel = \"o9\" # the best\n\n[mcp_servers.docs]\ncommand = \"docs\"\nargs = []\n\n[tui]\nx = 1\n";

    #[test]
    fn an_entry_is_a_table_at_the_end_and_goes_without_a_trace() {
        let new = with(FILE, "footbridge", &entry()).unwrap();
        assert!(new.starts_with(FILE));
        assert_eq!(
            &new[FILE.len()..],
            "\n[mcp_servers.footbridge]\ncommand = \"/opt/footbridge\"\nargs = [\"mcp\", \"--data-dir\", \"/home/ann/it's\"]\n"
        );
        assert_eq!(with(&new, "footbridge", &entry()).unwrap(), new);
        assert_eq!(without(&new, "footbridge").unwrap(), FILE);
        assert_eq!(without(FILE, "footbridge").unwrap(), FILE);
    }

    #[test]
    fn what_a_client_added_to_the_entry_stays_with_another_command_and_goes_with_it() {
        let new = with(FILE, "footbridge", &entry()).unwrap();
        let used = format!(
            "{new}startup_timeout_sec = 20 # slow disk\n\n[mcp_servers.footbridge.tools.undo]\napproval_mode = \"approve\"\n\n[other]\ny = 2\n"
        );
        let other = Entry { command: "/usr/bin/footbridge".into(), args: vec!["mcp".into()] };
        let changed = with(&used, "footbridge", &other).unwrap();
        let args = "[\"mcp\", \"--data-dir\", \"/home/ann/it's\"]";
        assert_eq!(changed, used.replace("/opt/footbridge", "/usr/bin/footbridge").replace(args, "[\"mcp\"]"));
        assert_eq!(without(&changed, "footbridge").unwrap(), format!("{FILE}\n[other]\ny = 2\n"));
    }

    #[test]
    fn what_is_somebody_elses_or_broken_is_left_alone() {
        for (text, said) in [
            ("[mcp_servers.footbridge]\ncommand = \"npx\"\nargs = [\"mcp\"]\n", "npx mcp"),
            ("[mcp_servers.footbridge]\nurl = \"https://a\"\n", "no command"),
            ("mcp_servers = {}\n", "by hand"),
            ("mcp_servers = 1\n", "by hand"),
            ("a = \n", "not TOML"),
            ("[[mcp_servers]]\n", "by hand"),
        ] {
            let error = with(text, "footbridge", &entry()).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
        let inline = "[mcp_servers]\nfootbridge = { command = \"footbridge\", args = [\"mcp\"] }\n";
        assert!(without(inline, "footbridge").unwrap_err().to_string().contains("by hand"));
        let changed = with(inline, "footbridge", &entry()).unwrap();
        assert!(changed.contains("{ command = \"/opt/footbridge\", args = [\"mcp\", "), "{changed}");
    }

    /// Lines of files that people have.
    fn line() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(String::new()),
            Just("# a comment [mcp_servers.footbridge]".to_owned()),
            Just("   ".to_owned()),
            "[a-z]{1,8} = [0-9]{1,5}",
            "[a-z]{1,8} = \"[a-z \\[\\]#]{0,9}\" # [a-z]{0,5}",
            "[a-z]{1,8} = \"\"\"\n[a-z\n]{0,9}\n\\[mcp_servers.x\\]\n\"\"\"",
            "[a-z]{1,8}\\.[a-z]{1,3} = \\[\n 1, # one\n 2\n\\]",
            "\\[mcp_servers\\.[a-z]{1,6}\\]",
            Just("command = \"footbridge\"".to_owned()),
            "\\[[a-z]{1,8}\\]",
            "\\[\\[[a-z]{1,8}\\]\\]",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1024, max_global_rejects: 100_000, ..ProptestConfig::default() })]
        #[test]
        fn what_was_put_in_is_taken_out_to_the_byte(
            lines in prop::collection::vec(line(), 0..9), crlf: bool, last in prop_oneof!["", "\n", "\n\n", "\r\n", "# end"],
        ) {
            let text = format!("{}{last}", lines.join("\n"));
            let text = if crlf { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text };
            prop_assume!(parse(&text).is_ok());
            let entry = entry();
            let Ok(new) = with(&text, "footbridge", &entry) else { return Ok(()) };
            prop_assert_eq!(&with(&new, "footbridge", &entry).unwrap(), &new);
            if !text.contains("mcp_servers.footbridge]\n") {
                prop_assert_eq!(without(&new, "footbridge").unwrap(), text);
            }
        }
    }
}
