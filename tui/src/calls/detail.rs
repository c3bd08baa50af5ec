//! A call in full: what is fetched of it, and what one reads of that.

use std::collections::VecDeque;

use footbridge_record::Call;
use ratatui::layout::Rect;
use uuid::Uuid;

use super::document::{self, Part};
use crate::app::desk::Glance;
use crate::ask::Trouble;
use crate::row::{Place, Row, Standing};
use crate::widget::{Block, Document};

/// Calls that are kept in full.
const KEPT: usize = 64;

/// The calls that were looked at last, in full, or why they could not be read.
#[derive(Debug, Default)]
pub(super) struct Fetched(VecDeque<(Uuid, Place, Known)>);

/// A call in full, or why it could not be read.
pub(super) type Known = Result<Box<Call>, Trouble>;

impl Fetched {
    /// The call, where it was fetched as it stands now.
    pub(super) fn get(&self, row: &Row) -> Option<&Known> {
        let found = self.0.iter().find(|(id, place, _)| *id == row.id && *place == row.place);
        found.map(|(_, _, call)| call)
    }

    pub(super) fn put(&mut self, id: Uuid, place: Place, call: Known) {
        self.0.retain(|(other, _, _)| *other != id);
        self.0.push_back((id, place, call));
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }

    /// What could not be read may be read another time.
    pub(super) fn forget_trouble(&mut self, id: Uuid) {
        self.0.retain(|(other, _, call)| *other != id || call.is_ok());
    }
}

/// The call beside the list, below each other.
#[derive(Debug, Default)]
pub(super) struct Preview {
    shown: Option<Row>,
    pub(super) document: Document,
}

impl Preview {
    /// Shows `row`, whose call is this, in `area`.
    pub(super) fn show(&mut self, row: &Row, call: &Call, area: Rect, glance: &Glance) {
        // What has ended does not change.
        if self.shown.as_ref() != Some(row) || row.standing == Standing::Running {
            let blocks = document::whole(call, row, glance);
            if self.shown.as_ref().is_some_and(|shown| shown.id == row.id) {
                self.document.replace(blocks);
            } else {
                self.document = Document::new(blocks);
            }
            self.shown = Some(row.clone());
        }
        self.document.arrange(area, glance.look);
    }
}

/// An open call.
#[derive(Debug)]
pub(super) struct Detail {
    /// Its row as it was last seen: it may become too old to keep in the list.
    pub(super) row: Row,
    pub(super) part: Part,
    /// Its parts, once it is known in full, and the row that they were made for.
    pub(super) documents: Option<[Document; 4]>,
    made_for: Option<Row>,
    /// What came when the call before was made again, where this one is that.
    pub(super) replayed: Option<Replayed>,
}

/// A call made again.
#[derive(Debug)]
pub(super) struct Replayed {
    pub(super) call: Box<Call>,
    pub(super) differences: Vec<String>,
}

impl Detail {
    /// Opens a call at its request, or at what came where it went wrong.
    pub(super) fn new(row: Row) -> Self {
        let part = if row.standing.is_bad() { Part::Response } else { Part::Request };
        Self { row, part, documents: None, made_for: None, replayed: None }
    }

    /// Opens a call made again, at what came.
    pub(super) fn again(row: Row, replayed: Replayed) -> Self {
        Self { part: Part::Response, replayed: Some(replayed), ..Self::new(row) }
    }

    /// Makes the parts of `call`; where they were made before, one stays where one was.
    pub(super) fn fill(&mut self, call: &Call, glance: &Glance) {
        // What has ended does not change.
        if self.made_for.as_ref() == Some(&self.row) && self.row.standing != Standing::Running {
            return;
        }
        self.made_for = Some(self.row.clone());
        let blocks = Part::ALL.map(|part| {
            let mut blocks = Vec::new();
            if let (Part::Response, Some(replayed)) = (part, &self.replayed) {
                blocks.extend(document::differences(&replayed.differences, glance.look));
                blocks.push(Block::blank());
            }
            blocks.extend(document::part(part, call, &self.row, glance));
            blocks
        });
        match &mut self.documents {
            Some(documents) => {
                for (document, blocks) in documents.iter_mut().zip(blocks) {
                    document.replace(blocks);
                }
            }
            None => self.documents = Some(blocks.map(Document::new)),
        }
    }

    /// The document that is read.
    pub(super) fn document(&mut self) -> Option<&mut Document> {
        self.documents.as_mut()?.get_mut(self.part.number())
    }
}
