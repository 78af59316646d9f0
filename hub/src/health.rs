//! The health of the sync as JSON, and the sign of life.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Json;
use jiff::Timestamp;
use serde::Serialize;

use crate::app::{App, Exposure};
use crate::assess::{self, AgencyHealth, Evidence};
use crate::refused::Refused;
use crate::store;

/// What `GET /v1/health` answers.
#[derive(Debug, Serialize)]
pub(crate) struct Health {
    /// When it was assessed.
    pub(crate) assessed_at: Timestamp,
    /// Every registered agency.
    pub(crate) agencies: Vec<AgencyHealth>,
}

/// Answers `GET /v1/health`.
pub(crate) async fn get(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Json<Health>, Refused> {
    admit(&app, &headers)?;
    Ok(Json(health(&app).await?))
}

/// Answers `GET /healthz`: whether the hub can read its store.
pub(crate) async fn alive(State(app): State<App>) -> Result<&'static str, Refused> {
    let alive = |connection: &rusqlite::Connection| -> Result<(), store::StoreError> {
        Ok(connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?)
    };
    app.shared.query(alive).await?;
    Ok("ok\n")
}

/// Lets the operator in; and anybody on a hub that only its own machine can reach.
///
/// A request through a proxy, or from a web page that was given a name for this machine, comes from
/// this machine too. It names another host than this one, by which it is told.
pub(crate) fn admit(app: &App, headers: &HeaderMap) -> Result<(), Refused> {
    if app.exposure == Exposure::Loopback && names_this_machine(headers) {
        return Ok(());
    }
    app.shared.access.operator(headers)
}

fn names_this_machine(headers: &HeaderMap) -> bool {
    let is_forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    !is_forwarded && matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// Assesses all agencies now.
pub(crate) async fn health(app: &App) -> Result<Health, Refused> {
    let now = app.clock.now();
    let (heartbeats, totals, rules) = app
        .shared
        .query(|connection| {
            let heartbeats = store::all_heartbeats(connection)?;
            Ok((heartbeats, store::feed_totals(connection)?, store::rule_totals(connection)?))
        })
        .await?;
    let agencies = assess::assess(&Evidence {
        agencies: &app.shared.agencies,
        heartbeats: &heartbeats,
        totals: &totals,
        rules: &rules,
        standard: &app.shared.standard,
        thresholds: app.shared.thresholds,
        now,
    });
    Ok(Health { assessed_at: now, agencies })
}
