//! The painter against a model of a terminal: whatever was shown, the next frame is right.

use proptest::prelude::{Strategy as _, any, proptest};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::Painter;

const SIZE: (u16, u16) = (30, 9);

fn style(number: u8) -> Style {
    let styles = [
        Style::reset(),
        Style::reset().fg(Color::Green),
        Style::reset().fg(Color::Red).add_modifier(Modifier::BOLD),
        Style::reset().add_modifier(Modifier::REVERSED),
        Style::reset().add_modifier(Modifier::UNDERLINED).bg(Color::Blue),
        Style::reset().fg(Color::Indexed(208)).add_modifier(Modifier::DIM),
    ];
    styles[usize::from(number) % styles.len()]
}

fn draw(buffer: &mut Buffer, pieces: &[(u16, u16, u8, u8)]) {
    let texts =
        ["x", "fabric dc1-prod", "   ", "═════════", "漢字 ok", "", " a b  c   d    e", "                         "];
    for (x, y, text, look) in pieces {
        buffer.set_string(x % SIZE.0, y % SIZE.1, texts[usize::from(*text) % texts.len()], style(*look));
    }
}

/// What the terminal shows is what a fresh one would show.
fn check(terminal: &mut vt100::Parser, painter: &mut Painter, frame: &Buffer) -> usize {
    let bytes = painter.paint(frame).to_vec();
    terminal.process(&bytes);
    let mut fresh = vt100::Parser::new(SIZE.1.try_into().unwrap(), SIZE.0.try_into().unwrap(), 0);
    fresh.process(Painter::new(false).paint(frame));
    for y in 0..SIZE.1 {
        for x in 0..SIZE.0 {
            let (is, wanted) = (terminal.screen().cell(y, x).unwrap(), fresh.screen().cell(y, x).unwrap());
            let (shown, symbol) = (wanted.contents().trim(), frame[(x, y)].symbol().trim());
            assert!(shown == symbol || wanted.is_wide_continuation(), "{shown:?} {symbol:?} at {x},{y}");
            assert_eq!(is.contents().trim(), shown, "at {x},{y}");
            if !shown.is_empty() {
                assert_eq!(
                    (is.fgcolor(), is.bold(), is.dim(), is.underline()),
                    (wanted.fgcolor(), wanted.bold(), wanted.dim(), wanted.underline()),
                    "at {x},{y}"
                );
            }
            assert_eq!((is.bgcolor(), is.inverse()), (wanted.bgcolor(), wanted.inverse()), "at {x},{y}");
        }
    }
    bytes.len()
}

fn blank() -> Buffer {
    Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1))
}

fn terminal() -> vt100::Parser {
    vt100::Parser::new(SIZE.1.try_into().unwrap(), SIZE.0.try_into().unwrap(), 0)
}

proptest! {
    #[test]
    fn every_frame_is_right_whatever_was_shown(
        frames in proptest::collection::vec(
            (any::<bool>(), proptest::collection::vec((0u16..30, 0u16..9, any::<u8>(), any::<u8>()), 0..30)).prop_map(|frame| frame),
            1..6,
        ),
    ) {
        let (mut terminal, mut painter, mut frame) = (terminal(), Painter::new(true), blank());
        for (keeps, pieces) in frames {
            if !keeps {
                frame.reset();
            }
            draw(&mut frame, &pieces);
            check(&mut terminal, &mut painter, &frame);
        }
    }
}

fn list(first: usize, selected: usize) -> Buffer {
    let mut frame = blank();
    frame.set_string(0, 0, "+-------- a list ------------+", Style::new());
    for at in 0..7u16 {
        let number = first + usize::from(at);
        let look = style(if number == selected { 3 } else { 1 });
        frame.set_string(0, at + 1, format!("|  fabric-{number:04} row {:>8} |", number * 7919), look);
    }
    frame.set_string(0, 8, "+----------------------------+", Style::new());
    frame
}

#[test]
fn nothing_new_is_no_byte_and_a_tick_is_its_text() {
    let (mut terminal, mut painter, mut frame) = (terminal(), Painter::new(true), list(0, 0));
    check(&mut terminal, &mut painter, &frame);
    assert_eq!(check(&mut terminal, &mut painter, &frame), 0);
    frame.set_string(20, 4, "7", style(1));
    assert!(check(&mut terminal, &mut painter, &frame) < 14);
}

#[test]
fn a_list_that_moves_is_scrolled_not_repainted() {
    let (mut terminal, mut painter) = (terminal(), Painter::new(true));
    let whole = check(&mut terminal, &mut painter, &list(0, 6));
    let down = check(&mut terminal, &mut painter, &list(1, 7));
    assert!(down < whole / 2, "{down} of {whole}");
    let up = check(&mut terminal, &mut painter, &list(0, 1));
    assert!(up < whole / 2, "{up} of {whole}");
}

#[test]
fn no_escape_code_comes_through_a_cell() {
    let (mut painter, mut frame) = (Painter::new(false), blank());
    frame[(3, 3)].set_symbol("\u{1b}]0;x\u{7}");
    frame[(4, 3)].set_symbol("a\u{202e}");
    let bytes = String::from_utf8(painter.paint(&frame).to_vec()).unwrap();
    assert!(bytes.ends_with("??") && !bytes.contains("\u{1b}]"), "{bytes:?}");
}

#[test]
fn a_forgotten_screen_is_cleared_and_drawn_whole() {
    let (mut terminal, mut painter) = (terminal(), Painter::new(false));
    let whole = check(&mut terminal, &mut painter, &list(0, 0));
    terminal.process(b"\x1b[31;7mrubbish from elsewhere\x1b[5;3H more of it");
    painter.forget();
    assert_eq!(check(&mut terminal, &mut painter, &list(0, 0)), whole);
}
