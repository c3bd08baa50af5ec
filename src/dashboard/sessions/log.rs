//! The end of a log file.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// Bytes of the file's end that are read.
const END: u64 = 64 << 10;

/// The last `most` lines of the log at `path`, whose files have their day in their names: `logs/name.log` is
/// `logs/name.2026-11-22.log`. Empty where there is none.
pub(super) fn tail(path: &Path, most: usize) -> Vec<String> {
    let Some(newest) = newest(path) else { return Vec::new() };
    let end = end_of(&newest).unwrap_or_default();
    let text = String::from_utf8_lossy(&end);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(most)..].iter().map(|line| (*line).to_owned()).collect()
}

/// The file of the last day: their names sort as their days do.
fn newest(path: &Path) -> Option<PathBuf> {
    let (stem, suffix) =
        (path.file_stem()?.to_str()?, path.extension().map_or("log".into(), |end| end.to_string_lossy()));
    let is_ours = |name: &String| {
        let day = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('.'));
        let day = day.and_then(|rest| rest.strip_suffix(&*suffix)).and_then(|rest| rest.strip_suffix('.'));
        day.is_some_and(|day| day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
    };
    let directory = path.parent()?;
    let names = directory.read_dir().ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    Some(directory.join(names.filter(is_ours).max()?))
}

/// The file's end, from the beginning of a line.
fn end_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let from = file.metadata()?.len().saturating_sub(END);
    file.seek(SeekFrom::Start(from))?;
    let mut end = Vec::new();
    file.take(END).read_to_end(&mut end)?;
    if from > 0 {
        let begins = end.iter().position(|byte| *byte == b'\n').map_or(end.len(), |at| at + 1);
        end.drain(..begins);
    }
    Ok(end)
}
