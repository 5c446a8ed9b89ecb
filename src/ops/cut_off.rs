//! Cut off: pushes that ended after nobody could be told any more, said at the next start.

use std::path::PathBuf;

use crate::history::LastOperation;
use crate::ops::settle::{Settled, Verdict};
use crate::ops::{Context, record};
use crate::private;
use crate::text::clean_line;

/// The file that names them until they are said.
const FILE: &str = "cut-off";

fn place(cx: &Context) -> PathBuf {
    cx.state_dir.join(FILE)
}

/// Notes which fabrics were being pushed when the session was cut off, one a line.
pub fn note(cx: &Context, fabrics: &[String]) {
    if fabrics.is_empty() {
        return;
    }
    // The journal has how they ended; where this cannot be written the next start is silent.
    let _ = private::write(&place(cx), fabrics.join("\n").as_bytes());
}

/// How they ended, each once; one whose end nobody knows is looked up instead.
pub(crate) fn take(cx: &Context) -> Vec<Settled> {
    let Ok(names) = std::fs::read_to_string(place(cx)) else { return Vec::new() };
    // What cannot be removed is said again.
    let _ = std::fs::remove_file(place(cx));
    let history = cx.history();
    let last = |name: &str| history.last_operation(name, &record::key_of(cx, name)?);
    names.lines().filter_map(|name| told(name, last(name)?)).collect()
}

fn told(fabric: &str, last: &LastOperation) -> Option<Settled> {
    let (word, verdict) = match last.result.as_str() {
        "verified" => ("Verified", Verdict::Verified),
        "failed" | "rejected" => ("Not pushed", Verdict::NotPushed),
        _ => return None,
    };
    let at = last.at.parse::<jiff::Timestamp>().ok()?.to_zoned(jiff::tz::TimeZone::system());
    let at = at.strftime("%Y-%m-%d %H:%M");
    let sentence = format!("{word}: {fabric} at {at}; the last session was cut off during its push.");
    let told = (last.operation == "push").then(|| clean_line(&sentence));
    told.map(|sentence| Settled { fabric: fabric.to_owned(), sentence, is_certain: true, verdict })
}
