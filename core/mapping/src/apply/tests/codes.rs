//! Identifiers in their canonical form, aliases of the standard's own lists, and what an unknown
//! code is told.

use crate::Workspace;
use crate::compile::tests::compile;

use super::{apply, check};

#[test]
fn an_identifier_becomes_canonical_where_asked_and_the_trace_keeps_the_original() {
    let rules = "[fields]\ncode = { from = \"c\", do = [\"agency-code-generation-2\"] }\n";
    check(
        "json",
        rules,
        &[
            (r#"{"c":"000-00-18-g12"}"#, r#"{"code":"G12.18"}"#),
            (r#"{"c":"G12.18"}"#, r#"{"code":"G12.18"}"#),
            (r#"{"c":"000.1137.H53"}"#, "LT-3016 code"),
        ],
    );
    let mapping = compile("json", rules).mapping;
    let trace = mapping.trace("{\"c\":\"000-00-18-g12\u{200b}\"}".as_bytes());
    assert_eq!(trace.rows[0].source_value.as_deref(), Some("000-00-18-g12\u{200b}"));
    assert_eq!(trace.rows[0].national_value.as_deref(), Some("G12.18"));
    // Without the function nothing is changed in silence.
    let plain = "[fields]\ncode = { from = \"c\" }\n";
    check("json", plain, &[(r#"{"c":"g12"}"#, r#"{"code":"g12"}"#)]);
}

#[test]
fn an_alias_counts_as_its_code_only_where_the_mapping_says_so() {
    let fields =
        |status: &str| format!("[fields]\ncode = {{ value = \"a\" }}\nstatus = {status}\n");
    check(
        "json",
        &fields("{ from = \"s\", aliases = true }"),
        &[
            (r#"{"s":"TRA"}"#, r#"{"code":"a","status":"10"}"#),
            (r#"{"s":"10"}"#, r#"{"code":"a","status":"10"}"#),
            (r#"{"s":"tra"}"#, "LT-3010 status"),
        ],
    );
    check(
        "json",
        &fields("{ from = \"s\", aliases = true, fold = true }"),
        &[(r#"{"s":" tra "}"#, r#"{"code":"a","status":"10"}"#)],
    );
    let plain = compile("json", &fields("{ from = \"s\" }")).mapping;
    let refused = apply(&plain, r#"{"s":"TRA"}"#).unwrap_err();
    let reason = &refused.reasons[0];
    assert_eq!(reason.code, "LT-4107");
    assert_eq!(reason.waiting_for.as_deref(), Some("standard/status:TRA"));
    let hint = reason.hint.as_deref().unwrap();
    assert_eq!(hint, "it is another spelling of `10`: `aliases = true` in the mapping");
}

#[test]
fn an_unknown_code_is_told_the_nearest_with_their_names() {
    let rules =
        "[fields]\ncode = { value = \"a\" }\nstatus = { from = \"s\", codes = \"status\" }\n";
    let mapping = compile("json", rules).mapping;
    for (unknown, near) in [
        ("DON", "“DONE” → 2 (Xong)"),
        ("xong", "“DONE” → 2 (Xong), “END” → 2 (Xong)"),
        ("MOI", "“NEW” → 1 (Mới)"),
        ("A, B", "“DONE” → 2 (Xong)"),
    ] {
        let refused = apply(&mapping, &format!(r#"{{"s":"{unknown}"}}"#)).unwrap_err();
        let reason = &refused.reasons[0];
        let hint = format!("add a line to `codes/status`; the nearest known codes are {near}");
        assert!(reason.hint.as_deref().unwrap().starts_with(&hint), "{reason:?}");
        assert!(reason.message_vi.contains(&format!("các mã gần giống: {near}")), "{reason:?}");
        assert_eq!(reason.waiting_for, Some(format!("codes/status:{unknown}")));
    }
    let mut workspace = Workspace::default();
    let refused = mapping.apply(br#"{"s":"ZZZZZZZZ"}"#, &mut workspace, &mut |_| {}).unwrap_err();
    assert_eq!(refused.reasons[0].hint.as_deref(), Some("add a line to `codes/status`"));
}
