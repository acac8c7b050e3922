"""Where official letters to agencies go."""

from __future__ import annotations

from collections.abc import Iterable

from smarthd.agencies.models import AgencyMailbox


def mailboxes_of(agency_ids: Iterable[int]) -> dict[int, str]:
    """Return the official e-mail address of each agency that has one. One query."""
    rows = AgencyMailbox.objects.filter(agency_id__in=list(agency_ids), replaced_at=None)
    return dict(rows.values_list("agency_id", "address"))
