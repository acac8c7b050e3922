"""The SQL that counts citizens by day and atom, for any range of days, from the raw rows.

Every count is a sum of changes: +1 on the day a person enters it, −1 on the day they leave it. Rolling windows are changes too: a
person enters one on a day of use and leaves it when it ends without another, so they are in it once, however often they came. Changes
before the first day fall on it; running sums over the days give the counts. One statement, no loop.
"""

from __future__ import annotations

from smarthd.rollout.rules import metrics
from smarthd.rollout.rules.airings import CODE_PREFIX

_WINDOWS = (7, 28, 30)
_ENDS = {"active_7": "e7", "active_28": "e28", "active_30": "e30", "reached_3": "x3", "reached_4": "x4"}
_BEGINS = {
    "active_1": "s1", "active_7": "s7", "active_28": "s28", "active_30": "s30", "reached_3": "x3", "reached_4": "x4",
}  # fmt: skip
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


def _uses_sql(who_acts: str) -> str:
    """Return the CTEs that count who enters and leaves each rolling window, by atom and day: ``rolled``.

    ``o`` is where a spell begins to count. A day of use begins a window unless the one before carried the person into it (``s7``), and
    ends it unless the next one carries on (``e7``): what would be counted out and in again on one day is left out, which spares most
    of a year's rows. A window of one day is a day of use itself, told once where a person used the app in two places. ``x3`` and ``x4`` end with the level that a date of the ladder gives.
    """
    begins = ", ".join(
        f"CASE WHEN prev + {days} >= day AND day > o AND day < t THEN NULL ELSE d END AS s{days}" for days in _WINDOWS
    )
    ends = ", ".join(
        f"CASE WHEN next <= day + {days} AND next > o AND next < t THEN NULL ELSE GREATEST(d, LEAST(day + {days}, next, t)) END AS e{days}"
        for days in _WINDOWS
    )
    counts = ", ".join(f"count({begin})::int AS n_{column}" for column, begin in _BEGINS.items())
    which = ", ".join(f"GROUPING({end}) AS g{end}" for end in ("d", *_ENDS.values()))
    sets = ", ".join(f"(atom, {end})" for end in ("d", *_ENDS.values()))
    return f"""
uses AS (
  SELECT a.account_id, a.day, lag(a.day) OVER w AS prev, lead(a.day, 1, DATE 'infinity') OVER w AS next
  FROM rollout_activity_day a
  WHERE a.actions <> 0 AND a.day <= %(last)s AND a.day > %(first)s::date - 30 AND {who_acts}
  WINDOW w AS (PARTITION BY a.account_id ORDER BY a.day)
),
starts AS (
  SELECT s.atom, GREATEST(s.f, %(first)s::date) AS o, GREATEST(u.day, s.f, %(first)s::date) AS d, LEAST(s.t, %(until)s::date) AS t,
    u.day, u.next, CASE WHEN u.prev >= s.activated_on THEN u.prev END AS prev,
    s.retained_on AS l5, LEAST(s.used_on, s.retained_on) AS l3
  FROM uses u JOIN spell s USING (account_id)
  WHERE NOT s.is_test AND NOT s.quarantined AND u.day >= s.activated_on AND s.t > u.day
    AND LEAST(u.day + 30, u.next, s.t) > %(first)s  -- what ended before the first day would be counted in and out on it
),
stays AS (
  SELECT atom, d, CASE WHEN day = d AND day < LEAST(next, t) THEN d END AS s1, {begins}, {ends},
    NULLIF(GREATEST(d, LEAST(day + 28, next, t, l3)), d) AS x3, NULLIF(GREATEST(d, LEAST(day + 28, next, t, l5)), d) AS x4
  FROM starts WHERE d <= %(last)s
),
rolled AS (
  SELECT atom, COALESCE(d, {", ".join(_ENDS.values())}) AS day, count(*)::int AS n, {counts}, {which}
  FROM stays GROUP BY GROUPING SETS ({sets})
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
    """Return changes of the rolling windows. The group of what did not end (no day) falls out with all days after the last."""
    change = {
        column: f"CASE WHEN gd = 0 THEN n_{column} {f'WHEN g{_ENDS[column]} = 0 THEN -n' if column in _ENDS else ''} ELSE 0 END"
        for column in _BEGINS
    }
    return f"""
  SELECT atom, day, {_columns(change)} FROM rolled WHERE day IS NOT NULL
  UNION ALL
  SELECT atom, day + 1, {_columns({"active_1": "-n_active_1"})} FROM rolled WHERE gd = 0"""


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
    return f"""WITH {_SPELL.format(who=who)}, {reached} {_uses_sql(who_acts)},
raw (atom, day, {names}) AS ({united}
),
change AS (SELECT atom, day, {sums} FROM raw WHERE day <= %(last)s GROUP BY atom, day)"""


def count_sql() -> str:
    """Return the INSERT of the counts of all days from ``%(first)s`` to ``%(last)s``; rows of nothing are left out."""
    names = ", ".join(metrics.CITIZEN)
    running = ", ".join(f"(sum(c.{name}) OVER w)::int AS {name}" for name in metrics.CITIZEN)
    return f"""{changes_sql(everyone=True)},
told AS (
  SELECT atom, day, lead(day, 1, %(last)s::date + 1) OVER w AS until, {running} FROM change c WINDOW w AS (PARTITION BY atom ORDER BY day)
)
INSERT INTO rollout_citizen_day (day, atom_id, {names})
SELECT day + generate_series(0, until - day - 1), atom, {names} FROM told WHERE ({" | ".join(metrics.CITIZEN)}) <> 0"""


def ledger_sql(*, stocks: bool) -> str:
    """Return the statement that adds the changes of ``%(accounts)s`` to the ledger; ``stocks`` when the person leaves for good."""
    names = ", ".join(metrics.CITIZEN)
    added = ", ".join(f"{name} = l.{name} + excluded.{name}" for name in metrics.CITIZEN)
    nothing = " AND ".join(f"{name} = 0" for name in metrics.CITIZEN)
    return f"""{changes_sql(everyone=False, stocks=stocks)}
INSERT INTO rollout_citizen_ledger AS l (day, atom_id, {names})
SELECT day, atom, {names} FROM change WHERE NOT ({nothing})
ON CONFLICT (day, atom_id) DO UPDATE SET {added}"""
