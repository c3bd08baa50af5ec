//! Names of Terraform's resources.

use std::collections::BTreeSet;

/// The labels that are taken, by kind of resource.
#[derive(Debug, Default)]
pub(super) struct Labels(BTreeSet<(&'static str, String)>);

impl Labels {
    /// A label that nothing of this kind has, as close to `name` as Terraform allows.
    pub(super) fn give(&mut self, kind: &'static str, name: &str) -> String {
        let mut label: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        if !label.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            label.insert(0, '_');
        }
        let mut free = label.clone();
        let mut number = 2;
        while !self.0.insert((kind, free.clone())) {
            free = format!("{label}_{number}");
            number += 1;
        }
        free
    }
}
