//! Statuses, sizes, redirects and broken connections.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::routing::{get, post};
use flate2::Compression;
use flate2::write::GzEncoder;
use lienthong_adapter_api::{PullError, PullFailure};

use super::super::{Call, CallBody, Method, Reply};
use super::server::{serve, serve_raw};
use super::{client, now};

fn get_of(path: &str) -> Call {
    Call {
        path: path.to_owned(),
        query: vec![("token".to_owned(), "s3cr3t-in-query".to_owned())],
        ..Call::default()
    }
}

async fn ask(base: &str, more: &str, call: &Call) -> Result<Reply, PullError> {
    client(base, more).send(call, Some(now())).await?.into_success()
}

/// Everything that a log could show of an error.
fn shown(error: &PullError) -> String {
    let mut shown = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        shown = format!("{shown} {inner} {inner:?}");
        cause = inner.source();
    }
    shown
}

#[tokio::test]
async fn statuses_become_what_the_operator_can_do() {
    let busy = |secs| PullFailure::Busy { retry_after: secs };
    let cases = [
        (401, PullFailure::Unauthorised),
        (403, PullFailure::Unauthorised),
        (404, PullFailure::Refused("HTTP 404".to_owned())),
        (422, PullFailure::Refused("HTTP 422".to_owned())),
        (429, busy(Some(Duration::from_secs(7)))),
        (503, busy(Some(Duration::from_secs(7)))),
        (500, PullFailure::Unexpected("HTTP 500".to_owned())),
        (502, PullFailure::Unreachable),
        (504, PullFailure::Unreachable),
    ];
    for (status, failure) in cases {
        let status = StatusCode::from_u16(status).expect("a status");
        let answer = move || async move { (status, [(header::RETRY_AFTER, "7")], "words") };
        let base = serve(Router::new().route("/x", get(answer))).await;
        let error = ask(&base, "", &get_of("/x")).await.expect_err("a failing status");
        assert_eq!(error.failure, failure, "{status}");
        assert!(!shown(&error).contains("s3cr3t"), "{}", shown(&error));
        assert!(error.place.ends_with("/x?token"), "{}", error.place);
    }
}

#[tokio::test]
async fn a_date_to_retry_after_counts_from_the_present() {
    let answer = || async {
        (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "Fri, 20 Jun 2025 01:36:00 GMT")])
    };
    let base = serve(Router::new().route("/x", get(answer))).await;
    let error = ask(&base, "", &get_of("/x")).await.expect_err("busy");
    assert_eq!(error.failure, PullFailure::Busy { retry_after: Some(Duration::from_mins(1)) });
}

#[tokio::test]
async fn an_answer_is_bounded_while_it_streams() {
    let limit = "[http]\nbody_bytes_max = 1024";
    let too_large = PullFailure::TooLarge { limit: 1024 };
    let declared = || async { "x".repeat(1025) };
    let fits = || async { "x".repeat(1024) };
    // Zeros compress a thousandfold: the bound is on what comes out.
    let bomb = || async {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        std::io::Write::write_all(&mut gzip, &vec![0; 1 << 20]).expect("memory");
        let bytes = gzip.finish().expect("memory");
        assert!(bytes.len() < 2048 && bytes.len() > 1024);
        ([(header::CONTENT_ENCODING, "gzip")], bytes.get(..).unwrap_or_default().to_vec())
    };
    let small_bomb = || async {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        std::io::Write::write_all(&mut gzip, &[0; 4096]).expect("memory");
        ([(header::CONTENT_ENCODING, "gzip")], Body::from(gzip.finish().expect("memory")))
    };
    let base = serve(
        Router::new()
            .route("/declared", get(declared))
            .route("/fits", get(fits))
            .route("/bomb", get(bomb))
            .route("/small-bomb", get(small_bomb)),
    )
    .await;
    for path in ["/declared", "/bomb", "/small-bomb"] {
        let error = ask(&base, limit, &get_of(path)).await.expect_err("too large");
        assert_eq!(error.failure, too_large, "{path}");
        assert_eq!(error.code(), "LT-2006");
    }
    let reply = ask(&base, limit, &get_of("/fits")).await.expect("just as large as allowed");
    assert_eq!(reply.body.len(), 1024);
}

#[tokio::test]
async fn a_body_without_a_length_is_bounded_too() {
    let base = serve_raw(concat_endless()).await;
    let error = ask(&base, "[http]\nbody_bytes_max = 1024", &get_of("/x")).await;
    let error = error.expect_err("too large");
    assert_eq!(error.failure, PullFailure::TooLarge { limit: 1024 });
}

fn concat_endless() -> &'static [u8] {
    static ANSWER: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
        let mut answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
        answer.extend_from_slice(&[b'x'; 8192]);
        answer
    });
    &ANSWER
}

#[tokio::test]
async fn a_connection_that_breaks_is_unreachable() {
    let truncated = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"data\": [";
    let broken_gzip: &[u8] =
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 12\r\n\r\n\
        \x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\x4b\x4c";
    for answer in [truncated, broken_gzip, b"no HTTP at all", b""] {
        let base = serve_raw(answer).await;
        let error = ask(&base, "", &get_of("/x")).await.expect_err("a broken answer");
        assert_eq!(error.failure, PullFailure::Unreachable, "{}", shown(&error));
        assert!(std::error::Error::source(&error).is_some(), "the cause is told");
        assert!(!shown(&error).contains("s3cr3t"), "{}", shown(&error));
    }
}

#[tokio::test]
async fn a_system_that_is_not_there_is_unreachable() {
    // The port was free a moment ago and nobody listens there now.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let error = ask(&base, "", &get_of("/x")).await.expect_err("nobody there");
    assert_eq!(error.code(), "LT-2001");
    assert!(!shown(&error).contains("s3cr3t"), "{}", shown(&error));
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_given_up() {
    let never = || async { std::future::pending::<String>().await };
    let base = serve(Router::new().route("/x", get(never))).await;
    let error = ask(&base, "[http]\ntimeout_secs = 1", &get_of("/x")).await;
    let error = error.expect_err("no answer");
    assert_eq!(error.failure, PullFailure::Unreachable);
    assert!(shown(&error).contains("no answer in time"), "{}", shown(&error));
}

#[tokio::test]
async fn redirects_stay_with_the_host_that_may_see_the_credentials() {
    let elsewhere = serve(Router::new().route("/stolen", get(|| async { "stolen" }))).await;
    let away = format!("{elsewhere}/stolen");
    let to = |target: String| {
        move || {
            let target = target.clone();
            async move { (StatusCode::FOUND, [(header::LOCATION, target)]) }
        }
    };
    let base = serve(
        Router::new()
            .route("/away", get(to(away)))
            .route("/near", get(to("/here".to_owned())).post(to("/here".to_owned())))
            .route("/round", get(to("/round".to_owned())))
            .route("/here", get(|| async { "here" })),
    )
    .await;
    let bearer = "auth = { type = \"bearer\", token = { env = \"KEY\" } }";
    let error = ask(&base, bearer, &get_of("/away")).await.expect_err("another host");
    assert!(matches!(&error.failure, PullFailure::Refused(why) if why.contains("another host")));
    let reply = ask(&base, "", &get_of("/away")).await.expect("nothing to protect");
    assert_eq!(&reply.body[..], b"stolen");
    let reply = ask(&base, bearer, &get_of("/near")).await.expect("the same host");
    assert_eq!(&reply.body[..], b"here");
    let error = ask(&base, "", &get_of("/round")).await.expect_err("a circle");
    assert_eq!(error.failure, PullFailure::Refused("more than 3 redirects".to_owned()));
    let mut post = get_of("/near");
    post.method = Method::Post;
    let error = ask(&base, "", &post).await.expect_err("a POST does not become a GET");
    assert_eq!(error.failure, PullFailure::Unexpected("HTTP 302".to_owned()));
}

#[tokio::test]
async fn a_request_arrives_as_it_was_made() {
    let echo = |request: axum::extract::Request| async move {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1 << 16).await.expect("a body");
        let kind = parts.headers.get("content-type").expect("a type").to_str().expect("text");
        let unit = parts.headers.get("madonvi").expect("a header").to_str().expect("text");
        format!("{} {kind} {unit} {}", parts.uri, String::from_utf8_lossy(&body))
    };
    let base = serve(Router::new().route("/api/v1/list", post(echo))).await;
    let call = Call {
        method: Method::Post,
        path: "/v1/list".to_owned(),
        query: vec![("from".to_owned(), "2025-06-20T00:00:00+07:00".to_owned())],
        headers: vec![("MaDonVi".to_owned(), "H48.13".to_owned())],
        body: Some(CallBody { content_type: "text/plain".to_owned(), bytes: "thân".into() }),
        ..Call::default()
    };
    let reply = ask(&format!("{base}/api/"), "", &call).await.expect("an echo");
    let expected = "/api/v1/list?from=2025-06-20T00%3A00%3A00%2B07%3A00 text/plain H48.13 thân";
    assert_eq!(String::from_utf8_lossy(&reply.body), expected);
}
