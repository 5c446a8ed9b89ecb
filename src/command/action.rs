//! Action: what a key can mean, and the words the help has for it.

use clap::ValueEnum;
use serde::Deserialize;

/// What a key can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// One line down.
    Down,
    /// One line up.
    Up,
    /// One page down.
    PageDown,
    /// One page up.
    PageUp,
    /// To the first line.
    Top,
    /// To the last line.
    Bottom,
    /// Open what is selected.
    Open,
    /// One step back.
    Back,
    /// Back, and at the root quit.
    Quit,
    /// Twice quits from anywhere.
    Interrupt,
    /// Suspend to the shell.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// The next pane.
    NextPane,
    /// The pane before.
    PreviousPane,
    /// The list of fabrics.
    PaneFabrics,
    /// The fabric.
    PaneDetail,
    /// The selected text in full.
    PaneViewer,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// The pane on the whole window.
    Zoom,
    /// Show only some fabrics.
    Filter,
    /// Sort the fabrics.
    Sort,
    /// The next line that holds what was searched, in a viewer.
    NextMatch,
    /// The line before that holds it, in a viewer.
    PreviousMatch,
    /// Break long lines, in a viewer.
    Wrap,
    /// Mark every fabric shown.
    MarkAll,
    /// The tab to the left.
    PreviousTab,
    /// The tab to the right.
    NextTab,
    /// Leave a raw file out of the next ingest.
    LeaveOut,
    /// Read the directory again.
    Refresh,
    /// Read the remote.
    Fetch,
    /// Bring the branch forward.
    Pull,
    /// Let git ask on the terminal.
    Login,
    /// Check everything.
    Validate,
    /// The whole plan with its differences.
    Diff,
    /// The last error.
    Error,
    /// Stop an operation.
    Stop,
    /// The operations pane.
    Operations,
    /// This list.
    Help,
    /// The copy menu.
    Copy,
    /// The settings.
    Settings,
    /// A command in words.
    Command,
    /// Add a fabric to the configuration.
    #[value(alias = "add")]
    AddFabric,
    /// Create or repair the layout.
    Init,
    /// File raw documents under managed/.
    Ingest,
    /// Send commits to the remote.
    Push,
    /// What else can be done to a fabric.
    More,
}

impl Action {
    /// What the action does, for the help.
    pub fn help(self) -> &'static str {
        match self {
            Action::Down => "one line down",
            Action::Up => "one line up",
            Action::PageDown => "one page down",
            Action::PageUp => "one page up",
            Action::Top => "to the first line",
            Action::Bottom => "to the last line",
            Action::Open => "open what is selected; never writes",
            Action::Back => "one step back",
            Action::Quit => "back; in the list of fabrics, quit",
            Action::Interrupt => "twice within 2 seconds quits from anywhere",
            Action::Suspend => "suspend to the shell; fg comes back",
            Action::Redraw => "draw everything anew",
            Action::NextPane => "the next pane",
            Action::PreviousPane => "the pane before",
            Action::PaneFabrics => "the list of fabrics",
            Action::PaneDetail => "the selected fabric",
            Action::PaneViewer => "the selected file, diff or record in full",
            Action::Left => "to the pane on the left; in a viewer sideways",
            Action::Right => "to the pane on the right; in a viewer sideways",
            Action::Zoom => "the pane on the whole window, and back",
            Action::Filter => "filter: words, !word, git:ahead, raw>0, is:need-you; in a viewer search",
            Action::Sort => "sort menu; the same column again reverses; on an error: save its report",
            Action::NextMatch => "in a viewer: the next line that holds what was searched",
            Action::PreviousMatch => "in a viewer: the line before that holds it",
            Action::Wrap => "in a viewer: break long lines, and back",
            Action::MarkAll => "mark every fabric shown; again: none",
            Action::PreviousTab => "the tab to the left",
            Action::NextTab => "the tab to the right",
            Action::LeaveOut => "mark the fabric; a raw file: leave it out of the next ingest",
            Action::Refresh => "read the directories again",
            Action::Fetch => "read the remote (moves the tracking branch only)",
            Action::Pull => "bring the branch forward, fast-forward only",
            Action::Login => "let git ask for a credential on the terminal, then fetch",
            Action::Validate => "check structure and documents, show every finding",
            Action::Diff => "what is here and not on the remote; in a confirmation every file",
            Action::Error => "the last error of the selected fabric, and what to do",
            Action::Stop => "stop the running operation while that is possible",
            Action::Operations => "the operations pane",
            Action::Help => "every action: search one, Enter runs it",
            Action::Command => "a command in words, as on the command line: push dc1",
            Action::Copy => "copy name, path, commit, command or error report",
            Action::Settings => "how it looks: sharing the screen, theme, ASCII, mouse, pace",
            Action::AddFabric => "add a fabric by a form, with layout and push (asks first)",
            Action::Init => "create or repair the layout (asks first)",
            Action::Ingest => "file raw documents under managed/ (asks first)",
            Action::More => "more for the fabric: commit, heal, migrate, discard (each asks first)",
            Action::Push => "send commits to the remote, read it back (asks first)",
        }
    }

    /// The action's name, as in the key map: `page_down`.
    pub fn name(self) -> String {
        self.word().replace('-', "_")
    }

    /// The action's name, as it is typed after `:`: `page-down`.
    pub fn word(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// The action of a name in either spelling.
    pub fn named(name: &str) -> Option<Self> {
        Self::from_str(&name.replace('_', "-"), false).ok()
    }

    /// What the action can do at most.
    pub fn class(self) -> Class {
        match self {
            _ if self.writes() => Class::Write,
            Action::Pull | Action::Stop => Class::Local,
            _ => Class::Look,
        }
    }

    /// Whether the action is one of viewers alone: its keys may mean something else elsewhere.
    pub fn is_of_viewers(self) -> bool {
        matches!(self, Action::NextMatch | Action::PreviousMatch | Action::Wrap)
    }

    /// Whether the action means something in a viewer.
    pub fn is_in_viewers(self) -> bool {
        self.is_of_viewers()
            || matches!(
                self,
                Action::Down
                    | Action::Up
                    | Action::PageDown
                    | Action::PageUp
                    | Action::Top
                    | Action::Bottom
                    | Action::Left
                    | Action::Right
                    | Action::Back
                    | Action::Quit
                    | Action::Interrupt
                    | Action::Suspend
                    | Action::Redraw
                    | Action::Filter
                    | Action::Copy
                    | Action::Settings
                    | Action::Help
                    | Action::Command
            )
    }

    /// Whether the action can write.
    pub fn writes(self) -> bool {
        matches!(self, Action::AddFabric | Action::Init | Action::Ingest | Action::Push)
    }
}

/// What an action can do at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Look.
    Look,
    /// Change what is local and can be had again.
    Local,
    /// Write: it always asks first.
    Write,
}

impl Class {
    /// The class in a word.
    pub fn word(self) -> &'static str {
        match self {
            Class::Look => "look",
            Class::Local => "local",
            Class::Write => "write",
        }
    }
}
