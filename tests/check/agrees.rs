//! What is said of operations is what the emulator's tables and the documents say.

use std::collections::BTreeSet;
use std::path::Path;

use footbridge::check::{Found, Given, MEMBERS, Model, PARAGRAPHS, Report, Reporter, Status, TAKEN, documented};
use footbridge::emulator::{dynamodb, s3};

/// The report on one use of an operation without parameters.
fn bare(model: &Model, name: &'static str) -> Report {
    let mut reporter = Reporter::new(model);
    let mut found = Found::default();
    found.add(name, Given::default(), 1);
    reporter.add("x.py", found);
    reporter.finish()
}

#[test]
fn every_operation_stands_as_the_documents_have_it() {
    let model = Model::read();
    let mut seen = BTreeSet::new();
    for (name, documented) in documented() {
        let Some(operation) = model.operation(name) else { continue };
        seen.insert(operation.name);
        let report = bare(&model, operation.name);
        let [checked] = report.operations.as_slice() else { panic!("{name}") };
        let built = match operation.service {
            "s3" => s3::operations().any(|built| built.name == name),
            _ => dynamodb::operation::find(name).is_some(),
        };
        assert_eq!(documented.works == "not yet", !built, "{name} in the documents and in the table of operations");
        if documented.works == "not yet" {
            assert_eq!(checked.status, Status::NotEmulated, "{name}");
        } else if documented.works == "never set" {
            assert_ne!(checked.status, Status::Works, "{name}");
        } else {
            assert_ne!(checked.status, Status::NotEmulated, "{name}");
            assert!(!checked.tested.is_empty(), "{name}");
        }
        for file in &checked.tested {
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists(), "{name} is said to be tested in {file}");
        }
    }
    let all: BTreeSet<_> =
        s3::operations().map(|built| built.name).chain(dynamodb::operation::built().map(|built| built.name)).collect();
    let missing: Vec<_> = all.difference(&seen).filter(|name| **name != "PostObject").collect();
    assert!(missing.is_empty(), "{missing:?} are in no document, or not in AWS's model");
}

#[test]
fn what_differs_stands_in_the_documents_and_in_the_model() {
    let pages = ["s3", "dynamodb"].map(|page| {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{page}.md"))).unwrap()
    });
    let model = Model::read();
    for (lead, operations) in PARAGRAPHS {
        assert!(pages.iter().any(|page| page.contains(&format!("- **{lead}**"))), "{lead}");
        assert!(operations.iter().all(|name| *name == "PostObject" || model.operation(name).is_some()), "{lead}");
    }
    for difference in MEMBERS {
        let of =
            |name: &&&str| model.operation(name).is_some_and(|operation| operation.member(difference.member).is_some());
        let known = if difference.operations.is_empty() {
            model.operations().any(|operation| operation.member(difference.member).is_some())
        } else {
            difference.operations.iter().filter(|name| **name != "PostObject").all(|name| of(&name))
        };
        assert!(known, "{difference:?}");
    }
    for (operation, ..) in TAKEN {
        assert!(
            s3::operations().any(|built| built.name == *operation && built.extent == s3::Extent::Changeless),
            "{operation}"
        );
    }
}
