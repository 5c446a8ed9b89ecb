//! Wishes: what the first run and the form ask of the outside, done in the background.

use std::path::PathBuf;
use std::sync::Arc;

use crate::config::{self, Config};
use crate::error::{Error, Result};
use crate::ops::discover::discover;
use crate::ops::joint::{self, Reach};
use crate::ops::{Context, Failure, access, maintenance, settle, setup};
use crate::progress::Reporter;
use crate::tui::setup::{Answer, Shared, Wish};

/// Where the configuration is written and relative paths start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The configuration file; none where no place is known.
    pub target: Option<PathBuf>,
    /// The folder relative paths start at.
    pub folder: PathBuf,
}

impl Place {
    fn target(&self) -> Result<&PathBuf> {
        self.target.as_ref().ok_or_else(|| Error::ConfigMissing { looked: Vec::new() })
    }
}

/// Grants a wish; none for what the loop itself does.
pub(super) async fn grant(wish: Wish, cx: &Context, place: &Place, report: &Reporter) -> Option<Answer> {
    Some(match wish {
        Wish::Search(folders) => Answer::Found(search(folders, place).await),
        Wish::Try(wanted) => {
            let tried = match place.target() {
                Ok(target) => access::access(cx, &wanted, (target, &place.folder), report).await,
                Err(error) => Err(error),
            };
            Answer::Tried(wanted.repository, tried.map_err(|error| Failure::from(&error)))
        }
        Wish::Draft(wanted) => {
            let drafted = match place.target() {
                Ok(target) => setup::draft(cx, &wanted, (target, &place.folder), report).await,
                Err(error) => Err(error),
            };
            Answer::Drafted(shared(drafted))
        }
        Wish::Write(plan) => Answer::Configured(shared(write(&plan.0, cx))),
        Wish::Plan(request) => {
            let planned = match place.target() {
                Ok(target) => joint::plan(cx, &request, (target, &place.folder), Reach::Push, report).await,
                Err(error) => Err(error),
            };
            Answer::Planned(request, shared(planned))
        }
        Wish::Add(joint) => {
            let done = joint::carry_out(cx, &joint.0, report).await;
            Answer::Added(joint, done.map(Box::new).map_err(|error| Failure::from(&error)))
        }
        Wish::Settle => Answer::Settled(settle::settle(cx, report).await),
        Wish::Maintain(fabric) => {
            // Nobody asked for it, and the clone is as good without; the next day tries again.
            drop(maintenance::maintain(cx, &fabric, report).await);
            return None;
        }
        Wish::Reload => Answer::Configured(shared(place.target().and_then(|target| config::load(target)))),
        Wish::Adopt(_) | Wish::Demo => return None,
    })
}

async fn search(folders: Vec<PathBuf>, place: &Place) -> Vec<crate::ops::discover::FoundClone> {
    let home = std::env::home_dir().unwrap_or_default();
    let absolute = |path: &PathBuf| match path.strip_prefix("~") {
        Ok(rest) => home.join(rest),
        Err(_) => place.folder.join(path),
    };
    let folders: Vec<PathBuf> =
        if folders.is_empty() { vec![place.folder.clone()] } else { folders.iter().map(absolute).collect() };
    tokio::task::spawn_blocking(move || discover(&folders)).await.unwrap_or_default()
}

fn write(plan: &setup::SetupPlan, cx: &Context) -> Result<Config> {
    if cx.read_only {
        return Err(Error::ReadOnly { what: "config init".to_owned(), why: "--read-only was given".to_owned() });
    }
    setup::apply(plan)?;
    Ok(plan.config.clone())
}

fn shared<T>(result: Result<T>) -> std::result::Result<Shared<T>, Failure> {
    result.map(|done| Shared(Arc::new(done))).map_err(|error| Failure::from(&error))
}
