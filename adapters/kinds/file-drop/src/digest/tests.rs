//! Tests of the digest.

use super::Digest;

#[test]
fn a_digest_that_was_put_aside_goes_on_as_if_it_had_not() {
    let text: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    let whole = Digest::of(text.as_slice()).unwrap();
    for cut in [0, 1, 31, 32, 33, 1000, 65_536, text.len()] {
        let mut digest = Digest::new();
        digest.update(&text[..cut]);
        let mut digest = Digest::resume(&digest.state()).unwrap();
        digest.update(&text[cut..]);
        assert_eq!(digest.content(), whole, "cut at {cut}");
    }
}

#[test]
fn the_state_does_not_show_how_the_bytes_came() {
    let text: Vec<u8> = (0..1000_u16).flat_map(u16::to_le_bytes).collect();
    for piece in [1, 7, 31, 33, 100, 1999] {
        for end in [1, 40, 63, 64, 65, 1990] {
            let (mut one, mut other) = (Digest::new(), Digest::new());
            one.update(&text[..end]);
            text[..end].chunks(piece).for_each(|piece| other.update(piece));
            assert_eq!(one.state(), other.state(), "{end} bytes in pieces of {piece}");
        }
    }
}

#[test]
fn the_digest_is_the_same_for_good() {
    // What cursors hold must still be known after an update of the library.
    assert_eq!(Digest::of("Hồ sơ".as_bytes()).unwrap(), "47d148c14c0c26d49e1565a09acda3fb");
}

#[test]
fn one_changed_bit_changes_the_digest() {
    let mut text = vec![7; 1000];
    let before = Digest::of(text.as_slice()).unwrap();
    text[500] ^= 1;
    assert_ne!(Digest::of(text.as_slice()).unwrap(), before);
}

#[test]
fn what_is_no_state_is_refused() {
    for text in ["", "00", &"zz".repeat(164), &"é".repeat(164)] {
        assert!(Digest::resume(text).is_none());
    }
}
