//! Jobs: operations in the background; what they tell comes back as events.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;

use crate::ops::{self, Context, Failure, Operation};
use crate::progress::Reporter;
use crate::tui::event::Event;
use crate::tui::setup::Wish;
use crate::tui::state::JobId;
use crate::tui::wishes::{self, Place};

/// Operations that run side by side; they mostly wait for a network.
pub const SIDE_BY_SIDE: usize = 4;

/// Directories that are read side by side: no more than there are processors, so that keys are answered.
fn readers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(SIDE_BY_SIDE)
}

/// Whether an operation only reads a directory.
fn reads(operation: &Operation) -> bool {
    use Operation::{Diff, Export, File, Log, Show, Status};
    matches!(operation, Status { .. } | File { .. } | Show { .. } | Diff { .. } | Log { .. } | Export { .. })
}

/// The running operations.
pub struct Jobs {
    context: Context,
    place: Place,
    events: UnboundedSender<Event>,
    places: Arc<Semaphore>,
    readings: Arc<Semaphore>,
    running: HashMap<JobId, Reporter>,
    /// What every wish listens to: nobody waits for one any more once the screen is gone.
    wishes: Reporter,
    /// What runs in the background; an operation's task tells its number.
    tasks: JoinSet<Option<JobId>>,
}

impl Jobs {
    /// No operations yet.
    pub fn new(context: Context, place: Place, events: UnboundedSender<Event>) -> Self {
        let places = Arc::new(Semaphore::new(SIDE_BY_SIDE));
        let readings = Arc::new(Semaphore::new(readers()));
        let (running, wishes, tasks) = (HashMap::new(), Reporter::silent(), JoinSet::new());
        Self { context, place, events, places, readings, running, wishes, tasks }
    }

    /// What the operations work with.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Forgets what has ended.
    fn tidy(&mut self) {
        while let Some(ended) = self.tasks.try_join_next() {
            if let Ok(Some(id)) = ended {
                self.running.remove(&id);
            }
        }
    }

    /// Starts an operation.
    pub fn start(&mut self, id: JobId, operation: Operation) {
        self.tidy();
        let told = self.events.clone();
        let reporter = Reporter::new(move |progress| {
            // Nobody listens any more once the screen is gone.
            let _ = told.send(Event::Progress(id, progress));
        });
        // What the clock asks for nobody waits for.
        let reporter = reporter.attended(!matches!(operation, Operation::Check { .. })).on_screen();
        self.running.insert(id, reporter.clone());
        // An action never waits behind the reading of a thousand directories.
        let places = if reads(&operation) { &self.readings } else { &self.places };
        let (context, events, places) = (self.context.clone(), self.events.clone(), Arc::clone(places));
        self.tasks.spawn(async move {
            let place = places.acquire().await;
            let outcome = ops::run(&context, operation, &reporter).await;
            drop(place);
            let outcome = outcome.map_err(|error| Failure::from(&error));
            let _ = events.send(Event::Finished(id, outcome));
            Some(id)
        });
    }

    /// Asks something of the outside; the answer comes as an event.
    pub fn wish(&mut self, wish: Wish) {
        self.tidy();
        if let Wish::Adopt(config) = wish {
            self.context.config = config.0;
            return;
        }
        let (context, place, events) = (self.context.clone(), self.place.clone(), self.events.clone());
        let report = self.wishes.clone();
        self.tasks.spawn(async move {
            let answer = wishes::grant(wish, &context, &place, &report).await;
            // Nobody listens any more once the screen is gone.
            let _ = answer.map(|answer| events.send(Event::Answered(Box::new(answer))));
            None
        });
    }

    /// Asks everything to stop that can still stop without leaving its result unknown.
    pub fn wind_down(&mut self, can_stop: impl Fn(JobId) -> bool) {
        self.wishes.stop();
        for (id, reporter) in &self.running {
            if can_stop(*id) {
                reporter.stop();
            }
        }
    }

    /// Asks an operation to stop as soon as that is safe.
    pub fn stop(&mut self, id: JobId) {
        if let Some(reporter) = self.running.get(&id) {
            reporter.stop();
        }
    }

    /// Waits until everything that runs has ended.
    pub async fn finish(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;
    use crate::config::Config;

    #[tokio::test]
    async fn what_has_ended_takes_no_memory() {
        let place = tempfile::tempdir().unwrap();
        let context = Context {
            config: Arc::new(Config::default()),
            data_dir: place.path().to_owned(),
            state_dir: place.path().to_owned(),
            journal: crate::history::Cache::default(),
            read_only: false,
            fixed_time: None,
        };
        let (sender, mut receiver) = unbounded_channel();
        let mut jobs = Jobs::new(context, Place::default(), sender);
        for id in 1..=60 {
            if id % 2 == 0 {
                jobs.start(id, Operation::Status { fabrics: Vec::new(), fetch: false });
            } else {
                jobs.wish(Wish::Settle);
            }
            // One after the other, as somebody works: each has told its end before the next begins.
            assert!(matches!(receiver.recv().await, Some(Event::Finished(..) | Event::Answered(_))));
            tokio::task::yield_now().await;
            assert!(jobs.tasks.len() <= 2 && jobs.running.len() <= 2, "{} tasks", jobs.tasks.len());
        }
    }
}
