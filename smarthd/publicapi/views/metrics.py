"""What whoever watches the site measures, in Prometheus's text format 0.0.4; numbers only, behind a token of its own."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from smarthd.alerts.selectors import cells, operations, rehearsals
from smarthd.kernel import clock, jobs
from smarthd.messaging import selectors, services

DAY = timedelta(days=1)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the measures; without the token there is no such page."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    response = HttpResponse("\n".join([*_lines(), ""]), content_type="text/plain; version=0.0.4; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def _lines() -> Iterator[str]:
    now = clock.now()
    waiting, (keys, phones) = selectors.backlog(now=now), services.pool_level()
    oldest_s = 0.0 if waiting.oldest_at is None else max((now - waiting.oldest_at).total_seconds(), 0.0)
    yield from _gauge("smarthd_push_phones", "Phones that want to be told.", phones)
    yield from _gauge("smarthd_push_pool_keys", "Keys prepared on this machine.", keys)
    yield from _gauge(
        "smarthd_push_waiting_phones", "Phones whose message waits and whose turn has come.", waiting.phones
    )
    yield from _gauge("smarthd_push_waiting_chunks", "Chunks whose turn has come.", waiting.chunks)
    yield from _gauge("smarthd_push_oldest_seconds", "Age of the oldest message with a chunk that waits.", oldest_s)
    yield from _gauge("smarthd_push_refusing_services", "Push services that refuse us.", len(selectors.push_alarms()))
    yield from _gauge(
        "smarthd_codes_failed", "Sign-in codes not delivered in a day.", selectors.failed_deliveries(since=now - DAY)
    )
    yield from _gauge(
        "smarthd_mails_failed", "E-mails not delivered in a day.", selectors.failed_mails(since=now - DAY)
    )
    yield from _gauge(
        "smarthd_jobs_stalled", "Jobs of workers that are gone, not given back yet.", jobs.stalled().count()
    )
    yield from _gauge("smarthd_jobs_failed", "Jobs that failed for good in a day.", jobs.failed_since(now - DAY))
    yield from _cell_lines(now)
    yield from _alert_lines(now)
    yield from _rehearsal_lines(now)
    name = "smarthd_push_acceptance_seconds"
    yield from (f"# HELP {name} From approval to acceptance, messages of a day.", f"# TYPE {name} summary")
    for share, seconds in selectors.acceptance_times(since=now - DAY).items():
        yield f'{name}{{quantile="{share:g}"}} {seconds:.3f}'


def _alert_lines(now: datetime) -> Iterator[str]:
    """Yield how soon each warning of a day was accepted, from its approval."""
    name = "smarthd_alert_acceptance_seconds"
    yield from (
        f"# HELP {name} From approval to acceptance by push services, a warning of the last day.",
        f"# TYPE {name} summary",
    )
    for one in operations.accepted_since(now - DAY):
        for share, seconds in one.within.items():
            yield f'{name}{{alert="{one.code}",drill="{int(one.drill)}",quantile="{share:g}"}} {seconds:.3f}'


def _rehearsal_lines(now: datetime) -> Iterator[str]:
    """Yield when a rehearsal at full size last passed, and what the latest found."""
    passed_at, row = rehearsals.last_passed_at(), rehearsals.latest()
    age_s = -1.0 if passed_at is None else (now - passed_at).total_seconds()
    yield from _gauge("smarthd_rehearsal_passed_seconds", "Since when a rehearsal last passed; -1: never.", age_s)
    if row is None:
        return
    figures = row.figures
    yield from _gauge("smarthd_rehearsal_passed", "Whether the latest rehearsal passed.", int(row.passed))
    yield from _gauge("smarthd_rehearsal_phones", "Phones of the latest rehearsal.", row.phones)
    yield from _gauge("smarthd_rehearsal_lost", "Phones it did not reach.", figures["lost"])
    yield from _gauge("smarthd_rehearsal_twice", "Messages it sent twice.", figures["twice"])
    name = "smarthd_rehearsal_acceptance_seconds"
    yield from (f"# HELP {name} From approval to acceptance in the latest rehearsal.", f"# TYPE {name} summary")
    for quantile, key in (("0.5", "p50"), ("0.95", "p95"), ("0.99", "p99"), ("1", "all_s")):
        yield f'{name}{{quantile="{quantile}"}} {figures[key]:.3f}'


def _cell_lines(now: datetime) -> Iterator[str]:
    """Yield how the exchange with other cells stands; nothing where this installation has joined none."""
    stand = cells.standing()
    if stand is None:
        return
    owed_s = 0.0 if stand.owed_since is None else (now - stand.owed_since).total_seconds()
    seen_s = -1.0 if stand.seen_at is None else (now - stand.seen_at).total_seconds()
    yield from _gauge("smarthd_relay_up", "Whether the exchange answers.", 0 if stand.fault else 1)
    yield from _gauge("smarthd_relay_seen_seconds", "Since when the exchange answered last; -1: never.", seen_s)
    yield from _gauge("smarthd_relay_sequence", "How far the exchange's log was read.", stand.sequence)
    yield from _gauge("smarthd_relay_owed", "Warnings of ours the exchange does not hold yet.", stand.owed)
    yield from _gauge("smarthd_relay_owed_seconds", "Age of the oldest of these.", owed_s)
    yield from _gauge(
        "smarthd_relay_quarantined", "Messages of others not believed and not settled.", stand.quarantined
    )


def _gauge(name: str, words: str, value: float) -> Iterator[str]:
    yield from (
        f"# HELP {name} {words}",
        f"# TYPE {name} gauge",
        f"{name} {value:g}" if value < 1e6 else f"{name} {value:.0f}",
    )
