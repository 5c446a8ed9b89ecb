//! The findings: every remark of one fabric, with its place and remedy.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::fabric::finding::{Finding, Severity};
use crate::fabric::message::count;
use crate::text::{clean_line, cut_middle};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::pane;

/// Draws the findings from a first line on.
pub(super) fn draw(frame: &mut Frame, area: Rect, fabric: &str, findings: &[Finding], scroll: usize, theme: Theme) {
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let right = format!("{}, {}", count(errors, "error", "errors"), count(findings.len(), "finding", "findings"));
    let inside = pane::frame(frame, area, &format!("Findings of {fabric}"), &right, true, theme);
    let width = usize::from(inside.width).saturating_sub(2);
    let mut lines = Vec::new();
    for finding in findings {
        let (mark, role) = match finding.severity {
            Severity::Error => ("!", Role::Error),
            Severity::Warning => ("*", Role::Warn),
            Severity::Note => (".", Role::Muted),
        };
        let place = finding.line.map_or_else(String::new, |line| format!(":{line}"));
        let file = cut_middle(&clean_line(&finding.file), width / 3);
        let text = format!("{mark} {file}{place} {} {}", finding.code, clean_line(&finding.message));
        for line in pane::wrap(&text, width) {
            lines.push(Line::from(Span::styled(format!(" {line}"), theme.style(role))));
        }
        let remedy = format!("Fix: {}", clean_line(&finding.remedy));
        lines.extend(
            pane::wrap(&remedy, width.saturating_sub(4)).into_iter().map(|line| Line::from(format!("     {line}"))),
        );
    }
    if lines.is_empty() {
        lines.push(Line::from(Span::styled(" Nothing is wrong.", theme.style(Role::Ok))));
    }
    let first = scroll.min(lines.len().saturating_sub(1));
    pane::lines(frame, inside, lines, first);
}
