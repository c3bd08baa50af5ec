//! Which columns items have: keys first, then attributes by how many items have them; each as wide as what stands in it.

use std::collections::HashMap;

use serde_json::Value;

use super::value::{self, Kind};
use crate::text::{clean, width};

/// So many items are looked at for the columns.
const SAMPLE: usize = 500;

/// So many attributes become columns; an opened item shows the others.
const MOST: usize = 400;

/// A value is looked at so far for a column's width.
const WIDEST: usize = 60;

/// A column that is no key takes at most so much while others want room too.
const ORDINARY: usize = 28;

/// Between columns.
pub(super) const GAP: usize = 2;

/// An attribute as a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attribute {
    pub(super) name: String,
    /// Whether it is a key of what is read, or of the table.
    pub(super) key: bool,
    count: usize,
    numbers: usize,
    /// How many are sets, lists, maps or bytes, which a cell shows a part of.
    parts: usize,
    wide: usize,
}

impl Attribute {
    fn new(name: &str, key: bool) -> Self {
        Self { name: name.to_owned(), key, count: 0, numbers: 0, parts: 0, wide: 0 }
    }

    /// Whether it stands on the right: where it holds numbers.
    pub(super) fn right(&self) -> bool {
        self.numbers * 2 > self.count
    }

    fn wanted(&self, most: usize) -> usize {
        // Two more columns for the sign of what is sorted.
        let title = width(&self.name).min(18) + 2;
        self.wide.max(title).min(most.max(3))
    }
}

/// The columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Shape {
    pub(super) attributes: Vec<Attribute>,
    places: HashMap<String, usize>,
    /// So many columns stay where they are while others are scrolled.
    pub(super) pinned: usize,
    sampled: usize,
}

/// A column on the screen: which, and how wide it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) column: usize,
    pub(super) wide: usize,
}

impl Shape {
    /// Columns for items of which nothing is known but their keys: those of what is read, and the table's.
    pub(super) fn new(read: &[String], table: &[String]) -> Self {
        let mut shape = Self::default();
        for name in read.iter().chain(table) {
            shape.add(Attribute::new(name, true));
        }
        shape.pinned = read.len().min(2);
        shape
    }

    fn add(&mut self, attribute: Attribute) {
        if self.places.contains_key(&attribute.name) {
            return;
        }
        self.places.insert(attribute.name.clone(), self.attributes.len());
        self.attributes.push(attribute);
    }

    /// Looks at items, as long as it has not seen enough. Columns that are there stay where they are.
    pub(super) fn see<'a>(&mut self, items: impl Iterator<Item = &'a Value>, ascii: bool) {
        let mut new: Vec<Attribute> = Vec::new();
        let mut found: HashMap<&str, usize> = HashMap::new();
        for item in items.take(SAMPLE.saturating_sub(self.sampled)) {
            self.sampled += 1;
            for (name, value) in value::members(item).into_iter().flatten() {
                let attribute = match self.places.get(name) {
                    Some(at) => self.attributes.get_mut(*at),
                    None if self.attributes.len() + new.len() >= MOST && !found.contains_key(name.as_str()) => None,
                    None => {
                        let at = *found.entry(name).or_insert_with(|| {
                            new.push(Attribute::new(name, false));
                            new.len() - 1
                        });
                        new.get_mut(at)
                    }
                };
                let Some(attribute) = attribute else { continue };
                attribute.count += 1;
                let kind = value::kind(value);
                attribute.numbers += usize::from(kind == Kind::Number);
                attribute.parts += usize::from(matches!(kind, Kind::Binary | Kind::Set | Kind::List | Kind::Map));
                if attribute.wide < WIDEST {
                    let text = clean(&value::brief(value, WIDEST), ascii);
                    attribute.wide = attribute.wide.max(width(&text)).min(WIDEST);
                }
            }
        }
        new.sort_by_key(|attribute| (std::cmp::Reverse(attribute.count), attribute.parts * 2 > attribute.count));
        for attribute in new {
            self.add(attribute);
        }
    }

    /// The columns for a place of this width, the keys and then from `from` on.
    pub(super) fn layout(&self, room: usize, from: usize) -> Vec<Placed> {
        let mut placed = Vec::new();
        let mut left = room;
        let keys = (room * 6 / 10 / self.pinned.max(1)).min(40);
        let columns = (0..self.pinned).chain(from.max(self.pinned)..self.attributes.len());
        for column in columns {
            let attribute = &self.attributes[column];
            let most = if column < self.pinned { keys } else { ORDINARY.min(room) };
            let wanted = attribute.wanted(most);
            let gap = if placed.is_empty() { 0 } else { GAP };
            if wanted + gap <= left {
                placed.push(Placed { column, wide: wanted });
                left -= wanted + gap;
                continue;
            }
            // The beginning of a text is better than nothing; that of a number misleads.
            if left >= gap + 8 && !attribute.right() || placed.is_empty() {
                placed.push(Placed { column, wide: left.saturating_sub(gap) });
                left = 0;
            }
            break;
        }
        for one in &mut placed {
            let more = self.attributes[one.column].wide.saturating_sub(one.wide).min(left);
            one.wide += more;
            left -= more;
        }
        placed
    }

    /// Where to begin after the keys so that `column` is on the screen, scrolled from `from` as little as it takes.
    pub(super) fn settle(&self, room: usize, from: usize, column: usize) -> usize {
        let mut from = from.clamp(self.pinned, self.attributes.len().max(self.pinned));
        if column < self.pinned {
            return from;
        }
        from = from.min(column);
        while from < column && !self.layout(room, from).iter().any(|one| one.column == column) {
            from += 1;
        }
        from
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Shape;

    fn names(shape: &Shape, room: usize, from: usize) -> Vec<String> {
        let placed = shape.layout(room, from);
        placed.iter().map(|one| format!("{}:{}", shape.attributes[one.column].name, one.wide)).collect()
    }

    #[test]
    fn keys_come_first_and_what_many_items_have_before_what_few_have() {
        let mut shape = Shape::new(&["pk".into()], &["pk".into(), "sk".into()]);
        let items = [
            json!({"rare": 1, "sk": 1, "pk": "a"}),
            json!({"often": "word", "sk": 2, "pk": "b"}),
            json!({"often": "x"}),
        ];
        shape.see(items.iter(), false);
        assert_eq!(names(&shape, 60, 0), ["pk:4", "sk:4", "often:7", "rare:6"]);
        // Others that come later do not move those that are there.
        let later: Vec<_> = (0..9).map(|_| json!({"late": 1})).collect();
        shape.see(later.iter(), false);
        assert_eq!(names(&shape, 60, 0).last().map(String::as_str), Some("late:6"));
    }

    #[test]
    fn scrolling_sideways_brings_each_column_in_sight_beside_the_keys() {
        let mut shape = Shape::new(&["pk".into()], &[]);
        let item: serde_json::Map<_, _> = (0..20).map(|n| (format!("attribute{n:02}"), json!("0123456789"))).collect();
        shape.see([serde_json::Value::Object(item)].iter(), false);
        let mut from = 0;
        for column in (0..21).chain((0..21).rev()) {
            from = shape.settle(50, from, column);
            let placed = shape.layout(50, from);
            assert_eq!(placed[0].column, 0);
            assert!(placed.iter().any(|one| one.column == column), "{column} from {from}");
            assert!(placed.iter().map(|one| one.wide + super::GAP).sum::<usize>() <= 50 + super::GAP);
        }
    }

    #[test]
    fn no_room_and_thousands_of_attributes_are_no_trouble() {
        let mut shape = Shape::new(&["pk".into(), "sk".into()], &[]);
        let item: serde_json::Map<_, _> = (0..5000).map(|n| (format!("a{n}"), json!("x".repeat(100)))).collect();
        shape.see([serde_json::Value::Object(item)].iter(), false);
        assert_eq!(shape.attributes.len(), super::MOST);
        for room in 0..12 {
            let placed = shape.layout(room, 0);
            assert!(placed.iter().map(|one| one.wide).sum::<usize>() <= room.max(3), "{room}: {placed:?}");
        }
    }
}
