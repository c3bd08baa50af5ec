//! What the views are put together from.

mod cursor;
mod document;
mod marks;
mod pane;
mod pen;
mod table;

pub(crate) use cursor::Cursor;
pub(crate) use document::{Block, Document};
pub(crate) use marks::Marks;
pub(crate) use pane::{Pane, inside, split_columns, split_rows};
pub(crate) use pen::{Pen, row};
pub(crate) use table::{Cell, Column, Table, clicked, clicked_heading, fitting, snug};
