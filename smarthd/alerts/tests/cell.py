"""One cell as a process of its own: ``python -m smarthd.alerts.tests.cell plant | issue N | change update|cancel CODE | pin … | tell``.

For tests of several cells, each with its own database and data folder; every act is the one the product's pages do.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any


def plant() -> dict[str, Any]:
    """Make the land and its officers; return our sender and certificate."""
    from smarthd.alerts.cap import keys
    from smarthd.alerts.tests import make

    land = make.land(Path(tempfile.mkdtemp()))
    ids = {"author": land.author.account_id, "approver": land.approver.account_id, "province": land.province}
    return {"sender": keys.sender(), "pem": keys.signer().certificate_pem.decode(), **ids}


def _officers(facts: dict[str, Any]) -> tuple[Any, Any]:
    from smarthd.agencies import selectors as agencies
    from smarthd.alerts.tests import make
    from smarthd.kernel import clock

    author, approver = (agencies.actor_for(facts[name], clock.now(), second_factor=True) for name in ("author", "approver"))  # fmt: skip
    return author, make.proving(approver)


def _approved(alert: Any, facts: dict[str, Any]) -> dict[str, Any]:
    from smarthd.alerts.services import approving, composing
    from smarthd.kernel import clock

    author, approver = _officers(facts)
    alert = composing.submit(alert.uid, version=alert.version, actor=author, now=clock.now())
    alert = approving.approve_alert(alert.uid, content_hash=alert.content_hash, actor=approver, now=clock.now())
    return {"code": alert.code, "identifier": alert.identifier}


def issue(facts: dict[str, Any], many: int) -> list[dict[str, Any]]:
    """Write, hand in and approve some warnings."""
    from smarthd.alerts.services import composing
    from smarthd.alerts.tests import make
    from smarthd.kernel import clock
    from smarthd.places import selectors as places

    now = clock.now()
    communes = [unit.id for unit in places.units_on(clock.day_of(now), "commune")[:2]]

    class Here:
        def at(self, *_names: str) -> tuple[int, ...]:
            return tuple(communes)

    made = []
    for number in range(many):
        draft = make.draft(Here(), headline_vi=f"Lũ lên nhanh, tin số {number}", effective_at=now, expires_at=now + timedelta(hours=6))  # type: ignore[arg-type]  # fmt: skip
        author, _ = _officers(facts)
        made.append(_approved(composing.compose(draft, agency_id=facts["province"], actor=author, now=now), facts))
    return made


def change(facts: dict[str, Any], kind: str, code: str) -> dict[str, Any]:
    """Update or cancel a warning in force."""
    from smarthd.alerts.models import Alert
    from smarthd.alerts.rules.messages import Kind
    from smarthd.alerts.services import composing, content
    from smarthd.kernel import clock

    author, _ = _officers(facts)
    before = Alert.objects.get(code=code)
    alert = composing.draft_change(before.uid, kind=Kind(kind), actor=author, now=clock.now())
    words = replace(content.draft_of(alert), headline_vi=f"Tin thay {code}", headline_en=f"Instead of {code}")
    return _approved(composing.edit(alert.uid, words, version=alert.version, actor=author, now=clock.now()), facts)


def pin(key: str, sender: str, pem: str) -> None:
    """Pin another cell's certificate."""
    from smarthd.alerts.services import importing
    from smarthd.kernel import clock
    from smarthd.kernel.actor import system

    importing.trust_source(key, name=key, sender=sender, certificate_pem=pem.encode(), actor=system("test"), now=clock.now())  # fmt: skip


def tell() -> dict[str, Any]:
    """Return what came in, in the order in which it came, how far the log was read, what is owed and what is kept apart."""
    from smarthd.alerts.models import ImportedMessage, QuarantinedMessage, RelayPosition, RelayPost

    rows = ImportedMessage.objects.order_by("id").values_list("identifier", "note", "alert__code")
    position = RelayPosition.objects.first()
    return {
        "identifiers": [identifier for identifier, _, _ in rows],
        "notes": [note for _, note, _ in rows],
        "drafts": sum(code is not None for _, _, code in rows),
        "sequence": position.sequence if position else 0,
        "fault": position.fault if position else "",
        "posts": RelayPost.objects.count(),
        "quarantined": QuarantinedMessage.objects.filter(settled_at=None).count(),
    }


def main() -> None:
    """Do one act and print what came of it."""
    import django

    django.setup()
    act, *words = json.loads(sys.argv[1])
    sys.stdout.write(
        json.dumps({"plant": plant, "issue": issue, "change": change, "pin": pin, "tell": tell}[act](*words))
    )


if __name__ == "__main__":
    main()
