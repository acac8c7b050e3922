"""Decisions with values: states, templates, what is checked, polygons, words by every road."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthd.alerts.rules import areas, hazards, levels, linting, messages, saying, states, templates
from smarthd.alerts.rules.hazards import Hazard
from smarthd.alerts.rules.messages import Channel, Kind, Severity, Status, Urgency
from smarthd.alerts.rules.states import State
from smarthd.alerts.tests.make import NOW
from smarthd.kernel.moves import IllegalMove

LAWFUL = {(move.name, state) for move in states.MOVES for state in move.sources}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", states.MOVES, ids=lambda move: move.name)
def test_every_move_not_named_is_refused(move, state):
    if (move.name, state) in LAWFUL:
        assert move.apply(state) is move.target
    else:
        with pytest.raises(IllegalMove):
            move.apply(state)


def test_nothing_over_begins_again():
    assert {name for name, state in LAWFUL if state in states.OVER} == set()


def test_only_an_approval_leads_to_going_out():
    assert states.ISSUE.sources == {State.APPROVED}
    assert {move.name for move in states.MOVES if move.target is State.APPROVED} == {"approve", "break_glass"}


@pytest.mark.parametrize("hazard", Hazard)
def test_each_hazard_has_words_that_a_duty_officer_must_complete_and_that_then_pass(hazard):
    template, facts = templates.TEMPLATES[hazard], hazards.FACTS[hazard]
    texts = {f"{name}_{language}": getattr(getattr(template, language), name) for language in ("vi", "en") for name in ("headline", "description", "instruction")}  # fmt: skip
    wrong = linting.problems(content(hazard, **texts), now=NOW)
    assert {"description_vi", "description_en"} <= wrong.keys()
    filled = {name: words.replace("[", "").replace("]", "") for name, words in texts.items()}
    assert linting.problems(content(hazard, **filled), now=NOW) == {}
    assert all(len(words) < 140 for name, words in filled.items() if name.startswith("headline"))
    assert facts.hours * timedelta(hours=1) <= linting.LONGEST_LIFE


def content(hazard: Hazard = Hazard.STORM, **changes: object) -> linting.Content:
    whole = linting.Content(
        kind=Kind.ALERT,
        headline_vi="Bão sắp vào",
        description_vi="Gió cấp 9.",
        instruction_vi="Ở trong nhà.",
        headline_en="Storm coming",
        description_en="Winds of force 9.",
        instruction_en="Stay in.",
        contact="0220 3 852 000",
        sender_name="UBND",
        severity=Severity.SEVERE,
        level=None,
        levels=hazards.FACTS[hazard].levels,
        effective_at=NOW,
        expires_at=NOW + timedelta(hours=6),
        communes=2,
        ring_problem="",
        channels=tuple(Channel),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("headline_vi", {"headline_vi": "x" * 140}),
        ("headline_vi", {"headline_vi": " "}),
        ("headline_vi", {"headline_vi": "Bão\nvào"}),
        ("headline_vi", {"headline_vi": "Bão [tên] vào"}),
        ("headline_en", {"headline_en": ""}),
        ("description_vi", {"description_vi": "BÃO SẮP VÀO"}),
        ("description_vi", {"description_vi": "x" * 2001}),
        ("instruction_en", {"instruction_en": "Stay [where]"}),
        ("instruction_vi", {"instruction_vi": "Ở nhà\x00"}),
        ("expires_at", {"expires_at": NOW}),
        ("expires_at", {"effective_at": NOW - timedelta(hours=9), "expires_at": NOW - timedelta(hours=1)}),
        ("expires_at", {"expires_at": NOW + timedelta(days=15)}),
        ("communes", {"communes": 0}),
        ("ring", {"ring_problem": "Đường vẽ tự cắt."}),
        ("contact", {"contact": " "}),
        ("level", {"level": 6}),
        ("level", {"level": 3, "levels": False}),
        ("severity", {"severity": Severity.UNKNOWN}),
        ("channels", {"channels": (Channel.RADIO,)}),
    ],
)
def test_what_is_wrong_is_named_at_its_field(field, changes):
    assert list(linting.problems(content(**changes), now=NOW)) == [field]


def test_a_headline_of_139_letters_passes():
    assert linting.problems(content(headline_vi="x" * 139), now=NOW) == {}


@pytest.mark.parametrize(
    ("points", "word"),
    [
        ([], "ba điểm"),
        ([(106, 20), (106.1, 20)], "ba điểm"),
        ([(106, 20), (106.1, 20.1), (106.1, 20), (106, 20.1)], "tự cắt"),
        ([(106, 20), (106.1, 20), (106.2, 20)], "tự cắt|quá nhỏ"),
        ([(106, 20), (206, 20), (106, 21)], "không đọc được"),
        ([(106, 20), (106, float("nan")), (106, 21)], "không đọc được"),
        ([(106 + i / 1e6, 20) for i in range(10_001)], "nhiều quá"),
    ],
)
def test_a_polygon_that_is_none_is_refused_in_words(points, word):
    import re

    drawn = areas.take(points)
    assert drawn.ring == []
    assert re.search(word, drawn.problem)


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 9000), st.floats(0.002, 0.4))
def test_a_polygon_of_any_size_comes_out_whole_and_small(corners, radius):
    circle = shapely.Point(106.3, 20.9).buffer(radius, quad_segs=max(1, corners // 4)).exterior.coords
    drawn = areas.take([(lon, lat) for lon, lat in circle][:10_000])
    assert drawn.problem == ""
    assert len(drawn.ring) <= areas.MOST_VERTICES
    assert drawn.ring[0] == drawn.ring[-1]
    shape = shapely.Polygon(drawn.ring)
    assert shape.is_valid
    assert shape.area == pytest.approx(shapely.Polygon(circle).area, rel=0.1)


def test_levels_have_the_colours_of_the_decision():
    assert [levels.LEVELS[number].colour for number in range(1, 6)] == ["xanh dương nhạt", "vàng nhạt", "da cam", "đỏ", "tím"]  # fmt: skip


@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize("severity", Severity)
def test_lives_hang_on_what_is_severe_and_soon(severity, urgency):
    expected = severity in {"Extreme", "Severe"} and urgency in {"Immediate", "Expected"}
    assert messages.is_life(severity, urgency) is expected
    assert messages.lane_of(severity, urgency) == ("life" if expected else "urgent")


def told(status: Status, kind: Kind = Kind.ALERT) -> saying.Told:
    return saying.Told(
        status=status,
        kind=kind,
        headline_vi="Bão sắp vào",
        description_vi="Gió cấp 9.",
        instruction_vi="Ở trong nhà.",
        headline_en="Storm coming",
        description_en="Winds of force 9.",
        instruction_en="Stay in.",
        level=4,
        sender="UBND tỉnh",
        contact="0220",
        places=tuple(f"Xã {number}" for number in range(20)),
        effective=NOW,
        expires=NOW + timedelta(hours=6),
        code="CB-ABC234",
    )


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("status", Status)
def test_a_drill_cannot_be_taken_for_the_real_thing_on_any_road(status, kind):
    one = told(status, kind)
    push = saying.push_payload(one, tag="t")
    subject, letter = saying.press_mail(one)
    speech = saying.loudspeaker(one)
    roads = [push["vi"]["title"], push["vi"]["body"], subject, letter, speech]
    marks = {Status.EXERCISE: "diễn tập", Status.TEST: "gửi thử"}
    for road in roads:
        for marked, word in marks.items():
            assert (word in road.casefold()) is (marked is status), road
    english = {Status.EXERCISE: "drill", Status.TEST: "test", Status.ACTUAL: None}[status]
    assert english is None or english in push["en"]["title"].casefold()
    if status is Status.EXERCISE:
        assert subject.startswith("DIỄN TẬP")
        assert speech.rstrip().endswith("Diễn tập.")


def test_places_beyond_what_is_read_out_are_counted():
    assert "và 14 xã, phường khác" in saying.loudspeaker(told(Status.ACTUAL))


def test_a_push_message_stays_below_three_kilobytes():
    import json

    long = replace(told(Status.EXERCISE), headline_vi="ặ" * 139, instruction_vi="ộ " * 1000, instruction_en="w " * 1000)
    assert len(json.dumps(saying.push_payload(long, tag="t"), ensure_ascii=False).encode()) < 3000
