"""Requests about one's own data: legal clocks, legal moves, who may handle them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from smarthd.kernel import clock
from smarthd.kernel.actor import ANONYMOUS, Actor, Grant, system
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.moves import IllegalMove
from smarthd.people import exports, rules, selectors, services
from smarthd.people.models import DataRequest
from smarthd.people.rules import RequestKind, RequestState
from smarthd.people.tests import make

pytestmark = pytest.mark.django_db
ADMIN = Actor(account_id=1, grants=(Grant(role="administrator", agency_id=1),), second_factor=True)
ADMIN_ONE_FACTOR = Actor(account_id=1, grants=(Grant(role="administrator", agency_id=1),))
EDITOR = Actor(account_id=1, grants=(Grant(role="editor", agency_id=1),), second_factor=True)

CLOCKS = [  # kind, received (local), acknowledge by end of, carry out by end of
    (RequestKind.WITHDRAW, (2026, 11, 24, 9), date(2026, 11, 26), date(2026, 12, 9)),
    (RequestKind.ACCESS, (2026, 11, 24, 9), date(2026, 11, 26), date(2026, 12, 4)),
    (RequestKind.ERASE, (2026, 11, 24, 9), date(2026, 11, 26), date(2026, 12, 14)),
    (RequestKind.RECTIFY, (2026, 11, 27, 23), date(2026, 12, 1), date(2026, 12, 7)),  # Friday night: Monday, Tuesday
    (RequestKind.OBJECT, (2026, 11, 28, 8), date(2026, 12, 1), date(2026, 12, 13)),  # Saturday
]


@pytest.mark.parametrize(("kind", "local", "acknowledge", "due"), CLOCKS)
def test_the_legal_clocks_end_when_the_law_says(kind, local, acknowledge, due) -> None:
    received = datetime(*local, tzinfo=clock.ZONE).astimezone(UTC)
    assert rules.acknowledge_by(received) == clock.start_of(acknowledge + timedelta(days=1))
    assert rules.due_by(kind, received) == clock.start_of(due + timedelta(days=1))


def test_a_calendar_with_holidays_moves_the_first_clock() -> None:
    holiday = date(2026, 9, 2)
    received = datetime(2026, 9, 1, 3, tzinfo=UTC)
    by = rules.acknowledge_by(received, is_working_day=lambda day: day.weekday() < 5 and day != holiday)
    assert by == clock.start_of(date(2026, 9, 5))


def test_a_processor_lengthens_and_one_extension_is_all() -> None:
    assert rules.due_by(RequestKind.WITHDRAW, make.NOW, with_processor=True) - rules.due_by(
        RequestKind.WITHDRAW, make.NOW
    ) == timedelta(days=5)
    with pytest.raises(rules.NoExtension):
        rules.extended_due(RequestKind.ERASE, make.NOW)


def _submitted(kind: RequestKind = RequestKind.RECTIFY) -> str:
    return services.submit_request(make.account().pk, kind=kind, details="Sửa lại năm sinh giúp tôi", now=make.NOW)


def test_a_request_goes_its_way_and_the_person_reads_the_outcome() -> None:
    account = make.account()
    code = services.submit_request(
        account.pk, kind=RequestKind.OBJECT, details="Không gửi tin cho tôi nữa", now=make.NOW
    )
    services.acknowledge_request(code, actor=ADMIN, now=make.later(hours=3))
    services.complete_request(code, outcome="Đã dừng gửi tin", actor=ADMIN, now=make.later(days=2))
    (view,) = selectors.data_requests_of(account.pk, make.later(days=3))
    assert (view.state, view.outcome, view.late) == (RequestState.DONE, "Đã dừng gửi tin", False)


def test_a_second_request_of_a_kind_waits_for_the_first() -> None:
    account = make.account()
    services.submit_request(account.pk, kind=RequestKind.OBJECT, details="Không gửi tin nữa", now=make.NOW)
    with pytest.raises(rules.RequestOpenAlready):
        services.submit_request(account.pk, kind=RequestKind.OBJECT, details="Không gửi tin nữa", now=make.NOW)


def test_an_extension_is_taken_once_and_moves_the_deadline() -> None:
    code = _submitted()
    services.acknowledge_request(code, actor=ADMIN, now=make.NOW)
    before = DataRequest.objects.get(code=code).due_at
    services.extend_request(code, reason="Phải hỏi đơn vị khác", actor=ADMIN, now=make.later(days=5))
    assert DataRequest.objects.get(code=code).due_at - before == timedelta(days=10)
    with pytest.raises(IllegalMove):
        services.extend_request(code, reason="Phải hỏi đơn vị khác", actor=ADMIN, now=make.later(days=6))


def test_a_refusal_needs_a_reason_and_nothing_is_saved_without() -> None:
    code = _submitted()
    services.acknowledge_request(code, actor=ADMIN, now=make.NOW)
    with pytest.raises(rules.RequestReasonMissing):
        services.refuse_request(code, reason=" ", actor=ADMIN, now=make.NOW)
    assert DataRequest.objects.get(code=code).state == RequestState.ACKNOWLEDGED


def test_an_unanswered_request_shows_late_after_two_working_days() -> None:
    account = make.account()
    services.submit_request(account.pk, kind=RequestKind.OBJECT, details="Không gửi tin nữa", now=make.NOW)
    assert not selectors.data_requests_of(account.pk, make.later(days=2))[0].late
    assert selectors.data_requests_of(account.pk, make.later(days=3))[0].late


def test_what_was_written_is_sealed_and_only_a_handler_reads_it() -> None:
    code = _submitted()
    assert "Sửa".encode() not in bytes(DataRequest.objects.get(code=code).details_sealed or b"")
    assert selectors.request_details_for(ADMIN, code) == "Sửa lại năm sinh giúp tôi"


ACTORS = [
    ("nobody", ANONYMOUS, False),
    ("a citizen", Actor(account_id=5), False),
    ("an editor", EDITOR, False),
    ("an administrator without second factor", ADMIN_ONE_FACTOR, False),
    ("an administrator", ADMIN, True),
    ("the system", system("seed"), True),
]
ACTS = {
    "list": lambda actor, _code: selectors.open_requests_for(actor, make.NOW),
    "read": selectors.request_details_for,
    "acknowledge": lambda actor, code: services.acknowledge_request(code, actor=actor, now=make.NOW),
    "complete": lambda actor, code: services.complete_request(code, outcome="Đã sửa", actor=actor, now=make.NOW),
    "mark_test": lambda actor, code: services.mark_test_account(
        DataRequest.objects.get(code=code).account_id, is_test=True, actor=actor, now=make.NOW
    ),
}


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize(("who", "actor", "allowed"), ACTORS, ids=[who for who, _, _ in ACTORS])
def test_only_those_entrusted_may(act: str, who: str, actor: Actor, allowed: bool) -> None:
    code = _submitted()
    if allowed:
        ACTS[act](actor, code)
    else:
        with pytest.raises(NotAllowed):
            ACTS[act](actor, code)


def test_nobody_cancels_anothers_request() -> None:
    code, stranger = _submitted(), make.account()
    with pytest.raises(services.NoSuchRequest):
        services.cancel_request(stranger.pk, code=code, now=make.NOW)


LEGAL = {(move.name, state) for move in rules.REQUEST_MOVES for state in move.sources}


@pytest.mark.parametrize("state", list(RequestState))
@pytest.mark.parametrize("move", rules.REQUEST_MOVES, ids=lambda move: move.name)
def test_closed_requests_never_move_and_nothing_leaves_its_table(move, state: RequestState) -> None:
    closed = {RequestState.DONE, RequestState.REFUSED, RequestState.CANCELLED}
    if state in closed or (move.name, state) not in LEGAL:
        with pytest.raises(IllegalMove):
            move.apply(state)
    else:
        assert move.apply(state) == move.target


# --- seeing and taking away ------------------------------------------------------------------------------------------
def test_a_person_gets_all_that_is_kept_and_the_getting_is_recorded() -> None:
    number = make.phone()
    account = make.account(number)
    services.rename_account(account.pk, full_name="Nguyễn Thị Hoà", now=make.NOW)
    services.give_consent(account.pk, purpose=rules.Purpose.USAGE, wording_version=1, now=make.NOW)
    services.bind_install(account.pk, install_uid=make.install(), now=make.NOW)
    sections = services.provide_data(account.pk, kind=RequestKind.PROVIDE, now=make.NOW)
    text = exports.as_json(sections, at=make.NOW).decode()
    assert "Nguyễn Thị Hoà" in text
    assert rules.spoken_phone(account.phone) in text
    assert {"account", "installs", "consents", "requests", "sessions", "identities"} <= {s.key for s in sections}
    assert all(section.why and section.how_long for section in sections)
    assert DataRequest.objects.get(account=account, kind="provide").state == RequestState.DONE


def test_a_higher_context_adds_its_own_section(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_gatherers", dict(exports._gatherers))
    exports.register("zzz", lambda _id: [exports.Section(key="days", title="Ngày", why="x", how_long="y", rows=[])])
    assert [section.key for section in exports.gather(make.account().pk)][-1] == "days"


def test_no_cell_of_the_csv_is_a_formula() -> None:
    section = exports.Section(key="x", title="=1+1", why="", how_long="", rows=[{"@a": "+84", "b": "-1"}])
    lines = exports.as_csv([section]).decode("utf-8-sig").splitlines()[1:]
    cells = [cell for line in lines for cell in line.split(",")]
    assert all(cell[:1] not in {"=", "+", "-", "@"} for cell in cells)
