//! A folder that lives: files are made, changed, renamed, copied and removed by a seeded hand
//! between pages, and what went up is compared with what lay there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, SystemTime};

use lienthong_adapter_api::{Adapter, Cursor};

use super::sample::{Pulled, Sample, gzip};

/// Draws the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// The folder and what lies in it: the records of every file by its name.
struct Folder {
    sample: Sample,
    dice: Dice,
    files: BTreeMap<String, Vec<usize>>,
    next: usize,
}

/// What a step of the hand means for a feed that had read everything: the records to come.
type ToCome = Vec<usize>;

impl Folder {
    fn new(seed: u64) -> Self {
        let sample = Sample::lines();
        Self { sample, dice: Dice(seed), files: BTreeMap::new(), next: 1000 }
    }

    fn fresh(&mut self, count: usize) -> Vec<usize> {
        self.next += count;
        (self.next - count..self.next).collect()
    }

    fn write(&mut self, name: &str, records: Vec<usize>) -> ToCome {
        let text: Vec<String> = records.iter().map(|record| format!("{record}\n")).collect();
        let text = text.concat();
        if name.contains(".gz") {
            self.sample.write(name, gzip(text));
        } else {
            self.sample.write(name, text);
        }
        self.files.insert(name.to_owned(), records.clone());
        records
    }

    fn new_name(&mut self) -> String {
        let ending = ["jsonl", "gz"][self.dice.below(2)];
        let first = char::from(b'a' + u8::try_from(self.dice.below(26)).unwrap());
        self.next += 1;
        format!("{first}{}.{ending}", self.next)
    }

    /// Does something to the folder.
    fn disturb(&mut self) -> ToCome {
        let names: Vec<String> = self.files.keys().cloned().collect();
        let what = self.dice.below(8);
        if names.is_empty() || what < 2 {
            let (name, count) = (self.new_name(), 1 + self.dice.below(9));
            let records = self.fresh(count);
            return self.write(&name, records);
        }
        let name = names[self.dice.below(names.len())].clone();
        let path = self.sample.path(&name);
        match what {
            2 => {
                let mut records = self.files[&name].clone();
                records.extend(self.fresh(2));
                self.write(&name, records)
            }
            3 => {
                let count = self.files[&name].len();
                let records = self.fresh(count);
                self.write(&name, records)
            }
            4 => {
                let other = format!("{}{name}", char::from(b'a' + self.next.to_le_bytes()[0] % 26));
                fs::rename(path, self.sample.path(&other)).unwrap();
                let records = self.files.remove(&name).unwrap();
                self.files.insert(other, records);
                Vec::new()
            }
            5 => {
                let file = fs::File::options().write(true).open(path).unwrap();
                let date = SystemTime::UNIX_EPOCH + Duration::from_secs(1000 + self.next as u64);
                file.set_modified(date).unwrap();
                Vec::new()
            }
            6 => {
                let other = format!("copy-{}-{name}", self.next);
                self.next += 1;
                fs::copy(path, self.sample.path(&other)).unwrap();
                self.files.insert(other, self.files[&name].clone());
                Vec::new()
            }
            _ => {
                fs::remove_file(path).unwrap();
                self.files.remove(&name);
                Vec::new()
            }
        }
    }

    fn lying(&self) -> BTreeSet<usize> {
        self.files.values().flatten().copied().collect()
    }
}

fn records(pulled: &Pulled) -> Vec<usize> {
    pulled.items.iter().map(|item| item.parse().unwrap()).collect()
}

#[tokio::test]
async fn whatever_happens_between_pages_all_that_lies_there_has_gone_up() {
    for seed in 0..60 {
        let mut folder = Folder::new(seed);
        let mut adapter: Box<dyn Adapter> = folder.sample.adapter();
        let (mut cursor, mut gone_up): (Option<Cursor>, BTreeSet<usize>) = (None, BTreeSet::new());
        for _ in 0..60 {
            if folder.dice.below(2) == 0 {
                folder.disturb();
            }
            if folder.dice.below(4) == 0 {
                adapter = folder.sample.adapter();
            }
            let page = folder.sample.page(&*adapter, cursor.as_ref(), 3).await;
            let mut pulled = Pulled::default();
            pulled.add(&page);
            gone_up.extend(records(&pulled));
            cursor = page.next.or(cursor);
        }
        let rest = folder.sample.rest(&*adapter, cursor).await;
        gone_up.extend(records(&rest));
        let lost: Vec<usize> = folder.lying().difference(&gone_up).copied().collect();
        assert!(lost.is_empty(), "seed {seed} lost {lost:?}");
        let invented = gone_up.iter().find(|record| **record >= folder.next);
        assert_eq!(invented, None, "seed {seed}");
    }
}

#[tokio::test]
async fn what_happens_to_a_folder_that_was_read_brings_just_what_is_new() {
    for seed in 100..130 {
        let mut folder = Folder::new(seed);
        let mut adapter: Box<dyn Adapter> = folder.sample.adapter();
        let mut cursor = None;
        for step in 0..40 {
            let to_come = folder.disturb();
            if folder.dice.below(4) == 0 {
                adapter = folder.sample.adapter();
            }
            let pulled = folder.sample.rest(&*adapter, cursor).await;
            assert_eq!(records(&pulled), to_come, "seed {seed} step {step}");
            assert_eq!(pulled.codes(), Vec::<&str>::new(), "seed {seed} step {step}");
            cursor = pulled.cursor;
        }
    }
}
