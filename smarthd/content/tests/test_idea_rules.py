"""Ideas as values: moves from every state, what a moderator is warned of, what is alike, what an answer needs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthd.content.rules import ideas as rules
from smarthd.content.rules.ideas import State, Warned
from smarthd.kernel.moves import IllegalMove

TODAY = date(2026, 11, 30)
ALLOWED = {
    "publish": {"waiting"},
    "return": {"waiting"},
    "resubmit": {"returned"},
    "withdraw": {"waiting", "returned", "open"},
    "merge": {"waiting", "open", "considering"},
    "hide": {"open", "considering", "planned", "done", "declined"},
    "consider": {"open", "considering"},
    "plan": {"open", "considering"},
    "finish": {"open", "considering", "planned"},
    "decline": {"open", "considering"},
}


@pytest.mark.parametrize("move", rules.MOVES, ids=lambda move: move.name)
@pytest.mark.parametrize("state", list(State))
def test_a_move_starts_where_the_table_says_and_nowhere_else(move, state):
    if state.value in ALLOWED[move.name]:
        assert move.apply(state) is move.target
    else:
        with pytest.raises(IllegalMove):
            move.apply(state)


def test_every_state_is_reached_and_has_its_word():
    assert {move.target for move in rules.MOVES} == set(State)
    assert set(rules.STATE_WORDS) == set(State)


@pytest.mark.parametrize("state", list(rules.RoundState))
@pytest.mark.parametrize(("days_left", "over"), [(1, False), (0, False), (-1, True)])
def test_an_open_round_is_closed_from_the_day_after_its_last(state, days_left, over):
    told = rules.round_state_on(state.value, closes_on=TODAY + timedelta(days=days_left), on=TODAY)
    assert told is (rules.RoundState.CLOSED if over and state is rules.RoundState.OPEN else state)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Gọi 0912 345 678 cho tôi", {Warned.PHONE}),
        ("Gọi +84912345678", {Warned.PHONE}),
        ("Cố định 02203.852.123 nhé", {Warned.PHONE}),
        ("Căn cước 030190001234 của tôi", {Warned.NUMBER}),
        ("Thẻ 130190001234 của tôi", {Warned.NUMBER}),
        ("Viết cho toi.la@vi-du.vn", {Warned.MAIL}),
        ("Ông Nguyễn Văn Nam lấn đường", {Warned.NAME}),
        ("nhà bà Tư bán nước", {Warned.NAME}),
        ("Đồ ngu dốt mới làm thế", {Warned.INSULT}),
        ("Làm đường 2500 m, kinh phí 1.200.000.000 đồng", set()),
        ("Bà con đề nghị trồng cây năm 2026 và 2027", set()),
        ("anh em thanh niên cùng dọn kênh", set()),
        ("Đọc ngữ văn, trồng ngũ cốc", set()),
    ],
)
def test_a_moderator_is_warned_of_persons_numbers_and_insults(words, found):
    assert {one.what for one in rules.warnings_in(words)} >= found
    if not found:
        assert rules.warnings_in(words) == []


@settings(max_examples=30)
@given(st.text(max_size=300))
def test_any_words_are_looked_through(words):
    for one in rules.warnings_in(words):
        assert one.words


def test_ideas_on_one_matter_are_alike_with_or_without_marks():
    mine = ("Đặt thùng phân loại rác ở chợ", "Rác chợ để lẫn nên bốc mùi, phân loại thì ủ được phân.")
    same = ("Dat thung phan loai rac o cac cho", "Chợ nào cũng nhiều rác hữu cơ.")
    other = ("Mở lớp dạy bơi mùa hè", "Mỗi năm đều có trẻ đuối nước.")
    assert rules.alikeness(*mine, *same) >= rules.ALIKE_FROM > rules.alikeness(*mine, *other)
    assert rules.alikest([(0.9, 3), (0.1, 4), (0.5, 5)]) == [3, 5]
    assert rules.alikeness("", "", "", "") == 0


@pytest.mark.parametrize(
    ("state", "words", "until", "fields"),
    [
        (State.DECLINED, "Vì", None, {"words"}),
        (State.DECLINED, "Vì đất này đã có quy hoạch khác.", None, set()),
        (State.DONE, "Đã lắp xong 12 thùng rác.", None, set()),
        (State.PLANNED, "Sẽ lắp trong quý tới.", None, {"until"}),
        (State.PLANNED, "Sẽ lắp trong quý tới.", TODAY, {"until"}),
        (State.PLANNED, "Sẽ lắp trong quý tới.", TODAY + timedelta(days=400), set()),
        (State.CONSIDERING, "Đang khảo sát ở các chợ.", TODAY + timedelta(days=91), {"until"}),
        (State.CONSIDERING, "Đang khảo sát ở các chợ.", TODAY + timedelta(days=90), set()),
    ],
)
def test_an_answer_says_why_and_a_promise_names_its_day(state, words, until, fields):
    assert set(rules.answer_faults(state=state, words=words, until=until, on=TODAY)) == fields
