"""Builders: an agency's open dataset on the map, one for looking only, one to look up by code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from smarthd.agencies.tests import make as agencies_make
from smarthd.connectors.models import Source
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.rules.sources import Publication, Shape
from smarthd.connectors.tests import make

NOW = make.NOW
COLUMNS = ("Mã", "Tên", "Loại", "Giá", "Ngày", "Vĩ độ", "Kinh độ")
FIELDS = (
    Field("ma", "Mã", "Mã", Kind.TEXT, required=True, shown=False),
    Field("ten", "Tên", "Tên", Kind.TEXT, required=True),
    Field("loai", "Loại", "Loại", Kind.CHOICE, filtered=True),
    Field("gia", "Giá", "Giá", Kind.NUMBER),
    Field("ngay", "Ngày", "Ngày", Kind.DAY),
    Field("vi_do", "Vĩ độ", "Vĩ độ", Kind.LATITUDE, shown=False),
    Field("kinh_do", "Kinh độ", "Kinh độ", Kind.LONGITUDE, shown=False),
)
HERE = (20.90, 106.30)
"""Where the first row lies; each next one 0.01 degree to the east and 0.005 to the north."""


def rows(count: int) -> list[tuple[str, ...]]:
    """Return rows: every third of another class, every fifth without a price, the last without a point."""
    return [
        (
            f"T{n:03}",
            "=1+1" if n == 2 else f"Trạm “{n}” 100%",
            "Nhà thuốc" if n % 3 else "Phòng khám",
            "" if n % 5 == 0 else str(n * 1.5),
            "" if n == 7 else f"{n % 28 + 1:02}/11/2026",
            "" if n == count else f"{HERE[0] + n * 0.005:.5f}",
            "" if n == count else f"{HERE[1] + n * 0.01:.5f}",
        )
        for n in range(1, count + 1)
    ]


def dataset(agency_id: int, count: int = 23, **told: Any) -> Source:
    """Publish a dataset of so many rows."""
    made = make.source(agency_id, **{"title": "Trạm y tế", "summary": "Trạm, nhà thuốc", "promise_hours": 24, **told})
    make.mapped(made, Mapping(FIELDS, ("ma",), "."))
    return make.published(made, make.table(rows(count), COLUMNS))


def world(_folder: Path) -> Any:
    """Plant an agency and its datasets."""
    at = agencies_make.world()
    opened = dataset(at.department)
    dataset(at.department, 3, title="Chỉ xem", licence="view-only")
    secret = dataset(at.department, 3, title="Tra cứu hồ sơ")
    secret.publication = Publication(Shape.LOOKUP, lookup="ma").as_json()
    secret.save(update_fields=["publication"])
    return opened


LATER = NOW + timedelta(hours=1)
