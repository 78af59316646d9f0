//! Probes say of a text what the conversion of the same name does with it.

use super::probes;
use crate::compile::tests::{compile, standard};

fn holds(body: &str, name: &str, text: &str) -> bool {
    let mapping = compile("json", body).mapping;
    let probes = probes(&standard(), Some(&mapping));
    let named: Vec<_> = probes.iter().filter(|probe| probe.name() == name).collect();
    assert_eq!(named.len(), 1, "one probe `{name}`");
    named[0].holds(text)
}

const BODY: &str = r#"
[fields]
code = { from = "ma" }
count = { from = "so", integer = { from_decimal = "exact", point = "," } }
money = { from = "tien", decimal = { point = "·", thousands = " " } }
at = { from = "luc", timestamp = ["%F %T", "rfc3339"] }
owner = { first_of = ["chu.ten", "nguoi[0].ten"] }
[groups.fees]
each = "le.phi"
fields.name = { from = "ten" }
[groups.id]
fields.number = { from = "giay[loai=1].so" }
"#;

#[test]
fn probes_are_the_known_forms_and_those_that_the_mapping_uses() {
    for (name, yes, no) in [
        ("timestamp:rfc3339", "2025-06-20T01:35:00+07:00", "2025-06-20T01:35:00"),
        ("timestamp:%d/%m/%Y %H:%M:%S", "30/06/2025 08:00:00", "31/06/2025 08:00:00"),
        ("timestamp:%Y-%m-%d %H:%M:%S", "2025-06-20 01:35:00", "2025-06-20"),
        ("date:%d/%m/%Y", "01/12/2025", "1/12/2025"),
        ("decimal:,.", "1.234,50", "1,234.50"),
        ("decimal:· ", "1 234·5", "1,5"),
        ("whole-decimal:,", "12,00", "12,50"),
        ("integer", "007", "7.0"),
        ("phone:vn", "0912 345 678", "12345"),
        ("phone:e164", "+16505550100", "khong"),
        ("pattern:word", "abc", "1"),
        ("identifier:dossier", "000.00.53.H48-220921-0099", "H48"),
        ("max-chars:12", "123456789012", "1234567890123"),
    ] {
        assert!(holds(BODY, name, yes), "{name} {yes}");
        assert!(!holds(BODY, name, no), "{name} {no}");
    }
}

#[test]
fn a_format_is_named_as_it_can_be_written() {
    use crate::convert::format::Format;
    for written in super::FORMATS {
        assert_eq!(Format::compile(written).unwrap().to_string(), written);
    }
    assert_eq!(Format::compile("%F %T").unwrap().to_string(), "%Y-%m-%d %H:%M:%S");
    assert_eq!(Format::compile("%Y-%m-%dT%T%.f%:z").unwrap().to_string(), "rfc3339");
    let odd = Format::compile("%%%d.%m.%Y").unwrap();
    assert_eq!(Format::compile(&odd.to_string()).unwrap(), odd);
}

#[test]
fn personal_paths_are_those_that_rules_of_personal_fields_read() {
    let mapping = compile("json", BODY).mapping;
    let paths: Vec<String> = mapping.personal_paths().iter().map(|names| names.join(".")).collect();
    assert_eq!(paths, ["chu.ten", "giay.so", "nguoi.ten"]);
}
