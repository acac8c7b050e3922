"""A province, a few words in it, and readers of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind
from smarthd.alerts.selectors import public as alerts
from smarthd.citizen import commune
from smarthd.citizen.views import home
from smarthd.content import rules
from smarthd.content import selectors as content
from smarthd.content import services as content_services
from smarthd.kernel import actor as actors
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.places.tests import make as land
from smarthd.places.values import UnitView
from tests.planting import settle

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 9:00 on Tuesday 24/11/2026
SYSTEM = actors.system("test")


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The product's own catalogues, imported once for a module and rolled back after it."""
    with django_db_blocker.unblock():
        held = transaction.atomic()
        held.__enter__()
        land.the_province()
        settle()
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        held.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """It is nine o'clock on 24/11/2026, and no page is kept from another test."""
    clock.set_now(NOW)
    home.CACHE.clear()
    content.forget_version()
    alerts.forget()
    yield
    clock.set_now(None)
    alerts.forget()


@pytest.fixture
def places_in_memory(settings: Any, province: None) -> None:
    """Let the process answer about units from memory, as in service; tests otherwise look for changes at each question."""
    settings.PLACES_REVISION_SECONDS = float("inf")
    places.units_on(clock.today(), "commune")


@dataclass(frozen=True)
class Words:
    """A ward, its neighbour, and the notices published in them."""

    ward: UnitView
    other: UnitView
    office: int
    ward_office: int

    def publish(self, title: str, *units: UnitView, **fields: Any) -> str:
        return content_services.publish_notice(
            title=title,
            summary=fields.pop("summary", "Tóm tắt để nắm nhanh."),
            body=fields.pop("body", "<p>Kính gửi bà con.</p>"),
            agency_id=self.ward_office if units else self.office,
            unit_ids=[unit.id for unit in units],
            actor=SYSTEM,
            now=fields.pop("at", NOW - timedelta(hours=3)),
            **fields,
        )


def unit_named(name: str) -> UnitView:
    """Return the unit standing today that a name means first."""
    return next(match.unit for match in places.search(name, clock.today(), levels=("commune",)) if match.unit.standing)


@pytest.fixture
def words(province: None, db: None) -> Words:
    """Offices, one notice of the ward, one for everyone, and two numbers to call."""
    return planted_words()


def province_with_words(_folder: Path) -> Words:
    """Plant the catalogues and the words, for a module that plants both once (tests.planting)."""
    clock.set_now(NOW)
    land.the_province()
    made = planted_words()
    clock.set_now(None)
    return made


def planted_words() -> Words:
    """Plant what the fixture ``words`` holds."""
    ward, other = unit_named("thanh dong"), unit_named("nam sach")
    top = places.path(ward.id, clock.today())[0]

    def found(kind: Kind, name: str, code: str, place: UnitView, parent: int | None = None) -> int:
        new = agencies.NewAgency(kind=kind, name=name, code=code, parent_id=parent, place_id=place.id)
        return agencies.found_agency(new, valid_from=date(2025, 7, 1)).pk

    office = found(Kind.PROVINCE_COMMITTEE, "Ủy ban nhân dân thành phố", "ubnd-tp", top)
    ward_office = found(Kind.COMMUNE_COMMITTEE, "Ủy ban nhân dân phường Thành Đông", "ubnd-td", ward, office)
    made = Words(ward=ward, other=other, office=office, ward_office=ward_office)
    made.publish("Lịch cắt điện khu 1", ward)
    made.publish("Danh mục thủ tục trực tuyến")
    for key, name, category, number, unit in (
        ("cong-an", "Công an", rules.HotlineCategory.EMERGENCY, "113", None),
        ("td-mot-cua", "Bộ phận một cửa", rules.HotlineCategory.AUTHORITY, "02200001234", ward),
    ):
        content_services.upsert_hotline(
            key=key,
            name=name,
            category=category,
            numbers=[("", number)],
            hours="24/7",
            verified_on=clock.today(),
            unit_id=unit.id if unit else None,
            actor=SYSTEM,
            now=NOW,
        )
    content.forget_version()
    return made


@pytest.fixture
def neighbour(client: Client, words: Words) -> Client:
    """A reader whose phone knows the ward."""
    client.cookies[commune.COOKIE] = words.ward.uid.hex
    return client
