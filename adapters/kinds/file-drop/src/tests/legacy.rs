//! Tests of Vietnamese legacy encodings, all through the conformance suite.

use super::sample::{Sample, gzip, utf16, zip};

const FIRST: &str = r#"{"Mã":"01","Tên":"Nguyễn Văn Thử","Xã":"HỘI AN"}"#;
const SECOND: &str = r#"{"Mã":"02","Tên":"Đỗ Thị \"Mẫu\"","Xã":""}"#;

#[tokio::test]
async fn csv_in_every_legacy_encoding() {
    let files: [(&str, &[u8], &str); 5] = [
        (
            "tcvn3",
            b"M\xB7,T\xAAn,X\xB7\r\n01,Nguy\xD4n V\xA8n Th\xF6,H\xE9i An\r\n\
              02,\"\xA7\xE7 Th\xDE \"\"M\xC9u\"\"\",\r\n",
            r#"{"Mã":"01","Tên":"Nguyễn Văn Thử","Xã":"Hội An"}"#,
        ),
        (
            "vni",
            b"Ma\xF5,Te\xE2n,Xa\xF5\r\n01,Nguye\xE3n Va\xEAn Th\xF6\xFB,HO\xC4I AN\r\n\
              02,\"\xD1o\xE3 Th\xF2 \"\"Ma\xE3u\"\"\",\r\n",
            FIRST,
        ),
        (
            "viscii",
            b"M\xE3,T\xEAn,X\xE3\r\n01,Nguy\xADn V\xE5n Th\xD8,H\x93I AN\r\n\
              02,\"\xD0\xB2 Th\xB8 \"\"M\xE7u\"\"\",\r\n",
            FIRST,
        ),
        (
            "vps",
            b"M\xE3,T\xEAn,X\xE3\r\n01,Nguy\xCDn V\xE6n Th\xBA,H\x12I AN\r\n\
              02,\"\xF1\x87 Th\xCE \"\"M\xC5u\"\"\",\r\n",
            FIRST,
        ),
        (
            "windows-1258",
            b"Ma\xDE,T\xEAn,Xa\xDE\r\n01,Nguy\xEA\xDEn V\xE3n Th\xFD\xD2,H\xD4\xF2I AN\r\n\
              02,\"\xD0\xF4\xDE Thi\xF2 \"\"M\xE2\xDEu\"\"\",\r\n",
            FIRST,
        ),
    ];
    for (encoding, bytes, first) in files {
        let sample = Sample::new(&format!("format = \"csv\"\nencoding = \"{encoding}\"\n"));
        sample.write("a.csv", bytes).write("b.csv.gz", gzip(bytes));
        sample.write("c.zip", zip(&[("c.csv", bytes)]));
        sample.keeps_the_contract(&[first, SECOND, first, SECOND, first, SECOND], &[]).await;
    }
}

#[tokio::test]
async fn capitals_in_the_place_of_control_characters_survive_json_and_csv() {
    let sample = Sample::new("format = \"json-lines\"\nencoding = \"viscii\"\n");
    sample.write("a.jsonl", b"{\"a\":\"S\x05N S\x06N\"}\n{\"a\":\"M\x19\"}\n".as_slice());
    sample.keeps_the_contract(&["{\"a\":\"SẴN SẪN\"}", "{\"a\":\"MỸ\"}"], &[]).await;
    let sample = Sample::new("format = \"csv\"\nencoding = \"vps\"\n");
    sample.write("a.csv", b"a,b\nH\x02 LONG,L\x10CH\n".as_slice());
    sample.keeps_the_contract(&["{\"a\":\"HẠ LONG\",\"b\":\"LỊCH\"}"], &[]).await;
}

#[tokio::test]
async fn a_byte_that_the_encoding_has_not_is_a_fault_at_its_place() {
    let sample = Sample::new("format = \"csv\"\nencoding = \"vni\"\n");
    sample.write("a.csv", b"a\nHa\xF8 No\xE4i\nHa\xFE\nHue\xE1\n".as_slice());
    sample.keeps_the_contract(&["{\"a\":\"Hà Nội\"}", "{\"a\":\"Huế\"}"], &["LT-2016"]).await;
    let pulled = sample.rest(&*sample.adapter(), None).await;
    assert_eq!(pulled.faults.len(), 1);
    assert!(pulled.faults[0].1.contains("byte 13 is not vni"), "{}", pulled.faults[0].1);
}

/// UTF-8 is handed on as it was written; the mapping's `nfc` composes it.
#[tokio::test]
async fn decomposed_xml_is_not_altered() {
    let sample = Sample::new("format = \"xml\"\npath = \"HoSo\"\n");
    let item = "<HoSo><Ten>Nguye\u{302}\u{303}n</Ten></HoSo>";
    sample.write("a.xml", format!("<Ds>{item}</Ds>"));
    sample.keeps_the_contract(&[item], &[]).await;
}

#[tokio::test]
async fn the_encoding_of_each_file_is_found_out_where_asked() {
    let sample = Sample::new("format = \"csv\"\nencoding = \"auto\"\n");
    let vni =
        b"Ten\nUy\xFB ban nha\xE2n da\xE2n t\xE6nh \xD1o\xE0ng Nai\nTha\xF8nh pho\xE1 Hue\xE1\n";
    sample.write("a.csv", "Ten\nThành phố Đà Nẵng\nỦy ban nhân dân\n");
    sample
        .write("b.csv", b"Ten\nTh\xB5nh ph\xE8 \xA7\xB5 N\xBDng\nT\xE6ng c\xF4c Th\xE8ng k\xAA\n");
    sample.write("c.csv.gz", gzip(vni)).write("d.zip", zip(&[("d.csv", vni.as_slice())]));
    sample.write("e.csv", "Ten\nplain ASCII\n");
    sample.write("f.csv", utf16("Ten\nThành phố Đà Nẵng\n"));
    let (nang, dong_nai) =
        (r#"{"Ten":"Thành phố Đà Nẵng"}"#, r#"{"Ten":"Uỷ ban nhân dân tỉnh Đồng Nai"}"#);
    let hue = r#"{"Ten":"Thành phố Huế"}"#;
    let items = [
        nang,
        r#"{"Ten":"Ủy ban nhân dân"}"#,
        nang,
        r#"{"Ten":"Tổng cục Thống kê"}"#,
        dong_nai,
        hue,
        dong_nai,
        hue,
        r#"{"Ten":"plain ASCII"}"#,
        nang,
    ];
    sample.keeps_the_contract(&items, &[]).await;
    let pulled = sample.rest(&*sample.adapter(), None).await;
    let place = |name: &str| pulled.places.iter().find(|place| place.starts_with(name)).unwrap();
    for (file, said) in [
        ("a.csv", "a.csv (detected utf-8 0.99) row 2"),
        ("b.csv", "b.csv (detected tcvn3 0.99) row 2"),
        ("c.csv", "c.csv.gz (detected vni 0.99) row 2"),
        ("d.zip", "d.zip/d.csv (detected vni 0.99) row 2"),
        ("e.csv", "e.csv row 2"),
        ("f.csv", "f.csv (detected utf-16 1.00) row 2"),
    ] {
        assert_eq!(place(file), said);
    }
    let page = sample.page(&*sample.adapter(), None, 1000).await;
    assert_eq!(page.notes().len(), 5, "{:?}", page.notes());
    assert!(page.notes()[1].contains("`b.csv` is read as tcvn3 0.99, found out by its words"));
    let checked = sample.adapter().check().await.unwrap();
    assert!(checked.findings.iter().any(|line| line.contains("is read as utf-8 0.99")));
}

#[tokio::test]
async fn a_file_whose_encoding_is_not_clear_is_a_fault_and_not_a_guess() {
    let sample = Sample::new("format = \"csv\"\nencoding = \"auto\"\n");
    sample.write("a.csv", b"Ten\nB\xB5\n").write("b.csv", "Ten\nThành phố Đà Nẵng\n");
    let items = [r#"{"Ten":"Thành phố Đà Nẵng"}"#];
    sample.keeps_the_contract(&items, &["LT-2023"]).await;
    let pulled = sample.rest(&*sample.adapter(), None).await;
    let (_, reason) = &pulled.faults[0];
    assert!(reason.contains("tcvn3") && reason.contains("then"), "{reason}");
}
