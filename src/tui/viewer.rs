//! Viewer: one text in full, with scrolling, search and wrapping.

use std::sync::Arc;

use crate::tui::list::contains;
use crate::tui::state::Screen;

/// One text in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// What it is.
    pub title: String,
    /// How its lines are coloured.
    pub paper: Paper,
    /// Its lines, not cleaned yet.
    pub lines: Arc<Vec<String>>,
    /// The first line shown.
    pub top: usize,
    /// Columns left out on the left.
    pub left: usize,
    /// Whether long lines are broken.
    pub wraps: bool,
    /// What was searched.
    pub search: String,
    /// What is being typed to search.
    pub input: Option<String>,
    /// Where Esc leads.
    pub back: Box<Screen>,
}

/// How lines are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// Keys, strings, numbers, comments.
    Yaml,
    /// Added, removed, places.
    Diff,
    /// Not at all.
    Plain,
}

impl Viewer {
    /// A text from a line on, numbered from 0.
    pub fn new(title: String, paper: Paper, lines: Arc<Vec<String>>, top: usize, back: Screen) -> Self {
        Self {
            title,
            paper,
            lines,
            top,
            left: 0,
            wraps: false,
            search: String::new(),
            input: None,
            back: Box::new(back),
        }
    }

    /// The place of the next line that holds what was searched, round the end; backwards too.
    pub fn find(&self, forward: bool, from_here: bool) -> Option<usize> {
        let count = self.lines.len();
        if count == 0 || self.search.is_empty() {
            return None;
        }
        let at =
            |step: usize| if forward { (self.top + step) % count } else { (self.top + count - step % count) % count };
        let first = usize::from(!from_here);
        (first..=count).map(at).find(|at| self.lines.get(*at).is_some_and(|line| contains(line, &self.search)))
    }

    /// How many lines hold what was searched.
    pub fn found(&self) -> usize {
        self.lines.iter().filter(|line| contains(line, &self.search)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(top: usize) -> Viewer {
        let lines = ["kind: VPC", "name: web", "# Web", "vlan: 5"].map(str::to_owned).to_vec();
        let mut viewer = Viewer::new(String::new(), Paper::Yaml, Arc::new(lines), top, Screen::Fabrics);
        "web".clone_into(&mut viewer.search);
        viewer
    }

    #[test]
    fn search_goes_round_both_ways_with_smart_case() {
        assert_eq!(viewer(0).find(true, true), Some(1));
        assert_eq!(viewer(1).find(true, false), Some(2));
        assert_eq!(viewer(2).find(true, false), Some(1));
        assert_eq!(viewer(1).find(false, false), Some(2));
        assert_eq!(viewer(0).found(), 2);
        let mut capital = viewer(0);
        "Web".clone_into(&mut capital.search);
        assert_eq!((capital.find(true, true), capital.found()), (Some(2), 1));
        "none".clone_into(&mut capital.search);
        assert_eq!(capital.find(true, true), None);
    }
}
