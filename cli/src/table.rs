//! Tables for people: aligned columns without lines, cut to the terminal's width.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::output::{Ink, Output};

/// A column: its heading and on which side its cells stand.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column {
    /// Words.
    Text(&'static str),
    /// Numbers.
    Number(&'static str),
}

/// Renders rows under headings.
pub(crate) fn render(output: Output, columns: &[Column], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if output.is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    let headings = columns.iter().map(|column| match column {
        Column::Text(heading) | Column::Number(heading) => *heading,
    });
    table.set_header(headings.map(str::to_uppercase));
    for row in rows {
        table.add_row(row);
    }
    for (index, column) in columns.iter().enumerate() {
        if let (Column::Number(_), Some(column)) = (column, table.column_mut(index)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = String::new();
    for (number, line) in table.lines().enumerate() {
        let line = line.trim_end();
        let line = line.strip_prefix(' ').unwrap_or(line);
        if number == 0 {
            text.push_str(&output.ink(Ink::Bold, line));
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}
