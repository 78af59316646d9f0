//! How common each letter with marks is.

/// Of 10,000 letters with marks, how many are this one: counted in this project's Vietnamese texts
/// (names of agencies and procedures, indicators, names of people), with a floor.
#[rustfmt::skip]
const COMMON: [(char, u16); 67] = [
    ('à', 676), ('á', 513), ('â', 471), ('ã', 223), ('è', 22), ('é', 55), ('ê', 170), ('ì', 70),
    ('í', 178), ('ò', 185), ('ó', 90), ('ô', 372), ('õ', 10), ('ù', 63), ('ú', 55), ('ý', 110),
    ('ă', 287), ('đ', 602), ('ĩ', 16), ('ũ', 13), ('ơ', 215), ('ư', 402), ('ạ', 218), ('ả', 402),
    ('ấ', 299), ('ầ', 151), ('ẩ', 68), ('ẫ', 24), ('ậ', 145), ('ắ', 40), ('ằ', 37), ('ẳ', 10),
    ('ẵ', 10), ('ặ', 42), ('ẹ', 10), ('ẻ', 10), ('ẽ', 10), ('ế', 296), ('ề', 92), ('ể', 56),
    ('ễ', 50), ('ệ', 494), ('ỉ', 316), ('ị', 157), ('ọ', 25), ('ỏ', 10), ('ố', 368), ('ồ', 127),
    ('ổ', 130), ('ỗ', 22), ('ộ', 311), ('ớ', 153), ('ờ', 184), ('ở', 122), ('ỡ', 10), ('ợ', 69),
    ('ụ', 202), ('ủ', 138), ('ứ', 56), ('ừ', 46), ('ử', 106), ('ữ', 49), ('ự', 93), ('ỳ', 51),
    ('ỵ', 10), ('ỷ', 10), ('ỹ', 38),
];

/// The logarithm of how common a letter is among those with marks; 0 for ASCII.
pub(super) fn rarity(letter: char) -> f64 {
    if letter.is_ascii() {
        return 0.0;
    }
    let small = letter.to_lowercase().next().unwrap_or(letter);
    let known = COMMON.iter().find(|(known, _)| *known == small);
    known.map_or(1.0, |(_, of_10_000)| f64::from(*of_10_000)).ln() - 10_000_f64.ln()
}
