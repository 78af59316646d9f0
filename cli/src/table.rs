//! Tables for people: aligned columns without lines, cut to the terminal's width.

use comfy_table::{
    Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, presets,
};

use crate::output::{Ink, Output};

/// A column: its heading and on which side its cells stand.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column {
    /// Words.
    Text(&'static str),
    /// Numbers.
    Number(&'static str),
    /// One of a few words that say how something stands, coloured by the word.
    State(&'static str),
}

/// Renders rows under headings.
pub(crate) fn render(output: Output, columns: &[Column], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if output.is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    // The table counts widths, so that colours must go through it and not through the text.
    if output.is_coloured() {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let headings = columns.iter().map(|column| match column {
        Column::Text(heading) | Column::Number(heading) | Column::State(heading) => *heading,
    });
    table.set_header(headings.map(str::to_uppercase));
    for row in rows {
        let cells = columns.iter().zip(row).map(|(column, text)| match column {
            Column::State(_) => coloured(text),
            Column::Text(_) | Column::Number(_) => Cell::new(text),
        });
        table.add_row(cells);
    }
    for (index, column) in columns.iter().enumerate() {
        let Some(cells) = table.column_mut(index) else { continue };
        if let Column::Number(_) = column {
            cells.set_cell_alignment(CellAlignment::Right);
        }
        // A number or a state on two lines is no longer one; only text is broken.
        if let Column::Number(_) | Column::State(_) = column {
            cells.set_constraint(ColumnConstraint::ContentWidth);
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

fn coloured(word: &str) -> Cell {
    let colour = match word {
        "healthy" | "proven" => Color::Green,
        "retrying" | "checked" => Color::Yellow,
        "halted" | "refuted" => Color::Red,
        _ => return Cell::new(word),
    };
    Cell::new(word).fg(colour)
}
