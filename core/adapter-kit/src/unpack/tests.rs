//! Tests of unpacking, over files that are made here.

use std::io::{Cursor, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{EntryReader, Gunzip, Packing, entries};
use crate::split::FlawKind;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zip_of(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        let options = SimpleFileOptions::default().compression_method(method);
        if name.ends_with('/') {
            writer.add_directory(*name, options).unwrap();
        } else {
            writer.start_file(*name, options).unwrap();
            writer.write_all(text).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// What could be read, and the flaw that ended it.
fn read_all(source: &mut impl Read) -> (Vec<u8>, Option<FlawKind>) {
    let mut out = Vec::new();
    let kind = source.read_to_end(&mut out).err().map(|error| error.downcast().unwrap());
    (out, kind)
}

fn flaw_of<T: std::fmt::Debug>(result: std::io::Result<T>) -> FlawKind {
    result.unwrap_err().downcast().unwrap()
}

#[test]
fn packing_is_told_by_content() {
    let zip = zip_of(&[("a", b"1")], CompressionMethod::Stored);
    let empty = zip_of(&[], CompressionMethod::Stored);
    let cases: [(&[u8], Packing); 6] = [
        (&gzip(b"1"), Packing::Gzip),
        (&zip, Packing::Zip),
        (&empty, Packing::Zip),
        (b"{\"PK\":1}", Packing::Plain),
        (b"P", Packing::Plain),
        (b"", Packing::Plain),
    ];
    for (head, expect) in cases {
        assert_eq!(Packing::of(head), expect);
    }
}

#[test]
fn gzip_members_are_read_in_a_row() {
    let stream = [gzip(b"one "), gzip(b"two")].concat();
    assert_eq!(read_all(&mut Gunzip::new(stream.as_slice(), 100)), (b"one two".to_vec(), None));
}

#[test]
fn a_cut_gzip_yields_what_it_still_holds() {
    let text: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let stream = gzip(&text);
    let half = stream.get(..stream.len() / 2).unwrap();
    let (read, kind) = read_all(&mut Gunzip::new(half, u64::MAX));
    assert!(read.len() > text.len() / 4, "{} of {}", read.len(), text.len());
    assert!(text.starts_with(&read));
    assert_eq!(kind, Some(FlawKind::Damaged("it ends early".to_owned())));
}

#[test]
fn a_damaged_gzip_is_told() {
    let mut stream = gzip(&b"abcdefgh".repeat(1000));
    let at = stream.len() - 6;
    stream[at] ^= 0xFF;
    let (_, kind) = read_all(&mut Gunzip::new(stream.as_slice(), u64::MAX));
    assert_eq!(kind, Some(FlawKind::Damaged("it can't be decompressed".to_owned())));
}

#[test]
fn decompression_is_bounded() {
    let stream = gzip(&vec![0; 1 << 20]);
    let (read, kind) = read_all(&mut Gunzip::new(stream.as_slice(), 1000));
    assert!(read.len() <= 1000);
    assert_eq!(kind, Some(FlawKind::Bomb { max: 1000 }));
}

#[test]
fn entries_are_read_in_the_order_of_their_names() {
    let files: [(&str, &[u8]); 6] = [
        ("b.json", b"second"),
        ("a/", b""),
        ("a/z.json", b"first"),
        (".hidden", b"x"),
        ("__MACOSX/b.json", b"x"),
        ("c.json", b""),
    ];
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let archive = zip_of(&files, method);
        let list = entries(Cursor::new(&archive), 10, 1000).unwrap();
        let mut read = Vec::new();
        for entry in &list {
            let mut reader = EntryReader::open(Cursor::new(&archive), entry).unwrap();
            let (text, kind) = read_all(&mut reader);
            assert_eq!(kind, None);
            read.push((entry.name.as_str(), String::from_utf8(text).unwrap()));
        }
        let expect = [("a/z.json", "first"), ("b.json", "second"), ("c.json", "")];
        assert_eq!(read, expect.map(|(name, text)| (name, text.to_owned())));
    }
}

#[test]
fn an_archive_in_an_archive_is_refused() {
    let inner = zip_of(&[("a", b"1")], CompressionMethod::Stored);
    for inner in [inner, gzip(b"1")] {
        let archive = zip_of(&[("inner", &inner)], CompressionMethod::Deflated);
        let list = entries(Cursor::new(&archive), 10, 1000).unwrap();
        let kind = flaw_of(EntryReader::open(Cursor::new(&archive), &list[0]));
        assert_eq!(kind, FlawKind::Archive("it holds another archive"));
    }
}

#[test]
fn an_archive_is_bounded() {
    let archive = zip_of(&[("a", b"12345"), ("b", b"678")], CompressionMethod::Stored);
    let list = entries(Cursor::new(&archive), 10, 7).unwrap();
    assert_eq!(list[0].trouble, None);
    assert_eq!(list[1].trouble, Some(FlawKind::Bomb { max: 7 }));
    let kind = flaw_of(entries(Cursor::new(&archive), 1, 7));
    assert_eq!(kind, FlawKind::Archive("it holds too many files"));
}

#[test]
fn a_damaged_archive_is_told() {
    let archive = zip_of(&[("a", b"some text that is stored")], CompressionMethod::Stored);
    let cut = archive.get(..archive.len() - 30).unwrap();
    assert!(matches!(flaw_of(entries(Cursor::new(cut), 10, 1000)), FlawKind::Damaged(_)));

    let mut changed = archive.clone();
    let at = archive.windows(4).position(|bytes| bytes == b"text").unwrap();
    changed[at] = b'T';
    let list = entries(Cursor::new(&changed), 10, 1000).unwrap();
    let (_, kind) = read_all(&mut EntryReader::open(Cursor::new(&changed), &list[0]).unwrap());
    let expect = FlawKind::Damaged("the checksum of an entry is another".to_owned());
    assert_eq!(kind, Some(expect));
}
