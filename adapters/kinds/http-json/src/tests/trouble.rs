//! A system that fails in one way or another at every second request: nothing is lost, nothing
//! comes twice.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lienthong_adapter_api::{Cursor, Disposition};

use super::{built, pull, serve};

/// Ways to fail, one after the other.
const FAILURES: usize = 7;

async fn unreliable(
    State(asked): State<Arc<AtomicUsize>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let number = asked.fetch_add(1, Ordering::SeqCst);
    let page: usize = query["page"].parse().expect("a page");
    let items: Vec<_> =
        (page * 4..(page * 4 + 4).min(30)).map(|id| format!("{{\"id\":{id}}}")).collect();
    let body = format!("{{\"items\":[{}],\"total\":30}}", items.join(","));
    if number.is_multiple_of(2) {
        return body.into_response();
    }
    match number / 2 % FAILURES {
        0 => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")]).into_response(),
        1 => body.get(..body.len() / 2).unwrap_or_default().to_owned().into_response(),
        2 => "<html>Hệ thống đang bảo trì</html>".into_response(),
        3 => (StatusCode::OK, [(header::CONTENT_ENCODING, "gzip")], "not gzip").into_response(),
        4 => StatusCode::UNAUTHORIZED.into_response(),
        5 => StatusCode::BAD_GATEWAY.into_response(),
        _ => "{\"items\":[{\"id\":".into_response(),
    }
}

#[tokio::test]
async fn every_item_comes_once_however_the_system_fails() {
    let asked = Arc::new(AtomicUsize::new(0));
    let router = Router::new().route("/x", get(unreliable)).with_state(Arc::clone(&asked));
    let settings = format!("base_url = \"{}\"", serve(router).await);
    let adapter = "[feeds.f.read]\npath = \"/x\"\nitems = \"items\"\ntotal = \"total\"\n\
                   key = [\"id\"]\nquery = { page = \"{page}\", from = \"{from}\" }\n\
                   paging = { type = \"page\", size = 4 }\n\
                   window = { start = \"2025-06-01T00:00:00Z\", step_secs = 864_000 }";
    let adapter = built(&settings, adapter);
    let (mut found, mut codes, mut cursor) = (Vec::new(), Vec::new(), None::<Cursor>);
    for _ in 0..200 {
        match pull(&*adapter, "f", cursor.as_ref(), "2025-06-05T00:00:00Z").await {
            Ok(page) => {
                assert_eq!(page.faults().len(), 0);
                found.extend(page.items().map(|item| item.bytes.to_vec()));
                cursor = page.next.or(cursor);
                if !page.more {
                    break;
                }
            }
            Err(error) => {
                assert!(matches!(error.disposition(), Disposition::Retry(_)), "{error}");
                codes.push(error.code());
            }
        }
    }
    let expected: Vec<_> = (0..30).map(|id| format!("{{\"id\":{id}}}").into_bytes()).collect();
    assert_eq!(found, expected);
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes, ["LT-2001", "LT-2002", "LT-2003", "LT-2005"], "all kinds of failures");
}
