"""Frames of answers an official may begin from."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from smarthd.fieldreports import policies
from smarthd.fieldreports.models import AnswerTemplate
from smarthd.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class TemplateView:
    """One frame, its gaps in [square brackets]."""

    uid: UUID
    title: str
    body: str
    shared: bool


def templates_for(actor: Actor, category_key: str = "") -> list[TemplateView]:
    """Return the frames of the actor's agencies and those for all, of a category or of any."""
    own = Q(agency_id__in=sorted(policies.works_at(actor))) | Q(agency=None)
    found = AnswerTemplate.objects.filter(own, ended_at=None).filter(
        Q(category=None) | Q(category__key=category_key) | Q(category__children__key=category_key)
    )
    return [
        TemplateView(row.uid, row.title, row.body, shared=row.agency_id is None)
        for row in found.distinct().order_by("agency_id", "title")
    ]
