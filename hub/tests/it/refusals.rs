//! Requests that are refused whole: the status, the code, both languages, and nothing stored.

use lienthong_protocol::{BATCH_MEDIA_TYPE, CONTENT_DIGEST, Digest, IDEMPOTENCY_KEY};
use reqwest::{Response, StatusCode};

use crate::world::{
    AGENCY, Batch, OPERATOR, OTHER, OTHER_TOKEN, READER, TOKEN, World, case, frames, json,
};

/// Checks that a response is this refusal, in the form of RFC 9457.
pub(crate) async fn assert_refused(response: Response, status: u16, code: &str) {
    assert_eq!(response.status().as_u16(), status, "{code}");
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let problem = json(response).await;
    assert_eq!(problem["code"], code);
    assert_eq!(problem["status"], status);
    assert_eq!(problem["type"], format!("https://lienthong.example/errors/{code}"));
    let text = |member: &str| problem[member].as_str().unwrap().to_owned();
    assert!(!text("title").is_empty() && !text("detail").is_empty());
    assert!(!text("detail_vi").is_empty() && text("detail_vi") != text("detail"));
}

async fn assert_nothing_stored(world: &World) {
    let feeds = world.json("/v1/feeds", READER).await;
    assert_eq!(feeds["feeds"].as_array().unwrap().len(), 0);
}

fn batch() -> Batch {
    Batch::new(1, [case("A", "one")])
}

#[tokio::test]
async fn request_without_a_valid_credential_is_refused() {
    let world = World::start().await;
    let body = batch().body();
    let none = world.client.post(format!("{}/v1/batches", world.url)).body(body);
    let none = none.send().await.unwrap();
    assert_eq!(none.headers()["www-authenticate"], "Bearer realm=\"lienthong\"");
    assert_refused(none, 401, "LT-7010").await;
    for token in ["", "wrong", "Token-of-h22"] {
        let response = world.post(&batch(), token).send().await.unwrap();
        assert_refused(response, 401, "LT-7010").await;
    }
    assert_nothing_stored(&world).await;
}

#[tokio::test]
async fn credential_of_another_agency_is_refused() {
    let world = World::start().await;
    let response = world.post(&batch(), OTHER_TOKEN).send().await.unwrap();
    assert_refused(response, 403, "LT-7012").await;
    assert_nothing_stored(&world).await;
    // Nor does it get at the receipt of a batch that was stored.
    world.deliver(&batch()).await;
    let response = world.post(&batch(), OTHER_TOKEN).send().await.unwrap();
    assert_refused(response, 403, "LT-7012").await;
}

#[tokio::test]
async fn readers_and_operators_can_not_send() {
    let world = World::start().await;
    for token in [READER, OPERATOR] {
        let response = world.post(&batch(), token).send().await.unwrap();
        assert_refused(response, 403, "LT-7013").await;
    }
    assert_nothing_stored(&world).await;
}

#[tokio::test]
async fn content_type_and_coding_are_checked() {
    let world = World::start().await;
    let cases = [("content-type", "application/json"), ("content-encoding", "gzip")];
    for (name, value) in cases {
        let mut request = world.post(&batch(), TOKEN).build().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        let response = world.client.execute(request).await.unwrap();
        assert_refused(response, 415, "LT-7014").await;
    }
    assert_nothing_stored(&world).await;
}

#[tokio::test]
async fn digest_and_key_must_be_those_of_the_body() {
    let world = World::start().await;
    let other = Digest::of(b"other bytes");
    let cases = [
        (CONTENT_DIGEST, None, 400, "LT-7015"),
        (CONTENT_DIGEST, Some("sha-512=:AAAA:".to_owned()), 400, "LT-7015"),
        (CONTENT_DIGEST, Some(other.content_digest()), 409, "LT-7036"),
        (IDEMPOTENCY_KEY, None, 400, "LT-7016"),
        (IDEMPOTENCY_KEY, Some(other.idempotency_key()), 400, "LT-7016"),
        (IDEMPOTENCY_KEY, Some(Digest::of(&batch().body()).to_string()), 400, "LT-7016"),
    ];
    for (name, value, status, code) in cases {
        let mut request = world.post(&batch(), TOKEN).build().unwrap();
        request.headers_mut().remove(name);
        if let Some(value) = value {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let response = world.client.execute(request).await.unwrap();
        assert_refused(response, status, code).await;
    }
    assert_nothing_stored(&world).await;
}

#[tokio::test]
async fn bytes_that_are_no_batch_are_refused() {
    let world = World::start().await;
    let body = batch().body();
    let header = |count: u32| {
        let header = batch().with(|header| header.count = count).header;
        [serde_json::to_vec(&header).unwrap(), b"\n".to_vec()].concat()
    };
    let skipped = batch().with(|header| header.skipped = vec![3, 3]);
    let unnamed = batch().with(|header| header.provenance.feed.clear());
    let strange = batch().with(|header| header.provenance.feed = "a\nb".to_owned());
    let high = batch().with(|header| header.version_first = u64::MAX);
    let cases: [(&str, Vec<u8>); 11] = [
        ("empty", Vec::new()),
        ("not zstd", b"{\"lienthong\":1}\n{}\n".to_vec()),
        ("cut off", body[..body.len() - 9].to_vec()),
        ("header is no JSON", frames(b"hello\n", b"{}\n")),
        ("fewer records than promised", frames(&header(2), b"{}\n")),
        ("no records", frames(&header(0), b"")),
        ("too many records", frames(&header(501), &b"{}\n".repeat(501))),
        ("skipped versions do not rise", skipped.body()),
        ("feed without a name", unnamed.body()),
        ("control characters in a name", strange.body()),
        ("versions too high", high.body()),
    ];
    for (what, body) in cases {
        let response = world.post_bytes(body, TOKEN).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert_refused(response, 422, "LT-7017").await;
    }
    assert_nothing_stored(&world).await;
}

#[tokio::test]
async fn other_forms_standards_and_record_types_wait_for_the_operator() {
    let world = World::start().await;
    let cases = [
        (batch().with(|header| header.lienthong = 2), "LT-7018"),
        (batch().with(|header| header.provenance.standard = "v9".to_owned()), "LT-7019"),
        (batch().with(|header| header.provenance.record_type = "deed".to_owned()), "LT-7020"),
    ];
    for (batch, code) in cases {
        let response = world.post(&batch, TOKEN).send().await.unwrap();
        assert_refused(response, 409, code).await;
    }
    assert_nothing_stored(&world).await;
    world.deliver(&batch()).await;
    let other = Batch::new(9, [r#"{"Code":"A","Step":1}"#.to_owned()])
        .with(|header| header.provenance.record_type = "event".to_owned());
    assert_refused(world.post(&other, TOKEN).send().await.unwrap(), 409, "LT-7021").await;
    assert_eq!(world.feed().await["batches"], 1);
}

#[tokio::test]
async fn decompression_bomb_is_refused() {
    let world = World::start().await;
    let header = [serde_json::to_vec(&batch().header).unwrap(), b"\n".to_vec()].concat();
    let mut records = vec![b' '; 200 << 20];
    records.push(b'\n');
    let body = frames(&header, &records);
    assert!(body.len() < 100_000);
    let response = world.post_bytes(body, TOKEN).send().await.unwrap();
    assert_refused(response, 413, "LT-7022").await;
    // The same in the header's place.
    let body = frames(&records, b"{}\n");
    let response = world.post_bytes(body, TOKEN).send().await.unwrap();
    assert_refused(response, 422, "LT-7017").await;
    assert_nothing_stored(&world).await;
}

#[tokio::test]
async fn frame_that_asks_for_much_memory_is_refused() {
    let world = World::start().await;
    let mut header = serde_json::to_vec(&batch().header).unwrap();
    header.push(b'\n');
    // A frame of one uncompressed block, whose header asks for a window of 128 MiB.
    let mut body = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 17 << 3];
    let block = u32::try_from(header.len()).unwrap() << 3 | 1;
    body.extend_from_slice(&block.to_le_bytes()[..3]);
    body.extend_from_slice(&header);
    let mut records = batch().lines.join("\n").into_bytes();
    records.push(b'\n');
    body.extend_from_slice(&zstd::bulk::compress(&records, 1).unwrap());
    let response = world.post_bytes(body.clone(), TOKEN).send().await.unwrap();
    assert_refused(response, 422, "LT-7017").await;
    // With a small window the same batch is taken.
    body[5] = 0;
    let response = world.post_bytes(body, TOKEN).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn deep_nesting_is_refused_before_it_is_parsed() {
    let world = World::start().await;
    for levels in [65, 10_000] {
        let line = format!(r#"{{"Code":{}1{}}}"#, "[".repeat(levels), "]".repeat(levels));
        let response = world.post(&Batch::new(1, [line]), TOKEN).send().await.unwrap();
        assert_refused(response, 422, "LT-7023").await;
    }
    assert_nothing_stored(&world).await;
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let world = World::start().await;
    assert_refused(world.get("/v2/batches", TOKEN).send().await.unwrap(), 404, "LT-7033").await;
    assert_refused(world.get("/v1/batches", TOKEN).send().await.unwrap(), 405, "LT-7034").await;
}

/// A change to a heartbeat.
type Change<'a> = &'a dyn Fn(&mut serde_json::Value);

#[tokio::test]
async fn heartbeats_are_checked_like_batches() {
    let world = World::start().await;
    let beat = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut beat = serde_json::json!({
            "agency": AGENCY, "connector": "0.1.0", "sent_at": world.now(),
            "interval_secs": 60, "feeds": [],
        });
        change(&mut beat);
        beat
    };
    let path = format!("{}/v1/heartbeats", world.url);
    let post = |token: &str, beat: &serde_json::Value| {
        world.client.post(&path).bearer_auth(token).json(beat)
    };
    let feed = serde_json::json!({
        "source": "igate", "feed": "cases", "state": "healthy", "pulled": 0, "accepted": 0,
        "quarantined": 0, "in_quarantine": 0, "waiting": 0, "delivered": 0,
        "last_success_at": null, "lag_secs": 0, "last_error": null,
    });
    let good = beat(&|_| {});
    assert_eq!(post(TOKEN, &good).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_refused(post("wrong", &good).send().await.unwrap(), 401, "LT-7010").await;
    assert_refused(post(OTHER_TOKEN, &good).send().await.unwrap(), 403, "LT-7012").await;
    let foreign = beat(&|beat| beat["agency"] = OTHER.into());
    assert_refused(post(TOKEN, &foreign).send().await.unwrap(), 403, "LT-7012").await;
    let deep = beat(&|beat| {
        beat["feeds"] = serde_json::from_str(&("[".repeat(70) + &"]".repeat(70))).unwrap();
    });
    assert_refused(post(TOKEN, &deep).send().await.unwrap(), 422, "LT-7023").await;
    let bad: [Change<'_>; 5] = [
        &|beat| beat["interval_secs"] = 0.into(),
        &|beat| beat["sent_at"] = "yesterday".into(),
        &|beat| beat["feeds"] = serde_json::json!([{}]),
        &|beat| beat["feeds"] = serde_json::json!([feed, feed]),
        &|beat| beat["connector"] = "x".repeat(300).into(),
    ];
    for change in bad {
        assert_refused(post(TOKEN, &beat(change)).send().await.unwrap(), 422, "LT-7030").await;
    }
    let plain = post(TOKEN, &good).header("content-type", BATCH_MEDIA_TYPE);
    let mut plain = plain.build().unwrap();
    plain.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    assert_refused(world.client.execute(plain).await.unwrap(), 415, "LT-7014").await;
}
