"""Numbers as people write them become one number, or are refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.people import rules
from smarthd.people.rules import PhoneFault

GOOD = [
    ("0912.345.678", "+84912345678"),
    ("0912 345 678", "+84912345678"),
    ("+84 912 345 678", "+84912345678"),
    ("0084912345678", "+84912345678"),
    ("84912345678", "+84912345678"),
    ("+84(0)912-345-678", "+84912345678"),
    ("912345678", "+84912345678"),
    ("912345678.0", "+84912345678"),
    ("０９１２３４５６７８", "+84912345678"),
    ("ĐT: 0912345678", "+84912345678"),
    ("0169 123 4567", "+84391234567"),
    ("1691234567", "+84391234567"),
    ("84 169 123 4567", "+84391234567"),
    ("1861234567", "+84561234567"),
    ("841234567", "+84841234567"),
    ("\u202a0912345678\u202c", "+84912345678"),
]
BAD = [
    ("", PhoneFault.EMPTY),
    ("   ", PhoneFault.EMPTY),
    ("không có", PhoneFault.LETTERS),
    ("O912345678", PhoneFault.LETTERS),
    ("113", PhoneFault.SERVICE_NUMBER),
    ("1900 1009", PhoneFault.SERVICE_NUMBER),
    ("091234567", PhoneFault.TOO_SHORT),
    ("09123456789", PhoneFault.TOO_LONG),
    ("0220 3852 456", PhoneFault.LANDLINE),
    ("0320 3852 456", PhoneFault.LANDLINE),
    ("2203852456", PhoneFault.LANDLINE),
    ("+1 212 555 0100", PhoneFault.FOREIGN),
    ("0111234567", PhoneFault.UNKNOWN_PREFIX),
    ("0912345678 / 0987654321", PhoneFault.TWO_NUMBERS),
    ("9" * 60, PhoneFault.TOO_LONG),
]


@pytest.mark.parametrize(("written", "meant"), GOOD)
def test_a_number_is_understood_however_it_is_written(written: str, meant: str) -> None:
    assert rules.normalise_phone(written) == meant


@pytest.mark.parametrize(("written", "fault"), BAD)
def test_what_is_no_mobile_number_is_refused_by_name(written: str, fault: PhoneFault) -> None:
    with pytest.raises(rules.NotAPhone) as refusal:
        rules.normalise_phone(written)
    assert refusal.value.fault is fault
    assert refusal.value.words


@pytest.mark.parametrize(("old", "new"), sorted(rules.OLD_PREFIXES.items()))
def test_every_eleven_digit_prefix_becomes_a_number_that_exists(old: str, new: str) -> None:
    assert rules.normalise_phone(f"{old}2345678") == f"+84{new[1:]}2345678"


MOBILES = st.builds(
    lambda prefix, rest: f"{prefix}{rest:07d}",
    st.sampled_from(["091", "098", "032", "039", "070", "079", "081", "088", "056", "059", "086", "096"]),
    st.integers(0, 9_999_999),
)


@given(MOBILES, st.lists(st.tuples(st.integers(1, 9), st.sampled_from([" ", ".", "-", " . "])), max_size=4))
def test_separators_change_nothing(number: str, marks: list[tuple[int, str]]) -> None:
    written = number
    for place, mark in sorted(marks, reverse=True):
        written = written[:place] + mark + written[place:]
    assert rules.normalise_phone(written) == "+84" + number[1:]


@given(MOBILES)
def test_normalising_twice_changes_nothing_and_all_ways_of_writing_agree(number: str) -> None:
    e164 = rules.normalise_phone(number)
    assert rules.normalise_phone(e164) == e164
    assert {
        rules.normalise_phone(form)
        for form in (number[1:], "84" + number[1:], "0084" + number[1:], rules.spoken_phone(e164))
    } == {e164}


@given(st.text(max_size=45))
def test_any_text_gives_a_number_or_a_named_refusal(text: str) -> None:
    outcome = _outcome(text)
    assert outcome in rules.PHONE_FAULT_WORDS or (outcome.startswith("+84") and len(outcome) == 12)


def _outcome(text: str) -> str:
    try:
        return rules.normalise_phone(text)
    except rules.NotAPhone as refusal:
        return refusal.fault


@given(MOBILES)
def test_a_masked_number_shows_five_digits_at_most(number: str) -> None:
    masked = rules.masked_phone(rules.normalise_phone(number))
    assert sum(char.isdigit() for char in masked) == 5
