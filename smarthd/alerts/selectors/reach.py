"""How far a warning came, commune by commune: phones told, pages opened, people safe, people who need help."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from smarthd.alerts.models import Alert, Answer, Opening
from smarthd.alerts.ports import Audience, CommuneReach
from smarthd.alerts.rules.states import Help
from smarthd.alerts.services import broadcasting
from smarthd.kernel import clock
from smarthd.places import selectors as places


@dataclass(frozen=True, slots=True)
class Line:
    """One commune's line; phones are None where no push is wired. Openings and answers are of the whole incident."""

    commune_id: int
    name: str
    targeted: int | None
    accepted: int | None
    opened: int
    safe: int
    waiting: int
    assigned: int
    closed: int


@dataclass(frozen=True, slots=True)
class Table:
    """The lines, their sum, and whether phones are told by push at all; ``elsewhere``: answers from communes not targeted."""

    lines: tuple[Line, ...]
    whole: Line
    connected: bool
    waiting_phones: int
    gone: int
    failed: int


def table_of(alert: Alert, *, now: datetime) -> Table:
    """Return the reach of a warning; four statements, whatever the number of communes."""
    sent = broadcasting.broadcaster().reach(broadcasting.key_of(alert.uid))
    opened = Counter(
        dict(Opening.objects.filter(alert__incident=alert.incident).values_list("commune").annotate(n=Count("id")))
    )
    said: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Answer.objects.filter(incident=alert.incident, superseded_at=None).values_list("commune", "answer", "state")
    for commune, answer, state, count in rows.annotate(n=Count("id")):
        said[commune][state if answer == "help" else "safe"] += count
    extra = sorted(set(said) - set(alert.communes))
    names = places.views([*alert.communes, *extra], clock.day_of(now))
    lines = []
    for commune in [*alert.communes, *extra]:
        found, told = said[commune], sent.by_commune.get(commune, CommuneReach())
        lines.append(
            Line(
                commune_id=commune,
                name=names[commune].full_name,
                targeted=told.targeted if sent.connected else None,
                accepted=told.accepted if sent.connected else None,
                opened=opened.get(commune, 0),
                safe=found["safe"],
                waiting=found[Help.OPEN],
                assigned=found[Help.ASSIGNED],
                closed=found[Help.CLOSED],
            )
        )
    lines.sort(key=lambda line: (-line.waiting, -line.assigned, line.name))
    whole = Line(
        0,
        "",
        sent.targeted if sent.connected else None,
        sent.accepted if sent.connected else None,
        *(sum(getattr(line, name) for line in lines) for name in ("opened", "safe", "waiting", "assigned", "closed")),
    )
    return Table(tuple(lines), whole, sent.connected, sent.waiting, sent.gone, sent.failed)


def audience_of(communes: tuple[int, ...]) -> Audience:
    """Return who would be told now."""
    return broadcasting.broadcaster().audience(communes)
