use super::{is_map_key, is_personal_name, looks_personal};

#[test]
fn names_of_personal_fields_are_known() {
    for name in [
        "ownerFullname",
        "HoTenNguoiNop",
        "CitizenName",
        "EmaiNguoiNop",
        "phone_number",
        "Số điện thoại",
        "SoGiayToChuHoSo",
        "Ngày sinh",
        "DiaChi",
        "identityNumber",
        "UserProcessed",
        "@cccd",
        "DOB",
    ] {
        assert!(is_personal_name(name), "{name}");
    }
}

#[test]
fn names_of_other_fields_are_left() {
    for name in ["code", "dossierStatus", "TenTTHC", "MaLinhVuc", "DocTypeName", "amount", "Kỳ"] {
        assert!(!is_personal_name(name), "{name}");
    }
}

#[test]
fn values_of_people_are_known_by_their_look() {
    for value in [
        "Nguyễn Văn Mẫu",
        "TRAN THI B",
        "000000000101",
        "0900 000 301",
        "+84.900.000.301",
        "mau@example.vn",
        "001 234 567 890",
    ] {
        assert!(looks_personal(value), "{value}");
    }
}

#[test]
fn codes_and_words_are_nobodys() {
    for value in
        ["5", "Đang xử lý", "G03-GD10", "1.001612", "Trực tuyến", "CN", "2025-06-02 08:12:05"]
    {
        assert!(!looks_personal(value), "{value}");
    }
}

#[test]
fn keys_of_maps_are_no_names_of_fields() {
    assert!(is_map_key("65f1c0a2b3d4e5f600000001"));
    assert!(is_map_key("a@example.vn"));
    assert!(!is_map_key("Tháng 01/2024"));
    assert!(!is_map_key("dossierStatus"));
}
