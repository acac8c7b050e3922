"""Earlier versions: off until the owner says so, never what was recalled, never what was hidden since; what differs between two."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthd.agencies.rules import Role
from smarthd.connectors.errors import DataSourceUnknown, EditionPublic, EditionUnknown, VersionUnknown
from smarthd.connectors.models import Source, Version
from smarthd.connectors.selectors import earlier, open_data, public
from smarthd.connectors.services import earlier as services
from smarthd.connectors.services import publishing
from smarthd.connectors.tests import make
from smarthd.kernel.audit import AuditEntry
from smarthd.kernel.errors import NotAllowed

LATER = make.NOW + timedelta(hours=1)


@pytest.fixture
def source(world: Any) -> Source:
    """Three versions: twenty rows; nineteen with other hours; rows 2 to 22."""
    made = make.published(make.mapped(make.source(world.department)), make.table(make.rows(20)))
    make.published(made, make.table(make.rows(19, hours="24/24")))
    make.published(made, make.table(make.rows(21, start=2)))
    return made


def opened(source: Source) -> Source:
    services.allow_earlier(uid=source.uid, allowed=True, actor=make.SYSTEM, now=LATER)
    return source


def dataset(source: Source) -> public.Dataset:
    return open_data.open_dataset(source.key, now=LATER)


def names(source: Source, number: int) -> list[str]:
    shown = earlier.version(dataset(source), number).shown
    return [json.loads(text or "")["values"]["ten"] for (text,) in earlier.stream(shown, open_data.row_sql(shown))]


def differing(source: Source, old: int, new: int) -> dict[str, int]:
    a, b = (earlier.version(dataset(source), number).shown for number in (old, new))
    told: dict[str, int] = {}
    for act, _was, _now in earlier.differences(a, b, open_data.row_sql(earlier.common(a, b))):
        told[act] = told.get(act, 0) + 1
    return told


def test_nothing_is_handed_out_until_the_owner_says_so(source):
    with pytest.raises(EditionUnknown):
        earlier.version(dataset(source), 1)
    assert earlier.offered([dataset(source)]) == {}
    opened(source)
    assert [one.number for one in earlier.offered([dataset(source)])[source.pk]] == [3, 2, 1]
    services.allow_earlier(uid=source.uid, allowed=False, actor=make.SYSTEM, now=LATER)
    with pytest.raises(EditionUnknown):
        earlier.version(dataset(source), 1)


def test_a_version_has_the_rows_it_had(source):
    opened(source)
    assert sorted(names(source, 1)) == sorted(f"Nhà thuốc {n}" for n in range(1, 21))
    assert sorted(names(source, 2)) == sorted(f"Nhà thuốc {n}" for n in range(1, 20))
    assert sorted(names(source, 3)) == sorted(f"Nhà thuốc {n}" for n in range(2, 23))


def test_two_versions_are_told_apart_row_by_row(source):
    opened(source)
    assert differing(source, 1, 2) == {"changed": 19, "removed": 1}
    assert differing(source, 1, 3) == {"added": 2, "removed": 1}, (
        "rows that were changed and changed back do not differ"
    )
    assert differing(source, 3, 1) == {"added": 1, "removed": 2}
    assert differing(source, 2, 2) == {}


def test_what_a_going_back_took_from_the_public_is_never_handed_out(source):
    opened(source)
    publishing.go_back(uid=source.uid, number=1, actor=make.SYSTEM, now=LATER)
    make.published(source, make.table(make.rows(18)))
    assert [one.number for one in earlier.offered([dataset(source)])[source.pk]] == [5, 4, 1]
    for number in (2, 3):
        with pytest.raises(EditionUnknown):
            earlier.version(dataset(source), number)
    shown = [one.number for one in earlier.offered([dataset(source)])[source.pk]]
    told = [text for number in shown for text in _texts(source, number)]
    assert not any("24/24" in text or "NT22" in text or "Nhà thuốc 22" in text for text in told)
    assert differing(source, 1, 5) == {"removed": 2}
    assert earlier.before(dataset(source), 4) == 1


def _texts(source: Source, number: int) -> list[str]:
    shown = earlier.version(dataset(source), number).shown
    return [str(text) for (text,) in earlier.stream(shown, open_data.row_sql(shown))]


def test_versions_gone_back_over_before_this_was_kept_are_recalled_by_the_migration(source):
    publishing.go_back(uid=source.uid, number=1, actor=make.SYSTEM, now=LATER)
    Version.objects.update(recalled_at=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("smarthd.connectors.migrations.0012_earlier_versions").RECALLED)
    found = Version.objects.exclude(recalled_at=None).order_by("number").values_list("number", "recalled_at")
    assert list(found) == [(2, LATER), (3, LATER)]


def test_what_was_hidden_since_stays_hidden(source):
    opened(source)
    source.refresh_from_db()
    for one in source.mapping["fields"]:
        one["shown"] = one["key"] != "gio_mo_cua"
    source.save(update_fields=["mapping"])
    assert not any("7h" in text or "24/24" in text for number in (1, 2) for text in _texts(source, number))
    assert differing(source, 1, 2) == {"removed": 1}, "what nobody may see does not tell that it changed"


def test_what_was_hidden_then_is_not_handed_out_because_it_is_shown_today(source):
    opened(source)
    old = Version.objects.get(source=source, number=1)
    for one in old.mapping["fields"]:
        one["shown"] = one["key"] != "gio_mo_cua"
    old.save(update_fields=["mapping"])
    assert not any("7h" in text for text in _texts(source, 1))
    assert any("24/24" in text for text in _texts(source, 2))


def test_a_version_is_recalled_alone_or_with_all_before_it(source):
    opened(source)
    told = {"uid": source.uid, "actor": make.SYSTEM, "now": LATER}
    assert services.recall(number=2, all_before=False, **told) == 1
    assert [one.number for one in earlier.offered([dataset(source)])[source.pk]] == [3, 1]
    assert services.recall(number=2, all_before=True, **told) == 1, "the second was recalled already"
    with pytest.raises(EditionPublic):
        services.recall(number=3, all_before=True, **told)
    with pytest.raises(VersionUnknown):
        services.recall(number=9, all_before=False, **told)
    assert [one.number for one in earlier.offered([dataset(source)])[source.pk]] == [3]
    assert AuditEntry.objects.filter(act="connectors.version_recalled").count() == 2


@pytest.mark.parametrize("second_factor", [True, False])
def test_only_the_head_and_an_administrator_let_them_go(world, source, second_factor):
    for role in Role:
        actor = make.official(world.department, role, second_factor=second_factor)
        acts = (
            lambda actor=actor: services.allow_earlier(uid=source.uid, allowed=True, actor=actor, now=LATER),
            lambda actor=actor: services.recall(uid=source.uid, number=1, all_before=False, actor=actor, now=LATER),
        )
        for act in acts:
            if second_factor and role in {Role.HEAD, Role.ADMINISTRATOR}:
                act()
            else:
                with pytest.raises((NotAllowed, DataSourceUnknown)):
                    act()
    source.refresh_from_db()
    assert source.earlier_open is second_factor


STEPS = st.one_of(st.integers(1, 4), st.tuples(st.just("back"), st.integers(0, 5)))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=2, max_size=6))
def test_whatever_is_published_and_gone_back_to_each_version_keeps_its_rows(world, steps):
    """Model: a version has the rows of the file it came from, or of the version it restores; what lies between both is not offered."""
    made = make.mapped(make.source(world.department, title="Nhà thuốc thử"))
    held: dict[int, set[str]] = {}
    recalled: set[int] = set()
    for step in [0, *steps]:
        if isinstance(step, int):
            rows = make.rows(40 + step, hours=f"{step}h–21h")
            told = {f"{name} {hours}" for _key, name, hours in rows}
            if held.get(made.version) != told:
                make.published(made, make.table(rows))
                held[made.version] = told
        elif before := sorted(set(held) - {made.version}):
            old = before[step[1] % len(before)]
            number = publishing.go_back(uid=made.uid, number=old, actor=make.SYSTEM, now=LATER).number
            recalled |= {one for one in held if old < one < number}
            held[number] = held[old]
        made.refresh_from_db()
    opened(made)
    assert {one.number for one in earlier.offered([dataset(made)])[made.pk]} == set(held) - recalled
    for number in set(held) - recalled:
        values = [json.loads(text)["values"] for text in _texts(made, number)]
        assert {f"{one['ten']} {one['gio_mo_cua']}" for one in values} == held[number]
