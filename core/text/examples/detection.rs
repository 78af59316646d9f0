//! How well encodings are detected: a table of readings that were right, refused and wrong, by
//! encoding and length.
//!
//! `cargo run -p lienthong-text --example detection` encodes pieces of this project's own Vietnamese
//! texts (names of agencies and indicators, labels, sample people) and has them detected.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use lienthong_text::{Detector, Encoding, decode, reread_detected};
use unicode_normalization::UnicodeNormalization as _;

const FILES: [&str; 6] = [
    "mappings/standard/v1/codes/agencies.csv",
    "mappings/standard/v1/codes/provinces.csv",
    "mappings/systems/gso-monthly/codes/industries.csv",
    "mappings/standard/v1/records/dossier.toml",
    "adapters/systems/igate/samples/dossiers.json",
    "hub/src/assess/words.rs",
];

/// How many words with marks a piece has.
const LENGTHS: [usize; 7] = [1, 2, 3, 5, 10, 20, 50];

fn main() -> std::io::Result<()> {
    let words = words();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} words; pieces read right / refused / read wrong, in %", words.len())?;
    for (title, is_bytes) in [("bytes (files)", true), ("characters (fields)", false)] {
        writeln!(out, "\n| {title} | {} |", LENGTHS.map(|n| n.to_string()).join(" | "))?;
        writeln!(out, "| --- |{}", " --- |".repeat(LENGTHS.len()))?;
        for encoding in [[Encoding::Utf8].as_slice(), &Encoding::LEGACY].concat() {
            let cells = LENGTHS.map(|length| measure(&words, encoding, length, is_bytes));
            writeln!(out, "| {} | {} |", encoding.name(), cells.join(" | "))?;
        }
    }
    Ok(())
}

/// The words that have letters beyond ASCII, in the order of the files.
fn words() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut words = Vec::new();
    for file in FILES {
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        let text: String = text.nfc().collect();
        let found = text.split(|letter: char| !letter.is_alphabetic());
        words.extend(found.filter(|word| !word.is_ascii()).map(str::to_owned));
    }
    words
}

fn measure(words: &[String], encoding: Encoding, length: usize, is_bytes: bool) -> String {
    let encoder = Encoder::of(encoding);
    let (mut right, mut refused, mut wrong) = (0, 0, 0);
    for piece in words.chunks_exact(length) {
        let mut text = piece.join(" ");
        if encoding == Encoding::Tcvn3 {
            // It has no capitals with tone marks.
            text = text.to_lowercase();
        }
        let bytes = encoder.encode(&text);
        let read = if is_bytes {
            let mut detector = Detector::new();
            detector.feed(&bytes);
            let decided = detector.finish().decided();
            decided.and_then(|found| decode(&bytes, found).ok().map(Cow::into_owned))
        } else {
            let taken = match encoding {
                Encoding::Utf8 => text.clone(),
                _ => bytes.iter().copied().map(char::from).collect(),
            };
            reread_detected(&taken).ok().map(|(text, _)| text.into_owned())
        };
        match read {
            None => refused += 1,
            Some(read) if read == text => right += 1,
            Some(_) => wrong += 1,
        }
    }
    let all = f64::from(right + refused + wrong);
    let share = |count| 100.0 * f64::from(count) / all;
    format!("{:.1} / {:.1} / {:.2}", share(right), share(refused), share(wrong))
}

/// Writes an encoding, by what our reading of it is.
struct Encoder(HashMap<char, Vec<u8>>);

impl Encoder {
    fn of(encoding: Encoding) -> Self {
        let mut bytes_of = HashMap::new();
        if encoding != Encoding::Utf8 {
            let single = (0..=255_u8).map(|byte| vec![byte]);
            let double = (0..=255_u8)
                .flat_map(|first| (0x80..=255_u8).map(move |second| vec![first, second]));
            for bytes in single.chain(double) {
                let Ok(text) = decode(&bytes, encoding) else { continue };
                let mut letters = text.chars();
                if let (Some(letter), None) = (letters.next(), letters.next()) {
                    bytes_of.entry(letter).or_insert(bytes);
                }
            }
        }
        Self(bytes_of)
    }

    fn encode(&self, text: &str) -> Vec<u8> {
        if self.0.is_empty() {
            return text.as_bytes().to_vec();
        }
        text.chars().flat_map(|letter| self.0.get(&letter).cloned().unwrap_or_default()).collect()
    }
}
