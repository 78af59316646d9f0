//! Windows-1252, the code page of Western Windows, between whose characters and bytes Vietnamese
//! text often went by mistake.

/// The characters from 0x80 to 0x9F; a space stands where the code page has none.
#[rustfmt::skip]
const FROM_80: [char; 32] = [
    '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ',
    ' ', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
];

/// The character of a byte; `None` for the five that the code page does not have.
pub(crate) fn char_1252(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9F => {
            let found = FROM_80.get(usize::from(byte - 0x80)).copied();
            found.filter(|found| *found != ' ')
        }
        _ => Some(char::from(byte)),
    }
}

/// The byte from 0x80 to 0x9F of a character that Latin-1 does not have.
pub(crate) fn byte_1252(letter: char) -> Option<u8> {
    let index = FROM_80.iter().position(|known| *known == letter && letter != ' ')?;
    u8::try_from(index + 0x80).ok()
}
