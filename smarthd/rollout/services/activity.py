"""Use of the app, written as bits on (account, day, atom): repeated, reordered or split batches end in the same rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from smarthd.kernel import clock
from smarthd.people import rules as people_rules
from smarthd.people import selectors as people
from smarthd.rollout import rules
from smarthd.rollout.errors import BatchTooLarge
from smarthd.rollout.models import InstallState, Participant
from smarthd.rollout.selectors import ordered as owing
from smarthd.rollout.services import installs

MOST_EVENTS = 500
"""Events one phone may send at once: eight days offline with an act a waking quarter of an hour."""

_PERSON = f"""
WITH told AS (
  SELECT * FROM unnest(%(accounts)s::bigint[], %(days)s::date[], %(atoms)s::bigint[], %(launched)s::bool[], %(actions)s::int[])
    AS t(account_id, day, atom, launched, actions)
),
said AS (
  SELECT account_id, min(day) FILTER (WHERE actions <> 0) AS first_used, max(day) FILTER (WHERE actions <> 0) AS last_used,
    max(day) AS last_launch
  FROM told GROUP BY account_id
),
person AS (
  INSERT INTO rollout_participant AS p
    (account_id, home_id, moved, team_code, is_test, quarantined, first_used_on, last_used_on, last_launch_on)
  SELECT account_id, 0, FALSE, '', FALSE, FALSE, first_used, last_used, last_launch FROM said ORDER BY account_id
  ON CONFLICT (account_id) DO UPDATE SET
    first_used_on = LEAST(p.first_used_on, excluded.first_used_on),
    last_used_on = GREATEST(p.last_used_on, excluded.last_used_on),
    last_launch_on = GREATEST(p.last_launch_on, excluded.last_launch_on),
    used_on = LEAST(p.used_on, (SELECT min(t.day) FROM told t WHERE t.account_id = p.account_id AND t.actions <> 0
      AND t.day BETWEEN p.activated_on AND p.activated_on + {rules.USED_WITHIN_DAYS - 1})),
    returned_on = LEAST(p.returned_on, (SELECT min(t.day) FROM told t WHERE t.account_id = p.account_id AND t.actions <> 0
      AND t.day BETWEEN p.activated_on + {rules.RETURNED_FROM} AND p.activated_on + {rules.RETURNED_TO})),
    retained_on = LEAST(p.retained_on, (SELECT min(t.day) FROM told t WHERE t.account_id = p.account_id AND t.actions <> 0
      AND t.day BETWEEN p.activated_on + {rules.RETAINED_FROM} AND p.activated_on + {rules.RETAINED_TO})){{more}}
  WHERE p.erased_on IS NULL
  RETURNING p.account_id, p.home_id
)"""

_SPELLS = f""",
    active_during = COALESCE(p.active_during, '{{}}') + COALESCE((SELECT range_agg(daterange(t.day, t.day + {rules.STAYS_ACTIVE_DAYS}))
      FROM told t WHERE t.account_id = p.account_id AND t.actions <> 0 AND t.day >= p.activated_on), '{{}}'),
    kept_during = COALESCE(p.kept_during, '{{}}') + COALESCE((SELECT range_agg(daterange(t.day, t.day + {rules.LAPSED_AFTER_DAYS}))
      FROM told t WHERE t.account_id = p.account_id AND t.day >= p.activated_on), '{{}}')"""
"""What is kept of staff who did not agree: the level and its dates, for the time in which the days told carry it."""

_WITH_DAYS = f"""{_PERSON.format(more="")},
wrote AS (
  INSERT INTO rollout_activity_day AS a (account_id, day, atom_id, launched, actions)
  SELECT t.account_id, t.day, COALESCE(t.atom, p.home_id), bool_or(t.launched), bit_or(t.actions)
  FROM told t JOIN person p USING (account_id) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (account_id, day, atom_id) DO UPDATE
    SET launched = a.launched OR excluded.launched, actions = a.actions | excluded.actions
    WHERE excluded.launched AND NOT a.launched OR (a.actions | excluded.actions) <> a.actions
  RETURNING day
)
INSERT INTO rollout_dirty_day (day) SELECT min(day) FROM wrote HAVING count(*) > 0"""

_LEVEL_ONLY = f"""{_PERSON.format(more=_SPELLS)}
INSERT INTO rollout_dirty_day (day) SELECT min(day) FROM told HAVING count(*) > 0"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch; ``clamped`` events counted on the day of receipt because the phone's clock ran ahead.

    ``by_order``: nothing but a level and its dates was kept, because an order asks for it.
    """

    accepted: int = 0
    clamped: int = 0
    dropped: tuple[rules.Dropped, ...] = field(default=())
    by_order: bool = False


def record_activity(
    batch: Sequence[rules.Activity], *, now: datetime, account_id: int | None = None, install_uid: UUID | None = None
) -> Recorded:
    """Record what one phone tells. Idempotent and commutative; at most 500 events; only with consent to usage records.

    Staff on a roster who did not agree keep their level and its dates while an order asks for it, and no day rows; likewise for days
    that a person had forgotten by withdrawing. Without an account only a launch of a known install is noted. Every event that was not
    counted is named in the answer.
    """
    if len(batch) > MOST_EVENTS:
        raise BatchTooLarge(most=MOST_EVENTS, sent=len(batch))
    kept, dropped = rules.believe(batch, now=now)
    if account_id is None:
        return _record_launches(kept, dropped, install_uid=install_uid)
    with transaction.atomic():
        if install_uid is not None:
            _bind(install_uid, account_id=account_id, now=now)
        agreed = people.has_consent(account_id, people_rules.Purpose.USAGE)
        written = _record(
            {account_id: kept}, agreed=frozenset({account_id} if agreed else ()), dropped=dropped, now=now
        )
    return replace(_recorded(written, dropped), by_order=bool(written) and not agreed)


@transaction.atomic
def record_activities(batches: Mapping[int, Sequence[rules.Activity]], *, now: datetime) -> Recorded:
    """Record batches of many accounts, each as ``record_activity`` would, in few statements: for gateways that gather requests, and for seeding."""
    agreed = people.accounts_with_consent(batches, people_rules.Purpose.USAGE)
    kept: dict[int, list[rules.Kept]] = {}
    dropped: list[rules.Dropped] = []
    for account_id, batch in batches.items():
        kept[account_id], refused = rules.believe(batch, now=now)
        dropped += refused
    written = _record(kept, agreed=agreed, dropped=dropped, now=now)
    return _recorded(written, dropped)


def report_value_action(account_id: int, action: rules.ValueAction, atom_id: int | None, at: datetime) -> Recorded:
    """Record one act that an audience package has just served; ``at`` is the server's own clock."""
    return record_activity([rules.Activity(at=at, action=action, atom_id=atom_id)], now=at, account_id=account_id)


def _record(
    kept: Mapping[int, list[rules.Kept]], *, agreed: Collection[int], dropped: list[rules.Dropped], now: datetime
) -> list[rules.Kept]:
    """Write what may be kept of each person; returns what counted and adds the rest to ``dropped``."""
    forgotten = dict(
        Participant.objects.filter(account_id__in=agreed, forgotten_on__isnull=False).values_list("pk", "forgotten_on")
    )
    with_days: dict[int, list[rules.Kept]] = {}
    level_only: dict[int, list[rules.Kept]] = {}
    for account_id, believed in kept.items():
        since = (forgotten.get(account_id) or date.min) if account_id in agreed else date.max
        with_days[account_id] = [one for one in believed if clock.day_of(one.at) > since]
        level_only[account_id] = [one for one in believed if clock.day_of(one.at) <= since]
    staff = owing.ordered([account_id for account_id, rest in level_only.items() if rest], clock.day_of(now))
    for account_id in level_only.keys() - staff:
        dropped += [rules.Dropped(one.activity, rules.Reason.NO_CONSENT) for one in level_only.pop(account_id)]
    _write(_WITH_DAYS, with_days)
    _write(_LEVEL_ONLY, level_only)
    return [one for part in (with_days, level_only) for believed in part.values() for one in believed]


def _recorded(kept: Sequence[rules.Kept], dropped: Sequence[rules.Dropped]) -> Recorded:
    return Recorded(len(kept), sum(one.clamped for one in kept), tuple(dropped))


def _write(statement: str, kept: Mapping[int, Sequence[rules.Kept]]) -> None:
    told: dict[tuple[int, date, int | None], int] = {}
    for account_id, believed in kept.items():
        for one in believed:
            key = (account_id, clock.day_of(one.at), one.activity.atom_id)
            told[key] = told.get(key, 0) | int(one.activity.action)
    if not told:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "accounts": [account_id for account_id, _, _ in told],
                "days": [day for _, day, _ in told],
                "atoms": [atom_id for _, _, atom_id in told],
                "launched": [True] * len(told),  # whoever acts has launched
                "actions": list(told.values()),
            },
        )


def _record_launches(kept: list[rules.Kept], dropped: list[rules.Dropped], *, install_uid: UUID | None) -> Recorded:
    launches = [one for one in kept if not one.activity.action]
    dropped += [rules.Dropped(one.activity, rules.Reason.NOT_SIGNED_IN) for one in kept if one.activity.action]
    if not launches:
        return _recorded([], dropped)
    state = None if install_uid is None else InstallState.objects.filter(pk=install_uid).first()
    if install_uid is None or state is None:
        return _recorded(
            [], [*dropped, *(rules.Dropped(one.activity, rules.Reason.UNKNOWN_INSTALL) for one in launches)]
        )
    if not people.install_has_consent(install_uid, people_rules.Purpose.USAGE):
        return _recorded([], [*dropped, *(rules.Dropped(one.activity, rules.Reason.NO_CONSENT) for one in launches)])
    last = max(clock.day_of(one.at) for one in launches)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rollout_install_state SET last_launch_on = GREATEST(last_launch_on, %s) WHERE install_uid = %s",
            [last, install_uid],
        )
    return _recorded(launches, dropped)


def _bind(install_uid: UUID, *, account_id: int, now: datetime) -> None:
    """Count a device no longer by itself once a person stands on it; people's own binding is the proof."""
    day = clock.day_of(now)
    waiting = InstallState.objects.filter(Q(bound_on=None) | Q(bound_on__gt=day), pk=install_uid)
    if waiting.exists() and people.account_id_on_install(install_uid) == account_id:
        installs.claim_install(install_uid, account_id=account_id, day=day)
