//! Silences: how long a child may say nothing, by what it does and by who waits; the clock is a made one.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::Error;
use crate::git::program::{self, Child, Silence};
use crate::progress::Reporter;

/// A child that says a line, and nothing more until somebody writes into the pipe.
fn child(pipe: &Path, limit: Silence) -> Child {
    let script = format!("mkfifo '{0}'; echo 'Writing objects: 100% (1/1)' >&2; cat '{0}'", pipe.display());
    let args = ["-c".into(), script.into()].to_vec();
    Child { program: "sh".into(), args, envs: Vec::new(), without: &[], input: Vec::new(), limit }
}

/// Whether it hung, and after how long.
async fn hangs(limit: Silence, is_sent: bool) -> (bool, Duration) {
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let report = Reporter::silent();
    let done = program::run(child(&folder.path().join("pipe"), limit), &report, &mut |_| !is_sent).await.unwrap();
    (done.hung, began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn where_nobody_waits_a_remote_has_two_minutes_and_a_hook_ten() {
    for (limit, is_sent, minutes) in [
        (Silence::Remote, false, 2),
        (Silence::Remote, true, 2),
        (Silence::Hook, false, 10),
        (Silence::Local, false, 10),
    ] {
        let (hung, lasted) = hangs(limit, is_sent).await;
        let wanted = Duration::from_mins(minutes);
        assert!(hung && lasted >= wanted && lasted < wanted + Duration::from_secs(20), "{limit:?}: {lasted:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_who_waits_is_told_every_ten_seconds_and_nothing_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let told: Arc<Mutex<Vec<u64>>> = Arc::default();
    let (heard, into) = (Arc::clone(&told), pipe.clone());
    let report = Reporter::new(move |progress| {
        let Some(silent) = progress.silent else { return };
        let mut told = heard.lock().unwrap();
        told.push(silent.as_secs());
        if silent.as_secs() == 1300 {
            std::fs::write(&into, "at last").unwrap();
        }
    });
    let report = report.attended(true);
    report.phase(crate::progress::Phase::Wait, "netops");
    let done = program::run(child(&pipe, Silence::Remote), &report, &mut |_| true).await.unwrap();
    assert!(done.success && done.stdout == "at last", "{done:?}");
    let told = told.lock().unwrap();
    assert!(told.windows(2).all(|pair| pair[1] == pair[0] + 10 || pair[1] == 10) && told.contains(&130), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn the_wish_to_stop_ends_what_is_on_its_way_within_half_a_minute() {
    let folder = tempfile::tempdir().unwrap();
    let report = Reporter::silent().attended(true);
    let mut asked = None;
    let mut listener = |_: &str| {
        report.stop();
        asked = Some(Instant::now());
        false
    };
    let done = program::run(child(&folder.path().join("pipe"), Silence::Remote), &report, &mut listener).await.unwrap();
    assert!(!done.success && !done.hung);
    assert!(asked.unwrap().elapsed() <= Duration::from_secs(24), "{:?}", asked.unwrap().elapsed());
    // What looks afterwards how it ended has little time left, and is not refused.
    let (looked, last) = (Instant::now(), report.to_the_end());
    let again = folder.path().join("again");
    assert!(!program::run(child(&again, Silence::Remote), &last, &mut |_| true).await.unwrap().success);
    assert!(looked.elapsed() <= Duration::from_secs(6), "{:?}", looked.elapsed());
    let third = folder.path().join("third");
    let refused = program::run(child(&third, Silence::Remote), &report, &mut |_| true).await;
    assert!(matches!(refused, Err(Error::Stopped)));
}
