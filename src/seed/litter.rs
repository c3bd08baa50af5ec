//! Files that systems, editors and version control leave in folders, and nobody means as data.

/// By their whole name, in any case of its letters.
const NAMES: &[&str] = &[
    // Of file managers.
    ".ds_store",
    ".localized",
    ".spotlight-v100",
    ".trashes",
    ".fseventsd",
    ".directory",
    "__macosx",
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    // Of version control, and what keeps an empty folder in it.
    ".git",
    ".gitkeep",
    ".gitignore",
    ".gitattributes",
    ".keep",
];

/// Whether a file or folder of this name is litter.
pub(super) fn is_litter(name: &str) -> bool {
    NAMES.contains(&name.to_ascii_lowercase().as_str()) || is_other_half(name) || is_of_editor(name)
}

/// What macOS writes beside a file on a foreign disk.
fn is_other_half(name: &str) -> bool {
    name.starts_with("._")
}

/// Vim's swap files, Emacs's locks and copies, and the backups of both.
fn is_of_editor(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_swap = extension.len() == 3
        && extension.starts_with("sw")
        && extension.ends_with(|end: char| ('a'..='p').contains(&end));
    (name.starts_with('.') && is_swap)
        || name.starts_with(".#")
        || (name.len() > 1 && (name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systems_and_editors_leave_is_litter_and_data_is_not() {
        for name in [
            ".DS_Store",
            ".gitkeep",
            "Thumbs.db",
            "thumbs.db",
            "Desktop.ini",
            "__MACOSX",
            "._a.txt",
            ".a.txt.swp",
            ".swp",
            ".a.swo",
            ".#a.txt",
            "#a.txt#",
            "a.txt~",
        ] {
            assert!(is_litter(name), "{name}");
        }
        for name in
            ["a.txt", ".well-known", ".env", "notes.swp", "a.swift", "#1", "~", "git", "keep", "a.db", ".htaccess", "#"]
        {
            assert!(!is_litter(name), "{name}");
        }
    }
}
