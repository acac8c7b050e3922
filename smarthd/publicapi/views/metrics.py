"""What whoever watches the site measures, in Prometheus's text format 0.0.4; numbers only, behind a token of its own."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from smarthd.kernel import clock
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
    name = "smarthd_push_acceptance_seconds"
    yield from (f"# HELP {name} From approval to acceptance, messages of a day.", f"# TYPE {name} summary")
    for share, seconds in selectors.acceptance_times(since=now - DAY).items():
        yield f'{name}{{quantile="{share:g}"}} {seconds:.3f}'


def _gauge(name: str, words: str, value: float) -> Iterator[str]:
    yield from (
        f"# HELP {name} {words}",
        f"# TYPE {name} gauge",
        f"{name} {value:g}" if value < 1e6 else f"{name} {value:.0f}",
    )
