//! Templates and how moments are written into them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::super::window::{Format, Writing};
use super::super::{Bound, Escape, Template, TemplateError, Values};

fn values() -> Values {
    let parameters = BTreeMap::from([("unit".to_owned(), "a&b \"c\"/đ".to_owned())]);
    Values { page: Some(3), parameters: Arc::new(parameters), ..Values::default() }
}

#[test]
fn holes_are_filled_and_escaped_for_what_surrounds_them() {
    let cases = [
        ("p={page}&u={param:unit}", Escape::Plain, "p=3&u=a&b \"c\"/đ"),
        (
            "{\"u\": \"{param:unit}\", \"p\": {page}}",
            Escape::Json,
            "{\"u\": \"a&b \\\"c\\\"/đ\", \"p\": 3}",
        ),
        ("<u>{param:unit}</u>", Escape::Xml, "<u>a&amp;b &quot;c&quot;/đ</u>"),
        ("/units/{param:unit}/x", Escape::Path, "/units/a%26b%20%22c%22%2F%C4%91/x"),
        ("{} {\"a\"} { page } {page", Escape::Plain, "{} {\"a\"} { page } {page"),
        ("[{cursor}]", Escape::Plain, "[]"),
    ];
    for (text, escape, filled) in cases {
        let template = Template::parse(text).expect("a template");
        assert_eq!(template.fill(&values(), escape), filled, "{text}");
    }
}

#[test]
fn a_query_parameter_without_a_value_is_left_out() {
    let filled = |text| Template::parse(text).expect("a template").fill_whole(&values());
    assert_eq!(filled("{page}"), Some("3".to_owned()));
    assert_eq!(filled("after {cursor}"), None);
}

#[test]
fn secrets_and_misspelt_placeholders_are_refused() {
    let unknown = |name: &str| TemplateError::Unknown(name.to_owned());
    let cases = [
        ("{secret:KEY}", TemplateError::Secret),
        ("{pages}", unknown("pages")),
        ("{env:HOME}", unknown("env:HOME")),
    ];
    for (text, error) in cases {
        assert_eq!(Template::parse(text), Err(error), "{text}");
    }
}

#[test]
fn moments_are_written_in_the_zone_and_never_later_than_meant() {
    let vietnam = TimeZone::get("Asia/Ho_Chi_Minh").expect("a zone");
    let moment = "2025-06-19T18:35:00.9Z".parse().expect("a moment");
    let midnight = "2025-06-19T17:00:00Z".parse().expect("a moment");
    let cases = [
        ("rfc3339", "2025-06-20T01:35:00+07:00", "2025-06-19T23:59:59+07:00"),
        ("%d/%m/%Y", "20/06/2025", "19/06/2025"),
        ("%Y%m%d%H%M%S", "20250620013500", "20250619235959"),
        ("epoch-s", "1750358100", "1750352399"),
        ("epoch-ms", "1750358100900", "1750352399999"),
        ("%Y-%m-%dT%H:%M:%S.000%z", "2025-06-20T01:35:00.000+0700", "2025-06-19T23:59:59.000+0700"),
    ];
    for (format, from, until) in cases {
        let writing = Writing {
            format: Format::parse(format),
            timezone: vietnam.clone(),
            until: Bound::Inclusive,
        };
        assert_eq!(writing.from(moment).expect("written"), from);
        assert_eq!(writing.until(midnight).expect("written"), until, "inclusive: {format}");
    }
}
