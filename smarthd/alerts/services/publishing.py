"""One small file a commune with what is in force there: written whole or not at all, so that a web server can hand it out alone.

The files are the fallback truth: they stay readable when the application and the database are down.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from smarthd.alerts.cap import keys
from smarthd.alerts.models import Alert
from smarthd.alerts.rules.messages import Status
from smarthd.alerts.selectors import public
from smarthd.alerts.values import AlertView
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

BATCH = 20  # files written under one hold of the lock: a warning that goes out meanwhile waits for so many at most
_WRITERS = 5_112_026


def folder() -> Path:
    """Return where the files lie."""
    return Path(settings.DATA_DIR) / "canh-bao" / "xa"


def file_of(code: str) -> Path:
    """Return the file of a commune's code; only digits and letters name a file."""
    return folder() / f"{''.join(letter for letter in code if letter.isalnum())}.json"


def body(unit: UnitView, found: Sequence[AlertView]) -> bytes:
    """Return a commune's file: every warning of ``found`` that concerns it, in their order; it changes only when they do."""
    mine = [as_json(one) for one in found if unit.id in one.commune_ids]
    told = {"commune": unit.code, "name": unit.full_name, "alerts": mine}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def present_body(unit: UnitView, now: datetime) -> bytes:
    """Return what would stand in a commune's file that was never written."""
    return body(unit, public.active(now))


def as_json(alert: AlertView) -> dict[str, object]:
    """Return one warning for machines and for our own pages."""
    return {
        "code": alert.code,
        "identifier": alert.identifier,
        "url": f"/canh-bao/{alert.code}/",
        "cap": f"/canh-bao/{alert.code}.xml",
        "status": alert.status.value,
        "kind": alert.kind.value,
        "hazard": alert.hazard.value,
        "level": alert.level,
        "colour": alert.colour,
        "severity": alert.severity.value,
        "urgency": alert.urgency.value,
        "life": alert.life,
        "headline": {"vi": alert.headline_vi, "en": alert.headline_en},
        "description": {"vi": alert.description_vi, "en": alert.description_en},
        "instruction": {"vi": alert.instruction_vi, "en": alert.instruction_en},
        "sender": alert.sender_name,
        "contact": alert.contact,
        "effective": alert.effective_at.isoformat(timespec="seconds"),
        "expires": alert.expires_at.isoformat(timespec="seconds"),
        "issued": alert.issued_at.isoformat(timespec="seconds") if alert.issued_at else None,
    }


def publish_for(uid: UUID, *, now: datetime) -> int:
    """Write the files of the communes one warning concerns. Returns how many changed; a test concerns nobody's file."""
    alert = Alert.objects.only("communes", "status").get(uid=uid)
    return 0 if alert.status == Status.TEST else publish(alert.communes, now=now)


def publish(commune_ids: Iterable[int], *, now: datetime) -> int:
    """Write the files of some communes. Returns how many changed.

    One writer at a time, whatever the process, and what is in force is read under the lock: whoever read an older state has written
    before whoever read a newer one.
    """
    wanted = set(commune_ids)
    units = [unit for unit in places.units_on(clock.day_of(now), "commune") if unit.id in wanted and unit.code]
    return sum(_publish_some(units[first : first + BATCH], now) for first in range(0, len(units), BATCH))


@transaction.atomic
def _publish_some(units: Sequence[UnitView], now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITERS])
    found = public.active_now(now)
    return sum(_write(file_of(unit.code), body(unit, found)) for unit in units)


def publish_all(*, now: datetime) -> int:
    """Write every commune's file anew. Returns how many changed."""
    return publish([unit.id for unit in places.units_on(clock.day_of(now), "commune")], now=now)


def _write(place: Path, content: bytes) -> bool:
    """Put content in place of a file's at once; readers see the old or the new, never half. Returns whether it was another."""
    try:
        if place.read_bytes() == content:
            return False
    except FileNotFoundError:
        place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    return True


def certificate() -> bytes:
    """Return the certificate (PEM) by which our messages are verified; others pin it."""
    return keys.signer().certificate_pem
