//! Keys: what each key does where it is pressed.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};

use crate::command::coming;
use crate::error::Error;
use crate::ops::report::ValidateReport;
use crate::ops::validate::ValidateRequest;
use crate::ops::{IngestRequest, InitRequest, Mode, Operation, PushRequest};
use crate::tui::action::Action;
use crate::tui::dialog::Dialog;
use crate::tui::event::Effect;
use crate::tui::keymap;
use crate::tui::palette::Mode as Typing;
use crate::tui::setup::Wish;
use crate::tui::state::{Focus, Purpose, Screen, State, Tab};
use crate::tui::update::{begin, confirm, copy, jobs, list, login, more, open, palette, pane, settings, setup, viewer};
use crate::tui::view;

/// Ctrl-C twice within this many milliseconds quits.
const TWICE: u64 = 2000;

/// Takes one key.
pub(super) fn key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    cast(state, key);
    let action = state.keymap.action(key);
    if view::is_too_small(state.size) {
        return match action {
            Some(Action::Quit | Action::Interrupt) => quit(state),
            Some(Action::Suspend) => vec![Effect::Suspend],
            _ => Vec::new(),
        };
    }
    match action {
        Some(Action::Redraw) => return vec![Effect::Redraw],
        Some(Action::Suspend) => return vec![Effect::Suspend],
        Some(Action::Interrupt) => return interrupt(state, key),
        _ => {}
    }
    if state.dialog.is_none() && state.focus == Focus::Main && viewer::key(state, key) {
        return Vec::new();
    }
    match &state.dialog {
        Some(Dialog::Confirm(_)) => confirm::key(state, key),
        Some(Dialog::Stale { .. }) => confirm::stale_key(state, key),
        Some(Dialog::Quit) => quit_key(state, key),
        Some(Dialog::Settings { .. }) => settings::key(state, key),
        Some(Dialog::Copy { .. }) => copy::key(state, key),
        Some(Dialog::Form(_)) => setup::form_key(state, key),
        None if matches!(state.screen, Screen::FirstRun(_)) => setup::key(state, key),
        Some(Dialog::Palette(_)) => palette::key(state, key),
        Some(Dialog::Sort { .. }) => list::sort_key(state, key),
        Some(Dialog::More { .. }) => more::key(state, key),
        None if state.list.is_typing => {
            list::filter_key(state, key);
            Vec::new()
        }
        None => match action {
            Some(action) => act(state, action),
            None => unused(state, key),
        },
    }
}

fn cast(state: &mut State, key: &KeyEvent) {
    if state.is_typing() && matches!(key.code, KeyCode::Char(_) | KeyCode::Backspace) {
        state.keys.typing();
    } else {
        state.keys.press(keymap::name(key));
    }
}

fn interrupt(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let now = state.now.ms;
    if state.interrupted.is_some_and(|before| now < before + TWICE) {
        state.interrupted = None;
        return quit(state);
    }
    state.interrupted = Some(now);
    if matches!(state.dialog, Some(Dialog::Confirm(_))) {
        return confirm::key(state, key);
    }
    if !matches!(state.dialog, Some(Dialog::Quit)) {
        state.dialog = None;
    }
    state.say("Ctrl-C again within 2 seconds quits");
    Vec::new()
}

fn quit(state: &mut State) -> Vec<Effect> {
    if state.is_busy() {
        state.dialog = Some(Dialog::Quit);
        return Vec::new();
    }
    vec![Effect::Quit]
}

fn quit_key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Char('w') | KeyCode::Enter => {
            state.leaving = true;
            state.dialog = None;
            state.say("quitting when the operations have ended");
        }
        KeyCode::Char('d') => {
            state.leaving = true;
            state.dialog = None;
            state.say("queue dropped; quitting when the running operation has ended");
            jobs::bulk::drop_queued(state, |_| true);
        }
        KeyCode::Char('b') | KeyCode::Esc => state.dialog = None,
        _ => {}
    }
    if state.leaving && !state.is_busy() { vec![Effect::Quit] } else { Vec::new() }
}

fn unused(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let name = keymap::name(key);
    if let Some(coming) = coming::of_key(&name) {
        state.say(format!("{name}: {}", coming.about));
        return Vec::new();
    }
    let capital = name.to_uppercase();
    match state.keymap.named(&capital).filter(|action| action.writes() && capital != name) {
        Some(action) => {
            let word = action.word();
            state.say(format!("{name} is unused. {word} is capital {capital}: capitals change things."));
        }
        None => {
            let help = state.keymap.key(Action::Help);
            state.say(format!("{name} is unused here; {help} lists every action"));
        }
    }
    Vec::new()
}

/// Carries out an action.
pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    if matches!(action, Action::Init | Action::Ingest | Action::Push | Action::Fetch | Action::Pull) {
        return start(state, action);
    }
    match action {
        Action::Down => step(state, 1),
        Action::Up => step(state, -1),
        Action::PageDown => step(state, 10),
        Action::PageUp => step(state, -10),
        Action::Top => step(state, isize::MIN),
        Action::Bottom => step(state, isize::MAX),
        Action::Open if matches!(state.screen, Screen::Findings { .. }) && state.focus == Focus::Main => {
            return edit(state);
        }
        Action::Open | Action::PaneViewer => open::open(state),
        Action::Quit if state.screen == Screen::Fabrics && state.focus == Focus::Main => {
            return quit(state);
        }
        // Nothing lies behind the error of a configuration that cannot be read.
        Action::Quit if state.trouble.is_some() && matches!(state.screen, Screen::Error { .. }) => {
            return quit(state);
        }
        Action::Back | Action::Quit => open::back(state),
        Action::NextPane | Action::Right => pane::next(state),
        Action::PreviousPane | Action::Left => pane::previous(state),
        Action::PaneFabrics | Action::PaneDetail | Action::Operations | Action::Zoom => pane::go(state, action),
        Action::Filter if state.screen == Screen::Fabrics => list::open_filter(state),
        Action::Filter => state.say(state.keymap.fill("{filter} filters the list of fabrics and searches in a viewer")),
        Action::Sort if matches!(state.screen, Screen::Error { .. }) => return copy::save(state),
        Action::Sort => state.dialog = Some(Dialog::Sort { selected: 0 }),
        Action::NextMatch | Action::PreviousMatch | Action::Wrap => {
            let said = state.keymap.fill(&format!("{} is for a viewer; {{open}} on a file opens one", action.word()));
            state.say(said);
        }
        Action::MarkAll if state.screen == Screen::Fabrics => list::mark_all(state),
        Action::MarkAll => state.say(state.keymap.fill("{mark_all} marks fabrics in the list: {back} goes back to it")),
        Action::PreviousTab if matches!(state.screen, Screen::Error { .. }) => error(state, -1),
        Action::NextTab if matches!(state.screen, Screen::Error { .. }) => error(state, 1),
        Action::PreviousTab if matches!(state.screen, Screen::Findings { .. }) => other_findings(state, -1),
        Action::NextTab if matches!(state.screen, Screen::Findings { .. }) => other_findings(state, 1),
        Action::PreviousTab | Action::NextTab => tab(state, action == Action::NextTab),
        Action::LeaveOut if state.screen == Screen::Fabrics => list::mark(state),
        Action::LeaveOut => leave_out(state),
        Action::AddFabric => setup::form(state),
        Action::Refresh if state.trouble.is_some() => return vec![Effect::Wish(Wish::Reload)],
        Action::Refresh => {
            state.say("reading the directories again");
            return begin(state);
        }
        Action::Validate => return validate(state),
        Action::Login => return login::current(state),
        Action::Error => error(state, 0),
        Action::Stop => return jobs::stop(state),
        Action::Copy => copy::open(state),
        Action::More => more::open(state),
        Action::Settings => state.dialog = Some(Dialog::Settings { selected: 0 }),
        Action::Help => palette::open(state, Typing::Search),
        Action::Command => palette::open(state, Typing::Command),
        Action::Diff => diff(state),
        _ => {}
    }
    Vec::new()
}

fn step(state: &mut State, by: isize) {
    if state.focus == Focus::Operations {
        let last = state.listed().len().saturating_sub(1);
        state.operation = state.operation.saturating_add_signed(by).min(last);
        return;
    }
    let last = view::last_line(state);
    // The full message of an error starts at its end.
    let by = if view::is_read_from_its_end(state) { by.saturating_neg() } else { by };
    let at = match &mut state.screen {
        Screen::Fabrics | Screen::FirstRun(_) => &mut state.selected,
        Screen::Fabric(open) => &mut open.selected,
        Screen::Findings { selected, .. } => selected,
        Screen::Error { scroll, .. } | Screen::Log { scroll, .. } => scroll,
        Screen::View(_) => return,
    };
    *at = at.saturating_add_signed(by).min(last);
}

/// The editor at the line of a finding; why not, where there is no file to edit.
fn editor(report: &ValidateReport, selected: usize) -> std::result::Result<Effect, &'static str> {
    let finding = report.findings.get(selected).ok_or("there is nothing to edit")?;
    let place =
        report.place.as_ref().ok_or("hedgerow's own clone has no files to edit: put a corrected file in by ingest")?;
    Ok(Effect::Edit(place.join(&finding.file), finding.line.unwrap_or(1)))
}

fn edit(state: &mut State) -> Vec<Effect> {
    let Screen::Findings { reports, at, selected } = &state.screen else {
        return Vec::new();
    };
    let Some((_, report)) = reports.get(*at) else {
        return Vec::new();
    };
    match editor(report, *selected) {
        Ok(_) if login::is_masked(state, "the editor") => Vec::new(),
        Ok(effect) => vec![effect],
        Err(why) => {
            state.say(why);
            Vec::new()
        }
    }
}

/// Shows the findings of the next fabric, or of the one before.
fn other_findings(state: &mut State, by: isize) {
    if let Screen::Findings { reports, at, selected } = &mut state.screen {
        let count = reports.len().max(1);
        (*at, *selected) = ((*at + count).saturating_add_signed(by) % count, 0);
    }
}

fn validate(state: &mut State) -> Vec<Effect> {
    let fabrics = state.targets();
    if fabrics.is_empty() {
        return Vec::new();
    }
    let operation = Operation::Validate(Box::new(ValidateRequest::of(fabrics.clone())));
    jobs::start_all(state, operation, Purpose::Act, &fabrics)
}

fn diff(state: &mut State) {
    match &mut state.screen {
        Screen::Fabric(open) => (open.tab, open.selected) = (Tab::Diff, 0),
        Screen::Fabrics => open::fabric(state, Tab::Diff),
        _ => {}
    }
}

fn tab(state: &mut State, forward: bool) {
    const TABS: [Tab; 6] = [Tab::Overview, Tab::Raw, Tab::Managed, Tab::Diff, Tab::History, Tab::Log];
    if let Screen::Fabric(open) = &mut state.screen {
        let at = TABS.iter().position(|tab| *tab == open.tab).unwrap_or_default();
        let by = if forward { 1 } else { TABS.len() - 1 };
        (open.selected, open.tab) = (0, TABS[(at + by) % TABS.len()]);
    }
}

fn leave_out(state: &mut State) {
    let Screen::Fabric(open) = &state.screen else {
        state.say(state.keymap.fill("{leave_out} leaves a raw file out: {open} opens the fabric first"));
        return;
    };
    let files = match state.row(&open.name).and_then(|row| row.status.as_ref()) {
        Some(Ok(status)) if open.tab == Tab::Raw => &status.raw.files,
        _ => return,
    };
    let Some(path) = files.get(open.selected).map(|file| file.path.clone()) else {
        return;
    };
    if let Screen::Fabric(open) = &mut state.screen
        && !open.left_out.remove(&path)
    {
        open.left_out.insert(path);
    }
}

/// Opens the first error, or moves among them.
pub(super) fn error(state: &mut State, by: isize) {
    let errors = state.errors();
    let at = match &state.screen {
        Screen::Error { at, .. } => *at,
        _ => 0,
    };
    let count = errors.len().max(1);
    let at = (at.min(count - 1) + count).saturating_add_signed(by) % count;
    match errors.into_iter().nth(at) {
        Some((what, failure)) => open::over(state, Screen::Error { what, failure, at, scroll: 0 }),
        None => state.say("no error on record"),
    }
}

fn start(state: &mut State, action: Action) -> Vec<Effect> {
    let targets = state.targets();
    if let Some(why) = refusal(state, &action.word(), &targets) {
        state.say(why);
        return Vec::new();
    }
    if targets.is_empty() {
        return Vec::new();
    }
    let fabrics = targets.clone();
    let mode = Mode::Plan;
    let (operation, purpose) = match action {
        Action::Init => {
            let request = InitRequest::all(fabrics, mode);
            (Operation::Init(request), Purpose::Plan)
        }
        Action::Ingest => match ingest(state, fabrics) {
            Some(request) => (Operation::Ingest(request), Purpose::Plan),
            None => {
                state.say(state.keymap.fill("every raw file is left out; {leave_out} in Raw takes one in again"));
                return Vec::new();
            }
        },
        Action::Push => (Operation::Push(PushRequest { fabrics, mode }), Purpose::Plan),
        Action::Fetch => (Operation::Fetch { fabrics }, Purpose::Act),
        _ => (Operation::Pull { fabrics }, Purpose::Act),
    };
    state.say(format!("{} {}  looking", operation.name(), jobs::name_of(&targets)));
    jobs::start_all(state, operation, purpose, &targets)
}

/// An ingest of what is not left out; none where everything is.
fn ingest(state: &State, fabrics: Vec<String>) -> Option<IngestRequest> {
    let row = state.current();
    let open = state.opened().filter(|open| !open.left_out.is_empty() && row.is_some_and(|row| row.name == open.name));
    let all = IngestRequest::all(fabrics, Mode::Plan);
    let (Some(open), Some(Ok(status))) = (open, row.and_then(|row| row.status.as_ref())) else {
        return Some(all);
    };
    let files = status.raw.files.iter().map(|file| file.path.clone());
    let only: Vec<String> = files.filter(|path| !open.left_out.contains(path)).collect();
    (!only.is_empty()).then_some(IngestRequest { only, ..all })
}

/// Why an action cannot be done to these fabrics, if it cannot.
pub(super) fn refusal(state: &State, name: &str, fabrics: &[String]) -> Option<String> {
    let profile = fabrics.iter().find_map(|name| state.row(name)?.why_read_only().map(str::to_owned));
    let whole = match &state.trouble {
        Some(_) if !state.asked_read_only => state.keymap.fill("the configuration cannot be read; {error} tells why"),
        _ => "--read-only".to_owned(),
    };
    let why = if state.read_only { Some(whole) } else { profile };
    let why = why.map(|why| Error::ReadOnly { what: name.to_owned(), why });
    why.map(|error| format!("READ-ONLY: {error}"))
}
