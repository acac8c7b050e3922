from __future__ import annotations

import pytest
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies.rules import Role
from smarthd.finding import policies
from smarthd.finding.rules import kinds, nearness, popular, screens, typed
from smarthd.kernel import text
from smarthd.kernel.actor import ANONYMOUS, Actor, Grant, system

LETTERS = st.text(alphabet="abcdeghiklmnopqrstuvxy", min_size=2, max_size=8)


@pytest.mark.parametrize(
    ("left", "meant"),
    [
        ("nhaf", "nha"), ("thuoocs", "thuoc"), ("dduwowngf", "duong"), ("dieenj", "dien"), ("truwowngf", "truong"), ("hocj", "hoc"),
        ("nha2", "nha"), ("thuo61c", "thuoc"), ("d9uong72", "duong"), ("uyr", "uy"), ("xe", ""), ("thuoc", ""), ("sf", ""), ("113", ""),
    ],
)  # fmt: skip
def test_keys_of_telex_and_vni_left_standing_are_read(left: str, meant: str) -> None:
    assert typed.without_keys(left) == meant


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("113", "113"), ("0220 3852 113", "02203852113"), ("0220.3852.113", "02203852113"), ("+84 220 3852 113", "02203852113"),
        ("nhà thuốc 24", ""), ("24/11/2026", ""), ("5", ""),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_spaced(said: str, digits: str) -> None:
    assert typed.read(said).digits == digits


def test_marks_are_kept_beside_the_folded_words_and_a_blank_ends_the_last() -> None:
    asked = typed.read("Nhà thuoc trự")
    assert asked.words == ("nha", "thuoc", "tru")
    assert len(asked.marked) == 2
    assert asked.open
    assert not typed.read("nhà thuốc ").open


@given(st.text(max_size=200))
def test_nothing_that_can_be_typed_is_an_operator(said: str) -> None:
    asked = typed.read(said)
    assert len(asked.words) <= typed.MOST_WORDS
    assert all(word.isascii() and word.isalnum() for word in asked.words)
    assert not any(set(word) & set("'&|!()<>:*\\") for word in asked.marked)


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("dein", "dien", 1),
        ("thuoc", "thuoc", 0),
        ("thouc", "thuoc", 1),
        ("nnon", "non", 1),
        ("ki", "ky", 1),
        ("bao", "lu", 3),
    ],
)
def test_slips_are_counted_with_a_swap_of_neighbours_as_one(one: str, other: str, count: int) -> None:
    assert nearness.slips(one, other) == nearness.slips(other, one) == count


@given(
    word=LETTERS,
    at=st.integers(0, 7),
    letter=st.sampled_from("abcdeghiklmnopqrstuvxy"),
    way=st.sampled_from("addropswap"),
)
def test_a_word_and_the_same_with_one_slip_share_a_key(word: str, at: int, letter: str, way: str) -> None:
    at %= len(word)
    if way == "swap":
        slipped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    elif way == "d":
        slipped = word[:at] + letter + word[at:]
    else:
        slipped = word[:at] + letter + word[at + 1 :]
    assert nearness.slips(word, slipped) <= 1
    assert nearness.keys_of(word) & nearness.keys_of(slipped)


def test_what_is_typed_with_keys_comes_before_what_is_only_near() -> None:
    found = nearness.guesses("nhaf", {"nha": 3, "nham": 900, "nhan": 900})
    assert next(one.word for one in found) == "nha"


def test_the_cheapest_reading_is_asked_first_and_a_word_left_out_last() -> None:
    told = nearness.sentences([[("cat", 0.0), ("", 3.0)], [("dien", 1.0), ("diem", 1.0), ("", 3.0)]])
    assert told[0] in {"cat dien", "cat diem"}
    assert told.index("cat") > told.index("cat diem")
    assert "" not in told


@pytest.mark.parametrize("screen", screens.SCREENS, ids=lambda one: one.path)
def test_every_screen_that_can_be_found_is_there(screen: screens.Screen) -> None:
    resolve(screen.path)


def test_every_kind_has_a_word_a_picture_and_a_weight() -> None:
    assert set(kinds.WORDS) == set(kinds.ICONS) == set(kinds.WEIGHTS) == set(kinds.Kind)


def test_popular_names_are_said_once_for_one_thing() -> None:
    told = [(text.fold(said), meant) for said, meant in popular.POPULAR]
    assert len(told) == len(set(told))
    assert all(said not in f" {text.fold(meant)} " for said, meant in told)


def grant(role: Role, below: int) -> Grant:
    return Grant(role=role, agency_id=1, agency_ids=frozenset(range(1, 2 + below)))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("below", [0, 3])
@pytest.mark.parametrize("second_factor", [True, False])
def test_popular_names_are_kept_by_editors_and_administrators_with_others_below(
    role: Role, below: int, second_factor: bool
) -> None:
    actor = Actor(account_id=5, grants=(grant(role, below),), second_factor=second_factor)
    wanted = role in {Role.EDITOR, Role.ADMINISTRATOR} and below > 0 and second_factor
    assert policies.can_keep_names(actor) is wanted


def test_nobody_signed_in_keeps_no_names_and_the_command_line_does() -> None:
    assert not policies.can_keep_names(ANONYMOUS)
    assert policies.can_keep_names(system("test"))
