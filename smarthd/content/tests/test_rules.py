from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.content import rules

NOW = datetime(2024, 4, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given_text", "dial", "shown", "sample"),
    [
        ("113", "113", "113", False),
        ("115", "115", "115", False),
        ("1022", "1022", "1022", False),
        ("1900 1234", "19001234", "1900 1234", False),
        ("1800.1096", "18001096", "1800 1096", False),
        ("1900 123456", "1900123456", "1900 1234 56", False),
        ("0912 345 678", "+84912345678", "0912 345 678", False),
        ("+84 912.345.678", "+84912345678", "0912 345 678", False),
        ("(0220) 3852-123", "+842203852123", "0220 3852 123", False),
        ("0220 000 0007", "02200000007", "0220 000 0007", True),
    ],
)
def test_a_number_is_read_as_people_write_it(given_text: str, dial: str, shown: str, sample: bool) -> None:
    assert rules.dialable(given_text) == rules.Dialable(dial=dial, shown=shown, sample=sample)


@pytest.mark.parametrize(
    "given_text",
    [
        "",
        "119",
        "12",
        "0912",
        "999",
        "+1 202 555 0143",
        "0912 345 678 ext 4",
        "javascript:alert(1)",
        "091２345678",
        "1" * 60,
        "0220 000 000",
        "911",
        "1900 12",
    ],
)
def test_what_no_vietnamese_telephone_dials_is_refused(given_text: str) -> None:
    with pytest.raises(rules.NotDialable):
        rules.dialable(given_text)


@given(st.text(max_size=50))
def test_whatever_is_given_becomes_digits_or_is_refused(given_text: str) -> None:
    try:
        number = rules.dialable(given_text)
    except rules.NotDialable:
        return
    assert number.dial.removeprefix("+").isascii()
    assert number.dial.removeprefix("+").isdigit()
    assert rules.dialable(number.dial) == number


@pytest.mark.parametrize(
    ("live", "expired", "ever", "ends_in", "told"),
    [
        (True, False, True, None, rules.Standing.SHOWN),
        (True, False, True, 1, rules.Standing.SHOWN),
        (True, False, True, 0, rules.Standing.EXPIRED),
        (True, False, True, -1, rules.Standing.EXPIRED),
        (False, True, True, -1, rules.Standing.EXPIRED),
        (False, False, True, None, rules.Standing.WITHDRAWN),
        (False, False, True, 1, rules.Standing.WITHDRAWN),
        (False, False, False, None, rules.Standing.UNKNOWN),
        (False, False, False, -1, rules.Standing.UNKNOWN),
    ],
)
def test_a_reader_is_told_how_a_notice_stands(
    live: bool, expired: bool, ever: bool, ends_in: int | None, told: rules.Standing
) -> None:
    ends = None if ends_in is None else NOW + timedelta(hours=ends_in)
    assert rules.standing(live=live, expired=expired, ever_published=ever, expire_at=ends, now=NOW) == told


def a_draft(**changes: object) -> rules.Draft:
    whole: dict[str, object] = {
        "title": "Tiêm phòng dại",
        "summary": "Sáng thứ Bảy",
        "words": "Mang theo sổ.",
        "audience": rules.Audience.UNITS,
        "place_ids": (1,),
        "has_picture": False,
        "picture_words": "",
        "go_live_at": None,
        "expire_at": None,
    }
    return rules.Draft(**(whole | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"title": "  "}, {"title"}),
        ({"summary": ""}, {"summary"}),
        ({"words": ""}, {"body"}),
        ({"place_ids": ()}, {"units"}),
        ({"place_ids": (), "audience": rules.Audience.PROVINCE}, set()),
        ({"has_picture": True}, {"image_alt"}),
        ({"has_picture": True, "picture_words": "Bản đồ"}, set()),
        ({"expire_at": NOW}, {"expire_at"}),
        ({"expire_at": NOW + timedelta(hours=1)}, set()),
        ({"expire_at": NOW + timedelta(hours=1), "go_live_at": NOW + timedelta(hours=2)}, {"expire_at"}),
        ({"title": "", "summary": "", "words": ""}, {"title", "summary", "body"}),
    ],
)
def test_every_fault_of_a_draft_is_named_at_once(changes: dict[str, object], fields: set[str]) -> None:
    assert set(rules.faults(a_draft(**changes), now=NOW)) == fields


def test_a_commune_speaks_to_its_own_territory_and_the_province_to_anyone() -> None:
    paths = {10: frozenset({1, 2, 10}), 11: frozenset({1, 3, 11})}
    assert rules.within_reach(home_id=2, home_is_province=False, paths=paths) == {11}
    assert rules.within_reach(home_id=1, home_is_province=True, paths=paths) == frozenset()
    assert rules.within_reach(home_id=None, home_is_province=False, paths=paths) == frozenset()


@given(st.text(max_size=200), st.text(alphabet="ABCDEFGH23456789", min_size=5, max_size=5))
def test_an_address_is_plain_ascii_and_short(title: str, code: str) -> None:
    slug = rules.notice_slug(title, code)
    assert len(slug) <= 80
    assert slug.endswith(f"-{code.lower()}")
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_reading_takes_at_least_a_minute() -> None:
    assert rules.reading_minutes("") == 1
    assert rules.reading_minutes("chữ " * 660) == 3
