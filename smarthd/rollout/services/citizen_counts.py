"""The SQL that counts citizens by day and atom, for any range of days, from the raw rows.

Every count is a sum of changes: +1 on the day a person enters it, −1 on the day they leave it. Rolling windows are changes too: one
day of use keeps a person counted until the window ends or the next day of use takes over, so a person is in a window once, however
often they came. Changes before the first day fall on it; running sums over the days give the counts. One statement, no loop.
"""

from __future__ import annotations

from smarthd.rollout.rules import metrics
from smarthd.rollout.rules.airings import CODE_PREFIX

ROLLING = ("active_1", "active_7", "active_28", "active_30", "reached_3", "reached_4")
_ENDS = ("e1", "e7", "e28", "e30", "x3", "x4")
_FACTS = "activated_on, used_on, returned_on, retained_on, installed_on, team_code, is_test, quarantined"

_SPELL = f"""
spell AS MATERIALIZED (
  SELECT account_id, home_id AS atom, DATE '1900-01-01' AS f, DATE 'infinity' AS t, {_FACTS}
  FROM rollout_participant p WHERE erased_on IS NULL AND NOT moved AND {{who}}
  UNION ALL
  SELECT p.account_id, r.atom_id, r.f, r.t, {_FACTS}
  FROM rollout_participant p
  JOIN (SELECT account_id, atom_id,
          CASE WHEN row_number() OVER w = 1 THEN DATE '1900-01-01' ELSE said_on END AS f,
          lead(said_on, 1, DATE 'infinity') OVER w AS t
        FROM rollout_residence WINDOW w AS (PARTITION BY account_id ORDER BY said_on)) r USING (account_id)
  WHERE p.erased_on IS NULL AND p.moved AND {{who}}
)"""

_MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("s.installed_on", ("installed",)),
    ("s.activated_on", ("activated",)),
    (
        f"CASE WHEN s.team_code <> '' AND NOT starts_with(s.team_code, '{CODE_PREFIX}') THEN s.activated_on END",
        ("assisted",),
    ),
    ("s.used_on", ("used",)),
    ("LEAST(s.used_on, s.retained_on)", ("reached_3",)),
    ("s.retained_on", ("reached_4", "retained")),
    ("s.activated_on + 7", ("aged_7",)),
    ("CASE WHEN s.used_on IS NOT NULL THEN s.activated_on + 7 END", ("used_aged",)),
    ("s.activated_on + 8", ("aged_8",)),
    ("CASE WHEN s.returned_on IS NOT NULL THEN s.activated_on + 8 END", ("returned_aged",)),
    ("s.activated_on + 31", ("aged_31",)),
    ("CASE WHEN s.retained_on IS NOT NULL THEN s.activated_on + 31 END", ("retained_aged",)),
)
_MARK_OF = tuple((place, column) for place, (_, columns) in enumerate(_MARKS) for column in columns)


def _reached_sql() -> str:
    """Return the CTEs that count, for each mark, persons by atom and day of entering. Each person is read once, and the counts are
    few: written out as one row a person and mark, a province's changes are eight million wide rows and four times as slow.
    """
    marks = ", ".join(f"{date} AS m{place}" for place, (date, _) in enumerate(_MARKS))
    enters = ", ".join(
        f"CASE WHEN m{place} < t THEN GREATEST(m{place}, f, %(first)s::date) END AS m{place}"
        for place in range(len(_MARKS))
    )
    days = ", ".join(f"m{place}" for place in range(len(_MARKS)))
    which = ", ".join(f"GROUPING(m{place}) AS g{place}" for place in range(len(_MARKS)))
    sets = ", ".join(f"(atom, m{place})" for place in range(len(_MARKS)))
    return f"""
marked AS (SELECT s.atom, s.f, s.t, {marks} FROM spell s WHERE NOT s.is_test AND NOT s.quarantined),
entered AS (
  SELECT atom, COALESCE({days}) AS day, count(*)::int AS n, {which}
  FROM (SELECT atom, {enters} FROM marked) m GROUP BY GROUPING SETS ({sets})
)"""


_USES = """
uses AS (
  SELECT a.account_id, a.day, lead(a.day, 1, DATE 'infinity') OVER (PARTITION BY a.account_id ORDER BY a.day) AS next
  FROM rollout_activity_day a
  WHERE a.actions <> 0 AND a.day <= %(last)s AND a.day > %(first)s::date - 30 AND {who_acts}
),
starts AS (
  SELECT s.atom, GREATEST(u.day, s.f) AS d, u.day, u.next, LEAST(s.t, %(until)s::date) AS t, s.retained_on AS l5, LEAST(s.used_on, s.retained_on) AS l3
  FROM uses u JOIN spell s USING (account_id)
  WHERE NOT s.is_test AND NOT s.quarantined AND u.day >= s.activated_on AND s.t > u.day
    AND LEAST(u.day + 30, u.next, s.t) > %(first)s  -- what ended before the first day would be counted in and out on it
),
stays AS (
  SELECT atom, GREATEST(d, %(first)s::date) AS d,
    GREATEST(d, LEAST(day + 1, next, t), %(first)s::date) AS e1,
    GREATEST(d, LEAST(day + 7, next, t), %(first)s::date) AS e7,
    GREATEST(d, LEAST(day + 28, next, t), %(first)s::date) AS e28,
    GREATEST(d, LEAST(day + 30, next, t), %(first)s::date) AS e30,
    GREATEST(d, LEAST(day + 28, next, t, l3), %(first)s::date) AS x3,
    GREATEST(d, LEAST(day + 28, next, t, l5), %(first)s::date) AS x4
  FROM starts WHERE d <= %(last)s
),
rolled AS (
  SELECT atom, COALESCE(d, e1, e7, e28, e30, x3, x4) AS day, count(*)::int AS n,
    GROUPING(d) AS gd, GROUPING(e1) AS ge1, GROUPING(e7) AS ge7, GROUPING(e28) AS ge28, GROUPING(e30) AS ge30,
    GROUPING(x3) AS gx3, GROUPING(x4) AS gx4
  FROM stays GROUP BY GROUPING SETS ((atom, d), (atom, e1), (atom, e7), (atom, e28), (atom, e30), (atom, x3), (atom, x4))
)"""


def _columns(values: dict[str, str]) -> str:
    return ", ".join(values.get(column, "0") for column in metrics.CITIZEN)


def _stocks_sql() -> str:
    """Return changes of what only ever grows; a move takes a person's stocks out of the old home and into the new one."""
    plus = {column: f"CASE WHEN g{place} = 0 THEN n ELSE 0 END" for place, column in _MARK_OF}
    minus = {column: f"-(count(*) FILTER (WHERE m{place} < t))::int" for place, column in _MARK_OF}
    return f"""
  SELECT atom, day, {_columns(plus)} FROM entered
  UNION ALL
  SELECT atom, GREATEST(t, %(first)s::date), {_columns(minus)} FROM marked WHERE t <= %(last)s GROUP BY 1, 2"""


def _apart_sql() -> str:
    """Return changes of accounts shown apart: test accounts, and quarantined ones that are not test accounts."""
    sides = {"test": "s.is_test::int", "quarantined": "(s.quarantined AND NOT s.is_test)::int"}
    minus = {column: f"-{value}" for column, value in sides.items()}
    enters = "COALESCE(s.activated_on, s.installed_on)"
    apart = f"(s.is_test OR s.quarantined) AND {enters} < s.t"
    return f"""
  SELECT s.atom, GREATEST({enters}, s.f, %(first)s::date), {_columns(sides)} FROM spell s WHERE {apart}
  UNION ALL
  SELECT s.atom, GREATEST(s.t, %(first)s::date), {_columns(minus)} FROM spell s WHERE {apart} AND s.t <= %(last)s"""


def _rolling_sql() -> str:
    change = {
        column: f"CASE WHEN gd = 0 THEN n WHEN g{end} = 0 THEN -n ELSE 0 END"
        for column, end in zip(ROLLING, _ENDS, strict=True)
    }
    return f"\n  SELECT atom, day, {_columns(change)} FROM rolled"


def _devices_sql() -> str:
    sides = {
        "devices": "(count(*) FILTER (WHERE standalone))::int",
        "browsers": "(count(*) FILTER (WHERE NOT standalone))::int",
    }
    leave = {"devices": "-count(*)::int"}
    return f"""
  SELECT atom_id, GREATEST(opened_on, %(first)s::date), {_columns(sides)} FROM rollout_install_state GROUP BY 1, 2
  UNION ALL
  SELECT atom_id, GREATEST(opened_on, bound_on, %(first)s::date), {_columns(leave)}
  FROM rollout_install_state WHERE standalone AND bound_on <= %(last)s GROUP BY 1, 2"""


def _ledger_sql() -> str:
    columns = ", ".join(metrics.CITIZEN)
    return f"\n  SELECT atom_id, GREATEST(day, %(first)s::date), {columns} FROM rollout_citizen_ledger"


def changes_sql(*, everyone: bool, stocks: bool = True) -> str:
    """Return a WITH list ending in ``change(atom, day, …)``: of everyone with devices and ledger, or of ``%(accounts)s`` alone.

    Rolling windows end at ``%(until)s`` (infinity when counting); without ``stocks`` only they are given.
    """
    names = ", ".join(metrics.CITIZEN)
    who = "TRUE" if everyone else "p.account_id = ANY(%(accounts)s)"
    who_acts = "TRUE" if everyone else "a.account_id = ANY(%(accounts)s)"
    parts = [*([_stocks_sql(), _apart_sql()] if stocks else []), _rolling_sql()]
    if everyone:
        parts += [_devices_sql(), _ledger_sql()]
    united = "\n  UNION ALL".join(parts)
    sums = ", ".join(f"sum({name})::int AS {name}" for name in metrics.CITIZEN)
    reached = f"{_reached_sql()}," if stocks else ""
    return f"""WITH {_SPELL.format(who=who)}, {reached} {_USES.format(who_acts=who_acts)},
raw (atom, day, {names}) AS ({united}
),
change AS (SELECT atom, day, {sums} FROM raw WHERE day <= %(last)s GROUP BY atom, day)"""


def count_sql() -> str:
    """Return the INSERT of the counts of all days from ``%(first)s`` to ``%(last)s``; rows of nothing are left out."""
    names = ", ".join(metrics.CITIZEN)
    running = ", ".join(f"(sum(c.{name}) OVER w)::int AS {name}" for name in metrics.CITIZEN)
    return f"""{changes_sql(everyone=True)},
counted AS (
  SELECT g.day::date AS day, a.atom, {running}
  FROM (SELECT DISTINCT atom FROM change) a
  CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '1 day') g(day)
  LEFT JOIN change c ON c.atom = a.atom AND c.day = g.day
  WINDOW w AS (PARTITION BY a.atom ORDER BY g.day)
)
INSERT INTO rollout_citizen_day (day, atom_id, {names})
SELECT day, atom, {names} FROM counted WHERE ({" | ".join(metrics.CITIZEN)}) <> 0"""


def ledger_sql(*, stocks: bool) -> str:
    """Return the statement that adds the changes of ``%(accounts)s`` to the ledger; ``stocks`` when the person leaves for good."""
    names = ", ".join(metrics.CITIZEN)
    added = ", ".join(f"{name} = l.{name} + excluded.{name}" for name in metrics.CITIZEN)
    nothing = " AND ".join(f"{name} = 0" for name in metrics.CITIZEN)
    return f"""{changes_sql(everyone=False, stocks=stocks)}
INSERT INTO rollout_citizen_ledger AS l (day, atom_id, {names})
SELECT day, atom, {names} FROM change WHERE NOT ({nothing})
ON CONFLICT (day, atom_id) DO UPDATE SET {added}"""
