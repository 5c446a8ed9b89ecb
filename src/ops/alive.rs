//! Alive: whether the process that began something still is, and not another one with its number.

/// When a process started, in the system's ticks; none where the system does not say, or it is gone.
pub(crate) fn started(process: u32) -> Option<u64> {
    stat(process).map(|(_, started)| started)
}

/// Whether the process that noted its number and start is still there. Numbers come again, in a
/// container at every start: our own without our own start was somebody before us.
pub(crate) fn is_alive(process: u32, since: Option<u64>) -> bool {
    match (stat(process), since) {
        (Some(('Z' | 'X', _)), _) => false,
        (Some((_, started)), Some(since)) => started == since,
        (_, None) if process == std::process::id() => false,
        (Some(_), None) => true,
        (None, _) => stat(std::process::id()).is_none() && answers(process),
    }
}

/// Whether there is a process with this number, where nothing else is known of it.
fn answers(process: u32) -> bool {
    let id = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
    id.is_some_and(|id| rustix::process::test_kill_process(id).is_ok())
}

fn stat(process: u32) -> Option<(char, u64)> {
    read(&std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// State and start of a line of the system: fields 3 and 22, behind a name that may hold anything.
fn read(line: &str) -> Option<(char, u64)> {
    let mut fields = line.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{answers, is_alive, read, started};

    #[test]
    fn state_and_start_are_found_behind_any_name() {
        let line = "7 (a) S 1) b) Z 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4242 1000 10";
        assert_eq!(read(line), Some(('Z', 4242)));
        assert_eq!(read("7 (hedgerow) S 1 7"), None);
    }

    #[test]
    fn our_number_is_ours_only_with_our_start() {
        let own = std::process::id();
        let start = started(own);
        assert!(!is_alive(own, None), "somebody before us had the number");
        assert!(answers(own) && !answers(2_147_483_646));
        if let Some(start) = start {
            assert!(is_alive(own, Some(start)));
            assert!(!is_alive(own, Some(start + 1)));
            assert!(is_alive(1, None), "an old line tells no start");
            assert!(!is_alive(2_147_483_646, None));
        }
    }
}
