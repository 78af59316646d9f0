//! Tests of the formats, packings and encodings, all through the conformance suite.

use super::sample::{Sample, gzip, utf16, zip};

const ONE: &str = r#"{"SoHoSo":"01","ChuHoSo":"Nguyễn Văn Thử"}"#;
const TWO: &str = r#"{"SoHoSo":"02","ChuHoSo":"Trần Thị Mẫu","n":[1,{"m":2}]}"#;
const THREE: &str = r#"{"SoHoSo":"03"}"#;

#[tokio::test]
async fn json_lines_in_several_files() {
    let sample = Sample::lines();
    sample.write("b.jsonl", format!("{THREE}\n"));
    sample.write("a.jsonl", format!("\u{FEFF}{ONE}\r\n\n{TWO}"));
    sample.write("empty.jsonl", "");
    for ignored in [".hidden", "c.jsonl.tmp", "d.jsonl.part"] {
        sample.write(ignored, ONE);
    }
    std::fs::create_dir(sample.path("done")).unwrap();
    sample.keeps_the_contract(&[ONE, TWO, THREE], &[]).await;
    let pulled = sample.rest(&*sample.adapter(), None).await;
    assert_eq!(pulled.places, ["a.jsonl at byte 3", "a.jsonl at byte 53", "b.jsonl at byte 0"]);
}

#[tokio::test]
async fn a_feed_reads_its_own_files() {
    let sample = Sample::new("format = \"json-lines\"\npattern = \"hoso-*\"\n");
    let sample = sample.with("pattern = \"*.jsonl\"");
    sample.write("hoso-1.jsonl", ONE).write("hoso-1.txt", TWO).write("khac.jsonl", TWO);
    sample.keeps_the_contract(&[ONE], &[]).await;
}

#[tokio::test]
async fn a_json_array_under_a_path() {
    let sample = Sample::new("format = \"json\"\npath = \"data.items\"\n");
    let text = format!("{{\"total\":2, \"data\": {{\"items\": [\n {ONE},\n {TWO} ]}}, \"x\": []}}");
    sample.write("a.json", text);
    sample.write("b.json", format!("{{\"data\":{{\"items\":[{THREE}]}}}}"));
    sample.keeps_the_contract(&[ONE, TWO, THREE], &[]).await;
}

#[tokio::test]
async fn xml_records() {
    let sample = Sample::new("format = \"xml\"\npath = \"HoSo\"\n");
    let (one, two) = ("<HoSo><Ten>Hồ sơ</Ten></HoSo>", "<HoSo id=\"2\"/>");
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Ds>\n{one}\n{two}</Ds>");
    sample.write("a.xml", text);
    sample.keeps_the_contract(&[one, two], &[]).await;
}

#[tokio::test]
async fn csv_rows() {
    let sample = Sample::new("format = \"csv\"\ndelimiter = \";\"\n");
    sample.write("a.csv", "\u{FEFF}Mã;Tên\r\n01;\"Lê; \"\"Thử\"\"\"\r\n02;\r\n");
    let items = [r#"{"Mã":"01","Tên":"Lê; \"Thử\""}"#, r#"{"Mã":"02","Tên":""}"#];
    sample.keeps_the_contract(&items, &[]).await;
    let pulled = sample.rest(&*sample.adapter(), None).await;
    assert_eq!(pulled.places, ["a.csv row 2", "a.csv row 3"]);
}

#[tokio::test]
async fn csv_rows_without_a_heading() {
    let sample = Sample::new("format = \"csv\"\nheader = false\ncolumns = [\"a\", \"b\"]\n");
    sample.write("a.csv", "1,2\n3,4\n");
    let items = [r#"{"a":"1","b":"2"}"#, r#"{"a":"3","b":"4"}"#];
    sample.keeps_the_contract(&items, &[]).await;
}

#[tokio::test]
async fn gzip_files() {
    let sample = Sample::lines();
    sample.write("a.gz", gzip(format!("\u{FEFF}{ONE}\n{TWO}\n")));
    sample.write("b", [gzip(ONE), gzip(format!("\n{THREE}"))].concat());
    sample.keeps_the_contract(&[ONE, TWO, ONE, THREE], &[]).await;
}

#[tokio::test]
async fn zip_files() {
    let sample = Sample::lines();
    let two = format!("{TWO}\n{TWO}\n");
    let files: [(&str, &[u8]); 3] =
        [("2.jsonl", two.as_bytes()), ("1.jsonl", ONE.as_bytes()), ("x/3.jsonl", THREE.as_bytes())];
    sample.write("a.zip", zip(&files)).write("b.zip", zip(&[]));
    sample.keeps_the_contract(&[ONE, TWO, TWO, THREE], &[]).await;
    let pulled = sample.rest(&*sample.adapter(), None).await;
    let places = ["a.zip/1.jsonl", "a.zip/2.jsonl", "a.zip/2.jsonl", "a.zip/x/3.jsonl"];
    for (place, expect) in pulled.places.iter().zip(places) {
        assert!(place.starts_with(expect), "{place}");
    }
}

#[tokio::test]
async fn utf_16_files() {
    let feed = "format = \"json-lines\"\nencoding = \"utf-16\"\n";
    let sample = Sample::new(feed);
    sample.write("a.jsonl", utf16(&format!("{ONE}\r\n{TWO}\r\n")));
    sample.write("b.gz", gzip(utf16(THREE)));
    sample.keeps_the_contract(&[ONE, TWO, THREE], &[]).await;
}

#[tokio::test]
async fn windows_1258_files() {
    let sample = Sample::new("format = \"csv\"\nencoding = \"windows-1258\"\n");
    sample.write("a.csv", b"Ma\xDE,T\xEAn\n1,Vi\xEA\xF2t Nam\n".as_slice());
    sample.keeps_the_contract(&["{\"Mã\":\"1\",\"Tên\":\"Việt Nam\"}"], &[]).await;
}

#[tokio::test]
async fn tcvn3_files() {
    let sample = Sample::new("format = \"xml\"\npath = \"Dong\"\nencoding = \"tcvn3\"\n");
    sample.write(
        "a.xml",
        b"<r><Dong>T\xE6ng c\xF4c</Dong><Dong>Th\xE8ng k\xAA</Dong></r>".as_slice(),
    );
    sample.keeps_the_contract(&["<Dong>Tổng cục</Dong>", "<Dong>Thống kê</Dong>"], &[]).await;
}

#[tokio::test]
async fn many_pages_of_a_large_file() {
    let sample = Sample::lines();
    let line = |n: usize| format!("{{\"n\":{n},\"pad\":\"{}\"}}", "x".repeat(n % 700));
    let lines: Vec<String> = (0..900).map(line).collect();
    sample.write("a.jsonl", lines.join("\n"));
    let items: Vec<&str> = lines.iter().map(String::as_str).collect();
    sample.keeps_the_contract(&items, &[]).await;
}
