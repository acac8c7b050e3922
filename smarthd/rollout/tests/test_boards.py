"""A page of the board says of each unit what the rules say, whatever it is narrowed to, and costs the same for many."""

from __future__ import annotations

import copy
from datetime import timedelta
from pathlib import Path

import pytest

from smarthd.rollout import selectors, services
from smarthd.rollout.rules.reports import Standing
from smarthd.rollout.selectors import Narrowed
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import DUE, NOW, TYPED, Desk
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
BEFORE, EVE, AFTER = DUE - timedelta(days=9), NOW, DUE + timedelta(seconds=1)


def planted(_folder: Path) -> Desk:
    made = reporting.desk()
    services.save_draft(
        made.owed_by(made.world.commune_a), typed=TYPED, disputes={}, seen_edits=0, minutes=1, actor=made.clerk, now=NOW
    )
    return made


_desk = planted_once(planted)


@pytest.fixture
def desk(_desk: Desk, db: None) -> Desk:
    return copy.deepcopy(_desk)


@pytest.mark.parametrize("now", [BEFORE, EVE, DUE, AFTER])
@pytest.mark.parametrize("way", ["draft", "submitted", "returned", "endorsed", "exempt"])
def test_the_database_tells_standings_as_the_rules_do(desk: Desk, way: str, now: object) -> None:
    if way == "exempt":
        services.exempt(desk.owed_by(desk.world.commune_a), reason="Giải thể", actor=desk.department, now=NOW)
    elif way != "draft":
        report = reporting.submitted(desk)
        if way == "returned":
            services.return_report(report.uid, reasons={"reached": "Xem lại."}, actor=desk.district, now=NOW)
        if way == "endorsed":
            services.endorse_report(report.uid, seen_hash=report.content_hash, actor=desk.district, now=NOW)
    whole = selectors.board(desk.department, desk.period, now=now)  # type: ignore[arg-type]
    page = selectors.board_page(desk.department, desk.period, Narrowed(), now=now)  # type: ignore[arg-type]
    assert [(one.uid, one.standing) for one in page.rows] == [(one.uid, one.standing) for one in whole]
    assert sum(page.standings.values()) == page.all == page.count == 3
    for standing in Standing:
        some = selectors.board_page(desk.department, desk.period, Narrowed(standing=standing.value), now=now)  # type: ignore[arg-type]
        assert [one.uid for one in some.rows] == [one.uid for one in whole if one.standing is standing]
        assert some.count == page.standings.get(standing, 0)


def test_units_are_found_by_words_with_or_without_marks_and_only_those_one_may_see(desk: Desk) -> None:
    found = selectors.board_page(desk.department, desk.period, Narrowed(words="hop tien"), now=NOW)
    assert [one.agency_id for one in found.rows] == [desk.world.commune_a]
    assert selectors.board_page(desk.clerk, desk.period, Narrowed(words="nam hung"), now=NOW).rows == ()
    assert selectors.board_page(desk.clerk, desk.period, Narrowed(), now=NOW).all == 1


def test_a_page_holds_so_many_and_costs_four_queries(desk: Desk, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(4):
        first = selectors.board_page(desk.department, desk.period, Narrowed(), now=NOW, limit=2)
    rest = selectors.board_page(desk.department, desk.period, Narrowed(), now=NOW, start=2, limit=2)
    assert (len(first.rows), len(rest.rows), rest.count) == (2, 1, 3)


@pytest.mark.parametrize(("days", "due"), [(0, 0), (1, 0), (3, 0), (4, 3), (8, 3)])
def test_who_is_to_be_called_is_counted_as_the_list_lists_them(desk: Desk, days: int, due: int) -> None:
    """The term is a Friday: two working days later is Tuesday."""
    now = DUE + timedelta(days=days, minutes=1)
    assert selectors.calls_due(desk.department, desk.period, now=now) == due
    assert len(selectors.call_list(desk.department, now=now, period=desk.period)) == due
    assert selectors.calls_due(desk.district, desk.period, now=now) == 0
