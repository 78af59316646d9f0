//! Bodies: where the records are, what the body says about itself, and bodies that are none.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::get;
use lienthong_adapter_api::{Page, PullError, PullFailure};

use super::{built, pull, serve, shown};

/// Serves a body as the only page of a feed described so, and pulls it.
async fn read(body: impl Into<Vec<u8>>, feed: &str) -> Result<Page, PullError> {
    let body: Vec<u8> = body.into();
    let answer = move || {
        let body = body.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], body) }
    };
    let base = serve(Router::new().route("/x", get(answer))).await;
    let adapter = format!(
        "[feeds.f.read]\npath = \"/x\"\n{}{feed}\npaging = {{ type = \"none\" }}",
        if feed.contains("key =") { "" } else { "key = [\"id\"]\n" }
    );
    let adapter = built(&format!("base_url = \"{base}\""), &adapter);
    pull(&*adapter, "f", None, "2025-06-20T00:00:00Z").await
}

fn items(page: &Page) -> Vec<&str> {
    page.items().map(|item| std::str::from_utf8(item.bytes).expect("UTF-8")).collect()
}

#[tokio::test]
async fn items_are_the_bytes_of_the_elements_as_they_stood() {
    let body = "\u{feff} {\"data\" : {\"other\": [1, {\"items\": []}], \"items\":[ \
                {\"id\":1,  \"n\":12345678901234567890123.4500, \"e\": 1e2}\n,\t\
                {\"id\" :\"\\u0062\", \"t\": \"a]}\\\"đ\"} ] } }";
    let page = read(body, "items = \"data.items\"").await.expect("a page");
    let expected = [
        "{\"id\":1,  \"n\":12345678901234567890123.4500, \"e\": 1e2}",
        "{\"id\" :\"\\u0062\", \"t\": \"a]}\\\"đ\"}",
    ];
    assert_eq!(items(&page), expected);
    let places: Vec<_> = page.items().map(|item| item.place.to_string()).collect();
    assert!(places[1].ends_with("/x (first page) item 1"), "{places:?}");
}

#[tokio::test]
async fn a_list_can_be_the_whole_answer_or_null_or_empty() {
    let page = read("[{\"id\":1},{\"id\":2}]", "").await.expect("a page");
    assert_eq!(page.len(), 2);
    for body in ["{\"items\":null}", "{\"items\":[]}"] {
        let page = read(body, "items = \"items\"").await.expect("a page");
        assert!(page.is_empty() && !page.more, "{body}");
    }
}

#[tokio::test]
async fn of_a_key_that_is_there_twice_the_last_counts() {
    let body = "{\"d\":{\"l\":[{\"id\":1}]},\"d\":{\"x\":0,\"l\":[{\"id\":2}],\"l\":[{\"id\":3}]}}";
    let page = read(body, "items = \"d.l\"").await.expect("a page");
    assert_eq!(items(&page), ["{\"id\":3}"]);
    let body = "{\"d\":{\"l\":[{\"id\":1}]},\"d\":5}";
    let error = read(body, "items = \"d.l\"").await.expect_err("the last has no list");
    assert!(error.to_string().contains("there is no list at `d.l`"), "{error}");
}

#[tokio::test]
async fn elements_that_are_no_records_are_faults_and_the_feed_goes_on() {
    let deep = format!("{{\"id\":9,\"x\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let just = format!("{{\"id\":8,\"x\":{}{}}}", "[".repeat(126), "]".repeat(126));
    let body = format!("[{{\"id\":1}}, null, \"a\", [{{}}], {deep}, {just}, {{\"no\":1}}, 5]");
    let page = read(body, "").await.expect("a page");
    assert_eq!(items(&page), ["{\"id\":1}", just.as_str()]);
    let codes: Vec<_> = page.faults().iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["LT-2075", "LT-2075", "LT-2075", "LT-2077", "LT-2079", "LT-2075"]);
    assert_eq!(&page.faults()[1].excerpt[..], b"\"a\"");
    assert_eq!(page.faults()[3].excerpt.len(), 4096, "the excerpt is bounded");
}

#[tokio::test]
async fn a_key_can_have_several_parts_and_nested_ones() {
    let body = "[{\"a\":{\"b\":1},\"c\":\"x\"},{\"a\":{\"b\":1},\"c\":\"y\"},{\"c\":\"x\"}]";
    let page = read(body, "key = [\"a.b\", \"c\"]").await.expect("a page");
    assert_eq!(page.len(), 3, "{:?}", page.faults());
}

#[tokio::test]
async fn a_body_that_is_not_what_the_feed_says_is_told_with_its_place_and_not_with_its_words() {
    let name = "Nguyễn Văn Riêng Tư";
    let cases: [(Vec<u8>, &str, &str); 10] = [
        (
            b"{\"items\":[]}".to_vec(),
            "items = \"items\"\ntotal = \"page.total\"",
            "there is no usable value at `page.total`",
        ),
        (
            format!("{{\"items\":[],\"last\":\"{name}\"}}").into(),
            "items = \"items\"\nlast = \"last\"",
            "there is no usable value at `last`",
        ),
        (b"<html><body>502</body></html>".to_vec(), "", "it is not JSON, line 1 column 1"),
        (format!("[{{\"id\":1,\"n\":\"{name}\"}},").into(), "", "the JSON ends too early, line 1"),
        (format!("[{{\"id\":1,\n\"n\":\"{name}\" 5}}]").into(), "", "it is not JSON, line 2"),
        (format!("[\"{name}\"] x").into(), "", "it is not JSON, line 1"),
        (b"".to_vec(), "", "the JSON ends too early"),
        (b"[\"\xc3\x28\"]".to_vec(), "", "it is not UTF-8 at byte 2"),
        (format!("{{\"data\":\"{name}\"}}").into(), "items = \"data\"", "is not a list"),
        (format!("{{\"n\":\"{name}\"}}").into(), "items = \"data.rows\"", "no list at `data.rows`"),
    ];
    for (body, feed, expected) in cases {
        let error = read(body, feed).await.expect_err(expected);
        assert_eq!(error.code(), "LT-2005", "{expected}");
        assert!(error.to_string().contains(expected), "{error} should say {expected}");
        assert!(!shown(&error).contains("Riêng"), "{}", shown(&error));
    }
}

#[tokio::test]
async fn a_failure_told_with_http_200_is_a_failure() {
    let rule = "success = { path = \"error.code\", equals = [\"200\", \"0\"], \
                message = \"error.message\", unauthorised = [\"-301\"], busy = [\"-304\"] }\n\
                items = \"data\"";
    let refused = |what: &str| PullFailure::Refused(what.to_owned());
    let cases = [
        ("{\"error\":{\"code\":200},\"data\":[]}", None),
        ("{\"error\":{\"code\":\"0\"},\"data\":[]}", None),
        ("{\"error\":{\"code\":-301},\"data\":[]}", Some(PullFailure::Unauthorised)),
        ("{\"error\":{\"code\":\"-304\"}}", Some(PullFailure::Busy { retry_after: None })),
        (
            "{\"error\":{\"code\":5,\"message\":\"Sai\\nđịnh dạng\"}}",
            Some(refused("5: Sai định dạng")),
        ),
        ("{\"error\":{\"code\":5}}", Some(refused("5"))),
        (
            "{\"data\":[]}",
            Some(PullFailure::Unexpected("it has no `error.code`, which tells success".to_owned())),
        ),
    ];
    for (body, failure) in cases {
        let result = read(body, rule).await;
        assert_eq!(result.err().map(|error| error.failure), failure, "{body}");
    }
    let lenient = rule.replace("busy", "when_missing = \"success\", busy");
    assert!(read("{\"data\":[]}", &lenient).await.is_ok());
    let long = format!("{{\"error\":{{\"code\":5,\"message\":\"{}\"}}}}", "ố".repeat(5000));
    let error = read(long, rule).await.expect_err("refused");
    assert!(error.to_string().len() < 1500, "words are bounded");
}

#[tokio::test]
async fn a_code_says_more_than_the_status_it_comes_with() {
    let adapter = "[connection.success]\npath = \"code\"\nequals = [\"0\"]\n\
                   unauthorised = [\"-301\"]\nbusy = [\"-304\"]\n\
                   [feeds.f.read]\npath = \"/x\"\nkey = [\"id\"]\npaging = { type = \"none\" }";
    for (status, code, failure) in [
        (400, -301, PullFailure::Unauthorised),
        (500, -304, PullFailure::Busy { retry_after: None }),
        (500, -300, PullFailure::Unexpected("HTTP 500".to_owned())),
        (404, -301, PullFailure::Refused("HTTP 404".to_owned())),
    ] {
        let status = StatusCode::from_u16(status).expect("a status");
        let answer = move || async move { (status, format!("{{\"code\":{code}}}")) };
        let base = serve(Router::new().route("/x", get(answer))).await;
        let adapter = built(&format!("base_url = \"{base}\""), adapter);
        let error = pull(&*adapter, "f", None, "2025-06-20T00:00:00Z").await.expect_err("failing");
        assert_eq!(error.failure, failure);
    }
}

#[tokio::test]
async fn the_words_of_a_failing_status_are_told_as_well() {
    let answer =
        || async { (StatusCode::BAD_REQUEST, "{\"code\":-303,\"message\":\"Sai ngày\"}") };
    let base = serve(Router::new().route("/x", get(answer))).await;
    let adapter = "[connection.success]\npath = \"code\"\nequals = [\"0\"]\nmessage = \"message\"\n\
                   [feeds.f.read]\npath = \"/x\"\nkey = [\"id\"]\npaging = { type = \"none\" }";
    let adapter = built(&format!("base_url = \"{base}\""), adapter);
    let error = pull(&*adapter, "f", None, "2025-06-20T00:00:00Z").await.expect_err("HTTP 400");
    assert_eq!(error.failure, PullFailure::Refused("HTTP 400".to_owned()));
    assert!(shown(&error).contains("-303: Sai ngày"), "{}", shown(&error));
}

#[tokio::test]
async fn an_answer_without_a_body_has_no_items() {
    let base = serve(Router::new().route("/x", get(|| async { StatusCode::NO_CONTENT }))).await;
    let adapter = "[feeds.f.read]\npath = \"/x\"\nkey = [\"id\"]\npaging = { type = \"none\" }";
    let adapter = built(&format!("base_url = \"{base}\""), adapter);
    let page = pull(&*adapter, "f", None, "2025-06-20T00:00:00Z").await.expect("a page");
    assert!(page.is_empty() && !page.more);
}
