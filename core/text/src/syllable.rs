//! Whether a word is a syllable as Vietnamese spells them.
//!
//! Vietnamese writes every syllable as a word of its own, from a closed set of onsets, rhymes and
//! tones. Most wrong readings of a text break these rules at once, so the rules tell a right reading
//! from a wrong one better than counts of letters do.

use unicode_normalization::UnicodeNormalization as _;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Small,
    /// The first letter alone is a capital.
    Title,
    Capitals,
}

/// The consonants that a syllable may begin with; the longer ones first.
const ONSETS: [&str; 28] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g",
    "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
];

/// The rhymes without their tones.
const RHYMES: &str = " a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng \
    âp ât âu ây e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ich im in inh ip it iu ia \
    iêc iêm iên iêng iêp iêt iêu o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap \
    oat oay oăc oăm oăn oăng oăt oe oen oeo oet oong ooc ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u \
    uc ui um un ung up ut ua uân uâng uât uây uê uêch uên uênh uêt uêu uơ uôc uôi uôm uôn uông uôt \
    uy uya uych uyên uyêt uynh uyt uyu uyp ư ưc ưi ưm ưn ưng ưt ưu ưa ươc ươi ươm ươn ương ươp ươt \
    ươu y yên yêm yêng yêt yêu ych yn ynh yt ";

/// The tone marks; only the last two go with a rhyme that is cut short.
const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];

/// Whether a word is a syllable as Vietnamese spells them, with its marks. Expects NFC.
pub fn is_syllable(word: &str) -> bool {
    syllable(word).is_some()
}

/// How a word is written, if it is one syllable or may be one. Expects NFC.
pub(crate) fn syllable(word: &str) -> Option<Case> {
    let case = case(word)?;
    let mut tone = None;
    let mut plain = String::with_capacity(word.len());
    for mark in word.nfd().flat_map(char::to_lowercase) {
        if !TONES.contains(&mark) {
            plain.push(mark);
        } else if tone.replace(mark).is_some() {
            return None;
        }
    }
    let plain: String = plain.nfc().collect();
    let is_one = ONSETS.iter().any(|onset| {
        plain.strip_prefix(onset).is_some_and(|rhyme| go_together(onset, rhyme, tone))
    });
    is_one.then_some(case)
}

/// Whether an onset, a rhyme and a tone are found in one syllable.
fn go_together(onset: &str, rhyme: &str, tone: Option<char>) -> bool {
    let mut around = String::with_capacity(rhyme.len() + 2);
    around.extend([" ", rhyme, " "]);
    if rhyme.is_empty() || !RHYMES.contains(&around) {
        return false;
    }
    let is_front = rhyme.starts_with(['e', 'ê', 'i', 'y']);
    let fits = match onset {
        "k" | "gh" | "ngh" => is_front,
        "c" | "ng" => !is_front,
        // `gì`, `giếng`: the i is read once and written once.
        "g" => !is_front || rhyme.starts_with('i'),
        // The u is part of the onset here.
        "qu" => !rhyme.starts_with(['o', 'u', 'ư']),
        _ => true,
    };
    let is_short = ["c", "ch", "p", "t"].iter().any(|end| rhyme.ends_with(end));
    fits && (!is_short || matches!(tone, Some('\u{301}' | '\u{323}')))
}

fn case(word: &str) -> Option<Case> {
    let mut letters = word.chars();
    let first = letters.next().filter(|first| first.is_alphabetic())?;
    let (mut has_small, mut has_capital) = (false, false);
    for letter in letters {
        has_capital |= letter.is_uppercase();
        has_small |= !letter.is_uppercase();
    }
    match (first.is_uppercase(), has_small, has_capital) {
        (false, _, false) => Some(Case::Small),
        (true, true, false) => Some(Case::Title),
        (true, false, _) => Some(Case::Capitals),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
