-- The rows of one export: dossiers that changed since a moment, lists joined by ##.
-- @Tu is the moment of the export before, less an hour: a dossier that comes twice does no harm.
SELECT
    hs.MaHoSo, hs.MaTTHC, tt.TenTTHC, hs.MaLinhVuc, hs.TenLinhVuc,
    hs.KenhThucHien, hs.LoaiDoiTuong, hs.MaDoiTuong, hs.ChuHoSo,
    hs.SoDienThoaiChuHoSo, hs.EmailChuHoSo, hs.SoGiayToChuHoSo,
    hs.TinhThanhChuHoSo, hs.QuanHuyenChuHoSo, hs.XaPhuongChuHoSo, hs.DiaChiChuHoSo,
    hs.TrichYeuHoSo,
    CONVERT(varchar(23), hs.NgayNopHoSo, 121) AS NgayNopHoSo,
    CONVERT(varchar(23), hs.NgayTiepNhan, 121) AS NgayTiepNhan,
    CONVERT(varchar(23), hs.NgayHenTra, 121) AS NgayHenTra,
    hs.TrangThaiHoSoId,
    CONVERT(varchar(23), hs.NgayTra, 121) AS NgayTra,
    hs.HinhThucTra,
    CONVERT(varchar(23), hs.NgayKetThucXuLy, 121) AS NgayKetThucXuLy,
    CONVERT(varchar(23), hs.NgayTuChoi, 121) AS NgayTuChoi,
    hs.GhiChu, hs.NoiNopHoSo, hs.HoSoCoThanhPhanSoHo, hs.TaiKhoanDuocXacThucVoiVNeID,
    hs.DuocThanhToanTrucTuyen, hs.LoaiDinhDanh, hs.SoDinhDanh,
    g.GroupName AS TenDonVi,
    giayTo.Ten AS TenGiayTo, giayTo.DuongDan AS DuongDan,
    phi.Ten AS TenLePhi, phi.SoTien AS SoTien,
    ketQua.Ten AS TenKetQua, ketQua.DuongDan AS DinhKemKetQua,
    hs.TrangThaiDongBoDVC
FROM Business.HoSos hs
LEFT JOIN Catalog.ThuTucs tt ON tt.MaTTHC = hs.MaTTHC
LEFT JOIN Catalog.Groups g ON g.GroupCode = hs.DonViId
-- One part a file, and an empty part where there is none, so that both lists have equal lengths.
OUTER APPLY (
    SELECT STRING_AGG(CONVERT(nvarchar(max), ISNULL(tp.Ten, '')), '##') WITHIN GROUP (ORDER BY tp.Id) AS Ten,
           STRING_AGG(CONVERT(nvarchar(max), ISNULL(tp.DinhKem, '')), '##') WITHIN GROUP (ORDER BY tp.Id) AS DuongDan
    FROM Business.ThanhPhanHoSos tp WHERE tp.HoSo = hs.MaHoSo AND tp.DeletedOn IS NULL
) giayTo
OUTER APPLY (
    SELECT STRING_AGG(CONVERT(nvarchar(max), N'Phí, lệ phí'), '##') AS Ten,
           STRING_AGG(CONVERT(varchar(30), yc.SoTien, 2), '##') AS SoTien
    FROM Business.YeuCauThanhToans yc WHERE yc.MaHoSo = hs.MaHoSo AND yc.DeletedOn IS NULL
) phi
-- The system's own text, which ends every part with the mark.
OUTER APPLY (
    SELECT hs.TrichYeuKetQua + '##' AS Ten, hs.DinhKemKetQua + '##' AS DuongDan
    WHERE hs.DinhKemKetQua IS NOT NULL
) ketQua
WHERE hs.DeletedOn IS NULL AND hs.LastModifiedOn >= @Tu;
