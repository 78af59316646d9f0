//! Tests of streaming: any cut gives the text of the whole.

use proptest::prelude::*;

use super::Transcoder;
use crate::{DecodeError, Encoding, decode};

const TEXT: &str = "Hồ sơ số 1 – Nguyễn Văn A 😀\r\n";

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

fn run(encoding: Encoding, pieces: &[&[u8]]) -> Result<String, DecodeError> {
    let mut transcoder = Transcoder::new(encoding);
    let mut out = String::new();
    for piece in pieces {
        transcoder.feed(piece, &mut out)?;
    }
    transcoder.finish(&mut out)?;
    let all: usize = pieces.iter().map(|piece| piece.len()).sum();
    assert_eq!(transcoder.position(), all as u64);
    Ok(out)
}

fn samples() -> Vec<(Encoding, Vec<u8>)> {
    let with_mark = format!("\u{FEFF}{TEXT}");
    vec![
        (Encoding::Utf8, TEXT.into()),
        (Encoding::Utf8, with_mark.clone().into()),
        (Encoding::Utf16Le, utf16(TEXT, u16::to_le_bytes)),
        (Encoding::Utf16Be, utf16(&with_mark, u16::to_be_bytes)),
        (Encoding::Utf16, utf16(&with_mark, u16::to_le_bytes)),
        (Encoding::Utf16, utf16(&with_mark, u16::to_be_bytes)),
        (Encoding::Windows1258, b"Vi\xEA\xF2t Nam, \xD0\xF4\xCCng Nai a\xCC\xF2".to_vec()),
        (Encoding::Tcvn3, b"T\xE6ng c\xF4c a\xB0\xB4 Th\xE8ng k\xAA\xB3".to_vec()),
        (Encoding::Vni, b"Vie\xE4t Nam, \xD1o\xE0ng Nai, a\xF8 \xF6\xF9".to_vec()),
        (Encoding::Viscii, b"Vi\xAEt Nam, \x05 \xFF".to_vec()),
        (Encoding::Vps, b"Vi\x8Ct Nam, \x02 \xFF".to_vec()),
        (Encoding::Utf8, Vec::new()),
        (Encoding::Utf16, Vec::new()),
    ]
}

#[test]
fn any_cut_gives_the_same_text() {
    for (encoding, bytes) in samples() {
        let expect = if bytes.is_empty() {
            String::new()
        } else {
            decode(&bytes, encoding).unwrap().into_owned()
        };
        assert!(!expect.starts_with('\u{FEFF}'));
        for cut in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(cut);
            assert_eq!(run(encoding, &[head, tail]).unwrap(), expect, "{encoding:?} at {cut}");
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(run(encoding, &single).unwrap(), expect, "{encoding:?} byte by byte");
    }
}

#[test]
fn an_error_names_its_place_in_the_stream_and_the_rest_can_be_read() {
    let lone = [utf16("ab", u16::to_le_bytes), vec![0, 0xD8], utf16("cd", u16::to_le_bytes)];
    let cases: [(Encoding, Vec<u8>, u64, &str); 4] = [
        (Encoding::Utf8, b"ab\xFFcd".to_vec(), 2, "abcd"),
        (Encoding::Utf16Le, lone.concat(), 4, "abcd"),
        (Encoding::Windows1258, b"ab\x90cd".to_vec(), 2, "abcd"),
        (Encoding::Tcvn3, b"ab\x80cd".to_vec(), 2, "abcd"),
    ];
    for (encoding, bytes, offset, expect) in cases {
        let (mut transcoder, mut out) = (Transcoder::new(encoding), String::new());
        let mut result = transcoder.feed(&bytes, &mut out);
        if result.is_ok() {
            result = transcoder.finish(&mut out);
        }
        assert_eq!(result, Err(DecodeError::Malformed { encoding, offset }));
        transcoder.feed(b"", &mut out).unwrap();
        transcoder.finish(&mut out).unwrap();
        assert_eq!(out, expect, "{encoding:?}");
    }
}

#[test]
fn a_stream_that_ends_inside_a_character_is_refused() {
    let cases = [(Encoding::Utf8, b"ab\xE1\xBB".as_slice()), (Encoding::Utf16Le, b"a\0b")];
    for (encoding, bytes) in cases {
        let refused = DecodeError::Truncated { encoding, offset: 2 };
        assert_eq!(run(encoding, &[bytes]), Err(refused));
    }
}

#[test]
fn utf_16_without_its_mark_stays_refused() {
    let (mut transcoder, mut out) = (Transcoder::new(Encoding::Utf16), String::new());
    for _ in 0..2 {
        assert_eq!(transcoder.feed(b"a\0b\0", &mut out), Err(DecodeError::NoByteOrderMark));
    }
    assert_eq!(out, "");
}

#[test]
fn an_endless_run_of_marks_is_not_kept() {
    let (mut transcoder, mut out) = (Transcoder::new(Encoding::Tcvn3), String::new());
    for _ in 0..1000 {
        transcoder.feed(&[0xB0; 100], &mut out).unwrap();
        assert!(transcoder.waiting.len() <= Transcoder::WAITING_MAX);
    }
}

proptest! {
    #[test]
    fn random_bytes_decode_alike_in_pieces(
        bytes in prop::collection::vec(any::<u8>(), 0..40), cut in 0_usize..40, which in 0_usize..9
    ) {
        let encoding = Encoding::ALL[which];
        let (head, tail) = bytes.split_at(cut.min(bytes.len()));
        prop_assume!(encoding != Encoding::Utf16 || !bytes.is_empty());
        let whole = decode(&bytes, encoding).map(std::borrow::Cow::into_owned);
        prop_assert_eq!(run(encoding, &[head, tail]), whole);
    }
}
