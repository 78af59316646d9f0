//! Random mappings over the places of a sketch.

use std::fmt::Write as _;

use lienthong_shape::Format;
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng as Draw;

use super::sketch::Sketch;

/// The body of a random mapping to the record type `thing`.
pub(super) fn body(sketch: &Sketch, format: Format, draw: &mut Draw) -> String {
    let paths = paths(sketch, format);
    let mut body = "[fields]\n".to_owned();
    for (name, kind, is_required) in [
        ("id", "text", true),
        ("word", "text", false),
        ("note", "text", false),
        ("agency", "identifier", false),
        ("dossier", "identifier", false),
        ("colour", "colour", false),
        ("state", "state", true),
        ("count", "integer", false),
        ("money", "decimal", false),
        ("done", "boolean", true),
        ("on", "date", false),
        ("at", "timestamp", false),
        ("due", "timestamp", true),
    ] {
        // Most of what a record must have is there, so that some records pass.
        let rule = if is_required && draw.random_ratio(3, 4) {
            format!("{{ value = {} }}", constant(kind, draw))
        } else if is_required || draw.random_ratio(1, 4) {
            rule(kind, name == "word" || name == "money", &paths, format, draw)
        } else {
            continue;
        };
        writeln!(body, "{name} = {rule}").unwrap();
    }
    if !body.contains("\ncount = ") && draw.random_ratio(3, 4) {
        body.push_str("count = { value = 7 }\n");
    }
    if body.contains("\nat = ") && draw.random() {
        body.push_str("late = { later = [\"at\", \"due\"] }\n");
    }
    groups(&mut body, &paths, format, draw);
    body
}

fn groups(body: &mut String, paths: &[String], format: Format, draw: &mut Draw) {
    let has_lists = format != Format::Row;
    let each = |body: &mut String, draw: &mut Draw| {
        if has_lists && draw.random_ratio(2, 3) {
            let is_list = |path: &&String| !path.ends_with("()") && !path.contains('@');
            let lists: Vec<&String> = paths.iter().filter(is_list).collect();
            let path = lists.choose(draw).map_or(".", |path| path.as_str());
            let path = if draw.random_ratio(1, 3) { "." } else { path };
            writeln!(body, "each = {}", quoted(path)).unwrap();
            return true;
        }
        false
    };
    // Below an element the same names may stand again.
    let inner: Vec<String> =
        if has_lists { ["a", "b", "c", "."].map(str::to_owned).to_vec() } else { paths.to_vec() };
    if draw.random_ratio(1, 3) {
        body.push_str("[groups.fees]\n");
        let is_each = each(body, draw);
        let paths = if is_each { &inner } else { paths };
        writeln!(body, "fields.name = {}", rule("text", false, paths, format, draw)).unwrap();
        writeln!(body, "fields.price = {}", rule("decimal", false, paths, format, draw)).unwrap();
        if draw.random() {
            writeln!(body, "fields.paid = {}", rule("date", false, paths, format, draw)).unwrap();
        }
        if is_each {
            body.push_str("[groups.fees.groups.notes]\n");
            let is_each = draw.random();
            if is_each {
                writeln!(body, "each = {}", quoted(inner.choose(draw).unwrap())).unwrap();
            }
            writeln!(body, "fields.text = {}", rule("text", false, paths, format, draw)).unwrap();
        }
    }
    if draw.random_ratio(1, 3) {
        body.push_str("[groups.owner]\n");
        let paths = if each(body, draw) { &inner } else { paths };
        writeln!(body, "fields.kind = {}", rule("text", false, paths, format, draw)).unwrap();
        writeln!(body, "fields.number = {}", rule("text", false, paths, format, draw)).unwrap();
    }
    body.push_str("[groups.tags]\n");
    let paths = if each(body, draw) { &inner } else { paths };
    let tag = if draw.random_ratio(2, 3) {
        "{ value = \"red\" }".to_owned()
    } else {
        rule("colour", false, paths, format, draw)
    };
    writeln!(body, "fields.tag = {tag}").unwrap();
    writeln!(body, "fields.label = {}", rule("text", false, paths, format, draw)).unwrap();
}

/// A random rule for a field of a type.
fn rule(
    kind: &str,
    is_nullable: bool,
    paths: &[String],
    format: Format,
    draw: &mut Draw,
) -> String {
    if draw.random_ratio(1, 7) {
        return format!("{{ value = {} }}", constant(kind, draw));
    }
    let one = |draw: &mut Draw| {
        let is_there = draw.random_ratio(19, 20);
        quoted(if is_there { paths.choose(draw).unwrap() } else { "zz" })
    };
    let mut rule = match draw.random_range(0..8) {
        0 => format!("first_of = [{}, {}]", one(draw), one(draw)),
        1 => {
            let with = [" ", "; ", "", "-"].choose(draw).unwrap();
            format!("join = [{}, {}], with = \"{with}\"", one(draw), one(draw))
        }
        _ => format!("from = {}", one(draw)),
    };
    // Text alone is cleaned; elsewhere a JSON number may be what is wanted.
    let is_cleaned = format != Format::Json || rule.starts_with("join") || draw.random_ratio(1, 2);
    if is_cleaned && draw.random_ratio(2, 3) {
        let steps: Vec<&str> =
            (0..draw.random_range(1..3)).map(|_| *STEPS.choose(draw).unwrap()).collect();
        write!(rule, ", do = [{}]", steps.join(", ")).unwrap();
    }
    let is_text = is_cleaned || rule.contains("do = ");
    rule.push_str(target(kind, is_text, draw));
    if draw.random_ratio(1, 4) {
        rule.push_str(", number = \"as-written\"");
    }
    if is_nullable && draw.random_ratio(1, 4) {
        rule.push_str(", when_missing = \"null\"");
    } else if draw.random_ratio(1, 8) {
        rule.push_str(", when_missing = \"refuse\"");
    }
    if format == Format::Json && draw.random_ratio(1, 20) {
        rule.push_str(", text = \"tcvn3\"");
    }
    format!("{{ {rule} }}")
}

/// Functions with arguments, as they stand in `do`.
pub(super) const STEPS: &[&str] = &[
    "\"trim\"",
    "\"trim\"",
    "\"trim\"",
    "\"nfc\"",
    "\"collapse-spaces\"",
    "\"strip-invisible\"",
    "\"upper\"",
    "\"lower\"",
    "\"digits-only\"",
    "\"phone-vn\"",
    "\"phone-e164\"",
    "\"agency-code\"",
    "\"dossier-code\"",
    "\"agency-code-generation-2\"",
    "\"procedure-code\"",
    "\"procedure-number\"",
    "{ cut = { max_chars = 4 } }",
    "{ cut = { max_chars = 8 } }",
    "{ pad-left = { to = 5, with = \"0\" } }",
    "{ before-first = \"##\" }",
    "{ after-first = \"-\" }",
    "{ strip-prefix = \"HS-\" }",
    "{ strip-suffix = \"x\" }",
    "{ replace = { from = \"-\", to = \".\" } }",
    "{ replace = { from = \"a\", to = \"\" } }",
    "{ tone-placement = \"old\" }",
];

/// How a value of a type is written.
fn target(kind: &str, is_text: bool, draw: &mut Draw) -> &'static str {
    let all: &[&str] = match kind {
        "integer" => &[
            ", integer = true",
            ", integer = { from_decimal = \"exact\", point = \",\" }",
            "",
            ", codes = { NEW = \"5\", DONE = \"500\" }",
        ],
        "decimal" => &[
            ", decimal = true",
            ", decimal = { point = \",\" }",
            ", decimal = { point = \",\", thousands = \".\" }",
            "",
        ],
        "boolean" => {
            &[", boolean = { true = [\"True\", \"1\"], false = [\"False\", \"0\", \"2\"] }", ""]
        }
        "date" => &[
            ", date = \"%d/%m/%Y\"",
            ", date = [\"%d/%m/%Y\", \"%F\"]",
            ", date = { of_timestamp = [\"rfc3339\", \"%d/%m/%Y %H:%M:%S\"] }",
        ],
        "timestamp" => &[
            ", timestamp = \"%d/%m/%Y %H:%M:%S\"",
            ", timestamp = [\"rfc3339\", \"%d/%m/%Y %H:%M:%S\"]",
            ", timestamp = { of_date = [\"%d/%m/%Y\", \"%F\"], at = \"17:00:00\" }",
        ],
        "colour" => {
            &[", codes = \"colour\"", ", codes = \"colour\", fold = true", "", ", aliases = true"]
        }
        "state" => {
            &[", codes = \"state\"", ", codes = { 7 = \"1\", NEW = \"2\", DONE = \"2\" }", ""]
        }
        "text" => &["", "", "", "", ", codes = { NEW = \"n\", DONE = \"d\" }"],
        _ => &[""],
    };
    let needs_none = matches!(kind, "text" | "identifier" | "colour" | "state");
    match *all.choose(draw).unwrap() {
        "" if is_text && !needs_none => all[0],
        chosen => chosen,
    }
}

fn constant(kind: &str, draw: &mut Draw) -> &'static str {
    let all: &[&str] = match kind {
        "integer" => &["7", "60"],
        "decimal" => &["\"1.50\"", "\"80\""],
        "boolean" => &["true", "false"],
        "date" => &["\"2025-06-30\"", "\"2025-07-01\""],
        "timestamp" => &["\"2039-06-20T01:35:00+07:00\"", "\"2025-06-20T01:35:00+07:00\""],
        "colour" => &["\"red\"", "\"green\"", "\"teal\""],
        "state" => &["\"2\"", "\"2\"", "\"1\""],
        "identifier" => &["\"H22\""],
        _ => &["\"x\"", "\"abc de\""],
    };
    all.choose(draw).unwrap()
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// Paths to the places of a sketch, some of them to what is not there.
fn paths(sketch: &Sketch, format: Format) -> Vec<String> {
    let mut found = Vec::new();
    below(sketch, "", format, &mut found);
    found
}

fn below(sketch: &Sketch, way: &str, format: Format, found: &mut Vec<String>) {
    for (name, member) in sketch.members.iter().flatten() {
        let path = if way.is_empty() { name.clone() } else { format!("{way}.{name}") };
        below(member, &path, format, found);
        found.push(path);
    }
    if let Some((_, _, element)) = &sketch.list {
        let selectors = ["[0]", "[1]", "[a=NEW]", "[b=7]", "[a=1]"];
        for selector in selectors.into_iter().take(if element.members.is_some() { 5 } else { 2 }) {
            let path = format!("{way}{selector}");
            below(element, &path, format, found);
            found.push(path);
        }
        below(element, way, format, found);
    }
    if format == Format::Xml && !way.is_empty() && !way.ends_with(')') && !way.contains('@') {
        found.push(format!("{way}.text()"));
    }
}
