from __future__ import annotations

import pytest

from smarthd.kernel import telephones


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0912345678", "0912 345 678"),
        ("+84912345678", "0912 345 678"),
        ("113", "113"),
        ("19001234", "19001234"),
        ("02203852143", "0220 3852 143"),
        ("0220.3852.143", "0220 3852 143"),
    ],
)
def test_telephone_numbers_are_grouped_for_reading(text: str, said: str) -> None:
    assert telephones.grouped(text) == said
