"""Writing a warning: a new one, a change of it, one that updates or cancels what is in force; handing it in for approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.agencies import selectors as agencies
from smarthd.alerts import policies
from smarthd.alerts.errors import AlertFaulty, AlertMovedOn, BeyondArea, StaleAlert
from smarthd.alerts.events import AlertSubmitted
from smarthd.alerts.models import Alert
from smarthd.alerts.rules import states, templates
from smarthd.alerts.rules.messages import Kind, Response
from smarthd.alerts.rules.states import State
from smarthd.alerts.selectors import ground
from smarthd.alerts.services import content, steps
from smarthd.alerts.values import Draft
from smarthd.kernel import clock, events
from smarthd.kernel.actor import Actor
from smarthd.kernel.ids import spoken_code, uuid7
from smarthd.kernel.moves import IllegalMove
from smarthd.kernel.policies import require
from smarthd.places import selectors as places


@transaction.atomic
def compose(draft: Draft, *, agency_id: int, actor: Actor, now: datetime, from_source: str = "") -> Alert:
    """Begin a warning. Communes a drawn polygon touches are added to those chosen. Raises NotAllowed, BeyondArea, AlertFaulty."""
    require(policies.can_write(actor, agency_id), act="compose")
    view = agencies.agency_view(agency_id, clock.day_of(now))
    alert = Alert(
        code=_code(),
        incident=uuid7(),
        agency_id=agency_id,
        sender_name=view.name,
        kind=Kind.ALERT,
        drafted_at=now,
        from_source=from_source,
    )
    return _keep(alert, draft, "composed", actor=actor, now=now)


@transaction.atomic
def edit(uid: UUID, draft: Draft, *, version: int, actor: Actor, now: datetime) -> Alert:
    """Write a draft, or one sent back, anew. ``version`` is the one the writer saw: another means a colleague was faster."""
    alert = steps.lock(uid)
    require(policies.can_write(actor, alert.agency_id), act="edit")
    if State(alert.state) not in states.EDITABLE:
        raise IllegalMove(move="edit", state=alert.state)
    if alert.version != version:
        raise StaleAlert
    alert.version += 1
    return _keep(alert, _within_incident(alert, draft), "edited", actor=actor, now=now)


def _within_incident(alert: Alert, draft: Draft) -> Draft:
    """A change of a warning stays what it was: a drill stays a drill, and everybody who was told hears of the change.

    An update may reach further, never less far: who was warned and is left out would go on believing the old words.
    """
    if alert.replaces is None:
        return draft
    before = alert.replaces
    kept = replace(draft, status=content.draft_of(before).status, testers=tuple(before.testers))
    if alert.kind == Kind.CANCEL:
        return replace(kept, communes=tuple(before.communes), ring=tuple((p[0], p[1]) for p in before.ring or ()))
    return replace(kept, communes=tuple({*before.communes, *draft.communes}))


def _keep(alert: Alert, draft: Draft, act: str, *, actor: Actor, now: datetime) -> Alert:
    drawn = ground.communes_touched(draft.ring, clock.day_of(now)) if draft.ring else ()
    problem = content.put(alert, replace(draft, communes=(*draft.communes, *drawn)))
    if problem:
        raise AlertFaulty(fields={"ring": problem})
    _check_area(alert, now)
    steps.put_hand(alert, actor)
    steps.write(alert, act, actor=actor, at=now)
    return alert


def _check_area(alert: Alert, now: datetime) -> None:
    day = clock.day_of(now)
    standing = {unit.id: unit for unit in places.units_on(day, "commune")}
    if unknown := [unit for unit in alert.communes if unit not in standing]:
        raise AlertFaulty(fields={"communes": f"Có {len(unknown)} nơi không còn trong danh mục. Xin chọn lại."})
    allowed = ground.communes_of_agency(alert.agency_id, day)
    beyond = [standing[unit].full_name for unit in alert.communes if allowed is not None and unit not in allowed]
    if beyond:
        raise BeyondArea(names=", ".join(beyond[:5]))


def _code() -> str:
    while True:
        code = f"CB-{spoken_code(6)}"
        if not Alert.objects.filter(code=code).exists():
            return code


@transaction.atomic
def draft_change(uid: UUID, *, kind: Kind, expires_at: datetime | None = None, actor: Actor, now: datetime) -> Alert:
    """Begin an update or a cancellation of what is in force, with its words to begin from; one begun already is returned."""
    before = steps.lock(uid)
    require(policies.can_write(actor, before.agency_id), act="change")
    if State(before.state) is not State.ISSUED or before.expires_at <= now or before.kind == Kind.CANCEL:
        raise AlertMovedOn
    begun = before.followers.filter(kind=kind, state__in=[*states.EDITABLE, State.PENDING]).first()
    if begun is not None:
        return begun
    draft = content.draft_of(before)
    if kind is Kind.CANCEL:
        words = templates.ALL_CLEAR
        draft = replace(
            draft,
            headline_vi=words.vi.headline,
            description_vi=words.vi.description,
            instruction_vi=words.vi.instruction,
            headline_en=words.en.headline,
            description_en=words.en.description,
            instruction_en=words.en.instruction,
            responses=(Response.ALL_CLEAR,),
        )
    draft = replace(draft, effective_at=now, expires_at=expires_at or max(before.expires_at, now))
    alert = Alert(
        code=_code(),
        incident=before.incident,
        replaces=before,
        agency_id=before.agency_id,
        sender_name=before.sender_name,
        kind=kind,
        drafted_at=now,
    )
    return _keep(alert, draft, "composed", actor=actor, now=now)


@transaction.atomic
def submit(uid: UUID, *, version: int, actor: Actor, now: datetime) -> Alert:
    """Hand a warning in for approval. Raises AlertFaulty with everything that is not right, by field."""
    alert = steps.lock(uid)
    require(policies.can_write(actor, alert.agency_id), act="submit")
    if alert.version != version:
        raise StaleAlert
    state = states.SUBMIT.apply(State(alert.state))
    if wrong := content.problems(alert, now=now):
        raise AlertFaulty(fields=wrong)
    if alert.replaces is not None and alert.replaces.state != State.ISSUED:
        raise AlertMovedOn
    alert.state, alert.submitted_at, alert.returned_fields = state, now, {}
    steps.put_hand(alert, actor)
    steps.write(alert, "submitted", actor=actor, at=now, content=alert.content_hash)
    events.announce(AlertSubmitted(alert_uid=alert.uid, at=now))
    return alert


@transaction.atomic
def recall(uid: UUID, *, actor: Actor, now: datetime) -> Alert:
    """Take a warning back from approval to change it."""
    alert = steps.lock(uid)
    require(policies.can_write(actor, alert.agency_id), act="recall")
    alert.state = states.RECALL.apply(State(alert.state))
    alert.version += 1
    steps.write(alert, "recalled", actor=actor, at=now)
    return alert


@transaction.atomic
def drop(uid: UUID, *, actor: Actor, now: datetime) -> Alert:
    """Give a draft up; it stays in the history."""
    alert = steps.lock(uid)
    require(policies.can_write(actor, alert.agency_id), act="drop")
    alert.state, alert.ended_at = states.DROP.apply(State(alert.state)), now
    steps.write(alert, "dropped", actor=actor, at=now)
    return alert
