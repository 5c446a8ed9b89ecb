//! Signal: the wish to stop that came from outside, and whether Ctrl-C is another program's for a while.

use std::time::Duration;

use tokio::sync::watch;

use crate::modes::Modes;

/// The exit code of an interrupt.
const INTERRUPTED: u8 = 130;
/// How long an interrupt of the other program may take to arrive here.
const ARRIVAL: Duration = Duration::from_millis(100);

/// The signals that came in; every clone tells the same.
#[derive(Debug, Clone, Default)]
pub struct Signal {
    /// The exit code of the first; 0 while none came.
    code: watch::Sender<u8>,
    /// What another program has of ours.
    loan: watch::Sender<Option<Loan>>,
}

/// A terminal that another program has.
#[derive(Debug)]
struct Loan {
    modes: Modes,
    was_interrupted: bool,
}

impl Signal {
    /// Takes a signal in; false where it is the second one, which ends the process at once.
    ///
    /// Ctrl-C is meant for the program that has the terminal, although it comes to us too.
    pub fn came(&self, code: u8) -> bool {
        if code == INTERRUPTED && self.is_lent() {
            self.loan.send_modify(|loan| {
                if let Some(loan) = loan {
                    loan.was_interrupted = true;
                }
            });
            return true;
        }
        self.code.send_if_modified(|first| {
            let is_first = *first == 0;
            *first = if is_first { code } else { *first };
            is_first
        })
    }

    /// The exit code of the signal that came in, if one did.
    pub fn code(&self) -> Option<u8> {
        Some(*self.code.borrow()).filter(|code| *code != 0)
    }

    /// Waits until a signal came in.
    pub async fn wait(&self) {
        // The sender is ours, so it is there as long as we wait.
        let _ = self.code.subscribe().wait_for(|code| *code != 0).await;
    }

    /// Ctrl-C ended a program beside us: ours counts as come, though it may be on its way.
    pub async fn shared(&self) {
        if tokio::time::timeout(ARRIVAL, self.wait()).await.is_err() {
            self.came(INTERRUPTED);
        }
    }

    /// Another program gets the terminal, and Ctrl-C with it.
    pub fn lend(&self) {
        self.loan.send_replace(Some(Loan { modes: Modes::now(), was_interrupted: false }));
    }

    /// The terminal is ours again; an interrupt that is on its way is still the other program's.
    pub async fn take_back(&self) {
        let mut loan = self.loan.subscribe();
        let arrived = loan.wait_for(|loan| loan.as_ref().is_none_or(|loan| loan.was_interrupted));
        // Mostly there is none.
        let _ = tokio::time::timeout(ARRIVAL, arrived).await.is_ok();
        self.loan.send_replace(None);
    }

    /// Whether another program has the terminal.
    pub fn is_lent(&self) -> bool {
        self.loan.borrow().is_some()
    }

    /// Sets a terminal that another program has as it was before.
    pub fn restore_modes(&self) {
        if let Some(loan) = &*self.loan.borrow() {
            loan.modes.restore();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{INTERRUPTED, Signal};

    #[test]
    fn the_first_signal_counts_and_a_second_one_ends() {
        let signal = Signal::default();
        assert_eq!(signal.code(), None);
        assert!(signal.came(INTERRUPTED));
        assert!(!signal.clone().came(143));
        assert_eq!(signal.code(), Some(INTERRUPTED));
    }

    #[tokio::test]
    async fn an_interrupt_that_ended_a_program_beside_us_is_ours_too() {
        let (late, early) = (Signal::default(), Signal::default());
        late.shared().await;
        assert_eq!(late.code(), Some(INTERRUPTED));
        assert!(early.came(143));
        early.shared().await;
        assert_eq!(early.code(), Some(143));
    }

    #[tokio::test]
    async fn an_interrupt_is_the_other_programs_while_it_has_the_terminal() {
        let signal = Signal::default();
        signal.lend();
        assert!(signal.came(INTERRUPTED) && signal.came(INTERRUPTED), "as often as one likes");
        assert_eq!(signal.code(), None);
        signal.take_back().await;
        assert!(signal.came(INTERRUPTED));
        assert_eq!(signal.code(), Some(INTERRUPTED), "ours again");
    }

    #[tokio::test]
    async fn an_interrupt_on_its_way_is_waited_for_and_other_signals_are_ours() {
        let signal = Signal::default();
        signal.lend();
        let back = tokio::spawn({
            let signal = signal.clone();
            async move { signal.take_back().await }
        });
        tokio::task::yield_now().await;
        assert!(signal.is_lent() && signal.came(INTERRUPTED));
        back.await.unwrap();
        assert_eq!((signal.is_lent(), signal.code()), (false, None));
        signal.lend();
        assert!(signal.came(143));
        signal.wait().await;
        assert_eq!(signal.code(), Some(143));
    }
}
