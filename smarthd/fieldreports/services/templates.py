"""Frames of answers: kept by an agency for its own people, or by administrators for all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import CategoryUnknown, FieldReportFaulty, TemplateUnknown
from smarthd.fieldreports.models import AnswerTemplate, Category
from smarthd.fieldreports.rules import intake
from smarthd.fieldreports.services.answering import GAP
from smarthd.kernel import audit, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


@transaction.atomic
def add_template(
    *, agency_id: int | None, title: str, body: str, actor: Actor, now: datetime, category_key: str = ""
) -> AnswerTemplate:
    """Keep a frame. It must have a gap in [square brackets], so that nobody sends it as it stands."""
    require(policies.can_edit_rules(actor) if agency_id is None else policies.can_take_on_behalf(actor, agency_id))
    kept, named = intake.cleaned(body), text.nfc(title)
    problems = {}
    if not 3 <= len(named) <= 120:
        problems["title"] = "Đặt tên cho mẫu, nhiều nhất 120 chữ."
    if len(kept) < 20 or not GAP.search(kept):
        problems["body"] = "Mẫu cần ít nhất một chỗ trống trong [ngoặc vuông] để điền việc cụ thể."
    if problems:
        raise FieldReportFaulty(fields=problems)
    category = Category.objects.filter(key=category_key).first() if category_key else None
    if category_key and category is None:
        raise CategoryUnknown(key=category_key)
    row = AnswerTemplate.objects.create(agency_id=agency_id, category=category, title=named, body=kept)
    audit.record(actor, "fieldreports.template_added", row, at=now)
    return row


@transaction.atomic
def end_template(uid: UUID, *, actor: Actor, now: datetime) -> AnswerTemplate:
    """Take a frame out of use."""
    row = AnswerTemplate.objects.select_for_update().filter(uid=uid, ended_at=None).first()
    if row is None:
        raise TemplateUnknown
    own = row.agency_id is not None and policies.can_take_on_behalf(actor, row.agency_id)
    require(own or policies.can_edit_rules(actor))
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    audit.record(actor, "fieldreports.template_ended", row, at=now)
    return row
