//! Look: which characters and colours the output may use, and whether there is somebody to ask.

use std::io::IsTerminal;

use crate::cli::args::{ColorChoice, Global};
use crate::config::theme::Depth;

/// What of the process's surroundings decides the look; data, so that a test can make one.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Whether standard input is a terminal.
    pub input: bool,
    /// Whether standard output is a terminal.
    pub output: bool,
    /// Whether standard error is a terminal.
    pub error: bool,
    /// Whether `$CI` is set.
    pub ci: bool,
    /// `$TERM`.
    pub term: String,
    /// The character set of the locale: the first set of `$LC_ALL`, `$LC_CTYPE`, `$LANG`.
    pub locale: String,
    /// `$HEDGEROW_COLOR`.
    pub color: String,
    /// Whether `$NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// `$COLORTERM`.
    pub colorterm: String,
    /// Whether this is the far end of an ssh.
    pub is_remote: bool,
    /// Whether there is a tmux around us.
    pub is_tmux: bool,
    /// Whether `$HEDGEROW_ASCII` is set and neither empty nor `0`.
    pub ascii: bool,
}

/// Which characters and colours a text may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Symbols beyond ASCII.
    pub unicode: bool,
    /// Colours.
    pub color: bool,
}

/// What a colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// As it should be.
    Ok,
    /// To be looked at.
    Warn,
    /// Wrong.
    Error,
    /// Under way, or worth knowing.
    Info,
    /// Of little weight.
    Muted,
}

impl Surroundings {
    /// The surroundings of this process.
    pub fn of_process() -> Self {
        let text = |name: &str| std::env::var(name).unwrap_or_default();
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(text);
        let ascii = text("HEDGEROW_ASCII");
        Self {
            input: std::io::stdin().is_terminal(),
            output: std::io::stdout().is_terminal(),
            error: std::io::stderr().is_terminal(),
            ci: !text("CI").is_empty(),
            term: text("TERM"),
            locale: locale.into_iter().find(|s| !s.is_empty()).unwrap_or_default(),
            color: text("HEDGEROW_COLOR"),
            no_color: !text("NO_COLOR").is_empty(),
            colorterm: text("COLORTERM"),
            is_remote: !text("SSH_CONNECTION").is_empty(),
            is_tmux: !text("TMUX").is_empty(),
            ascii: !ascii.is_empty() && ascii != "0",
        }
    }

    /// The same without a terminal to read from where the user asks for that.
    #[must_use]
    pub fn without_input(mut self, global: &Global) -> Self {
        self.input &= !global.no_input;
        self
    }

    /// Whether somebody can be asked: a terminal to read from and to ask on, and no `$CI`.
    pub fn can_ask(&self) -> bool {
        self.input && self.error && !self.ci
    }

    /// Whether the dashboard can be drawn: a terminal on both sides that can move its cursor.
    pub fn can_draw(&self) -> bool {
        self.input && self.output && self.term != "dumb"
    }

    /// How many colours standard output shows.
    pub fn depth(&self, global: &Global) -> Depth {
        Depth::of(self.colored(global, self.output), &self.colorterm)
    }

    /// The look of standard output.
    pub fn look(&self, global: &Global) -> Look {
        self.look_of(global, self.output)
    }

    /// The look of standard error.
    pub fn error_look(&self, global: &Global) -> Look {
        self.look_of(global, self.error)
    }

    /// Whether a flag or the environment says ASCII or not.
    pub fn ascii_said(&self, global: &Global) -> Option<bool> {
        match (global.unicode, global.ascii || self.ascii) {
            (true, _) => Some(false),
            (false, true) => Some(true),
            (false, false) => None,
        }
    }

    fn look_of(&self, global: &Global, terminal: bool) -> Look {
        Look { unicode: self.unicode(global), color: self.colored(global, terminal) }
    }

    fn unicode(&self, global: &Global) -> bool {
        let locale = self.locale.to_ascii_lowercase().replace('-', "");
        let old = ["linux", "ansi"].contains(&self.term.as_str()) || self.term.starts_with("vt");
        global.unicode || (!global.ascii && !self.ascii && locale.contains("utf8") && !old)
    }

    fn colored(&self, global: &Global, terminal: bool) -> bool {
        match (global.color, self.color.as_str()) {
            (ColorChoice::Never, _) | (ColorChoice::Auto, "never") => false,
            (ColorChoice::Always, _) | (ColorChoice::Auto, "always") => true,
            _ => terminal && !self.no_color && !self.ci && !["", "dumb"].contains(&self.term.as_str()),
        }
    }
}

impl Look {
    /// The text in the colour of its role.
    pub fn paint(self, role: Role, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        let code = match role {
            Role::Ok => "32",
            Role::Warn => "33",
            Role::Error => "31",
            Role::Info => "36",
            Role::Muted => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// The symbol for this look.
    pub fn symbol(self, ascii: &'static str, unicode: &'static str) -> &'static str {
        if self.unicode { unicode } else { ascii }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Surroundings;
    use crate::cli::args::Arguments;

    fn look(words: &[&str], surroundings: &Surroundings) -> super::Look {
        let words = ["hedgerow"].iter().chain(words);
        surroundings.look(&Arguments::try_parse_from(words).unwrap().global)
    }

    fn terminal() -> Surroundings {
        Surroundings {
            input: true,
            output: true,
            error: true,
            term: "xterm-256color".to_owned(),
            locale: "en_GB.UTF-8".to_owned(),
            ..Surroundings::default()
        }
    }

    #[test]
    fn options_win_over_the_environment_and_that_over_the_terminal() {
        let plain = terminal();
        assert!(look(&[], &plain).color && look(&[], &plain).unicode);
        assert!(!look(&["--color", "never"], &plain).color);
        let no_color = Surroundings { no_color: true, ..terminal() };
        assert!(!look(&[], &no_color).color);
        assert!(look(&["--color", "always"], &no_color).color);
        let forced = Surroundings { color: "always".to_owned(), ..no_color };
        assert!(look(&[], &forced).color);
        assert!(!look(&[], &Surroundings { output: false, ..terminal() }).color);
        assert!(!look(&[], &Surroundings { term: String::new(), ..terminal() }).color);
    }

    #[test]
    fn ascii_where_the_terminal_or_locale_wants_it() {
        for (term, locale) in [("linux", "C.UTF-8"), ("vt220", "C.UTF-8"), ("xterm", "C")] {
            let surroundings = Surroundings { term: term.to_owned(), locale: locale.to_owned(), ..terminal() };
            assert!(!look(&[], &surroundings).unicode, "{term} {locale}");
            assert!(look(&["--unicode"], &surroundings).unicode);
        }
        assert!(!look(&["--ascii"], &terminal()).unicode);
    }

    #[test]
    fn the_dashboard_wants_a_terminal_on_both_sides() {
        assert!(terminal().can_draw());
        for odd in
            [Surroundings { output: false, ..terminal() }, Surroundings { term: "dumb".to_owned(), ..terminal() }]
        {
            assert!(!odd.can_draw());
        }
    }

    #[test]
    fn nobody_is_asked_in_a_pipe_or_in_ci() {
        assert!(terminal().can_ask());
        assert!(!Surroundings { ci: true, ..terminal() }.can_ask());
        assert!(!Surroundings { input: false, ..terminal() }.can_ask());
    }
}
