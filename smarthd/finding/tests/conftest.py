"""A province, an office with pages and numbers, a department with pharmacies; the index of all that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind
from smarthd.connectors.models import Source
from smarthd.connectors.rules.fields import Field
from smarthd.connectors.rules.fields import Kind as FieldKind
from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.tests import make as connected
from smarthd.content import rules
from smarthd.content import services as content
from smarthd.content.rules import kinds
from smarthd.content.services import articles
from smarthd.finding.services import keeping
from smarthd.kernel import clock, events
from smarthd.kernel.actor import system
from smarthd.places import selectors as places
from smarthd.places.tests import make as land
from smarthd.places.values import UnitView
from tests.planting import planted_once

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
SYSTEM = system("test")
SHOPS = ("Mã", "Tên nhà thuốc", "Xã, phường", "Điện thoại", "Trực đến", "Vĩ độ", "Kinh độ")


@dataclass
class World:
    """What was planted."""

    home: UnitView
    other: UnitView
    office: int
    department: int
    shops: Source

    def notice(self, title: str, *units: UnitView, **told: Any) -> str:
        return content.publish_notice(
            title=title,
            summary=told.pop("summary", "Tóm tắt."),
            body=told.pop("body", "<p>Kính gửi bà con.</p>"),
            agency_id=self.office,
            unit_ids=[unit.id for unit in units],
            actor=SYSTEM,
            now=told.pop("at", NOW - timedelta(hours=3)),
            **told,
        )

    def page(self, kind: kinds.Kind, title: str, **told: Any) -> str:
        new = articles.NewArticle(
            kind=kind,
            title=title,
            summary=told.pop("summary", "Tóm tắt."),
            body="<p>Lời.</p>",
            agency_id=self.office,
            **told,
        )
        return articles.publish_article(new, actor=SYSTEM, now=NOW - timedelta(days=2))


def unit_named(name: str) -> UnitView:
    return next(one.unit for one in places.search(name, clock.today(), levels=("commune",)) if one.unit.standing)


def mapping() -> Mapping:
    told = {"ma": FieldKind.TEXT, "ten": FieldKind.TEXT, "xa": FieldKind.UNIT, "sdt": FieldKind.PHONE, "den": FieldKind.MOMENT,
            "lat": FieldKind.LATITUDE, "lon": FieldKind.LONGITUDE}  # fmt: skip
    fields = tuple(
        Field(key=key, label=head, header=head, kind=kind)
        for (key, kind), head in zip(told.items(), SHOPS, strict=True)
    )
    return Mapping(fields=fields, key=("ma",))


def shop(number: int, name: str, unit: UnitView, *, until: str = "", north: float = 0.0) -> tuple[str, ...]:
    lat, lon = (unit.lat or 20.9) + north, unit.lon or 106.3
    return (f"NT{number}", name, unit.full_name, f"02203123{number:03}", until, f"{lat:.5f}", f"{lon:.5f}")


def _plant(_folder: Path) -> World:
    clock.set_now(NOW)
    land.the_province()
    home, other = unit_named("nam sach"), unit_named("thanh dong")
    top = places.path(home.id, clock.today())[0]
    city = agencies.NewAgency(
        kind=Kind.PROVINCE_COMMITTEE, name="Ủy ban nhân dân thành phố", code="ubnd-tp", place_id=top.id
    )
    office = agencies.found_agency(city, valid_from=date(2025, 7, 1)).pk
    new = agencies.NewAgency(kind=Kind.DEPARTMENT, name="Sở Y tế", code="syt", parent_id=office)
    department = agencies.found_agency(new, valid_from=date(2025, 7, 1)).pk
    shops = connected.source(department, title="Nhà thuốc trực")
    made = World(home, other, office, department, connected.mapped(shops, mapping()))
    made.shops.publication = {**made.shops.publication, "until": "den"}
    made.shops.save()
    rows = [
        shop(1, "Nhà thuốc Bình An", home),
        shop(2, "Nhà thuốc Hoà Bình", other),
        shop(3, "Nhà thuốc Đã Nghỉ", home, until="23/11/2026 06:00"),
        shop(4, "Quầy thuốc Dương", other, until="25/11/2026 06:00"),
        shop(5, "Quầy thuốc Đường Mới", other),
    ]
    connected.published(made.shops, connected.table(rows, SHOPS), now=NOW)
    made.notice("Lịch cắt điện khu 1", home)
    made.notice("Lịch cắt điện khu 2", other, at=NOW - timedelta(hours=2))
    made.notice("Lịch cắt điện toàn tỉnh năm ngoái", at=NOW - timedelta(days=370))
    facts = {"steps": "Nộp hồ sơ\nNhận kết quả", "papers": "Đơn", "duration": "7 ngày", "place": "Bộ phận một cửa", "service_level": "office",
             "fee": "Không thu", "legal_ground": "Luật"}  # fmt: skip
    made.page(kinds.Kind.PROCEDURE, "Cấp Giấy chứng nhận quyền sử dụng đất lần đầu", facts=facts)
    made.page(kinds.Kind.PROCEDURE, "Cấp thẻ căn cước", facts=facts)
    for key, name, number in (
        ("cong-an", "Công an", "113"),
        ("cap-cuu", "Cấp cứu y tế", "115"),
        ("dien", "Sửa điện", "0220 3852 113"),
    ):
        content.upsert_hotline(
            key=key, name=name, category=rules.HotlineCategory.EMERGENCY if len(number) == 3 else rules.HotlineCategory.AUTHORITY,
            numbers=[("", number)], hours="24/7", verified_on=clock.today(), unit_id=None, actor=SYSTEM, now=NOW,
        )  # fmt: skip
    keeping.rebuild(now=NOW)
    events.deliver_owed()
    return made


_planted = planted_once(_plant)


@pytest.fixture
def world(_planted: World, db: None, tmp_path: Path, settings: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PLACES_REVISION_SECONDS = float("inf")
    clock.set_now(NOW)
    yield _planted
    clock.set_now(None)
