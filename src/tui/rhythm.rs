//! Rhythm: when the next frame may be drawn, and when a link is too slow for the pace.

use std::time::Duration;

use crate::config::ui::Pace;

/// While the window changes its size, frames come this far apart, in milliseconds.
const RESIZING: u64 = 80;
/// A frame that takes this long to send was blocked by the link.
const BLOCKED: Duration = Duration::from_millis(100);
/// So many blocked frames in a row make the pace slower.
const PATIENCE: u8 = 3;

/// When the next frame may be drawn.
#[derive(Debug, Default)]
pub(super) struct Rhythm {
    drawn: Option<u64>,
    is_urgent: bool,
    is_resizing: bool,
    blocked: u8,
}

impl Rhythm {
    /// Somebody waits for the next frame: a key was pressed, a question came up.
    pub(super) fn hurry(&mut self) {
        self.is_urgent = true;
    }

    /// The window changed its size.
    pub(super) fn resized(&mut self) {
        self.is_resizing = true;
    }

    /// When the next frame may be drawn, in milliseconds of the session.
    pub(super) fn due(&self, pace: Pace) -> u64 {
        let (frame, answer) = match pace {
            Pace::Full => (66, 8),
            Pace::Calm => (250, 50),
            Pace::Slow => (1000, 200),
        };
        let gap = match (self.is_resizing, self.is_urgent) {
            (true, _) => RESIZING,
            (false, true) => answer,
            (false, false) => frame,
        };
        self.drawn.map_or(0, |drawn| drawn + gap)
    }

    /// Notes a frame and how long it took to send; tells whether the link is too slow for the pace.
    pub(super) fn drew(&mut self, now: u64, took: Duration) -> bool {
        (self.is_urgent, self.is_resizing, self.drawn) = (false, false, Some(now));
        self.blocked = if took > BLOCKED { self.blocked + 1 } else { 0 };
        let is_slow = self.blocked >= PATIENCE;
        if is_slow {
            self.blocked = 0;
        }
        is_slow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_millis(1);

    #[test]
    fn what_nobody_waits_for_comes_at_the_pace_and_keys_at_once() {
        let mut rhythm = Rhythm::default();
        assert_eq!(rhythm.due(Pace::Slow), 0);
        assert!(!rhythm.drew(1000, QUICK));
        assert_eq!([Pace::Full, Pace::Calm, Pace::Slow].map(|pace| rhythm.due(pace)), [1066, 1250, 2000]);
        rhythm.hurry();
        assert_eq!([Pace::Full, Pace::Calm, Pace::Slow].map(|pace| rhythm.due(pace)), [1008, 1050, 1200]);
        rhythm.resized();
        assert_eq!(rhythm.due(Pace::Full), 1080);
        rhythm.drew(2000, QUICK);
        assert_eq!(rhythm.due(Pace::Full), 2066);
    }

    #[test]
    fn three_blocked_frames_in_a_row_are_too_many() {
        let slow = Duration::from_millis(101);
        let mut rhythm = Rhythm::default();
        let told = [slow, slow, QUICK, slow, slow, slow, slow].map(|took| rhythm.drew(0, took));
        assert_eq!(told, [false, false, false, false, false, true, false]);
    }
}
