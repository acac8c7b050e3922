"""Routing rules as data: added with their time, ended by a day, never deleted; what reports went by them stays told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from smarthd.agencies import selectors as agencies
from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import RuleClash, RuleFaulty, RuleUnknown
from smarthd.fieldreports.models import Category, RoutingRule
from smarthd.fieldreports.rules.routing import Hours, Target
from smarthd.kernel import audit, clock, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule to add: at this place (None: anywhere), for this category (empty: any), at these hours, who answers."""

    name: str
    valid_from: date
    valid_to: date | None = None
    place_id: int | None = None
    category_key: str = ""
    hours: Hours = Hours.ALWAYS
    target: Target = Target.AGENCY
    agency_id: int | None = None
    note: str = ""


@transaction.atomic
def add_rule(new: NewRule, *, actor: Actor, now: datetime) -> RoutingRule:
    """Add a rule. Another of the same place, category and hours in force in that time is refused by name."""
    require(policies.can_edit_rules(actor))
    category = _checked(new)
    try:
        with transaction.atomic():
            row = RoutingRule.objects.create(
                name=text.nfc(new.name)[:150],
                place_id=new.place_id,
                category=category,
                hours=new.hours,
                target=new.target,
                agency_id=new.agency_id,
                valid_from=new.valid_from,
                valid_to=new.valid_to,
                note=text.nfc(new.note)[:300],
                made_by=actor.account_id,
                made_at=now,
            )
    except IntegrityError as problem:
        if "routing_no_clash" not in str(problem):
            raise
        clash = _clashing(new, category)
        raise RuleClash(name=clash.name if clash else "", uid=str(clash.uid) if clash else "") from None
    audit.record(actor, "fieldreports.rule_added", row, at=now, rule=row.name)
    return row


def _checked(new: NewRule) -> Category | None:
    problems = {}
    if len(text.nfc(new.name)) < 3:
        problems["name"] = "Đặt tên cho quy tắc, ví dụ: Đèn đường do Sở Xây dựng."
    if new.valid_to is not None and new.valid_to <= new.valid_from:
        problems["valid_to"] = "Ngày hết hiệu lực phải sau ngày bắt đầu."
    if (new.target is Target.AGENCY) != (new.agency_id is not None):
        problems["agency"] = "Chọn cơ quan nhận, hoặc chọn Ủy ban nhân dân nơi xảy ra."
    if new.agency_id is not None and not agencies.agency_views([new.agency_id], new.valid_from):
        problems["agency"] = "Cơ quan này không hoạt động vào ngày bắt đầu hiệu lực."
    if new.place_id is not None and not places.views([new.place_id], new.valid_from)[new.place_id].standing:
        problems["place"] = "Đơn vị hành chính này không có vào ngày bắt đầu hiệu lực."
    category = Category.objects.filter(key=new.category_key, ended_at=None).first() if new.category_key else None
    if new.category_key and category is None:
        problems["category"] = "Không có lĩnh vực này."
    if problems:
        raise RuleFaulty(fields=problems)
    return category


def _clashing(new: NewRule, category: Category | None) -> RoutingRule | None:
    rows = RoutingRule.objects.filter(place_id=new.place_id, category=category, hours=new.hours)
    if new.valid_to is not None:
        rows = rows.filter(valid_from__lt=new.valid_to)
    return rows.exclude(valid_to__lte=new.valid_from).order_by("valid_from").first()


@transaction.atomic
def end_rule(uid: UUID, *, on: date, actor: Actor, now: datetime) -> RoutingRule:
    """End a rule on a day (exclusive). A day already past is refused: where reports went is not rewritten."""
    require(policies.can_edit_rules(actor))
    row = RoutingRule.objects.select_for_update().filter(uid=uid).first()
    if row is None:
        raise RuleUnknown
    if on <= row.valid_from or on < clock.day_of(now) or (row.valid_to is not None and on > row.valid_to):
        raise RuleFaulty(fields={"valid_to": "Ngày hết hiệu lực từ hôm nay trở đi và sau ngày bắt đầu."})
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    audit.record(actor, "fieldreports.rule_ended", row, at=now, on=on.isoformat())
    return row
