//! The README's pictures, made from the demo: `cargo test --test it -- --ignored pictures`.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::session::{PROGRAM, Session};
use crate::world::World;

/// A cell in pixels.
const CELL: (u16, u16) = (9, 18);
/// The terminal's colours, then text and ground.
const COLOURS: [&str; 8] = ["#1c1c1c", "#ff6b68", "#8ae234", "#e9c46a", "#6aa3ff", "#d787ff", "#4fd6d6", "#d0d0d0"];
const GROUND: &str = "#16181d";

#[test]
#[ignore = "rewrites assets/screenshots"]
fn pictures_of_the_demo() {
    let world = World::new();
    for (name, size, keys) in [
        ("home", (80, 24), &[][..]),
        ("wide", (120, 40), &["j"][..]),
        ("ingest", (80, 24), &["j", "N", "press y to ingest"][..]),
    ] {
        let mut session = Session::run(&world, PROGRAM, &["demo"], size, &[]);
        session.until("need you");
        session.until_gone("Reading");
        for (at, keys) in keys.iter().enumerate() {
            if at == 2 {
                session.until(keys);
            } else {
                session.press(keys);
                session.quiet(Duration::from_millis(500));
            }
        }
        session.quiet(Duration::from_millis(500));
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screenshots");
        std::fs::write(folder.join(format!("{name}.svg")), picture(session.screen())).unwrap();
        session.press("\u{3}\u{3}");
        session.end();
    }
}

fn picture(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let (width, height) = ((columns + 2) * CELL.0, (rows + 1) * CELL.1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"DejaVu Sans Mono, \
         Menlo, Consolas, monospace\" font-size=\"15\" xml:space=\"preserve\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{GROUND}\"/>\n"
    );
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            let end = (column..columns).find(|at| look(screen, row, *at) != look(screen, row, column));
            let end = end.unwrap_or(columns);
            piece(&mut svg, screen, row, (column, end));
            column = end;
        }
    }
    svg + "</svg>\n"
}

/// Colour, bold, dim, reversed.
fn look(screen: &vt100::Screen, row: u16, column: u16) -> (vt100::Color, bool, bool, bool) {
    let cell = screen.cell(row, column).unwrap();
    (cell.fgcolor(), cell.bold(), cell.dim(), cell.inverse())
}

fn piece(svg: &mut String, screen: &vt100::Screen, row: u16, (from, to): (u16, u16)) {
    let (colour, bold, dim, inverse) = look(screen, row, from);
    let symbol = |at| match screen.cell(row, at).unwrap().contents() {
        "" => " ",
        symbol => symbol,
    };
    let text: String = (from..to).map(symbol).collect();
    if text.trim().is_empty() && !inverse {
        return;
    }
    let (x, y, length) = ((from + 1) * CELL.0, row * CELL.1 + CELL.1 / 2, (to - from) * CELL.0);
    let ink = match colour {
        vt100::Color::Idx(at) => COLOURS[usize::from(at % 8)],
        _ => COLOURS[7],
    };
    if inverse {
        writeln!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{length}\" height=\"{}\" fill=\"{ink}\"/>", CELL.1).unwrap();
    }
    let ink = if inverse { GROUND } else { ink };
    let weight = if bold { " font-weight=\"bold\"" } else { "" };
    let faint = if dim { " opacity=\"0.6\"" } else { "" };
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let base = y + 14;
    writeln!(svg, "<text x=\"{x}\" y=\"{base}\" textLength=\"{length}\" fill=\"{ink}\"{weight}{faint}>{text}</text>")
        .unwrap();
}
