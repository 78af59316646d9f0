//! Data quality as the hub sees it: single records, and what came before them.

use std::path::Path;
use std::sync::Arc;

use lienthong_protocol::{Outcome, Receipt};
use lienthong_standard::{Files, Standard};
use serde_json::{Value, json};

use crate::world::{AGENCY, Batch, OPERATOR, TOKEN, World};

const DOSSIER: &str = "000.00.16.H22-250603-0001";

/// The national standard, with a change in one of its files.
fn national(change: impl Fn(&str, String) -> String) -> Arc<Standard> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mappings/standard/v1");
    let mut files = Vec::new();
    for folder in ["", "records/", "codes/"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = format!("{folder}{}", path.file_name().unwrap().to_str().unwrap());
                let text = change(&name, std::fs::read_to_string(&path).unwrap());
                files.push((name, Arc::from(text)));
            }
        }
    }
    Arc::new(Standard::compile("v1", &Files::new(files)).unwrap())
}

async fn start() -> World {
    World::start_with(|settings| settings.standard = national(|_, text| text)).await
}

/// A dossier in a state, which breaks no rule by itself.
fn dossier(code: &str, status: &str) -> String {
    let end = "2025-06-09T16:00:00+07:00";
    let (returned, ended) = match status {
        "10" => (format!(r#","NgayTra":"{end}""#), format!(r#","NgayKetThucXuLy":"{end}""#)),
        "8" | "9" => (String::new(), format!(r#","NgayKetThucXuLy":"{end}""#)),
        _ => (String::new(), String::new()),
    };
    format!(
        r#"{{"MaHoSo":"{code}","MaTTHC":"1.006450","TenTTHC":"Cấp giấy phép","MaLinhVuc":"G03-GD10","TenLinhVuc":"Giáo dục","LoaiDoiTuong":"2","Email":"mau@example.vn","SoDienThoai":"0900000101","TrichYeuHoSo":"Đề nghị cấp giấy phép","NgayTiepNhan":"2025-06-03T08:35:00+07:00","NgayHenTra":"2025-06-10T17:00:00+07:00","TrangThaiHoSo":"{status}"{returned},"HinhThuc":"0"{ended},"DonViXuLy":"Sở Giáo dục và Đào tạo"}}"#
    )
}

/// A step of the usual dossier, on a day of June at an hour.
fn step(day: u8, hour: u8, status: &str, officer: &str) -> String {
    format!(
        r#"{{"MaHoSo":"{DOSSIER}","NguoiXuLy":"{officer}","ThoiDiemXuLy":"2025-06-{day:02}T{hour:02}:00:00+07:00","PhongBanXuLy":"Phòng mẫu","NoiDungXuLy":"Xử lý bước","TrangThai":"{status}"}}"#
    )
}

fn dossiers(version: u64, lines: impl IntoIterator<Item = String>) -> Batch {
    Batch::new(version, lines).with(|header| {
        "dossiers".clone_into(&mut header.provenance.feed);
        "dossier".clone_into(&mut header.provenance.record_type);
    })
}

fn steps(version: u64, lines: impl IntoIterator<Item = String>) -> Batch {
    Batch::new(version, lines).with(|header| {
        "progress".clone_into(&mut header.provenance.feed);
        "dossier-progress".clone_into(&mut header.provenance.record_type);
    })
}

async fn accepted(world: &World, batch: &Batch) -> Receipt {
    let receipt = world.deliver(batch).await;
    assert_eq!(receipt.refusals, [], "{receipt:?}");
    receipt
}

/// The broken rules of a feed, as the health tells them.
async fn rules(world: &World, feed: &str) -> Vec<Value> {
    let health = world.json("/v1/health", OPERATOR).await;
    let agencies = health["agencies"].as_array().unwrap();
    let agency = agencies.iter().find(|agency| agency["agency"] == AGENCY).unwrap();
    let feeds = agency["feeds"].as_array().unwrap();
    let feed = feeds.iter().find(|known| known["feed"] == feed).unwrap();
    feed["rules"].as_array().unwrap().clone()
}

fn counts(rules: &[Value]) -> Vec<(String, u64, u64)> {
    let count = |rule: &Value, name: &str| rule[name].as_u64().unwrap();
    let mut counts: Vec<_> = rules
        .iter()
        .map(|rule| {
            let code = rule["rule"].as_str().unwrap().to_owned();
            (code, count(rule, "warned"), count(rule, "refused"))
        })
        .collect();
    counts.sort();
    counts
}

fn warned(rule: &str, count: u64) -> (String, u64, u64) {
    (rule.to_owned(), count, 0)
}

#[tokio::test]
async fn a_status_that_goes_back_is_counted_and_shown_and_outlives_a_restart() {
    let world = start().await;
    accepted(&world, &dossiers(1, [dossier(DOSSIER, "4")])).await;
    accepted(&world, &dossiers(2, [dossier(DOSSIER, "10")])).await;
    assert_eq!(counts(&rules(&world, "dossiers").await), [], "forward, over states between");
    accepted(&world, &dossiers(3, [dossier(DOSSIER, "2")])).await;
    let folder = world.stop().await;

    let standard = national(|_, text| text);
    let world = World::start_in(folder, |settings| settings.standard = standard).await;
    let found = rules(&world, "dossiers").await;
    assert_eq!(counts(&found), [warned("status-goes-back", 1)]);
    assert_eq!(found[0]["examples"], json!([DOSSIER]));
    assert_eq!(found[0]["severity"], "warn");
    assert_eq!(found[0]["last_at"], "2025-06-19T18:35:00Z");
    // The row that the first hub wrote is the one that the second judges by.
    accepted(&world, &dossiers(4, [dossier(DOSSIER, "1")])).await;
    assert_eq!(counts(&rules(&world, "dossiers").await), [warned("status-goes-back", 2)]);

    let page = world.get("/", OPERATOR).send().await.unwrap().text().await.unwrap();
    for words in
        ["Chất lượng dữ liệu", "Trạng thái mới không thể đến sau", "can&#39;t come", DOSSIER]
    {
        assert!(page.contains(words), "{words}");
    }
    let metrics = world.get("/metrics", OPERATOR).send().await.unwrap().text().await.unwrap();
    let line = format!(
        "lienthong_hub_broken_rules_total{{agency=\"{AGENCY}\",source=\"igate\",\
         feed=\"dossiers\",rule=\"status-goes-back\",outcome=\"warned\"}} 2"
    );
    assert!(metrics.contains(&line), "{metrics}");
}

#[tokio::test]
async fn versions_are_judged_in_their_order_and_not_in_that_of_their_coming() {
    let world = start().await;
    let both = [dossier(DOSSIER, "4"), dossier(DOSSIER, "2")];
    accepted(&world, &dossiers(8, both)).await;
    assert_eq!(counts(&rules(&world, "dossiers").await), [warned("status-goes-back", 1)]);
    // An older version changes nothing, whatever it says.
    accepted(&world, &dossiers(1, [dossier(DOSSIER, "10")])).await;
    // The same batch once more is the same batch.
    accepted(&world, &dossiers(8, [dossier(DOSSIER, "4"), dossier(DOSSIER, "2")])).await;
    accepted(&world, &dossiers(10, [dossier(DOSSIER, "4")])).await;
    assert_eq!(counts(&rules(&world, "dossiers").await), [warned("status-goes-back", 1)]);
}

#[tokio::test]
async fn a_standard_that_refuses_has_the_record_refused_with_its_words() {
    let refusing = national(|name, text| {
        let is_dossier = name == "records/dossier.toml";
        let [warn, refuse] = ["warn", "refuse"]
            .map(|severity| format!("code = \"status-goes-back\"\nseverity = \"{severity}\""));
        if is_dossier { text.replace(&warn, &refuse) } else { text }
    });
    let world = World::start_with(|settings| settings.standard = refusing).await;
    accepted(&world, &dossiers(1, [dossier(DOSSIER, "10")])).await;
    let other = "000.00.16.H22-250603-0002";
    let batch = dossiers(2, [dossier(DOSSIER, "4"), dossier(other, "4")]);
    let receipt = world.deliver(&batch).await;
    assert_eq!(receipt.count_of(Outcome::Refused), 1);
    let [refusal] = &*receipt.refusals else { panic!("{receipt:?}") };
    assert_eq!((refusal.index, &*refusal.code), (0, "LT-7042"));
    assert!(refusal.reason_vi.contains("Trạng thái mới không thể"), "{refusal:?}");
    let found = counts(&rules(&world, "dossiers").await);
    assert_eq!(found, [("status-goes-back".to_owned(), 0, 1)]);
    // What was refused did not take the place of what stands.
    accepted(&world, &dossiers(4, [dossier(DOSSIER, "10")])).await;
    assert_eq!(counts(&rules(&world, "dossiers").await), found);
}

#[tokio::test]
async fn steps_are_judged_beside_those_before_and_beside_their_dossier() {
    let world = start().await;
    accepted(&world, &dossiers(1, [dossier(DOSSIER, "8")])).await;
    accepted(&world, &steps(1, [step(3, 9, "2", "An"), step(4, 9, "4", "An")])).await;
    assert_eq!(counts(&rules(&world, "progress").await), []);
    // One that lies before those that are known.
    accepted(&world, &steps(3, [step(3, 10, "4", "Bình")])).await;
    assert_eq!(counts(&rules(&world, "progress").await), [warned("step-came-late", 1)]);
    // The last step once more, by somebody else.
    accepted(&world, &steps(4, [step(4, 9, "4", "Bình")])).await;
    // Back to the beginning; and finished, while the dossier was stopped.
    accepted(&world, &steps(5, [step(5, 9, "2", "An"), step(6, 9, "9", "An")])).await;
    let found = rules(&world, "progress").await;
    assert_eq!(
        counts(&found),
        [
            warned("step-beside-dossier", 1),
            warned("step-came-late", 1),
            warned("step-goes-back", 1),
            warned("step-twice", 1),
        ]
    );
    let shown = serde_json::to_string(&found).unwrap();
    assert!(shown.contains(&format!("{DOSSIER} · 2025-06-06T09:00:00+07:00 · 9")), "{shown}");
    assert!(!shown.contains("An\"") && !shown.contains("Bình"), "no officer is named: {shown}");
    // The words of a known step are corrected: the step is not judged again.
    let corrected = step(6, 9, "9", "An").replace("Xử lý bước", "Đã xử lý bước");
    accepted(&world, &steps(9, [corrected])).await;
    assert_eq!(counts(&rules(&world, "progress").await), counts(&found));
}

#[tokio::test]
async fn single_records_are_counted_when_they_are_new_and_never_again() {
    let world = start().await;
    let silent = |status: &str| {
        dossier(DOSSIER, status).replace(r#""SoDienThoai":"0900000101","#, r#""Fax":"024","#)
    };
    accepted(&world, &dossiers(1, [silent("2")])).await;
    assert_eq!(counts(&rules(&world, "dossiers").await), [warned("phone-missing", 1)]);
    accepted(&world, &dossiers(1, [silent("2")])).await;
    accepted(&world, &dossiers(5, [silent("2")])).await;
    assert_eq!(counts(&rules(&world, "dossiers").await), [warned("phone-missing", 1)]);
    accepted(&world, &dossiers(6, [silent("4")])).await;
    assert_eq!(counts(&rules(&world, "dossiers").await), [warned("phone-missing", 2)]);

    let wrong = dossier(DOSSIER, "4").replace("2025-06-10T17:00", "9999-12-31T17:00");
    let receipt = world.deliver(&dossiers(7, [wrong])).await;
    assert_eq!(receipt.count_of(Outcome::Refused), 1);
    let refused = ("sentinel-date-due".to_owned(), 0, 1);
    assert_eq!(counts(&rules(&world, "dossiers").await), [warned("phone-missing", 2), refused]);
}

#[tokio::test]
async fn what_a_connector_reports_stands_beside_what_the_hub_saw() {
    let world = start().await;
    accepted(&world, &dossiers(1, [dossier(DOSSIER, "4")])).await;
    let feed = json!({
        "source": "igate", "feed": "dossiers", "state": "healthy", "pulled": 3, "accepted": 1,
        "quarantined": 2, "in_quarantine": 2, "waiting": 0, "delivered": 1,
        "last_success_at": null, "lag_secs": 0, "last_error": null,
        "rules": [{ "rule": "identity-12-digits", "warned": 0, "refused": 2 },
                  { "rule": "of-tomorrow", "warned": 1, "refused": 0 }],
    });
    let beat = json!({
        "agency": AGENCY, "connector": "0.1.0", "sent_at": world.now(), "interval_secs": 60,
        "feeds": [feed],
    });
    let request = world.client.post(format!("{}/v1/heartbeats", world.url));
    let response = request.bearer_auth(TOKEN).json(&beat).send().await.unwrap();
    assert_eq!(response.status(), 204);
    let found = rules(&world, "dossiers").await;
    assert_eq!(found[0]["rule"], "identity-12-digits", "the gravest comes first");
    assert_eq!((&found[0]["reported_refused"], &found[0]["refused"]), (&json!(2), &json!(0)));
    assert!(found[0]["message"]["vi"].as_str().unwrap().contains("12 chữ số"));
    assert_eq!(
        (&found[1]["rule"], &found[1]["message"]["vi"]),
        (&json!("of-tomorrow"), &json!(""))
    );
    let metrics = world.get("/metrics", OPERATOR).send().await.unwrap().text().await.unwrap();
    let line = "rule=\"identity-12-digits\",outcome=\"refused\"} 2";
    assert!(metrics.contains(line), "{metrics}");
}
