"""What people look for first stands in the demonstration's pages, and is found by the words they use."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from config.seeding.chapters import pages
from config.seeding.demo import Stage
from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind
from smarthd.content.rules.kinds import Kind as PageKind
from smarthd.finding.selectors import searching
from smarthd.finding.services import keeping
from smarthd.finding.values import Reader
from smarthd.kernel import clock
from smarthd.places.tests import make as land
from tests.planting import planted_once

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
LAND = "Đăng ký, cấp Giấy chứng nhận quyền sử dụng đất lần đầu"
CHANGED = "Đăng ký biến động đất đai khi tặng cho, thừa kế, chuyển nhượng quyền sử dụng đất"
CARD = "Cấp thẻ căn cước"


def _plant(_folder: Path) -> None:
    land.the_province()
    new = agencies.NewAgency(kind=Kind.PROVINCE_COMMITTEE, name="Ủy ban nhân dân thành phố", code="ubnd-tp")
    agencies.found_agency(new, valid_from=date(2026, 1, 1))
    pages.plant(Stage(np.random.default_rng(1), NOW, clock.day_of(NOW)))
    keeping.rebuild(now=NOW)


_province = planted_once(_plant)


@pytest.mark.usefixtures("_province", "db")
@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("sổ đỏ", LAND),
        ("so do", LAND),
        ("làm sổ đỏ", LAND),
        ("sổ hồng", LAND),
        ("bìa đỏ", LAND),
        ("cấp giấy chứng nhận quyền sử dụng đất", LAND),
        ("sang tên", CHANGED),
        ("sang tên sổ đỏ", CHANGED),
        ("đăng ký biến động", CHANGED),
        ("cmnd", CARD),
        ("CCCD", CARD),
        ("chứng minh thư", CARD),
        ("căn cước", CARD),
        ("giấy khai sinh", "Đăng ký khai sinh"),
    ],
)
def test_what_people_look_for_first_is_found_by_their_words(said: str, first: str) -> None:
    answer = searching.search(said, Reader(), now=NOW)
    assert answer.groups[0].key == PageKind.PROCEDURE
    assert answer.groups[0].hits[0].title == first
