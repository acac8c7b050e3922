"""Rules at work: the ground and other data asked, manifests not believed under other rules, who may try, templates that catch what offices get wrong."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from smarthd.agencies.rules import Role
from smarthd.connectors.errors import DataSourceUnknown, MappingFaulty
from smarthd.connectors.models import FaultyLine, Version
from smarthd.connectors.rules import mapping, validation
from smarthd.connectors.rules.demands import Check, CheckName, RowRule, RuleName
from smarthd.connectors.rules.mapping import mapping_of, suggest
from smarthd.connectors.rules.templates import TEMPLATES
from smarthd.connectors.services import around, manifests, reading, rehearsing
from smarthd.connectors.tests import make
from smarthd.kernel import clock
from smarthd.kernel.errors import NotAllowed
from smarthd.places import selectors as places

pytestmark = pytest.mark.django_db
TODAY = clock.day_of(make.NOW)
PLAIN = suggest(make.COLUMNS, make.rows(5))


def with_check(name: CheckName, *options: str, key: str = "ten", notice: bool = False) -> mapping.Mapping:
    check = Check(name, options, notice=notice)
    return replace(
        PLAIN, fields=tuple(replace(one, checks=(check,)) if one.key == key else one for one in PLAIN.fields)
    )


def test_a_point_is_asked_of_the_ground_of_the_day_and_told_where_it_lies(department):
    here, there = [unit for unit in places.units_on(TODAY, "commune") if unit.lat is not None][:2]
    off = around.off_ground(TODAY)
    assert off(here.id, here.lat, here.lon, 0) == ""
    assert off(here.id, there.lat, there.lon, 0) == there.full_name
    assert off(here.id, 10.0, 105.0, 0) == "ngoài địa bàn"
    assert off(here.id, there.lat, there.lon, 90_000) in {"", there.full_name}
    assert off(0, there.lat, there.lon, 0) == "", "of ground nobody knows nothing is said"


def test_a_point_just_outside_is_let_pass_as_far_as_the_rule_says(department):
    here = next(unit for unit in places.units_on(TODAY, "commune") if unit.lat is not None)
    off, north = around.off_ground(TODAY), here.lat
    while off(here.id, north, here.lon, 0) == "":
        north += 0.0005
    assert off(here.id, north, here.lon, 200) == ""
    assert off(here.id, north + 0.05, here.lon, 200) != ""


def a_file(rows: list[tuple[object, ...]], columns: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue().encode()


@pytest.mark.parametrize(
    ("template", "changes", "words"),
    [
        ("nha-thuoc", {"Điện thoại": ""}, "“Loại” là “Nhà thuốc” thì cần ghi “Điện thoại”"),
        (
            "cat-dien-nuoc",
            {"Đến": "23/11/2026 07:00"},
            "“Từ” (08:00 ngày 24/11/2026) sau “Đến” (07:00 ngày 23/11/2026)",
        ),
        ("gia-cho", {"Ngày": "24/12/2026"}, "24/12/2026 sau hôm nay (24/11/2026)"),
        ("muc-phat", {"Phạt đến": "1.000 đ"}, "“Phạt từ” (4.000.000 đ) lớn hơn “Phạt đến” (1.000 đ)"),
        ("truong-hoc", {"Vĩ độ": "20,0", "Kinh độ": "105,0"}, "điểm này nằm ở ngoài địa bàn"),
    ],
)
def test_templates_catch_what_offices_get_wrong(department, template, changes, words):
    unit = next(unit for unit in places.units_on(TODAY, "commune") if unit.lat is not None)
    sound = {
        "Loại": {"nha-thuoc": "Nhà thuốc", "cat-dien-nuoc": "điện"}.get(template, ""), "Xã, phường": unit.full_name, "Điện thoại": "0990001001", "Vĩ độ": unit.lat,
        "Kinh độ": unit.lon, "Từ": "24/11/2026 08:00", "Đến": "24/11/2026 11:00", "Ngày": "23/11/2026", "Giá": "12.000", "Phạt từ": "4.000.000", "Phạt đến": "6.000.000",
        "Cấp học": "cấp 1", "Giờ mở cửa": "7h–21h", "Chỉ tiêu tuyển sinh": "90",
    }  # fmt: skip
    source = make.source(department, template=template, title=TEMPLATES[template].title)
    heads = tuple(one.header for one in TEMPLATES[template].mapping.fields)

    def cells(n: int, more: dict[str, Any]) -> tuple[object, ...]:
        told = sound | more
        return tuple(
            told.get(head, f"{head} {n}" if one.kind.value in {"text", "choice"} else "")
            for head, one in zip(heads, TEMPLATES[template].mapping.fields, strict=True)
        )

    raw = a_file([cells(1, {}), cells(2, changes)], heads)
    reading.hand_in(uid=source.uid, raw=raw, file_name="a.csv", encoding="utf-8", actor=make.SYSTEM, now=make.NOW)
    version = Version.objects.get(source=source)
    [line] = FaultyLine.objects.filter(version=version, number=3)
    assert any(words in one["words"] for one in line.problems), line.problems
    assert not FaultyLine.objects.filter(version=version, number=2, noticed=False).exists()


def test_a_manifest_is_believed_only_under_the_rules_and_the_day_it_was_made_under(world):
    source = make.mapped(make.source(world.commune_a), with_check(CheckName.LENGTH, "3", ""))
    table = make.table(make.rows(5))
    prints = {manifests.fingerprint(source, table, "cells", TODAY)}
    prints.add(manifests.fingerprint(source, table, "cells", TODAY + timedelta(days=1)))
    assert len(prints) == 1, "these rules say the same tomorrow"
    make.mapped(source, with_check(CheckName.LENGTH, "4", ""))
    assert manifests.fingerprint(source, table, "cells", TODAY) not in prints
    days = replace(
        PLAIN,
        fields=tuple(
            replace(one, kind=mapping.Kind.DAY, checks=(Check(CheckName.RANGE, ("", "today")),)) for one in PLAIN.fields
        ),
    )
    make.mapped(source, days)
    assert manifests.fingerprint(source, table, "cells", TODAY) != manifests.fingerprint(
        source, table, "cells", TODAY + timedelta(days=1)
    )


@pytest.mark.parametrize(
    ("told", "beyond"),
    [
        (PLAIN, False), (with_check(CheckName.LENGTH, "3"), False), (with_check(CheckName.LENGTH, "3", notice=True), True), (with_check(CheckName.UNIQUE), True),
        (with_check(CheckName.EXISTS, "a", "b"), True), (replace(PLAIN, rules=(RowRule(RuleName.EITHER, ("ma", "ten")),)), False),
        (replace(PLAIN, rules=(RowRule(RuleName.EITHER, ("ma", "ten"), notice=True),)), True),
    ],
)  # fmt: skip
def test_a_mapping_that_looks_beyond_its_lines_is_read_whole(told, beyond):
    assert validation.looks_beyond_lines(told) is beyond


def test_lines_with_one_value_are_told_at_every_reading(world):
    source = make.mapped(make.source(world.commune_a), with_check(CheckName.UNIQUE))
    rows = [*make.rows(30), ("NT99", "Nhà thuốc 1", "7h")]
    make.published(source, make.table(rows))
    run = make.read(source, make.table([*rows, ("NT100", "Nhà thuốc mới", "7h")]))
    assert run.counts["faulty"] == 1
    assert "đã có ở dòng 2" in FaultyLine.objects.get(version__source=source, version__number=2).problems[0]["words"]


def test_a_mapping_is_tried_by_who_feeds_the_source_and_nothing_is_kept(world):
    source = make.source(world.commune_a)
    raw = a_file([*make.rows(4), ("NT9", "x", "7h")], make.COLUMNS)
    reading.hand_in(uid=source.uid, raw=raw, file_name="a.csv", encoding="utf-8", actor=make.SYSTEM, now=make.NOW)
    told = {"uid": source.uid, "mapped": with_check(CheckName.LENGTH, "3", ""), "now": make.NOW}
    for role, allowed in ((Role.CLERK, True), (Role.HEAD, True), (Role.AUDITOR, False)):
        actor = make.official(world.commune_a, role)
        if not allowed:
            with pytest.raises((NotAllowed, DataSourceUnknown)):
                rehearsing.rehearse(actor=actor, **told)
            continue
        found = rehearsing.rehearse(actor=actor, **told)
        assert (found.total, found.faulty, found.by_column) == (5, 1, {"Tên": 1})
        assert found.shown[0][1][0].words == "chỉ dài 1 chữ, cần ít nhất 3. Viết đủ hơn"
    with pytest.raises(DataSourceUnknown):
        rehearsing.rehearse(actor=make.official(world.commune_b, Role.HEAD), **told)
    with pytest.raises(MappingFaulty):
        rehearsing.rehearse(actor=make.SYSTEM, **(told | {"mapped": with_check(CheckName.PATTERN, "^(a")}))
    source.refresh_from_db()
    assert mapping_of(source.mapping).fields == ()
    assert not Version.objects.exists()
