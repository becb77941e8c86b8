//! Timing: the contenders take turns, so that a slow moment of the machine meets all alike.
//!
//! What is taken is the processor time of this thread: on a shared machine the clock on the wall counts
//! what others do, and more so for longer runs. Work that V8 gives to other threads is not counted.

use std::time::Duration;

/// The processor time that this thread has had.
fn now() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it writes to the given place.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(failed, 0, "no clock for the processor time of a thread");
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// A way to do something, and its times.
pub struct Contender<'c> {
    pub name: &'static str,
    run: Box<dyn FnMut() -> Duration + 'c>,
    times: Vec<Duration>,
    /// How often it is run in a turn, so that short runs are seen by the clock.
    repeat: u32,
}

/// What is timed together.
#[derive(Default)]
pub struct Race<'c> {
    pub contenders: Vec<Contender<'c>>,
}

/// A turn takes this long at least.
const TURN: Duration = Duration::from_millis(1);

impl<'c> Race<'c> {
    /// What `run` gives is dropped within the time.
    pub fn add<T>(&mut self, name: &'static str, mut run: impl FnMut() -> T + 'c) {
        self.add_prepared(name, || (), move |()| run());
    }

    /// `prepare` is not timed.
    pub fn add_prepared<P, T>(
        &mut self,
        name: &'static str,
        mut prepare: impl FnMut() -> P + 'c,
        mut run: impl FnMut(P) -> T + 'c,
    ) {
        let run = Box::new(move || {
            let prepared = prepare();
            let start = now();
            drop(std::hint::black_box(run(std::hint::black_box(prepared))));
            now() - start
        });
        self.contenders.push(Contender { name, run, times: Vec::new(), repeat: 1 });
    }

    /// Runs all (or those whose names contain `only`), `rounds` times in turn, after two rounds that do
    /// not count.
    pub fn run(&mut self, rounds: usize, only: Option<&str>) {
        if let Some(only) = only {
            self.contenders.retain(|contender| contender.name.contains(only));
        }
        for contender in &mut self.contenders {
            (contender.run)();
            let once = (contender.run)().max(Duration::from_nanos(1));
            contender.repeat = (TURN.as_nanos() / once.as_nanos()).clamp(1, 100_000) as u32;
        }
        for _ in 0..rounds {
            for contender in &mut self.contenders {
                let total: Duration = (0..contender.repeat).map(|_| (contender.run)()).sum();
                contender.times.push(total / contender.repeat);
            }
        }
    }

    /// The median time.
    pub fn median(&self, name: &str) -> Option<Duration> {
        let contender = self.contenders.iter().find(|contender| contender.name == name)?;
        let mut times = contender.times.clone();
        times.sort_unstable();
        times.get(times.len() / 2).copied()
    }

    /// How many times faster `name` is than `other`: the median of the rounds' ratios.
    pub fn ratio(&self, name: &str, other: &str) -> Option<f64> {
        let times = |name: &str| {
            let found = self.contenders.iter().find(|contender| contender.name == name)?;
            Some(&found.times)
        };
        let mut ratios: Vec<f64> = times(name)?
            .iter()
            .zip(times(other)?)
            .map(|(ours, theirs)| theirs.as_secs_f64() / ours.as_secs_f64())
            .collect();
        ratios.sort_unstable_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied()
    }
}
