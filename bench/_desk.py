"""What measurements over HTTP share: an official signed in past the second factor, accounts with sessions, times of answers.

Call ``use_world`` before. What is planted here stays in the world of measurements and is found again.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bench.web import read_answer, request_of

LATER = 90 * 24 * 3600


def official_cookie() -> str:
    """Return the cookie of an administrator of the province's committee."""
    from django.contrib.auth import get_user_model

    from config.seeding.world import NOW
    from smarthd.agencies import selectors as agencies
    from smarthd.agencies import services
    from smarthd.agencies.rules import Kind, Role
    from smarthd.kernel.actor import system

    (province,) = agencies.agencies_on(NOW.date(), kinds=(Kind.PROVINCE_COMMITTEE,))
    holders = agencies.holders_of(Role.ADMINISTRATOR, [province.id], NOW)
    if holders:
        return cookie_of(holders[province.id][0])
    account = get_user_model().objects.create(created_at=NOW)
    services.grant_role(
        account_id=account.pk, agency_id=province.id, role=Role.ADMINISTRATOR, actor=system("bench"), now=NOW
    )
    return cookie_of(account.pk)


def cookie_of(account_id: int) -> str:
    """Return a cookie of a new session of an account, as signing in with a second factor leaves it."""
    return cookies_of([account_id])[0]


def cookies_of(account_ids: Sequence[int]) -> list[str]:
    """Return cookies of new sessions, written at once."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    rows = []
    for account in get_user_model().objects.filter(pk__in=account_ids):
        said = {
            SESSION_KEY: str(account.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: account.get_session_auth_hash(),
            "account_authentication_methods_user": str(account.pk),
            "account_authentication_methods": [{"method": "mfa", "at": time.time()}],
        }
        session = SessionStore()
        session.update(said)
        rows.append(
            store.model(
                session_key=session._get_new_session_key(),
                session_data=store.encode(said),
                expire_date=datetime.fromtimestamp(time.time() + LATER, UTC),
            )
        )
    store.model.objects.bulk_create(rows)
    return [f"{settings.SESSION_COOKIE_NAME}={row.session_key}" for row in rows]


def answer_times(port: int, path: str, headers: dict[str, str], *, times: int, warm: int = 3) -> list[float]:
    """Return the seconds of each of some answers to one reader on one connection, after a few to warm up; all must be 200."""
    seconds = []
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        rest = b""
        for at in range(warm + times):
            started = time.perf_counter()
            connection.sendall(request_of(path, headers))
            head, _body, rest = read_answer(connection, rest)
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"{path}: {head.decode('latin-1')}")
            if at >= warm:
                seconds.append(time.perf_counter() - started)
    return seconds


def p95(values: Iterable[float]) -> float:
    """Return the value that 95 of 100 do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
