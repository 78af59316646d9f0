//! Frames that are sealed with the operator's key.

use super::*;

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const OTHER: &str = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn sealed(folder: &Path) -> Vec<u8> {
    let options = Options { bytes_max: 1 << 20, key: Some(Key::parse(KEY).unwrap()) };
    let mut keep = open(folder, options, 1);
    keep_passes(&mut keep, 1, 2, 20, 400);
    let feed = crate::segments::feed_folder(folder, FEED.0, FEED.1);
    let paths = crate::segments::paths(&feed).unwrap();
    paths.iter().flat_map(|path| std::fs::read(path).unwrap()).collect()
}

fn load(folder: &Path, key: Option<&str>) -> Result<usize, Error> {
    let key = key.map(|key| Key::parse(key).unwrap());
    let reader = Reader::open(folder, FEED, key).unwrap();
    let mut items = 0;
    for frame in reader.suffix(41) {
        items += reader.load(frame)?.len();
    }
    Ok(items)
}

#[test]
fn sealed_items_are_read_with_the_key_alone() {
    let folder = tempfile::tempdir().unwrap();
    sealed(folder.path());
    assert_eq!(load(folder.path(), Some(KEY)).unwrap(), 40);
    for key in [None, Some(OTHER)] {
        let error = load(folder.path(), key).unwrap_err();
        assert_eq!(error.code(), "LT-5021", "{error}");
        assert!(error.to_string().contains(Key::parse(KEY).unwrap().id()), "{error}");
    }
}

#[test]
fn nothing_of_an_item_or_its_place_is_in_a_sealed_segment() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = sealed(folder.path());
    let item = text(7, 400);
    let pieces = item.as_bytes().windows(12).chain(["a.jsonl".as_bytes(), b"origins", b"noise"]);
    for piece in pieces {
        assert!(!bytes.windows(piece.len()).any(|there| there == piece));
    }
    assert!(!bytes.windows(4).any(|there| there == [0x28, 0xB5, 0x2F, 0xFD]), "no zstd frame");
}

#[test]
fn the_same_items_never_look_the_same() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert_ne!(sealed(one.path()), sealed(two.path()));
}

#[test]
fn a_key_is_64_hexadecimal_digits_and_is_not_printed() {
    let (short, no_hex) = ("00".repeat(31), "zz".repeat(32));
    for wrong in ["", "secret", KEY.get(1..).unwrap(), &short, &no_hex] {
        assert!(Key::parse(wrong).is_err(), "{wrong}");
    }
    let key = Key::parse(&format!(" {}\n", KEY.to_uppercase())).unwrap();
    assert_eq!(key.id(), Key::parse(KEY).unwrap().id());
    assert_ne!(key.id(), Key::parse(OTHER).unwrap().id());
    assert!(!format!("{key:?}").contains("0102"));
}

#[test]
fn a_head_can_not_be_exchanged_unseen() {
    let key = Key::parse(KEY).unwrap();
    let body = key.seal(b"head", b"items".to_vec()).unwrap();
    assert_eq!(key.open(b"head", body.clone()).unwrap(), b"items");
    assert!(key.open(b"hood", body.clone()).is_none());
    assert!(Key::parse(OTHER).unwrap().open(b"head", body).is_none());
    assert!(key.open(b"head", b"short".to_vec()).is_none());
}
