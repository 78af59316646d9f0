//! What can come of a rule is told for whatever the fields can be.

use super::{Outlook, Prospect, Prospects, RuleOutlook};
use crate::compile::tests::small;
use crate::{Date, Pattern, Value};

const HEAD: &str = "key = [\"id\"]\nhistory = \"latest\"\n[fields]\n\
    id = { title.vi = \"id\", type = \"text\", required = true }\n\
    count = { title.vi = \"count\", type = \"integer\" }\n\
    limit = { title.vi = \"limit\", type = \"decimal\" }\n\
    day = { title.vi = \"day\", type = \"date\" }\n\
    [groups.parts]\ntitle.vi = \"parts\"\nfields.name = { title.vi = \"n\", type = \"text\" }\n";

/// What the fields `id`, `count`, `limit` and `day` can be, and how many `parts` there can be.
struct Fields([Prospect<'static>; 4], (u64, u64));

impl Outlook for Fields {
    fn of_record(&self, field: usize) -> Prospect<'_> {
        self.0[field].clone()
    }

    fn of_row(&self, _: usize) -> Prospect<'_> {
        Prospect::default()
    }

    fn always_matches(&self, _: bool, _: usize, pattern: &Pattern) -> bool {
        &*pattern.name == "word"
    }

    fn of_group(&self, _: usize) -> (u64, u64) {
        self.1
    }

    fn can_be_invisible(&self) -> bool {
        true
    }

    fn can_name_a_body(&self) -> bool {
        false
    }
}

fn check(holds: &str, fields: &Fields, can_break: bool, can_hold: bool) {
    let rule = format!(
        "{HEAD}[[rules]]\ncode = \"r\"\n{holds}\nseverity = \"refuse\"\nmessage.vi = \"sai\"\n"
    );
    let standard = small(&rule).unwrap();
    let outlook = standard.record_type("thing").unwrap().rules[0].outlook(fields);
    assert_eq!(outlook, RuleOutlook { can_break, can_hold }, "{holds}");
}

const fn always(values: Prospects<'static>) -> Prospect<'static> {
    Prospect { may_be_absent: false, values }
}

#[test]
fn what_can_come_of_a_rule_follows_from_what_its_fields_can_be() {
    let day = Value::Date(Date::new(2025, 6, 20).unwrap());
    let fields = Fields(
        [
            always(Prospects::Any),
            always(Prospects::Known(vec![Value::Integer(1), Value::Integer(5)])),
            always(Prospects::Between(Value::Decimal("5"), Value::Decimal("9.5"))),
            Prospect { may_be_absent: true, values: Prospects::Known(vec![day]) },
        ],
        (1, 3),
    );
    for (holds, can_break, can_hold) in [
        ("holds = \"count >= 1\"", false, true),
        ("holds = \"count > 1\"", true, true),
        ("holds = \"count > 5\"", true, false),
        ("holds = \"count <= limit\"", false, true),
        ("holds = \"count < limit\"", true, true),
        ("holds = \"limit < count\"", true, false),
        ("holds = \"not limit < count\"", false, true),
        ("holds = \"limit < 20 and count < 20\"", false, true),
        ("holds = \"limit > 20 or count > 20\"", true, false),
        ("holds = \"day == '2025-06-20'\"", false, true),
        ("holds = \"day == '2025-06-21'\"", true, true),
        ("holds = \"present(day)\"", true, true),
        ("holds = \"present(count)\"", false, true),
        ("holds = \"present(parts)\"", false, true),
        ("holds = \"not present(parts)\"", true, false),
        ("holds = \"matches(id, 'word')\"", false, true),
        ("when = \"present(day)\"\nholds = \"count > 5\"", true, true),
        ("when = \"count > 5\"\nholds = \"limit < count\"", false, true),
    ] {
        check(holds, &fields, can_break, can_hold);
    }
}
