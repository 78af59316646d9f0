//! The three services: dossiers in, progress in, dossiers looked up.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::answer::{Answer, Code, RecordAnswer};
use super::check;
use crate::app::App;
use crate::ingest::refused;
use crate::refused::Refused;
use crate::settings::DvcqgAccount;
use crate::store::{self, Done, DossierKind, DossierWork, ProgressWork, Work, Written};

/// The most records of one request.
const RECORDS_MAX: usize = 500;

/// The envelope of every service. Members that no service knows are passed over, as the portal does.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    #[serde(default)]
    pub(super) session: String,
    #[serde(default)]
    pub(super) madonvi: String,
    pub(super) service: Option<String>,
    #[serde(rename = "isUpdating")]
    is_updating: Option<Value>,
    data: Option<Vec<Box<RawValue>>>,
    mahoso: Option<String>,
}

/// Calls a service for an account.
pub(super) async fn call(
    app: &App,
    account: &DvcqgAccount,
    service: &str,
    envelope: Envelope,
    now: Timestamp,
) -> Result<Answer, Refused> {
    match service {
        "DongBoHoSoMC" => dossiers(app, account, envelope, now).await,
        "CapNhatTienDoHoSoMC" => progress(app, account, envelope, now).await,
        "TraCuuHoSo" => look_up(app, account, envelope).await,
        _ => Ok(Answer::new(Code::BadRequest, "Dịch vụ không được hỗ trợ")),
    }
}

async fn dossiers(
    app: &App,
    account: &DvcqgAccount,
    envelope: Envelope,
    now: Timestamp,
) -> Result<Answer, Refused> {
    let kind = match envelope.is_updating.as_ref().and_then(Value::as_str) {
        Some("False") => DossierKind::Insert,
        Some("True") => DossierKind::Update,
        _ => {
            let message = "isUpdating phải là chuỗi \"True\" hoặc \"False\"";
            return Ok(Answer::new(Code::BadRequest, message));
        }
    };
    let (records, answers) = match read(envelope.data, check::DOSSIER) {
        Ok(read) => read,
        Err(answer) => return Ok(answer),
    };
    let records = records.into_iter().map(|record| (record.dossier, record.text)).collect();
    let work = DossierWork { kind, account: account.username.clone(), records, received_at: now };
    let written = write(app, Work::Dossiers(work)).await?;
    Ok(Answer::to_write(fill(answers, written)))
}

async fn progress(
    app: &App,
    account: &DvcqgAccount,
    envelope: Envelope,
    now: Timestamp,
) -> Result<Answer, Refused> {
    let (records, answers) = match read(envelope.data, check::PROGRESS) {
        Ok(read) => read,
        Err(answer) => return Ok(answer),
    };
    let rows = records.into_iter().map(|r| (r.dossier, r.text, r.content)).collect();
    let work = ProgressWork { account: account.username.clone(), rows, received_at: now };
    let written = write(app, Work::Progress(work)).await?;
    Ok(Answer::to_write(fill(answers, written)))
}

async fn look_up(app: &App, account: &DvcqgAccount, envelope: Envelope) -> Result<Answer, Refused> {
    let Some(code) = envelope.mahoso.filter(|code| !code.is_empty()) else {
        return Ok(Answer::new(Code::BadRequest, "Thiếu mahoso"));
    };
    let account = account.username.clone();
    let found = app
        .shared
        .query(move |connection| store::find_dossier(connection, &account, &code))
        .await?;
    let found = found.and_then(|text| RawValue::from_string(text).ok());
    Ok(Answer::to_look_up(found.into_iter().collect()))
}

async fn write(app: &App, work: Work) -> Result<Vec<Written>, Refused> {
    match app.shared.store.writer().submit(work).await.map_err(refused)? {
        Done::Written(written) => Ok(written),
        Done::Receipt(_) | Done::Heartbeat | Done::Settled => Err(Refused::StoreFailed),
    }
}

/// A record that passed its checks.
struct Passed {
    dossier: String,
    text: String,
    content: i64,
}

/// Checks the records of a request: all pass, or the request is answered.
fn read(
    data: Option<Vec<Box<RawValue>>>,
    fields: &[check::Field],
) -> Result<(Vec<Passed>, Vec<RecordAnswer>), Answer> {
    let data = data.unwrap_or_default();
    if data.is_empty() || data.len() > RECORDS_MAX {
        let message = format!("data phải có từ 1 đến {RECORDS_MAX} bản ghi");
        return Err(Answer::new(Code::BadRequest, message));
    }
    let (mut passed, mut answers) = (Vec::new(), Vec::new());
    for raw in &data {
        let Ok(record) = serde_json::from_str::<Map<String, Value>>(raw.get()) else {
            answers.push(faulty(String::new(), "bản ghi không phải là một đối tượng"));
            continue;
        };
        let dossier = record.get("MaHoSo").and_then(Value::as_str).unwrap_or_default().to_owned();
        let faults = check::faults(&record, fields);
        if !faults.is_empty() {
            answers.push(faulty(dossier, &faults.join("; ")));
            continue;
        }
        // Members in one order: the same record in another order is still the same.
        let ordered = Value::Object(record).to_string();
        let content = i64::from_ne_bytes(xxh3_64(ordered.as_bytes()).to_ne_bytes());
        answers.push(RecordAnswer {
            dossier: dossier.clone(),
            code: Code::Ok,
            message: String::new(),
        });
        passed.push(Passed { dossier, text: raw.get().to_owned(), content });
    }
    if passed.len() == answers.len() {
        return Ok((passed, answers));
    }
    let withheld = vec![Written::Withheld; passed.len()];
    Err(Answer::to_write(fill(answers, withheld)))
}

fn faulty(dossier: String, faults: &str) -> RecordAnswer {
    let message = format!("Dữ liệu không hợp lệ: {faults}");
    RecordAnswer { dossier, code: Code::Faulty, message }
}

/// Says in the answers of the records that passed what became of them, in order.
fn fill(mut answers: Vec<RecordAnswer>, written: Vec<Written>) -> Vec<RecordAnswer> {
    let passed = answers.iter_mut().filter(|answer| answer.code == Code::Ok);
    for (answer, written) in passed.zip(written) {
        let dossier = &answer.dossier;
        (answer.code, answer.message) = match written {
            Written::Stored => (Code::Ok, "Đồng bộ thành công".to_owned()),
            Written::Exists => (Code::Exists, format!("Hồ sơ {dossier} đã tồn tại")),
            Written::Missing => (Code::Missing, format!("Hồ sơ {dossier} không có trên hệ thống")),
            Written::Foreign => (Code::Foreign, format!("Hồ sơ {dossier} thuộc đơn vị khác")),
            Written::Withheld => {
                (Code::Withheld, "Chưa ghi vì bản ghi khác trong gói tin bị từ chối".to_owned())
            }
        };
    }
    answers
}
