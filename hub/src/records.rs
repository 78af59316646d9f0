//! Reading back: single records, pages of a feed, the feeds with their audit.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Json, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::access::Party;
use crate::app::App;
use crate::ingest::refused;
use crate::refused::Refused;
use crate::store::{self, FeedName, FeedTotals, StoreError, Work};

/// The most records of one page.
const PAGE_MAX: u32 = 5000;

/// The records of a page when nothing is asked.
const PAGE_DEFAULT: u32 = 500;

/// The query of `GET /v1/records`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordsQuery {
    agency: String,
    source: String,
    feed: String,
    key: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

#[derive(Serialize)]
struct OneRecord<'a> {
    #[serde(flatten)]
    feed: &'a FeedName,
    key: &'a str,
    version: u64,
    revision: i64,
    received_at: Timestamp,
    batch: String,
    record: &'a RawValue,
}

#[derive(Serialize)]
struct ListedRecord<'a> {
    key: &'a str,
    version: u64,
    record: &'a RawValue,
}

/// Answers `GET /v1/records`: with `key` one record, without it a page of the feed as JSON lines in
/// the order of the keys, from behind `after`. A page may be shorter than `limit` when its records
/// are long; behind the last record the page is empty.
pub(crate) async fn get(
    State(app): State<App>,
    headers: HeaderMap,
    query: Result<Query<RecordsQuery>, QueryRejection>,
) -> Result<Response, Refused> {
    let party = reader(&app, &headers)?;
    let Query(query) = query.map_err(|error| Refused::BadQuery { why: error.body_text() })?;
    party.may_read(&query.agency)?;
    let feed = FeedName { agency: query.agency, source: query.source, feed: query.feed };
    // Rows of new batches wait to be put in order; a reader asks for it.
    app.shared.store.writer().submit(Work::Settle).await.map_err(refused)?;
    match query.key {
        Some(_) if query.after.is_some() || query.limit.is_some() => {
            Err(Refused::BadQuery { why: "`key` goes without `after` and `limit`".to_owned() })
        }
        Some(key) => one(&app, feed, key).await,
        None => page(&app, feed, query.after, query.limit.unwrap_or(PAGE_DEFAULT)).await,
    }
}

/// Who reads, within their rate.
fn reader<'a>(app: &'a App, headers: &HeaderMap) -> Result<&'a Party, Refused> {
    let party = app.shared.access.party(headers)?;
    let name = match party {
        Party::Agency(code) => code,
        Party::Reader => "(reader)",
        Party::Operator => "(operator)",
    };
    app.shared.rates.take(name, app.clock.now())?;
    Ok(party)
}

async fn one(app: &App, feed: FeedName, key: String) -> Result<Response, Refused> {
    let body = app
        .shared
        .query(move |connection| {
            let Some(found) = store::find_record(connection, &feed, &key)? else {
                return Ok(None);
            };
            let record = raw(&found.record)?;
            let one = OneRecord {
                feed: &feed,
                key: &key,
                version: found.version,
                revision: found.revision,
                received_at: found.received_at,
                batch: found.batch.to_string(),
                record,
            };
            serde_json::to_vec(&one).map(Some).map_err(|_| UNWRITABLE)
        })
        .await?;
    let body = body.ok_or(Refused::NoRecord)?;
    let media_type = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, media_type)], Body::from(body)).into_response())
}

async fn page(
    app: &App,
    feed: FeedName,
    after: Option<String>,
    limit: u32,
) -> Result<Response, Refused> {
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(Refused::BadQuery { why: format!("`limit` must be 1 to {PAGE_MAX}") });
    }
    let lines = app
        .shared
        .query(move |connection| {
            let mut lines = Vec::new();
            for item in store::list_records(connection, &feed, after.as_deref(), limit)? {
                let record = raw(&item.record)?;
                let line = ListedRecord { key: &item.key, version: item.version, record };
                serde_json::to_writer(&mut lines, &line).map_err(|_| UNWRITABLE)?;
                lines.push(b'\n');
            }
            Ok(lines)
        })
        .await?;
    let media_type = HeaderValue::from_static("application/jsonl");
    Ok(([(header::CONTENT_TYPE, media_type)], Body::from(lines)).into_response())
}

const UNWRITABLE: StoreError = StoreError::Damaged("a record can't be written");

fn raw(record: &[u8]) -> Result<&RawValue, StoreError> {
    serde_json::from_slice(record).map_err(|_| StoreError::Damaged("a record is not JSON"))
}

#[derive(Serialize)]
struct Feeds {
    feeds: Vec<AuditedFeed>,
}

#[derive(Serialize)]
struct AuditedFeed {
    #[serde(flatten)]
    totals: FeedTotals,
    doubled: u64,
}

/// Answers `GET /v1/feeds`: what was received of every feed that the party may read, with
/// `doubled`, the versions that more than one receipt accepted, counted from the stored batches.
pub(crate) async fn feeds(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refused> {
    let party = reader(&app, &headers)?.clone();
    let feeds = app
        .shared
        .query(move |connection| {
            let mut doubled = store::doubled(connection)?;
            let totals = store::feed_totals(connection)?.into_iter();
            let readable = totals.filter(|feed| party.may_read(&feed.name.agency).is_ok());
            Ok(readable
                .map(|totals| {
                    let doubled = doubled.remove(&totals.name).unwrap_or(0);
                    AuditedFeed { totals, doubled }
                })
                .collect())
        })
        .await?;
    Ok(Json(Feeds { feeds }).into_response())
}
