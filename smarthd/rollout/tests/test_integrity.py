"""Rings are set apart, honest people are not, declared market days are not seen; who is set apart is told why and may object."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies
from smarthd.kernel import clock, events
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.ids import uuid7
from smarthd.kernel.moves import IllegalMove
from smarthd.messaging import selectors as messaging
from smarthd.people import services as people
from smarthd.people.tests import make as people_make
from smarthd.rollout import selectors, services, tasks
from smarthd.rollout.errors import OwnSuspicion, ReasonMissing, SuspicionUnknown
from smarthd.rollout.models import ActivationTrace, BindingTrace, Participant, ReportValue, Suspicion
from smarthd.rollout.rules import forms, teams
from smarthd.rollout.rules import integrity as rules
from smarthd.rollout.rules.integrity import DeclaredEvent, Signal, State
from smarthd.rollout.selectors import scanning
from smarthd.rollout.services import teams_work
from smarthd.rollout.tests import fraud, make, reporting, team_make

NOW = datetime(2024, 4, 20, 3, tzinfo=UTC)
WHY = "Đã gọi điện, là một gia đình dùng chung máy."


# --- rules -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("evidence", "apart"),
    [
        ({Signal.CROWDED: 3}, False),
        ({Signal.CROWDED: 3, Signal.NEIGHBOUR: 1}, False),
        ({Signal.CROWDED: 5}, True),
        ({Signal.HASTY: 4}, False),
        ({Signal.HASTY: 4, Signal.NEIGHBOUR: 1}, False),
        ({Signal.BURST: 40}, False),
        ({Signal.BURST: 20, Signal.HASTY: 4}, False),
        ({Signal.BURST: 20, Signal.HASTY: 4, Signal.NEIGHBOUR: 1}, True),
        ({Signal.NO_SECOND_DAY: 60}, False),
        ({Signal.NO_SECOND_DAY: 60, Signal.HASTY: 4, Signal.NEIGHBOUR: 1}, True),
        ({Signal.DEVICES: 4}, False),
        ({Signal.DEVICES: 8}, True),
        ({Signal.ALTERNATING: 6}, False),
        ({Signal.ALTERNATING: 12}, True),
    ],
)
def test_weak_signals_need_company_and_strong_ones_do_not(evidence: dict[Signal, float], apart: bool) -> None:
    assert (rules.score(evidence) >= rules.QUARANTINED_FROM) is apart


def test_another_signal_never_makes_less_doubt() -> None:
    so_far: dict[Signal, float] = {}
    before = 0.0
    for signal in Signal:
        so_far[signal] = 5
        assert rules.score(so_far) >= before
        before = rules.score(so_far)
    assert before < 1


def test_every_signal_has_words_and_a_reason_with_its_count() -> None:
    assert set(rules.WORDS) == set(Signal)
    for signal in Signal:
        [reason] = rules.reasons({signal: 7})
        assert "{" not in reason
        assert "7" in reason or signal is Signal.NEIGHBOUR


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("move", rules.MOVES, ids=lambda move: move.name)
def test_only_named_moves_are_made(move, state: State) -> None:
    if state in move.sources:
        assert move.apply(state) is move.target
    else:
        with pytest.raises(IllegalMove):
            move.apply(state)


def test_what_a_person_released_is_set_apart_again_only_by_something_new() -> None:
    known = {Signal.CROWDED: 5.0}
    more = {Signal.CROWDED: 9.0}
    assert rules.after_sweep(state=State.RELEASED, known=known, found=more) is State.RELEASED
    new = {**more, Signal.HASTY: 3.0}
    assert rules.after_sweep(state=State.RELEASED, known=known, found=new) is State.QUARANTINED


@pytest.mark.parametrize(
    ("fields", "signals"),
    [
        ([[120, 120, 120]], {Signal.REPEATED}),
        ([[120, 121, 120]], set()),
        ([[0, 0, 0, 0]], set()),
        ([[3, 3, 3, 3]], set()),
        ([[100, 150, 200], [50, 300, 250]], {Signal.ROUNDED}),
        ([[101, 150, 203], [57, 300, 251]], set()),
        ([[100, 200]], set()),
    ],
)
def test_numbers_that_repeat_or_are_round_are_seen(fields: list[list[float]], signals: set[Signal]) -> None:
    assert set(rules.reported_evidence(fields)) == signals


# --- the test set ----------------------------------------------------------------------------------------------------
@pytest.fixture
def planted(db: None) -> fraud.World:
    world = fraud.plant(now=NOW, honest=6000, rings=8)
    world.write()
    return world


def test_rings_are_caught_and_honest_people_are_not(planted: fraud.World) -> None:
    verdicts = fraud.judge(planted, services.sight(now=NOW, declared=planted.declared), rules.QUARANTINED_FROM)
    assert verdicts.rings >= 0.95, verdicts
    assert verdicts.honest <= 0.005, verdicts
    assert verdicts.market <= 0.005, verdicts


def test_a_declared_market_day_shows_no_burst_and_an_undeclared_one_does(planted: fraud.World) -> None:
    declared = services.sight(now=NOW, declared=planted.declared)
    assert not any(Signal.BURST in declared.get(account, {}) for account in planted.market)
    undeclared = services.sight(now=NOW)
    assert any(Signal.BURST in undeclared.get(account, {}) for account in planted.market)


def crowd(code: str, *, at: datetime, count: int = 30) -> list[int]:
    """Thirty people come with one code within the hour, each a quick finger."""
    accounts = list(range(700_001, 700_001 + count))
    Participant.objects.bulk_create([Participant(account_id=one, activated_on=clock.day_of(at)) for one in accounts])
    ActivationTrace.objects.bulk_create(
        [
            ActivationTrace(
                account_id=one, opened_at=at + timedelta(seconds=90 * place), team_code=code, neighbour=False,
                activated_at=at + timedelta(seconds=90 * place + 10),
            )
            for place, one in enumerate(accounts)
        ]
    )  # fmt: skip
    return accounts


@pytest.mark.parametrize("how", ["scanned", "typed"])
@pytest.mark.parametrize("standing", ["declared", "called off", "undeclared"])
def test_the_hourly_sweep_knows_the_market_days_teams_declared(
    db: None, tmp_path: Path, how: str, standing: str
) -> None:
    clock.set_now(team_make.NOW)
    world = team_make.world(tmp_path)
    if standing != "undeclared":
        event = teams_work.declare_event(
            world.team.uid, kind=teams.EventKind.MARKET, place="Chợ Mát", starts_at=team_make.NOW,
            ends_at=team_make.NOW + timedelta(hours=3), actor=world.leader_actor, now=team_make.NOW,
        )  # fmt: skip
        if standing == "called off":
            before = team_make.NOW - timedelta(minutes=1)
            teams_work.cancel_event(event.uid, actor=world.leader_actor, now=before)
    code = scanning.written(team_make.code(world)) if how == "scanned" else world.team.code
    people = crowd(code, at=team_make.NOW + timedelta(minutes=5))
    clock.set_now(team_make.NOW + timedelta(hours=4))
    tasks.sweep(timestamp=0)
    clock.set_now(None)
    apart = Participant.objects.filter(account_id__in=people, quarantined=True).count()
    assert apart == (0 if standing == "declared" else len(people))


def test_people_brought_by_one_airing_at_once_are_no_rush(db: None) -> None:
    people = crowd("K-TT-7Q2M4X", at=NOW - timedelta(hours=3), count=60)
    seen = services.sight(now=NOW)
    assert not any(Signal.BURST in seen.get(one, {}) for one in people)


def test_a_sweep_looks_with_one_query(planted: fraud.World, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        services.sight(now=NOW, declared=planted.declared)


# --- sweeping --------------------------------------------------------------------------------------------------------
@pytest.fixture
def farm(db: None) -> list[int]:
    """Six accounts opened on one telephone within two hours."""
    device = uuid7()
    accounts = [make.account() for _ in range(6)]
    for index, account in enumerate(accounts):
        at = NOW - timedelta(hours=3) + timedelta(minutes=20 * index)
        services.activate_participant(account, install_uid=device, home_id=None, team_code="T1", at=at)
        services.trace_activation(account, opened_at=at - timedelta(minutes=2), at=at, team_code="T1", neighbour=False)
        services.trace_binding(device, account_id=account, at=at)
    return accounts


def apart() -> set[int]:
    return set(Participant.objects.filter(quarantined=True).values_list("account_id", flat=True))


def test_a_sweep_sets_apart_tells_why_and_repeats_nothing(farm: list[int]) -> None:
    assert services.sweep(now=NOW) == services.Swept(seen=6, written=6, quarantined=6)
    assert apart() == set(farm)
    assert services.sweep(now=NOW + timedelta(hours=1)).quarantined == 0
    [item] = messaging.inbox_for(farm[0]).items
    assert "6 tài khoản đăng nhập trên cùng một máy" in item.body
    doubt = selectors.own_doubt(farm[0])
    assert doubt is not None
    assert doubt.signals[0] is Signal.CROWDED


def test_a_sweep_killed_in_the_middle_is_whole_the_next_time(farm: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    from smarthd.rollout.services import integrity

    tell, calls = integrity.messaging.tell, []

    def die_at_the_third(*args: object, **kwargs: object) -> int:
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return tell(*args, **kwargs)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(integrity.messaging, "tell", die_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            services.sweep(now=NOW)
    assert (apart(), Suspicion.objects.count()) == (set(), 0)
    assert services.sweep(now=NOW).quarantined == 6


def test_a_burst_is_seen_at_its_first_account_too(db: None) -> None:
    for index in range(14):
        account = make.account()
        at = NOW - timedelta(hours=2) + timedelta(minutes=4 * index)
        make.activate(account, None, make.TODAY, team_code="T9")
        services.trace_activation(account, opened_at=None, at=at, team_code="T9", neighbour=False)
    assert [found[Signal.BURST] for found in services.sight(now=NOW).values()] == [14] * 14
    covering = DeclaredEvent("T9", NOW - timedelta(hours=3), NOW)
    assert services.sight(now=NOW, declared=lambda since, until: [covering]) == {}


def test_test_accounts_are_nobodys_doubt(farm: list[int]) -> None:
    services.mark_test(farm[0], is_test=True, at=NOW)
    assert farm[0] not in services.sight(now=NOW)


def test_traces_and_doubts_go_with_their_person_and_with_time(farm: list[int]) -> None:
    services.sweep(now=NOW)
    people.erase_account(farm[0], now=NOW)
    events.deliver_owed()
    for table in (BindingTrace, ActivationTrace):
        assert not table.objects.filter(account_id=farm[0]).exists()
    assert not Suspicion.objects.filter(subject_id=farm[0]).exists()
    assert services.forget_old_traces(now=NOW + timedelta(days=36)) == 10


# --- decisions -------------------------------------------------------------------------------------------------------
@pytest.fixture
def case(farm: list[int]) -> Suspicion:
    services.sweep(now=NOW)
    return Suspicion.objects.get(subject_id=farm[0])


def judge(role: Role = Role.ADMINISTRATOR) -> Actor:
    return agencies.officer(agencies.world().department, role)


def test_a_released_account_counts_again_and_the_next_sweep_leaves_it(case: Suspicion) -> None:
    services.release(case.uid, reason=WHY, actor=judge(), now=NOW)
    assert case.subject_id not in apart()
    services.sweep(now=NOW + timedelta(hours=1))
    assert case.subject_id not in apart()
    assert messaging.inbox_for(case.subject_id).items[0].title == "Tài khoản này đã được tính lại"


def test_an_appeal_is_decided_by_another_person_than_the_one_who_kept_it(case: Suspicion) -> None:
    world = agencies.world()
    first, second = (agencies.officer(world.department, Role.ADMINISTRATOR) for _ in range(2))
    services.keep_apart(case.uid, reason=WHY, actor=first, now=NOW)
    services.appeal(case.subject_id, words="Cả nhà tôi dùng chung một máy.", now=NOW)
    with pytest.raises(OwnSuspicion):
        services.release(case.uid, reason=WHY, actor=first, now=NOW)
    assert services.release(case.uid, reason=WHY, actor=second, now=NOW).state == State.RELEASED


def test_nobody_decides_about_their_own_account(case: Suspicion) -> None:
    own = Actor(account_id=case.subject_id, grants=judge().grants)
    with pytest.raises(OwnSuspicion):
        services.release(case.uid, reason=WHY, actor=own, now=NOW)


@pytest.mark.parametrize("role", list(Role))
def test_administrators_decide_auditors_look_and_others_find_nothing(case: Suspicion, role: Role) -> None:
    actor = judge(role)
    if role in {Role.ADMINISTRATOR, Role.AUDITOR}:
        assert len(selectors.doubts_for(actor)[0]) == 6
    else:
        with pytest.raises(NotAllowed):
            selectors.doubts_for(actor)
    refusal = {Role.ADMINISTRATOR: None, Role.AUDITOR: NotAllowed}.get(role, SuspicionUnknown)
    if refusal is None:
        assert services.keep_apart(case.uid, reason=WHY, actor=actor, now=NOW).state == State.KEPT
    else:
        with pytest.raises(refusal):
            services.keep_apart(case.uid, reason=WHY, actor=actor, now=NOW)


def test_a_decision_and_an_appeal_need_words(case: Suspicion) -> None:
    with pytest.raises(ReasonMissing):
        services.release(case.uid, reason=" ", actor=judge(), now=NOW)
    with pytest.raises(ReasonMissing):
        services.appeal(case.subject_id, words="sai", now=NOW)
    with pytest.raises(SuspicionUnknown):
        services.appeal(999_999, words="Tôi là người thật.", now=NOW)


# --- what is heard ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_signing_in_leaves_a_trace_with_first_open_and_neighbours() -> None:
    first, second = UUID(int=1), UUID(int=2)
    for uid in (first, second):
        people.record_first_open(
            uid, platform="android", standalone=True, atom_id=None, opened_at=None, team_code="", now=people_make.NOW
        )
    later = people_make.NOW + timedelta(seconds=40)
    for uid, number in ((first, "0912345670"), (second, "0912345672")):
        ticket = people.request_code(number, address="1.1.1.1", now=later)
        people.verify_code(number, code=ticket.shown_code, install_uid=uid, address="1.1.1.1", now=later)
    events.deliver_owed()
    traces = ActivationTrace.objects.order_by("account_id").values_list("neighbour", "opened_at")
    assert list(traces) == [(False, people_make.NOW), (True, people_make.NOW)]
    assert BindingTrace.objects.count() == 2


# --- reports and units -----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_number_the_platform_filled_in_is_nobodys_repetition() -> None:
    plan = forms.FormPlan(
        (
            forms.Field(key="roster", label="Cán bộ", kind=forms.FieldKind.COUNT, measured="staff.roster"),
            forms.Field(key="told", label="Số buổi", kind=forms.FieldKind.COUNT),
        )
    )
    desk = reporting.desk(plan=plan)
    periods = [
        desk.period,
        *(
            reporting.open_period(due_at=reporting.DUE + timedelta(days=7 * week), title=f"Tuần {week}")
            for week in (1, 2)
        ),
    ]
    for number, period in enumerate(periods):
        for field, value in (("roster", 38), ("told", 21 + number)):
            ReportValue.objects.create(
                form_key="tuan", period_id=period.pk, field=field, agency_id=desk.world.commune_a, value=value
            )
    assert services.sweep_reports(desk.period.campaign_id, now=NOW) == 0
    ReportValue.objects.filter(field="told").update(value=21)
    assert services.sweep_reports(desk.period.campaign_id, now=NOW) == 1


@pytest.mark.django_db
def test_an_agency_that_reports_one_number_again_and_again_is_noted_and_not_set_apart() -> None:
    desk = reporting.desk()
    reporting.submitted(desk)
    for week in (1, 2):
        period = reporting.open_period(due_at=reporting.DUE + timedelta(days=7 * week), title=f"Tuần {15 + week}/2024")
        obligation = period.obligations.get(agency_id=desk.world.commune_a)
        services.submit_report(
            obligation.uid,
            typed=reporting.TYPED,
            disputes={},
            actor=desk.clerk,
            now=reporting.NOW + timedelta(days=7 * week),
        )
    assert services.sweep_reports(desk.period.campaign_id, now=NOW) == 1
    row = Suspicion.objects.get()
    assert (row.subject, row.subject_id, row.state) == ("agency", desk.world.commune_a, State.WATCHED)
    assert Signal.REPEATED in row.signals
    administrator = agencies.officer(desk.world.department, Role.ADMINISTRATOR)
    assert services.release(row.uid, reason="Đã xem sổ, số đúng.", actor=administrator, now=NOW).state == State.RELEASED
    assert services.sweep_reports(desk.period.campaign_id, now=NOW) == 1
    assert Suspicion.objects.get().state == State.RELEASED
