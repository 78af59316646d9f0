//! Random sources, mappings, releases, restarts and gaps: after every replay the guarantee holds.

use super::*;

const KEYS: u32 = 8;
const STATUSES: [&str; 4] = ["MOI", "DTN", "YCBS", "DTR"];
const MAPPINGS: [Statuses<'static>; 4] = [
    &[("MOI", "01"), ("DTN", "02"), ("DTR", "10")],
    &[("MOI", "01"), ("DTN", "04"), ("DTR", "10"), ("YCBS", "05")],
    &[("DTN", "02"), ("YCBS", "05")],
    &[("MOI", "02"), ("DTN", "02"), ("DTR", "02"), ("YCBS", "06")],
];

/// A small generator of random numbers, so that a failing seed can be run again.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        let index = self.below(choices.len() as u64);
        choices[usize::try_from(index).unwrap()]
    }
}

#[tokio::test]
async fn after_a_replay_the_hub_holds_what_the_present_mapping_gives_for_the_newest_items() {
    for seed in 1..=12 {
        story(seed).await;
    }
}

async fn story(seed: u64) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut world = World::new(MAPPINGS[0]).await;
    let mut statuses = MAPPINGS[0];
    for _ in 0..25 {
        match random.below(10) {
            0..=3 => {
                let items = items(&mut random);
                world.say(&items).await;
            }
            4 => {
                let items = items(&mut random);
                world.say_unkept(&items).await;
            }
            5 | 6 => {
                statuses = random.of(&MAPPINGS);
                world.restart(statuses).await;
            }
            7 => world.release_all().await,
            _ => {
                replay_and_look(&mut world, seed).await;
            }
        }
    }
    world.restart(statuses).await;
    replay_and_look(&mut world, seed).await;
}

fn items(random: &mut Random) -> Vec<(u32, &'static str)> {
    let count = 1 + random.below(6);
    let key = |random: &mut Random| u32::try_from(1 + random.below(u64::from(KEYS))).unwrap();
    (0..count).map(|_| (key(random), random.of(&STATUSES))).collect()
}

async fn replay_and_look(world: &mut World, seed: u64) {
    let said = world.said.clone();
    let before = world.hub();
    let report = world.replay().await;
    let after = world.hub();
    let first = report.version_first.unwrap_or(u64::MAX);
    let versions = 1..=said.len() as u64;
    for key in 1..=KEYS {
        let of_key = versions.clone().zip(&said).filter(|(_, (of, _))| *of == key);
        let Some((version, (_, status))) = of_key.last() else { continue };
        let (old, new) = (before.get(&code(key)), after.get(&code(key)));
        // What is kept of a replay may stand for an item that is itself kept no longer.
        let is_kept = version >= first;
        match world.record(key, status) {
            Some(record) if is_kept => {
                let held = new.map(|(_, text)| text);
                assert_eq!(held, Some(&record), "seed {seed}, key {key}: {report:?}");
                let is_sent = old.is_none_or(|(_, text)| *text != record);
                assert_eq!(new != old, is_sent, "seed {seed}, key {key}: only what changes");
            }
            _ if is_kept => assert_eq!(new, old, "seed {seed}, key {key}: nothing stale"),
            // The newest state is before a gap: if anything was sent, it is that state.
            Some(record) if new != old => {
                let held = new.map(|(_, text)| text);
                assert_eq!(held, Some(&record), "seed {seed}, key {key}: nothing stale");
            }
            Some(_) => {}
            None => assert_eq!(new, old, "seed {seed}, key {key}: nothing stale"),
        }
    }
    let again = world.replay().await;
    assert_eq!((again.sent, again.newly_refused), (0, 0), "seed {seed}: {again:?}");
    assert_eq!(world.hub(), after);
}
