"""Who asks: the roles an account holds now, and their reach."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from smarthd.agencies.models import RoleGrant
from smarthd.agencies.selectors.agencies import IN_FORCE
from smarthd.agencies.selectors.values import GrantView
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor, Grant

_GRANTS = f"""
WITH RECURSIVE held AS (
  SELECT id, role, agency_id FROM agencies_rolegrant
  WHERE account_id = %(account)s AND valid_from <= %(now)s AND (valid_to IS NULL OR valid_to > %(now)s)
), reach(grant_id, agency_id) AS (
  SELECT id, agency_id FROM held
  UNION
  SELECT reach.grant_id, e.child_id FROM reach JOIN agencies_agencyedge e ON e.parent_id = reach.agency_id
  WHERE e.hierarchy = 'reporting' AND {IN_FORCE.format("e")}
)
SELECT held.role, held.agency_id, array_agg(reach.agency_id), a.kind
FROM held JOIN reach ON reach.grant_id = held.id JOIN agencies_agency a ON a.id = held.agency_id
GROUP BY held.id, held.role, held.agency_id, a.kind ORDER BY held.id
"""


def actor_for(
    account_id: int | None,
    now: datetime,
    second_factor: bool = False,  # noqa: FBT001, FBT002 - a fact of the session
    account_uid: UUID | None = None,
) -> Actor:
    """Return the actor behind an account with roles and their reach as of ``now``; one query. Nobody is ANONYMOUS."""
    if account_id is None:
        return Actor()
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, {"account": account_id, "now": now, "day": clock.day_of(now)})
        grants = tuple(
            Grant(role, agency_id, frozenset(reach), kind) for role, agency_id, reach, kind in cursor.fetchall()
        )
    return Actor(account_id=account_id, account_uid=account_uid, grants=grants, second_factor=second_factor)


def grants_at(agency_id: int, now: datetime) -> list[GrantView]:
    """Return the roles held at an agency now, oldest first."""
    rows = RoleGrant.objects.filter(agency_id=agency_id, valid_from__lte=now).exclude(valid_to__lte=now).order_by("id")
    return [
        GrantView(
            row.uid,
            row.account_id,
            row.agency_id,
            row.role,
            clock.day_of(row.valid_from),
            clock.day_of(row.valid_to) if row.valid_to else None,
        )
        for row in rows
    ]


def holders_of(role: str, agency_ids: list[int], now: datetime) -> dict[int, list[int]]:
    """Return account ids that hold a role at each of the agencies now (for reminders and tasks)."""
    held: dict[int, list[int]] = {}
    rows = RoleGrant.objects.filter(role=role, agency_id__in=agency_ids, valid_from__lte=now).exclude(valid_to__lte=now)
    for agency_id, account_id in rows.order_by("id").values_list("agency_id", "account_id"):
        held.setdefault(agency_id, []).append(account_id)
    return held
