"""Rosters as they were on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection

from smarthd.agencies.selectors.agencies import IN_FORCE
from smarthd.agencies.selectors.values import StaffView

_ROSTER = f"""
SELECT s.id, s.uid, s.agency_id, s.full_name, s.position, s.account_id,
  EXISTS (SELECT 1 FROM agencies_exemption x WHERE x.staff_id = s.id AND x.status IN ('approved', 'ended')
          AND {IN_FORCE.format("x")})
FROM agencies_staff s
WHERE s.agency_id = ANY(%(agencies)s) AND {IN_FORCE.format("s")}
ORDER BY s.agency_id, s.name_key, s.id
"""


def roster_on(agency_ids: Iterable[int], day: date) -> list[StaffView]:
    """Return the persons of the given agencies' own rosters on the day (not of those below); one query.

    For figures and for code that has asked a policy; a page shows persons through ``roster_for``.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROSTER, {"agencies": list(agency_ids), "day": day})
        return [StaffView(*row) for row in cursor.fetchall()]


_CHANGES = """
SELECT DISTINCT day FROM (
  SELECT s.valid_from, s.valid_to FROM agencies_staff s WHERE s.agency_id = ANY(%(agencies)s)
  UNION ALL
  SELECT x.valid_from, x.valid_to FROM agencies_exemption x JOIN agencies_staff s ON s.id = x.staff_id
  WHERE s.agency_id = ANY(%(agencies)s) AND x.status IN ('approved', 'ended')
) spans, LATERAL (VALUES (spans.valid_from), (spans.valid_to)) bounds(day)
WHERE day > %(after)s AND day <= %(until)s ORDER BY day
"""


def roster_changes(agency_ids: Iterable[int], *, after: date, until: date) -> list[date]:
    """Return the days after one day, up to another, on which any of the agencies' own rosters differs from the day before; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, {"agencies": list(agency_ids), "after": after, "until": until})
        return [row[0] for row in cursor.fetchall()]


def roster_sizes(agency_ids: Iterable[int], day: date) -> dict[int, int]:
    """Return how many persons each agency's own roster held on the day; agencies without any are absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.agency_id, count(*) FROM agencies_staff s WHERE s.agency_id = ANY(%(agencies)s) "
            f"AND {IN_FORCE.format('s')} GROUP BY 1",
            {"agencies": list(agency_ids), "day": day},
        )
        return dict(cursor.fetchall())


_ROSTERED = f"""
SELECT DISTINCT a.pk, s.agency_id
FROM unnest(%(accounts)s::bigint[], %(indexes)s::bytea[]) AS a(pk, phone_index)
JOIN agencies_staff s ON (s.account_id = a.pk OR s.account_id IS NULL AND s.phone_index = a.phone_index)
  AND {IN_FORCE.format("s")}
ORDER BY 1, 2
"""


def rosters_of(phone_indexes: Mapping[int, bytes | None], day: date) -> dict[int, list[int]]:
    """Return, by account, the agencies whose own roster holds its person on the day; one query.

    Known by the account, or by the telephone number until the two are linked (which waits for the app to be on a home screen).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _ROSTERED,
            {"accounts": list(phone_indexes), "indexes": list(phone_indexes.values()), "day": day},
        )
        found: dict[int, list[int]] = {}
        for account_id, agency_id in cursor.fetchall():
            found.setdefault(account_id, []).append(agency_id)
        return found


def officials_by_account(account_ids: Iterable[int], day: date) -> dict[int, str]:
    """Return "full name, position" of the accounts' persons on rosters of the day: to say who acted in office. One query.

    Accounts that are on no roster are absent; a citizen's name is never here.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (s.account_id) s.account_id, s.full_name, s.position FROM agencies_staff s "
            f"WHERE s.account_id = ANY(%(accounts)s) AND {IN_FORCE.format('s')} ORDER BY s.account_id, s.id",
            {"accounts": list(account_ids), "day": day},
        )
        return {pk: ", ".join(part for part in (name, position) if part) for pk, name, position in cursor.fetchall()}
