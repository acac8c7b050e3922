"""Which commune an address in words names, by the real catalogues: one, several to choose from, or none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smarthd.fieldreports.selectors import ground
from smarthd.places.tests import make as places_make

pytestmark = pytest.mark.django_db

THEN = datetime(2024, 6, 1, 3, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _province() -> None:
    places_make.the_province()


def names(address: str, at: datetime = THEN) -> list[str]:
    return [unit.full_name for unit in ground.named(address, at)]


def test_an_address_names_its_commune(django_assert_max_num_queries):
    assert names("Số 5 phố Chợ, xã Quốc Tuấn, huyện Nam Sách, tỉnh Hải Dương") == ["Xã Quốc Tuấn"]
    assert names("gần cầu, Phường Trần Hưng Đạo, thành phố Hải Dương") == ["Phường Trần Hưng Đạo"]
    assert names("trước chợ xã Quốc Tuấn") == ["Xã Quốc Tuấn"]


def test_a_name_borne_by_several_is_a_question_that_the_district_answers():
    several = ground.named("xã Hồng Phong", THEN)
    assert len(several) > 1
    assert {unit.full_name for unit in several} == {"Xã Hồng Phong"}
    for spelt in ("thôn Đông, xã Hồng Phong, huyện Ninh Giang", "Hồng Phong, Ninh Giang"):
        assert names(spelt) == ["Xã Hồng Phong"]


@pytest.mark.parametrize("address", ["", " , ,", "phố Chợ", "tỉnh Hải Dương", "x" * 300, "," * 300, "🙂"])
def test_what_names_no_commune_names_none(address):
    assert names(address) == []


def test_only_what_stands_on_the_day_is_named():
    assert all(unit.standing for unit in ground.named("xã Nam Sách", NOW))
