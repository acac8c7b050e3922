"""What officials do on the board of ideas: publish, return, join, forward, hide, answer; and being reminded of what is owed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.content import policies
from smarthd.content.events import IdeaPublished, IdeaWithdrawn
from smarthd.content.models.ideas import Idea, IdeaStep, IdeaSupport
from smarthd.content.rules import ideas, kinds
from smarthd.content.selectors.ideas import IdeaUnknown
from smarthd.kernel import audit, clock, events
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.messaging import services as messaging
from smarthd.people import selectors as people


def _locked(code: str, actor: Actor) -> Idea:
    """Return an idea within reach, locked, that the actor may move on; raises IdeaUnknown, OwnIdea, NotAllowed."""
    idea = Idea.objects.select_for_update().filter(code=code).first()
    if idea is None or not (actor.system or idea.agency_id in policies.agencies_seen(actor)):
        raise IdeaUnknown(code=code)
    if idea.author_id is not None and idea.author_id == actor.account_id:
        raise ideas.OwnIdea(code=code)
    require(bool(actor.system) or policies.can_moderate(actor, idea, author_id=idea.author_id))
    return idea


def _write(
    idea: Idea,
    act: str,
    *,
    actor: Actor,
    now: datetime,
    words: str = "",
    until: date | None = None,
    agency: int | None = None,
) -> None:
    IdeaStep.objects.create(
        idea=idea,
        act=act,
        agency_id=agency or idea.agency_id,
        by_id=actor.account_id,
        words=words,
        until=until,
        at=now,
    )
    audit.record(actor, f"content.idea_{act}", idea, at=now)


def _tell_author(idea: Idea, title: str, body: str, *, step: str, now: datetime) -> None:
    _tell([idea.author_id], idea, title, body, step=step, now=now)


def _tell(who: Iterable[int | None], idea: Idea, title: str, body: str, *, step: str, now: datetime) -> None:
    messaging.tell(
        [one for one in who if one is not None],
        kind="content.idea",
        title=title,
        body=body,
        href=f"/hien-ke/{idea.code}/",
        key=f"content.idea:{idea.pk}:{step}",
        now=now,
    )


def _reason(words: str) -> str:
    told = kinds.tidy(words)
    if len(told) < ideas.SHORTEST:
        raise ideas.IdeaFaulty(fields={"words": "Xin ghi rõ lý do, người đề xuất đọc được."})
    return told


@transaction.atomic
def publish_idea(code: str, *, looked: bool, actor: Actor, now: datetime) -> None:
    """Publish an idea and start the clock of its answer; its author is its first supporter.

    Raises IdeaUnknown, OwnIdea, NotAllowed, IllegalMove, and IdeaWarned where something was found and nobody ``looked``.
    """
    idea = _locked(code, actor)
    state = ideas.PUBLISH.apply(ideas.State(idea.state))
    found = ideas.warnings_in(f"{idea.title}\n{idea.words}\n{idea.spot}")
    if found and not looked:
        raise ideas.IdeaWarned(found=len(found))
    idea.state, idea.published_at = state, now
    idea.promised_on = idea.due_on = calendar.add_working_days(clock.day_of(now), ideas.ANSWER_DAYS)
    idea.save()
    if idea.author_id is not None:
        _support(idea, [idea.author_id], now)
    _write(idea, "published", actor=actor, now=now)
    _tell_author(
        idea,
        f"Ý tưởng “{idea.title}” đã được đăng",
        f"Cơ quan trả lời trước ngày {idea.due_on:%d/%m/%Y}. Bà con khác đã có thể ủng hộ.",
        step="published",
        now=now,
    )
    events.announce(IdeaPublished(idea_uid=idea.uid, code=idea.code, at=now))


def _support(idea: Idea, account_ids: Iterable[int], now: datetime) -> None:
    facts = people.account_facts(account_ids)
    IdeaSupport.objects.bulk_create(
        [
            IdeaSupport(idea=idea, account_id=one.id, unit_id=one.home_id, at=now)
            for one in facts.values()
            if not one.erased
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def return_idea(code: str, *, words: str, actor: Actor, now: datetime) -> None:
    """Send an idea back to its author with the reason. Raises IdeaUnknown, OwnIdea, IllegalMove, IdeaFaulty."""
    idea = _locked(code, actor)
    idea.state, idea.due_on = ideas.RETURN.apply(ideas.State(idea.state)), None
    told = _reason(words)
    idea.save(update_fields=["state", "due_on"])
    _write(idea, "returned", actor=actor, now=now, words=told)
    _tell_author(idea, f"Ý tưởng “{idea.title}” cần sửa", told, step=f"returned:{now:%Y%m%d%H%M%S}", now=now)


@transaction.atomic
def hide_idea(code: str, *, words: str, actor: Actor, now: datetime) -> None:
    """Take a published idea down, with the reason. Raises IdeaUnknown, OwnIdea, IllegalMove, IdeaFaulty."""
    idea = _locked(code, actor)
    idea.state, idea.due_on = ideas.HIDE.apply(ideas.State(idea.state)), None
    told = _reason(words)
    idea.save(update_fields=["state", "due_on"])
    _write(idea, "hidden", actor=actor, now=now, words=told)
    _tell_author(idea, f"Ý tưởng “{idea.title}” đã được gỡ", told, step="hidden", now=now)
    events.announce(IdeaWithdrawn(idea_uid=idea.uid, code=idea.code, into="", at=now))


@transaction.atomic
def merge_idea(code: str, *, into: str, actor: Actor, now: datetime) -> None:
    """Join an idea to another that says the same; its author and supporters are carried over, a person counted once.

    Raises IdeaUnknown, OwnIdea, NotAllowed, IllegalMove, NotAlikeIdeas where the other is itself or takes no support.
    """
    pair = Idea.objects.select_for_update().filter(code__in=[code, into]).order_by("pk")
    if code == into or len(pair) != 2:
        raise ideas.NotAlikeIdeas(code=into)
    idea, other = _locked(code, actor), _locked(into, actor)
    if other.state not in ideas.SUPPORTABLE:
        raise ideas.NotAlikeIdeas(code=into)
    was_public = idea.state in ideas.PUBLIC
    idea.state, idea.merged_into, idea.due_on = ideas.MERGE.apply(ideas.State(idea.state)), other, None
    idea.save(update_fields=["state", "merged_into", "due_on"])
    Idea.objects.filter(merged_into=idea).update(merged_into=other)
    carried = list(idea.supports.all())
    IdeaSupport.objects.bulk_create(
        [IdeaSupport(idea=other, account_id=one.account_id, unit_id=one.unit_id, at=one.at) for one in carried],
        ignore_conflicts=True,
    )
    idea.supports.all().delete()
    if idea.author_id is not None:
        _support(other, [idea.author_id], now)
    _write(idea, "merged", actor=actor, now=now, words=other.code)
    _write(other, "joined", actor=actor, now=now, words=idea.code)
    told = {one.account_id for one in carried} | {idea.author_id}
    _tell(
        told,
        other,
        f"Ý tưởng “{idea.title}” được gộp vào “{other.title}”",
        "Hai ý tưởng cùng một việc nên được xem xét chung; mỗi người vẫn được tính một lần.",
        step=f"joined:{idea.pk}",
        now=now,
    )
    if was_public:
        events.announce(IdeaWithdrawn(idea_uid=idea.uid, code=idea.code, into=other.code, at=now))


@transaction.atomic
def forward_idea(code: str, *, to: int, words: str, actor: Actor, now: datetime) -> None:
    """Hand an idea to the agency it is the business of; the promised day stays. Raises IdeaUnknown, OwnIdea, IllegalMove, IdeaFaulty."""
    idea = _locked(code, actor)
    target = agencies.agency_views([to], clock.day_of(now)).get(to)
    if target is None or to == idea.agency_id:
        raise ideas.IdeaFaulty(fields={"agency": "Xin chọn cơ quan khác đang hoạt động."})
    if idea.state not in ideas.FORWARDABLE:
        raise ideas.IdeaFaulty(fields={"agency": "Ý tưởng đã có câu trả lời, không chuyển được nữa."})
    told = _reason(words)
    before = idea.agency_id
    idea.agency_id = to
    idea.save(update_fields=["agency"])
    _write(idea, "forwarded", actor=actor, now=now, words=told, agency=before)
    step = f"forwarded:{now:%Y%m%d%H%M%S}"
    _tell_author(idea, f"Ý tưởng “{idea.title}” đã chuyển tới {target.name}", told, step=step, now=now)
    _tell_desk(idea, f"Ý tưởng chuyển tới: {idea.title}", told, key=f"content.idea.desk:{idea.pk}:{step}", now=now)


@transaction.atomic
def answer_idea(code: str, *, state: ideas.State, words: str, until: date | None, actor: Actor, now: datetime) -> None:
    """Answer officially. Looking into it and planning promise a day; declining says why.

    Raises IdeaUnknown, OwnIdea, NotAllowed (heads and delegates answer), IllegalMove, IdeaFaulty.
    """
    idea = _locked(code, actor)
    require(bool(actor.system) or policies.can_answer(actor, idea, author_id=idea.author_id))
    moved = ideas.ANSWERS[state].apply(ideas.State(idea.state))
    told = kinds.tidy(words)
    faults = ideas.answer_faults(state=state, words=told, until=until, on=clock.day_of(now))
    if faults:
        raise ideas.IdeaFaulty(fields=faults)
    promises = state in {ideas.State.CONSIDERING, ideas.State.PLANNED}
    idea.state = moved
    idea.due_on = until if promises else None
    idea.answered_at = idea.answered_at if state is ideas.State.CONSIDERING else idea.answered_at or now
    idea.save(update_fields=["state", "due_on", "answered_at"])
    _write(idea, state.value, actor=actor, now=now, words=told, until=until if promises else None)
    followers = set(idea.supports.values_list("account_id", flat=True)) | {idea.author_id}
    _tell(
        followers,
        idea,
        f"{ideas.STATE_WORDS[state]}: {idea.title}",
        told,
        step=f"{state.value}:{now:%Y%m%d%H%M%S}",
        now=now,
    )
    events.announce(IdeaPublished(idea_uid=idea.uid, code=idea.code, at=now))


# --- reminders -------------------------------------------------------------------------------------------------------
def _tell_desk(idea: Idea, title: str, body: str, *, key: str, now: datetime, agency_id: int | None = None) -> None:
    at = agency_id or idea.agency_id
    holders = {grant.account_id for grant in agencies.grants_at(at, now) if grant.role in policies.APPROVERS}
    messaging.tell(
        sorted(holders - {idea.author_id}),
        kind="content.desk",
        title=title,
        body=body,
        href=f"/can-bo/hien-ke/{idea.code}/",
        key=key,
        now=now,
    )


def remind_of_ideas(*, now: datetime) -> int:
    """Tell the desk of each idea two days before its term and weekly after it; after it the superior is told too. Return how many."""
    on = clock.day_of(now)
    due = Idea.objects.filter(due_on__lte=on + ideas.REMIND_BEFORE, state__in=[*ideas.FORWARDABLE, ideas.State.PLANNED])
    return sum(_remind(pk, on, now) for pk in due.order_by("due_on").values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: int, on: date, now: datetime) -> bool:
    idea = Idea.objects.select_for_update().get(pk=pk)
    late = idea.due_on is not None and idea.due_on < on
    if idea.due_on is None or not _reminds(idea.reminded_on, late=late, due_on=idea.due_on, on=on):
        return False
    what = {
        ideas.State.WAITING: "duyệt hoặc trả lại",
        ideas.State.PLANNED: "báo kết quả đã hứa",
    }.get(ideas.State(idea.state), "trả lời")
    title = f"{'Quá hẹn' if late else 'Sắp đến hẹn'} {what} ý tưởng “{idea.title}”"
    body = f"Hẹn ngày {idea.due_on:%d/%m/%Y}."
    key = f"content.idea.due:{idea.pk}:{on:%Y%m%d}"
    _tell_desk(idea, title, body, key=key, now=now)
    chain = agencies.chain_of(idea.agency_id, on)
    if late and len(chain) > 1:
        _tell_desk(idea, title, f"{chain[0].name}. {body}", key=key, now=now, agency_id=chain[1].id)
    idea.reminded_on = on
    idea.save(update_fields=["reminded_on"])
    return True


def _reminds(reminded_on: date | None, *, late: bool, due_on: date, on: date) -> bool:
    if not late:
        return reminded_on is None or reminded_on < due_on - ideas.REMIND_BEFORE
    return reminded_on is None or reminded_on < due_on or on - reminded_on >= timedelta(days=7)
