//! The findings: one line each, and below them the one under the cursor with its source line and a caret.
//!
//! ```text
//! +=[ Findings of dc1 ]==================[ 1 error, 3 findings ]=+
//! |> ! raw/x.yaml:8     HH-VP5  VLAN 5000 is none: it must be 1 |
//! |  * raw/y.yaml:3     HH-VP2  ...                             |
//! +-------------------------------------------------------------+
//! |      8 |       vlan: 5000                                   |
//! |        |             ^^^^                                   |
//! | Fix: use a VLAN of the namespace                            |
//! +=============================================================+
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::fabric::finding::{Finding, Severity};
use crate::fabric::message::count;
use crate::ops::report::ValidateReport;
use crate::text::{caret, clean_line, cut, cut_middle};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// Most lines below the list, for the finding under the cursor; a short one leaves its lines to the list.
const BELOW: usize = 9;

/// Draws the findings with the selected one in full.
pub(super) fn draw(
    frame: &mut Frame,
    area: Rect,
    reports: &[(String, ValidateReport)],
    at: usize,
    selected: usize,
    theme: Theme,
) {
    let Some((fabric, report)) = reports.get(at) else { return };
    let findings = &report.findings;
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let others = count(findings.len() - errors, "warning or note", "warnings and notes");
    let right = format!("{}, {others}", count(errors, "error", "errors"));
    let among = if reports.len() > 1 { format!(" ({} of {})", at + 1, reports.len()) } else { String::new() };
    let inside = pane::frame(frame, area, &format!("Findings of {fabric}{among}"), &right, true, theme);
    if findings.is_empty() {
        let line = Line::from(Span::styled(" Nothing is wrong.", theme.style(Role::Ok)));
        return pane::lines(frame, inside, vec![line], 0);
    }
    let detail =
        findings.get(selected).map_or_else(Vec::new, |finding| full(finding, report, inside.width.into(), theme));
    let below = u16::try_from(detail.len().min(BELOW)).unwrap_or_default().min(inside.height.saturating_sub(2));
    let [list, beneath] = Layout::vertical([Constraint::Min(1), Constraint::Length(below)]).areas(inside);
    let first = pane::first_shown(selected, list.height);
    let shown = findings.iter().enumerate().skip(first).take(usize::from(list.height));
    let rows = shown.map(|(at, finding)| row(finding, at == selected, usize::from(list.width), theme)).collect();
    pane::lines(frame, list, rows, 0);
    pane::lines(frame, beneath, detail, 0);
}

/// The sign, the word and the look of a finding.
fn look(finding: &Finding) -> (&'static str, &'static str, Role) {
    match finding.severity {
        Severity::Error => ("!", "error", Role::Error),
        Severity::Warning => ("*", "warning", Role::Warn),
        Severity::Note => (".", "note", Role::Muted),
    }
}

fn place(finding: &Finding) -> String {
    let line = finding.line.map_or_else(String::new, |line| format!(":{line}"));
    format!("{}{line}", clean_line(&finding.file))
}

fn row(finding: &Finding, is_selected: bool, width: usize, theme: Theme) -> Line<'static> {
    let (mark, _, role) = look(finding);
    let cursor = if is_selected { ">" } else { " " };
    let place = pane::cell(&cut_middle(&place(finding), width / 3), width / 3);
    let text = format!("{cursor} {mark} {place} {:<8} {}", finding.code, clean_line(&finding.message));
    let line = pane::cell(&cut(&text, width), width);
    let style = if is_selected { theme.style(Role::Selection) } else { theme.style(role) };
    Line::from(Span::styled(line, style))
}

fn full(finding: &Finding, report: &ValidateReport, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = vec![Line::from(Span::styled("-".repeat(width), theme.style(Role::Border)))];
    let source = finding.line.and_then(|number| report.lines.get(&finding.file)?.get(&number));
    if let (Some(source), Some(number), Some(column)) = (source, finding.line, finding.column) {
        let marked = caret::marked(source, column, finding.length);
        lines.push(Line::from(cut(&format!("{number:>6} | {}", marked.line), width)));
        let carets = format!("{:>6} | {}{}", "", " ".repeat(marked.start), "^".repeat(marked.length));
        lines.push(Line::from(Span::styled(cut(&carets, width), theme.style(Role::Error))));
    }
    let (_, word, role) = look(finding);
    let text = format!("{word} {}: {}", finding.code, clean_line(&finding.message));
    lines.extend(wrapped(&text, width).map(|line| Line::from(Span::styled(line, theme.style(role)))));
    for related in &finding.related {
        let text = format!("{}: {}:{}", clean_line(&related.message), clean_line(&related.file), related.line);
        lines.extend(wrapped(&text, width).map(Line::from));
    }
    lines.extend(wrapped(&format!("Fix: {}", clean_line(&finding.remedy)), width).map(Line::from));
    lines
}

fn wrapped(text: &str, width: usize) -> impl Iterator<Item = String> + use<> {
    pane::wrap(text, width.saturating_sub(2)).into_iter().map(|line| format!(" {line}"))
}
