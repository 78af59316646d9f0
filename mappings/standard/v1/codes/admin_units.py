"""Writes districts.csv and communes.csv from the package vietnamadminunits (MIT).

    pip download --no-deps vietnamadminunits==1.0.4
    python3 admin_units.py vietnamadminunits-1.0.4-py3-none-any.whl

The package holds one picture of the units before 01/07/2025 and one of those after it, and says for
each commune of before which communes it became part of. What came before the first picture, and the
days on which its units began, are not in it; so they are left empty, and nothing is guessed. Of a
commune that was divided every successor is listed, also where the package has a favourite.
"""

import csv
import json
import pathlib
import sqlite3
import sys
import tempfile
import zipfile

LAST_DAY_BEFORE = "2025-06-30"
FIRST_DAY_AFTER = "2025-07-01"
SOURCE = "1.0.4"


def read(wheel):
    """Gives (communes of before, communes of after, the converter's tables)."""
    with zipfile.ZipFile(wheel) as packed, tempfile.TemporaryDirectory() as folder:
        if not any(f"vietnamadminunits-{SOURCE}.dist-info" in name for name in packed.namelist()):
            sys.exit(f"this is not vietnamadminunits {SOURCE}")
        packed.extract("vietnamadminunits/data/dataset.db", folder)
        database = sqlite3.connect(f"{folder}/vietnamadminunits/data/dataset.db")
        before = database.execute(
            "SELECT provinceKey, districtKey, wardKey, provinceCode, districtCode, district,"
            " wardCode, ward FROM admin_units_legacy"
        ).fetchall()
        after = database.execute(
            "SELECT provinceKey, wardKey, provinceCode, wardCode, ward FROM admin_units"
        ).fetchall()
        converter = json.loads(packed.read("vietnamadminunits/data/converter_2025.json"))
        return before, after, converter


def successors(after, converter):
    """Maps each key of before to the codes of the communes that it became part of."""
    codes = {}
    for province, ward, _, code, _ in after:
        if (province, ward) in codes:
            sys.exit(f"two communes {ward} in {province}")
        codes[province, ward] = code
    found = {}
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, parts in wards.items():
            for part in parts:
                found.setdefault(part, set()).add(codes[province, ward])
    for province, parts in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for part, wards in parts.items():
            for ward in wards:
                found.setdefault(part, set()).add(codes[province, ward["newWardKey"]])
    return found


def write(name, rows):
    head = ["code", "name_vi", "valid_from", "valid_to", "parent", "successor"]
    for row in rows:
        widths = {"districts.csv": 3, "communes.csv": 5}
        if len(row[0]) != widths[name] or not row[0].isdigit():
            sys.exit(f"{row[0]} is no code of {name}")
    path = pathlib.Path(__file__).with_name(name)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(sorted(rows, key=lambda row: (row[0], row[2])))
    print(f"{name}: {len(rows)} lines")


def main(wheel):
    before, after, converter = read(wheel)
    became = successors(after, converter)
    districts, communes, divided, orphans = {}, [], 0, []
    for province, district, ward, in_province, in_district, name, code, title in before:
        districts[in_district] = [in_district, name, "", LAST_DAY_BEFORE, in_province, ""]
        if code is None:
            # Five island districts had no communes.
            continue
        to = sorted(became.get(f"{province}_{district}_{ward}", ()))
        divided += len(to) > 1
        if not to:
            orphans.append(f"{code} {title}")
        communes.append([code, title, "", LAST_DAY_BEFORE, in_district, "|".join(to)])
    communes += [[c, name, FIRST_DAY_AFTER, "", parent, ""] for _, _, parent, c, name in after]
    write("districts.csv", list(districts.values()))
    write("communes.csv", communes)
    print(f"{divided} communes were divided; without a known successor: {orphans or 'none'}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
