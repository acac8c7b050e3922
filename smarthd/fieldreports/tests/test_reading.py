"""Lists, maps, searches, figures: few statements, keyset pages, sums that equal what they sum."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smarthd.fieldreports.errors import ReportUnknown
from smarthd.fieldreports.models import MapCell, Report
from smarthd.fieldreports.rules import mapping as grid
from smarthd.fieldreports.rules.states import Stand, State
from smarthd.fieldreports.selectors import categories, gate, lists, maps, searching, statistics
from smarthd.fieldreports.selectors.filters import Query
from smarthd.fieldreports.selectors.lists import Order
from smarthd.fieldreports.services import following, handling, mapping
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW, TODAY, hours
from smarthd.kernel.paging import BadCursor


def many(land, count, **changes):
    dice = random.Random(7)
    made = []
    for number in range(count):
        there = land.units[f"c{dice.randrange(2)}"]
        lat, lon = there.lat + dice.uniform(-0.002, 0.002), there.lon + dice.uniform(-0.002, 0.002)
        made.append(make.sent(land, now=NOW + hours(number / 60), lat=lat, lon=lon, **changes))
    return made


def statements(call):
    with CaptureQueriesContext(connection) as asked:
        call()
    return len(asked)


def test_the_queue_takes_few_statements_whatever_its_length(land):
    many(land, 12)
    lists.queue(land.leader.actor, Query(), now=NOW)
    assert statements(lambda: lists.queue(land.leader.actor, Query(), now=NOW)) <= 5
    query = Query(words="đèn", category_keys=("chieu-sang",), stands=(Stand.NEW,), urgent=False)
    assert statements(lambda: lists.queue(land.leader.actor, query, now=NOW)) <= 5
    assert statements(lambda: lists.queue_counts(land.leader.actor, now=NOW)) == 1


def test_the_category_tree_takes_two_statements(land):
    many(land, 5)
    mapping.fold()
    assert statements(categories.tree) == 1
    assert statements(categories.tree_with_counts) == 2
    assert statements(lambda: categories.tree_with_counts(land.clerk.actor)) == 2
    counts = {leaf.key: leaf.count for root in categories.tree_with_counts() for leaf in root.children}
    assert counts["den-duong"] == 5


def test_pages_hold_every_report_once_in_order(land):
    made = {report.code for report in many(land, 23)}
    for order in Order:
        seen, cursor = [], ""
        while True:
            page = lists.queue(land.leader.actor, Query(), now=NOW, order=order, cursor=cursor, limit=5)
            seen += page.items
            cursor = page.next_cursor
            if not cursor:
                break
        assert sorted(row.code for row in seen) == sorted(made)
        keys = [row.due_at if order is Order.DUE else -row.received_at.timestamp() for row in seen]
        assert keys == sorted(keys)
    with pytest.raises(BadCursor):
        lists.queue(land.leader.actor, Query(), now=NOW, cursor="xxx")


def test_officials_see_what_their_agencies_are_involved_in(land):
    here = make.sent(land)
    there = make.sent(land, lat=land.units["c1"].lat, lon=land.units["c1"].lon)

    def seen(caller):
        return {row.code for row in lists.queue(caller.actor, Query(), now=NOW).items}

    assert seen(land.clerk) == {here.code}
    assert seen(land.other_clerk) == {there.code}
    assert seen(land.leader) == seen(land.auditor) == {here.code, there.code}
    assert seen(land.department_clerk) == seen(make.citizen()) == set()
    handling.accept(here.code, caller=land.clerk, now=NOW)
    handling.assign(here.code, to_id=land.department, words="", caller=land.dispatcher, now=NOW)
    assert seen(land.department_clerk) == {here.code}
    assert seen(land.clerk) == {here.code}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(words="den duong tat"), True),
        (Query(words="ĐÈN đường"), True),
        (Query(words="nhìn thấy đườ"), True),
        (Query(words="ổ gà"), False),
        (Query(words="'; DROP TABLE"), False),
        (Query(words="!!! & | ()"), True),
        (Query(stands=(Stand.DONE,)), False),
        (Query(states=(State.RECEIVED,)), True),
        (Query(category_keys=("chieu-sang",)), True),
        (Query(category_keys=("khong-co",)), False),
        (Query(since=TODAY, until=TODAY), True),
        (Query(since=TODAY + timedelta(days=1)), False),
        (Query(overdue=True), False),
        (Query(urgent=True), False),
        (Query(reopened=True), False),
        (Query(worker=5), False),
    ],
)
def test_filters_find_what_they_say(land, query, found):
    make.sent(land)
    assert bool(lists.queue(land.clerk.actor, query, now=NOW, order=Order.NEWEST).items) is found


def test_words_are_found_by_everybody_only_where_they_may_be_read(land):
    report = make.sent(land)
    assert searching.search("cổng chợ", now=NOW).items == []
    assert [row.code for row in searching.search("cổng chợ", now=NOW, actor=land.clerk.actor).items] == [report.code]
    handling.accept(report.code, caller=land.clerk, now=NOW)
    assert [row.code for row in searching.search("cong cho", now=NOW).items] == [report.code]


WINDOW = {"west": 105.0, "south": 20.0, "east": 107.5, "north": 22.0}


def test_clusters_add_up_to_the_reports_at_every_zoom_before_and_after_folding(land, monkeypatch):
    made = many(land, 40)
    monkeypatch.setattr(maps, "FEW", 0)
    for folded in (False, True):
        if folded:
            assert mapping.fold() > 0
        for zoom in range(5, 15):
            answer = maps.clusters(**WINDOW, zoom=zoom, query=Query(), now=NOW)
            assert answer.count == sum(one.count for one in answer.clusters) == 40
    assert maps.clusters(**WINDOW, zoom=16, query=Query(), now=NOW).count == 40
    by_officials = maps.clusters(**WINDOW, zoom=9, query=Query(), now=NOW, actor=land.leader.actor)
    assert by_officials.count == 40
    own = maps.clusters(**WINDOW, zoom=9, query=Query(), now=NOW, actor=land.clerk.actor)
    assert own.count == sum(report.commune_id == land.place.id for report in made)


def test_the_maps_sums_follow_every_change_and_equal_a_count_made_anew(land, monkeypatch):
    monkeypatch.setattr(maps, "FEW", 0)
    made = many(land, 10)
    mapping.fold()
    handling.accept(made[0].code, caller=make.SYSTEM, now=NOW)
    Report.objects.filter(pk=made[1].pk).update(visibility="hidden")
    mapping.fold()
    kept = sorted(
        MapCell.objects.values_list("level", "x", "y", "category_id", "state", "shown", "count", "sum_mx", "sum_my")
    )
    assert mapping.rebuild() == 10
    anew = sorted(
        MapCell.objects.values_list("level", "x", "y", "category_id", "state", "shown", "count", "sum_mx", "sum_my")
    )
    assert kept == anew
    asked = Query(stands=(Stand.WORKING,))
    assert maps.clusters(**WINDOW, zoom=9, query=asked, now=NOW).count == 1
    assert maps.clusters(**WINDOW, zoom=9, query=Query(), now=NOW).count == 9
    lamps = Query(category_keys=("chieu-sang",))
    assert maps.clusters(**WINDOW, zoom=9, query=lamps, now=NOW).count == 9


@pytest.mark.parametrize(
    "query",
    [
        Query(words="đèn"),
        Query(since=TODAY),
        Query(until=TODAY),
        Query(overdue=True),
        Query(urgent=True),
        Query(stands=(Stand.NEW,)),
        Query(category_keys=("chieu-sang",)),
    ],
)
def test_the_map_and_the_list_answer_one_question_alike(land, query):
    for report in many(land, 8, urgent=True):
        handling.accept(report.code, caller=make.SYSTEM, now=NOW)
    later = NOW + timedelta(days=30)
    listed = {row.code for row in lists.public_list(query, now=later).items}
    on_map = {point.code for point in maps.clusters(**WINDOW, zoom=10, query=query, now=later).points}
    assert on_map == listed


@pytest.mark.parametrize("window", [(107, 20, 106, 21), (106, 22, 107, 21), (float("nan"), 0, 1, 1), (0, 0, 500, 1)])
def test_a_window_that_is_none_is_refused(land, window):
    west, south, east, north = window
    with pytest.raises(maps.BadWindow):
        maps.clusters(west, south, east, north, zoom=9, query=Query(), now=NOW)


def test_the_grid_is_true_to_a_metre():
    for lat, lon in ((20.94, 106.32), (21.2, 106.9), (20.6, 106.1)):
        back = grid.degrees_of(*grid.grid_of(lat, lon))
        assert grid.metres_between((lat, lon), back) < 1


def test_figures_are_what_was_done(land):
    make.brought_to(land, State.CONFIRMED)
    make.brought_to(land, State.REOPENED)
    make.brought_to(land, State.DECLINED)
    make.brought_to(land, State.RECEIVED)
    late = make.brought_to(land, State.IN_PROGRESS)[0]
    [figures] = statistics.by_agency(TODAY, TODAY, now=late.original_due_at + hours(1))
    told = (figures.received, figures.open, figures.answered, figures.declined, figures.due, figures.in_time_first)
    assert told == (5, 3, 1, 1, 3, 1)
    assert figures.rate_first == pytest.approx(1 / 3)
    assert figures.confirmed == 1
    assert figures.reopened == 1
    assert figures.satisfaction is None
    assert replace(figures, agency="") == replace(
        statistics.of_everybody(TODAY, TODAY, now=late.original_due_at + hours(1)), agency_id=figures.agency_id
    )
    assert statistics.of_agency(land.commune, TODAY, TODAY, now=NOW).received == 5
    assert [one.figures.received for one in statistics.by_category(TODAY, TODAY, now=NOW)] == [5]
    assert statistics.by_day(TODAY, TODAY) == [(TODAY, 5, 1)]  # what was reopened is answered no longer


def test_nearby_reports_come_nearest_first(land):
    here = land.place
    far, near = (make.sent(land, lat=here.lat + shift, lon=here.lon) for shift in (0.002, 0.0005))
    found = lists.nearby(here.lat, here.lon, radius_m=300, now=NOW)
    assert [row.code for row, _distance in found] == [near.code, far.code]
    assert [round(distance, -1) for _row, distance in found] == [60, 220]
    assert len(lists.nearby(here.lat, here.lon, radius_m=100, now=NOW)) == 1


def test_following_is_counted_once_a_person_and_undone(land):
    report, phone = make.sent(land), make.phone()
    assert following.follow_report(report.code, caller=phone, now=NOW)
    assert not following.follow_report(report.code, caller=phone, now=NOW)
    report.refresh_from_db()
    assert report.followers == 1
    assert [row.code for row in lists.followed_reports(phone, now=NOW)] == [report.code]
    assert following.unfollow_report(report.code, caller=phone)
    report.refresh_from_db()
    assert report.followers == 0
    hidden = make.sent(land, private=True)
    with pytest.raises(ReportUnknown):
        following.follow_report(hidden.code, caller=phone, now=NOW)


def test_one_page_takes_few_statements(land):
    report, _who = make.brought_to(land, State.CONFIRMED)
    gate.report_for(land.clerk, report.code, now=NOW)
    assert statements(lambda: gate.report_for(land.clerk, report.code, now=NOW)) <= 20
    assert statements(lambda: gate.report_for(make.phone(), report.code, now=NOW)) <= 20


@pytest.mark.parametrize("code", ["\x00", "PA-\x00AAAAAA", "\u202e", "a" * 5_000, ""])
def test_what_no_code_can_be_is_simply_not_found(land, code):
    with pytest.raises(ReportUnknown):
        gate.report_for(land.leader, code, now=NOW)
    with pytest.raises(ReportUnknown):
        handling.accept(code, caller=land.clerk, now=NOW)
    assert not lists.public_list(Query(codes=(code,)), now=NOW).items
