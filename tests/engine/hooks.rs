//! Promise hooks.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use v8wire::engine::{Engine, PromiseCallbacks, PromiseState, StopHook};

type Log = Rc<RefCell<Vec<String>>>;

fn note(log: &Log, event: &'static str) -> impl FnMut(&v8wire::engine::Promise<'_>) + 'static {
    let log = log.clone();
    move |promise| log.borrow_mut().push(format!("{event} {}", promise.id()))
}

fn taken(log: &Log) -> Vec<String> {
    std::mem::take(&mut log.borrow_mut())
}

/// `hooks/expected.txt` is what Node 18 and 22 say, see `hooks/make.cjs`.
#[test]
fn order_is_nodes() {
    let mut engine = Engine::new();
    let log = Log::default();
    let callbacks = PromiseCallbacks::new()
        .init({
            let log = log.clone();
            move |promise, parent| {
                let line = format!("init {} {}", promise.id(), parent.unwrap_or(0));
                log.borrow_mut().push(line);
            }
        })
        .before(note(&log, "before"))
        .after(note(&log, "after"))
        .settled(note(&log, "settled"));
    let hook = engine.promise_hooks().create_hook(callbacks);
    engine.run("script.js", &format!("{{{}}}", include_str!("hooks/script.js"))).unwrap();
    hook.stop();
    let expected: Vec<&str> = include_str!("hooks/expected.txt").lines().collect();
    assert_eq!(taken(&log), expected);
    // The script did what it is there for.
    assert_eq!(engine.eval("settledLog.length").unwrap().to::<u32>().unwrap(), 6);
}

#[test]
fn each_event_has_its_hook() {
    let mut engine = Engine::new();
    let log = Log::default();
    let hooks = engine.promise_hooks();
    let stops: Vec<StopHook> = vec![
        hooks.on_init({
            let log = log.clone();
            move |promise, parent| {
                log.borrow_mut().push(format!("init {} {parent:?}", promise.id()))
            }
        }),
        hooks.on_before(note(&log, "before")),
        hooks.on_after(note(&log, "after")),
        hooks.on_settled(note(&log, "settled")),
    ];
    engine.run("a.js", "Promise.resolve(1).then(() => {})").unwrap();
    let events = ["init 1 None", "settled 1", "init 2 Some(1)", "before 2", "settled 2", "after 2"];
    assert_eq!(taken(&log), events);
    stops.into_iter().for_each(StopHook::stop);
    engine.run("a.js", "Promise.resolve(1).then(() => {})").unwrap();
    assert!(taken(&log).is_empty());
}

#[test]
fn several_hooks_take_turns() {
    let mut engine = Engine::new();
    let log = Log::default();
    let hooks = engine.promise_hooks();
    let first = hooks.on_settled(note(&log, "first"));
    let second = hooks.on_settled(note(&log, "second"));
    engine.run("a.js", "Promise.resolve(1)").unwrap();
    assert_eq!(taken(&log), ["first 1", "second 1"]);
    first.stop();
    // A handle that is dropped leaves its hook on.
    drop(second);
    engine.run("a.js", "Promise.resolve(1)").unwrap();
    assert_eq!(taken(&log), ["second 2"]);
}

#[test]
fn hooks_start_and_stop_within_hooks() {
    let mut engine = Engine::new();
    let log = Log::default();
    let hooks = engine.promise_hooks();
    let stop: Rc<Cell<Option<StopHook>>> = Rc::default();
    let hook = hooks.on_settled({
        let (stop, log, hooks) = (stop.clone(), log.clone(), hooks.clone());
        move |promise| {
            log.borrow_mut().push(format!("once {}", promise.id()));
            stop.take().unwrap().stop();
            hooks.on_settled(note(&log, "later"));
        }
    });
    stop.set(Some(hook));
    engine.run("a.js", "Promise.resolve(1); Promise.resolve(2)").unwrap();
    assert_eq!(taken(&log), ["once 1", "later 2"]);
}

#[test]
fn promises_tell_state_and_result() {
    let mut engine = Engine::new();
    let seen = Rc::new(RefCell::new(Vec::new()));
    engine.promise_hooks().on_init({
        let seen = seen.clone();
        move |promise, _| {
            seen.borrow_mut().push((promise.state(), promise.result(), promise.handle()));
        }
    });
    let settled = Rc::new(RefCell::new(Vec::new()));
    engine.promise_hooks().on_settled({
        let settled = settled.clone();
        move |promise| settled.borrow_mut().push(promise.state())
    });
    let script = "var all = [Promise.resolve(1), new Promise(() => {}), Promise.reject('why')];
        new Promise((_, reject) => reject(2)).catch(() => {})";
    engine.run("a.js", script).unwrap();
    let seen = seen.take();
    // As in Node: `Promise.reject` makes a promise that is rejected from the start, and others are
    // still pending when V8 says `settled`.
    use PromiseState::{Pending, Rejected};
    let states: Vec<PromiseState> = seen.iter().map(|(state, ..)| *state).collect();
    assert_eq!(states, [Pending, Pending, Rejected, Pending, Pending]);
    assert_eq!(settled.take(), [Pending, Rejected, Pending, Pending]);
    let results: Vec<String> = seen
        .iter()
        .flat_map(|(_, result, _)| result)
        .map(|it| engine.describe(it).unwrap())
        .collect();
    assert_eq!(results, ["why"]);
    engine.set_global_handle("second", &seen[1].2).unwrap();
    assert!(engine.eval("second === all[1]").unwrap().to::<bool>().unwrap());
}

#[test]
fn panics_go_on_behind_the_script() {
    let mut engine = Engine::new();
    let log = Log::default();
    let hooks = engine.promise_hooks();
    let bad = hooks.on_settled(|_| panic!("in a hook"));
    hooks.on_settled(note(&log, "settled"));
    let panic = catch_unwind(AssertUnwindSafe(|| {
        engine.run("a.js", "Promise.resolve(1); var done = true").is_ok()
    }));
    assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"in a hook"));
    // The script and the other hook went on.
    assert_eq!(taken(&log), ["settled 1"]);
    bad.stop();
    assert!(engine.eval("done").unwrap().to::<bool>().unwrap());
}

#[test]
fn hooks_end_with_their_engine() {
    let mut engine = Engine::new();
    let hooks = engine.promise_hooks();
    let handle = engine.run("a.js", "({})").unwrap();
    // A hook that holds its engine is no leak.
    let stop = hooks.on_init(move |_, _| {
        let _ = &handle;
    });
    drop(engine);
    stop.stop();
    hooks.on_init(|_, _| {}).stop();
}
