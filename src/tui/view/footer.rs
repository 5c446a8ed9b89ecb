//! The footer: what can be pressed, and keys, action, outcome.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::text;
use crate::tui::dialog::Dialog;
use crate::tui::palette::Mode;
use crate::tui::state::{Focus, Screen, State, Tab};
use crate::tui::theme::{Role, Theme};

/// Keys that write, as the hints have them.
const WRITES: [&str; 4] = ["{init}", "{ingest}", "{push}", "{add_fabric}"];

/// Draws the hint lines.
pub(super) fn hints(frame: &mut Frame, area: Rect, state: &State, theme: Theme) {
    let (first, second) = words(state);
    let why = state.why_read_only().filter(|_| state.dialog.is_none());
    let read = |text: &str| why.as_ref().map_or_else(|| text.to_owned(), |why| reading(text, why));
    let (first, second) = (state.keymap.fill(&read(first)), state.keymap.fill(&read(second)));
    let width = usize::from(area.width);
    let line = |text: &str| Line::from(Span::styled(fitting(text, width), theme.style(Role::Muted)));
    frame.render_widget(Paragraph::new(vec![line(&first), line(&second)]), area);
}

/// As many whole hints as fit; the last one, which leads out or to the help, stays.
fn fitting(text: &str, width: usize) -> String {
    let mut hints: Vec<&str> = text.split("  ").map(str::trim).filter(|hint| !hint.is_empty()).collect();
    while hints.len() > 2 && text::width(&hints.join("  ")) + 1 > width {
        hints.remove(hints.len() - 2);
    }
    if text::width(text) <= width { text.to_owned() } else { text::cut(&format!(" {}", hints.join("  ")), width) }
}

/// The hints without those that write or ask a remote; instead of the writes, that they are off and why.
fn reading(text: &str, why: &str) -> String {
    let of = |hint: &&str, keys: &[&str]| keys.iter().any(|key| hint.contains(key));
    let mut hints: Vec<&str> = text.split("  ").filter(|hint| !of(hint, &["{fetch}", "{pull}"])).collect();
    let off = format!("Writing is off: {}", why.replace(['{', '}'], ""));
    if let Some(at) = hints.iter().position(|hint| of(hint, &WRITES)) {
        hints[at] = &off;
        hints.retain(|hint| !of(hint, &WRITES));
    }
    let lead = if text.starts_with(' ') && !hints.first().is_some_and(|hint| hint.starts_with(' ')) { " " } else { "" };
    format!("{lead}{}", hints.join("  "))
}

fn words(state: &State) -> (&'static str, &'static str) {
    if let Some(dialog) = &state.dialog {
        return of_dialog(dialog);
    }
    let writes = " Writes: {init} init  {ingest} iNgest  {push} Push  {add_fabric} Add (asks first)  {command} command  {help} help  {quit} back";
    match &state.screen {
        Screen::FirstRun(run) if run.plan.is_some() => {
            (" y writes it   Backspace back   j/k scroll   ? help", " d demo instead (nothing leaves this machine)")
        }
        Screen::FirstRun(_) => (
            " Space choose  Enter next  t test access  Esc quit  ? help",
            " d demo instead (nothing leaves this machine)",
        ),
        _ if state.focus == Focus::Operations => {
            (" {down}/{up} move  {open} its log  {stop} stop or drop  {error} error  {back} back", "")
        }
        _ if state.list.is_typing => {
            (" words  !not  git:ahead  dir:ready  raw>0  is:need-you  is:marked", " Enter keep   Esc all fabrics again")
        }
        Screen::View(viewer) if viewer.input.is_some() => (" type, then Enter searches   Esc back", ""),
        Screen::View(_) => (
            " {down}/{up} {page_up} {page_down} {top} {bottom} scroll  {filter} search  {next_match} {previous_match} next, previous",
            " {wrap} wrap  {left}/{right} sideways  {copy} copy  {back} back",
        ),
        Screen::Fabrics if !state.list.marks.is_empty() => (
            " All that are marked:  {validate} validate  {fetch} fetch  {pull} pull  {leave_out} mark  {back} none",
            " All that are marked:  {init} init  {ingest} iNgest  {push} Push  {command} command  {help} help",
        ),
        // One line alone: what changes something, and the way out.
        Screen::Fabrics if state.size.1 < 24 => {
            (" {open} open  {init} init  {ingest} iNgest  {push} Push  {quit} quit  {help} help", "")
        }
        Screen::Fabrics => (
            " {open} open  {leave_out} mark  {filter} filter  {sort} sort  {validate} validate  {fetch} fetch  {pull} pull  {refresh} refresh  {diff} diff  {next_pane} pane  {zoom} zoom  {error} error",
            " Writes: {init} init  {ingest} iNgest  {push} Push  {add_fabric} Add (asks first)  {command} command  {help} help  {quit} quit",
        ),
        Screen::Fabric(open) if open.tab == Tab::Raw => (
            " {open} view  {previous_tab} {next_tab} tab  {leave_out} leave out  {validate} validate  {refresh} refresh  {zoom} zoom  {next_pane} pane  {copy} copy  {back} back",
            writes,
        ),
        Screen::Fabric(open) if open.tab != Tab::Overview => (
            " {down}/{up} move  {open} view  {previous_tab} {next_tab} tab  {zoom} zoom  {refresh} refresh  {next_pane} pane  {back} back",
            writes,
        ),
        Screen::Fabric(_) => (
            " {previous_tab} {next_tab} tab  {validate} validate  {refresh} refresh  {fetch} fetch  {pull} pull  {error} error  {diff} diff  {next_pane} pane  {zoom} zoom  {back} back",
            writes,
        ),
        Screen::Findings { .. } => (
            " {down}/{up} finding  {previous_tab} {next_tab} fabric  {open} editor at the line  {validate} validate again  {back} back",
            writes,
        ),
        Screen::Error { .. } if state.trouble.is_some() => (
            " {refresh} reads the configuration again once it is corrected   {quit} quit",
            " {copy} copy   {sort} save the report   {previous_tab} {next_tab} previous and next error   {down}/{up} scroll",
        ),
        Screen::Error { .. } => (
            " {down}/{up} scroll the message  {previous_tab} {next_tab} previous and next error  {back} back",
            " {copy} copy the report  {sort} save it to a file  {help} help",
        ),
        Screen::Log { .. } => (" {down}/{up} scroll  {back} back", ""),
    }
}

fn of_dialog(dialog: &Dialog) -> (&'static str, &'static str) {
    match dialog {
        Dialog::Confirm(confirm) if confirm.subject.is_some() => {
            (" type the commit's subject   Enter plans anew with it   Ctrl-U empties   Esc leaves it", "")
        }
        Dialog::Confirm(confirm) if confirm.typed.is_some() && confirm.commit_subject().is_none() => {
            (" type it, then Enter   Esc cancel", " arrows scroll   Ctrl-D every file   Ctrl-O as command")
        }
        Dialog::Confirm(confirm) if confirm.typed.is_some() => (
            " type it, then Enter   Esc cancel",
            " arrows scroll  Ctrl-D every file  Ctrl-O as command  Ctrl-E edit subject",
        ),
        Dialog::Confirm(confirm) if confirm.commit_subject().is_none() => {
            (" y yes   n/Esc/Enter cancel", " d every file   c as command   j/k scroll")
        }
        Dialog::Confirm(_) => {
            (" y yes   n/Esc/Enter cancel", " d every file   e edit subject   c as command   j/k scroll")
        }
        Dialog::Stale { .. } => (" r show the new plan   Esc cancel", ""),
        Dialog::Settings { .. } => (" the letter, or Enter, changes   j/k move   Esc close", ""),
        Dialog::More { .. } => (" the letter, or Enter, plans it and asks   j/k move   Esc close", ""),
        Dialog::Sort { .. } => (" the letter, or Enter, sorts; again reverses   j/k move   Esc close", ""),
        Dialog::Copy { .. } => (" the letter, or Enter, copies   j/k move   Esc close", ""),
        Dialog::Form(_) => (" Tab next field   Enter shows the plan   Ctrl-U empties   Esc cancel", ""),
        Dialog::Palette(palette) if palette.mode == Mode::Search => {
            (" type to search   Up/Down choose   Enter runs it   Esc close", "")
        }
        Dialog::Palette(_) => (" Tab completes   Up/Down earlier lines   Enter runs it   Esc close", ""),
        Dialog::Quit => (" w wait, then quit   d drop the queue   b back", ""),
    }
}

/// Draws the last line: what is said stays longest, then two keys, then the time, then more keys.
pub(super) fn outcome(frame: &mut Frame, area: Rect, state: &State, theme: Theme) {
    let width = usize::from(area.width);
    let said = if state.said.is_empty() { String::new() } else { format!("> {}", state.said) };
    let time = format!(" {} ", state.said_at);
    let left = |keys: &str| if state.preferences.keycast { format!(" KEYS {keys}   ") } else { " ".to_owned() };
    let needed = |keys: &str| text::width(&left(keys)) + text::width(&said) + 1;
    let least = needed(&state.keys.text(0));
    let time = if least + text::width(&time) > width { String::new() } else { time };
    let spare = width.saturating_sub(needed("") + text::width(&time));
    let left = left(&state.keys.text(spare.min(width / 3)));
    let said = text::cut(&said, width.saturating_sub(text::width(&left) + text::width(&time)));
    let pad = " ".repeat(width.saturating_sub(text::width(&left) + text::width(&said) + text::width(&time)));
    let role = if state.said.contains("FAILED") { Role::Error } else { Role::Text };
    let line = Line::from(vec![
        Span::styled(left, theme.style(Role::Muted)),
        Span::styled(said, theme.style(role)),
        Span::raw(pad),
        Span::styled(time, theme.style(Role::Muted)),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}
