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
const SIDE_BY_SIDE: usize = 4;

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
    tasks: JoinSet<()>,
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

    /// Starts an operation.
    pub fn start(&mut self, id: JobId, operation: Operation) {
        let told = self.events.clone();
        let reporter = Reporter::new(move |progress| {
            // Nobody listens any more once the screen is gone.
            let _ = told.send(Event::Progress(id, progress));
        });
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
        });
    }

    /// Asks something of the outside; the answer comes as an event.
    pub fn wish(&mut self, wish: Wish) {
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
