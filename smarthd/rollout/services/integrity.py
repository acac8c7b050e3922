"""Looking for accounts that may be no persons: one pass over short-lived traces, suspicions with their counts, and what people decide."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor, system
from smarthd.kernel.moves import Move
from smarthd.kernel.policies import require
from smarthd.messaging import services as messaging
from smarthd.rollout import policies
from smarthd.rollout.errors import NothingMeasured, OwnSuspicion, ReasonMissing, SuspicionUnknown
from smarthd.rollout.models import ActivationTrace, BindingTrace, Form, Participant, Suspicion
from smarthd.rollout.rules import forms
from smarthd.rollout.rules import integrity as rules
from smarthd.rollout.rules.airings import CODE_PREFIX
from smarthd.rollout.rules.integrity import Signal, State
from smarthd.rollout.selectors import gatherings, tables
from smarthd.rollout.services import participants

SWEEPER = system("rollout.integrity")
OWN_PAGE = "/toi/giai-trinh/"
BATCH = 200
SHORTEST_REASON = 10
_KNOWN = tuple(f"{signal}" for signal in Signal)

SIGHT = """
WITH b AS MATERIALIZED (
  SELECT install_uid, account_id, bound_at FROM rollout_binding_trace WHERE bound_at > %(since)s AND bound_at <= %(now)s
), ends AS (
  SELECT install_uid, min(account_id) AS lowest, max(account_id) AS highest FROM b GROUP BY install_uid HAVING count(*) > 2
), shared AS (  -- by three accounts or more: one is neither the lowest nor the highest
  SELECT DISTINCT b.install_uid FROM b JOIN ends USING (install_uid) WHERE b.account_id NOT IN (lowest, highest)
), s AS MATERIALIZED (
  SELECT b.install_uid, b.account_id, b.bound_at,
    lag(b.account_id) OVER (PARTITION BY b.install_uid ORDER BY b.bound_at, b.account_id) AS earlier
  FROM b JOIN shared USING (install_uid)
), crowd AS (
  SELECT e.install_uid, e.bound_at, count(DISTINCT x.account_id) AS accounts
  FROM s e JOIN s x ON x.install_uid = e.install_uid AND x.bound_at > e.bound_at - interval '24 hours' AND x.bound_at <= e.bound_at
  GROUP BY e.install_uid, e.bound_at HAVING count(DISTINCT x.account_id) > %(most_accounts)s
), alternating AS (
  SELECT install_uid, count(*) FILTER (WHERE earlier <> account_id) AS switches
  FROM s GROUP BY install_uid
  HAVING count(DISTINCT account_id) >= %(alternating)s AND count(*) FILTER (WHERE earlier <> account_id) >= %(switches)s
), declared AS (
  SELECT * FROM unnest(%(codes)s::text[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS d(code, starts_at, ends_at)
), a AS MATERIALIZED (
  SELECT account_id, opened_at, activated_at, team_code, neighbour FROM rollout_activation_trace
  WHERE activated_at > %(since)s AND activated_at <= %(now)s
), counted AS (
  SELECT account_id, team_code, activated_at,
    count(*) OVER (PARTITION BY team_code ORDER BY activated_at RANGE interval '1 hour' PRECEDING) AS inside
  FROM a WHERE team_code <> '' AND NOT starts_with(team_code, %(aired)s) AND NOT EXISTS (
    SELECT 1 FROM declared d WHERE d.code = a.team_code AND a.activated_at BETWEEN d.starts_at AND d.ends_at)
), burst AS (
  SELECT account_id,
    max(inside) OVER (PARTITION BY team_code ORDER BY activated_at RANGE BETWEEN CURRENT ROW AND interval '1 hour' FOLLOWING) AS inside
  FROM counted
), cohort AS (
  SELECT team_code, count(*) AS size, count(*) FILTER (WHERE last_launch_on > activated_on) AS back
  FROM rollout_participant
  WHERE team_code <> '' AND activated_on BETWEEN %(cohort_from)s AND %(cohort_to)s AND NOT is_test GROUP BY team_code
), usual AS (
  SELECT COALESCE(sum(back)::float8 / NULLIF(sum(size), 0), 0) AS share FROM cohort
), dead AS (
  SELECT team_code, size FROM cohort, usual
  WHERE size >= %(smallest)s AND back <= size * LEAST(%(dead_share)s, usual.share * %(dead_of_usual)s)
), seen AS (
  SELECT x.account_id, 'crowded' AS signal, max(c.accounts)::float8 AS count
  FROM crowd c JOIN s x ON x.install_uid = c.install_uid AND x.bound_at > c.bound_at - interval '24 hours' AND x.bound_at <= c.bound_at
  GROUP BY x.account_id
  UNION ALL
  SELECT account_id, 'devices', count(DISTINCT install_uid) FROM b
  WHERE account_id IN (SELECT account_id FROM b GROUP BY account_id HAVING count(*) > %(most_devices)s)
  GROUP BY account_id HAVING count(DISTINCT install_uid) > %(most_devices)s
  UNION ALL
  SELECT s.account_id, 'alternating', max(t.switches) FROM alternating t JOIN s USING (install_uid) GROUP BY s.account_id
  UNION ALL
  SELECT account_id, 'burst', inside FROM burst WHERE inside > %(most_an_hour)s
  UNION ALL
  SELECT account_id, 'hasty', greatest(0, extract(epoch FROM activated_at - opened_at)) FROM a
  WHERE activated_at - opened_at < make_interval(secs => %(hasty)s)
  UNION ALL
  SELECT account_id, 'neighbour', 1 FROM a WHERE neighbour
  UNION ALL
  SELECT p.account_id, 'no_second_day', d.size FROM dead d JOIN rollout_participant p USING (team_code)
  WHERE p.activated_on BETWEEN %(cohort_from)s AND %(cohort_to)s AND (p.last_launch_on IS NULL OR p.last_launch_on <= p.activated_on)
)
, grouped AS MATERIALIZED (  -- few rows, then one look-up each; joined before, the planner would read every person
  SELECT account_id, jsonb_object_agg(signal, count) AS evidence FROM seen GROUP BY account_id
  HAVING count(*) > 1 OR bool_or(signal NOT IN ('hasty', 'neighbour'))  -- alone these two are below any threshold
)
SELECT g.account_id, g.evidence FROM grouped g
JOIN rollout_participant p ON p.account_id = g.account_id AND NOT p.is_test AND p.erased_on IS NULL"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: accounts with any signal, those written down, those newly set apart."""

    seen: int
    written: int
    quarantined: int


# --- what is heard ---------------------------------------------------------------------------------------------------
def trace_binding(install_uid: UUID, *, account_id: int, at: datetime) -> None:
    """Note that an account came onto an install; told twice, it stands once."""
    if not Participant.objects.filter(pk=account_id, erased_on__isnull=False).exists():
        BindingTrace.objects.bulk_create(
            [BindingTrace(install_uid=install_uid, account_id=account_id, bound_at=at)], ignore_conflicts=True
        )


def trace_activation(
    account_id: int, *, opened_at: datetime | None, at: datetime, team_code: str, neighbour: bool
) -> None:
    """Note how an account was activated; told twice, it stands once."""
    if not Participant.objects.filter(pk=account_id, erased_on__isnull=False).exists():
        ActivationTrace.objects.bulk_create(
            [
                ActivationTrace(
                    account_id=account_id,
                    opened_at=opened_at,
                    activated_at=at,
                    team_code=team_code,
                    neighbour=neighbour,
                )
            ],
            ignore_conflicts=True,
        )


@transaction.atomic
def forget_traces_of(account_id: int) -> None:
    """Forget what was seen of a person who is gone, and what was suspected."""
    BindingTrace.objects.filter(account_id=account_id).delete()
    ActivationTrace.objects.filter(account_id=account_id).delete()
    Suspicion.objects.filter(subject="account", subject_id=account_id).delete()


def forget_old_traces(*, now: datetime) -> int:
    """Delete traces no sweep looks at any more; for retention. Return how many."""
    bindings, _ = BindingTrace.objects.filter(bound_at__lt=now - rules.KEPT).delete()
    activations, _ = ActivationTrace.objects.filter(activated_at__lt=now - rules.KEPT).delete()
    return bindings + activations


# --- sweeping --------------------------------------------------------------------------------------------------------
def sight(*, now: datetime, declared: rules.Declared = gatherings.declared) -> dict[int, dict[Signal, float]]:
    """Return the signals of accounts that show any, with their counts; a quick finger or a neighbouring number alone is none. One query."""
    today = clock.day_of(now)
    since = now - rules.LOOKS_BACK
    events = list(declared(since, now))
    with connection.cursor() as cursor:
        cursor.execute(
            SIGHT,
            {
                "now": now,
                "since": since,
                "most_accounts": rules.MOST_ACCOUNTS_A_DAY,
                "most_devices": rules.MOST_DEVICES,
                "most_an_hour": rules.MOST_AN_HOUR,
                "alternating": rules.FEWEST_ALTERNATING,
                "switches": rules.FEWEST_SWITCHES,
                "hasty": rules.HASTY.total_seconds(),
                "cohort_from": clock.day_of(now - rules.KEPT),
                "cohort_to": today.fromordinal(today.toordinal() - rules.COHORT_FROM_DAYS),
                "smallest": rules.SMALLEST_COHORT,
                "dead_share": rules.DEAD_SHARE,
                "dead_of_usual": rules.DEAD_OF_USUAL,
                "aired": CODE_PREFIX,
                "codes": [event.code for event in events],
                "starts": [event.starts_at for event in events],
                "ends": [event.ends_at for event in events],
            },
        )
        return {account_id: _evidence(kept) for account_id, kept in cursor}


def sweep(*, now: datetime, declared: rules.Declared = gatherings.declared) -> Swept:
    """Look at all accounts once and set apart those above the threshold, each told why. Doing it again changes nothing."""
    seen = sight(now=now, declared=declared)
    doubtful = {account_id: found for account_id, found in seen.items() if rules.score(found) >= rules.WATCHED_FROM}
    ids = sorted(doubtful)
    quarantined = 0
    for start in range(0, len(ids), BATCH):
        quarantined += _write("account", {one: doubtful[one] for one in ids[start : start + BATCH]}, now=now)
    return Swept(len(seen), len(doubtful), quarantined)


@transaction.atomic
def _write(subject: str, found: Mapping[int, Mapping[Signal, float]], *, now: datetime) -> int:
    """Write what was seen of some subjects; return how many accounts were newly set apart."""
    rows = Suspicion.objects.select_for_update().filter(subject=subject, subject_id__in=list(found))
    known = {row.subject_id: row for row in rows}
    apart = 0
    for subject_id, evidence in found.items():
        row = known.get(subject_id)
        before = State(row.state) if row is not None else None
        after = State.WATCHED
        if subject == "account":
            after = rules.after_sweep(state=before, known=_evidence(row.signals) if row else {}, found=evidence)
        elif before is not None:
            after = before
        if row is None:
            row = Suspicion(subject=subject, subject_id=subject_id, found_at=now)
        if after is not State.RELEASED:  # what was known when it was released stays, to tell what is new
            row.signals, row.score = {str(signal): count for signal, count in evidence.items()}, rules.score(evidence)
        row.state, row.seen_at = after, now
        row.save()
        if after is State.QUARANTINED and before is not State.QUARANTINED:
            _set_apart(row, evidence, now=now)
            apart += 1
    return apart


def _set_apart(row: Suspicion, evidence: Mapping[Signal, float], *, now: datetime) -> None:
    why = rules.reasons(evidence)
    participants.quarantine(row.subject_id, held=True, reason="; ".join(why), actor=SWEEPER, now=now)
    body = (
        "Lý do: "
        + "; ".join(why)
        + ". Ứng dụng vẫn dùng bình thường. Nếu không đúng, xin giải trình để người khác xem lại."
    )
    messaging.tell(
        [row.subject_id],
        kind="rollout.integrity",
        title="Tài khoản này tạm chưa được tính vào số liệu",
        body=body,
        href=OWN_PAGE,
        key=f"rollout.integrity.{row.uid}.{row.state}.{now.isoformat()}",
        now=now,
    )


def sweep_reports(campaign_id: int, *, now: datetime) -> int:
    """Look at the numbers agencies reported in the last eight periods of a campaign. Return how many agencies show something.

    What the platform filled in is no report of theirs: a roster of thirty-eight stays thirty-eight.
    """
    measured = _measured_fields(campaign_id)
    by_agency: dict[int, dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.agency_id, v.form_key, v.field, v.value FROM rollout_report_value v
            JOIN (SELECT id, number FROM rollout_period WHERE campaign_id = %s AND frozen_at IS NOT NULL
                  ORDER BY number DESC LIMIT 8) p ON p.id = v.period_id
            ORDER BY v.agency_id, v.form_key, v.field, p.number""",
            [campaign_id],
        )
        for agency_id, form_key, field, value in cursor:
            if (form_key, field) in measured:
                continue
            by_agency[agency_id][form_key, field].append(value)
    found = {agency_id: rules.reported_evidence(fields.values()) for agency_id, fields in by_agency.items()}
    shown = {agency_id: evidence for agency_id, evidence in found.items() if evidence}
    if shown:
        _write("agency", shown, now=now)
    return len(shown)


def _measured_fields(campaign_id: int) -> set[tuple[str, str]]:
    plans = Form.objects.filter(campaign_id=campaign_id).values_list("key", "plan")
    return {(key, field.key) for key, plan in plans for field in forms.from_json(plan).fields if field.measured}


def sweep_units(*, now: datetime) -> int:
    """Note the communes in which more persons are activated than there are. Return how many."""
    today = clock.day_of(now)
    try:
        table = tables.table("commune", today, today)
    except NothingMeasured:
        return 0
    over = {
        row.unit_id: {Signal.OVER_100: round(figure.ratio * 100)}
        for row in table.rows
        if (figure := row.values.get("activated")) is not None and figure.ratio is not None and figure.ratio > 1
    }
    if over:
        _write("unit", over, now=now)
    return len(over)


# --- what people decide ----------------------------------------------------------------------------------------------
@transaction.atomic
def appeal(account_id: int, *, words: str, now: datetime) -> Suspicion:
    """Take in what the person concerned says; somebody else decides."""
    row = Suspicion.objects.select_for_update().filter(subject="account", subject_id=account_id).first()
    if row is None:
        raise SuspicionUnknown
    if len(words.strip()) < SHORTEST_REASON:
        raise ReasonMissing(fields={"words": "Xin viết ít nhất một câu."})
    row.state = rules.APPEAL.apply(State(row.state))
    row.appeal, row.appealed_at = words.strip()[:2000], now
    row.save(update_fields=["state", "appeal", "appealed_at"])
    audit.record(Actor(account_id=account_id), "rollout.quarantine_appealed", row, at=now)
    return row


def release(uid: UUID, *, reason: str, actor: Actor, now: datetime) -> Suspicion:
    """Count an account again, or lay a doubt about a unit or an agency to rest, with a reason."""
    return _decide(uid, rules.RELEASE, reason=reason, actor=actor, now=now)


def keep_apart(uid: UUID, *, reason: str, actor: Actor, now: datetime) -> Suspicion:
    """Leave an account apart after looking at it, with a reason."""
    return _decide(uid, rules.KEEP, reason=reason, actor=actor, now=now)


@transaction.atomic
def _decide(uid: UUID, move: Move[State], *, reason: str, actor: Actor, now: datetime) -> Suspicion:
    row = Suspicion.objects.select_for_update().filter(uid=uid).first()
    if row is None or not policies.can_see_integrity(actor):
        raise SuspicionUnknown
    require(policies.can_judge_integrity(actor))
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing(fields={"reason": "Ghi rõ lý do, ít nhất một câu."})
    concerned = row.subject == "account" and row.subject_id == actor.account_id
    again = row.state == State.APPEALED and row.decided_by is not None and row.decided_by == actor.account_id
    if actor.account_id is not None and (concerned or again):
        raise OwnSuspicion
    before = State(row.state)
    row.state = move.apply(before)
    row.reason, row.decided_by, row.decided_at = reason.strip()[:500], actor.account_id, now
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    audit.record(actor, f"rollout.suspicion_{row.state}", row, at=now)
    if row.subject == "account" and before in rules.APART:
        _tell_decision(row, actor=actor, now=now)
    return row


def _tell_decision(row: Suspicion, *, actor: Actor, now: datetime) -> None:
    counted = row.state == State.RELEASED
    if counted:
        participants.quarantine(row.subject_id, held=False, reason=row.reason, actor=actor, now=now)
    messaging.tell(
        [row.subject_id],
        kind="rollout.integrity",
        title="Tài khoản này đã được tính lại" if counted else "Tài khoản này vẫn chưa được tính vào số liệu",
        body=f"Lý do: {row.reason}",
        href="" if counted else OWN_PAGE,
        key=f"rollout.integrity.{row.uid}.{row.state}.{now.isoformat()}",
        now=now,
    )


def _evidence(kept: Any) -> dict[Signal, float]:
    counts: dict[str, float] = json.loads(kept) if isinstance(kept, str) else kept
    return {Signal(name): count for name, count in counts.items() if name in _KNOWN}
