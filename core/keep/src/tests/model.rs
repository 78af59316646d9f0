//! Random passes, crashes and restarts against a model: whatever may be sent again is the end of the
//! feed's stream, without a gap.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    /// A page of so many items of so many bytes is committed and kept.
    Page(u64, usize),
    /// The pass ends.
    End,
    /// The program is killed and started again: what was in memory is gone.
    Crash,
    /// Items were committed that nobody kept.
    Unkept(u64),
    /// Frames for a replay are written, and their commit comes or does not.
    Replay(u64, bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1_u64..40, 50_usize..9000).prop_map(|(count, bytes)| Step::Page(count, bytes)),
        3 => Just(Step::End),
        1 => Just(Step::Crash),
        1 => (1_u64..50).prop_map(Step::Unkept),
        1 => (1_u64..9, any::<bool>()).prop_map(|(count, comes)| Step::Replay(count, comes)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_may_be_sent_again_is_the_end_of_the_stream(
        steps in prop::collection::vec(step(), 1..60),
        bytes_max in prop_oneof![Just(1_u64 << 20), Just(64_u64 << 20)],
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut keep = open(folder.path(), options(bytes_max), 1);
        let mut stream: Vec<Vec<u8>> = Vec::new();
        for step in steps {
            let next = stream.len() as u64 + 1;
            match step {
                Step::Page(count, bytes) => {
                    let page = page(next, count, bytes);
                    stream.extend(page.items().map(|item| item.bytes.to_vec()));
                    keep.add(page, next).unwrap();
                }
                Step::End => keep.end_pass().unwrap(),
                Step::Crash => {
                    drop(keep);
                    keep = open(folder.path(), options(bytes_max), next);
                }
                Step::Unkept(count) => {
                    keep.end_pass().unwrap();
                    stream.extend((0..count).map(|_| b"unkept".to_vec()));
                }
                Step::Replay(count, comes) => {
                    keep.end_pass().unwrap();
                    let page = page(next, count, 100);
                    let items: Vec<_> =
                        page.items().map(|item| Replayed { origin: 1, item }).collect();
                    keep.add_replayed(next, &items).unwrap();
                    if comes {
                        stream.extend(page.items().map(|item| item.bytes.to_vec()));
                    } else {
                        keep = open(folder.path(), options(bytes_max), next);
                    }
                }
            }
            let next = stream.len() as u64 + 1;
            let reader = Reader::open(folder.path(), FEED, None).unwrap();
            let mut expected = next;
            for frame in reader.suffix(next).iter().rev() {
                let items = reader.load(frame).unwrap();
                prop_assert_eq!(frame.end(), expected);
                expected = frame.first();
                for kept in items.iter() {
                    let there = &stream[usize::try_from(kept.version).unwrap() - 1];
                    prop_assert_eq!(kept.bytes, there.as_slice());
                }
            }
        }
    }
}
