"""Where official letters to an agency go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from smarthd.agencies import policies
from smarthd.agencies.errors import BadMailbox
from smarthd.agencies.models import Agency, AgencyMailbox
from smarthd.agencies.rules import mailboxes
from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


@transaction.atomic
def set_mailbox(agency_id: int, *, address: str, actor: Actor, now: datetime) -> AgencyMailbox:
    """Name an agency's official address; the one before stays as history. The same address again changes nothing."""
    agency = Agency.objects.select_for_update().get(pk=agency_id)
    require(policies.can_set_mailbox(actor, agency_id))
    cleaned = mailboxes.clean_address(address)
    if not cleaned:
        raise BadMailbox(fields={"address": "Không phải địa chỉ thư, ví dụ stttt@haiduong.gov.vn."})
    standing = AgencyMailbox.objects.filter(agency=agency, replaced_at=None).first()
    if standing is not None and standing.address == cleaned:
        return standing
    _end(standing, now)
    mailbox = AgencyMailbox.objects.create(agency=agency, address=cleaned, set_by_id=actor.account_id, set_at=now)
    audit.record(actor, "agencies.mailbox_set", agency, at=now)
    return mailbox


@transaction.atomic
def end_mailbox(agency_id: int, *, actor: Actor, now: datetime) -> None:
    """Send no more letters to an agency's address."""
    agency = Agency.objects.select_for_update().get(pk=agency_id)
    require(policies.can_set_mailbox(actor, agency_id))
    standing = AgencyMailbox.objects.filter(agency=agency, replaced_at=None).first()
    if standing is None:
        return  # there is none: what was wanted is so already
    _end(standing, now)
    audit.record(actor, "agencies.mailbox_ended", agency, at=now)


def _end(standing: AgencyMailbox | None, now: datetime) -> None:
    if standing is not None:
        standing.replaced_at = max(now, standing.set_at)
        standing.save(update_fields=["replaced_at"])
