//! The portal's contract, as a client of it sees it.

use serde_json::{Value, json};

use crate::world::{AGENCY, OTHER, READER, World};

struct Client<'w> {
    world: &'w World,
    unit: &'static str,
    session: String,
}

impl<'w> Client<'w> {
    async fn log_in(world: &'w World, user: &str, password: &str, unit: &'static str) -> Self {
        let answer = log_in(world, user, password).await;
        assert_eq!(answer["error_code"], 0, "{answer}");
        let session = answer["session"].as_str().unwrap().to_owned();
        Self { world, unit, session }
    }

    async fn first(world: &'w World) -> Self {
        Self::log_in(world, "tinh-a", "mat-khau-a", AGENCY).await
    }

    async fn call(&self, service: &str, more: Value) -> Value {
        let mut envelope =
            json!({ "session": self.session, "madonvi": self.unit, "service": service });
        envelope.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(self.world, "integration", &envelope).await
    }

    async fn write(&self, is_updating: &str, data: Value) -> Value {
        self.call("DongBoHoSoMC", json!({ "isUpdating": is_updating, "data": data })).await
    }
}

async fn log_in(world: &World, user: &str, password: &str) -> Value {
    post(world, "login", &json!({ "username": user, "password": password })).await
}

async fn post(world: &World, path: &str, body: &Value) -> Value {
    let request = world.client.post(format!("{}/dvcqg/{path}", world.url));
    let response = request.header("dstcode", "VN:GOV:test").json(body).send().await.unwrap();
    assert_eq!(response.status(), 200);
    crate::world::json(response).await
}

fn dossier(code: &str) -> Value {
    json!({
        "MaHoSo": code, "MaTTHC": "1.001612", "TenTTHC": "Đăng ký kinh doanh",
        "MaLinhVuc": "G12-KD01", "TenLinhVuc": "Kinh doanh", "ChuHoSo": "Nguyễn Thị Mẫu",
        "LoaiDoiTuong": "1", "MaDoiTuong": "", "ThongTinKhac": "", "Email": "", "Fax": "",
        "SoDienThoai": "", "TrichYeuHoSo": "Đăng ký", "NgayTiepNhan": "20250620013500",
        "NgayHenTra": "20250625170000", "TrangThaiHoSo": "4", "NgayTra": "", "ThongTinTra": "",
        "HinhThuc": "0", "NgayKetThucXuLy": "", "DonViXuLy": "Sở Tài chính", "GhiChu": "",
        "TaiLieuNop": [{ "TepDinhKemId": "1", "TenTepDinhKem": "don.pdf", "IsDeleted": "False",
            "MaThanhPhanHoSo": "", "DuongDanTaiTepTin": "https://example.vn/don.pdf" }],
        "DanhSachLePhi": [], "DanhSachTepDinhKemKhac": [], "DanhSachHoSoBoSung": [],
        "DanhSachGiayToKetQua": [],
    })
}

fn step(code: &str, at: &str) -> Value {
    json!({
        "MaHoSo": code, "NguoiXuLy": "Trần Văn Ví Dụ", "ChucDanh": "", "ThoiDiemXuLy": at,
        "PhongBanXuLy": "", "NoiDungXuLy": "Tiếp nhận", "TrangThai": "2", "NgayBatDau": "",
        "NgayKetThucTheoQuyDinh": "",
    })
}

#[tokio::test]
async fn dossier_is_inserted_looked_up_and_updated() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let code = "000.00.00.H22-250620-0001";
    let found = client.call("TraCuuHoSo", json!({ "mahoso": code })).await;
    assert_eq!((&found["error_code"], &found["result"]), (&json!(0), &json!([])));

    let made = client.write("False", json!([dossier(code)])).await;
    assert_eq!(made["error_code"], "0", "codes of writes are strings");
    assert!(made["message"].as_str().unwrap().contains("thành công"));

    let again = client.write("False", json!([dossier(code)])).await;
    assert_eq!(again["error_code"], "-3");
    assert!(again["message"].as_str().unwrap().contains("đã tồn tại"));

    let mut newer = dossier(code);
    newer["TrangThaiHoSo"] = "9".into();
    assert_eq!(client.write("True", json!([newer])).await["error_code"], "0");
    let found = client.call("TraCuuHoSo", json!({ "mahoso": code })).await;
    assert_eq!(found["result"], json!([newer]), "what was sent comes back as it is");

    let missing = client.write("True", json!([dossier("000.00.00.H22-250620-0002")])).await;
    assert_eq!(missing["error_code"], "-4");
    let stats = world.json("/v1/dvcqg/stats", READER).await;
    let expected = json!({
        "dossiers": 1, "inserts": 1, "updates": 1, "inserts_refused": 1, "updates_refused": 1,
        "inserted_twice": 0, "progress": 0, "progress_doubled": 0,
    });
    assert_eq!(stats, expected);
}

#[tokio::test]
async fn inserts_at_once_make_a_dossier_once() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let record = json!([dossier("000.00.00.H22-250620-0001")]);
    let writes = [(); 4].map(|()| client.write("False", record.clone()));
    let [a, b, c, d] = writes;
    let answers = tokio::join!(a, b, c, d);
    let codes =
        [answers.0, answers.1, answers.2, answers.3].map(|answer| answer["error_code"].clone());
    assert_eq!(codes.iter().filter(|code| **code == "0").count(), 1);
    assert_eq!(codes.iter().filter(|code| **code == "-3").count(), 3);
    assert_eq!(world.json("/v1/dvcqg/stats", READER).await["inserted_twice"], 0);
}

#[tokio::test]
async fn progress_is_kept_in_order_and_repetitions_are_counted() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let code = "000.00.00.H22-250620-0001";
    let early =
        client.call("CapNhatTienDoHoSoMC", json!({ "data": [step(code, "20250620013500")] })).await;
    assert_eq!(early["error_code"], "-4", "progress of a dossier that is not there");
    client.write("False", json!([dossier(code)])).await;
    let steps = json!([step(code, "20250620013500"), step(code, "20250621080000")]);
    for _ in 0..2 {
        let sent = client.call("CapNhatTienDoHoSoMC", json!({ "data": steps })).await;
        assert_eq!(sent["error_code"], "0");
    }
    let stats = world.json("/v1/dvcqg/stats", READER).await;
    assert_eq!((&stats["progress"], &stats["progress_doubled"]), (&json!(4), &json!(2)));
}

#[tokio::test]
async fn sessions_end_by_the_clock_and_at_a_restart() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    world.shift(599);
    let look_up = json!({ "mahoso": "x" });
    assert_eq!(client.call("TraCuuHoSo", look_up.clone()).await["error_code"], 0);
    world.shift(1);
    let ended = client.call("TraCuuHoSo", look_up.clone()).await;
    assert_eq!(ended["error_code"], -2);
    assert!(ended["message"].as_str().unwrap().contains("Phiên làm việc"));
    let session = Client::first(&world).await.session;
    let world = World::start_in(world.stop().await, |_| {}).await;
    let client = Client { world: &world, unit: AGENCY, session };
    assert_eq!(client.call("TraCuuHoSo", look_up).await["error_code"], -2);
}

#[tokio::test]
async fn accounts_do_not_see_each_others_dossiers() {
    let world = World::start().await;
    let first = Client::first(&world).await;
    let code = "000.00.00.H22-250620-0001";
    first.write("False", json!([dossier(code)])).await;
    let second = Client::log_in(&world, "tinh-b", "mat-khau-b", OTHER).await;
    let found = second.call("TraCuuHoSo", json!({ "mahoso": code })).await;
    assert_eq!(found["result"], json!([]));
    assert_eq!(second.write("True", json!([dossier(code)])).await["error_code"], "-6");
    let posing = Client { unit: AGENCY, ..second };
    assert_eq!(posing.call("TraCuuHoSo", json!({ "mahoso": code })).await["error_code"], -6);
}

#[tokio::test]
async fn faults_are_told_by_record_and_field_and_nothing_is_stored() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    let mut bad = dossier("000.00.00.H22-250620-0002");
    bad["NgayTiepNhan"] = "20250231000000".into();
    bad["TrangThaiHoSo"] = "11".into();
    bad["TaiLieuNop"][0]["IsDeleted"] = true.into();
    bad.as_object_mut().unwrap().remove("TenTTHC");
    let answer = client.write("False", json!([dossier("000.00.00.H22-250620-0001"), bad])).await;
    assert_eq!(answer["error_code"], "-5");
    let message = answer["result"][1]["message"].as_str().unwrap();
    for field in ["NgayTiepNhan", "TrangThaiHoSo", "TaiLieuNop[0].IsDeleted", "TenTTHC"] {
        assert!(message.contains(field), "{field}: {message}");
    }
    assert!(!message.contains("20250231"), "values may be personal");
    assert_eq!(answer["result"][0]["error_code"], "-7");
    assert_eq!(world.json("/v1/dvcqg/stats", READER).await["dossiers"], 0);
    // Two inserts of one dossier in one request are no way around the rule.
    let twice = json!([dossier("000.00.00.H22-250620-0003"), dossier("000.00.00.H22-250620-0003")]);
    assert_eq!(client.write("False", twice).await["error_code"], "-3");
    assert_eq!(world.json("/v1/dvcqg/stats", READER).await["dossiers"], 0);
}

#[tokio::test]
async fn requests_out_of_form_are_refused() {
    let world = World::start().await;
    let client = Client::first(&world).await;
    assert_eq!(log_in(&world, "tinh-a", "wrong").await["error_code"], -1);
    assert_eq!(log_in(&world, "nobody", "mat-khau-a").await["error_code"], -1);
    assert_eq!(client.write("true", json!([dossier("A")])).await["error_code"], "-1");
    assert_eq!(client.write("False", json!([])).await["error_code"], "-1");
    assert_eq!(client.call("XoaHoSo", json!({})).await["error_code"], -1);
    assert_eq!(client.call("TraCuuHoSo", json!({})).await["error_code"], -1);
    let url = format!("{}/dvcqg/login", world.url);
    let body = json!({ "username": "tinh-a", "password": "mat-khau-a" });
    let undirected = world.client.post(&url).json(&body).send().await.unwrap();
    assert_eq!(crate::world::json(undirected).await["error_code"], -1, "no dstcode");
    // The destination may stand in the query too, and words of the parser must not quote the body.
    let url = format!("{url}?dstcode=VN:GOV:test");
    let broken = world.client.post(&url).body("{\"password\":\"bi-mat\"").send().await.unwrap();
    let answer = crate::world::json(broken).await;
    assert_eq!(answer["error_code"], -1);
    assert!(!answer.to_string().contains("bi-mat"));
}

#[tokio::test]
async fn bounds_show_in_the_status_and_in_the_contracts_form() {
    let world = World::start_with(|settings| {
        settings.limits.requests_per_sec = 1;
        settings.limits.requests_burst = 2;
        settings.limits.body_bytes_max = 10_000;
    })
    .await;
    let client = Client::first(&world).await;
    client.call("TraCuuHoSo", json!({ "mahoso": "x" })).await;
    let url = format!("{}/dvcqg/integration", world.url);
    let envelope = json!({
        "session": client.session, "madonvi": AGENCY, "service": "TraCuuHoSo", "mahoso": "x",
    });
    let request = |body: String| world.client.post(&url).header("dstcode", "x").body(body);
    let refused = request(envelope.to_string()).send().await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (429, &"1".parse().unwrap())
    );
    assert_eq!(crate::world::json(refused).await["error_code"], -9);
    let long = request("x".repeat(10_001)).send().await.unwrap();
    assert_eq!(long.status(), 413);
    let deep = request(format!("{}{}", "[".repeat(65), "]".repeat(65))).send().await.unwrap();
    assert_eq!(deep.status(), 422);
    assert_eq!(crate::world::json(deep).await["error_code"], "-9");
}
