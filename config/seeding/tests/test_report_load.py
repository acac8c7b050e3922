"""Reports planted by COPY read like reports that were sent."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from config.seeding import report_load
from smarthd.fieldreports.models import Report, ReportStep
from smarthd.fieldreports.selectors import gate, lists, maps, searching, statistics
from smarthd.fieldreports.selectors.filters import Query
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.conftest import _land, land  # noqa: F401 - the fixtures
from smarthd.fieldreports.tests.make import NOW, TODAY

OMITTED = {"content_hash", "suggested_category_id", "suggested_certainty"}  # what nothing measured reads
WINDOW = {"west": 105.0, "south": 20.0, "east": 107.5, "north": 22.0}


def test_planted_reports_are_listed_found_counted_and_opened(land):  # noqa: F811
    rng = np.random.default_rng(4)
    first = TODAY - timedelta(days=200)
    assert report_load.plant_reports(400, rng=rng, first=first, last=TODAY - timedelta(days=1)) == 400
    assert set(Report.objects.values_list("holder_id", flat=True)) == {land.commune, land.other}
    page = lists.public_list(Query(), now=NOW, limit=20)
    assert len(page.items) == 20
    assert page.next_cursor
    assert searching.search("den duong", now=NOW).items
    assert maps.clusters(**WINDOW, zoom=9, query=Query(), now=NOW).count == 400
    figures = statistics.of_everybody(first, TODAY, now=NOW)
    assert figures.received == 400
    assert 0 < figures.in_time_first <= figures.in_time_extended <= figures.due
    opened = gate.report_for(land.leader, page.items[0].code, now=NOW)
    assert [step.act for step in opened.timeline] == ["received", "accepted"]
    assert ReportStep.objects.count() == 800


def test_a_planted_row_has_what_a_sent_one_has(land):  # noqa: F811
    sent = make.sent(land)
    rng = np.random.default_rng(5)
    report_load.plant_reports(1, rng=rng, first=TODAY - timedelta(days=3), last=TODAY - timedelta(days=2))
    planted = Report.objects.exclude(pk=sent.pk).get()
    never_empty = [
        field.attname
        for field in Report._meta.concrete_fields
        if getattr(sent, field.attname) not in (None, "", [], {}) and field.attname not in OMITTED
    ]
    assert [name for name in never_empty if getattr(planted, name) in (None, "", [], {})] == []
