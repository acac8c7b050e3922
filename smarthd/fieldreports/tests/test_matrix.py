"""Transition × role: from every state, everybody tries every move; what happens is what the moves and ``MAY`` say, nothing else."""

from __future__ import annotations

import pytest
from django.db import transaction

from smarthd.fieldreports.errors import ReportUnknown
from smarthd.fieldreports.models import Report, Support
from smarthd.fieldreports.policies import standing
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.rules.states import MOVES, DeclineReason, Outcome, Part, State
from smarthd.fieldreports.selectors import gate
from smarthd.fieldreports.services import answering, following, handling, joining, speaking, steps
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW, hours
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.moves import IllegalMove

WORDS = "Một câu đủ dài để mọi người cùng hiểu việc này."


def close(code, *, caller, now):
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.CLOSE)
    held.report.ending = held.report.ending or states.Ending.SILENCE
    steps.write(held, "closed")


def acts(land, head):
    """Every move as a call, by its name."""
    return {
        "accept": handling.accept,
        "decline": lambda code, **who: handling.decline(code, reason=DeclineReason.UNTRUE, words=WORDS, **who),
        "reroute": lambda code, **who: handling.reroute(code, to_id=land.department, words=WORDS, **who),
        "contest": lambda code, **who: speaking.contest(code, words=WORDS, **who),
        "uphold": lambda code, **who: speaking.uphold(code, words=WORDS, **who),
        "overturn": lambda code, **who: speaking.overturn(code, words=WORDS, **who),
        "assign": lambda code, **who: handling.assign(code, to_id=land.department, words="", **who),
        "hand_back": lambda code, **who: handling.hand_back(code, words=WORDS, **who),
        "start": handling.start,
        "ask": lambda code, **who: handling.ask(code, words=WORDS, **who),
        "reply": lambda code, **who: speaking.reply(code, words=WORDS, **who),
        "go_on": lambda code, **who: handling.go_on(code, words=WORDS, **who),
        "answer": lambda code, **who: answering.answer(code, words=WORDS, outcome=Outcome.EXPLAINED, **who),
        "confirm": answering.confirm,
        "reopen": lambda code, **who: answering.reopen(code, words=WORDS, **who),
        "close": close,
        "merge": lambda code, **who: joining.merge([code], into=head.code, words="", **who),
        "part": lambda code, **who: joining.part(code, words=WORDS, **who),
        "withdraw": lambda code, **who: speaking.withdraw(code, words="", **who),
    }


def people(land, report, reporter):
    neighbour = make.citizen()
    if report.state != State.WITHDRAWN:
        following.follow_report(report.code, caller=neighbour, now=NOW)
    supporter = make.officer(land.other, make.Role.CLERK)
    Support.objects.create(report=report, agency_id=land.other, asked=WORDS, asked_at=NOW)
    report.involved = [*report.involved, land.other]
    report.save()
    return {
        Part.REPORTER: reporter,
        Part.NEIGHBOUR: neighbour,
        Part.DISPATCHER: land.dispatcher,
        Part.CLERK: land.clerk,
        Part.CHIEF: land.chief,
        Part.SUPERIOR: land.leader,
        Part.SUPPORT: supporter,
        Part.WATCHER: land.auditor,
        Part.SYSTEM: make.SYSTEM,
        None: make.phone(),
    }


def tried(act, report, caller, now):
    """Say what became of one try, and undo it."""
    with transaction.atomic():
        try:
            act(report.code, caller=caller, now=now)
        except NotAllowed:
            return "not allowed"
        except IllegalMove:
            return "not from here"
        except ReportUnknown:
            return "unseen"
        else:
            return "done"
        finally:
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", list(State))
def test_everybody_may_make_the_moves_the_rules_give_them_and_no_others(land, state):
    report, reporter = make.brought_to(land, state)
    head = make.sent(land)
    now = max(NOW + hours(6), report.ended_at or NOW)
    todo = acts(land, head)
    assert set(todo) == {move.name for move in MOVES}
    wrong = []
    for part, caller in people(land, report, reporter).items():
        found = standing(caller, report).parts
        if part is not None and not (part is Part.NEIGHBOUR and state in {State.WITHDRAWN, State.MERGED}):
            assert part in found, (part, found)
        for move in MOVES:
            allowed, starts = states.may(move, found, state), move.may_start(state)
            outcome = tried(todo[move.name], report, caller, now)
            expected = {"done"} if allowed and starts else {"not allowed", "not from here", "unseen"}
            if outcome not in expected:
                wrong.append((state, part, move.name, outcome))
        if found - {Part.SYSTEM}:
            offered = gate.report_for(caller, report.code, now=now).may & set(todo)
            promised = {move.name for move in MOVES if states.may(move, found, state) and move.may_start(state)}
            if offered != promised:
                wrong.append((state, part, "the page offers", offered ^ promised))
    assert wrong == []


def test_a_state_is_never_set_but_by_a_move(land):
    report = make.sent(land)
    for jump in ("answer", "confirm", "reopen", "go_on", "overturn", "part"):
        with pytest.raises(IllegalMove):
            acts(land, report)[jump](report.code, caller=make.SYSTEM, now=NOW)
    assert Report.objects.get(pk=report.pk).state == State.RECEIVED
