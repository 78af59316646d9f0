//! What is remembered of records, and for how long.

use super::super::memory::{Memory, Stored};
use super::super::{Digest, digest};

fn of(text: &str) -> Digest {
    digest([text.as_bytes()])
}

fn memory(entries_max: usize) -> Memory {
    Memory::read(&Stored::default(), entries_max).expect("an empty memory")
}

/// The memory as another process would read it.
fn again(memory: &Memory, entries_max: usize) -> Memory {
    Memory::read(&memory.stored(), entries_max).expect("a stored memory")
}

#[test]
fn only_the_last_version_of_a_record_is_suppressed() {
    // Each step: the content, whether a new reading begins before it, whether it is new.
    let cases: [&[(&str, bool, bool)]; 4] = [
        &[("A", false, true), ("A", false, false), ("A", true, false)],
        &[("A", false, true), ("B", true, true), ("A", true, true)],
        &[("A", false, true), ("B", false, true), ("A", true, true)],
        &[("A", false, true), ("B", false, true), ("B", true, false), ("A", false, true)],
    ];
    for case in cases {
        let mut memory = memory(10);
        for (at, (content, turns, is_new)) in case.iter().enumerate() {
            if *turns {
                memory.turn();
            }
            memory = again(&memory, 10);
            assert_eq!(memory.is_new(of("key"), of(content)), *is_new, "{case:?} at {at}");
        }
    }
}

#[test]
fn what_one_whole_reading_does_not_see_is_forgotten() {
    let mut memory = memory(10);
    memory.is_new(of("a"), of("1"));
    memory.turn();
    memory.is_new(of("b"), of("1"));
    memory.turn();
    assert!(!memory.is_new(of("b"), of("1")));
    assert!(memory.is_new(of("a"), of("1")));
}

#[test]
fn a_full_memory_forgets_the_oldest() {
    let mut memory = memory(3);
    for key in ["a", "b", "c", "d"] {
        assert!(memory.is_new(of(key), of("1")));
    }
    let mut memory = again(&memory, 3);
    assert!(!memory.is_new(of("b"), of("1")));
    assert!(!memory.is_new(of("d"), of("1")));
    assert!(memory.is_new(of("a"), of("1")), "it was the oldest");
    assert!(memory.is_new(of("b"), of("1")), "now this one was");
}

#[test]
fn a_memory_that_is_not_one_is_not_read() {
    for text in ["{\"now\":\"AAAA\"}", "{\"before\":\"?\"}"] {
        let stored: Stored = serde_json::from_str(text).expect("the form");
        assert!(Memory::read(&stored, 10).is_none(), "{text}");
    }
}

#[test]
fn where_parts_end_makes_a_difference() {
    let pair = |a: &'static str, b: &'static str| digest([a.as_bytes(), b.as_bytes()]);
    assert_ne!(pair("ab", "c"), pair("a", "bc"));
}
