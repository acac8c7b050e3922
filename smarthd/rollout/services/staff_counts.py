"""The SQL that counts staff by day and agency. A seat on a roster is a spell; the rest is as in ``citizen_counts``.

Compliance rests on level and date only: beside the days of use of those who agreed to their recording, a person's own dates on
the ladder serve as days, and the spells kept of those who did not agree. "Used" is a level of at least 3 and not lapsed: from L3 on each launch carries it for 60 days; before, a day
of use carries it for 28 (that is L4).
"""

from __future__ import annotations

from smarthd.rollout import rules
from smarthd.rollout.rules import metrics

_SEAT = """
seat AS MATERIALIZED (
  SELECT s.agency_id AS leaf, s.exempt::int AS x, (NOT s.exempt)::int AS net, s.valid_from AS f,
    LEAST(s.valid_to, %(until)s::date) AS t,
    p.account_id, p.installed_on, p.activated_on, p.retained_on AS l5, LEAST(p.used_on, p.retained_on) AS l3,
    p.first_used_on, p.used_on, p.last_used_on, p.last_launch_on, p.active_during, p.kept_during
  FROM rollout_staff_seat s
  LEFT JOIN rollout_participant p ON p.account_id = s.account_id
    AND p.erased_on IS NULL AND NOT p.is_test AND NOT p.quarantined
  WHERE s.valid_from <= %(last)s AND {who}
),
staff AS (SELECT DISTINCT account_id, activated_on, first_used_on, used_on, last_used_on, l5, last_launch_on, active_during, kept_during
          FROM seat WHERE activated_on <= %(last)s),
known AS (
  SELECT a.account_id, a.day, a.actions <> 0 AS acted FROM rollout_activity_day a JOIN staff s USING (account_id)
  WHERE a.day BETWEEN s.activated_on AND %(last)s AND a.day > %(first)s::date - 60
  UNION ALL
  SELECT s.account_id, d.day, d.acted FROM staff s CROSS JOIN LATERAL (VALUES
    (s.activated_on, FALSE), (s.last_launch_on, FALSE), (s.first_used_on, TRUE), (s.used_on, TRUE), (s.last_used_on, TRUE),
    (s.l5, TRUE)) d(day, acted)
  WHERE d.day BETWEEN s.activated_on AND %(last)s
),
kept (account_id, s, e) AS (
  SELECT account_id, day, day + {kept} FROM known
  UNION ALL SELECT account_id, lower(r), upper(r) FROM staff, unnest(kept_during) r WHERE lower(r) <= %(last)s
),
active (account_id, s, e) AS (
  SELECT account_id, day, day + {active} FROM known WHERE acted
  UNION ALL SELECT account_id, lower(r), upper(r) FROM staff, unnest(active_during) r WHERE lower(r) <= %(last)s
),
launch_gaps AS (SELECT account_id, s, e, s > max(e) OVER {earlier} AS late FROM kept),
launches AS (SELECT account_id, min(s) AS day, max(e) AS e60
             FROM (SELECT account_id, s, e, count(*) FILTER (WHERE late) OVER {so_far} AS run FROM launch_gaps) r
             GROUP BY account_id, run),
use_gaps AS (SELECT account_id, s, e, s > max(e) OVER {earlier} AS late FROM active),
uses AS (SELECT account_id, min(s) AS day, max(e) AS e28
         FROM (SELECT account_id, s, e, count(*) FILTER (WHERE late) OVER {so_far} AS run FROM use_gaps) r
         GROUP BY account_id, run)"""
"""Spells that touch or overlap are one run: a person is counted once, however spells overlap."""

_SO_FAR = "(PARTITION BY account_id ORDER BY s, e ROWS UNBOUNDED PRECEDING)"
_EARLIER = "(PARTITION BY account_id ORDER BY s, e ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"

_ROSTER = """
  SELECT 'roster', leaf, f, t, x, net FROM seat
  UNION ALL"""

_EXTENTS = """
  SELECT 'installed', leaf, GREATEST(installed_on, f), t, x, net FROM seat WHERE installed_on < t
  UNION ALL
  SELECT 'activated', leaf, GREATEST(activated_on, f), t, x, net FROM seat WHERE activated_on < t
  UNION ALL
  SELECT 'level_3', leaf, GREATEST(l3, f), t, x, net FROM seat WHERE l3 < t
  UNION ALL
  SELECT 'level_5', leaf, GREATEST(l5, f), t, x, net FROM seat WHERE l5 < t
  UNION ALL
  SELECT 'launched', leaf, GREATEST(day, f), LEAST(e60, t), x, net FROM seat JOIN launches USING (account_id)
  UNION ALL
  SELECT 'kept', leaf, GREATEST(day, f, l3), LEAST(e60, t), x, net FROM seat JOIN launches USING (account_id)
  WHERE l3 IS NOT NULL
  UNION ALL
  SELECT 'active', leaf, GREATEST(day, f), LEAST(e28, t), x, net FROM seat JOIN uses USING (account_id)
  UNION ALL
  SELECT 'early_3', leaf, GREATEST(day, f), LEAST(e28, t, l3), x, net FROM seat JOIN uses USING (account_id)
  UNION ALL
  SELECT 'early_4', leaf, GREATEST(day, f), LEAST(e28, t, l5), x, net FROM seat JOIN uses USING (account_id)"""

_CHANGES: dict[str, dict[str, str]] = {
    "roster": {"roster": "1", "exempt": "x"},
    "installed": {"installed": "1"},
    "activated": {"activated": "1", "activated_net": "net", "lapsed": "1"},
    "level_3": {"reached_3": "1"},
    "level_5": {"reached_4": "1", "retained": "1"},
    "launched": {"lapsed": "-1"},
    "kept": {"used": "1", "used_net": "net"},
    "active": {"active_28": "1", "active_28_net": "net"},
    "early_3": {"reached_3": "1", "used": "1", "used_net": "net"},
    "early_4": {"reached_4": "1"},
}


def _sum_of(column: str) -> str:
    """Return the sum of a column over edges: each part that touches it, entering (k = 1) or leaving (k = -1)."""
    touching = {part: changes[column] for part, changes in _CHANGES.items() if column in changes}
    parts = ", ".join(f"'{part}'" for part in touching)
    amount = "CASE part " + " ".join(f"WHEN '{part}' THEN {value}" for part, value in touching.items()) + " END"
    value = next(iter(touching.values())) if len(set(touching.values())) == 1 else amount
    return f"COALESCE(sum(k * {value}) FILTER (WHERE part IN ({parts})), 0)::int AS {column}"


def _changes_sql(*, everyone: bool) -> str:
    """Return a WITH list ending in ``change(leaf, day, …)``: of all seats and the ledger, or of ``%(accounts)s`` without the roster."""
    names = ", ".join(metrics.STAFF)
    sums = ", ".join(f"sum({name})::int AS {name}" for name in metrics.STAFF)
    kept = (
        f"UNION ALL SELECT agency_id, GREATEST(day, %(first)s::date), {names} FROM rollout_staff_ledger"
        if everyone
        else ""
    )
    who = "TRUE" if everyone else "s.account_id = ANY(%(accounts)s)"
    spans = {"kept": rules.LAPSED_AFTER_DAYS, "active": rules.STAYS_ACTIVE_DAYS, "so_far": _SO_FAR, "earlier": _EARLIER}
    return f"""WITH {_SEAT.format(who=who, **spans)},
extent (part, leaf, s, e, x, net) AS ({(_ROSTER if everyone else "") + _EXTENTS}
),
edge AS (
  SELECT part, leaf, GREATEST(m.day, %(first)s::date) AS day, k, x, net
  FROM extent CROSS JOIN LATERAL (VALUES (s, 1), (e, -1)) m(day, k)
  WHERE s < e AND e > %(first)s  -- what ended before the first day would be counted in and out on it
),
raw (leaf, day, {names}) AS (
  SELECT leaf, day, {", ".join(_sum_of(column) for column in metrics.STAFF)} FROM edge WHERE day <= %(last)s GROUP BY leaf, day
  {kept}
),
change AS (SELECT leaf, day, {sums} FROM raw WHERE day <= %(last)s GROUP BY leaf, day)"""


def count_sql() -> str:
    """Return the INSERT of the counts of all days from ``%(first)s`` to ``%(last)s``; agencies without a roster are left out."""
    names = ", ".join(metrics.STAFF)
    running = ", ".join(f"(sum(c.{name}) OVER w)::int AS {name}" for name in metrics.STAFF)
    return f"""{_changes_sql(everyone=True)},
told AS (
  SELECT leaf, day, lead(day, 1, %(last)s::date + 1) OVER w AS until, {running} FROM change c WINDOW w AS (PARTITION BY leaf ORDER BY day)
)
INSERT INTO rollout_staff_day (day, agency_id, {names})
SELECT day + generate_series(0, until - day - 1), leaf, {names} FROM told WHERE roster <> 0"""


def ledger_sql() -> str:
    """Return the statement that adds what ``%(accounts)s`` were on their rosters until ``%(until)s`` to the ledger."""
    names = ", ".join(metrics.STAFF)
    added = ", ".join(f"{name} = l.{name} + excluded.{name}" for name in metrics.STAFF)
    nothing = " AND ".join(f"{name} = 0" for name in metrics.STAFF)
    return f"""{_changes_sql(everyone=False)}
INSERT INTO rollout_staff_ledger AS l (day, agency_id, {names})
SELECT day, leaf, {names} FROM change WHERE NOT ({nothing})
ON CONFLICT (day, agency_id) DO UPDATE SET {added}"""
