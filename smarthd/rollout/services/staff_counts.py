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
launches AS (SELECT account_id, GREATEST(s, max(e) OVER w) AS day, e AS e60 FROM kept {window}),
uses AS (SELECT account_id, GREATEST(s, max(e) OVER w) AS day, e AS e28 FROM active {window})"""

_WINDOW = "WINDOW w AS (PARTITION BY account_id ORDER BY s, e ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
"""What earlier spells of the same person already cover is taken off each: a person is counted once, however spells overlap."""

_ROSTER = """
  SELECT leaf, f, t, ARRAY[{roster}] FROM seat
  UNION ALL"""

_EXTENTS = """
  SELECT leaf, GREATEST(installed_on, f), t, ARRAY[{installed}] FROM seat WHERE installed_on < t
  UNION ALL
  SELECT leaf, GREATEST(activated_on, f), t, ARRAY[{activated}] FROM seat WHERE activated_on < t
  UNION ALL
  SELECT leaf, GREATEST(l3, f), t, ARRAY[{level_3}] FROM seat WHERE l3 < t
  UNION ALL
  SELECT leaf, GREATEST(l5, f), t, ARRAY[{level_5}] FROM seat WHERE l5 < t
  UNION ALL
  SELECT leaf, GREATEST(day, f), LEAST(e60, t), ARRAY[{launched}] FROM seat JOIN launches USING (account_id)
  UNION ALL
  SELECT leaf, GREATEST(day, f, l3), LEAST(e60, t), ARRAY[{kept}] FROM seat JOIN launches USING (account_id) WHERE l3 IS NOT NULL
  UNION ALL
  SELECT leaf, GREATEST(day, f), LEAST(e28, t), ARRAY[{active}] FROM seat JOIN uses USING (account_id)
  UNION ALL
  SELECT leaf, GREATEST(day, f), LEAST(e28, t, l3), ARRAY[{early_3}] FROM seat JOIN uses USING (account_id)
  UNION ALL
  SELECT leaf, GREATEST(day, f), LEAST(e28, t, l5), ARRAY[{early_4}] FROM seat JOIN uses USING (account_id)"""

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


def _changes_sql(*, everyone: bool) -> str:
    """Return a WITH list ending in ``change(leaf, day, …)``: of all seats and the ledger, or of ``%(accounts)s`` without the roster."""
    arrays = {
        part: ", ".join(changes.get(column, "0") for column in metrics.STAFF) for part, changes in _CHANGES.items()
    }
    names = ", ".join(metrics.STAFF)
    signed = ", ".join(f"k * n[{place}]" for place in range(1, len(metrics.STAFF) + 1))
    sums = ", ".join(f"sum({name}) AS {name}" for name in metrics.STAFF)
    kept = (
        f"UNION ALL SELECT agency_id, GREATEST(day, %(first)s::date), {names} FROM rollout_staff_ledger"
        if everyone
        else ""
    )
    columns = ", ".join(f"n[{place}]" for place in range(1, len(metrics.STAFF) + 1))
    who = "TRUE" if everyone else "s.account_id = ANY(%(accounts)s)"
    spans = {"kept": rules.LAPSED_AFTER_DAYS, "active": rules.STAYS_ACTIVE_DAYS}
    return f"""WITH {_SEAT.format(who=who, window=_WINDOW, **spans)},
extent (leaf, s, e, n) AS ({((_ROSTER if everyone else "") + _EXTENTS).format(**arrays)}
),
edge AS (
  SELECT leaf, GREATEST(m.day, %(first)s::date) AS day, ARRAY[{signed}] AS n
  FROM extent CROSS JOIN LATERAL (VALUES (s, 1), (e, -1)) m(day, k) WHERE s < e
),
raw (leaf, day, {names}) AS (SELECT leaf, day, {columns} FROM edge {kept}),
change AS (SELECT leaf, day, {sums} FROM raw WHERE day <= %(last)s GROUP BY leaf, day)"""


def count_sql() -> str:
    """Return the INSERT of the counts of all days from ``%(first)s`` to ``%(last)s``; agencies without a roster are left out."""
    names = ", ".join(metrics.STAFF)
    running = ", ".join(f"(sum(c.{name}) OVER w)::int AS {name}" for name in metrics.STAFF)
    return f"""{_changes_sql(everyone=True)},
counted AS (
  SELECT g.day::date AS day, a.leaf, {running}
  FROM (SELECT DISTINCT leaf FROM change) a
  CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '1 day') g(day)
  LEFT JOIN change c ON c.leaf = a.leaf AND c.day = g.day
  WINDOW w AS (PARTITION BY a.leaf ORDER BY g.day)
)
INSERT INTO rollout_staff_day (day, agency_id, {names})
SELECT day, leaf, {names} FROM counted WHERE roster <> 0"""


def ledger_sql() -> str:
    """Return the statement that adds what ``%(accounts)s`` were on their rosters until ``%(until)s`` to the ledger."""
    names = ", ".join(metrics.STAFF)
    added = ", ".join(f"{name} = l.{name} + excluded.{name}" for name in metrics.STAFF)
    nothing = " AND ".join(f"{name} = 0" for name in metrics.STAFF)
    return f"""{_changes_sql(everyone=False)}
INSERT INTO rollout_staff_ledger AS l (day, agency_id, {names})
SELECT day, leaf, {names} FROM change WHERE NOT ({nothing})
ON CONFLICT (day, agency_id) DO UPDATE SET {added}"""
