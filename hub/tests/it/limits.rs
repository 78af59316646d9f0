//! Bounds: size, rate, load, time, headers, the store's room.

use lienthong_protocol::Digest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::refusals::assert_refused;
use crate::world::{Batch, OTHER, OTHER_TOKEN, TOKEN, World, case, json};

#[tokio::test]
async fn body_that_is_too_long_is_refused() {
    let world = World::start_with(|settings| settings.limits.body_bytes_max = 2000).await;
    let response = world.post_bytes(vec![0; 2001], TOKEN).send().await.unwrap();
    assert_refused(response, 413, "LT-7022").await;
    // The same when the length is not told beforehand.
    let chunk = format!("64\r\n{}\r\n", "x".repeat(100));
    let answer = raw(
        &world,
        &format!(
            "{}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{}0\r\n\r\n",
            batch_head(),
            chunk.repeat(30)
        ),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("LT-7022"));
}

/// The head of a batch's request, without its length and its end.
fn batch_head() -> String {
    format!(
        "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/vnd.lienthong.batch+jsonl\r\nIdempotency-Key: \"x\"\r\n\
         Content-Digest: sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:\r\n"
    )
}

#[tokio::test]
async fn agency_that_asks_too_often_is_told_when_to_come_again() {
    let world = World::start_with(|settings| {
        settings.limits.requests_per_sec = 1;
        settings.limits.requests_burst = 2;
    })
    .await;
    let batch = Batch::new(1, [case("A", "one")]);
    world.deliver(&batch).await;
    world.deliver(&batch).await;
    let refused = world.post(&batch, TOKEN).send().await.unwrap();
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_refused(refused, 429, "LT-7024").await;
    // Another agency is not held up, and time refills the bucket.
    let other = batch.clone().with(|header| header.provenance.agency = OTHER.to_owned());
    assert_eq!(world.post(&other, OTHER_TOKEN).send().await.unwrap().status(), 200);
    world.shift(1);
    world.deliver(&batch).await;
}

#[tokio::test]
async fn full_store_refuses_and_keeps_what_it_has() {
    let world = World::start_with(|settings| {
        settings.limits.store_bytes_max = Some(400 << 10);
    })
    .await;
    // Titles that don't compress, so that every batch takes room.
    let mut seed = 7_u64;
    let mut noise = || {
        (0..20_000)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                char::from_digit(u32::try_from(seed >> 59).unwrap() % 36, 36).unwrap()
            })
            .collect::<String>()
    };
    let mut taken = 0;
    let refused = loop {
        let batch =
            Batch::new(taken * 2 + 1, (0..2).map(|n| case(&format!("{taken}-{n}"), &noise())));
        let response = world.post(&batch, TOKEN).send().await.unwrap();
        if response.status() != 200 {
            break response;
        }
        taken += 1;
        assert!(taken < 100, "the store has no bound");
    };
    assert!(taken > 2);
    assert_eq!(refused.headers()["retry-after"], "300");
    assert_refused(refused, 507, "LT-7026").await;
    let feed = world.feed().await;
    assert_eq!((&feed["batches"], &feed["records"]), (&taken.into(), &(taken * 2).into()));
    // With room again the store goes on.
    let folder = world.stop().await;
    let world = World::start_in(folder, |_| {}).await;
    world.deliver(&Batch::new(999, [case("late", "one")])).await;
}

#[tokio::test]
async fn slow_headers_end_the_connection() {
    let world = World::start_with(|settings| settings.limits.header_timeout_ms = 200).await;
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(b"POST /v1/batches HTTP/1.1\r\nHost: localhost\r\n").await.unwrap();
    let mut answer = Vec::new();
    // The hub closes; the end of this read is the end of the wait.
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 408"));
}

#[tokio::test]
async fn slow_body_is_refused() {
    let world = World::start_with(|settings| settings.limits.body_timeout_ms = 200).await;
    let request = format!("{}Content-Length: 100\r\nConnection: close\r\n\r\nabc", batch_head());
    let answer = raw(&world, &request).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("LT-7028"));
}

#[tokio::test]
async fn too_many_headers_are_refused() {
    let world = World::start().await;
    let headers = "X-Some: thing\r\n".repeat(80);
    let answer =
        raw(&world, &format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn requests_beyond_the_bound_are_told_to_come_later() {
    let world = World::start_with(|settings| settings.limits.requests_max = 1).await;
    // One request holds the only place: its body does not end.
    let mut held = TcpStream::connect(world.address).await.unwrap();
    let start = format!(
        "POST /v1/heartbeats HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"
    );
    held.write_all(start.as_bytes()).await.unwrap();
    // Its 100 Continue says that the body is being waited for.
    let mut buffer = [0; 64];
    let read = held.read(&mut buffer).await.unwrap();
    assert!(buffer[..read].starts_with(b"HTTP/1.1 100"));
    let refused = world.get("/healthz", TOKEN).send().await.unwrap();
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_refused(refused, 503, "LT-7025").await;
}

async fn raw(world: &World, request: &str) -> String {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn request_under_way_is_finished_when_the_hub_stops() {
    let mut world = World::start().await;
    let body = Batch::new(1, [case("A", "last")]).body();
    let digest = Digest::of(&body);
    let head = format!(
        "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/vnd.lienthong.batch+jsonl\r\nContent-Length: {}\r\n\
         Expect: 100-continue\r\nIdempotency-Key: {}\r\nContent-Digest: {}\r\n\r\n",
        body.len(),
        digest.idempotency_key(),
        digest.content_digest(),
    );
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut buffer = [0; 64];
    let read = stream.read(&mut buffer).await.unwrap();
    assert!(buffer[..read].starts_with(b"HTTP/1.1 100"));
    world.begin_stop();
    // The listener is gone once a new connection is refused; then the body goes on.
    while TcpStream::connect(world.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(&body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("\"accepted\""));
    let world = World::start_in(world.stop().await, |_| {}).await;
    assert!(world.record("A").await.is_some());
}

#[tokio::test]
async fn page_of_records_is_bounded() {
    let world = World::start().await;
    let path = "/v1/records?agency=000.00.00.H22&source=igate&feed=cases&limit=";
    for limit in ["0", "5001", "many"] {
        let response = world.get(&format!("{path}{limit}"), TOKEN).send().await.unwrap();
        let problem = json(response).await;
        assert_eq!(problem["code"], "LT-7031");
    }
}
