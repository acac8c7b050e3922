"""Many that are one, one that is many; what is hidden is hidden everywhere; what is corrected keeps its history."""

from __future__ import annotations

import pytest

from smarthd.fieldreports.errors import BadSplit, FieldReportFaulty, NothingToJoin, ReportUnknown
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules.states import State, Visibility
from smarthd.fieldreports.selectors import gate, lists, maps, open_data, searching, suggestions
from smarthd.fieldreports.selectors.filters import Query
from smarthd.fieldreports.services import answering, handling, joining, mapping, moderating
from smarthd.fieldreports.services.joining import NewPart
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW, TODAY, hours

WHY = "Có tên và số điện thoại của người khác."


def test_forty_duplicates_become_one_and_everybody_may_speak(land):
    people = [make.citizen() for _ in range(40)]
    reports = [make.sent(land, one, now=NOW + hours(number / 60)) for number, one in enumerate(people)]
    head, others = reports[20], [one for one in reports if one is not reports[20]]
    handling.accept(head.code, caller=land.clerk, now=NOW + hours(1))
    joining.merge(
        [one.code for one in others], into=head.code, words="Một cột đèn", caller=land.dispatcher, now=NOW + hours(1)
    )
    page = gate.report_for(make.phone(), head.code, now=NOW + hours(2))
    assert page.row.reporters == 40
    assert [row.code for row in lists.public_list(Query(), now=NOW).items] == [head.code]
    for one in (people[0], people[39]):
        assert gate.report_for(one, head.code, now=NOW).own
    handling.start(head.code, caller=land.clerk, now=NOW + hours(1))
    make.answered(land, head)
    answering.confirm(head.code, caller=people[3], now=NOW + hours(5))
    assert Report.objects.get(pk=head.pk).state == State.CONFIRMED


def test_merging_never_makes_a_promise_longer(land):
    old, young = make.sent(land), make.sent(land, now=NOW + hours(30))
    for one in (old, young):
        handling.accept(one.code, caller=land.clerk, now=NOW + hours(31))
    old.refresh_from_db()
    joining.merge([old.code], into=young.code, words="", caller=land.dispatcher, now=NOW + hours(32))
    young.refresh_from_db()
    assert (young.original_due_at, young.due_at) == (old.original_due_at, old.due_at)


def test_what_was_merged_into_one_comes_along(land):
    first, second, third = (make.sent(land) for _ in range(3))
    joining.merge([first.code], into=second.code, words="", caller=land.dispatcher, now=NOW)
    joining.merge([second.code], into=third.code, words="", caller=land.dispatcher, now=NOW)
    third.refresh_from_db()
    assert third.merged_count == 2
    with pytest.raises(NothingToJoin):
        joining.merge([third.code], into=third.code, words="", caller=land.dispatcher, now=NOW)


def test_what_was_parted_stands_by_itself_again(land):
    one, head = make.sent(land), make.sent(land)
    joining.merge([one.code], into=head.code, words="", caller=land.dispatcher, now=NOW)
    joining.part(one.code, words="Đây là cột đèn khác, cách 200 m.", caller=land.dispatcher, now=NOW)
    one.refresh_from_db()
    head.refresh_from_db()
    assert (one.state, one.merged_into_id, head.merged_count) == (State.ACCEPTED, None, 0)


def test_a_report_of_two_things_becomes_two(land):
    report, who = make.brought_to(land, State.ACCEPTED)
    with pytest.raises(BadSplit):
        joining.split(report.code, parts=[NewPart("Đèn tắt", "den-duong")], caller=land.dispatcher, now=NOW)
    parts = [NewPart("Đèn tắt trước chợ", "den-duong"), NewPart("Ổ gà trước chợ", "o-ga-mat-duong", land.department)]
    made = joining.split(report.code, parts=parts, caller=land.dispatcher, now=NOW)
    assert [child.holder_id for child in made] == [land.commune, land.department]
    assert {child.received_at for child in made} == {report.received_at}
    page = gate.report_for(who, report.code, now=NOW)
    assert {child.code for child in page.children} == {child.code for child in made}
    assert gate.report_for(who, made[1].code, now=NOW).own


def everywhere(report, words="chợ"):
    """Say where the public finds a report."""
    mapping.fold()
    window = {"west": 105.0, "south": 20.0, "east": 107.5, "north": 22.0}
    near = lists.nearby(report.lat, report.lon, radius_m=500, now=NOW)
    likely = suggestions.duplicates_for(
        lat=report.lat,
        lon=report.lon,
        commune_id=report.commune_id,
        category_key="den-duong",
        words=make.WORDS,
        at=NOW,
        now=NOW,
    )
    found = {
        "list": [row.code for row in lists.public_list(Query(), now=NOW).items],
        "search": [row.code for row in searching.search(words, now=NOW).items],
        "by code": [row.code for row in searching.search(report.code, now=NOW).items],
        "map": [one.code for one in maps.clusters(**window, zoom=9, query=Query(), now=NOW).points],
        "open data": [row["code"] for row in open_data.rows_between(TODAY, TODAY, now=NOW)],
        "site search": [one.code for one in searching.search_documents()],
        "nearby": [row.code for row, _distance in near],
        "duplicates": [one.row.code for one in likely],
    }
    try:
        gate.report_for(make.phone(), report.code, now=NOW)
        found["page"] = [report.code]
    except ReportUnknown:
        found["page"] = []
    return {name for name, codes in found.items() if report.code in codes}


def test_a_hidden_report_is_hidden_everywhere_and_comes_back(land):
    report, who = make.brought_to(land, State.ACCEPTED)
    places = {"list", "search", "by code", "map", "open data", "site search", "nearby", "duplicates", "page"}
    assert everywhere(report) == places
    moderating.hide_report(report.code, words=WHY, caller=land.chief, now=NOW)
    assert everywhere(report) == set()
    assert gate.report_for(who, report.code, now=NOW).hidden_reason == WHY
    assert gate.report_for(land.clerk, report.code, now=NOW).inside
    moderating.show_report(report.code, words="Đã che phần riêng tư.", caller=land.chief, now=NOW)
    assert everywhere(report) == places


def test_what_nobody_has_read_is_seen_but_not_read(land):
    report = make.sent(land)
    assert everywhere(report) == {"list", "by code", "map", "open data", "nearby", "duplicates", "page"}
    [row] = lists.public_list(Query(), now=NOW).items
    assert (row.text, row.address) == ("", "")
    [told] = open_data.rows_between(TODAY, TODAY, now=NOW)
    assert told["text"] == ""


def test_redacted_words_are_read_by_handlers_alone(land):
    report, who = make.brought_to(land, State.ACCEPTED)
    moderating.redact_text(report.code, public_text="Đèn đường trước […] tắt", words=WHY, caller=land.chief, now=NOW)
    public = gate.report_for(make.phone(), report.code, now=NOW)
    assert (public.full_text, public.redacted) == ("Đèn đường trước […] tắt", True)
    assert gate.report_for(land.clerk, report.code, now=NOW).full_text == make.WORDS
    assert gate.report_for(who, report.code, now=NOW).full_text == make.WORDS
    assert searching.search("chợ", now=NOW).items == []


def test_a_correction_keeps_what_was_there(land):
    report, _who = make.brought_to(land, State.ACCEPTED)
    promise = report.original_due_at
    moderating.correct(
        report.code,
        changes={"category": "cat-tia-cay", "address": "Cổng chợ Mới"},
        words="Cành cây che đèn, không phải đèn hỏng.",
        caller=land.dispatcher,
        now=NOW,
    )
    report.refresh_from_db()
    assert (report.category.key, report.original_due_at, report.extensions) == ("cat-tia-cay", promise, 1)
    step = gate.report_for(make.phone(), report.code, now=NOW).timeline[-1]
    assert step.note["before"] == {"category": "den-duong", "address": ""}


def test_a_correction_to_a_sensitive_category_takes_it_out_of_sight(land):
    report, _who = make.brought_to(land, State.ACCEPTED)
    moderating.correct(
        report.code,
        changes={"category": "thai-do"},
        words="Việc này nói về một cán bộ.",
        caller=land.dispatcher,
        now=NOW,
    )
    assert Report.objects.get(pk=report.pk).visibility == Visibility.PRIVATE
    with pytest.raises(FieldReportFaulty):
        moderating.correct(
            report.code, changes={"state": "closed"}, words="Thử đổi trạng thái", caller=land.dispatcher, now=NOW
        )


def test_a_moved_point_moves_the_commune(land):
    report, _who = make.brought_to(land, State.ACCEPTED)
    there = land.units["c1"]
    moderating.correct(
        report.code,
        changes={"point": (there.lat, there.lon)},
        words="Ghim đặt nhầm sang xã bên.",
        caller=land.dispatcher,
        now=NOW,
    )
    assert Report.objects.get(pk=report.pk).commune_id == there.id


def test_likely_duplicates_are_found_in_as_many_statements_however_many_lie_near(land, django_assert_max_num_queries):
    report = make.sent(land)
    for _ in range(12):
        make.sent(land)
    suggestions.duplicates_of(land.dispatcher.actor, report.code, now=NOW)
    with django_assert_max_num_queries(7):
        found = suggestions.duplicates_of(land.dispatcher.actor, report.code, now=NOW, most=10)
    assert len(found) == 10
