//! The language of rules: what holds, what does not apply, what is not understood.

use crate::compile::tests::small;
use crate::{Candidate, Date, RecordType, Rows, Standard, Timestamp, Value};

const FIELDS: &str = "key = [\"id\"]\nhistory = \"latest\"\n[fields]\n\
    id = { title.vi = \"id\", type = \"text\", required = true }\n\
    note = { title.vi = \"note\", type = \"text\" }\n\
    count = { title.vi = \"count\", type = \"integer\" }\n\
    price = { title.vi = \"price\", type = \"decimal\" }\n\
    done = { title.vi = \"done\", type = \"boolean\" }\n\
    day = { title.vi = \"day\", type = \"date\" }\n\
    begun = { title.vi = \"begun\", type = \"timestamp\" }\n\
    ended = { title.vi = \"ended\", type = \"timestamp\" }\n\
    colour = { title.vi = \"colour\", type = \"code\", code_list = \"colour\" }\n\
    code = { title.vi = \"code\", type = \"identifier\", identifier = \"dossier\" }\n\
    [groups.parts]\ntitle.vi = \"parts\"\nfields.name = { title.vi = \"n\", type = \"text\" }\n";

fn standard(rule: &str) -> Standard {
    let rule = format!(
        "{FIELDS}[[rules]]\ncode = \"r\"\n{rule}\nseverity = \"refuse\"\nmessage.vi = \"sai\"\n"
    );
    small(&rule).unwrap_or_else(|problems| panic!("{}", crate::compile::tests::shown(&problems)))
}

fn at(text: &str) -> Value<'static> {
    Value::Timestamp(Timestamp::parse_canonical(text).unwrap())
}

/// Checks whether a rule is broken by a record with the given values.
fn check(rule: &str, values: &[(&str, Value<'_>)], is_broken: bool) {
    let standard = standard(rule);
    let thing = standard.record_type("thing").unwrap();
    let values = row(thing, values);
    let candidate = Candidate { values: &values, groups: &[Rows::EMPTY] };
    let mut faults = Vec::new();
    thing.accept(&standard, candidate, &mut faults, &mut Vec::new());
    let broken: Vec<_> = faults.iter().filter(|fault| fault.code == "LT-4110").collect();
    assert_eq!(!broken.is_empty(), is_broken, "{rule}: {faults:?}");
}

fn row<'a>(thing: &RecordType, values: &[(&str, Value<'a>)]) -> Vec<Value<'a>> {
    let mut row = vec![Value::Missing; thing.fields.len()];
    row[0] = Value::Text("1");
    for (name, value) in values {
        row[thing.field_index(name).unwrap()] = *value;
    }
    row
}

#[test]
fn comparisons_compare_values_of_one_kind() {
    let (three, half) = (Value::Integer(3), Value::Decimal("0.50"));
    let day = Value::Date(Date::new(2025, 6, 20).unwrap());
    check("holds = \"count > 3\"", &[("count", three)], true);
    check("holds = \"count >= 3\"", &[("count", three)], false);
    check("holds = \"count < 3.5\"", &[("count", three)], false);
    check("holds = \"price == 0.5\"", &[("price", half)], false);
    check("holds = \"price <= -1\"", &[("price", half)], true);
    check("holds = \"count != price\"", &[("count", three), ("price", half)], false);
    check("holds = \"done == true\"", &[("done", Value::Boolean(false))], true);
    check("holds = \"day < '2025-06-20'\"", &[("day", day)], true);
    check("holds = \"note == 'x'\"", &[("note", Value::Text("x"))], false);
    check("holds = \"colour != 'red'\"", &[("colour", Value::Text("red"))], true);
    let times =
        [("begun", at("2025-06-20T08:00:00+07:00")), ("ended", at("2025-06-19T08:00:00+07:00"))];
    check("holds = \"ended >= begun\"", &times, true);
    check("holds = \"begun > '2025-01-01T00:00:00+07:00'\"", &times, false);
}

#[test]
fn a_missing_value_makes_a_comparison_unknown() {
    let begun = [("begun", at("2025-06-20T08:00:00+07:00"))];
    check("holds = \"ended >= begun\"", &begun, false);
    check("holds = \"not ended >= begun\"", &begun, false);
    check("holds = \"ended >= begun and present(note)\"", &begun, true);
    check("holds = \"ended >= begun and present(begun)\"", &begun, false);
    check("holds = \"ended >= begun or present(note)\"", &begun, false);
    check("when = \"ended >= begun\"\nholds = \"present(note)\"", &begun, false);
    check("when = \"present(begun)\"\nholds = \"present(note)\"", &begun, true);
}

#[test]
fn and_binds_closer_than_or() {
    let none: [(&str, Value<'_>); 0] = [];
    check("holds = \"present(id) or present(note) and present(note)\"", &none, false);
    check("holds = \"(present(id) or present(note)) and present(note)\"", &none, true);
    check("holds = \"not present(note) and present(id)\"", &none, false);
    check("holds = \"not (present(note) or present(id))\"", &none, true);
}

#[test]
fn patterns_dates_and_groups_can_be_asked() {
    check("holds = \"matches(note, 'word')\"", &[("note", Value::Text("ABC"))], true);
    check("holds = \"matches(note, 'word')\"", &[("note", Value::Text("abc"))], false);
    check("holds = \"matches(note, 'word')\"", &[], false);
    check("holds = \"present(parts)\"", &[], true);
    let code = ("code", Value::Text("H48-250620-0001"));
    let rule = "holds = \"date_of(code) == date_of(begun)\"";
    check(rule, &[code, ("begun", at("2025-06-20T01:00:00+07:00"))], false);
    check(rule, &[code, ("begun", at("2025-06-19T23:00:00+07:00"))], true);
    check("holds = \"date_of(code) < '2025-01-01'\"", &[code], true);
}

#[test]
fn stand_ins_sameness_names_lengths_and_counts_can_be_asked() {
    let text = |text| [("note", Value::Text(text))];
    check("holds = \"not sentinel(note, 'nothing')\"", &text("N/A"), true);
    check("holds = \"not sentinel(note, 'nothing')\"", &text("na 1"), false);
    check("holds = \"not sentinel(note, 'nothing')\"", &[], false);
    let day = |y, m, d| [("day", Value::Date(Date::new(y, m, d).unwrap()))];
    check("holds = \"not sentinel(day, 'never')\"", &day(9999, 12, 31), true);
    check("holds = \"not sentinel(day, 'never')\"", &day(2025, 6, 20), false);
    let begun = [("begun", at("1900-01-01T00:00:00+07:00"))];
    check("holds = \"not sentinel(begun, 'never')\"", &begun, true);
    let both = |note, code| [("note", Value::Text(note)), ("code", Value::Text(code))];
    let same = "holds = \"not same(note, code)\"";
    check(same, &both("h48 250620 0001", "H48-250620-0001"), true);
    check(same, &both("h48 250620 0002", "H48-250620-0001"), false);
    check(same, &both("...", "H48-250620-0001"), false);
    check(same, &text("H48-250620-0001"), false);
    let painted = |note, colour| [("note", Value::Text(note)), ("colour", Value::Text(colour))];
    let names = "holds = \"not names_code(note, colour)\"";
    check(names, &painted(" đỏ.", "red"), true);
    check(names, &painted("RED", "red"), true);
    check(names, &painted("Xanh", "red"), false);
    check(names, &text("Đỏ"), false);
    check("holds = \"length(note) == 3\"", &text("ầbc"), false);
    check("holds = \"length(note) <= 2\"", &text("ầbc"), true);
    check("holds = \"length(note) <= 2\"", &[], false);
    check("holds = \"count(parts) >= 1\"", &[], true);
    check("holds = \"count(parts) <= 1\"", &[], false);
    // Fields may bear the names of functions.
    check("holds = \"count <= 1\"", &[("count", Value::Integer(2))], true);
}

#[test]
fn what_is_not_understood_is_marked_in_the_text() {
    let expressions = [
        ("", "expected a field, a text, a number, true or false at the end", ""),
        ("count", "expected a comparison: ==, !=, <, <=, > or >= at the end", ""),
        ("count = 3", "`=` is not a part of an expression", "="),
        ("count == 3 count", "`count` has no place here", "count"),
        ("count == 'three'", "a number can't be compared with `three`", "'three'"),
        ("note < 'x'", "text has no order; use == or !=", "note < 'x'"),
        ("colour == 'pink'", "the code list has no code `pink`", "'pink'"),
        ("'a' == 'a'", "a comparison needs a field", "'a' == 'a'"),
        ("day == '2025-02-30'", "a date can't be compared with `2025-02-30`", "'2025-02-30'"),
        ("done == 1", "a boolean can't be compared with `1`", "1"),
        ("count == true", "a number is neither true nor false", "true"),
        ("count == note", "a number can't be compared with `note`", "note"),
        ("present(parts", "expected `)` at the end", ""),
        ("matches(count, 'word')", "`count` is of type integer: only text can match", "count"),
        ("matches(note, 'wrd')", "no pattern `wrd`", "'wrd'"),
        ("date_of(note) == day", "`note` is of type text: only timestamps", "note"),
        ("note == 'x", "the text has no closing quote", "'x"),
        ("note ? 'x'", "`?` is not a part of an expression", "?"),
        ("parts == 'x'", "no field `parts`", "parts"),
        ("sentinel(note, 'nothin')", "no list of sentinels `nothin`", "'nothin'"),
        ("sentinel(note, 'never')", "`note` is of type text: the list holds", "note"),
        ("sentinel(day, 'nothing')", "`day` is of type date: the list holds", "day"),
        ("same(note, day)", "`day` is of type date: only texts can be the same", "day"),
        ("names_code(note, note)", "`note` is of type text: only codes have names", "note"),
        ("names_code(day, colour)", "`day` is of type date: only a text", "day"),
        ("length(count) == 1", "`count` is of type integer: only texts", "count"),
        ("length(note) == 'x'", "a number can't be compared with `x`", "'x'"),
        ("note == length(note)", "text can't be compared with `note`", "note"),
        ("count(part) <= 1", "no group `part`", "part"),
        ("same(note)", "expected `,`, found `)`", ")"),
    ];
    for (expression, message, marked) in expressions {
        let record = format!(
            "{FIELDS}[[rules]]\ncode = \"r\"\nholds = \"{expression}\"\n\
             severity = \"warn\"\nmessage.vi = \"sai\"\n"
        );
        let problems = small(&record).expect_err(expression);
        let problem = &problems[0];
        assert_eq!(problem.code, "LT-4004");
        assert!(problem.message.starts_with(message), "{expression}: {}", problem.message);
        assert_eq!(problem.text.get(problem.span.clone()), Some(marked), "{expression}");
    }
}

#[test]
fn deep_expressions_are_refused() {
    let deep = format!("{}present(note){}", "(".repeat(50), ")".repeat(50));
    let right = (0..40).fold("present(note)".to_owned(), |e, _| format!("present(id) or ({e})"));
    for expression in [deep, right, "not ".repeat(100) + "present(id)"] {
        let record = format!(
            "{FIELDS}[[rules]]\ncode = \"r\"\nholds = \"{expression}\"\n\
             severity = \"warn\"\nmessage.vi = \"sai\"\n"
        );
        let problems = small(&record).expect_err(&expression);
        assert!(problems[0].message.contains("too deep"), "{}", problems[0].message);
    }
    let long = vec!["present(id)"; 500].join(" and ");
    check(&format!("holds = \"{long}\""), &[], false);
}

mod national;

mod garbage {
    use proptest::prelude::*;

    use crate::rules::syntax::parse;

    proptest! {
        #[test]
        fn never_panics(text in "[a-z()=<>'0-9. !,é-]{0,60}") {
            if let Err(error) = parse(&text) {
                prop_assert!(text.get(error.span).is_some());
            }
        }
    }
}
