//! Setup: keys of the first run and of the form, and what the outside answers to them.

use std::path::PathBuf;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::config::Config;
use crate::fabric::message::count;
use crate::ops::access::Access;
use crate::ops::add::AddRequest;
use crate::ops::joint::{Joined, Joint};
use crate::ops::settle::{Settled, Verdict};
use crate::ops::setup::{self, Wanted};
use crate::ops::{Failure, Mode, Operation, PushRequest};
use crate::tui::dialog::{ARMING, Dialog};
use crate::tui::event::Effect;
use crate::tui::keymap;
use crate::tui::setup::{Answer, FIELDS, FirstRun, Form, Shared, Wish};
use crate::tui::state::{Screen, Stage, State};
use crate::tui::update::{begin, confirm, jobs, keys};

/// The keys of the first run, where `?` asks for them.
const HELP: &str = "Space chooses, Enter goes on, t tests access, d is a demo, Esc quits";
/// The same once it is shown what would be written.
const HELP_PLAN: &str = "y writes it, Backspace goes back, j/k scroll, d is a demo";

/// The effects that open a session: what the last one left open, or the search of the first run.
pub fn open(state: &mut State) -> Vec<Effect> {
    match &state.screen {
        Screen::FirstRun(_) => vec![Effect::Wish(Wish::Search(Vec::new()))],
        _ => begin(state).into_iter().chain([Effect::Wish(Wish::Settle)]).collect(),
    }
}

/// Opens the form.
pub(super) fn form(state: &mut State) {
    if let Some(why) = keys::refusal(state, "add", &[]) {
        state.say(why);
        return;
    }
    let repository = state.current().map(|row| row.repository.clone()).unwrap_or_default();
    let form =
        Form { texts: [String::new(), repository, String::new(), String::new(), String::new()], ..Form::default() };
    state.dialog = Some(Dialog::Form(Box::new(form)));
}

/// Takes a key of the form; Enter in the last field, or anywhere once all needed is there, plans.
pub(super) fn form_key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let Some(Dialog::Form(form)) = &mut state.dialog else {
        return Vec::new();
    };
    let last = FIELDS.len() - 1;
    match key.code {
        KeyCode::Esc => {
            state.dialog = None;
            state.say("cancelled; nothing was written");
        }
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => state.dialog = None,
        KeyCode::Tab | KeyCode::Down => form.at = if form.at == last { 0 } else { form.at + 1 },
        KeyCode::BackTab | KeyCode::Up => form.at = if form.at == 0 { last } else { form.at - 1 },
        KeyCode::Enter => return submit(state),
        _ => {
            edit(&mut form.texts[form.at], key);
            // What was asked for is not what stands there any more.
            form.asked = None;
        }
    }
    Vec::new()
}

fn submit(state: &mut State) -> Vec<Effect> {
    let Some(Dialog::Form(form)) = &mut state.dialog else {
        return Vec::new();
    };
    let empty = (0..3).find(|at| form.texts[*at].trim().is_empty());
    if let Some(at) = empty {
        form.at = at;
        let (name, about) = FIELDS[at];
        state.say(format!("{name} is missing: {about}"));
        return Vec::new();
    }
    let request = form.request();
    if form.asked.as_ref() == Some(&request) {
        return Vec::new();
    }
    form.asked = Some(request.clone());
    state.say(format!("add {}  looking", request.name));
    vec![Effect::Wish(Wish::Plan(request))]
}

/// Changes a one-line text by a key.
fn edit(text: &mut String, key: &KeyEvent) {
    let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('u') if is_control => text.clear(),
        KeyCode::Char(letter) if !is_control => text.push(letter),
        KeyCode::Backspace => {
            text.pop();
        }
        _ => {}
    }
}

/// Takes a key of the first run; none where the key means there what it means everywhere.
pub(super) fn key(state: &mut State, key: &KeyEvent) -> Vec<Effect> {
    let now = state.now.ms;
    let Screen::FirstRun(run) = &mut state.screen else {
        return Vec::new();
    };
    if run.typing.is_some() {
        return type_place(run, key);
    }
    let name = keymap::name(key);
    if name == "?" {
        let is_plan = run.plan.is_some();
        state.say(if is_plan { HELP_PLAN } else { HELP });
        return Vec::new();
    }
    if run.plan.is_some() {
        return shown(run, &name, now);
    }
    let last = run.found.as_ref().map_or(0, Vec::len);
    match name.as_str() {
        "Esc" | "q" => return vec![Effect::Quit],
        "d" => return vec![Effect::Wish(Wish::Demo)],
        "t" => return try_access(state),
        "j" | "Down" => run.selected = (run.selected + 1).min(last),
        "k" | "Up" => run.selected = run.selected.saturating_sub(1),
        "Space" | "Enter" if run.selected == last => run.typing = Some(String::new()),
        "Space" if run.chosen.remove(&run.selected) => {}
        "Space" => {
            run.chosen.insert(run.selected);
        }
        "Enter" => {
            let wanted: Vec<Wanted> =
                run.chosen.iter().filter_map(|at| run.found.as_ref()?.get(*at).cloned()).collect();
            return vec![Effect::Wish(Wish::Draft(wanted))];
        }
        _ => {}
    }
    Vec::new()
}

/// Tries what the remote of the selected directory allows.
fn try_access(state: &mut State) -> Vec<Effect> {
    let Screen::FirstRun(run) = &mut state.screen else {
        return Vec::new();
    };
    let Some(wanted) = run.found.as_ref().and_then(|found| found.get(run.selected)).cloned() else {
        state.say("t tests the access of a directory: select one");
        return Vec::new();
    };
    run.access.insert(wanted.repository.clone(), None);
    state.say("first run: testing the access, nothing is written");
    vec![Effect::Wish(Wish::Try(wanted))]
}

fn tried(state: &mut State, repository: String, tried: Result<Access, Failure>) {
    let Screen::FirstRun(run) = &mut state.screen else { return };
    let said = match &tried {
        Err(failure) => format!("FAILED {} {}", failure.code, failure.message),
        Ok(Access { read: Err(failure), .. } | Access { write: Some(Err(failure)), .. }) => {
            format!("{} {}", failure.code, failure.message)
        }
        Ok(Access { write: None, note, .. }) => format!("it can be read; writing was not tried: {note}"),
        Ok(_) => "it can be read and written; nothing was sent".to_owned(),
    };
    run.access.remove(&repository);
    run.access.extend(tried.ok().map(|access| (repository, Some(access))));
    state.say(format!("access: {said}"));
}

/// Takes a key while what would be written is shown.
fn shown(run: &mut FirstRun, name: &str, now: u64) -> Vec<Effect> {
    match name {
        "y" if now >= run.shown + ARMING => {
            run.plan.clone().map(|plan| Effect::Wish(Wish::Write(plan))).into_iter().collect()
        }
        "Esc" | "Backspace" | "n" => {
            run.plan = None;
            Vec::new()
        }
        "d" => vec![Effect::Wish(Wish::Demo)],
        "j" | "Down" => {
            run.scroll += 1;
            Vec::new()
        }
        "k" | "Up" => {
            run.scroll = run.scroll.saturating_sub(1);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Types another place: a folder that is looked into, or an address and a directory in it.
fn type_place(run: &mut FirstRun, key: &KeyEvent) -> Vec<Effect> {
    let Some(text) = &mut run.typing else {
        return Vec::new();
    };
    match key.code {
        KeyCode::Esc => run.typing = None,
        KeyCode::Enter => {
            let text = text.trim().to_owned();
            run.typing = None;
            let words: Vec<&str> = text.split_whitespace().collect();
            match words[..] {
                [] => {}
                [address, directory] if crate::config::address::is_address(address) => {
                    let wanted =
                        Wanted { repository: address.to_owned(), directory: directory.to_owned(), branch: None };
                    take(run, wanted, "not looked into yet".to_owned());
                }
                _ => return vec![Effect::Wish(Wish::Search(vec![PathBuf::from(text)]))],
            }
        }
        _ => edit(text, key),
    }
    Vec::new()
}

fn take(run: &mut FirstRun, wanted: Wanted, remark: String) {
    let found = run.found.get_or_insert_default();
    if !found.contains(&wanted) {
        run.chosen.insert(found.len());
        found.push(wanted);
        run.remarks.push(remark);
    }
}

/// Takes what the outside answered.
pub(super) fn answered(state: &mut State, answer: Answer) -> Vec<Effect> {
    state.is_dirty = true;
    match answer {
        Answer::Found(clones) => found(state, &clones),
        Answer::Tried(repository, access) => tried(state, repository, access),
        Answer::Drafted(Ok(plan)) => {
            let now = state.now.ms;
            if let Screen::FirstRun(run) = &mut state.screen {
                (run.plan, run.shown, run.scroll) = (Some(plan), now, 0);
            }
        }
        Answer::Configured(Ok(config)) => return configured(state, &config),
        Answer::Planned(request, joint) => planned(state, &request, joint),
        Answer::Added(joint, done) => {
            let mut effects = added(state, &joint, done);
            effects.extend((state.leaving && !state.is_busy()).then_some(Effect::Quit));
            return effects;
        }
        Answer::Settled(settled) => tell(state, &settled),
        Answer::Configured(Err(failure)) if state.trouble.is_some() => broken(state, failure),
        Answer::Drafted(Err(failure)) | Answer::Configured(Err(failure)) => {
            state.say(format!("FAILED {} {}", failure.code, failure.message));
        }
    }
    Vec::new()
}

/// Takes the plan that the open form waits for; one whose form was left or changed meanwhile is dropped.
fn planned(state: &mut State, request: &AddRequest, joint: Result<Shared<Joint>, Failure>) {
    let Some(Dialog::Form(form)) = &mut state.dialog else { return };
    if form.asked.take_if(|asked| asked == request).is_none() {
        return;
    }
    match joint {
        Ok(joint) => {
            state.dialog = None;
            confirm::open_joint(state, joint);
        }
        Err(failure) => form.wrong = Some(failure),
    }
}

fn found(state: &mut State, clones: &[crate::ops::discover::FoundClone]) {
    let Screen::FirstRun(run) = &mut state.screen else { return };
    let before = run.found.as_ref().map(Vec::len);
    run.found.get_or_insert_default();
    let remarks = clones.iter().flat_map(|clone| &clone.directories).map(|found| {
        let word = if found.is_ready { "Ready" } else { "Not init" };
        format!("{word:<9} {} raw, {} loose", found.raw, found.loose)
    });
    for (wanted, remark) in setup::wanted(clones).into_iter().zip(remarks) {
        take(run, wanted, remark);
    }
    let after = run.found.as_ref().map(Vec::len);
    let said = match (clones.len(), before == after) {
        (0, _) => "no clone there".to_owned(),
        (_, true) if before.is_some() => "nothing new there".to_owned(),
        (clones, _) => {
            let found = count(after.unwrap_or_default(), "GitOps directory", "GitOps directories");
            format!("{}, {found} found", count(clones, "clone", "clones"))
        }
    };
    state.say(format!("first run: {said}"));
}

/// Shows the fabrics of a new configuration; those that were there keep what is known of them.
fn configured(state: &mut State, config: &Shared<Config>) -> Vec<Effect> {
    state.configure(&config.0);
    if let (true, Some(path)) = (state.title.is_empty(), &config.0.path) {
        state.title = crate::text::clean_line(&path.display().to_string());
    }
    if matches!(state.screen, Screen::FirstRun(_)) || state.trouble.take().is_some() {
        state.screen = Screen::Fabrics;
        state.read_only = state.asked_read_only;
    }
    let fabrics = count(state.rows.len(), "fabric", "fabrics");
    state.say(format!("configuration read: {fabrics}; NEXT STEP names the key"));
    let mut effects = vec![Effect::Wish(Wish::Adopt(config.clone()))];
    effects.extend(begin(state));
    effects
}

/// Shows what is wrong with the configuration: nothing can be written meanwhile.
pub fn broken(state: &mut State, failure: Failure) {
    let what = state.title.clone();
    state.read_only = true;
    state.trouble = Some((what.clone(), failure.clone()));
    state.screen = Screen::Error { what, failure, at: 0, scroll: 0 };
    state.say(state.keymap.fill("correct the configuration, then press {refresh}"));
}

fn added(state: &mut State, joint: &Shared<Joint>, done: Result<Box<Joined>, Failure>) -> Vec<Effect> {
    let name = joint.0.add.addition.fabric.clone();
    state.adding = None;
    let joined = match done {
        Ok(joined) => joined,
        Err(failure) => {
            state.say(format!("add {name}  FAILED {} {}; nothing was added", failure.code, failure.message));
            return Vec::new();
        }
    };
    let effects = configured(state, &Shared(std::sync::Arc::new(joint.0.add.config.clone())));
    let failure = [&joined.init, &joined.push].into_iter().flatten().find_map(|entry| entry.failure().cloned());
    if let Some(row) = state.rows.iter_mut().find(|row| row.name == name) {
        row.failure.clone_from(&failure);
    }
    state.select(&name);
    state.say(match (failure, joined.push, joined.init) {
        (Some(failure), ..) => {
            let done = failure.done.as_deref().unwrap_or("added");
            format!("add {name}  FAILED {}; {done}; e tells what to do", failure.code)
        }
        (None, Some(_), _) => format!("add {name}  added, initialised, pushed and Verified"),
        (None, None, Some(_)) => format!("add {name}  added; nothing was pushed"),
        (None, None, None) => format!("add {name}  added"),
    });
    effects
}

/// Says what the last session left open; each is listed as an operation that ended.
fn tell(state: &mut State, settled: &[Settled]) {
    for one in settled {
        let (operation, stage) = match one.verdict {
            Verdict::Verified => (left_open(one), Stage::Done),
            Verdict::NotPushed => (left_open(one), Stage::NoChange),
            Verdict::Open => (left_open(one), Stage::Uncertain),
            Verdict::Repaired => (Operation::Check { fabrics: Vec::new() }, Stage::Done),
        };
        jobs::ended_before(state, operation, stage, &one.fabric, &one.sentence);
    }
    match settled {
        [] => {}
        [one] => state.say(one.sentence.clone()),
        [first, ..] => {
            let all = state.keymap.fill("left by the last session, {operations} lists them");
            state.say(format!("{} {all}; {}", settled.len(), first.sentence));
        }
    }
}

fn left_open(one: &Settled) -> Operation {
    Operation::Push(PushRequest { fabrics: vec![one.fabric.clone()], mode: Mode::Plan })
}
