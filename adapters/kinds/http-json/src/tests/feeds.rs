//! Whole feeds over HTTP: windows, links, tokens, logins that run out, counts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use lienthong_adapter_api::{CensusWindow, PullFailure};
use serde_json::{Value, json};

use super::{build, built, drain, moment, pull, serve, shown};

const NOW: &str = "2025-06-20T00:00:00Z";

type Rows = Arc<Mutex<Vec<(String, Value)>>>;

/// Rows by the day of their change, at least `from` and before `until`.
async fn by_day(
    State(rows): State<Rows>,
    Query(query): Query<HashMap<String, String>>,
) -> Json<Value> {
    let rows = rows.lock().expect("no panic elsewhere");
    let found: Vec<_> = rows
        .iter()
        .filter(|(day, _)| query["from"] <= *day && *day < query["until"])
        .map(|(_, row)| row)
        .collect();
    let page: usize = query["page"].parse().expect("a page");
    let items: Vec<_> = found.iter().skip((page - 1) * 2).take(2).collect();
    Json(json!({ "items": items, "total": found.len() }))
}

const BY_DAY: &str = "[feeds.f.read]\npath = \"/rows\"\nitems = \"items\"\ntotal = \"total\"\n\
    key = [\"id\"]\n\
    query = { from = \"{from}\", until = \"{until}\", page = \"{page}\" }\n\
    paging = { type = \"page\", first = 1, size = 2 }\n\
    [feeds.f.read.window]\nstart = \"2025-06-01T00:00:00+07:00\"\nstep_secs = 432_000\n\
    overlap_secs = 172_800\nformat = \"%Y-%m-%d\"";

fn row(day: &str, id: u32, state: &str) -> (String, Value) {
    (day.to_owned(), json!({ "id": id, "state": state }))
}

#[tokio::test]
async fn windows_give_each_row_once_and_a_changed_row_again() {
    let rows: Rows = Arc::new(Mutex::new(
        (1..=9).map(|day| row(&format!("2025-06-0{day}"), day, "new")).collect(),
    ));
    let router = Router::new().route("/rows", get(by_day)).with_state(Arc::clone(&rows));
    let settings = format!("base_url = \"{}\"", serve(router).await);
    let adapter = built(&settings, BY_DAY);
    let (items, cursor) = drain(&*adapter, "f", None, "2025-06-10T05:00:00Z").await;
    assert_eq!(items.len(), 9, "{items:?}");
    {
        let mut rows = rows.lock().expect("no panic elsewhere");
        rows[8] = row("2025-06-09", 9, "done");
        rows.push(row("2025-06-08", 10, "late"));
    }
    // Another process goes on from the stored cursor.
    let adapter = built(&settings, BY_DAY);
    let (items, cursor) = drain(&*adapter, "f", cursor, "2025-06-10T06:00:00Z").await;
    assert_eq!(items, [r#"{"id":9,"state":"done"}"#, r#"{"id":10,"state":"late"}"#]);
    let (items, _) = drain(&*adapter, "f", cursor, "2025-06-10T07:00:00Z").await;
    assert_eq!(items, Vec::<String>::new());
    let since = format!("{settings}\nsince = \"2025-06-07T00:00:00+07:00\"");
    let (items, _) = drain(&*built(&since, BY_DAY), "f", None, "2025-06-10T05:00:00Z").await;
    assert_eq!(items.len(), 6, "from the operator's day, less the overlap: {items:?}");
}

#[tokio::test]
async fn a_census_counts_a_window() {
    let rows: Rows = Arc::new(Mutex::new(
        (1..=9).map(|day| row(&format!("2025-06-0{day}"), day, "new")).collect(),
    ));
    let router = Router::new().route("/rows", get(by_day)).with_state(rows);
    let adapter = built(&format!("base_url = \"{}\"", serve(router).await), BY_DAY);
    let window = CensusWindow {
        feed: "f",
        from: moment("2025-06-02T00:00:00+07:00"),
        until: moment("2025-06-05T00:00:00+07:00"),
    };
    let census = adapter.census(window).await.expect("an answer").expect("it can count");
    assert_eq!(census.items, 3);
    let checkup = adapter.check().await.expect("an answer");
    assert_eq!(checkup.findings.len(), 1);
    assert!(checkup.findings[0].ends_with("records"), "{checkup:?}");
}

#[tokio::test]
async fn a_list_that_comes_whole_is_counted_by_its_records() {
    let router = Router::new().route("/x", get(|| async { "[{\"id\":1},{\"id\":2}]" }));
    let adapter = "[feeds.f.read]\npath = \"/x\"\nkey = [\"id\"]\npaging = { type = \"none\" }\n\
                   query = { from = \"{from}\", to = \"{until}\" }\n\
                   window = { start = \"2025-01-01T00:00:00Z\", step_secs = 86400, overlap_secs = 60, \
                   format = \"rfc3339\" }";
    let adapter = built(&format!("base_url = \"{}\"", serve(router).await), adapter);
    let (from, until) = (moment("2025-06-02T00:00:00Z"), moment(NOW));
    let census = adapter.census(CensusWindow { feed: "f", from, until }).await.expect("no error");
    assert_eq!(census.expect("it can count").items, 2);
}

#[tokio::test]
async fn a_feed_without_windows_can_not_count() {
    let router = Router::new().route("/x", get(|| async { "[]" }));
    let adapter = "[feeds.f.read]\npath = \"/x\"\nkey = [\"id\"]\npaging = { type = \"none\" }";
    let adapter = built(&format!("base_url = \"{}\"", serve(router).await), adapter);
    let (from, until) = (moment(NOW), moment(NOW));
    let census = adapter.census(CensusWindow { feed: "f", from, until }).await.expect("no error");
    assert_eq!(census, None);
    let error = adapter.census(CensusWindow { feed: "g", from, until }).await;
    assert_eq!(error.expect_err("no such feed").code(), "LT-2009");
}

#[tokio::test]
async fn links_are_followed_from_the_body_and_from_the_header() {
    let body = |Query(query): Query<HashMap<String, String>>| async move {
        match query.get("p").map(String::as_str) {
            None => "{\"items\":[{\"id\":1}],\"next\":\"/body?p=2\"}",
            Some("2") => "{\"items\":[{\"id\":2}],\"next\":\"?p=3\"}",
            Some(_) => "{\"items\":[{\"id\":3}],\"next\":null}",
        }
    };
    let head = |Query(query): Query<HashMap<String, String>>| async move {
        match query.get("p") {
            None => (
                [(
                    header::LINK,
                    "</head?p=1>; rel=\"first\", </head?p=2>; title=\"x,y\"; rel=next",
                )],
                "{\"items\":[{\"id\":1}]}",
            ),
            Some(_) => ([(header::LINK, "</head>; rel=\"first\"")], "{\"items\":[{\"id\":2}]}"),
        }
    };
    let base = serve(Router::new().route("/body", get(body)).route("/head", get(head))).await;
    for (path, paging, count) in [
        ("/body", "{ type = \"next-link\", next = \"next\" }", 3),
        ("/head", "{ type = \"next-link\" }", 2),
    ] {
        let adapter = format!(
            "[feeds.f.read]\npath = \"{path}\"\nitems = \"items\"\nkey = [\"id\"]\n\
             paging = {paging}"
        );
        let adapter = built(&format!("base_url = \"{base}\""), &adapter);
        let (items, _) = drain(&*adapter, "f", None, NOW).await;
        assert_eq!(items.len(), count, "{path}");
    }
}

#[tokio::test]
async fn a_link_to_another_host_is_refused() {
    let body = || async { "{\"items\":[{\"id\":1}],\"next\":\"http://elsewhere.example/x\"}" };
    let base = serve(Router::new().route("/x", get(body))).await;
    let adapter = "[feeds.f.read]\npath = \"/x\"\nitems = \"items\"\nkey = [\"id\"]\n\
                   paging = { type = \"next-link\", next = \"next\" }";
    let adapter = built(&format!("base_url = \"{base}\""), adapter);
    let error = pull(&*adapter, "f", None, NOW).await.expect_err("another host");
    assert!(error.to_string().contains("leads to another host"), "{error}");
}

#[tokio::test]
async fn tokens_go_into_the_body_of_a_post_as_json() {
    let list = |body: String| async move {
        let asked: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(asked["unit"], "H48 \"x\"");
        match asked["after"].as_str() {
            Some("") => "{\"items\":[{\"id\":1}],\"next\":\"a\\\"b\"}",
            Some("a\"b") => "{\"items\":[{\"id\":2}],\"next\":\"\"}",
            other => panic!("{other:?}"),
        }
    };
    let base = serve(Router::new().route("/x", post(list))).await;
    let adapter = "[feeds.f.read]\nmethod = \"POST\"\npath = \"/x\"\nitems = \"items\"\n\
        key = [\"id\"]\nbody = '{\"unit\": \"{param:unit}\", \"after\": \"{cursor}\"}'\n\
        paging = { type = \"cursor\", next = \"next\" }";
    let settings = format!("base_url = \"{base}\"\nparameters = {{ unit = 'H48 \"x\"' }}");
    let (items, _) = drain(&*built(&settings, adapter), "f", None, NOW).await;
    assert_eq!(items, [r#"{"id":1}"#, r#"{"id":2}"#]);
}

#[tokio::test]
async fn a_busy_system_is_asked_again_when_it_says() {
    let busy = || async {
        (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "Fri, 20 Jun 2025 00:02:00 GMT")])
    };
    let base = serve(Router::new().route("/x", get(busy))).await;
    let adapter = "[feeds.f.read]\npath = \"/x\"\nkey = [\"id\"]\npaging = { type = \"none\" }";
    let error = pull(&*built(&format!("base_url = \"{base}\""), adapter), "f", None, NOW).await;
    let failure = error.expect_err("busy").failure;
    assert_eq!(failure, PullFailure::Busy { retry_after: Some(Duration::from_mins(2)) });
}

#[tokio::test]
async fn a_secret_shows_in_no_error_and_in_no_place() {
    let refuse = |headers: HeaderMap| async move {
        // A system that repeats what it was sent.
        let key = headers["apikey"].to_str().expect("text").to_owned();
        (StatusCode::BAD_REQUEST, format!("{{\"code\":1,\"message\":\"x\",\"you\":\"{key}\"}}"))
            .into_response()
    };
    let base = serve(Router::new().route("/x", get(refuse))).await;
    let adapter = "[connection]\nkey = { header = \"ApiKey\", query = \"APIKey\" }\n\
        success = { path = \"code\", equals = [\"0\"], message = \"message\" }\n\
        [feeds.f.read]\npath = \"/x\"\nkey = [\"id\"]\npaging = { type = \"none\" }";
    let settings = format!(
        "base_url = \"{base}\"\nauth = {{ type = \"key\", value = {{ env = \"WRONG\" }} }}"
    );
    let adapter = build(&settings, adapter).expect("usable settings");
    let error = pull(&*adapter, "f", None, NOW).await.expect_err("refused");
    assert!(!shown(&error).contains("s3cr3t"), "{}", shown(&error));
    assert!(error.place.ends_with("/x?APIKey"), "{}", error.place);
}
