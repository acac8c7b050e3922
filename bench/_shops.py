"""A register of shops as a department exports it: twelve columns, one line in fifty faulty in one of thirteen ways, the truth known."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from pathlib import Path

HEADS = (
    "Mã", "Tên cửa hàng", "Địa chỉ", "Loại", "Giá thuê", "Diện tích", "Ngày cấp", "Cập nhật lúc", "Điện thoại", "Vĩ độ", "Kinh độ",
    "Trang web",
)  # fmt: skip
EVERY_FAULTY = 50
KINDS = ("Tạp hóa", "Nhà thuốc", "Quán ăn", "Vật liệu xây dựng", "Điện máy", "Giày dép")
STREETS = ("Nguyễn Trãi", "Trần Hưng Đạo", "Lê Thanh Nghị", "Thống Nhất", "Bạch Đằng", "Phạm Ngũ Lão")
FAULTS: tuple[tuple[int, str], ...] = (
    (1, ""), (3, "x" * 81), (4, "12a"), (4, "-5.000"), (5, "1.2.3"), (6, "31/02/2026"), (7, "24/11/2026 25:00"), (8, "abc"),
    (9, "95.10000"), (9, "swap"), (10, ""), (11, "javascript:alert(1)"), (0, "again"),
)  # fmt: skip
"""Column and what stands in it: empty, too long, no number, negative, two points, no such day, no such hour, no telephone, outside the
earth, exchanged with its neighbour, half a point, no address, the key of another line."""


def line(number: int, rng: random.Random) -> list[str]:
    """Return one sound line."""
    street = STREETS[number % 6]
    return [
        f"CH{number:07}", f"Cửa hàng số {number} {street}", f"Số {number % 900}, đường {street}, phường Lê Thanh Nghị",
        KINDS[number % 6], f"{rng.randrange(10, 9000) * 1000:,}".replace(",", "."), f"{rng.randrange(10, 300)},{number % 10}",
        f"{1 + number % 28}/{1 + number % 12}/{2000 + number % 26}", f"24/11/2026 {number % 24:02}:{number % 60:02}",
        f"0220 3{rng.randrange(100000, 999999)}", f"{20.8 + rng.random() / 3:.5f}", f"{106.2 + rng.random() / 3:.5f}",
        f"https://cua-hang.example.vn/{number}",
    ]  # fmt: skip


def spoiled(row: list[str], number: int) -> list[str]:
    """Return the line made faulty in the way whose turn it is."""
    place, written = FAULTS[number // EVERY_FAULTY % len(FAULTS)]
    if written == "swap":
        row[9], row[10] = row[10], row[9]
    elif written == "again":
        row[0] = f"CH{number - 1:07}"
    else:
        row[place] = written
    return row


def lines(count: int, *, seed: int = 7, changed: bool = False, clean: bool = False) -> Iterator[list[str]]:
    """Yield the lines; ``changed`` alters one sound line in fifty, ``clean`` leaves the faulty ones out."""
    rng = random.Random(seed)
    for number in range(1, count + 1):
        row = line(number, rng)
        if number % EVERY_FAULTY == 0:
            if clean:
                continue
            row = spoiled(row, number)
        elif changed and number % 50 == 1:
            row[1] += " mới"
        yield row


def faulty_numbers(count: int) -> set[int]:
    """Return the numbers of the faulty lines as a spreadsheet shows them, the heading being line 1."""
    return {number + 1 for number in range(EVERY_FAULTY, count + 1, EVERY_FAULTY)}


def write(path: Path, count: int, *, seed: int = 7, changed: bool = False) -> Path:
    """Write the file."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADS)
        writer.writerows(lines(count, seed=seed, changed=changed))
    return path


def raw_csv(count: int) -> str:
    """Return the sound lines as PostgreSQL's own COPY takes them into typed columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in lines(count, clean=True):
        day, month, year = row[6].split("/")
        row[4], row[5] = row[4].replace(".", ""), row[5].replace(",", ".")
        row[6], row[7] = f"{year}-{month}-{day}", f"2026-11-24 {row[7][11:]}"
        row[8] = row[8].replace(" ", "")
        writer.writerow(row)
    return out.getvalue()


def mapping() -> dict[str, object]:
    """Return how its columns are declared."""
    kinds = (
        "text",
        "text",
        "text",
        "choice",
        "money",
        "number",
        "day",
        "moment",
        "phone",
        "latitude",
        "longitude",
        "url",
    )
    keys = (
        "ma",
        "ten",
        "dia_chi",
        "loai",
        "gia",
        "dien_tich",
        "ngay_cap",
        "cap_nhat",
        "dien_thoai",
        "lat",
        "lon",
        "web",
    )
    told = [
        {
            "key": key,
            "label": head,
            "header": head,
            "kind": kind,
            "required": key in {"ma", "ten"},
            "filtered": key == "loai",
        }
        for key, head, kind in zip(keys, HEADS, kinds, strict=True)
    ]
    return {"fields": told, "key": ["ma"], "decimal": ","}
