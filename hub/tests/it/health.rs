//! Health over HTTP: who may see it, what the page and the metrics hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_hub::{Exposure, Hub};
use serde_json::{Value, json};

use crate::refusals::assert_refused;
use crate::world::{AGENCY, Batch, OPERATOR, OTHER, READER, TOKEN, World, case, settings};

async fn beat(world: &World, feeds: Value) {
    let beat = json!({
        "agency": AGENCY, "connector": "0.1.0", "sent_at": world.now(), "interval_secs": 60,
        "feeds": feeds,
    });
    let request = world.client.post(format!("{}/v1/heartbeats", world.url));
    let response = request.bearer_auth(TOKEN).json(&beat).send().await.unwrap();
    assert_eq!(response.status(), 204);
}

fn feed(delivered: u64) -> Value {
    json!({
        "source": "igate", "feed": "cases", "state": "healthy", "pulled": delivered,
        "accepted": delivered, "quarantined": 0, "in_quarantine": 0, "waiting": 0,
        "delivered": delivered, "last_success_at": "2025-06-20T01:35:00+07:00", "lag_secs": 0,
        "last_error": null,
    })
}

async fn states(world: &World) -> BTreeMap<String, String> {
    let health: Value = crate::world::json(
        world.client.get(format!("{}/v1/health", world.url)).send().await.unwrap(),
    )
    .await;
    let agencies = health["agencies"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    agencies.map(|agency| (text(&agency["agency"]), text(&agency["state"]))).collect()
}

#[tokio::test]
async fn health_follows_batches_heartbeats_and_the_clock() {
    let world = World::start().await;
    assert_eq!(states(&world).await[AGENCY], "never-connected");
    world.deliver(&Batch::new(1, (0..5).map(|n| case(&format!("K-{n}"), "x")))).await;
    beat(&world, json!([feed(5)])).await;
    assert_eq!(states(&world).await[AGENCY], "healthy");
    assert_eq!(states(&world).await[OTHER], "never-connected");
    // Batches after the heartbeat are not held against it.
    world.deliver(&Batch::new(6, [case("K-5", "x")])).await;
    assert_eq!(states(&world).await[AGENCY], "healthy");
    world.shift(181);
    assert_eq!(states(&world).await[AGENCY], "silent");
    beat(&world, json!([feed(7)])).await;
    assert_eq!(states(&world).await[AGENCY], "diverging");
}

#[tokio::test]
async fn loopback_hub_shows_health_to_its_own_machine_only() {
    let world = World::start().await;
    let get = |path: &str| world.client.get(format!("{}{path}", world.url));
    for path in ["/", "/v1/health", "/metrics"] {
        assert_eq!(get(path).send().await.unwrap().status(), 200, "{path}");
        // Through a proxy, or by a name that somebody else's page gave to this machine.
        let forwarded = get(path).header("x-forwarded-for", "203.0.113.9").send().await.unwrap();
        assert_refused(forwarded, 401, "LT-7011").await;
        let rebound = get(path).header("host", "hub.example.vn").send().await.unwrap();
        assert_eq!(
            rebound.headers()["www-authenticate"],
            "Basic realm=\"lienthong\", charset=\"UTF-8\""
        );
        assert_refused(rebound, 401, "LT-7011").await;
        let away = || get(path).header("host", "hub.example.vn");
        assert_eq!(away().bearer_auth(OPERATOR).send().await.unwrap().status(), 200);
        assert_eq!(away().basic_auth("op", Some(OPERATOR)).send().await.unwrap().status(), 200);
        assert_refused(away().bearer_auth(READER).send().await.unwrap(), 403, "LT-7013").await;
        assert_refused(away().basic_auth("op", Some("no")).send().await.unwrap(), 401, "LT-7011")
            .await;
    }
    assert_eq!(get("/healthz").send().await.unwrap().text().await.unwrap(), "ok\n");
}

#[tokio::test]
async fn hub_on_the_network_shows_health_to_the_operator_only() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::open(settings(folder.path())).unwrap();
    let now = "2025-06-20T01:35:00Z".parse::<jiff::Timestamp>().unwrap();
    let router = hub.router(Arc::new(move || now), Exposure::Network);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut server = tokio::task::JoinSet::new();
    server.spawn(async move { axum::serve(listener, router).await });
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::new();
    for path in ["/", "/v1/health", "/metrics"] {
        let get = || client.get(format!("{url}{path}"));
        assert_refused(get().send().await.unwrap(), 401, "LT-7011").await;
        assert_eq!(get().bearer_auth(OPERATOR).send().await.unwrap().status(), 200, "{path}");
    }
    assert_eq!(client.get(format!("{url}/healthz")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn page_escapes_what_connectors_say() {
    let name = "<script>alert('tỉnh')</script>";
    let world = World::start_with(|settings| settings.agencies[0].name = name.to_owned()).await;
    let mut bad = feed(0);
    bad["source"] = "\"><img src=x onerror=alert(1)>".into();
    bad["state"] = "halted".into();
    bad["last_error"] = "LT-2001: <b onclick='x'>".into();
    beat(&world, json!([bad])).await;
    let response = world.client.get(&world.url).send().await.unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    let page = response.text().await.unwrap();
    assert!(page.starts_with("<!doctype html>"));
    for raw in ["<script", "<img", "<b ", "src=x onerror=alert(1)>\""] {
        assert!(!page.contains(raw), "{raw}");
    }
    assert!(page.contains("alert(&#39;tỉnh&#39;)"));
    assert!(page.contains("LT-2001"));
}

#[tokio::test]
async fn metrics_can_be_parsed_and_count_what_happened() {
    let world = World::start().await;
    world.deliver(&Batch::new(1, [case("A", "x"), r#"{"Code":"B"}"#.to_owned()])).await;
    beat(&world, json!([feed(1)])).await;
    world.post(&Batch::new(5, [case("C", "x")]), "wrong").send().await.unwrap();
    let response = world.client.get(format!("{}/metrics", world.url)).send().await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    let text = response.text().await.unwrap();
    let mut samples = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let value: f64 = value.parse().unwrap();
        assert!(samples.insert(series.to_owned(), value).is_none(), "{series} twice");
    }
    let labels = format!("agency=\"{AGENCY}\",source=\"igate\",feed=\"cases\"");
    let value = |series: &str| samples.get(series).copied().unwrap_or(f64::NAN);
    let expected = [
        (format!("lienthong_hub_records_total{{{labels},outcome=\"accepted\"}}"), 1.0),
        (format!("lienthong_hub_records_total{{{labels},outcome=\"refused\"}}"), 1.0),
        (format!("lienthong_hub_batches_total{{{labels}}}"), 1.0),
        (format!("lienthong_feed_state{{{labels},state=\"healthy\"}}"), 1.0),
        (format!("lienthong_feed_delivered_total{{{labels}}}"), 1.0),
        (format!("lienthong_agency_state{{agency=\"{OTHER}\",state=\"never-connected\"}}"), 1.0),
        ("lienthong_hub_refused_requests_total{code=\"LT-7010\"}".to_owned(), 1.0),
    ];
    for (series, count) in expected {
        assert!((value(&series) - count).abs() < f64::EPSILON, "{series}\n{text}");
    }
    assert!(!text.contains("token"));
}
