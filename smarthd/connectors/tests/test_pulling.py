"""Reading by schedule: only what changed, hours a server is left alone, retries, stopping, trials, two persons, files let go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies.rules import Role
from smarthd.connectors.errors import (
    DataSourceFaulty,
    DataSourceUnknown,
    NothingRead,
    NothingRunning,
    NotPulled,
    OwnHandIn,
)
from smarthd.connectors.models import Run, Source
from smarthd.connectors.ports import FROM_THE_START, Offer, Reader, SourceRefused, SourceUnavailable, State, Table
from smarthd.connectors.rules import increments, schedule
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.rules.states import RunState
from smarthd.connectors.services import publishing, pulling, pushing, reading, retention, sources, trying
from smarthd.connectors.tests import make
from smarthd.kernel import clock, files
from smarthd.kernel.errors import NotAllowed

PLACE = {"host": "db.so.vn", "database": "so", "user": "doc", "table": "nha_thuoc", "changed_column": "sua"}
STATE = {"column": "sua", "kind": "number", "at": "20"}


class Told(Reader):
    """A connector that answers what it was told, and remembers from where it was asked to go on."""

    def __init__(self, *answers: Table | Exception, offers: list[Offer] | Exception | None = None) -> None:
        self.answers, self.asked, self._offers = list(answers), [], offers or []

    def read(self, state: State = FROM_THE_START) -> Table:
        self.asked.append(dict(state))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def offers(self) -> list[Offer]:
        if isinstance(self._offers, Exception):
            raise self._offers
        return self._offers


def partly(rows: list[tuple[str, ...]], state: State = STATE) -> Table:
    table = make.table(rows)
    return Table(table.columns, table.lines, whole=False, state=state)


def wholly(rows: list[tuple[str, ...]], state: State = STATE) -> Table:
    table = make.table(rows)
    return Table(table.columns, table.lines, state=state)


def pull(source: Source, *answers: Table | Exception, now: datetime = make.NOW) -> tuple[Run, list[dict[str, str]]]:
    source.refresh_from_db()
    told = Told(*answers)
    return pulling.pull(source, actor=make.SYSTEM, now=now, make=lambda _source: told), told.asked


@pytest.fixture
def table(world: Any) -> Source:
    made = make.source(world.department, SourceKind.MYSQL, place=PLACE, secret={"password": "x"}, every_minutes=60)
    made = make.mapped(made)
    assert made.mapping["key"]
    return make.published(made, make.table(make.rows(20)))


# --- only what changed -------------------------------------------------------------------------------------------------
def test_a_part_changes_its_rows_and_leaves_all_others(table):
    run, asked = pull(table, wholly(make.rows(20)))
    assert (run.state, asked) == (RunState.UNCHANGED, [{}])
    changed = [("NT3", "Nhà thuốc 3", "24/24"), ("NT21", "Nhà thuốc 21", "7h–21h")]
    run, asked = pull(table, partly(changed))
    assert asked == [STATE], "it goes on from where the whole ended"
    assert run.state == RunState.PUBLISHED
    assert run.counts["part"]
    assert len(make.keys_of(table)) == 21
    run, asked = pull(table, partly([]))
    assert (run.state, asked) == (RunState.UNCHANGED, [STATE])


def test_the_whole_is_read_again_each_day_so_that_what_was_deleted_goes(table):
    pull(table, wholly(make.rows(20)))
    run, asked = pull(table, wholly(make.rows(19)), now=make.NOW + timedelta(days=1))
    assert asked == [{}]
    assert run.state == RunState.PUBLISHED
    assert "NT20" not in make.keys_of(table)


@pytest.mark.parametrize("turn", ["mapped anew", "gone back", "no key", "place changed", "waits"])
def test_nothing_is_gone_on_from_that_is_not_sure(table, turn):
    pull(table, wholly(make.rows(20)))
    table.refresh_from_db()
    match turn:
        case "mapped anew":
            table.mapping["fields"][1]["label"] = "Tên khác"
            table.save()
        case "no key":
            table.mapping["key"] = []
            table.save()
        case "gone back":
            pull(table, wholly(make.rows(19)), now=make.NOW + timedelta(days=1))
            publishing.go_back(uid=table.uid, number=1, actor=make.SYSTEM, now=make.NOW)
            now = make.NOW + timedelta(days=1, hours=1)
            assert pull(table, wholly(make.rows(20)), now=now)[1] == [{}]
            return
        case "place changed":
            place = {**PLACE, "table": "khac"}
            sources.set_place(uid=table.uid, place=place, secret={}, actor=make.SYSTEM, now=make.NOW)
        case "waits":
            run, _asked = pull(table, partly([("", "không mã", "")] * 3, state={**STATE, "at": "99"}))
            assert run.state == RunState.HELD
            assert pull(table, partly([]))[1] == [STATE], "what waits is read again from before it"
            return
    assert pull(table, wholly(make.rows(20)))[1] == [{}]


numbers = st.integers(-(10**12), 10**12)


@given(at=numbers, highest=numbers, overlap=st.integers(0, 1000))
def test_a_state_is_gone_on_from_a_little_before_and_never_from_ahead(at, highest, overlap):
    since = increments.start(increments.state_of("c", at), column="c", highest=highest, overlap=overlap)
    assert since == (None if at > highest else at - overlap)


@given(at=st.datetimes())
def test_a_moment_is_written_and_read_again_exactly(at):
    for moment in (at, at.replace(tzinfo=UTC), at.date()):
        assert increments.mark_of(increments.state_of("c", moment)) == moment
    assert increments.start(increments.state_of("c", at), column="c", highest=at.replace(tzinfo=UTC)) is None
    assert increments.state_of("c", "chữ") == increments.state_of("c", None) == increments.state_of("c", True) == {}  # noqa: FBT003


# --- hours, retries ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "end", "hour", "until"),
    [
        (7, 11, 6, None), (7, 11, 7, 11), (7, 11, 10, 11), (7, 11, 11, None),
        (22, 5, 21, None), (22, 5, 22, 29), (22, 5, 0, 5), (22, 5, 5, None), (3, 3, 3, None), (None, None, 3, None),
    ],
)  # fmt: skip
def test_a_server_is_left_alone_between_its_hours(start, end, hour, until):
    day = datetime(2026, 11, 24, tzinfo=clock.ZONE)
    ends = schedule.left_alone_until(start, end, now=day + timedelta(hours=hour, minutes=20))
    assert ends == (None if until is None else day + timedelta(hours=until))


def test_a_source_due_in_its_quiet_hours_waits_for_their_end(table):
    told = {"quiet_from": 8, "quiet_to": 10, "two_persons": False}
    sources.set_rules(uid=table.uid, actor=make.SYSTEM, now=make.NOW, **told)
    assert clock.day_of(make.NOW).isoformat() == "2026-11-24"
    assert pulling.due(now=make.NOW) == [], "nine in the morning"
    table.refresh_from_db()
    assert table.next_run_at == make.NOW + timedelta(hours=1)
    assert pulling.due(now=table.next_run_at) == [table.uid]


def test_what_may_pass_is_tried_again_soon_and_ever_later_and_as_the_server_asks(table):
    def next_after(answer: Exception) -> timedelta:
        Source.objects.filter(pk=table.pk).update(next_run_at=make.NOW + timedelta(days=2))
        run, _asked = pull(table, answer)
        table.refresh_from_db()
        return table.next_run_at - (run.ended_at if isinstance(answer, SourceUnavailable) else make.NOW)

    assert next_after(SourceUnavailable("chậm")) == timedelta(minutes=5)
    assert next_after(SourceUnavailable("chậm")) == timedelta(minutes=10)
    assert next_after(SourceUnavailable("chậm", after=7200)) == timedelta(hours=2)
    assert next_after(SourceRefused("sai")) == timedelta(days=2), "what trying again does not mend waits for its time"
    Source.objects.filter(pk=table.pk).update(next_run_at=make.NOW + timedelta(minutes=1))
    pull(table, SourceUnavailable("chậm"))
    table.refresh_from_db()
    assert table.next_run_at == make.NOW + timedelta(minutes=1), "never later than its schedule"
    assert schedule.retry_after(50) == schedule.LAST_RETRY


# --- stopping ----------------------------------------------------------------------------------------------------------
class Stopped(Reader):
    """Somebody presses stop while the source is being read."""

    def __init__(self, source: Source, answer: Table | Exception) -> None:
        self._source, self._answer = source, answer

    def read(self, state: State = FROM_THE_START) -> Table:
        pulling.cancel(uid=self._source.uid, actor=make.SYSTEM, now=make.NOW)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def test_a_reading_that_was_stopped_changes_nothing_whatever_it_brings(table):
    for answer in (make.table(make.rows(25)), SourceUnavailable("chậm")):
        table.refresh_from_db()
        run = pulling.pull(
            table, actor=make.SYSTEM, now=make.NOW, make=lambda source, told=answer: Stopped(source, told)
        )
        assert run.state == RunState.CANCELLED
        table.refresh_from_db()
        assert (table.version, table.failures, len(make.keys_of(table))) == (1, 0, 20)
    with pytest.raises(NothingRunning):
        pulling.cancel(uid=table.uid, actor=make.SYSTEM, now=make.NOW)


def test_a_reading_given_up_as_lost_cannot_publish_later(table):
    class Slow(Reader):
        def read(self, state: State = FROM_THE_START) -> Table:
            assert pulling.end_lost(now=make.NOW + pulling.LEASE + timedelta(seconds=1)) == 1
            return make.table(make.rows(25))

    run = pulling.pull(table, actor=make.SYSTEM, now=make.NOW, make=lambda _source: Slow())
    assert run.state == RunState.FAILED
    assert len(make.keys_of(table)) == 20


def test_a_reading_on_which_we_broke_at_the_very_end_is_not_left_running(table, monkeypatch):
    close = reading.close

    def closed_then_broken(run: Run, state: RunState, **told: Any) -> None:
        close(run, state, **told)
        if state is not RunState.FAILED:
            raise ZeroDivisionError

    monkeypatch.setattr(reading, "close", closed_then_broken)
    with pytest.raises(ZeroDivisionError):
        pull(table, make.table(make.rows(21)))
    run = Run.objects.filter(source=table).latest("id")
    assert (run.state, run.words) == (RunState.FAILED, "Lỗi ở phía chúng tôi; đã ghi lại cho người vận hành.")


# --- trials ------------------------------------------------------------------------------------------------------------
def tried(source: Source, connector: Any) -> Run:
    run = trying.try_out(source.uid, now=make.NOW, make=lambda _source: connector)
    assert run is not None
    return run


def test_a_trial_shows_the_first_lines_and_changes_nothing(table):
    run = tried(table, Told(make.table(make.rows(30)), offers=[Offer("table", "nha_thuoc"), Offer("table", "cho")]))
    assert run.state == RunState.TRIED
    trial = trying.last_trial(table)
    assert trial.columns == make.COLUMNS
    assert trial.lines == tuple(make.rows(trying.LINES))
    assert [one.name for one in trial.offers] == ["nha_thuoc", "cho"]
    with pytest.raises(NothingRead):
        reading.last_file(table)  # a sample is never taken for the whole
    table.refresh_from_db()
    assert (table.version, table.failures) == (1, 0)
    pull(table, make.table(make.rows(20)))
    assert trying.last_trial(table) is None, "once something was read, that is what counts"


def test_a_trial_that_fails_says_why_and_still_what_could_be_read(table):
    run = tried(table, Told(SourceRefused("không có bảng này"), offers=[Offer("table", "nha_thuoc")]))
    assert (run.state, run.words) == (RunState.FAILED, "Thử kết nối: không có bảng này.")
    assert trying.last_trial(table).offers == (Offer("table", "nha_thuoc"),)
    run = tried(table, Told(offers=SourceUnavailable("không nối được")))
    assert run.words == "Thử kết nối: không nối được."
    with pytest.raises(ZeroDivisionError):
        tried(table, Told(ZeroDivisionError()))
    assert not Run.objects.filter(source=table, state=RunState.RUNNING).exists()


def test_one_of_what_is_on_offer_is_chosen_and_the_secret_stays(table):
    sources.choose(uid=table.uid, key="table", name="cho", actor=make.SYSTEM, now=make.NOW)
    table.refresh_from_db()
    assert table.place["table"] == "cho"
    assert sources.secret_of(table) == {"password": "x"}
    for key, name in (("host", "khac.vn"), ("table", "a;b"), ("password", "x")):
        with pytest.raises(DataSourceFaulty):
            sources.choose(uid=table.uid, key=key, name=name, actor=make.SYSTEM, now=make.NOW)


# --- who may -----------------------------------------------------------------------------------------------------------
ACTS: dict[str, Any] = {
    "try": lambda uid, actor: trying.ask_to_try(uid=uid, actor=actor, now=make.NOW),
    "read": lambda uid, actor: pulling.ask_to_read(uid=uid, actor=actor, now=make.NOW),
    "stop": lambda uid, actor: pulling.cancel(uid=uid, actor=actor, now=make.NOW),
    "choose": lambda uid, actor: sources.choose(uid=uid, key="table", name="cho", actor=actor, now=make.NOW),
    "rules": lambda uid, actor: sources.set_rules(
        uid=uid, quiet_from=None, quiet_to=None, two_persons=True, actor=actor, now=make.NOW
    ),
}
FEED, RELEASE = {"try", "read", "stop"}, {"choose", "rules"}


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("role", [Role.HEAD, Role.CLERK, Role.AUDITOR, None])
def test_who_may_do_what_with_a_source(world, table, act, role):
    actor = make.official(world.department, role) if role else make.official(world.district, Role.HEAD)
    reading.begin(table, actor=make.SYSTEM, now=make.NOW)
    allowed = role is Role.HEAD or (role is Role.CLERK and act in FEED)
    if allowed:
        ACTS[act](table.uid, actor)
        return
    with pytest.raises(NotAllowed if role else DataSourceUnknown):
        ACTS[act](table.uid, actor)


def test_the_head_without_a_second_factor_changes_no_rules(world, table):
    head = make.official(world.department, Role.HEAD, second_factor=False)
    for act in RELEASE:
        with pytest.raises(NotAllowed):
            ACTS[act](table.uid, head)


def test_what_is_handed_in_is_not_tried(world):
    upload = make.source(world.department)
    with pytest.raises(NotPulled):
        trying.ask_to_try(uid=upload.uid, actor=make.SYSTEM, now=make.NOW)


# --- two persons -------------------------------------------------------------------------------------------------------
def test_where_two_persons_publish_nobody_publishes_their_own_and_no_schedule_does(world, table):
    told = {"quiet_from": None, "quiet_to": None, "two_persons": True}
    sources.set_rules(uid=table.uid, actor=make.SYSTEM, now=make.NOW, **told)
    run, _asked = pull(table, make.table(make.rows(21)))
    assert run.state == RunState.CHECKED
    clerk, other = (make.official(world.department, Role.CLERK) for _ in range(2))
    table.refresh_from_db()
    run = reading.begin(table, actor=clerk, now=make.NOW)
    reading.finish(table, run, make.table(make.rows(22)), now=make.NOW)
    number = int(run.counts["version"])
    with pytest.raises(OwnHandIn):
        publishing.publish(uid=table.uid, number=number, actor=clerk, now=make.NOW)
    publishing.publish(uid=table.uid, number=number, actor=other, now=make.NOW)
    assert len(make.keys_of(table)) == 22


def test_what_a_program_sends_waits_too_where_two_persons_publish(world):
    made = make.published(make.mapped(make.source(world.department, SourceKind.PUSH)), make.table(make.rows(5)))
    Source.objects.filter(pk=made.pk).update(two_persons=True)
    made.refresh_from_db()
    row = dict(zip(make.COLUMNS, make.rows(1, hours="24/24")[0], strict=True))
    assert pushing.take(made, [row], whole=False, now=make.NOW).state == RunState.CHECKED


# --- files let go ------------------------------------------------------------------------------------------------------
def test_files_go_after_thirty_days_but_not_the_newest_nor_the_one_behind_what_is_public(
    table, django_capture_on_commit_callbacks
):
    old = make.NOW - timedelta(days=40)
    for days, rows in ((40, 21), (39, 22), (38, 4)):
        pull(table, make.table(make.rows(rows)), now=make.NOW - timedelta(days=days))
    kept = list(Run.objects.filter(source=table).exclude(kept_sha256="").order_by("id"))
    assert len(kept) == 3
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.apply_retention(now=make.NOW) == 1
    left = list(Run.objects.filter(source=table).exclude(kept_sha256="").order_by("id"))
    assert left == kept[1:], "the one behind the public version, and the newest, which was held"
    assert not files.kept_path(kept[0].kept_sha256).exists()
    assert all(files.kept_path(run.kept_sha256).exists() for run in left)
    assert retention.apply_retention(now=make.NOW) == 0
    assert kept[0].began_at == old


def test_a_sample_goes_after_a_day(table, django_capture_on_commit_callbacks):
    run = tried(table, Told(make.table(make.rows(3))))
    place = files.kept_path(run.counts["sample"])
    assert place.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.apply_retention(now=make.NOW + timedelta(hours=25)) == 1
    assert not place.exists()


# --- parts and turns ---------------------------------------------------------------------------------------------------
def test_one_faulty_line_of_a_small_part_holds_nothing_and_a_sender_that_errs_does(table):
    pull(table, wholly(make.rows(60)))
    table.refresh_from_db()
    changed = [("NT1", "Nhà thuốc 1", "24/24"), ("", "", "24/24")]
    run, _asked = pull(table, partly(changed))
    assert (run.state, run.counts["faulty"]) == (RunState.PUBLISHED, 1), run.words
    run, _asked = pull(table, partly([("", "", f"{n}h–21h") for n in range(increments.FEW)]))
    assert run.state == RunState.HELD


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    st.integers(5, 44_640),
    st.integers(0, 10**7),
)
def test_turns_keep_their_distance_however_late_one_was_taken(due, every, late):
    now = due + timedelta(seconds=late)
    after = schedule.next_turn(due, every, now=now)
    assert now < after <= now + timedelta(minutes=every)
    assert (after - due) % timedelta(minutes=every) == timedelta(0)
