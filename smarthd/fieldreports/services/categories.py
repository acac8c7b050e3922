"""The tree of categories as data: seeded once, edited by administrators afterwards; nothing already reported changes its promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import CategoryFaulty, CategoryUnknown
from smarthd.fieldreports.models import Category, CategoryAttribute, Report
from smarthd.fieldreports.rules import attributes
from smarthd.fieldreports.rules import categories as shipped
from smarthd.fieldreports.rules.states import OPEN
from smarthd.kernel import audit, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require

_HOURS = ("intake_hours", "working_hours", "urgent_intake_hours", "urgent_hours")
_EDITABLE = {*_HOURS, "name", "hint", "words", "icon", "position", "radius_m", "sensitive", "dangerous"}


@transaction.atomic
def seed_categories(*, actor: Actor, now: datetime) -> int:
    """Put in the shipped categories that are not there yet; what was edited stays as it is. Return how many are new."""
    require(bool(actor.system))
    known = dict(Category.objects.values_list("key", "id"))
    made = 0
    for position, seed in enumerate(shipped.shipped()):
        if seed.key in known:
            continue
        row = Category.objects.create(
            key=seed.key,
            parent_id=known.get(seed.parent),
            name=seed.name,
            hint=seed.hint,
            words=seed.words,
            icon=seed.icon,
            position=position,
            intake_hours=seed.intake_hours,
            working_hours=seed.working_hours,
            urgent_intake_hours=seed.urgent_intake_hours,
            urgent_hours=seed.urgent_hours,
            radius_m=seed.radius_m,
            sensitive=seed.sensitive,
            dangerous=seed.dangerous,
        )
        known[seed.key] = row.pk
        made += 1
    return made


@dataclass(frozen=True, slots=True)
class NewCategory:
    """A category to add under a root, or as a root."""

    key: str
    name: str
    parent_key: str = ""
    hint: str = ""


@transaction.atomic
def add_category(new: NewCategory, *, actor: Actor, now: datetime) -> Category:
    """Add a category; its hours are those of its parent until they are changed."""
    require(policies.can_edit_rules(actor))
    name, key = text.nfc(new.name), text.slug(new.key or new.name)
    problems = {}
    if not 2 <= len(name) <= 100:
        problems["name"] = "Ghi tên lĩnh vực, nhiều nhất 100 chữ."
    if not key or Category.objects.filter(key=key).exists():
        problems["key"] = "Khóa này trống hoặc đã có lĩnh vực khác dùng."
    parent = Category.objects.filter(key=new.parent_key, ended_at=None).first() if new.parent_key else None
    if new.parent_key and (parent is None or parent.parent_id is not None):
        problems["parent"] = "Chỉ xếp vào một nhóm ở cấp thứ nhất."
    if problems:
        raise CategoryFaulty(fields=problems)
    hours = {hour: getattr(parent, hour) for hour in _HOURS} if parent else {}
    row = Category.objects.create(
        key=key, name=name, hint=text.nfc(new.hint)[:300], parent=parent, position=Category.objects.count(), **hours
    )
    audit.record(actor, "fieldreports.category_added", row, at=now, key=key)
    return row


@transaction.atomic
def change_category(key: str, changes: Mapping[str, Any], *, actor: Actor, now: datetime) -> Category:
    """Change a category's words, hours, radius; reports already taken in keep the promise they were given."""
    require(policies.can_edit_rules(actor))
    row = _locked(key)
    unknown = set(changes) - _EDITABLE
    problems = dict.fromkeys(unknown, "Mục này không sửa được.")
    for name in _HOURS:
        if name in changes and not 0 < float(changes[name]) <= 2_000:
            problems[name] = "Số giờ làm việc phải lớn hơn 0."
    if "name" in changes and not 2 <= len(text.nfc(str(changes["name"]))) <= 100:
        problems["name"] = "Ghi tên lĩnh vực, nhiều nhất 100 chữ."
    if problems:
        raise CategoryFaulty(fields=problems)
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, text.nfc(value) if isinstance(value, str) else value)
    row.save()
    audit.record(actor, "fieldreports.category_changed", row, at=now, before=before, after=dict(changes))
    return row


@transaction.atomic
def end_category(key: str, *, actor: Actor, now: datetime) -> Category:
    """Take a category out of use once nothing open is in it; its reports keep it."""
    require(policies.can_edit_rules(actor))
    row = _locked(key)
    if Category.objects.filter(parent=row, ended_at=None).exists():
        raise CategoryFaulty(fields={"key": "Còn lĩnh vực nằm trong nhóm này."})
    if Report.objects.filter(category=row, state__in=list(OPEN)).exists():
        raise CategoryFaulty(fields={"key": "Còn phản ánh đang xử lý trong lĩnh vực này, xin đính chính chúng trước."})
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    audit.record(actor, "fieldreports.category_ended", row, at=now)
    return row


@transaction.atomic
def set_questions(key: str, questions: Sequence[attributes.Question], *, actor: Actor, now: datetime) -> int:
    """Replace the further questions of a category; answers already given stay with their reports."""
    require(policies.can_edit_rules(actor))
    row = _locked(key)
    codes = [question.code for question in questions]
    lists = {attributes.Datatype.SINGLE, attributes.Datatype.MULTI}
    if len(codes) != len(set(codes)) or any(
        not one.code or not one.description or (one.datatype in lists) != bool(one.values) for one in questions
    ):
        raise CategoryFaulty(
            fields={"questions": "Mỗi câu cần mã riêng, câu hỏi, và danh sách lựa chọn nếu là câu chọn."}
        )
    CategoryAttribute.objects.filter(category=row).delete()
    CategoryAttribute.objects.bulk_create(
        CategoryAttribute(
            category=row,
            code=one.code,
            datatype=one.datatype,
            required=one.required,
            variable=one.variable,
            description=text.nfc(one.description)[:200],
            values=[list(pair) for pair in one.values],
            position=position,
        )
        for position, one in enumerate(questions)
    )
    audit.record(actor, "fieldreports.questions_set", row, at=now, codes=codes)
    return len(questions)


def _locked(key: str) -> Category:
    row = Category.objects.select_for_update(of=("self",)).filter(key=key).first()
    if row is None:
        raise CategoryUnknown(key=key)
    return row
