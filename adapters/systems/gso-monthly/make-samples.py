"""Makes the two sample workbooks anew: `python3 make-samples.py` with xlwt 1.3 and openpyxl 3.1.

Structure, fonts and headings are those of the published workbooks; the figures are the published
ones of March 2008 and June 2024. Three things are wrong on purpose: a label without its tone marks,
a figure that is a formula's error, and a column whose heading says nothing that a rule knows.
"""

import pathlib

import openpyxl
import xlwt

FOLDER = pathlib.Path(__file__).parent / "samples"

LETTERS = dict(
    zip(
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        map(
            chr,
            [*range(0xA1, 0xAF), *range(0xB5, 0xBA), *range(0xBB, 0xBF), *range(0xC6, 0xCC)]
            + [0xCC, *range(0xCE, 0xD9), 0xDC, 0xDD, 0xDE, 0xDF, *range(0xE1, 0xF0)]
            + [*range(0xF1, 0xFF)],
        ),
    )
)


def tcvn3(text):
    """TCVN3 bytes as an old workbook holds them; all capitals are small letters in an H font."""
    text = text.lower() if text.isupper() else text
    return "".join(LETTERS.get(letter, letter) for letter in text)


def font(name):
    style = xlwt.XFStyle()
    style.font = xlwt.Font()
    style.font.name = name
    return style


SMALL, CAPITALS = font(".VnArial"), font(".VnArialH")

PRICES_2008 = [
    ("CHỈ SỐ GIÁ TIÊU DÙNG", 0, 133.04, 119.39, 109.19, 102.99, 116.38),
    None,
    ("Hàng ăn và dịch vụ ăn uống", 1, 149.11, 130.64, 114.45, 103.88, 125.92),
    ("Lương thực", 2, 157.31, 130.14, 117.91, 110.5, 121.53),
    ("Thực phẩm", 3, 146.44, 131.62, 113.08, 101.36, 128.41),
    ("Đồ uống và thuốc lá", 1, 120.3, 107.73, 104.38, 100.66, 106.97),
    ("May mặc, giày dép và mũ nón", 1, 117.94, 108.42, 103.69, 100.89, 107.58),
    ("Nhà ở và vật liệu xây dựng", 1, 137.29, 120.61, 108.01, 103.55, 117.94),
    ("Thiết bị và đồ dùng gia đình", 1, 116.73, 106.63, 103.12, 101.51, 105.78),
    ("Dược phẩm, y tế", 1, 115.23, 108.06, 101.87, 100.73, 107.73),
    ("Phương tiện đi lại, bưu điện", 1, 124.27, 114.34, 107.32, 105.76, 110.05),
    ("Bưu chính, viễn thông", 2, 83.94, 87.87, 90.91, 99.68, 88.03),
    ("Giáo dục", 1, 108.59, 102.12, 100.6, 100.3, 101.99),
    ("Văn hoá, thể thao, giải trí", 1, 109.84, 104.38, 103.72, 101.29, 102.61),
    ("Đồ dùng và dịch vụ khác", 1, 125.83, 112.83, 106.19, 100.1, 111.94),
    None,
    ("CHỈ SỐ GIÁ VÀNG", 0, 217.64, 145.69, 118.46, 106.45, 140.5),
    ("CHỈ SỐ GIÁ ĐÔ LA MỸ", 0, 99.54, 98.51, 98.12, 98.49, 99.42),
]

INDUSTRIES_2024 = [
    ("Toàn ngành công nghiệp", 0, 110.03, 100.67, 110.92, 107.72),
    ("Khai khoáng", 0, 91.7, 97.36, 92.32, 94.53),
    ("Khai thác than cứng và than non", 1, 101.1, 92.54, 101.27, 100.03),
    ("Khai thác dầu thô và khí đốt tự nhiên", 1, 83.17, 98.63, 84.73, 88.29),
    ("Công nghiệp chế biến, chế tạo", 0, 111.88, 100.98, 112.62, 108.45),
    ("Sản xuất, chế biến thực phẩm", 1, 107.47, 104.03, 110.36, 106.54),
    ("Dệt", 1, 108.9, 101.77, 111.41, 112.61),
    ("San xuat trang phuc", 1, 109.19, 103.96, 106.98, 105.68),
    ("Sản xuất da và các sản phẩm có liên quan", 1, 111.63, 101.92, 115.35, "#REF!"),
    ("Sản xuất sản phẩm từ kim loại đúc sẵn\n(trừ máy móc, thiết bị)", 1)
    + (122.19, 98.92, 118.06, 113.09),
    ("Sản xuất và phân phối điện", 0, 112.32, 100.34, 113.66, 113.01),
    ("Sản xuất và phân phối điện", 1, 112.32, 100.34, 113.66, 113.01),
    ("Cung cấp nước; hoạt động quản lý và xử lý \nrác thải, nước thải", 0)
    + (105.25, 103.1, 108, 106.26),
    ("Khai thác, xử lý và cung cấp nước", 1, 105.52, 102.32, 106.76, 106.28),
]

PRICES_2024 = [
    ("CHỈ SỐ GIÁ TIÊU DÙNG", 0)
    + (115.3874114891388, 104.33778739573216, 101.40439988746408, 100.1653)
    + (104.39496969763775, 104.08294568908309),
    ("Hàng ăn và dịch vụ ăn uống", 1)
    + (120.58486804753237, 104.65823557308072, 102.17762957785028, 100.7513)
    + (104.48298177891682, 104.00383943877566),
    ("Lương thực", 2)
    + (132.1652570118035, 114.78057804574154, 102.22152187927938, 100.0459)
    + (115.0221230754314, 115.76199523171356),
    ("Giao thông", 1)
    + (110.10689476968517, 103.025056133077, 101.3184770808753, 97.733)
    + (104.2760335776237, 103.26738851679703),
    ("CHỈ SỐ GIÁ VÀNG", 0)
    + (194.97780909067612, 129.5140842199652, 118.25938441880825, 97.3583)
    + (130.09519182723307, 124.02044669558164),
    ("LẠM PHÁT CƠ BẢN", 0, None, 2.613387, None, 0.181522, None, 2.752885),
]


def old_workbook():
    book = xlwt.Workbook(encoding="latin-1")
    book.add_sheet("Sheet1")
    value = book.add_sheet("02GTCN")
    value.write(0, 0, tcvn3("4. Giá trị sản xuất công nghiệp tháng 3"), SMALL)
    value.write(1, 0, tcvn3("   và quí I năm 2008 theo giá so sánh 1994"), SMALL)
    value.write(9, 0, tcvn3("TỔNG SỐ"), CAPITALS)
    value.write(9, 2, 47919.0)
    sheet = book.add_sheet("Gia")
    sheet.write(0, 0, tcvn3("10. Chỉ số giá tiêu dùng, chỉ số giá vàng"), SMALL)
    sheet.write(1, 0, tcvn3("      và đô la Mỹ tháng 3 năm 2008"), SMALL)
    sheet.write(4, 7, " %", SMALL)
    sheet.write_merge(5, 5, 3, 6, tcvn3("Tháng 3 năm 2008 so với:"), SMALL)
    lines = ["Chỉ số giá quí I", "năm 2008 so với", "cùng kỳ năm 2007"]
    for row, line in enumerate(lines, 5):
        sheet.write(row, 7, tcvn3(line), SMALL)
    heads = ["Kỳ gốc|(2005)", "Tháng 3|năm 2007", "Tháng 12|năm 2007", "Tháng 2|năm 2008"]
    for column, head in enumerate(heads, 3):
        for row, line in enumerate(head.split("|"), 6):
            sheet.write(row, column, tcvn3(line), SMALL)
    for row, entry in enumerate(PRICES_2008, 9):
        if entry is None:
            continue
        label, depth, *figures = entry
        style = CAPITALS if label.isupper() else SMALL
        if depth == 2:
            sheet.write(row, 1, tcvn3("    Trong đó:"), SMALL)
        sheet.write(row, min(depth, 2), tcvn3(label), style)
        for column, figure in enumerate(figures, 3):
            sheet.write(row, column, figure)
    book.save(str(FOLDER / "Bieu-03-2008.xls"))


def new_workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "9.IIPthang"
    sheet["A1"] = "9. Chỉ số sản xuất công nghiệp tháng 6 và 6 tháng năm 2024"
    sheet["E2"] = "%"
    heads = [
        "Tháng 5|năm 2024|so với|cùng kỳ|năm trước",
        "Tháng 6|năm 2024|so với|tháng |trước",
        "Tháng 6|năm 2024|so với|cùng kỳ|năm trước",
        "6 tháng|năm 2024|so với|cùng kỳ |năm trước",
    ]
    fill(sheet, heads, 2, 3, INDUSTRIES_2024, 9)
    prices = book.create_sheet("32.CPI")
    prices["A1"] = "32. Chỉ số giá tiêu dùng, chỉ số giá vàng, chỉ số giá đô la Mỹ "
    prices["A2"] = "       và lạm phát cơ bản tháng 6 năm 2024"
    prices["I4"] = "%"
    prices["D5"] = "Tháng 6 năm 2024 so với:"
    prices.merge_cells("D5:G5")
    heads = [
        "Kỳ gốc|(2019)",
        "Tháng 6|năm |2023",
        "Tháng 12|năm |2023",
        "Tháng 5|năm |2024",
        "Bình quân|quý II|năm 2024|so với|cùng kỳ|năm trước",
        "Bình quân|6 tháng|năm 2024|so với|cùng kỳ|năm trước",
    ]
    prices["H5"], prices["I5"] = "Bình quân", "Bình quân"
    heads[4], heads[5] = heads[4].partition("|")[2], heads[5].partition("|")[2]
    for row, entry in enumerate(PRICES_2024, 12):
        label, depth, *figures = entry
        if depth == 2:
            prices.cell(row, 2, "    Trong đó:")
        prices.cell(row, min(depth, 2) + 1, label)
        for column, figure in enumerate(figures, 4):
            prices.cell(row, column, figure)
    fill(prices, heads, 4, 6, [], 12)
    prices["J6"], prices["J12"] = "Quyền số", 100
    other = book.create_sheet("21.DS")
    other["A1"] = "21. Một số chỉ tiêu dân số và lao động"
    book.save(FOLDER / "Bieu-T6.2024.xlsx")


def fill(sheet, heads, first_column, first_row, rows, start):
    for column, head in enumerate(heads, first_column):
        for row, line in enumerate(head.split("|"), first_row):
            sheet.cell(row, column, int(line) if line.isdigit() else line)
    for row, (label, indent, *figures) in enumerate(rows, start):
        cell = sheet.cell(row, 1, label)
        cell.alignment = openpyxl.styles.Alignment(indent=indent, wrap_text=True)
        for column, figure in enumerate(figures, first_column):
            sheet.cell(row, column, figure)


old_workbook()
new_workbook()
