//! Heal: what the NetBox plugin left in `managed/` put right, each with its reason, nothing meaningful lost.

mod plugin;

use std::collections::{BTreeMap, HashMap};

use crate::fabric::document;
use crate::fabric::finding::{Finding, Severity};
use crate::fabric::ingest::settle::taken;
use crate::fabric::layout::{self, Place};
use crate::fabric::loader;
use crate::fabric::managed::{self, Spot};
use crate::fabric::message::count;
use crate::fabric::migrate::{self, Step};
use crate::fabric::names;
use crate::fabric::plan::{Outcome, Plan};
use crate::fabric::resource::{self, Class, Identity};
use crate::fabric::resources::{Ground, Making, Reach, homeless};
use crate::fabric::rewrite;
use crate::fabric::secret;
use crate::fabric::snapshot::Content;
use crate::fabric::splice::{self, Part};
use crate::yaml::{self, Node};

/// One resource of a managed file, healed.
struct Item<'a> {
    path: &'a str,
    index: usize,
    spot: Spot,
    text: String,
    value: Node,
    reasons: Vec<String>,
}

/// Plans the healing of `managed/`: twins, header comments before `---`, the plugin's time stamps and
/// annotations, files in the wrong place, versions that are gone.
pub fn plan(ground: &Ground) -> Plan {
    let mut making = Making::new(ground);
    making.reach = Reach::Uncovered;
    let mut found: BTreeMap<Identity, Vec<Item>> = BTreeMap::new();
    for (path, file) in &ground.snapshot.files {
        let is_meant = layout::place(path) == Place::Managed
            && layout::is_yaml(path)
            && !layout::is_leftover(path)
            && !names::is_odd(path);
        if let (true, Content::Bytes(bytes)) = (is_meant, &file.content) {
            read(&mut making, ground, path, bytes, &mut found);
        }
    }
    let mut files: BTreeMap<&str, BTreeMap<usize, Part>> = BTreeMap::new();
    let taken = taken(ground.snapshot);
    for (identity, items) in &mut found {
        let own = managed::own_path(&ground.directories, identity).unwrap_or_default();
        items.sort_by_key(|item| (item.path != own, item.path));
        settle(&mut making, ground, &taken, (identity, items, &own), &mut files);
    }
    for (path, parts) in files {
        making.rebuild(ground, path, &parts);
    }
    check(&mut making, ground, &found);
    let healed = making.documents.len();
    making.finish(ground, "heal", "", &count(healed, "resource", "resources"))
}

/// Reads the resources of one file and heals the text of each.
fn read<'a>(
    making: &mut Making,
    ground: &Ground,
    path: &'a str,
    bytes: &[u8],
    found: &mut BTreeMap<Identity, Vec<Item<'a>>>,
) {
    if secret::find(path, bytes).is_some() {
        return;
    }
    if !splice::is_whole(path, bytes) {
        making.findings.push(homeless(path, Severity::Warning));
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    let header = loader::check(path, &text, Severity::Error).into_iter().any(|finding| finding.code == "HH-LD2");
    for (index, document) in document::read(path, bytes).documents.into_iter().enumerate() {
        let Some((text, mut reasons)) = healed(making, ground, path, &document) else {
            continue;
        };
        if header {
            reasons.push("the header comment no longer stands before a `---`".to_owned());
        }
        let again = document::read(path, text.as_bytes()).documents;
        let [only] = again.as_slice() else { continue };
        if let (Class::Resource(resource), Some(value)) = (resource::classify(only), &only.value) {
            let value = value.clone();
            let spot = Spot { path: path.to_owned(), index, document };
            found.entry(resource.identity).or_default().push(Item { path, index, spot, text, value, reasons });
        }
    }
}

/// A document's text without what the plugin wrote, in a version that is served.
fn healed(
    making: &mut Making,
    ground: &Ground,
    path: &str,
    document: &document::Document,
) -> Option<(String, Vec<String>)> {
    let root = document.value.as_ref().filter(|_| !document.is_template)?;
    let mut reasons = Vec::new();
    let mut text = document.text.clone();
    if let Some(Step::Refuse(findings)) = migrate::step(path, root, &ground.check.schemas) {
        making.findings.extend(findings);
        return None;
    }
    let own = yaml::read_one(&text).ok()?;
    if let Some(Step::Rewrite { span, new, note }) = migrate::step(path, &own, &ground.check.schemas) {
        text = rewrite::scalars(&text, &[(span, new)])?;
        reasons.push(note);
    }
    let (text, more) = plugin::clean(&text, root);
    reasons.extend(more);
    Some((text, reasons))
}

/// Decides what becomes of every document of one identity; the first is the one that stays.
fn settle<'a>(
    making: &mut Making,
    ground: &Ground,
    taken: &HashMap<String, &str>,
    (identity, items, own): (&Identity, &mut [Item<'a>], &str),
    files: &mut BTreeMap<&'a str, BTreeMap<usize, Part>>,
) {
    let Some((main, twins)) = items.split_first_mut() else {
        return;
    };
    let is_free = !taken.contains_key(&names::folded(own)) && !making.draft.holds(own);
    let moves = main.path != own && is_free;
    if main.path != own && !is_free {
        let message = format!("{identity} belongs in {own}, which is taken by something else");
        let remedy = "move that file away, then heal again";
        making.findings.push(Finding::file(Severity::Warning, "HH-LY3", main.path, message, remedy));
    }
    let stays = if moves { own } else { main.path };
    if moves {
        main.reasons.push(format!("it belongs in {own}"));
        making.draft.write(own, main.text.as_bytes());
        files.entry(main.path).or_default().insert(main.index, Part::Drop);
        making.tell(identity, &main.spot, Outcome::Moved, Some(own), &main.reasons.join("; "));
    } else if !main.reasons.is_empty() {
        files.entry(main.path).or_default().insert(main.index, Part::Replace(main.text.clone()));
        making.tell(identity, &main.spot, Outcome::Updated, Some(main.path), &main.reasons.join("; "));
    }
    for twin in twins {
        files.entry(twin.path).or_default().insert(twin.index, Part::Drop);
        if resource::same_meaning(&twin.value, &main.value) {
            making.tell(identity, &twin.spot, Outcome::Deleted, None, &format!("the same as {stays}"));
            continue;
        }
        let target = managed::override_path(ground.snapshot, twin.path, twin.text.as_bytes());
        making.draft.write(&target, twin.text.as_bytes());
        let note = format!("says something else than {stays}, which stays");
        making.tell(identity, &twin.spot, Outcome::Unmanaged, Some(&target), &note);
    }
}

/// Every resource is still there and says the same; else the plan is refused.
fn check(making: &mut Making, ground: &Ground, found: &BTreeMap<Identity, Vec<Item>>) {
    let after = making.draft.upon(ground.snapshot.clone());
    let now = managed::Managed::read(&after, &layout::Directories::of(&after));
    for (identity, items) in found {
        let Some(main) = items.first() else { continue };
        let spots = now.resources.get(identity).map(Vec::as_slice).unwrap_or_default();
        let is_there = spots.iter().filter_map(|spot| spot.document.value.as_ref());
        if !is_there.into_iter().any(|value| resource::same_meaning(value, &main.value)) {
            let message = format!("{identity} would be lost or changed");
            let remedy = "this is a fault of hedgerow's; nothing was written";
            making.findings.push(Finding::file(Severity::Error, "HH-X1", main.path, message, remedy));
        }
    }
}

#[cfg(test)]
mod tests;
