//! A ministry's public service portal, by the contract of 2026: dossiers created once, states by the
//! portal's own numbers, steps, tokens that end, and a creation whose answer is lost.

mod portal;

use std::fs;

use serde_json::json;
use tokio::runtime::Runtime;

use crate::world::World;
use portal::{Portal, serve};

const STATUS: &str = "source,national\nMOI,1\nDXL,4\nDDX,9\n";

const DOSSIERS: &str = r#"
mapping = "ministry/dossiers"
standard = "v1"
record_type = "dossier"
input = { format = "json" }
timezone = "Asia/Ho_Chi_Minh"

[fields]
MaHoSo = { from = "code" }
MaTTHC = { value = "1.015045" }
TenTTHC = { value = "Thủ tục thử" }
MaLinhVuc = { value = "G22-TT01" }
TenLinhVuc = { value = "Lĩnh vực thử" }
ChuHoSo = { from = "owner" }
LoaiDoiTuong = { from = "kind", codes = { CN = "1", DN = "2", CQ = "3" } }
NgayNopHoSo = { from = "submitted", timestamp = "%d/%m/%Y %H:%M:%S" }
NgayTiepNhan = { from = "received", timestamp = "%d/%m/%Y %H:%M:%S" }
TrangThaiHoSo = { from = "status", codes = "status" }
HinhThuc = { value = "0" }
DonViXuLy = { value = "Đơn vị thử" }

[groups.ThongTinNguoiNop]
fields.LoaiDoiTuong = { from = "kind", codes = { CN = "1", DN = "2", CQ = "3" } }
fields.TenNguoiNop = { from = "applicant" }
fields.NgayCapDinhDanh = { from = "issued", date = "%d/%m/%Y" }
"#;

const STEPS: &str = r#"
mapping = "ministry/steps"
standard = "v1"
record_type = "dossier-progress"
input = { format = "json" }
timezone = "Asia/Ho_Chi_Minh"

[fields]
MaHoSo = { from = "code" }
NguoiXuLy = { from = "officer" }
ThoiDiemXuLy = { from = "at", timestamp = "%d/%m/%Y %H:%M:%S" }
NoiDungXuLy = { from = "what" }
TrangThai = { from = "status", codes = "status" }
"#;

const ADAPTER: &str = r#"
system = "ministry"
kind = "file-drop"
version = "1"
title.vi = "Bộ thử"
title.en = "A trial ministry"

[feeds.dossiers]
record_type = "dossier"
mapping = "dossiers"
read = { format = "json-lines" }

[feeds.steps]
record_type = "dossier-progress"
mapping = "steps"
read = { format = "json-lines" }
"#;

/// Lays out the system's data and the connector's settings.
fn lay_out(world: &World, url: &str) {
    let library = world.path("portal-library");
    let write = |name: &str, text: &str| {
        let path = library.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("adapters/systems/ministry/adapter.toml", ADAPTER);
    write("mappings/systems/ministry/dossiers.toml", DOSSIERS);
    write("mappings/systems/ministry/steps.toml", STEPS);
    write("mappings/systems/ministry/codes/status.csv", STATUS);
    fs::create_dir_all(world.path("in/dossiers")).unwrap();
    fs::create_dir_all(world.path("in/steps")).unwrap();
    let source = |feed: &str| {
        format!(
            "[[sources]]\nname = \"{feed}\"\nsystem = \"ministry\"\nfeeds = [\"{feed}\"]\n\
             settings = {{ folder = \"in/{feed}\", pattern = \"*.jsonl\", settle_secs = 0 }}\n\n"
        )
    };
    let settings = format!(
        "agency = \"H22\"\ndata_folder = \"connector-data\"\nlibrary_folder = \"portal-library\"\n\
         standard = \"v1\"\n\n[log]\nfilter = \"error\"\n\n{}{}\
         [[endpoints]]\nname = \"ministry\"\ntype = \"dvc-bo\"\nurl = \"{url}/dvcbo\"\n\
         token_url = \"{url}/token\"\nclient_id = \"{}\"\nclient_secret = {{ file = \"token\" }}\n\
         unit = \"G09.20\"\n\
         delivery = {{ retry = {{ min_secs = 1, max_secs = 1 }} }}\n",
        source("dossiers"),
        source("steps"),
        portal::CLIENT,
    );
    fs::write(world.path("connector.toml"), settings).unwrap();
}

fn code(number: usize) -> String {
    format!("G09.20-20260609-{number:07}")
}

fn dossiers(world: &World, name: &str, numbers: std::ops::Range<usize>, status: &str) {
    let lines = numbers.map(|number| {
        let kind = if number == 13 { "CQ" } else { ["CN", "DN"][number % 2] };
        json!({
            "code": code(number), "owner": "Chủ hồ sơ giả định", "kind": kind,
            "applicant": "Người nộp giả định", "issued": "19/05/2021",
            "submitted": "08/06/2026 23:59:59", "received": "09/06/2026 08:00:00",
            "status": status,
        })
        .to_string()
    });
    fs::write(world.path("in/dossiers").join(name), lines.collect::<Vec<_>>().join("\n")).unwrap();
}

#[test]
fn a_ministrys_portal_gets_each_dossier_once_and_every_state() {
    let runtime = Runtime::new().unwrap();
    let world = World::new();
    // The token is refused from time to time, and the answer to one creation is lost.
    let portal = Portal::new("job-token-of-h22", 7, &code(5));
    let url = serve(&runtime, &portal);
    lay_out(&world, &url);
    let run = || {
        let output = world.lienthong(&["run", "--once", "--json", "--settings", "connector.toml"]);
        let words = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
        assert_eq!(output.status.code(), Some(0), "{words}");
    };

    dossiers(&world, "one.jsonl", 0..40, "MOI");
    run();
    let state = portal.state();
    assert_eq!(state.faults, Vec::<String>::new());
    assert_eq!(state.dossiers.len(), 39, "all but the one without a code there");
    assert!(state.dossiers.values().all(|dossier| dossier.creations == 1));
    assert!(state.dossiers.values().all(|dossier| dossier.states == [1]));
    assert_eq!(state.creations_repeated, 1, "the one whose answer was lost");
    assert!(state.tokens > 3, "a token that ends is renewed");
    let one = &state.dossiers[&code(0)].body;
    assert_eq!(one["NgayTiepNhan"], "2026-06-09 08:00:00");
    assert_eq!(one["ThongTinNguoiNop"]["ThongTinChiTiet"]["NgayCapDinhDanh"], "20210519000000");
    drop(state);
    let refused = world.quarantine();
    assert_eq!(refused.len(), 1);
    let words = refused[0].to_string();
    assert!(words.contains("LT-6012") && words.contains("has no code"), "{words}");

    // The same dossiers in another state, and steps that name them.
    dossiers(&world, "two.jsonl", 0..12, "DXL");
    let step = |number: usize| {
        json!({
            "code": code(number), "officer": "Cán bộ giả định", "what": "Thẩm định",
            "at": "10/06/2026 09:30:00", "status": "DXL",
        })
        .to_string()
    };
    let steps: Vec<String> = (0..25).map(step).collect();
    fs::write(world.path("in/steps/one.jsonl"), steps.join("\n")).unwrap();
    run();
    let state = portal.state();
    assert_eq!(state.faults, Vec::<String>::new());
    assert_eq!(state.dossiers[&code(3)].states, [1, 4]);
    assert_eq!(state.dossiers[&code(20)].states, [1]);
    assert!(state.dossiers.values().all(|dossier| dossier.creations == 1));
    let steps: usize = state.dossiers.values().map(|dossier| dossier.steps).sum();
    // Dossier 13 was refused by the contract, so that the portal knows no such dossier.
    assert_eq!(steps, 24);
    drop(state);
    let refused = world.quarantine();
    assert_eq!(refused.len(), 2);
    assert!(refused.iter().any(|row| row.to_string().contains("Không tìm thấy hồ sơ")));

    // Nothing new: nothing is sent.
    let requests = portal.state().requests;
    run();
    assert_eq!(portal.state().requests, requests);
}
