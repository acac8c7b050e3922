"""What is searched: a register of a million rows in one public dataset, twenty thousand pages, every commune."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

ROWS = int(os.environ.get("BENCH_SIZE") or 1_000_000)
PAGES = 18_000
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)

KINDS = (
    "Tạp hóa",
    "Nhà thuốc",
    "Quán ăn",
    "Vật liệu xây dựng",
    "Điện máy",
    "Giày dép",
    "Phòng khám",
    "Sửa xe máy",
    "Cắt tóc",
    "Trường mầm non",
)
FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Ngô",
    "Dương",
    "Đào",
    "Đoàn",
    "Trịnh",
    "Mai",
    "Lương",
    "Phùng",
    "Tạ",
)
MIDDLE = (
    "Thị",
    "Văn",
    "Đức",
    "Minh",
    "Thanh",
    "Ngọc",
    "Quốc",
    "Hữu",
    "Xuân",
    "Thu",
    "Kim",
    "Bá",
    "Đình",
    "Công",
    "Hồng",
)
GIVEN = (
    "Bình",
    "Hạnh",
    "Hùng",
    "Lan",
    "Tuấn",
    "Mai",
    "Hương",
    "Dũng",
    "Thảo",
    "Sơn",
    "Hà",
    "Loan",
    "Quỳnh",
    "Phúc",
    "Tâm",
    "Yến",
    "Khoa",
    "Nhung",
    "Trang",
    "Giang",
    "Liên",
    "Oanh",
    "Thủy",
    "Vinh",
    "Tiến",
    "Cường",
    "Huệ",
    "Nga",
    "Quyên",
    "Tùng",
    "Xuyến",
    "Khuê",
    "Thoa",
    "Ngát",
    "Duyên",
)
STREETS = (
    "Nguyễn Trãi",
    "Trần Hưng Đạo",
    "Lê Thanh Nghị",
    "Thống Nhất",
    "Bạch Đằng",
    "Phạm Ngũ Lão",
    "Nguyễn Lương Bằng",
    "Điện Biên Phủ",
    "Quang Trung",
    "Hoàng Quốc Việt",
    "Trường Chinh",
    "Ngô Quyền",
    "Chi Lăng",
    "Tuệ Tĩnh",
    "Đoàn Kết",
    "Yết Kiêu",
    "Hồng Quang",
    "Bùi Thị Xuân",
    "An Ninh",
    "Lý Thường Kiệt",
)
THINGS = (
    "thủ tục",
    "lịch",
    "thông báo",
    "hướng dẫn",
    "cấp đổi",
    "đăng ký",
    "tiêm phòng",
    "cắt điện",
    "tuyển sinh",
    "hỗ trợ",
    "thu hồi đất",
    "bồi thường",
    "phòng dịch",
    "thu thuế",
    "giấy phép",
    "xây dựng",
    "chứng thực",
    "khai sinh",
    "căn cước",
    "bảo hiểm",
    "trợ cấp",
    "nông thôn mới",
    "lễ hội",
    "họp dân",
)
"""Words pages are called by."""


def plant() -> tuple[int, Callable[[int], Any]]:
    """Make the register and the pages; return the register's id and who asks: nobody known, of a commune, of a commune and a position."""
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind
    from smarthd.finding.values import Reader
    from smarthd.kernel.actor import system
    from smarthd.places import selectors as places
    from smarthd.places import services as land

    land.import_all(actor=system("bench"), now=NOW)
    new = agencies.NewAgency(kind=Kind.DEPARTMENT, name="Sở Công Thương", code="sct")
    agency = agencies.found_agency(new, valid_from=date(2026, 1, 1)).pk
    communes = [
        one for one in places.units_on(date(2026, 11, 24), "commune") if one.lat is not None and one.lon is not None
    ]
    write_pages(agency, [one.id for one in communes])
    source_id = write_rows(agency, communes)

    def reader(number: int) -> Any:
        home = communes[number * 7 % len(communes)]
        own, at = ((home.id,), (home.lat or 0.0, home.lon or 0.0)) if number % 3 else ((), None)
        return Reader(unit_ids=own, at=at if number % 3 == 2 else None, centre=at)

    return source_id, reader


def write_pages(agency: int, communes: list[int]) -> None:
    """Write readable pages of several kinds."""
    from smarthd.content.models import Article, ArticlePlace
    from smarthd.content.rules.kinds import Kind

    rng, kinds = random.Random(5), [Kind.NEWS, Kind.GUIDE, Kind.PROCEDURE, Kind.QUESTION]
    made = []
    for number in range(PAGES):
        title = f"{rng.choice(THINGS)} {rng.choice(THINGS)} {rng.choice(THINGS)} số {number}".capitalize()
        body = " ".join(rng.choice((*THINGS, *STREETS, *GIVEN)) for _ in range(120))
        made.append(
            Article(
                kind=kinds[number % 4], slug=f"bai-{number}", title=title, summary=f"{rng.choice(THINGS)} tại {rng.choice(STREETS)}",
                body=f"<p>{body}</p>", agency_id=agency, live=True, first_published_at=NOW - timedelta(hours=number), has_unpublished_changes=False,
            )
        )  # fmt: skip
    Article.objects.bulk_create(made, batch_size=1_000)
    own = [ArticlePlace(article=one, unit_id=rng.choice(communes)) for one in made if rng.random() < 0.5]
    ArticlePlace.objects.bulk_create(own, batch_size=1_000)


def write_rows(agency: int, communes: list[Any]) -> int:
    """Write a public dataset of its own partition."""
    from django.db import connection

    from smarthd.connectors.models import Source
    from smarthd.connectors.rules.fields import Field, Kind
    from smarthd.connectors.rules.mapping import Mapping
    from smarthd.connectors.rules.sources import SourceKind
    from smarthd.connectors.services import partitions, sources
    from smarthd.kernel.actor import system

    told = sources.NewSource(title="Hộ kinh doanh", agency_id=agency, kind=SourceKind.UPLOAD)
    source = sources.make_source(told, actor=system("bench"), now=NOW)
    heads = {"ma": Kind.TEXT, "ten": Kind.TEXT, "dia_chi": Kind.TEXT, "loai": Kind.CHOICE, "dien_thoai": Kind.PHONE, "xa": Kind.UNIT,
             "vi_do": Kind.LATITUDE, "kinh_do": Kind.LONGITUDE}  # fmt: skip
    fields = tuple(
        Field(key=key, label=key, header=key, kind=kind, shown=key not in {"vi_do", "kinh_do"})
        for key, kind in heads.items()
    )
    source.mapping = Mapping(fields=fields, key=("ma",)).as_json()
    source.version, source.row_count = 1, ROWS
    source.save()
    rng = random.Random(9)
    with connection.cursor() as cursor:
        partitions.make_own_table(source, 1)
        partitions.join_own_table(source.pk)
        with cursor.copy(
            "COPY connectors_datarow (source_id, key, code, digest, since, sort, values, unit_id, lat, lon) FROM STDIN"
        ) as into:
            for number in range(ROWS):
                home = rng.choice(communes)
                kind, street = rng.choice(KINDS), rng.choice(STREETS)
                name = f"{kind} {rng.choice(FAMILY)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"
                if rng.random() < 0.3:
                    name = f"{kind} số {number}"
                lat, lon = home.lat + rng.gauss(0, 0.02), home.lon + rng.gauss(0, 0.02)
                values = {
                    "ma": f"HKD{number:07}", "ten": name, "dia_chi": f"Số {rng.randrange(900)}, đường {street}", "loai": kind,
                    "dien_thoai": f"02203{rng.randrange(100000, 999999)}", "xa": home.full_name, "vi_do": lat, "kinh_do": lon,
                }  # fmt: skip
                into.write_row(
                    (
                        source.pk,
                        f"{number:07}",
                        f"{number:016x}",
                        b"0" * 16,
                        1,
                        name[:80],
                        json.dumps(values, ensure_ascii=False),
                        home.id,
                        lat,
                        lon,
                    )
                )
    return int(Source.objects.get(pk=source.pk).pk)
