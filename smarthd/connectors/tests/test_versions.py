"""Versions: whole or not at all, nothing overwritten, back by one tap; who may; runs that end whatever happens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from smarthd.agencies.rules import Role
from smarthd.connectors.errors import DataSourceFaulty, DataSourceUnknown, SourceBusy, VersionOutdated, VersionUnknown
from smarthd.connectors.models import Change, DataRow, Run, Source, Version
from smarthd.connectors.ports import SourceRefused, SourceUnavailable, Table
from smarthd.connectors.rules import states
from smarthd.connectors.rules.sources import Freshness, Publication, Shape, SourceKind
from smarthd.connectors.rules.states import RunState, VersionState
from smarthd.connectors.selectors import public
from smarthd.connectors.services import promises, publishing, pulling, reading, sources
from smarthd.connectors.tests import make
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.events import deliver_owed
from smarthd.kernel.moves import IllegalMove
from smarthd.messaging.models import InboxItem

URL = {"url": "https://so.example.vn/bang.csv"}


@pytest.fixture
def source(world: Any) -> Source:
    return make.published(make.mapped(make.source(world.department)), make.table(make.rows(20)))


def test_a_row_that_left_stays_as_a_tombstone_with_its_last_values(source):
    make.published(source, make.table(make.rows(19)))
    gone = DataRow.objects.get(source=source, key="NT20")
    assert (gone.since, gone.until) == (1, 2)
    assert gone.values["ten"] == "Nhà thuốc 20"


def test_going_back_gives_exactly_the_rows_of_that_version_however_much_lies_between(source):
    first = {row.key: bytes(row.digest) for row in DataRow.objects.filter(source=source, until=None)}
    make.published(source, make.table(make.rows(19, hours="24/24")))
    make.published(source, make.table(make.rows(21, start=2)))
    publishing.go_back(uid=source.uid, number=1, actor=make.SYSTEM, now=make.NOW)
    assert {row.key: bytes(row.digest) for row in DataRow.objects.filter(source=source, until=None)} == first
    source.refresh_from_db()
    assert (source.version, source.row_count) == (4, 20)
    publishing.go_back(uid=source.uid, number=3, actor=make.SYSTEM, now=make.NOW)
    assert make.keys_of(source) == {f"NT{n}" for n in range(2, 23)}


def test_a_version_checked_against_another_base_is_not_published(source):
    run = make.read(source, make.table(make.rows(21)))
    number = int(run.counts["version"])
    Version.objects.filter(source=source, number=number).update(base=0)
    with pytest.raises(VersionOutdated):
        publishing.publish(uid=source.uid, number=number, actor=make.SYSTEM, now=make.NOW)
    assert len(make.keys_of(source)) == 20


def test_a_merge_that_breaks_leaves_what_was_public(source, monkeypatch):
    run = make.read(source, make.table(make.rows(21, hours="24/24")))
    monkeypatch.setattr(publishing, "_make_public", lambda *_args, **_told: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publishing.publish(uid=source.uid, number=int(run.counts["version"]), actor=make.SYSTEM, now=make.NOW)
    hours = set(DataRow.objects.filter(source=source, until=None).values_list("values__gio_mo_cua", flat=True))
    assert hours == {"7h–21h"}
    assert len(make.keys_of(source)) == 20


def test_the_newest_reading_is_the_one_that_waits(source):
    first = make.read(source, make.table(make.rows(21)))
    make.read(source, make.table(make.rows(22)))
    old = Version.objects.get(source=source, number=first.counts["version"])
    assert old.state == VersionState.WITHDRAWN
    assert Change.objects.filter(version=old).count() == 0
    with pytest.raises(IllegalMove):
        publishing.publish(uid=source.uid, number=old.number, actor=make.SYSTEM, now=make.NOW)


def test_what_never_was_public_cannot_be_gone_back_to(source):
    run = make.read(source, make.table(make.rows(21)))
    for number in (int(run.counts["version"]), source.version, 99):
        with pytest.raises(VersionUnknown):
            publishing.go_back(uid=source.uid, number=number, actor=make.SYSTEM, now=make.NOW)


def test_illegal_moves_are_refused():
    for move in states.MOVES:
        for state in VersionState:
            if state in move.sources:
                assert move.apply(state) == move.target
            else:
                with pytest.raises(IllegalMove):
                    move.apply(state)


# --- who may ---------------------------------------------------------------------------------------------------------
FEED = {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.EDITOR, Role.ADMINISTRATOR}
RELEASE = {Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_its_line_says(world, source, role):
    actor = make.official(world.department, role)
    run = make.read(source, make.table(make.rows(21)))
    held = make.table(make.rows(5))
    told = {"uid": source.uid, "actor": actor, "now": make.NOW}
    _expect(role in FEED, role, lambda: publishing.publish(number=int(run.counts["version"]), **told))
    number = int(make.read(source, held).counts["version"])
    _expect(role in RELEASE, role, lambda: publishing.publish(number=number, reason="Đóng cửa thật", **told))
    _expect(
        role in FEED,
        role,
        lambda: publishing.go_back(number=1 if source.version != 1 else 99, **told),
        also=VersionUnknown,
    )
    _expect(role in FEED, role, lambda: sources.pause(paused=True, **told))
    _expect(role in RELEASE, role, lambda: sources.end_source(**told))


def _expect(allowed: bool, role: Role, act: Any, also: type[Exception] = IllegalMove) -> None:
    seen = FEED | {Role.AUDITOR}
    refused: Exception | None = None
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except (NotAllowed, DataSourceUnknown, also) as refusal:
        refused = refusal
    if allowed:
        assert refused is None or isinstance(refused, also), role
    else:
        assert isinstance(refused, NotAllowed if role in seen else DataSourceUnknown), role


def test_another_agency_and_one_without_second_factor_get_nowhere(world, source):
    stranger = make.official(world.commune_b, Role.HEAD)
    with pytest.raises(DataSourceUnknown):
        sources.pause(uid=source.uid, paused=True, actor=stranger, now=make.NOW)
    weak = make.official(world.department, Role.HEAD, second_factor=False)
    with pytest.raises(NotAllowed):
        sources.end_source(uid=source.uid, actor=weak, now=make.NOW)
    new = sources.NewSource(title="Của người khác", agency_id=world.province, kind=SourceKind.UPLOAD)
    with pytest.raises(NotAllowed):
        sources.make_source(new, actor=stranger, now=make.NOW)


# --- secrets ---------------------------------------------------------------------------------------------------------
def test_a_secret_is_sealed_told_to_nobody_and_forgotten_when_the_server_changes(world):
    place = {**URL, "auth": "bearer"}
    made = make.source(world.department, SourceKind.FILE, place=place, secret={"token": "bi-mat-lam"})
    stored = str(Source.objects.filter(pk=made.pk).values().get())
    assert "bi-mat-lam" not in stored
    assert sources.secret_of(made) == {"token": "bi-mat-lam"}
    told = {"uid": made.uid, "actor": make.SYSTEM, "now": make.NOW}
    kept = sources.set_place(place={**place, "rows": "a"}, secret={}, **told)
    assert sources.secret_of(kept) == {"token": "bi-mat-lam"}
    moved = sources.set_place(place={**place, "url": "https://ke-gian.example.vn/"}, secret={}, **told)
    assert sources.secret_of(moved) == {}


@pytest.mark.parametrize(
    ("kind", "place", "field"),
    [
        (SourceKind.FILE, {"url": "file:///etc/passwd"}, "url"),
        (SourceKind.FILE, {"url": "https://a:b@so.vn/"}, "url"),
        (SourceKind.FILE, {"url": "https://so.vn/", "la": "x"}, "la"),
        (SourceKind.POSTGRES, {"host": "db", "database": "d", "user": "u", "table": "a;b"}, "table"),
        (SourceKind.API, {"url": "https://so.vn/", "paging": "moi-kieu"}, "paging"),
        (SourceKind.API, {"url": "https://so.vn/", "size": "-1"}, "size"),
    ],
)
def test_a_place_that_cannot_be_is_refused_beside_its_field(world, kind, place, field):
    with pytest.raises(DataSourceFaulty) as refused:
        make.source(
            world.department, kind, place=place, secret={"password": "x"} if kind is SourceKind.POSTGRES else {}
        )
    assert field in refused.value.facts["fields"]


# --- reading ---------------------------------------------------------------------------------------------------------
class Told:
    """A connector that answers what it was told."""

    def __init__(self, answer: Table | Exception) -> None:
        self.answer = answer

    def read(self, state: object = None) -> Table:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def pull(source: Source, answer: Table | Exception) -> Run:
    source.refresh_from_db()
    return pulling.pull(source, actor=make.SYSTEM, now=make.NOW, make=lambda _source: Told(answer))


@pytest.fixture
def scheduled(world: Any) -> Source:
    made = make.source(world.department, SourceKind.FILE, place=URL, every_minutes=60, title="Đọc theo giờ")
    return make.published(make.mapped(made), make.table(make.rows(20)))


def test_a_source_read_on_schedule_publishes_itself_once_it_was_public_and_not_before(world, scheduled):
    fresh = make.mapped(make.source(world.department, SourceKind.FILE, place=URL, title="Chưa công bố"))
    assert pull(fresh, make.table(make.rows(3), digest="a")).state == RunState.CHECKED
    assert pull(scheduled, make.table(make.rows(21), digest="b")).state == RunState.PUBLISHED
    assert pull(scheduled, make.table(make.rows(21), digest="b")).state == RunState.UNCHANGED
    assert pull(scheduled, make.table(make.rows(21), digest="c")).state == RunState.UNCHANGED
    assert pull(scheduled, make.table(make.rows(4), digest="d")).state == RunState.HELD
    assert pull(scheduled, make.table(make.rows(20), ("Mã", "Khác hẳn", "x"), digest="e")).state == RunState.STOPPED
    assert len(make.keys_of(scheduled)) == 21


def test_a_source_without_columns_waits_for_them_with_its_lines_kept(world):
    bare = make.source(world.department, SourceKind.FILE, place=URL)
    run = pull(bare, make.table(make.rows(3)))
    assert run.state == RunState.UNMAPPED
    assert [list(line.cells) for line in reading.table_of(run).lines] == [list(row) for row in make.rows(3)]


def test_failures_end_in_a_state_and_the_owner_is_told_at_the_third(world, scheduled):
    clerk = make.official(world.department, Role.CLERK)
    for number in range(1, 5):
        run = pull(scheduled, SourceUnavailable("máy chủ không trả lời kịp"))
        deliver_owed()
        assert (run.state, run.words) == (RunState.FAILED, "Máy chủ không trả lời kịp.")
        assert InboxItem.objects.filter(account_id=clerk.account_id).count() == (number >= 3)
    assert pull(scheduled, SourceRefused("máy chủ trả lời 404")).state == RunState.FAILED
    with pytest.raises(ZeroDivisionError):
        pull(scheduled, ZeroDivisionError())
    assert Run.objects.filter(source=scheduled, state=RunState.RUNNING).count() == 0


def test_one_run_at_a_time_and_a_lost_one_is_ended(scheduled):
    lost = reading.begin(scheduled, actor=make.SYSTEM, now=make.NOW, lease_until=make.NOW + pulling.LEASE)
    with pytest.raises(SourceBusy):
        reading.begin(scheduled, actor=make.SYSTEM, now=make.NOW)
    assert pulling.end_lost(now=make.NOW + timedelta(minutes=1)) == 0
    assert pulling.end_lost(now=make.NOW + timedelta(minutes=11)) == 1
    lost.refresh_from_db()
    assert lost.state == RunState.FAILED
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(source=scheduled, state="la", began_at=make.NOW)


def test_a_source_is_due_once_an_interval_and_not_while_paused(scheduled):
    now = make.NOW
    assert pulling.due(now=now) == [scheduled.uid]
    assert pulling.due(now=now + timedelta(minutes=59)) == []
    assert pulling.due(now=now + timedelta(minutes=60)) == [scheduled.uid]
    sources.pause(uid=scheduled.uid, paused=True, actor=make.SYSTEM, now=now)
    assert pulling.due(now=now + timedelta(days=1)) == []
    assert pulling.enqueue(scheduled.uid)
    assert not pulling.enqueue(scheduled.uid), "one that waits is not put twice"


def test_a_promise_that_is_broken_is_shown_and_told_once_a_day(world, scheduled):
    clerk = make.official(world.department, Role.CLERK)
    Source.objects.filter(pk=scheduled.pk).update(promise_hours=24)
    for hours, freshness in ((24, Freshness.FRESH), (25, Freshness.STALE)):
        assert public.dataset(scheduled.key, now=make.NOW + timedelta(hours=hours)).freshness is freshness
    assert promises.watch(now=make.NOW + timedelta(hours=24)) == 0
    assert promises.watch(now=make.NOW + timedelta(hours=25)) == 1
    assert promises.watch(now=make.NOW + timedelta(hours=26)) == 0
    deliver_owed()
    assert "quá hạn" in InboxItem.objects.get(account_id=clerk.account_id).title


# --- shape -----------------------------------------------------------------------------------------------------------
def test_a_shape_needs_the_columns_it_is_made_of(source):
    for publication in (Publication(Shape.MAP), Publication(Shape.CHART), Publication(Shape.LOOKUP, lookup="la")):
        with pytest.raises(DataSourceFaulty):
            sources.set_publication(uid=source.uid, publication=publication, actor=make.SYSTEM, now=make.NOW)
    sources.set_publication(
        uid=source.uid, publication=Publication(Shape.LOOKUP, lookup="ma"), actor=make.SYSTEM, now=make.NOW
    )
    shown = public.dataset(source.key, now=make.NOW)
    assert public.looked_up(shown, " nt7 ").title == "Nhà thuốc 7"
    assert public.looked_up(shown, "NT") is None
    assert not shown.open


def test_a_file_on_which_we_broke_does_not_block_the_source_for_ever(source, monkeypatch):
    monkeypatch.setattr(reading.checking, "understand", lambda *_args, **_told: 1 / 0)
    told = {"uid": source.uid, "file_name": "a.csv", "encoding": "", "actor": make.SYSTEM, "now": make.NOW}
    raw = "Mã,Tên,Giờ mở cửa\nNT1,A,7h\n".encode()
    with pytest.raises(ZeroDivisionError):
        reading.hand_in(raw=raw, **told)
    with pytest.raises(SourceBusy):
        reading.hand_in(raw=raw, **told)
    assert pulling.end_lost(now=make.NOW + timedelta(minutes=11)) == 1
