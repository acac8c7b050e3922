"""The drafting unit answers what people said of its draft, group by group, and publishes the table once the consultation is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.content import policies
from smarthd.content.models.opinions import OpinionGroup
from smarthd.content.models.surveys import Survey
from smarthd.content.rules import kinds, opinions, surveys
from smarthd.content.selectors import opinions as reads
from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group of opinions with its answer; ``people`` is how many of those who wrote say so."""

    paragraph: int | None
    summary: str
    people: int
    stand: opinions.Stand
    answer: str


def _held(survey_id: int, actor: Actor) -> Survey:
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    require(bool(actor.system) or policies.can_write(actor, survey))
    if survey.explained_at is not None:
        raise opinions.ExplainedAlready(uid=str(survey.uid))
    if not survey.draft_text or survey.state == surveys.State.DRAFT:
        raise opinions.NotExplained(uid=str(survey.uid))
    return survey


@transaction.atomic
def add_group(survey_id: int, new: NewGroup, *, actor: Actor, now: datetime) -> OpinionGroup:
    """Write down a group and its answer. Raises NotAllowed, OpinionFaulty, ExplainedAlready, NotExplained where nothing is consulted on."""
    survey = _held(survey_id, actor)
    summary, answer = kinds.tidy(new.summary), kinds.tidy(new.answer)
    faults = opinions.group_faults(
        paragraph=new.paragraph,
        paragraphs=len(survey.paragraphs),
        summary=summary,
        answer=answer,
        people=new.people,
        said=reads.said_of(survey, new.paragraph),
    )
    if faults:
        raise opinions.OpinionFaulty(fields=faults)
    group = OpinionGroup.objects.create(
        survey=survey,
        paragraph=new.paragraph,
        summary=summary,
        people=new.people,
        stand=new.stand,
        answer=answer,
        written_by_id=actor.account_id,
        written_at=now,
    )
    audit.record(actor, "content.opinion_grouped", survey, at=now, paragraph=new.paragraph or 0)
    return group


@transaction.atomic
def drop_group(survey_id: int, uid: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a group away before the table is published; one that is not there is no fault."""
    survey = _held(survey_id, actor)
    survey.groups.filter(uid=uid).delete()
    audit.record(actor, "content.opinion_group_dropped", survey, at=now)


@transaction.atomic
def publish_explanation(survey_id: int, *, actor: Actor, now: datetime) -> None:
    """Publish the table of answers, by who may answer for the agency and only once nobody is asked any more.

    Raises NotAllowed, NotExplained, ExplainedAlready.
    """
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    require(bool(actor.system) or survey.agency_id in policies.agencies_answered_for(actor))
    if survey.explained_at is not None:
        raise opinions.ExplainedAlready(uid=str(survey.uid))
    state = surveys.state_at(survey.state, closes_at=survey.closes_at, now=now)
    if state is not surveys.State.CLOSED or not survey.groups.exists():
        raise opinions.NotExplained(uid=str(survey.uid))
    survey.explained_at = now
    survey.save(update_fields=["explained_at"])
    audit.record(actor, "content.opinions_explained", survey, at=now)
