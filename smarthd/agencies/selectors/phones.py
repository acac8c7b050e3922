"""Telephone numbers of a roster, for the unit's head and delegate who call their own staff."""

from __future__ import annotations

from collections.abc import Iterable

from smarthd.agencies import phones, policies
from smarthd.agencies.models import Staff
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotAllowed


def staff_phones(actor: Actor, agency_id: int, staff_ids: Iterable[int]) -> dict[int, str]:
    """Return numbers (E.164) by staff id, of this roster only; who has none is absent. Raises NotAllowed. One query."""
    if not policies.can_see_staff_persons(actor, agency_id):
        raise NotAllowed(act="see_staff_phones")
    rows = Staff.objects.filter(agency_id=agency_id, id__in=list(staff_ids)).exclude(phone_sealed=None)
    return {pk: phones.unsealed(bytes(sealed)) for pk, sealed in rows.values_list("id", "phone_sealed") if sealed}
