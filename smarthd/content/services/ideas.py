"""What citizens do on the board of ideas: propose, show with pictures, mend, withdraw, support once and take it back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from PIL import Image

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.content.events import IdeaWithdrawn
from smarthd.content.models.ideas import Idea, IdeaPicture, IdeaRound, IdeaStep, IdeaSupport
from smarthd.content.rules import ideas, kinds
from smarthd.content.selectors.ideas import IdeaUnknown
from smarthd.kernel import audit, clock, events, files, ids, limits, pictures, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.people import selectors as people
from smarthd.places import selectors as places

_COMMITTEES = (Kind.COMMUNE_COMMITTEE, Kind.DISTRICT_COMMITTEE, Kind.PROVINCE_COMMITTEE)


@dataclass(frozen=True, slots=True)
class NewIdea:
    """What somebody proposes for a unit; ``named`` shows their name, ``point`` is (lat, lon) of the place meant."""

    unit_id: int
    title: str
    words: str
    spot: str = ""
    point: tuple[float, float] | None = None
    round_slug: str = ""
    named: bool = False
    sample: bool = False


def _told(new: NewIdea) -> tuple[str, str, str]:
    title, words, spot = text.nfc(new.title), kinds.tidy(new.words), text.nfc(new.spot)
    faults = ideas.idea_faults(title=title, words=words, spot=spot)
    if faults:
        raise ideas.IdeaFaulty(fields=faults)
    return title, words, spot


def answering_agency(unit_id: int, *, now: datetime) -> int:
    """Return the committee that answers ideas for a unit: its own, or the nearest above it. Raises IdeaFaulty."""
    on = clock.day_of(now)
    path = [view.id for view in places.path(unit_id, on)]
    found = agencies.agencies_of_places(path, on, kinds=[kind.value for kind in _COMMITTEES])
    nearest = sorted(found, key=lambda one: -path.index(one.place_id) if one.place_id in path else 1)
    if not nearest:
        raise ideas.IdeaFaulty(fields={"unit": "Nơi này chưa có cơ quan nhận ý tưởng. Xin chọn cả tỉnh, thành phố."})
    return nearest[0].id


@transaction.atomic
def propose_idea(new: NewIdea, *, actor: Actor, now: datetime) -> Idea:
    """Take an idea in, for a moderator to read first.

    Raises NotAllowed, IdeaFaulty, RoundClosed, TooManyAttempts. The agency that answers is the round's, or the unit's committee.
    """
    title, words, spot = _told(new)
    account_id = _person(actor)
    _count(account_id, now)
    held = _round(new.round_slug, now) if new.round_slug else None
    agency_id = held.agency_id if held else answering_agency(new.unit_id, now=now)
    on = clock.day_of(now)
    idea = Idea.objects.create(
        code=f"HK-{ids.spoken_code(6)}",
        author_id=account_id,
        author_name=people.own_account(account_id).full_name if new.named else "",
        agency_id=agency_id,
        round=held,
        unit_id=new.unit_id,
        title=title,
        words=words,
        spot=spot,
        lat=new.point[0] if new.point else None,
        lon=new.point[1] if new.point else None,
        folded=text.fold(f"{title} {words} {spot}"),
        submitted_at=now,
        due_on=calendar.add_working_days(on, ideas.MODERATION_DAYS),
        sample=new.sample,
    )
    _write(idea, "submitted", actor=actor, now=now)
    audit.record(actor, "content.idea_proposed", idea, at=now)
    return idea


def _person(actor: Actor) -> int:
    facts = people.account_facts([actor.account_id]).get(actor.account_id) if actor.account_id else None
    require(facts is not None and not facts.erased)
    return int(actor.account_id or 0)


def _count(account_id: int, now: datetime) -> None:
    limits.count_attempts(
        [
            (f"content.idea.{int(window.total_seconds())}.{account_id}", limit, window)
            for limit, window in ideas.PER_PERSON
        ],
        now=now,
    )


def _round(slug: str, now: datetime) -> IdeaRound:
    held = IdeaRound.objects.filter(slug=slug).first()
    on = clock.day_of(now)
    if held is None or held.state != ideas.RoundState.OPEN or not held.opens_on <= on <= held.closes_on:
        raise ideas.RoundClosed(slug=slug)
    return held


def _write(idea: Idea, act: str, *, actor: Actor, now: datetime, words: str = "") -> None:
    IdeaStep.objects.create(idea=idea, act=act, by_id=actor.account_id, words=words, at=now)


def own(code: str, actor: Actor) -> Idea:
    """Return one's own idea, locked; raises IdeaUnknown for everybody else's."""
    found = Idea.objects.select_for_update().filter(code=code, author_id=actor.account_id).first()
    if found is None or actor.account_id is None:
        raise IdeaUnknown(code=code)
    return found


@transaction.atomic
def mend_idea(code: str, new: NewIdea, *, actor: Actor, now: datetime) -> None:
    """Send a returned idea again, mended. Raises IdeaUnknown, IllegalMove, IdeaFaulty."""
    idea = own(code, actor)
    state = ideas.RESUBMIT.apply(ideas.State(idea.state))
    idea.title, idea.words, idea.spot = _told(new)
    idea.author_name = people.own_account(_person(actor)).full_name if new.named else ""
    idea.lat, idea.lon = new.point or (None, None)
    idea.folded = text.fold(f"{idea.title} {idea.words} {idea.spot}")
    idea.state = state
    idea.due_on = calendar.add_working_days(clock.day_of(now), ideas.MODERATION_DAYS)
    idea.save()
    _write(idea, "resubmitted", actor=actor, now=now)
    audit.record(actor, "content.idea_resubmitted", idea, at=now)


@transaction.atomic
def withdraw_idea(code: str, *, actor: Actor, now: datetime) -> None:
    """Take one's own idea back, while nobody has answered it. Raises IdeaUnknown, IllegalMove."""
    idea = own(code, actor)
    was_public = idea.state in ideas.PUBLIC
    idea.state, idea.due_on = ideas.WITHDRAW.apply(ideas.State(idea.state)), None
    idea.save(update_fields=["state", "due_on"])
    _write(idea, "withdrawn", actor=actor, now=now)
    audit.record(actor, "content.idea_withdrawn", idea, at=now)
    if was_public:
        events.announce(IdeaWithdrawn(idea_uid=idea.uid, code=idea.code, into="", at=now))


@transaction.atomic
def add_picture(code: str, shown: bytes, *, actor: Actor, now: datetime) -> IdeaPicture:
    """Add a picture to one's own idea before it is published.

    ``shown`` went through the house's pipeline: faces and plates are blurred already; here the pixels are encoded once more. Raises
    IdeaUnknown, IdeaPicturesFull, NotAPicture, PictureTooLarge.
    """
    idea = own(code, actor)
    held = list(idea.pictures.values_list("position", flat=True))
    if idea.state not in {ideas.State.WAITING, ideas.State.RETURNED} or len(held) >= ideas.PICTURES:
        raise ideas.IdeaPicturesFull(most=ideas.PICTURES)
    raw, _suffix = pictures.reencode(io.BytesIO(shown))
    with Image.open(io.BytesIO(raw)) as seen:
        width, height = seen.size
    kept = files.keep(io.BytesIO(raw), limit_mb=12)
    audit.record(actor, "content.idea_picture_added", idea, at=now)
    return IdeaPicture.objects.create(
        idea=idea, position=max(held, default=0) + 1, sha256=kept.sha256, width=width, height=height
    )


@transaction.atomic
def drop_picture(code: str, uid: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a picture of one's own idea away before it is published; one that is not there is no fault."""
    idea = own(code, actor)
    if idea.state not in {ideas.State.WAITING, ideas.State.RETURNED}:
        raise ideas.IdeaPicturesFull(most=ideas.PICTURES)
    forget_pictures(list(idea.pictures.filter(uid=uid)))
    audit.record(actor, "content.idea_picture_dropped", idea, at=now)


def forget_pictures(rows: list[IdeaPicture]) -> None:
    """Destroy pictures, and after the transaction the files no other picture of ours refers to."""
    names = {row.sha256 for row in rows}
    IdeaPicture.objects.filter(pk__in=[row.pk for row in rows]).delete()

    def forget() -> None:
        for name in names:
            if not IdeaPicture.objects.filter(sha256=name).exists():
                files.forget(name)

    transaction.on_commit(forget)


def _supported(code: str) -> Idea:
    """Return the idea a support counts for, locked against joining: the one it was joined to, where it was."""
    found = Idea.objects.filter(code=code).values_list("pk", "merged_into").first()
    if found is None:
        raise IdeaUnknown(code=code)
    idea = Idea.objects.select_for_update(of=("self",), no_key=True).get(pk=found[1] or found[0])
    if idea.state not in ideas.PUBLIC:
        raise IdeaUnknown(code=code)
    if idea.state not in ideas.SUPPORTABLE:
        raise ideas.IdeaNotOpen(code=code)
    return idea


@transaction.atomic
def support_idea(code: str, *, actor: Actor, now: datetime) -> bool:
    """Count a person for an idea, once; return whether they were not counted before. Raises IdeaUnknown, IdeaNotOpen, NotAllowed."""
    account_id = _person(actor)
    idea = _supported(code)
    home_id = people.account_facts([account_id])[account_id].home_id
    _row, made = IdeaSupport.objects.get_or_create(
        idea=idea, account_id=account_id, defaults={"unit_id": home_id, "at": now}
    )
    return made


@transaction.atomic
def unsupport_idea(code: str, *, actor: Actor) -> bool:
    """Take one's support back; return whether there was one. Raises IdeaUnknown, IdeaNotOpen, NotAllowed."""
    account_id = _person(actor)
    idea = _supported(code)
    count, _by_model = IdeaSupport.objects.filter(idea=idea, account_id=account_id).delete()
    return bool(count)


@transaction.atomic
def forget_person(account_id: int) -> None:
    """Cut the tie between an erased account and its ideas.

    A published idea keeps its words, without an author; what was not public loses words, place and pictures. Supports go.
    """
    IdeaSupport.objects.filter(account_id=account_id).delete()
    mine = Idea.objects.select_for_update().filter(author_id=account_id)
    for idea in mine:
        idea.author_id, idea.author_name = None, ""
        if idea.state not in ideas.PUBLIC | {ideas.State.MERGED} or idea.published_at is None:
            idea.title, idea.words, idea.spot, idea.folded = "(đã xóa)", "(đã xóa)", "", ""
            idea.lat = idea.lon = None
            forget_pictures(list(idea.pictures.all()))
            if idea.state in {ideas.State.WAITING, ideas.State.RETURNED}:
                idea.state, idea.due_on = ideas.State.WITHDRAWN, None
        idea.save()
    IdeaStep.objects.filter(by_id=account_id).update(by=None)
