//! Invented dossiers in one agency's own shape, as JSON lines and as XML.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

const FAMILIES: [&str; 6] = ["Nguyễn", "Trần", "Lê", "Phạm", "Đặng", "Vũ"];
const GIVEN: [&str; 6] = ["An", "Bình", "Cường", "Hà", "Phúc", "Thảo"];
const STATUSES: [&str; 10] = ["MOI", "DTN", "DXL", "YCBS", "TDX", "DDX", "TC", "RUT", "DTR", "CPH"];
const CHANNELS: [&str; 4] = ["TT", "TN", "BC", "DVC"];

/// Two files with the same dossiers.
#[derive(Clone, Debug)]
pub struct Dossiers {
    /// JSON lines.
    pub json: PathBuf,
    /// One XML document.
    pub xml: PathBuf,
    /// How many.
    pub count: usize,
}

struct Dossier {
    code: String,
    procedure: u32,
    received: String,
    due: String,
    returned: String,
    status: &'static str,
    agency: String,
    name: String,
    identity: u64,
    phone: (u32, u32, u32),
    born: String,
    fee: u32,
    channel: &'static str,
    level: u8,
    officer: u32,
}

/// Writes `count` dossiers into a folder; the same seed writes the same files.
///
/// # Errors
/// When a file can't be written.
pub fn write_dossiers(folder: &Path, count: usize, seed: u64) -> io::Result<Dossiers> {
    let dossiers =
        Dossiers { json: folder.join("dossiers.jsonl"), xml: folder.join("dossiers.xml"), count };
    let mut json = BufWriter::new(File::create(&dossiers.json)?);
    let mut xml = BufWriter::new(File::create(&dossiers.xml)?);
    writeln!(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DanhSachHoSo>")?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for index in 0..count {
        let dossier = draw(&mut rng, index);
        write_json(&mut json, &dossier)?;
        write_xml(&mut xml, &dossier)?;
    }
    writeln!(xml, "</DanhSachHoSo>")?;
    json.flush()?;
    xml.flush()?;
    Ok(dossiers)
}

fn draw(rng: &mut ChaCha8Rng, index: usize) -> Dossier {
    let agency = format!("H{:02}", rng.random_range(1..64));
    let (month, day) = (rng.random_range(1..=12), rng.random_range(1..=28));
    let (hour, minute) = (rng.random_range(0..24), rng.random_range(0..60));
    let status = *STATUSES.choose(rng).unwrap_or(&"MOI");
    let is_over = matches!(status, "DTR" | "TC" | "DDX");
    let family = FAMILIES.choose(rng).unwrap_or(&"Lê");
    let given = GIVEN.choose(rng).unwrap_or(&"An");
    Dossier {
        code: format!(
            "000.00.{:02}.{agency}-25{month:02}{day:02}-{index:06}",
            rng.random_range(0..99)
        ),
        procedure: rng.random_range(4000..6800),
        received: format!("{day:02}/{month:02}/2025 {hour:02}:{minute:02}:07"),
        due: format!("{day:02}/{month:02}/2026 08:00:00"),
        returned: if is_over {
            format!("{:02}/{month:02}/2026 10:{minute:02}:00", rng.random_range(1..=28))
        } else {
            String::new()
        },
        status,
        agency,
        name: format!("  {family} Thử {given}"),
        identity: rng.random_range(0..100_000_000_000),
        phone: (rng.random_range(900..999), rng.random_range(0..1000), rng.random_range(0..1000)),
        born: format!("{day:02}/{month:02}/{}", rng.random_range(1950..2005)),
        fee: rng.random_range(0..500) * 1000,
        channel: CHANNELS.choose(rng).unwrap_or(&"TT"),
        level: rng.random_range(2..=4),
        officer: rng.random_range(0..20_000),
    }
}

fn write_json(out: &mut impl io::Write, dossier: &Dossier) -> io::Result<()> {
    let (a, b, c) = dossier.phone;
    let record = serde_json::json!({
        "SoHoSo": dossier.code, "MaTTHC": format!("1.{:06}", dossier.procedure),
        "TenTTHC": format!("Thủ tục số {} – cấp & đổi giấy tờ", dossier.procedure),
        "NgayTiepNhan": dossier.received, "NgayHenTra": dossier.due, "NgayTra": dossier.returned,
        "TrangThai": dossier.status, "MaDonVi": dossier.agency,
        "TenDonVi": format!("Ủy ban nhân dân tỉnh {}", dossier.agency),
        "NguoiNop": {
            "HoTen": dossier.name, "SoCCCD": format!("0{:011}", dossier.identity),
            "DienThoai": format!("0{a} {b:03} {c:03}"), "NgaySinh": dossier.born,
            "Email": format!("user{}@example.vn", dossier.officer),
        },
        "LePhi": format!("{},00", dossier.fee), "HinhThucNop": dossier.channel,
        "MucDo": dossier.level.to_string(), "CanBoXuLy": format!("CB{:05}", dossier.officer),
        "GhiChu": "Hồ sơ kèm 3 tài liệu <bản sao>",
    });
    serde_json::to_writer(&mut *out, &record)?;
    out.write_all(b"\n")
}

fn write_xml(out: &mut impl io::Write, dossier: &Dossier) -> io::Result<()> {
    let (a, b, c) = dossier.phone;
    write!(
        out,
        "<HoSo><SoHoSo>{}</SoHoSo><MaTTHC>1.{:06}</MaTTHC>",
        dossier.code, dossier.procedure
    )?;
    write!(out, "<TenTTHC>Thủ tục số {} – cấp &amp; đổi giấy tờ</TenTTHC>", dossier.procedure)?;
    write!(out, "<NgayTiepNhan>{}</NgayTiepNhan>", dossier.received)?;
    write!(out, "<NgayHenTra>{}</NgayHenTra>", dossier.due)?;
    write!(out, "<NgayTra>{}</NgayTra>", dossier.returned)?;
    write!(out, "<TrangThai>{}</TrangThai><MaDonVi>{}</MaDonVi>", dossier.status, dossier.agency)?;
    write!(out, "<TenDonVi>Ủy ban nhân dân tỉnh {}</TenDonVi>", dossier.agency)?;
    write!(out, "<NguoiNop><HoTen>{}</HoTen>", dossier.name)?;
    write!(out, "<SoCCCD>0{:011}</SoCCCD>", dossier.identity)?;
    write!(out, "<DienThoai>0{a} {b:03} {c:03}</DienThoai>")?;
    write!(out, "<NgaySinh>{}</NgaySinh>", dossier.born)?;
    write!(out, "<Email>user{}@example.vn</Email></NguoiNop>", dossier.officer)?;
    write!(out, "<LePhi>{},00</LePhi>", dossier.fee)?;
    write!(out, "<HinhThucNop>{}</HinhThucNop>", dossier.channel)?;
    write!(out, "<MucDo>{}</MucDo>", dossier.level)?;
    write!(out, "<CanBoXuLy>CB{:05}</CanBoXuLy>", dossier.officer)?;
    writeln!(out, "<GhiChu>Hồ sơ kèm 3 tài liệu &lt;bản sao&gt;</GhiChu></HoSo>")
}
