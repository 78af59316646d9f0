//! A few short texts, such as the codes of most lists, found without hashing.

/// The most texts that are gone through one by one.
const COUNT_MAX: usize = 16;

/// A few short texts in an order, each kept as one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortTexts {
    words: Box<[u64]>,
}

impl ShortTexts {
    /// Takes the texts; none where there are more than 16 of them, or where one is longer than 7
    /// bytes: hashing then is the faster way.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Self> {
        let words: Option<Vec<u64>> = texts.into_iter().take(COUNT_MAX + 1).map(word).collect();
        words.filter(|words| words.len() <= COUNT_MAX).map(|words| Self { words: words.into() })
    }

    /// The first place of a text.
    #[inline]
    pub fn place(&self, text: &str) -> Option<usize> {
        let wanted = word(text)?;
        self.words.iter().position(|word| *word == wanted)
    }
}

/// A text of at most 7 bytes as a number, with its length in the highest byte.
#[inline]
fn word(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let length = u64::try_from(bytes.len()).ok().filter(|length| *length <= 7)?;
    let letters = match (bytes, bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        // The two halves overlap in bytes that they have in common.
        (_, Some(first), Some(last)) => {
            let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
            u64::from(first) | u64::from(last) << (8 * (length - 4))
        }
        (&[one], ..) => u64::from(one),
        (&[one, two], ..) => u64::from(u16::from_le_bytes([one, two])),
        (&[one, two, three], ..) => u64::from(u32::from_le_bytes([one, two, three, 0])),
        _ => 0,
    };
    Some(letters | length << 56)
}

#[cfg(test)]
mod tests {
    //! Found are the texts that a plain search finds.

    use proptest::prelude::*;

    use super::ShortTexts;

    proptest! {
        #[test]
        fn a_text_is_found_where_it_first_stands(
            texts in prop::collection::vec("[ab\u{0}é]{0,5}", 0..20),
            other in "[ab\u{0}é]{0,5}",
        ) {
            let short = ShortTexts::of(texts.iter().map(String::as_str));
            let is_short = texts.len() <= 16 && texts.iter().all(|text| text.len() <= 7);
            prop_assert_eq!(short.is_some(), is_short);
            if let Some(short) = short {
                for text in texts.iter().chain([&other]) {
                    prop_assert_eq!(short.place(text), texts.iter().position(|one| one == text));
                }
            }
        }
    }
}
