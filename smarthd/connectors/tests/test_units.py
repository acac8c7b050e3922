"""Communes as offices write them lead to what stands now, or to words that say what they could be."""

from __future__ import annotations

import pytest

from smarthd.connectors.rules.fields import CellFault
from smarthd.connectors.services.units import resolver
from smarthd.connectors.tests import make
from smarthd.kernel import clock


@pytest.mark.parametrize(
    ("written", "now"),
    [
        ("P. Hải Dương", "Phường Hải Dương"),
        ("PHƯỜNG HẢI DƯƠNG", "Phường Hải Dương"),
        ("Xã Hồng Hưng", "Xã Gia Phúc"),
        ("Thành Đông (cũ)", "Phường Thành Đông"),
        ("P. Thanh Bình, TP.Hải Dương", "Phường Lê Thanh Nghị"),
        ("xã Nam Trung, H. Nam Sách", "Xã Trần Phú"),
    ],
)
def test_a_commune_as_offices_write_it_leads_to_what_stands_now(department, written, now):
    assert resolver(clock.day_of(make.NOW))(written).name == now


@pytest.mark.parametrize(
    ("written", "words"), [("Phường Trần Phú, TP Hải Dương", "có thể là"), ("Xã Không Có", "không có xã")]
)
def test_what_could_be_several_or_none_is_told(department, written, words):
    with pytest.raises(CellFault, match=words):
        resolver(clock.day_of(make.NOW))(written)
