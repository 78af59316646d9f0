//! Tests of splitting: what is an item, what is a flaw, at any cut and from any mark.

use proptest::prelude::*;

use super::*;

const LIMITS: Limits = Limits { item_bytes: 200, depth: 4 };

type Make = fn(Mark) -> Splitter;

/// An item's text, or a flaw's code, offset and size.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Got {
    Item(String),
    Flaw(&'static str, u64, u64),
}

fn item(text: &str) -> Got {
    Got::Item(text.to_owned())
}

/// Splits with windows that grow by `cut` bytes, and starts again from the mark behind every item
/// and flaw when `is_resumed`.
fn run(make: Make, text: &[u8], cut: usize, is_resumed: bool) -> Vec<Got> {
    let mut splitter = make(Mark::default());
    let (mut start, mut end, mut got) = (0, 0, Vec::new());
    loop {
        let (step, is_last) = {
            let is_last = end == text.len();
            (splitter.step(&text[start..end], is_last), is_last)
        };
        match step {
            Step::Item { range, consumed } => {
                let bytes = &text[start + range.start..start + range.end];
                got.push(item(std::str::from_utf8(bytes).unwrap()));
                start += consumed;
            }
            Step::Flaw { flaw, consumed } => {
                assert!(flaw.excerpt.len() <= Flaw::EXCERPT_MAX);
                got.push(Got::Flaw(flaw.kind.code(), flaw.offset, flaw.bytes));
                start += consumed;
            }
            Step::Skip { consumed } => {
                assert!(consumed > 0, "a skip goes on");
                start += consumed;
                continue;
            }
            Step::More => {
                assert!(!is_last, "there is no more: {got:?}");
                end = (end + cut).min(text.len());
                continue;
            }
            Step::End => {
                assert!(is_last && start == text.len(), "nothing is left over");
                return got;
            }
        }
        assert_eq!(splitter.mark().offset, start as u64);
        assert_eq!(splitter.mark().number, got.len() as u64);
        if is_resumed {
            splitter = make(splitter.mark());
            end = start;
        }
    }
}

#[track_caller]
fn check(make: Make, text: impl AsRef<[u8]>, expect: &[Got]) {
    let text = text.as_ref();
    for cut in [1, 2, 3, 7, 64, 1000, usize::MAX / 2] {
        for is_resumed in [false, true] {
            let got = run(make, text, cut, is_resumed);
            assert_eq!(got, expect, "cut {cut}, resumed {is_resumed}");
        }
    }
}

fn lines(at: Mark) -> Splitter {
    Splitter::json_lines(LIMITS, at)
}

fn root_array(at: Mark) -> Splitter {
    Splitter::json_array("", LIMITS, at)
}

fn inner_array(at: Mark) -> Splitter {
    Splitter::json_array("data.items", LIMITS, at)
}

fn xml(at: Mark) -> Splitter {
    Splitter::xml("HoSo", LIMITS, at)
}

fn deep_xml(at: Mark) -> Splitter {
    Splitter::xml("Body/Lo/HoSo", LIMITS, at)
}

fn records(at: Mark) -> Splitter {
    Splitter::records(b',', LIMITS, at)
}

#[test]
fn json_lines_are_trimmed_lines() {
    check(lines, "", &[]);
    check(lines, "\n \r\n\n", &[]);
    check(lines, "{\"a\":1}\r\n\n  2 \n\"ba\"", &[item("{\"a\":1}"), item("2"), item("\"ba\"")]);
}

#[test]
fn a_line_that_is_too_long_is_one_flaw_with_its_size() {
    let long = "x".repeat(5000);
    let text = format!("1\n{long}\n2\n");
    check(lines, &text, &[item("1"), Got::Flaw("LT-2010", 2, 5000), item("2")]);
    check(lines, &long, &[Got::Flaw("LT-2010", 0, 5000)]);
}

#[test]
fn a_long_line_that_is_nested_too_deeply_is_a_flaw() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let limits = Limits { item_bytes: 1 << 20, depth: 64 };
    let mut splitter = Splitter::json_lines(limits, Mark::default());
    let Step::Flaw { flaw, .. } = splitter.step(deep.as_bytes(), true) else { panic!("a flaw") };
    assert_eq!(flaw.kind, FlawKind::TooDeep { max: 64 });
    assert_eq!(flaw.line, Some(1));
}

#[test]
fn elements_of_an_array_are_items() {
    check(root_array, "[]", &[]);
    check(root_array, " [ 1 , \"a,]\" ,null]\n", &[item("1"), item("\"a,]\""), item("null")]);
    check(
        root_array,
        r#"[{"a":"}\"]\\"},[{}],{"b":[1,2]}]"#,
        &[item(r#"{"a":"}\"]\\"}"#), item("[{}]"), item(r#"{"b":[1,2]}"#)],
    );
    check(root_array, "[1][2]", &[item("1"), item("2")]);
}

#[test]
fn an_array_is_found_under_its_path() {
    let text = r#"{"items":[0],"n":-1.5,"t":true , "data" : {"x":{"items":[9]},"items":
        [ {"a":1}, {"a":2} ],"y":"]"},"total":2}"#;
    check(inner_array, text, &[item(r#"{"a":1}"#), item(r#"{"a":2}"#)]);
    check(inner_array, r#"{"d\u0061ta":{"items":[1]}}"#, &[item("1")]);
    check(inner_array, r#"{"data":{"items":[]}}"#, &[]);
}

#[test]
fn a_path_that_leads_nowhere_is_a_flaw() {
    for text in [
        "{}",
        r#"{"data":null}"#,
        r#"{"data":{"items":{}}}"#,
        r#"{"data":[1]}"#,
        r#"{"Data":{"items":[1]}}"#,
        "[1]",
    ] {
        let got = run(inner_array, text.as_bytes(), 3, false);
        assert!(matches!(got.as_slice(), [Got::Flaw("LT-2014", ..)]), "{text}: {got:?}");
    }
    assert_eq!(run(root_array, b"{}", 1, false), [Got::Flaw("LT-2014", 0, 2)]);
}

#[test]
fn an_element_that_can_be_passed_over_is_one_flaw() {
    let large = format!("[\"{}\"]", "y".repeat(1000));
    let text = format!("[1,{large},[[[[[1]]]]],2]");
    let size = large.len() as u64;
    check(
        root_array,
        &text,
        &[item("1"), Got::Flaw("LT-2010", 3, size), Got::Flaw("LT-2011", 4 + size, 11), item("2")],
    );
}

#[test]
fn ten_thousand_levels_are_one_flaw() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let limits = Limits { item_bytes: 1 << 20, depth: 64 };
    let text = format!("[{deep},7]");
    let pieces: Vec<_> =
        Pieces::new(text.as_bytes(), Splitter::json_array("", limits, Mark::default())).collect();
    assert_eq!(pieces.len(), 2);
    assert_eq!(pieces[0].as_ref().unwrap_err().kind, FlawKind::TooDeep { max: 64 });
    assert_eq!(pieces[1].as_ref().unwrap().bytes, b"7");

    let deep = format!("<r><HoSo>{}{}</HoSo><HoSo/></r>", "<a>".repeat(9999), "</a>".repeat(9999));
    let splitter = Splitter::xml("HoSo", limits, Mark::default());
    let pieces: Vec<_> = Pieces::new(deep.as_bytes(), splitter).collect();
    assert_eq!(pieces[0].as_ref().unwrap_err().kind, FlawKind::TooDeep { max: 64 });
    assert_eq!(pieces[1].as_ref().unwrap().bytes, b"<HoSo/>");
}

#[test]
fn the_rest_is_one_flaw_where_the_brackets_cross() {
    check(root_array, "[1,{\"a\":2],3]", &[item("1"), Got::Flaw("LT-2012", 3, 10)]);
    check(root_array, "[1}", &[item("1"), Got::Flaw("LT-2012", 2, 1)]);
}

#[test]
fn a_document_that_is_cut_off_is_a_flaw() {
    check(root_array, "", &[Got::Flaw("LT-2013", 0, 0)]);
    check(root_array, "[1,{\"a\":", &[item("1"), Got::Flaw("LT-2013", 3, 5)]);
    check(root_array, "[1,2,", &[item("1"), item("2"), Got::Flaw("LT-2013", 5, 0)]);
    check(inner_array, r#"{"data":{"items":[1]"#, &[item("1"), Got::Flaw("LT-2013", 20, 0)]);
    check(xml, "", &[Got::Flaw("LT-2013", 0, 0)]);
    check(
        xml,
        "<r><HoSo>1</HoSo><HoSo><a>",
        &[item("<HoSo>1</HoSo>"), Got::Flaw("LT-2013", 17, 9)],
    );
    check(xml, "<r><HoSo/>", &[item("<HoSo/>"), Got::Flaw("LT-2013", 10, 0)]);
}

#[test]
fn xml_elements_are_items_with_their_subtree() {
    let text = concat!(
        "<?xml version=\"1.0\"?>\n<!-- <HoSo/> --><r x='>'>\n",
        "<HoSo id=\"a>b\"><a/><![CDATA[</HoSo>]]><!-- </HoSo> --></HoSo>",
        "<TongSo>2</TongSo><n:HoSo><HoSo>1</HoSo></n:HoSo><HoSo/>\n</r>\n",
    );
    check(
        xml,
        text,
        &[
            item("<HoSo id=\"a>b\"><a/><![CDATA[</HoSo>]]><!-- </HoSo> --></HoSo>"),
            item("<n:HoSo><HoSo>1</HoSo></n:HoSo>"),
            item("<HoSo/>"),
        ],
    );
}

#[test]
fn xml_elements_are_found_under_their_path() {
    let text = concat!(
        "<s:Envelope><s:Header><HoSo/></s:Header><s:Body>",
        "<Lo><HoSo>1</HoSo></Lo><Khac><HoSo/></Khac><Lo/><Lo><HoSo>2</HoSo><HoSo>3</HoSo></Lo>",
        "</s:Body></s:Envelope>",
    );
    check(
        deep_xml,
        text,
        &[item("<HoSo>1</HoSo>"), item("<HoSo>2</HoSo>"), item("<HoSo>3</HoSo>")],
    );
    let got = run(deep_xml, b"<Envelope><Body><Fault/></Body></Envelope>", 5, false);
    assert!(matches!(got.as_slice(), [Got::Flaw("LT-2014", ..)]), "{got:?}");
    let got = run(xml, b"<r><hoso/></r>", 5, false);
    assert!(matches!(got.as_slice(), [Got::Flaw("LT-2014", ..)]), "{got:?}");
    check(xml, "<r></r>", &[]);
}

#[test]
fn a_malformed_element_is_one_flaw_and_the_next_is_an_item() {
    let cases = [
        "<HoSo><a>1</b></a></HoSo>",
        "<HoSo><a>1</HoSo>",
        "<HoSo><a x=\"1></a></HoSo>",
        "<HoSo><!ENTITY a 'b'></HoSo>",
    ];
    for bad in cases {
        let text = format!("<r>{bad}<HoSo>2</HoSo></r>");
        let flaw = Got::Flaw("LT-2012", 3, bad.len() as u64);
        check(xml, &text, &[flaw, item("<HoSo>2</HoSo>")]);
    }
    check(
        xml,
        "<r><HoSo/>oops<HoSo/></r>",
        &[item("<HoSo/>"), Got::Flaw("LT-2012", 10, 4), item("<HoSo/>")],
    );
}

#[test]
fn a_large_element_is_one_flaw_with_its_size() {
    let bodies = [
        "z".repeat(3000),
        format!("<![CDATA[{}]]>", "z]>".repeat(1000)),
        format!("<a>{}</a>", "<b>1</b>".repeat(300)),
    ];
    for body in bodies {
        let large = format!("<HoSo>{body}</HoSo>");
        let text = format!("<r><HoSo/>{large}<HoSo>2</HoSo></r>");
        let flaw = Got::Flaw("LT-2010", 10, large.len() as u64);
        check(xml, &text, &[item("<HoSo/>"), flaw, item("<HoSo>2</HoSo>")]);
    }
}

#[test]
fn a_dtd_is_refused_and_its_entities_are_not_read() {
    let bomb = concat!(
        "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>",
        "<r><HoSo>&b;</HoSo></r>",
    );
    check(xml, bomb, &[Got::Flaw("LT-2015", 21, bomb.len() as u64 - 21)]);
}

#[test]
fn declared_encodings_are_seen() {
    let cases = [
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><r/>", Some("UTF-8")),
        ("<?xml version='1.0' encoding = 'windows-1258' standalone='yes'?>", Some("windows-1258")),
        ("<?xml version=\"1.0\"?>", None),
        ("<r encoding=\"x\"/>", None),
        ("<?xml encoding=", None),
    ];
    for (text, expect) in cases {
        assert_eq!(declared_encoding(text.as_bytes()), expect, "{text}");
    }
}

#[test]
fn delimited_records_keep_their_quoted_line_ends() {
    let text = "a,b\r\n\"1\n2\",\"x\"\"y\"\n\n,z\"z\n\"last\",";
    check(
        records,
        text,
        &[item("a,b"), item("\"1\n2\",\"x\"\"y\""), item(",z\"z"), item("\"last\",")],
    );
}

#[test]
fn a_record_with_wrong_quotes_is_a_flaw_of_one_line() {
    check(records, "\"a\"b,1\n2,3\n", &[Got::Flaw("LT-2012", 0, 6), item("2,3")]);
    check(
        records,
        "\"a,1\n2,\"b\"\n3,4\n",
        &[Got::Flaw("LT-2012", 0, 4), item("2,\"b\""), item("3,4")],
    );
    check(records, "1\n\"never closed\n2", &[item("1"), Got::Flaw("LT-2012", 2, 13), item("2")]);
    let long = format!("\"{}\n1,2\n3,4\n", "q".repeat(1000));
    check(records, &long, &[Got::Flaw("LT-2010", 0, 1001), item("1,2"), item("3,4")]);
    let long = format!("{}\n1,2", "q".repeat(1000));
    check(records, &long, &[Got::Flaw("LT-2010", 0, 1000), item("1,2")]);
}

#[test]
fn rows_are_objects_of_text() {
    let columns = Columns::of_heading("Mã,\"Tên \"\"x\"\"\",", b',').unwrap();
    assert_eq!(columns.names(), ["Mã", "Tên \"x\"", "column_3"]);
    let mut out = Vec::new();
    columns.write_row("\"0,1\",\"dòng 1\n\"\"2\"\"\",", &mut out).unwrap();
    let row: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let expect = serde_json::json!({"Mã": "0,1", "Tên \"x\"": "dòng 1\n\"2\"", "column_3": ""});
    assert_eq!(row, expect);
    let before = out.clone();
    for (record, cells) in [("1,2", 2), ("1,2,3,4", 4), ("", 1)] {
        let misfit = FlawKind::Misfit { cells, columns: 3 };
        assert_eq!(columns.write_row(record, &mut out), Err(misfit));
    }
    assert_eq!(out, before);
    assert!(matches!(Columns::of_heading("a,b,a", b','), Err(FlawKind::Heading(_))));
}

/// Fills pages from a stream and returns what they held, the bytes observed, and the largest
/// buffer.
fn fill_all(make: Make, text: &[u8], limits: FillLimits) -> (Vec<Got>, Vec<u8>, usize) {
    let mut reading = Reading::new(text, make(Mark::default()));
    let (mut got, mut observed, mut largest) = (Vec::new(), Vec::new(), 0);
    for _ in 0..10_000 {
        let mut page = Filled::default();
        let mut observe = |bytes: &[u8]| observed.extend_from_slice(bytes);
        let is_over = reading.fill(&mut page, limits, &mut observe).unwrap();
        assert!(page.len() <= limits.items && page.buffer.len() <= limits.bytes);
        assert_eq!(reading.mark().offset, observed.len() as u64);
        largest = largest.max(page.buffer.capacity());
        // Items and flaws come in the order of the text.
        let mut order: Vec<(u64, Got)> = Vec::new();
        for found in &page.found {
            let bytes = &page.buffer[found.range.clone()];
            let offset = usize::try_from(found.offset).unwrap();
            assert_eq!(bytes, &text[offset..offset + bytes.len()], "offsets are the text's");
            order.push((found.offset, item(std::str::from_utf8(bytes).unwrap())));
        }
        for (flaw, _) in &page.flaws {
            order.push((flaw.offset, Got::Flaw(flaw.kind.code(), flaw.offset, flaw.bytes)));
        }
        order.sort_by_key(|(offset, _)| *offset);
        got.extend(order.into_iter().map(|(_, got)| got));
        if is_over {
            assert_eq!(observed, text, "every byte is observed once, in order");
            return (got, observed, largest);
        }
        assert!(!page.is_empty(), "a page that is not the last holds something");
    }
    panic!("reading never ends");
}

#[test]
fn pages_are_filled_within_their_bounds() {
    let spaces = " ".repeat(400);
    let array = format!("{spaces}[1,{spaces}{spaces}\"two\", {{\"a\":{spaces}3}} ,4]{spaces}");
    let json = "{\"n\":1}\n".repeat(400);
    let doc = format!("<r>{spaces}<HoSo>{}</HoSo>{spaces}<HoSo/></r>", "z".repeat(150));
    let cases: [(Make, &str); 4] =
        [(root_array, &array), (lines, &json), (xml, &doc), (records, "a,b\n1,2\n\"3\n\",4\n")];
    for (make, text) in cases {
        let expect = run(make, text.as_bytes(), 50, false);
        for (items, bytes) in [(1, 200), (3, 200), (7, 450), (1000, 1 << 20)] {
            let limits = FillLimits { items, bytes };
            assert_eq!(fill_all(make, text.as_bytes(), limits).0, expect, "{items} {bytes}");
        }
    }
}

#[test]
fn a_record_of_fifty_megabytes_is_passed_over_without_being_held() {
    let record = "x".repeat(50 << 20);
    let limits = Limits { item_bytes: 1 << 20, depth: 64 };
    let cases = [
        (Splitter::json_lines(limits, Mark::default()), format!("1\n\"{record}\"\n2\n")),
        (Splitter::json_array("", limits, Mark::default()), format!("[1,\"{record}\",2]")),
        (
            Splitter::xml("HoSo", limits, Mark::default()),
            format!("<r><HoSo/><HoSo>{record}</HoSo><HoSo/></r>"),
        ),
        (Splitter::records(b',', limits, Mark::default()), format!("1\n\"{record}\"\n2\n")),
    ];
    for (splitter, text) in cases {
        let mut reading = Reading::new(text.as_bytes(), splitter);
        let (mut items, mut flaws) = (0, Vec::new());
        loop {
            let mut page = Filled::default();
            let limits = FillLimits { items: 1000, bytes: 1 << 20 };
            let is_over = reading.fill(&mut page, limits, &mut |_| ()).unwrap();
            assert!(page.buffer.capacity() < 4 << 20, "{}", page.buffer.capacity());
            items += page.found.len();
            flaws.extend(page.flaws.into_iter().map(|(flaw, _)| flaw));
            if is_over {
                break;
            }
        }
        assert_eq!((items, flaws.len()), (2, 1));
        assert_eq!(flaws[0].kind, FlawKind::TooLarge { max: 1 << 20 });
        assert!(flaws[0].bytes >= 50 << 20);
        assert_eq!(flaws[0].excerpt.len(), Flaw::EXCERPT_MAX);
    }
}

/// A stream that breaks off.
struct Breaking<'a>(&'a [u8], Option<FlawKind>);

impl std::io::Read for Breaking<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.0.is_empty() {
            return match self.1.take() {
                Some(kind) => Err(std::io::Error::other(kind)),
                None => Err(std::io::Error::other("the disk")),
            };
        }
        self.0.read(out)
    }
}

#[test]
fn what_was_read_before_a_stream_breaks_is_handed_on() {
    let kind = FlawKind::Damaged("it ends early".to_owned());
    let stream = Breaking(b"1\n2\n{\"half", Some(kind.clone()));
    let mut reading = Reading::new(stream, lines(Mark::default()));
    let mut page = Filled::default();
    let limits = FillLimits { items: 10, bytes: 1000 };
    assert!(reading.fill(&mut page, limits, &mut |_| ()).unwrap());
    assert_eq!(page.found.len(), 2);
    assert_eq!(page.flaws.len(), 1);
    let (flaw, behind) = &page.flaws[0];
    assert_eq!((flaw.offset, flaw.bytes, behind.offset), (4, 6, 10));
    assert_eq!(flaw.kind, kind);

    let mut reading = Reading::new(Breaking(b"1\n2\n", None), lines(Mark::default()));
    assert!(reading.fill(&mut Filled::default(), limits, &mut |_| ()).is_err());
}

#[test]
fn separators_before_a_flaw_may_come_in_several_pieces() {
    for text in [", ", " , x, ", "[1,2] ,, y"] {
        let whole = run(root_array, text.as_bytes(), usize::MAX / 2, false);
        for cut in 1..5 {
            assert_eq!(run(root_array, text.as_bytes(), cut, false), whole, "{text} by {cut}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_split_alike_at_any_cut(
        text in "[\\[\\]{}\",:\\\\ a1\n<>/!?='-]{0,60}", cut in 1_usize..9, which in 0_usize..6
    ) {
        let makes: [Make; 6] = [lines, root_array, inner_array, xml, deep_xml, records];
        let whole = run(makes[which], text.as_bytes(), usize::MAX / 2, false);
        prop_assert_eq!(&run(makes[which], text.as_bytes(), cut, false), &whole);
        prop_assert_eq!(&run(makes[which], text.as_bytes(), cut, true), &whole);
        let limits = FillLimits { items: cut, bytes: 200 };
        prop_assert_eq!(fill_all(makes[which], text.as_bytes(), limits).0, whole);
    }
}
