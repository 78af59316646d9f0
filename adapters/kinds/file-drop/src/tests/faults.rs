//! Tests of bad input: one fault with code and place, and the feed goes on.

use std::fmt::Write as _;

use super::sample::{Sample, gzip, utf16, zip};

#[tokio::test]
async fn a_malformed_element_in_the_middle_of_an_array() {
    let sample = Sample::new("format = \"json\"\n");
    // Crossed brackets leave no place to go on from; the next file is read.
    sample.write("a.json", "[1,{\"a\":[2}],3]").write("b.json", "[4]");
    sample.keeps_the_contract(&["1", "4"], &["LT-2012"]).await;
}

#[tokio::test]
async fn a_malformed_record_in_the_middle_of_xml() {
    let sample = Sample::new("format = \"xml\"\npath = \"HoSo\"\n");
    sample.write("a.xml", "<r><HoSo>1</HoSo><HoSo><a></HoSo><HoSo>3</HoSo></r>");
    sample.keeps_the_contract(&["<HoSo>1</HoSo>", "<HoSo>3</HoSo>"], &["LT-2012"]).await;
}

#[tokio::test]
async fn malformed_rows_in_the_middle_of_csv() {
    let sample = Sample::new("format = \"csv\"\n");
    sample.write("a.csv", "a,b\n1,2\n\"x\"y,3\n4\n5,6\n");
    let items = ["{\"a\":\"1\",\"b\":\"2\"}", "{\"a\":\"5\",\"b\":\"6\"}"];
    sample.keeps_the_contract(&items, &["LT-2012", "LT-2020"]).await;
    let pulled = sample.rest(&*sample.adapter(), None).await;
    assert!(pulled.faults[0].1.starts_with("line 3:"), "{:?}", pulled.faults);
    assert!(pulled.faults[1].1.starts_with("line 4:"), "{:?}", pulled.faults);
}

#[tokio::test]
async fn a_heading_with_one_name_twice() {
    let sample = Sample::new("format = \"csv\"\n");
    sample.write("a.csv", "a,a\n1,2\n").write("b.csv", "a,b\n1,2\n");
    sample.keeps_the_contract(&["{\"a\":\"1\",\"b\":\"2\"}"], &["LT-2021"]).await;
}

#[tokio::test]
async fn bytes_that_are_no_text_cost_their_own_item() {
    let sample = Sample::lines();
    sample.write("a.jsonl", b"\"1\"\n\"\xFF\"\n\"3\"\n".as_slice());
    sample.keeps_the_contract(&["\"1\"", "\"3\""], &["LT-2016"]).await;
    let pulled = sample.rest(&*sample.adapter(), None).await;
    assert!(pulled.faults[0].1.contains("byte 5 is not utf-8"), "{:?}", pulled.faults);

    let sample = Sample::new("format = \"json-lines\"\nencoding = \"tcvn3\"\n");
    sample.write("a.jsonl", b"\"\xB5\"\n\"\x80\"\n\"3\"\n".as_slice());
    sample.keeps_the_contract(&["\"à\"", "\"3\""], &["LT-2016"]).await;

    let sample = Sample::new("format = \"json-lines\"\nencoding = \"utf-16le\"\n");
    let mut text = utf16("\"1\"\n\"?\"\n\"3\"\n");
    let at = text.iter().position(|byte| *byte == b'?').unwrap();
    text[at..at + 2].copy_from_slice(&[0x00, 0xD8]);
    sample.write("a.jsonl", text);
    sample.keeps_the_contract(&["\"1\"", "\"3\""], &["LT-2016"]).await;
}

#[tokio::test]
async fn a_truncated_gzip_yields_what_it_still_holds() {
    let sample = Sample::lines();
    let line = |n: u64| format!("{{\"n\":{}}}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let lines: Vec<String> = (0..1500).map(line).collect();
    let whole = gzip(lines.join("\n"));
    sample.write("a.gz", &whole[..whole.len() / 2]).write("b.jsonl", "\"next\"");
    let pulled = sample.rest(&*sample.adapter(), None).await;
    assert_eq!(pulled.codes(), ["LT-2017"]);
    let (last, read) = pulled.items.split_last().unwrap();
    assert_eq!(last, "\"next\"");
    assert!(read.len() > 300, "{}", read.len());
    assert_eq!(read, &lines[..read.len()]);
    let items: Vec<&str> = pulled.items.iter().map(String::as_str).collect();
    sample.keeps_the_contract(&items, &["LT-2017"]).await;
}

#[tokio::test]
async fn a_damaged_zip_and_a_zip_in_a_zip() {
    let sample = Sample::lines();
    let inner = zip(&[("x", b"1")]);
    let archive = zip(&[("1.jsonl", b"\"one\""), ("2.zip", &inner), ("3.jsonl", b"\"three\"")]);
    sample.write("a.zip", &archive);
    sample.write("b.zip", &archive[..archive.len() - 10]);
    sample.keeps_the_contract(&["\"one\"", "\"three\""], &["LT-2019", "LT-2017"]).await;
}

#[tokio::test]
async fn a_file_that_decompresses_to_more_than_allowed() {
    let sample = Sample::lines().with("decompressed_bytes_max = 1000");
    sample.write("a.gz", gzip("1\n".repeat(100_000))).write("b.jsonl", "\"next\"");
    let pulled = sample.rest(&*sample.adapter(), None).await;
    assert_eq!(pulled.codes(), ["LT-2018"]);
    assert!(pulled.items.len() <= 501, "{}", pulled.items.len());
    assert_eq!(pulled.items.last().unwrap(), "\"next\"");
}

#[tokio::test]
async fn xml_with_a_dtd_and_an_entity_bomb() {
    let sample = Sample::new("format = \"xml\"\npath = \"HoSo\"\n");
    let mut bomb = String::from("<!DOCTYPE r [<!ENTITY e0 \"ha\">");
    for n in 1..30 {
        write!(bomb, "<!ENTITY e{n} \"&e{0};&e{0};\">", n - 1).unwrap();
    }
    bomb.push_str("]><r><HoSo>&e29;</HoSo></r>");
    sample.write("a.xml", "<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r><HoSo/></r>");
    sample.write("b.xml", bomb).write("c.xml", "<r><HoSo>1</HoSo></r>");
    sample.keeps_the_contract(&["<HoSo>1</HoSo>"], &["LT-2015", "LT-2015"]).await;
}

#[tokio::test]
async fn a_record_of_fifty_megabytes() {
    let sample = Sample::lines().with("item_bytes_max = 1000000");
    sample.write("a.jsonl", format!("1\n\"{}\"\n3\n", "x".repeat(50 << 20)));
    let pulled = sample.rest(&*sample.adapter(), None).await;
    assert_eq!((pulled.items.len(), pulled.codes()), (2, vec!["LT-2010"]));
    assert!(pulled.faults[0].1.contains("(52428802 bytes)"), "{:?}", pulled.faults);
}

#[tokio::test]
async fn ten_thousand_levels_of_nesting() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let sample = Sample::lines();
    sample.write("a.jsonl", format!("1\n{deep}\n3\n"));
    sample.keeps_the_contract(&["1", "3"], &["LT-2011"]).await;
    let sample = Sample::new("format = \"json\"\n");
    sample.write("a.json", format!("[1,{deep},3]"));
    sample.keeps_the_contract(&["1", "3"], &["LT-2011"]).await;
}

#[tokio::test]
async fn a_text_that_says_it_is_written_in_another_way() {
    let sample = Sample::new("format = \"xml\"\npath = \"HoSo\"\n");
    sample.write("a.xml", "<?xml version=\"1.0\" encoding=\"windows-1258\"?><r><HoSo/></r>");
    sample.write("b.xml", utf16("<r><HoSo/></r>")).write("c.xml", "<r><HoSo/></r>");
    sample.keeps_the_contract(&["<HoSo/>"], &["LT-2022", "LT-2022"]).await;
}

#[tokio::test]
async fn a_text_that_was_cut_off() {
    let sample = Sample::new("format = \"json\"\npath = \"data\"\n");
    sample.write("a.json", "{\"data\":[1,2,{\"half\":").write("b.json", "{\"error\":\"no\"}");
    sample.keeps_the_contract(&["1", "2"], &["LT-2013", "LT-2014"]).await;
}

#[tokio::test]
async fn a_file_that_is_too_large() {
    let sample = Sample::lines().with("file_bytes_max = 10");
    sample.write("a.jsonl", "\"more than ten\"").write("b.jsonl", "2");
    sample.keeps_the_contract(&["2"], &["LT-2032"]).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_that_leads_out_of_the_folder() {
    let sample = Sample::lines();
    std::fs::write(sample.root.join("outside"), "\"secret\"").unwrap();
    sample.write("b.jsonl", "2");
    std::os::unix::fs::symlink(sample.root.join("outside"), sample.path("a.jsonl")).unwrap();
    std::os::unix::fs::symlink("nowhere", sample.path("dangling")).unwrap();
    std::os::unix::fs::symlink("b.jsonl", sample.path("within")).unwrap();
    sample.keeps_the_contract(&["2"], &["LT-2033"]).await;
}
