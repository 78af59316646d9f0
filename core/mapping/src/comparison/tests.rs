use lienthong_standard::{Files, Standard};

use super::*;
use crate::{Mapping, Workspace};

const STANDARD: [(&str, &str); 3] = [
    (
        "records/case.toml",
        r#"
record_type = "case"
title.vi = "Hồ sơ"
title.en = "Case"
key = ["code"]
history = "latest"
own_date = "received"

[fields.code]
title.vi = "Mã"
type = "text"
required = true

[fields.status]
title.vi = "Trạng thái"
type = "code"
code_list = "status"
required = true

[fields.received]
title.vi = "Ngày nhận"
type = "date"

[fields.owner]
title.vi = "Chủ hồ sơ"
type = "text"
personal = "name"

[fields.fee]
title.vi = "Lệ phí"
type = "decimal"

[groups.papers]
title.vi = "Giấy tờ"

[groups.papers.fields.name]
title.vi = "Tên"
type = "text"
required = true

[groups.papers.fields.kind]
title.vi = "Loại"
type = "code"
code_list = "status"
"#,
    ),
    ("codes/lists.toml", "[status]\ntitle.vi = \"Trạng thái\"\ntitle.en = \"Status\"\n"),
    ("codes/status.csv", "code,name_vi,name_en\n1,Một,One\n2,Hai,Two\n3,Ba,Three\n"),
];

const MAPPING: &str = r#"
mapping = "a/cases"
standard = "t"
record_type = "case"
input = { format = "json" }

[fields]
code = { from = "code" }
status = { from = "status", codes = { LIST } }
received = { from = "date", date = "%d/%m/%Y" }
owner = { from = "owner"OWNER }
fee = { from = "fee", decimal = true }

[groups.papers]
each = "papers"
fields.name = { from = "name" }
fields.kind = { from = "kind", codes = { LIST } }
"#;

fn mapping(list: &str, owner: &str) -> Mapping {
    let files = STANDARD.map(|(name, text)| (name.to_owned(), Arc::from(text)));
    let standard = Standard::compile("t", &Files::new(files));
    let standard = Arc::new(standard.unwrap_or_else(|problems| panic!("{problems:#?}")));
    let text = MAPPING.replace("LIST", list).replace("OWNER", owner);
    let files = Files::new([("a/cases.toml".to_owned(), Arc::from(text))]);
    let compiled = Mapping::compile("a/cases", &files, &standard);
    compiled.unwrap_or_else(|problems| panic!("{problems:#?}")).mapping
}

fn item(code: &str, status: &str, date: &str) -> String {
    format!(
        r#"{{"code":"{code}","status":"{status}","date":"{date}","owner":"người thử {code}",
            "fee":"12345678901234567890.10","papers":[{{"name":"a","kind":"{status}"}},
            {{"name":"b","kind":"A"}}]}}"#
    )
}

fn compare(old: &Mapping, new: &Mapping, items: &[String], values: Values) -> Difference {
    let mut comparison = Comparison::new(Arc::clone(new.record_type()), 3, values);
    let mut work = Workspace::new();
    for (number, item) in (1..).zip(items) {
        let outcomes =
            (old.outcome(item.as_bytes(), &mut work), new.outcome(item.as_bytes(), &mut work));
        comparison.add((number, 0), &format!("item {number}"), &outcomes.0, &outcomes.1);
    }
    comparison.finish()
}

const OLD: &str = r#"A = "1", B = "2""#;
const NEW: &str = r#"A = "1", B = "3", C = "2""#;

#[test]
fn the_newest_item_of_a_record_counts() {
    let items = [
        item("K1", "B", "01/02/2026"),
        item("K1", "A", "01/02/2026"),
        item("K2", "B", "01/03/2026"),
        item("K3", "C", "01/03/2026"),
        item("K4", "X", "01/03/2026"),
    ];
    let found = compare(&mapping(OLD, ""), &mapping(NEW, ""), &items, Values::Masked);
    let counts = (found.items, found.records, found.unchanged, found.changed);
    assert_eq!(counts, (5, 4, 1, 1));
    assert_eq!((found.newly_accepted, found.newly_refused, found.still_refused), (1, 0, 1));
    let fields: Vec<_> = found.fields.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(fields, [("papers.kind", 1), ("status", 1)]);
}

#[test]
fn counts_move_over_all_and_by_month() {
    let items = [
        item("K1", "B", "01/02/2026"),
        item("K2", "B", "01/03/2026"),
        item("K3", "A", "01/03/2026"),
    ];
    let found = compare(&mapping(OLD, ""), &mapping(NEW, ""), &items, Values::Masked);
    let of_status = found.counts.iter().filter(|count| count.field == "status");
    let moved: Vec<_> = of_status
        .map(|count| (count.month.as_deref(), count.code.as_str(), count.before, count.after))
        .collect();
    let expected = [
        (None, "2", 2, 0),
        (None, "3", 0, 2),
        (Some("2026-02"), "2", 1, 0),
        (Some("2026-02"), "3", 0, 1),
        (Some("2026-03"), "2", 1, 0),
        (Some("2026-03"), "3", 0, 1),
    ];
    assert_eq!(moved, expected);
    assert!(found.counts.iter().any(|count| count.field == "papers.kind" && count.code == "3"));
}

#[test]
fn what_is_refused_now_is_told_by_reason() {
    let items = [item("K1", "B", "01/02/2026"), item("K2", "A", "01/02/2026")];
    let only_a = r#"A = "1""#;
    let found = compare(&mapping(OLD, ""), &mapping(only_a, ""), &items, Values::Masked);
    assert_eq!((found.newly_refused, found.unchanged), (1, 1));
    let refusals: Vec<_> = found
        .refusals
        .iter()
        .map(|refusal| (refusal.code, refusal.field.as_deref(), refusal.records))
        .collect();
    let expected = [("LT-3010", Some("papers.kind"), 1), ("LT-3010", Some("status"), 1)];
    assert_eq!(refusals, expected);
    assert_eq!(found.samples[0].change, Change::NewlyRefused);
    assert!(!found.samples[0].reasons.is_empty());
}

#[test]
fn personal_values_are_masked_unless_a_person_asks_for_them() {
    let items = [item("K1", "A", "01/02/2026")];
    let (old, new) = (mapping(OLD, ""), mapping(OLD, r#", do = ["upper"]"#));
    let masked = compare(&old, &new, &items, Values::Masked);
    let change = &masked.samples[0].fields[0];
    assert_eq!(change.field, "owner");
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("•••"), Some("•••")));
    assert!(!format!("{masked:?}").to_lowercase().contains("người thử"));
    let shown = compare(&old, &new, &items, Values::Shown);
    assert_eq!(shown.samples[0].fields[0].after.as_deref(), Some("NGƯỜI THỬ K1"));
}

#[test]
fn samples_are_few_and_numbers_keep_their_digits() {
    let items: Vec<_> = (0..9).map(|n| item(&format!("K{n}"), "C", "01/02/2026")).collect();
    let found = compare(&mapping(OLD, ""), &mapping(NEW, ""), &items, Values::Shown);
    assert_eq!((found.newly_accepted, found.samples.len()), (9, 3));
    let fee = found.samples[0].fields.iter().find(|field| field.field == "fee").unwrap();
    assert_eq!(fee.after.as_deref(), Some("12345678901234567890.10"));
    assert_eq!(found.samples[0].place, "item 1");
}

#[test]
fn an_item_without_a_key_stands_for_itself() {
    let items = ["{".to_owned(), "{".to_owned(), item("K1", "A", "01/02/2026")];
    let found = compare(&mapping(OLD, ""), &mapping(NEW, ""), &items, Values::Masked);
    assert_eq!((found.records, found.still_refused, found.unchanged), (3, 2, 1));
}
