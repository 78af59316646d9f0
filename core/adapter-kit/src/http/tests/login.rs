//! Ways to log in, and what becomes of the secrets.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use lienthong_adapter_api::PullFailure;
use serde_json::json;

use super::super::Call;
use super::server::serve;
use super::{client, now};

const OAUTH2: &str = "auth = { type = \"oauth2\", client_id = \"us\", \
                      client_secret = { env = \"PASSWORD\" }, scope = \"read\" }";

fn get_of(path: &str) -> Call {
    Call { path: path.to_owned(), ..Call::default() }
}

/// A system with a token endpoint; only the newest token is taken.
#[derive(Default)]
struct Tokens {
    given: AtomicU64,
    newest: AtomicU64,
}

async fn token(State(tokens): State<Arc<Tokens>>, headers: HeaderMap, form: String) -> Response {
    // "us:s3cr3t-password"
    let is_us =
        headers.get("authorization").is_some_and(|value| value == "Basic dXM6czNjcjN0LXBhc3N3b3Jk");
    if !is_us || form != "grant_type=client_credentials&scope=read" {
        let body = json!({ "error": "invalid_client", "error_description": form });
        return (StatusCode::BAD_REQUEST, Json(body)).into_response();
    }
    let number = tokens.given.fetch_add(1, Ordering::SeqCst) + 1;
    tokens.newest.store(number, Ordering::SeqCst);
    let body = json!({ "access_token": format!("t{number}"), "expires_in": "300",
                       "token_type": "bearer" });
    Json(body).into_response()
}

async fn list(State(tokens): State<Arc<Tokens>>, headers: HeaderMap) -> Response {
    let newest = format!("Bearer t{}", tokens.newest.load(Ordering::SeqCst));
    if headers.get("authorization").is_none_or(|value| value != newest.as_str()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    "[]".into_response()
}

async fn tokens() -> (String, Arc<Tokens>) {
    let tokens = Arc::new(Tokens::default());
    let router = Router::new()
        .route("/token", post(token))
        .route("/list", get(list))
        .with_state(Arc::clone(&tokens));
    (serve(router).await, tokens)
}

#[tokio::test]
async fn a_token_is_used_until_shortly_before_it_runs_out() {
    let (base, tokens) = tokens().await;
    let client = client(&base, OAUTH2);
    for (after_secs, given) in [(0, 1), (1, 1), (269, 1), (271, 2), (272, 2)] {
        let now = now() + Duration::from_secs(after_secs);
        let reply = client.send(&get_of("/list"), Some(now)).await.expect("an answer");
        assert_eq!(reply.status, 200, "after {after_secs} s");
        assert_eq!(tokens.given.load(Ordering::SeqCst), given, "after {after_secs} s");
    }
}

#[tokio::test]
async fn a_token_that_the_system_drops_is_renewed_once() {
    let (base, tokens) = tokens().await;
    let client = client(&base, OAUTH2);
    client.send(&get_of("/list"), Some(now())).await.expect("an answer");
    tokens.newest.store(99, Ordering::SeqCst);
    let reply = client.send(&get_of("/list"), Some(now())).await.expect("an answer");
    assert_eq!((reply.status, tokens.given.load(Ordering::SeqCst)), (200, 2));
}

#[tokio::test]
async fn a_system_that_always_says_401_is_not_asked_for_ever() {
    let tokens = Arc::new(Tokens::default());
    let always = || async { StatusCode::UNAUTHORIZED };
    let router = Router::new()
        .route("/token", post(token))
        .route("/list", get(always))
        .with_state(Arc::clone(&tokens));
    let client = client(&serve(router).await, OAUTH2);
    let reply = client.send(&get_of("/list"), Some(now())).await.expect("an answer");
    assert_eq!(reply.failure(), Some(&PullFailure::Unauthorised));
    assert_eq!(tokens.given.load(Ordering::SeqCst), 2, "one renewal, not more");
}

#[tokio::test]
async fn many_requests_at_once_ask_for_one_token() {
    let (base, tokens) = tokens().await;
    let client = client(&base, OAUTH2);
    let call = get_of("/list");
    let ask = || client.send(&call, Some(now()));
    let (a, b, c) = tokio::join!(ask(), ask(), ask());
    for reply in [a, b, c] {
        assert_eq!(reply.expect("an answer").status, 200);
    }
    assert_eq!(tokens.given.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_that_another_request_has_renewed_is_not_renewed_again() {
    let (base, tokens) = tokens().await;
    let client = client(&base, OAUTH2);
    client.send(&get_of("/list"), Some(now())).await.expect("an answer");
    tokens.newest.store(99, Ordering::SeqCst);
    // All are on their way with the old token; the first to come back renews it for the others.
    let call = get_of("/list");
    let ask = || client.send(&call, Some(now()));
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    for reply in [a, b, c, d] {
        assert_eq!(reply.expect("an answer").status, 200);
    }
    assert_eq!(tokens.given.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_refused_client_is_told_by_its_code_alone() {
    let (base, _) = tokens().await;
    let other = OAUTH2.replace("\"us\"", "\"them\"");
    let client = client(&base, &other);
    let error = client.send(&get_of("/list"), Some(now())).await.expect_err("refused");
    assert_eq!(error.failure, PullFailure::Unauthorised);
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("invalid_client"), "{shown}");
    assert!(!shown.contains("client_credentials"), "free text is not repeated: {shown}");
}

#[tokio::test]
async fn a_client_can_show_itself_in_the_form() {
    let token = |form: String| async move {
        let body = json!({ "access_token": form, "token_type": "Bearer" });
        Json(body)
    };
    let list = |headers: HeaderMap| async move {
        headers["authorization"].to_str().expect("text").to_owned()
    };
    let base = serve(Router::new().route("/token", post(token)).route("/list", get(list))).await;
    let in_form = OAUTH2.replace("scope = \"read\"", "client_auth = \"body\"");
    let reply = client(&base, &in_form).send(&get_of("/list"), None).await.expect("an answer");
    let form = "Bearer grant_type=client_credentials&client_id=us&client_secret=s3cr3t-password";
    assert_eq!(String::from_utf8_lossy(&reply.body), form);
}

#[tokio::test]
async fn a_token_answer_that_is_none_is_told_without_its_content() {
    let base = |answer: &'static str| {
        serve(Router::new().route("/token", post(move || async move { answer })))
    };
    let cases = [
        ("<html>s3cr3t</html>", "not a token answer"),
        ("{\"access_token\":\"s3cr3t\",\"token_type\":\"mac\"}", "not a bearer token"),
        ("{\"access_token\":\"\"}", "the token is empty"),
    ];
    for (answer, expected) in cases {
        let client = client(&base(answer).await, OAUTH2);
        let error = client.send(&get_of("/list"), Some(now())).await.expect_err(expected);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!format!("{error:?}").contains("s3cr3t"), "{error:?}");
    }
}

#[tokio::test]
async fn every_way_to_log_in_shows_the_right_header() {
    let echo = |headers: HeaderMap, uri: Uri| async move {
        let of = |name: &str| {
            headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned()
        };
        format!("{} {} {} {uri}", of("authorization"), of("apikey"), of("x-key"))
    };
    let base = serve(Router::new().route("/x", get(echo))).await;
    let cases = [
        ("", "- - - /x"),
        (
            "auth = { type = \"basic\", username = \"us\", password = { env = \"PASSWORD\" } }",
            "Basic dXM6czNjcjN0LXBhc3N3b3Jk - - /x",
        ),
        ("auth = { type = \"bearer\", token = { env = \"KEY\" } }", "Bearer s3cr3t-key - - /x"),
        (
            "auth = { type = \"header\", name = \"X-Key\", value = { env = \"KEY\" } }",
            "- - s3cr3t-key /x",
        ),
        (
            "auth = { type = \"key\", value = { env = \"KEY\" } }",
            "- s3cr3t-key - /x?APIKey=s3cr3t-key",
        ),
    ];
    for (auth, expected) in cases {
        let reply = client(&base, auth).send(&get_of("/x"), None).await.expect("an answer");
        assert_eq!(String::from_utf8_lossy(&reply.body), expected);
        assert!(!format!("{} {}", reply.place, reply.url).contains("s3cr3t"), "{}", reply.place);
    }
}

#[tokio::test]
async fn a_link_loses_the_secret_and_gets_it_back_when_it_is_followed() {
    let echo = |uri: Uri| async move { uri.to_string() };
    let base = serve(Router::new().route("/x", get(echo))).await;
    let client = client(&base, "auth = { type = \"key\", value = { env = \"KEY\" } }");
    let reply = client.send(&get_of("/x"), None).await.expect("an answer");
    let link = client.resolve(&reply, "/x?page=2&APIKey=s3cr3t-key").expect("the same host");
    assert_eq!(link.as_str(), format!("{base}/x?page=2"));
    let call = Call { link: Some(link), ..Call::default() };
    let reply = client.send(&call, None).await.expect("an answer");
    assert_eq!(String::from_utf8_lossy(&reply.body), "/x?page=2&APIKey=s3cr3t-key");
    let away = client.resolve(&reply, "https://elsewhere.example/x").expect_err("another host");
    assert!(away.to_string().contains("https://elsewhere.example"), "{away}");
    let call =
        Call { link: Some("http://elsewhere.example/".parse().expect("a URL")), ..Call::default() };
    let error = client.send(&call, None).await.expect_err("a forged cursor");
    assert_eq!(error.code(), "LT-2007");
}
