"""Large datasets asked by what readers choose, by time and by nearness: the same answers as without indexes, found by leaping to them."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import timedelta
from string import ascii_letters

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.errors import LockNotAvailable

from smarthd.connectors.models import Source
from smarthd.connectors.rules import asking, indexed, mapping
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.connectors.rules.indexed import Indexed, Use
from smarthd.connectors.rules.sources import Publication, Shape
from smarthd.connectors.selectors import open_data, ordered, public, timetables
from smarthd.connectors.selectors.public import Query
from smarthd.connectors.services import indexes, partitions, publishing, sources, staging
from smarthd.connectors.tests import make

COLUMNS = ("Mã", "Tên", "Loại", "Số phòng", "Từ ngày", "Vĩ độ", "Kinh độ")
SORTS = ("Chợ", "Bến xe", "Công viên", "50% giá", 'Quán "Sen"')
MAPPED = mapping.Mapping(
    (
        Field("ma", "Mã", "Mã", Kind.TEXT, required=True), Field("ten", "Tên", "Tên", Kind.TEXT, required=True),
        Field("loai", "Loại", "Loại", Kind.CHOICE, filtered=True), Field("phong", "Số phòng", "Số phòng", Kind.NUMBER, filtered=True),
        Field("tu", "Từ ngày", "Từ ngày", Kind.DAY), Field("lat", "Vĩ độ", "Vĩ độ", Kind.LATITUDE), Field("lon", "Kinh độ", "Kinh độ", Kind.LONGITUDE),
    ),
    ("ma",),
)  # fmt: skip
COUNT = 400


def row(number: int) -> tuple[str, ...]:
    loai = "" if number % 11 == 0 else SORTS[number % 5]
    day = "" if number % 13 == 0 else f"{1 + number % 28}/{1 + number % 12}/2026"
    return (f"M{number}", f"Nơi {number}", loai, str(number % 4), day, f"{20.5 + number * 7 % 400 / 1000}", f"{106 + number * 13 % 400 / 900}")  # fmt: skip


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(indexed, "LARGE", 100)
    monkeypatch.setattr(public, "LARGE", 100)


@pytest.fixture
def places(world, large):
    made = make.mapped(make.source(world.department), MAPPED)
    made.publication = replace(Publication(), begins="tu").as_json()
    made.save()
    return make.published(made, make.table([row(number) for number in range(COUNT)], COLUMNS))


def present(source: Source) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE %s", [f"{indexed.prefix(source.pk)}%"])
        return {name for (name,) in cursor.fetchall()}


# --- what is wanted ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("publication", "rows", "wanted"),
    [
        (Publication(), 99, set()),
        (Publication(), 100, {"by loai", "by phong"}),
        (Publication(begins="tu"), 100, {"by loai", "by phong", "in tu"}),
        (Publication(shape=Shape.CALENDAR, begins="tu"), 100, {"by loai", "by phong", "in tu"}),
        (Publication(shape=Shape.CHART, x="tu", y="phong", begins="ma"), 100, {"by loai", "by phong", "in tu"}),
        (Publication(shape=Shape.TIMETABLE, begins="tu"), 100, {"by loai", "by phong", "by ten", "in tu"}),
        (Publication(shape=Shape.LOOKUP, lookup="ma", begins="tu"), 100, {"by loai", "by phong"}),
        (Publication(begins="gone"), 100, {"by loai", "by phong"}),
    ],
)
def test_what_readers_ask_by_is_indexed_where_there_are_many_rows(large, publication, rows, wanted):
    found = indexed.wanted(MAPPED, publication, rows=rows)
    assert {f"{one.use} {one.key}" for one in found} == wanted


def test_names_differ_by_source_use_and_field_and_fit_the_database():
    key = "x" * 200
    names = {Indexed(use, one).name(number) for use in Use for one in (key, "y") for number in (1, 11)}
    assert len(names) == 8
    assert max(map(len, names)) <= 63


# --- made, kept, dropped ----------------------------------------------------------------------------------------------
def test_they_are_owed_after_publishing_made_once_and_dropped_when_nobody_asks_by_them(places):
    assert (
        ProcrastinateJob.objects.filter(task_name__endswith="keep_indexes", args={"source_id": places.pk}).count() == 1
    )
    assert indexes.owing() == [places.pk]
    assert indexes.keep(places.pk)
    assert indexes.owing() == []
    assert len(present(places)) == 3
    places.refresh_from_db()
    assert places.indexed == ["loai", "phong"]
    assert public.dataset(places.key, now=make.NOW).indexed == {"loai", "phong"}
    assert indexes.keep(places.pk)

    places.mapping = replace(
        MAPPED, fields=tuple(replace(one, filtered=one.key == "loai") for one in MAPPED.fields)
    ).as_json()
    places.save(update_fields=["mapping"])
    assert indexes.owing() == [places.pk]
    assert indexes.keep(places.pk)
    places.refresh_from_db()
    assert places.indexed == ["loai"]
    assert len(present(places)) == 2

    sources.end_source(uid=places.uid, actor=make.SYSTEM, now=make.NOW)
    assert indexes.owing() == [places.pk]
    assert indexes.keep(places.pk)
    places.refresh_from_db()
    assert (present(places), places.indexed, indexes.owing()) == (set(), [], [])


def test_another_way_of_being_shown_asks_for_its_indexes(places):
    indexes.keep(places.pk)
    asked = ProcrastinateJob.objects.filter(task_name__endswith="keep_indexes")
    asked.delete()
    shown = Publication(shape=Shape.CALENDAR, begins="tu", title="ten")
    sources.set_publication(uid=places.uid, publication=shown, actor=make.SYSTEM, now=make.NOW)
    assert asked.count() == 1


def test_what_cannot_be_locked_now_is_owed_still(places, monkeypatch):
    def refuse(*_told):
        raise OperationalError from LockNotAvailable()

    monkeypatch.setattr(indexes, "_make", refuse)
    assert not indexes.keep(places.pk)
    places.refresh_from_db()
    assert places.indexed == []
    assert indexes.owing() == [places.pk]


def test_a_dataset_with_a_table_of_its_own_gets_them_there(world, large, monkeypatch):
    monkeypatch.setattr(staging, "MANY", 50)
    made = make.published(
        make.mapped(make.source(world.department), MAPPED),
        make.table([row(number) for number in range(COUNT)], COLUMNS),
    )
    assert indexes.keep(made.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tablename FROM pg_indexes WHERE indexname = ANY(%s)", [list(present(made))])
        assert cursor.fetchall() == [(partitions.own_table(made.pk),)]
    later = make.read(
        made, make.table([row(number) for number in range(5, COUNT + 5)], COLUMNS), now=make.NOW + timedelta(days=1)
    )
    publishing.publish(uid=made.uid, number=int(later.counts["version"]), actor=make.SYSTEM, now=make.NOW)
    shown = public.dataset(made.key, now=make.NOW)
    assert public.choices(shown)["loai"] == sorted(SORTS)


# --- pages ------------------------------------------------------------------------------------------------------------
def everything(shown, query):
    """Return the codes of all pages of a question, in their order."""
    found, cursor = [], ""
    while True:
        page = ordered.page(shown, query, now=make.NOW, cursor=cursor)
        found += [one.code for one in page.items]
        if not page.next_cursor:
            return found
        cursor = page.next_cursor


QUERIES = [
    Query(),
    *(Query(chosen={"loai": one}) for one in (*SORTS, "không có", "")),
    Query(chosen={"phong": "3"}),
    Query(chosen={"phong": "3", "loai": "Chợ"}),
    Query(near=(20.6, 106.2)),
    Query(near=(20.6, 106.2), chosen={"loai": "50% giá"}),
    Query(near=(10.8, 106.7)),
]


def test_answers_are_the_same_with_and_without_indexes(places):
    def told():
        shown = public.dataset(places.key, now=make.NOW)
        plain = replace(shown, publication=Publication())
        return [everything(one, query) for one in (shown, plain) for query in QUERIES], public.choices(shown)

    before = told()
    indexes.keep(places.pk)
    assert public.dataset(places.key, now=make.NOW).indexed
    assert told() == before
    assert before[1] == {"loai": sorted(SORTS), "phong": ["0", "1", "2", "3"]}
    assert [len(one) for one in before[0]][:4] == [
        COUNT,
        *(sum(row(n)[2] == one for n in range(COUNT)) for one in SORTS[:3]),
    ]


def test_stops_are_the_same_with_and_without_indexes(places):
    def told():
        shown = public.dataset(places.key, now=make.NOW)
        lines = replace(shown, publication=Publication(shape=Shape.TIMETABLE, begins="tu", title="loai"))
        return timetables.stops(lines), timetables.stop_names(lines, most=9)

    before = told()
    indexes.keep(places.pk)
    assert told() == before
    assert before[1] == [one.name for one in before[0]] == sorted(SORTS)


def test_the_unit_of_a_chart_is_told_where_all_rows_name_the_same(world, large):
    fields = (*MAPPED.fields, Field("don_vi_do", "Đơn vị đo", "Đơn vị đo", Kind.TEXT))
    made = make.mapped(make.source(world.department), replace(MAPPED, fields=fields))
    made.publication = Publication(shape=Shape.CHART, x="tu", y="phong").as_json()
    made.save()
    for day, told in enumerate(("m", "", "cm", "m"), start=1):
        rows = [(*row(number), told if number == 7 else "m") for number in range(150)]
        make.published(made, make.table(rows, (*COLUMNS, "Đơn vị đo")), now=make.NOW + timedelta(days=day))
        for _ in range(2):
            shown = public.dataset(made.key, now=make.NOW)
            assert public.measure_of(shown) == ("m" if told == "m" else "")
            assert indexes.keep(made.pk)
    assert "don_vi_do" in shown.indexed


@pytest.mark.parametrize("near", [(20.7, 106.2), (20.1, 105.4), (10.8, 106.7), (20.7, 106.2001)])
def test_the_nearest_are_the_nearest_however_far_away(places, near):
    shown = public.dataset(places.key, now=make.NOW)
    found = public.rows_page(shown, Query(near=near), now=make.NOW).items
    east = math.cos(math.radians(near[0]))
    away = sorted(
        math.hypot(float(one[5]) - near[0], (float(one[6]) - near[1]) * east) for one in map(row, range(COUNT))
    )
    assert [one.km for one in found] == pytest.approx([111.2 * one for one in away[: public.EACH_PAGE]])


def test_the_newest_come_first_page_after_page_each_once(places):
    shown = public.dataset(places.key, now=make.NOW)
    chart = replace(shown, publication=replace(shown.publication, shape=Shape.CHART, x="tu", y="phong"))
    found, days = everything(chart, Query()), {}
    for number in range(COUNT):
        days[row(number)[0]] = row(number)[4]
    assert len(set(found)) == len(found) == COUNT
    told = [public.row(shown, code).values["tu"] or "" for code in found[:60]]
    assert told == sorted(told, reverse=True)


@pytest.mark.parametrize(
    ("query", "use"),
    [(Query(chosen={"loai": "không có"}), Indexed(Use.CHOOSE, "loai")), (Query(), Indexed(Use.ORDER, "tu"))],
)
def test_the_database_goes_by_the_index(places, query, use):
    indexes.keep(places.pk)
    shown = public.dataset(places.key, now=make.NOW)
    found = public.standing(shown, query, now=make.NOW)
    if use.use is Use.ORDER:
        found = found.annotate(at=ordered.cell_or_nothing("tu")).order_by("at", "id")
    assert use.name(places.pk) in found[:30].explain()


def test_a_long_cell_breaks_neither_the_index_nor_the_next_version(world, large):
    fields = tuple(replace(one, kind=Kind.TEXT, filtered=True) if one.key == "loai" else one for one in MAPPED.fields)
    made = make.mapped(make.source(world.department), replace(MAPPED, fields=fields))
    rng = random.Random(4)
    long = "".join(rng.choices(ascii_letters + "ếữậỗ", k=3_900))
    plain = [row(number) for number in range(COUNT)]
    made = make.published(made, make.table([("L0", "Dài", long, "1", "", "", ""), *plain], COLUMNS))
    assert indexes.keep(made.pk)
    other = [("L1", "Dài nữa", long[::-1], "1", "", "", ""), *plain]
    make.published(made, make.table(other, COLUMNS), now=make.NOW + timedelta(days=1))
    shown = public.dataset(made.key, now=make.NOW)
    found = public.rows_page(shown, Query(chosen={"loai": long[::-1]}), now=make.NOW).items
    assert [one.title for one in found] == ["Dài nữa"]
    assert public.choices(shown)["loai"] == sorted([*SORTS, long[::-1][:200]])


@pytest.mark.parametrize("one_of", [False, True])
def test_the_open_api_goes_by_the_same_index_and_tells_long_cells_apart_to_their_end(places, one_of):
    indexes.keep(places.pk)
    shown = public.dataset(places.key, now=make.NOW)
    field = next(one for one in shown.mapping.fields if one.key == "loai")

    def found(value):
        told = asking.OneOf(field, (value,)) if one_of else asking.Compare(field, asking.Comparison.EQUAL, value)
        with CaptureQueriesContext(connection) as queries:
            rows = open_data.page(shown, asking.Asked(conditions=(told,), limit=9), "code").texts
        return len(rows), queries.captured_queries[-1]["sql"]

    count, statement = found("Chợ")
    assert count == 9
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        assert Indexed(Use.CHOOSE, "loai").name(places.pk) in str(cursor.fetchall())
    long = "Ờ" * 300
    made = [("D1", "Dài", f"{long}a", "1", "", "", ""), ("D2", "Dài", f"{long}b", "1", "", "", "")]
    places.mapping = replace(
        MAPPED, fields=tuple(replace(one, kind=Kind.TEXT) if one == field else one for one in MAPPED.fields)
    ).as_json()
    places.save(update_fields=["mapping"])
    make.published(
        places, make.table([*(row(n) for n in range(COUNT)), *made], COLUMNS), now=make.NOW + timedelta(days=1)
    )
    shown = public.dataset(places.key, now=make.NOW)
    field = next(one for one in shown.mapping.fields if one.key == "loai")
    assert found(f"{long}a")[0] == 1
