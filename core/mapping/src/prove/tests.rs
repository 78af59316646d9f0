//! Verdicts over shapes: what is said of some mappings, and that no verdict is ever wrong.

mod mappings;
mod sketch;
mod soundness;
mod steps;
mod verdicts;

use std::sync::{Arc, LazyLock};

use lienthong_diagnostics::{Level, Paint, render};
use lienthong_shape::{Probe, Shape};
use lienthong_standard::{Files, Standard};

use crate::{Mapping, Review, Verdict, probes};

const RECORD: &str = r#"
record_type = "thing"
title.vi = "Vật"
key = ["id"]
history = "latest"
own_date = "on"
[fields]
id = { title.vi = "a", type = "text", required = true, max_chars = 12 }
word = { title.vi = "a", type = "text", nullable = true, pattern = "word" }
note = { title.vi = "a", type = "text", max_chars = 8 }
agency = { title.vi = "a", type = "identifier", identifier = "agency" }
dossier = { title.vi = "a", type = "identifier", identifier = "dossier" }
colour = { title.vi = "a", type = "code", code_list = "colour" }
state = { title.vi = "a", type = "code", code_list = "state", required = true }
count = { title.vi = "a", type = "integer", min = 0, max = 100 }
money = { title.vi = "a", type = "decimal", min = "-5", nullable = true }
done = { title.vi = "a", type = "boolean", required = true }
on = { title.vi = "a", type = "date" }
at = { title.vi = "a", type = "timestamp" }
due = { title.vi = "a", type = "timestamp", required = true }
late = { title.vi = "a", type = "boolean", nullable = true }
[groups.fees]
title.vi = "a"
rows_max = 3
fields.name = { title.vi = "a", type = "text", required = true, max_chars = 6 }
fields.price = { title.vi = "a", type = "decimal" }
fields.paid = { title.vi = "a", type = "date" }
[groups.fees.groups.notes]
title.vi = "a"
required = true
fields.text = { title.vi = "a", type = "text", max_chars = 9 }
[groups.owner]
title.vi = "a"
single = true
fields.kind = { title.vi = "a", type = "text", required = true }
fields.number = { title.vi = "a", type = "text", pattern = "word" }
[groups.tags]
title.vi = "a"
required = true
fields.tag = { title.vi = "a", type = "code", code_list = "colour" }
fields.label = { title.vi = "a", type = "text", max_chars = 20 }
[[rules]]
code = "due-after-at"
holds = "due >= at"
severity = "refuse"
message.vi = "a"
[[rules]]
code = "one-number"
holds = "present(count) or present(money)"
severity = "refuse"
message.vi = "a"
[[rules]]
code = "count-below-money"
when = "present(note)"
holds = "count <= money"
severity = "warn"
message.vi = "a"
[[rules]]
code = "done-has-word"
when = "done == true"
holds = "matches(word, 'word') and not state == '1'"
severity = "refuse"
message.vi = "a"
[[rules]]
code = "price-is-low"
group = "fees"
holds = "price < 50 or count > 5"
severity = "refuse"
message.vi = "a"
[[rules]]
code = "owned"
when = "present(owner)"
holds = "length(note) < 5 and on != '2025-06-30'"
severity = "warn"
message.vi = "a"
"#;

const CODES: &str = "\
code,name_vi,name_en,valid_from,valid_to,parent,aliases,successor
red,Đỏ,Red,,,,r|R,
green,Xanh,Green,,2025-06-30,,,teal
teal,Xanh,Teal,2025-07-01,,,,
";

const STATES: &str = "\
code,name_vi,name_en,valid_from,valid_to,parent,aliases,successor
1,Mới,New,,,,,
2,Xong,Done,,,,,
";

const PATTERNS: &str = "word = { title = { vi = \"từ\" }, regex = \"^[a-z0-9 ]+$\", \
                        matches = [\"abc\"], refuses = [\"A\"] }\n";

/// A standard with a field of every type, groups of every kind, and rules across fields.
fn standard() -> &'static Arc<Standard> {
    static STANDARD: LazyLock<Arc<Standard>> = LazyLock::new(|| {
        let files = [
            ("records/thing.toml", RECORD),
            ("codes/lists.toml", "[colour]\ntitle.vi = \"a\"\n[state]\ntitle.vi = \"a\"\n"),
            ("codes/colour.csv", CODES),
            ("codes/state.csv", STATES),
            ("patterns.toml", PATTERNS),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), Arc::from(text)));
        match Standard::compile("v1", &Files::new(files)) {
            Ok(standard) => Arc::new(standard),
            Err(problems) => panic!("{}", render(&problems, Level::Error, Paint::Plain)),
        }
    });
    &STANDARD
}

fn all_probes(mapping: Option<&Mapping>) -> Vec<Arc<dyn Probe>> {
    probes(standard(), mapping).into_iter().map(Arc::from).collect()
}

/// The files of a mapping with its code lists and, where there is one, its shape.
fn files(input: &str, body: &str, shape: Option<&Shape>) -> Files {
    let head = format!(
        "mapping = \"sys/things\"\nstandard = \"v1\"\nrecord_type = \"thing\"\n\
         input = {{ format = \"{input}\" }}\n"
    );
    let mut files = vec![
        ("sys/things.toml".to_owned(), format!("{head}{body}")),
        (
            "sys/codes/colour.csv".to_owned(),
            "source,national\nNEW,red\nDONE,teal\nEND,green\n".into(),
        ),
        ("sys/codes/state.csv".to_owned(), "source,national\nNEW,1\nDONE,2\n7,2\ntrue,1\n".into()),
    ];
    files.extend(shape.map(|shape| ("sys/things.shape.toml".to_owned(), shape.to_toml())));
    Files::new(files.into_iter().map(|(path, text)| (path, Arc::from(text))))
}

fn review(input: &str, body: &str, shape: Option<&Shape>) -> Review {
    Mapping::review("sys/things", &files(input, body, shape), standard())
}

/// The verdict on a field, group or rule.
fn verdict<'v>(verdicts: &'v [Verdict], name: &str) -> &'v Verdict {
    verdicts.iter().find(|verdict| &*verdict.field == name).unwrap()
}
