"""A difficulty's whole life through the services, and who may take each step."""

from __future__ import annotations

import copy
import io
from datetime import date, timedelta

import pytest

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.kernel import clock
from smarthd.kernel.errors import NotAllowed, NotFound
from smarthd.kernel.moves import IllegalMove
from smarthd.rollout import errors
from smarthd.rollout.models import Campaign, Difficulty, DifficultyStep
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.rules.difficulties import Category, Severity, State, Tier
from smarthd.rollout.selectors import accounts
from smarthd.rollout.selectors import decisions as decided
from smarthd.rollout.selectors import difficulties as reading
from smarthd.rollout.services import decisions, difficulties
from smarthd.rollout.tests import troubles
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
SAID = "Sở đã làm việc với nhà mạng, trạm phát sẽ được lắp trước ngày 25/4."


_here = planted_once(lambda _folder: troubles.province())


@pytest.fixture
def here(_here: troubles.Province, db: None) -> troubles.Province:
    return copy.deepcopy(_here)


def reach(here, row: Difficulty, state: State) -> Difficulty:
    """Bring a difficulty to a state through services, by the system."""
    actor, now = troubles.SYSTEM, troubles.later(hours=1)
    if state is State.IN_HAND:
        difficulties.answer(row.uid, words=SAID, actor=actor, now=now)
    elif state in {State.SOLVED, State.REOPENED, State.CONFIRMED}:
        difficulties.solve(row.uid, words=SAID, actor=actor, now=now)
        if state is State.REOPENED:
            difficulties.reopen(row.uid, words="Vẫn chưa có sóng.", actor=actor, now=now)
        if state is State.CONFIRMED:
            difficulties.confirm(row.uid, actor=actor, now=now)
    elif state is State.MERGED:
        other = troubles.raised(here, actor=here.clerk_b, agency_id=here.world.commune_b)
        difficulties.merge([row.uid], into=other.uid, words="", actor=actor, now=now)
    elif state is State.WITHDRAWN:
        difficulties.withdraw(row.uid, words="Đã tự khắc phục được.", actor=actor, now=now)
    row.refresh_from_db()
    assert row.state == state
    return row


ACTS = {
    "answer": lambda row, actor: difficulties.answer(row.uid, words=SAID, actor=actor, now=troubles.later(hours=2)),
    "escalate": lambda row, actor: difficulties.escalate(row.uid, words=SAID, actor=actor, now=troubles.later(hours=2)),
    "take_over": lambda row, actor: difficulties.take_over(row.uid, words=SAID, actor=actor, now=troubles.later(hours=2)),
    "solve": lambda row, actor: difficulties.solve(row.uid, words=SAID, actor=actor, now=troubles.later(hours=2)),
    "confirm": lambda row, actor: difficulties.confirm(row.uid, actor=actor, now=troubles.later(hours=2)),
    "reopen": lambda row, actor: difficulties.reopen(row.uid, words=SAID, actor=actor, now=troubles.later(hours=2)),
    "withdraw": lambda row, actor: difficulties.withdraw(row.uid, words=SAID, actor=actor, now=troubles.later(hours=2)),
    "part": lambda row, actor: difficulties.part(row.uid, words=SAID, actor=actor, now=troubles.later(hours=2)),
}  # fmt: skip
MAY = {
    "answer": {"district"},
    "escalate": {"district"},
    "take_over": {"leader"},  # the department stands beside the district in this small province, the committee above
    "solve": {"district"},
    "confirm": {"clerk_a", "head_a"},
    "reopen": {"clerk_a", "head_a"},
    "withdraw": {"clerk_a", "head_a"},
    "part": {"district", "leader"},
}
WHO = ("clerk_a", "head_a", "clerk_b", "district", "department", "leader", "auditor")
UNSEEN = {"clerk_b", "department"}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("act", list(ACTS))
def test_each_act_is_open_to_its_people_and_no_others(here, act, who):
    from_states = next(move for move in rules.MOVES if move.name == act).sources
    state = sorted(from_states)[0]
    row = reach(here, troubles.raised(here), state) if state is not State.WAITING else troubles.raised(here)
    actor = getattr(here, who)
    if who in MAY[act]:
        assert ACTS[act](row, actor)
        return
    with pytest.raises((NotFound, NotAllowed)) as refused:
        ACTS[act](row, actor)
    if act != "part":  # the second commune raised what it was merged into, and so may see it
        assert isinstance(refused.value, NotFound) is (who in UNSEEN)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(ACTS))
def test_an_act_out_of_its_state_is_refused_and_leaves_no_step(here, act, state):
    move = next(move for move in rules.MOVES if move.name == act)
    row = reach(here, troubles.raised(here), state)
    actor = here.leader if act == "take_over" else troubles.SYSTEM
    before = DifficultyStep.objects.filter(difficulty=row).count()
    if move.may_start(state):
        ACTS[act](row, actor)
        row.refresh_from_db()
        assert row.state == move.target
        assert DifficultyStep.objects.filter(difficulty=row).count() == before + 1
    else:
        with pytest.raises((IllegalMove, errors.BadMerge)):
            ACTS[act](row, actor)
        assert DifficultyStep.objects.filter(difficulty=row).count() == before


def test_what_is_raised_goes_to_the_superior_with_three_clocks(here):
    row = troubles.raised(here, severity=Severity.BLOCKING)
    assert (row.holder_id, row.tier, row.state) == (here.world.district, Tier.DISTRICT, State.WAITING)
    assert row.due_at == clock.at_local(date(2024, 4, 16), 17)
    assert row.first_answer_due_at == clock.at_local(date(2024, 4, 16), 17)
    assert row.solve_due_at == clock.at_local(date(2024, 4, 23), 17)  # five working days, Thursday 18/4 is a holiday


def test_the_same_words_of_the_same_day_are_one(here):
    assert troubles.raised(here).pk == troubles.raised(here, now=troubles.later(minutes=2)).pk
    assert Difficulty.objects.count() == 1


def test_words_that_say_nothing_are_refused_by_field(here):
    with pytest.raises(errors.DifficultyFaulty) as refused:
        troubles.raised(here, words="Khó quá", affected=-3)
    assert set(refused.value.facts["fields"]) == {"words", "affected"}


def test_nobody_raises_in_the_name_of_another_unit(here):
    with pytest.raises(NotAllowed):
        troubles.raised(here, actor=here.clerk_b)


def test_a_team_leader_raises_for_their_own_unit_and_sees_it(here):
    leader = agencies_make.officer(here.world.commune_a, Role.TEAM_LEADER)
    row = troubles.raised(here, actor=leader)
    assert [one.uid for one in reading.listing(leader, reading.Query(), now=troubles.NOW).rows] == [row.uid]


def test_answering_again_and_again_gives_no_more_time(here):
    row = troubles.raised(here)
    first = difficulties.answer(row.uid, words=SAID, actor=here.district, now=troubles.later(hours=1)).due_at
    again = difficulties.answer(row.uid, words=SAID, actor=here.district, now=troubles.later(days=1)).due_at
    assert first == again == clock.at_local(date(2024, 4, 19), 17)


def test_silence_sends_it_up_level_by_level_and_stops_at_the_top(here):
    row = troubles.raised(here)
    for moment, holder in (
        (troubles.later(days=1, hours=8), here.world.district),  # Tuesday evening: the term is over, the grace is not
        (troubles.later(days=2), here.world.district),
        (troubles.later(days=4), here.world.province),  # Thursday was a holiday
        (troubles.later(days=30), here.world.province),
        (troubles.later(days=40), here.world.province),
    ):
        difficulties.escalate_overdue(actor=troubles.SYSTEM, now=moment)
        row.refresh_from_db()
        assert row.holder_id == holder, moment
    assert (row.tier, row.escalations, row.answered_at) == (Tier.PROVINCE, 1, None)
    assert row.solve_due_at < troubles.later(days=40)  # the promise to who raised it was never moved


def test_passing_it_up_never_makes_the_promise_longer(here):
    row = troubles.raised(here)
    promise = (row.first_answer_due_at, row.solve_due_at)
    difficulties.escalate(row.uid, words=SAID, actor=here.district, now=troubles.later(days=1))
    row.refresh_from_db()
    assert (row.first_answer_due_at, row.solve_due_at) == promise
    assert row.holder_id == here.world.province


def test_the_top_cannot_pass_it_on(here):
    row = troubles.raised(here)
    difficulties.escalate(row.uid, words=SAID, actor=here.district, now=troubles.NOW)
    with pytest.raises(errors.NoSuperior):
        difficulties.escalate(row.uid, words=SAID, actor=here.leader, now=troubles.NOW)


def test_merged_ones_are_solved_together_and_each_is_confirmed_by_its_own_unit(here):
    row = troubles.raised(here)
    other = troubles.raised(here, actor=here.clerk_b, agency_id=here.world.commune_b)
    difficulties.merge(
        [other.uid], into=row.uid, words="Cùng một trạm phát sóng", actor=here.district, now=troubles.NOW
    )
    difficulties.solve(row.uid, words=SAID, actor=here.district, now=troubles.later(hours=3))
    other.refresh_from_db()
    assert (other.state, other.solution) == (State.SOLVED, SAID)
    with pytest.raises((NotFound, NotAllowed)):
        difficulties.confirm(row.uid, actor=here.clerk_b, now=troubles.later(hours=4))
    difficulties.confirm(other.uid, actor=here.clerk_b, now=troubles.later(hours=4))
    difficulties.reopen(row.uid, words="Bên này vẫn chưa có sóng", actor=here.clerk_a, now=troubles.later(hours=4))
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.state) == (State.REOPENED, State.CONFIRMED)


def test_who_was_merged_sees_what_it_was_merged_into_and_nothing_else(here):
    row = troubles.raised(here)
    other = troubles.raised(here, actor=here.clerk_b, agency_id=here.world.commune_b)
    with pytest.raises(errors.DifficultyUnknown):
        reading.difficulty_for(here.clerk_b, row.uid, now=troubles.NOW)
    difficulties.merge([other.uid], into=row.uid, words="", actor=here.district, now=troubles.NOW)
    assert reading.difficulty_for(here.clerk_b, row.uid, now=troubles.NOW).row.followers == 1
    assert reading.difficulty_for(here.clerk_b, other.uid, now=troubles.NOW).row.into == row.code


def test_what_was_merged_into_a_merged_one_comes_along(here):
    rows = [troubles.raised(here, words=f"{troubles.WORDS}, lần {number}") for number in range(3)]
    difficulties.merge([rows[0].uid], into=rows[1].uid, words="", actor=here.district, now=troubles.NOW)
    difficulties.merge([rows[1].uid], into=rows[2].uid, words="", actor=here.district, now=troubles.NOW)
    assert set(Difficulty.objects.filter(merged_into=rows[2]).values_list("pk", flat=True)) == {rows[0].pk, rows[1].pk}


@pytest.mark.parametrize("wrong", ["itself", "closed"])
def test_nothing_is_merged_into_itself_or_into_what_is_closed(here, wrong):
    row = troubles.raised(here)
    other = troubles.raised(here, words=f"{troubles.WORDS} hai")
    if wrong == "closed":
        difficulties.solve(other.uid, words=SAID, actor=here.district, now=troubles.NOW)
    with pytest.raises(errors.BadMerge):
        difficulties.merge(
            [row.uid], into=row.uid if wrong == "itself" else other.uid, words="", actor=here.district, now=troubles.NOW
        )


def draft(here, *rows, agency_id=None, actor=None):
    return decisions.draft_decision(
        troubles.CAMPAIGN,
        agency_id=agency_id or here.world.province,
        difficulty_uids=[row.uid for row in rows],
        title="Về việc phủ sóng các thôn còn lõm sóng",
        words="Giao Sở Thông tin và Truyền thông làm việc với nhà mạng, hoàn thành trước ngày 30/4/2024.",
        actor=actor or here.department,
        now=troubles.later(hours=2),
    )


def approve(here, decision, *, actor=None, number="128/QĐ-UBND", on=date(2024, 4, 15), seen=None):
    return decisions.approve_decision(
        decision.uid,
        number=number,
        decided_on=on,
        seen_hash=seen or decided.content_hash(decision),
        actor=actor or here.leader,
        now=troubles.later(hours=3),
    )


def test_one_decision_answers_many_and_those_merged_into_them(here):
    row, other = troubles.raised(here), troubles.raised(here, words=f"{troubles.WORDS} nữa")
    merged = troubles.raised(here, actor=here.clerk_b, agency_id=here.world.commune_b)
    difficulties.merge([merged.uid], into=row.uid, words="", actor=here.district, now=troubles.NOW)
    outcome = approve(here, draft(here, row, other))
    assert (outcome.answered, outcome.moved_on) == (3, ())
    for one in (row, other, merged):
        one.refresh_from_db()
        assert (one.state, one.decision_id) == (State.SOLVED, outcome.decision.pk)
    seen = decided.decision_for(here.clerk_b, outcome.decision.uid, now=troubles.NOW)
    assert [one.uid for one in seen.items] == [merged.uid]  # a unit reads the decision, and of the others nothing


def test_a_decision_passes_over_what_was_settled_meanwhile(here):
    row, other = troubles.raised(here), troubles.raised(here, words=f"{troubles.WORDS} nữa")
    decision = draft(here, row, other)
    difficulties.solve(other.uid, words=SAID, actor=here.district, now=troubles.later(hours=2))
    outcome = approve(here, decision)
    assert (outcome.answered, outcome.moved_on) == (1, (other.code,))


def test_a_decision_left_with_nothing_is_refused(here):
    row = troubles.raised(here)
    decision = draft(here, row)
    difficulties.solve(row.uid, words=SAID, actor=here.district, now=troubles.later(hours=2))
    with pytest.raises(errors.NothingToDecide):
        approve(here, decision)
    decision.refresh_from_db()
    assert decision.state == "proposed"


def test_whoever_drafts_a_decision_does_not_approve_it(here):
    decision = draft(here, troubles.raised(here), actor=here.leader)
    with pytest.raises(errors.OwnDecision):
        approve(here, decision)


@pytest.mark.parametrize("who", ["clerk_a", "district", "department", "auditor"])
def test_only_head_and_delegate_of_the_deciding_agency_approve(here, who):
    with pytest.raises(NotAllowed):
        approve(here, draft(here, troubles.raised(here)), actor=getattr(here, who))


@pytest.mark.parametrize("who", ["clerk_a", "district", "auditor"])
def test_only_its_own_people_and_departments_draft_for_the_committee(here, who):
    row = troubles.raised(here)
    with pytest.raises(NotAllowed):
        draft(here, row, actor=getattr(here, who))


def test_an_approval_binds_what_was_looked_at(here):
    row = troubles.raised(here)
    decision = draft(here, row)
    seen = decided.content_hash(decision)
    decisions.rewrite_decision(
        decision.uid,
        difficulty_uids=[row.uid],
        title="Về việc khác",
        words="Nội dung đã được đổi sau khi lãnh đạo mở trang.",
        actor=here.department,
        now=troubles.later(hours=2),
    )
    with pytest.raises(errors.ContentChanged):
        approve(here, decision, seen=seen)


@pytest.mark.parametrize(("number", "on"), [("không số", date(2024, 4, 15)), ("12/QĐ", date(2024, 4, 16))])
def test_a_decision_needs_a_number_and_a_day_that_has_come(here, number, on):
    with pytest.raises(errors.DecisionFaulty):
        approve(here, draft(here, troubles.raised(here)), number=number, on=on)


def test_a_decision_sent_back_waits_again_once_it_is_rewritten(here):
    row = troubles.raised(here)
    decision = draft(here, row)
    decisions.return_decision(decision.uid, words="Ghi rõ thời hạn của nhà mạng", actor=here.leader, now=troubles.NOW)
    assert [one.uid for one in decided.waiting(here.department, now=troubles.NOW)[1]] == [decision.uid]
    assert decided.to_approve(here.leader, now=troubles.NOW) == decided.waiting(here.leader, now=troubles.NOW)[0] == []
    decisions.rewrite_decision(
        decision.uid, difficulty_uids=[row.uid], title="Về việc phủ sóng", words=SAID, actor=here.department, now=troubles.NOW
    )  # fmt: skip
    assert [one.uid for one in decided.to_approve(here.leader, now=troubles.NOW)] == [decision.uid]
    assert [one.uid for one in decided.waiting(here.leader, now=troubles.NOW)[0]] == [decision.uid]


def test_only_a_pdf_is_attached(here, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = troubles.raised(here)
    given = {"agency_id": here.world.province, "difficulty_uids": [row.uid], "title": "Về việc", "words": SAID}
    with pytest.raises(errors.NotADocument):
        decisions.draft_decision(
            troubles.CAMPAIGN, **given, actor=here.department, now=troubles.NOW, document=io.BytesIO(b"MZ not a pdf")
        )
    made = decisions.draft_decision(
        troubles.CAMPAIGN, **given, actor=here.department, now=troubles.NOW, document=io.BytesIO(b"%PDF-1.7 thu")
    )
    assert decided.document_for(here.leader, made.uid, now=troubles.NOW).read_bytes() == b"%PDF-1.7 thu"
    with pytest.raises(errors.DecisionUnknown):
        decided.document_for(here.clerk_b, made.uid, now=troubles.NOW)


def test_the_list_is_filtered_counted_and_found_without_marks(here):
    row = troubles.raised(here)
    troubles.raised(here, category=Category.FUNDING, words="Chưa có kinh phí in tờ rơi cho các thôn trong xã")
    difficulties.answer(row.uid, words=SAID, actor=here.district, now=troubles.later(hours=1))
    shown = reading.listing(here.district, reading.Query(), now=troubles.NOW)
    assert (shown.count, shown.stands["cho-tra-loi"], shown.stands["dang-xu-ly"], shown.held_by_us) == (2, 1, 1, 2)
    for query in (
        reading.Query(words="song 4g thon dong"),
        reading.Query(words=row.code.lower()),
        reading.Query(category="network"),
        reading.Query(stand="dang-xu-ly"),
    ):
        assert [one.uid for one in reading.listing(here.district, query, now=troubles.NOW).rows] == [row.uid], query
    assert reading.listing(here.district, reading.Query(words="Hợp Tiến"), now=troubles.NOW).count == 2
    assert reading.listing(here.clerk_b, reading.Query(), now=troubles.NOW).count == 0
    late = reading.listing(here.auditor, reading.Query(overdue=True), now=troubles.later(days=2))
    assert late.count == 1


def test_a_list_costs_the_same_queries_however_long_it_is(here, django_assert_max_num_queries):
    for number in range(12):
        troubles.raised(here, words=f"{troubles.WORDS}, điểm thứ {number}")
    reading.listing(here.district, reading.Query(), now=troubles.NOW)  # the map is read once a process
    with django_assert_max_num_queries(9):
        assert reading.listing(here.district, reading.Query(), now=troubles.NOW).count == 12


def test_likely_duplicates_come_with_the_likeliest_first(here):
    row = troubles.raised(here)
    near = troubles.raised(here, actor=here.clerk_b, agency_id=here.world.commune_b, words=f"{troubles.WORDS} xã bên")
    far = troubles.raised(here, words="Cáp quang của trụ sở đứt từ hôm qua chưa nối lại")
    found = reading.likely_duplicates(here.district, row.uid, now=troubles.NOW)
    assert [one.row.uid for one in found] == [near.uid, far.uid]
    assert found[0].likeness > 0.8 > found[1].likeness


def test_what_waits_is_told_to_who_holds_and_to_who_raised(here):
    row = troubles.raised(here)
    assert [one.count for one in reading.waiting(here.district, now=troubles.NOW)["answer"]] == [1]
    difficulties.answer(row.uid, words=SAID, actor=here.district, now=troubles.NOW)
    assert [one.count for one in reading.waiting(here.district, now=troubles.NOW)["work"]] == [1]
    difficulties.solve(row.uid, words=SAID, actor=here.district, now=troubles.NOW)
    assert [one.count for one in reading.waiting(here.clerk_a, now=troubles.NOW)["confirm"]] == [1]
    assert not any(reading.waiting(here.district, now=troubles.NOW).values())


def test_patterns_count_by_category_and_month_what_may_be_seen(here):
    troubles.raised(here)
    troubles.raised(here, words=f"{troubles.WORDS} tháng trước", now=troubles.later(days=-30))
    troubles.raised(here, category=Category.FUNDING, words="Chưa có kinh phí in tờ rơi cho các thôn trong xã")
    shown = reading.patterns(here.auditor, now=troubles.NOW, months=3)
    assert shown.months == ("2024-02", "2024-03", "2024-04")
    assert [(one.key, one.months) for one in shown.categories] == [("network", (0, 1, 1)), ("funding", (0, 0, 1))]
    assert shown.indicators.answered.opened == 3
    assert reading.patterns(here.clerk_b, now=troubles.NOW).raised == 0


def test_what_a_report_says_is_of_its_instant_and_leaves_nothing_open_out(here):
    row, other = troubles.raised(here), troubles.raised(here, words=f"{troubles.WORDS} hai")
    same = troubles.raised(here, actor=here.clerk_b, agency_id=here.world.commune_b)
    difficulties.merge([same.uid], into=other.uid, words="", actor=here.district, now=troubles.later(minutes=5))
    difficulties.escalate(other.uid, words=SAID, actor=here.district, now=troubles.later(minutes=10))
    difficulties.solve(row.uid, words=SAID, actor=here.district, now=troubles.later(hours=1))
    at, top = troubles.later(hours=2), [here.world.province]
    told = accounts.troubles_as_of(row.campaign_id, at=at, top=top)
    assert (told.raised, told.open, told.solved, told.confirmed, told.merged, told.at_the_top) == (2, 1, 1, 0, 1, 1)
    assert (told.answered_in_time, told.decisions) == (2, ())
    assert told.by_category == (("Mạng, sóng điện thoại", 2, 1),)
    difficulties.confirm(row.uid, actor=here.clerk_a, now=troubles.later(hours=3))
    approve(here, draft(here, other))
    assert accounts.troubles_as_of(row.campaign_id, at=at, top=top) == told
    later = accounts.troubles_as_of(row.campaign_id, at=troubles.later(days=1), top=top)
    assert (later.open, later.confirmed, [one.number for one in later.decisions]) == (0, 1, ["128/QĐ-UBND"])
    alone = accounts.troubles_as_of(row.campaign_id, at=at, agency_ids=[here.world.commune_a])
    assert (alone.raised, alone.merged) == (2, 0)
    assert accounts.troubles_as_of(row.campaign_id, at=at, agency_ids=[here.world.school]) is None


def test_confirmation_has_three_working_days(here):
    row = reach(here, troubles.raised(here), State.SOLVED)
    assert row.confirm_due_at == clock.at_local(date(2024, 4, 19), 17)
    assert row.due_at is None
    assert row.solved_at - row.raised_at == timedelta(hours=1)


def coordinated(here) -> None:
    """Let the department coordinate the campaign."""
    Campaign.objects.filter(key=troubles.CAMPAIGN).update(coordinator_id=here.world.department)


def test_the_coordinating_department_reads_what_it_proposes_decisions_for_and_settles_nothing_itself(here):
    row = troubles.raised(here)
    assert reading.listing(here.department, reading.Query(), now=troubles.NOW).rows == ()
    coordinated(here)
    assert [one.uid for one in reading.listing(here.department, reading.Query(), now=troubles.NOW).rows] == [row.uid]
    for act in ("answer", "escalate", "solve", "confirm", "reopen", "withdraw"):
        with pytest.raises(NotAllowed):
            ACTS[act](row, here.department)
    outcome = approve(here, draft(here, row))
    seen = decided.decision_for(here.department, outcome.decision.uid, now=troubles.NOW)
    assert [one.uid for one in seen.items] == [row.uid]
    with pytest.raises(errors.DifficultyUnknown):
        reading.difficulty_for(here.clerk_b, row.uid, now=troubles.NOW)
