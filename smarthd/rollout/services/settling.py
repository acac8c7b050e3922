"""A person's dates on the ladder, worked out anew from the raw rows; dates already reached are never taken back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from smarthd.rollout import rules


def _own(first: int, last: int) -> str:
    """Return the earliest of a person's own dates of use that lies so many days after activation: all that is known without day rows."""
    window = f"BETWEEN p.activated_on + {first} AND p.activated_on + {last}"
    return ", ".join(f"CASE WHEN p.{day} {window} THEN p.{day} END" for day in ("first_used_on", "last_used_on"))


_DATES = {
    "installed_on": "LEAST(i.opened_on, p.activated_on)",
    "first_used_on": "LEAST(p.first_used_on, d.first_used)",
    "last_used_on": "GREATEST(p.last_used_on, d.last_used)",
    "last_launch_on": "GREATEST(p.last_launch_on, d.last_launch)",
    "used_on": f"LEAST(p.used_on, d.used, {_own(0, rules.USED_WITHIN_DAYS - 1)})",
    "returned_on": f"LEAST(p.returned_on, d.returned, {_own(rules.RETURNED_FROM, rules.RETURNED_TO)})",
    "retained_on": f"LEAST(p.retained_on, d.retained, {_own(rules.RETAINED_FROM, rules.RETAINED_TO)})",
}

_SETTLE = f"""
UPDATE rollout_participant p SET {", ".join(f"{column} = {date}" for column, date in _DATES.items())}
FROM rollout_participant q
LEFT JOIN (SELECT account_id, min(opened_on) AS opened_on FROM rollout_install_state
           WHERE standalone AND account_id IS NOT NULL {{installs}} GROUP BY account_id) i USING (account_id)
LEFT JOIN (
  SELECT a.account_id, min(a.day) FILTER (WHERE acted) AS first_used, max(a.day) FILTER (WHERE acted) AS last_used,
    max(a.day) AS last_launch,
    min(a.day) FILTER (WHERE acted AND a.day BETWEEN s AND s + {rules.USED_WITHIN_DAYS - 1}) AS used,
    min(a.day) FILTER (WHERE acted AND a.day BETWEEN s + {rules.RETURNED_FROM} AND s + {rules.RETURNED_TO}) AS returned,
    min(a.day) FILTER (WHERE acted AND a.day BETWEEN s + {rules.RETAINED_FROM} AND s + {rules.RETAINED_TO}) AS retained
  FROM (SELECT a.account_id, a.day, a.actions <> 0 AS acted, w.activated_on AS s
        FROM rollout_activity_day a JOIN rollout_participant w USING (account_id) WHERE TRUE {{days}}) a
  GROUP BY a.account_id
) d USING (account_id)
WHERE p.account_id = q.account_id AND p.erased_on IS NULL {{persons}}
  AND ({", ".join(f"p.{column}" for column in _DATES)}) IS DISTINCT FROM ({", ".join(_DATES.values())})"""


def settle(account_ids: Iterable[int] | None = None) -> int:
    """Bring the dates of these accounts, or of all, in step with installs and days of use. Return how many changed.

    Commutative with everything that writes days: dates of a level only move towards their extreme. The day of installation is the
    first open of the installs the person owns, which may pass to another when that is heard of late.
    """
    ids = None if account_ids is None else list(account_ids)
    some = ids is not None
    statement = _SETTLE.format(
        installs="AND account_id = ANY(%(ids)s)" if some else "",
        days="AND a.account_id = ANY(%(ids)s)" if some else "",
        persons="AND p.account_id = ANY(%(ids)s)" if some else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": ids} if some else None)
        return int(cursor.rowcount)
