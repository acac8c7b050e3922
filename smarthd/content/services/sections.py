"""Keeping promises: what an agency promises about a kind of page, and reminding who answers for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.content import policies
from smarthd.content.models import Section
from smarthd.content.rules import freshness, kinds
from smarthd.content.selectors import freshness as reads
from smarthd.content.selectors.freshness import SectionRow
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.messaging import services as messaging

OWNERS = (Role.EDITOR, Role.HEAD, Role.DELEGATE)


@transaction.atomic
def keep_section(
    *,
    agency_id: int,
    kind: str,
    promise_days: int | None,
    two_steps: bool,
    owner_id: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Set what an agency promises about a kind, who answers for it, and how it is approved.

    Raises NotAllowed, and PromiseFaulty for an unknown kind, an unreasonable promise, or an owner who holds no role there.
    """
    require(bool(actor.system) or agency_id in policies.sections_kept(actor))
    faulty: dict[str, str] = {}
    if kind not in kinds.SECTION_WORDS:
        faulty["kind"] = "unknown"
    if promise_days is not None and not 1 <= promise_days <= freshness.LONGEST_DAYS:
        faulty["promise_days"] = "range"
    if owner_id is not None and owner_id not in owners_of(agency_id, now=now):
        faulty["owner"] = "elsewhere"
    if faulty:
        raise freshness.PromiseFaulty(fields=faulty)
    section, _made = Section.objects.select_for_update().get_or_create(agency_id=agency_id, kind=kind)
    section.promise_days, section.two_steps, section.owner_id = promise_days, two_steps, owner_id
    section.save()
    audit.record(actor, "content.section_kept", section, at=now, kind=kind, days=promise_days, two_steps=two_steps)


def owners_of(agency_id: int, *, now: datetime) -> list[int]:
    """Return the accounts that may answer for a section: editors and heads of the agency."""
    return sorted({grant.account_id for grant in agencies.grants_at(agency_id, now) if grant.role in OWNERS})


def remind_owners(*, now: datetime) -> int:
    """Tell who answers for each overdue section, once a week while it is overdue; without an owner, the agency's editors."""
    agency_ids = Section.objects.exclude(promise_days=None).values_list("agency_id", flat=True).distinct()
    on = clock.day_of(now)
    due = [
        row
        for row in reads.rows_of(agency_ids, now=now)
        if freshness.to_remind(stands=row.stand, reminded_on=row.reminded_on, on=on)
    ]
    return sum(_remind(row, now) for row in due)


@transaction.atomic
def _remind(row: SectionRow, now: datetime) -> bool:
    on = clock.day_of(now)
    section = Section.objects.select_for_update().get(agency_id=row.agency_id, kind=row.kind)
    if not freshness.to_remind(stands=row.stand, reminded_on=section.reminded_on, on=on):
        return False
    holders = owners_of(row.agency_id, now=now)
    told = [row.owner_id] if row.owner_id in holders else holders
    messaging.tell(
        [account_id for account_id in told if account_id is not None],
        kind="content",
        title=f"{row.kind_word} của {row.agency_name} đã quá hẹn cập nhật",
        body=_what(row),
        href=f"/can-bo/noi-dung/{row.agency_uid}/{row.kind}/",
        key=f"content.stale:{section.pk}:{on:%Y%m%d}",
        now=now,
    )
    section.reminded_on = on
    section.save(update_fields=["reminded_on"])
    return True


def _what(row: SectionRow) -> str:
    if row.kind in kinds.FLOWING:
        return f"Hẹn {row.promise_days} ngày có bài mới; bài gần nhất đăng ngày {row.since:%d/%m/%Y}."
    if row.kind == kinds.DIRECTORY:
        return f"{row.late} số, người phụ trách chưa được kiểm tra lại trong {row.promise_days} ngày đã hẹn."
    return f"{row.late} bài chưa được xem lại trong {row.promise_days} ngày đã hẹn."
