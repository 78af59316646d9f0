//! The native dossier, the national one, and the way between them.

use std::borrow::Cow;
use std::io;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// A dossier as the agency's system writes it.
#[derive(Deserialize)]
pub(crate) struct Native<'a> {
    #[serde(rename = "SoHoSo", borrow)]
    code: Cow<'a, str>,
    #[serde(rename = "MaTTHC", borrow)]
    procedure_code: Cow<'a, str>,
    #[serde(rename = "TenTTHC", borrow)]
    procedure_name: Cow<'a, str>,
    #[serde(rename = "NgayTiepNhan", borrow)]
    received: Cow<'a, str>,
    #[serde(rename = "NgayHenTra", borrow)]
    due: Cow<'a, str>,
    #[serde(rename = "NgayTra", borrow, default)]
    returned: Cow<'a, str>,
    #[serde(rename = "TrangThai", borrow)]
    status: Cow<'a, str>,
    #[serde(rename = "MaDonVi", borrow)]
    agency_code: Cow<'a, str>,
    #[serde(rename = "TenDonVi", borrow)]
    agency_name: Cow<'a, str>,
    #[serde(rename = "NguoiNop", borrow)]
    applicant: Applicant<'a>,
    #[serde(rename = "LePhi", borrow)]
    fee: Cow<'a, str>,
    #[serde(rename = "HinhThucNop", borrow)]
    channel: Cow<'a, str>,
    #[serde(rename = "MucDo", borrow)]
    level: Cow<'a, str>,
    #[serde(rename = "CanBoXuLy", borrow)]
    officer: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Applicant<'a> {
    #[serde(rename = "HoTen", borrow)]
    name: Cow<'a, str>,
    #[serde(rename = "SoCCCD", borrow)]
    identity: Cow<'a, str>,
    #[serde(rename = "DienThoai", borrow)]
    phone: Cow<'a, str>,
    #[serde(rename = "NgaySinh", borrow)]
    born: Cow<'a, str>,
    #[serde(rename = "Email", borrow)]
    email: Cow<'a, str>,
}

/// A dossier of the 20-field standard.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct National<'a> {
    dossier_id: &'a str,
    procedure_code: &'a str,
    procedure_name: &'a str,
    received_at: String,
    due_at: Option<String>,
    returned_at: Option<String>,
    status_code: &'static str,
    status_name: &'static str,
    agency_code: &'a str,
    agency_name: &'a str,
    applicant_name: &'a str,
    applicant_id: &'a str,
    applicant_phone: String,
    applicant_birth_date: String,
    applicant_email: &'a str,
    fee_vnd: i64,
    channel: &'static str,
    service_level: u8,
    officer_code: &'a str,
    overdue: Option<bool>,
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("unknown {what}"))
}

fn moment(text: &str) -> io::Result<Option<DateTime>> {
    if text.is_empty() {
        return Ok(None);
    }
    DateTime::strptime("%d/%m/%Y %H:%M:%S", text).map(Some).map_err(io::Error::other)
}

fn iso(moment: DateTime) -> String {
    format!("{moment}+07:00")
}

fn status(native: &str) -> io::Result<(&'static str, &'static str)> {
    Ok(match native {
        "MOI" => ("01", "Mới đăng ký"),
        "DTN" => ("02", "Được tiếp nhận"),
        "DXL" => ("04", "Đang xử lý"),
        "YCBS" => ("05", "Yêu cầu bổ sung"),
        "TDX" => ("06", "Tạm dừng xử lý"),
        "DDX" => ("09", "Đã xử lý xong"),
        "TC" => ("08", "Từ chối"),
        "RUT" => ("07", "Công dân rút"),
        "DTR" => ("10", "Đã trả kết quả"),
        "CPH" => ("11", "Chờ phối hợp"),
        _ => return Err(wrong("status")),
    })
}

fn channel(native: &str) -> io::Result<&'static str> {
    Ok(match native {
        "TT" => "DIRECT",
        "TN" => "KIOSK",
        "BC" => "POST",
        "DVC" => "ONLINE",
        _ => return Err(wrong("channel")),
    })
}

impl Native<'_> {
    /// Maps the dossier.
    ///
    /// # Errors
    /// When a code, a date or a number is not one.
    pub(crate) fn to_national(&self) -> io::Result<National<'_>> {
        let received = moment(&self.received)?.ok_or_else(|| wrong("date"))?;
        let (due, returned) = (moment(&self.due)?, moment(&self.returned)?);
        let (status_code, status_name) = status(&self.status)?;
        let phone: String = self.applicant.phone.chars().filter(|c| *c != ' ').collect();
        let born = Date::strptime("%d/%m/%Y", &*self.applicant.born).map_err(io::Error::other)?;
        let fee = self.fee.split(',').next().unwrap_or_default();
        Ok(National {
            dossier_id: &self.code,
            procedure_code: &self.procedure_code,
            procedure_name: &self.procedure_name,
            received_at: iso(received),
            due_at: due.map(iso),
            returned_at: returned.map(iso),
            status_code,
            status_name,
            agency_code: &self.agency_code,
            agency_name: &self.agency_name,
            applicant_name: self.applicant.name.trim(),
            applicant_id: &self.applicant.identity,
            applicant_phone: format!("+84{}", phone.strip_prefix('0').unwrap_or(&phone)),
            applicant_birth_date: born.to_string(),
            applicant_email: &self.applicant.email,
            fee_vnd: fee.parse().map_err(io::Error::other)?,
            channel: channel(&self.channel)?,
            service_level: self.level.parse().map_err(io::Error::other)?,
            officer_code: &self.officer,
            overdue: returned.zip(due).map(|(returned, due)| returned > due),
        })
    }
}
