"""Agencies in the succession of others: whose past a present reach covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import connection

from smarthd.agencies.models import AgencyLineage
from smarthd.agencies.selectors.agencies import IN_FORCE

_ENDED = f"""
SELECT a.id, (SELECT e.parent_id FROM agencies_agencyedge e WHERE e.child_id = a.id AND e.hierarchy = 'reporting'
  ORDER BY e.valid_from DESC LIMIT 1)
FROM agencies_agency a
WHERE NOT EXISTS (SELECT 1 FROM agencies_agencyversion v WHERE v.agency_id = a.id AND {IN_FORCE.format("v")})
"""


def with_predecessors(reach: Iterable[int], day: date) -> frozenset[int]:
    """Return a reach of a day with all agencies it stands in the succession of; two queries.

    An agency that ended is covered by whoever covers all its heirs; one that ended without an heir (a district's committee on
    1/7/2025) by whoever covers its last superior, or that one's heirs. A part of a divided agency covers nothing of the whole.
    """
    covered = frozenset(reach)
    if not covered:
        return covered
    heirs: dict[int, set[int]] = defaultdict(set)
    passed = AgencyLineage.objects.filter(staff_share__gt=0, to_agency__isnull=False, event__effective_on__lte=day)
    for source, target in passed.values_list("from_agency_id", "to_agency_id"):
        heirs[source].add(target)
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, {"day": day})
        superiors = dict(cursor.fetchall())
    settled = dict.fromkeys(covered, True)

    def covers(agency_id: int | None) -> bool:
        if agency_id is None:
            return False
        if agency_id not in settled:
            settled[agency_id] = False  # a circle of papers covers nobody
            if agency_id in superiors:
                settled[agency_id] = all(map(covers, heirs[agency_id] or {superiors[agency_id]}))
        return settled[agency_id]

    return covered | {agency_id for agency_id in superiors if covers(agency_id)}
