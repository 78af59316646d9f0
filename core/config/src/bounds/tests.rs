use std::sync::Arc;

use lienthong_adapter_api::Section;

use super::{address, is_agency};

#[test]
fn agency_codes_are_of_one_of_two_generations() {
    for code in ["H22", "G04.18", "H53.37.12.001", "000.00.18.G12", "123.45.67.H08"] {
        assert!(is_agency(code), "{code}");
    }
    let faulty =
        ["", "22", "H2", "h22", "H22.", "H22.1", "000.1137.H53", "000-00-24-H40", "000.00.18.12"];
    for code in faulty {
        assert!(!is_agency(code), "{code}");
    }
}

#[test]
fn addresses_are_whole_open_and_without_secrets() {
    let check = |url: &str, expect: &[&str]| {
        let text = format!("url = {url:?}");
        let section = Section::parse("a.toml", Arc::<str>::from(text), "a test").expect("TOML");
        let (mut problems, mut warnings) = (Vec::new(), Vec::new());
        address(&section, "url", url, &mut problems, &mut warnings);
        let codes: Vec<&str> =
            problems.iter().chain(&warnings).map(|problem| problem.code).collect();
        assert_eq!(codes, expect, "{url}");
    };
    check("https://hub.example.gov.vn/", &[]);
    check("http://127.0.0.1:8080/in", &[]);
    check("http://localhost", &[]);
    check("http://[::1]:80", &[]);
    check("http://10.0.0.1", &["LT-1026"]);
    check("hub.example", &["LT-1003"]);
    check("ftp://hub.example", &["LT-1003"]);
    check("https://", &["LT-1003"]);
    check("https://a b", &["LT-1003"]);
    check("https://a#b", &["LT-1003"]);
    check("https://user:word@hub.example", &["LT-1006"]);
}
