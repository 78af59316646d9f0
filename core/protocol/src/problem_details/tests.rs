//! Tests of the form of problem details.

use super::ProblemDetails;

#[test]
fn problem_details_have_the_names_of_rfc_9457() {
    let problem = ProblemDetails {
        kind: "about:blank".into(),
        title: "The batch is not whole".into(),
        status: 400,
        detail: "the header promises 3 records, the body has 2".into(),
        detail_vi: String::new(),
        code: "LT-7001".into(),
    };
    insta::assert_json_snapshot!(problem);
}

#[test]
fn a_problem_of_somebody_else_is_read_as_far_as_it_goes() {
    let foreign = r#"{"type":"https://example.org/out-of-credit","balance":30}"#;
    let problem: ProblemDetails = serde_json::from_str(foreign).unwrap();
    assert_eq!(problem.kind, "https://example.org/out-of-credit");
    assert_eq!((problem.status, problem.code.as_str()), (0, ""));
}
