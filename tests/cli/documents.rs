//! What the documents quote.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The files that a document quotes, each with what it says of them: a comment with the path stands before the block.
fn quoted(document: &str) -> Vec<(&str, &str)> {
    document
        .split("<!-- examples/")
        .skip(1)
        .map(|after| {
            let (path, rest) = after.split_once(" -->\n```").unwrap();
            let block = rest.split_once('\n').unwrap().1;
            (path, block.split_once("\n```").unwrap().0)
        })
        .collect()
}

#[test]
fn the_recipes_for_test_suites_are_those_that_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/testing.md")).unwrap();
    let quoted = quoted(&document);
    for (path, said) in &quoted {
        let file = fs::read_to_string(root.join("examples").join(path)).unwrap();
        assert_eq!(*said, file.trim_end(), "{path}");
    }
    // Each has a section, and a step of the CI.
    let recipes: BTreeSet<_> = quoted.iter().map(|(path, _)| path.split('/').nth(1).unwrap().to_owned()).collect();
    let folders = fs::read_dir(root.join("examples/testing")).unwrap();
    let folders: BTreeSet<_> = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(recipes, folders);
    for name in folders {
        let step = fs::read_to_string(root.join(format!(".ci/steps/61-suite_{name}.sh"))).unwrap();
        assert!(step.contains(&format!("\nrecipe {name} ")), "{step}");
    }
}
