//! Rows in columns, aligned by what a terminal shows.

use crate::cli::look::{Look, Role};
use crate::text::{clean_line, width};

/// One cell: its text, and the colour it may have.
#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    role: Option<Role>,
}

impl Cell {
    /// A cell without colour; its text is cleaned.
    pub fn plain(text: &str) -> Self {
        Self { text: clean_line(text), role: None }
    }

    /// A cell in the colour of a role; its text is cleaned.
    pub fn of(role: Role, text: &str) -> Self {
        Self { text: clean_line(text), role: Some(role) }
    }
}

/// The rows as lines, two blanks between columns, nothing behind the last.
pub fn lines(rows: &[Vec<Cell>], look: Look) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| width(&cell.text)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    rows.iter().map(|row| line(row, &widths, look)).collect()
}

fn line(row: &[Cell], widths: &[usize], look: Look) -> String {
    let mut line = String::new();
    for (cell, wide) in row.iter().zip(widths) {
        let shown = cell.role.map(|role| look.paint(role, &cell.text));
        line.push_str(&shown.unwrap_or_else(|| cell.text.clone()));
        line.push_str(&" ".repeat(wide - width(&cell.text) + 2));
    }
    format!("{}\n", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{Cell, lines};
    use crate::cli::look::{Look, Role};

    #[test]
    fn columns_align_whatever_the_script_and_colour() {
        let rows = [
            vec![Cell::plain("A"), Cell::plain("B")],
            vec![Cell::of(Role::Ok, "网络"), Cell::plain("x")],
            vec![Cell::plain("abc"), Cell::plain("y")],
        ];
        let text = lines(&rows, Look::default());
        assert_eq!(text, "A     B\n网络  x\nabc   y\n");
        let colored = lines(&rows, Look { unicode: true, color: true });
        assert!(colored.contains("\u{1b}[32m网络\u{1b}[0m  x"));
    }
}
