//! Bytes as they are: where, what, and what they would be as text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::look::{Look, Role};
use crate::widget::{Cursor, Pen, row};

/// Bytes on a row of so many columns.
pub(super) fn per_row(columns: u16) -> usize {
    match columns {
        0..=43 => 4,
        44..=75 => 8,
        _ => 16,
    }
}

pub(super) fn draw(
    bytes: &[u8],
    per_row: usize,
    cursor: Cursor,
    area: Rect,
    target: &mut (&mut Buffer, Look),
    front: bool,
) {
    let (buffer, look) = (&mut *target.0, target.1);
    let rows = bytes.len().div_ceil(per_row);
    for (at, number) in cursor.window(rows, area.height).enumerate() {
        let from = number * per_row;
        let line = &bytes[from..bytes.len().min(from + per_row)];
        let mut pen = Pen::new(look);
        let here = front && number == cursor.at;
        pen.put(Role::Accent, if here { look.signs().pointer } else { " " }).put(Role::Dim, format!("{from:07x}  "));
        for (place, byte) in line.iter().enumerate() {
            let gap = if place == 7 && per_row == 16 { "  " } else { " " };
            pen.put(role(*byte), format!("{byte:02x}{gap}"));
        }
        pen.to(10 + per_row * 3 + usize::from(per_row == 16) + 1);
        for byte in line {
            let text = if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
            pen.put(if text == '.' && *byte != b'.' { Role::Dim } else { Role::Text }, text.to_string());
        }
        pen.draw(row(area, at), buffer);
    }
}

fn role(byte: u8) -> Role {
    match byte {
        0 => Role::Dim,
        b' '..=b'~' => Role::Text,
        0x80.. => Role::Number,
        _ => Role::Plain,
    }
}
