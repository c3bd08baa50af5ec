//! Our own error codes, each of which is explained where agents' authors look.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The Rust files below a directory.
fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_code_of_ours_is_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for directory in ["src/mcp", "src/items", "src/cli/mcp"] {
        sources(&root.join(directory), &mut files);
    }
    let mut codes = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for rest in text.split("ToolError::new(").skip(1) {
            let code = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            codes.extend(
                code.filter(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')).map(str::to_owned),
            );
        }
    }
    assert!(codes.len() > 15, "{codes:?}");
    let told = std::fs::read_to_string(root.join("docs/tools.md")).unwrap();
    let untold: Vec<_> = codes.iter().filter(|code| !told.contains(&format!("`{code}`"))).collect();
    assert!(untold.is_empty(), "docs/tools.md does not explain {untold:?}");
}
