"""How far a warning came, commune by commune: phones told, notifications shown, pages opened, people safe, people who need help."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Sum

from smarthd.alerts.models import Alert, Answer, Echo, Opening
from smarthd.alerts.ports import Audience, CommuneReach
from smarthd.alerts.rules.states import Echoed, Help
from smarthd.alerts.services import broadcasting
from smarthd.kernel import clock
from smarthd.messaging.selectors.texts import TextsView, texts
from smarthd.places import selectors as places


@dataclass(frozen=True, slots=True)
class Line:
    """One commune's line; phones are None where no push is wired. Openings and answers are of the whole incident.

    ``accepted``: push services took it; ``shown``: phones told that they put it on their screen; ``pressed``: it was pressed there;
    ``opened``: phones that opened the page by whatever way.
    """

    commune_id: int
    name: str
    targeted: int | None
    accepted: int | None
    shown: int
    pressed: int
    opened: int
    safe: int
    waiting: int
    assigned: int
    closed: int


@dataclass(frozen=True, slots=True)
class Table:
    """The lines, their sum, and whether phones are told by push at all. ``elsewhere``: shown, pressed, opened on phones that chose another

    commune or none; the sum holds them. ``one_in``: one phone in so many told what it showed; above 1 ``shown`` and ``pressed`` are estimates. ``texts``: how the texts that stand in for push went, None where there were none.
    """

    lines: tuple[Line, ...]
    whole: Line
    connected: bool
    waiting_phones: int
    gone: int
    failed: int
    elsewhere: tuple[int, int, int] = (0, 0, 0)
    one_in: int = 1
    texts: TextsView | None = None


def table_of(alert: Alert, *, now: datetime) -> Table:
    """Return the reach of a warning; six statements, whatever the number of communes."""
    sent = broadcasting.broadcaster().reach(broadcasting.key_of(alert.uid))
    opened: Counter[int | None] = Counter(
        dict(Opening.objects.filter(alert__incident=alert.incident).values_list("commune").annotate(n=Count("id")))
    )
    echoes, one_in = _echoes(alert)
    told_by_text = texts(broadcasting.key_of(alert.uid))
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
                shown=echoes[Echoed.SHOWN].pop(commune, 0),
                pressed=echoes[Echoed.PRESSED].pop(commune, 0),
                opened=opened.pop(commune, 0),
                safe=found["safe"],
                waiting=found[Help.OPEN],
                assigned=found[Help.ASSIGNED],
                closed=found[Help.CLOSED],
            )
        )
    lines.sort(key=lambda line: (-line.waiting, -line.assigned, line.name))
    elsewhere = (echoes[Echoed.SHOWN].total(), echoes[Echoed.PRESSED].total(), opened.total())
    sums = [
        sum(getattr(line, name) for line in lines)
        for name in ("shown", "pressed", "opened", "safe", "waiting", "assigned", "closed")
    ]
    whole = Line(
        0,
        "",
        sent.targeted if sent.connected else None,
        sent.accepted if sent.connected else None,
        *(own + other for own, other in zip(sums[:3], elsewhere, strict=True)),
        *sums[3:],
    )
    return Table(
        tuple(lines), whole, sent.connected, sent.waiting, sent.gone, sent.failed, elsewhere, one_in, told_by_text
    )


def _echoes(alert: Alert) -> tuple[dict[str, Counter[int | None]], int]:
    """Return what phones told of the incident's notifications, by what and commune, and the largest weight among them."""
    found: dict[str, Counter[int | None]] = {what: Counter() for what in Echoed}
    heaviest = 1
    rows = Echo.objects.filter(alert__incident=alert.incident).values_list("what", "commune")
    for what, commune, phones, weight in rows.annotate(n=Sum("weight"), most=Max("weight")):
        found[what][commune] = phones
        heaviest = max(heaviest, weight)
    return found, heaviest


def audience_of(communes: tuple[int, ...]) -> Audience:
    """Return who would be told now."""
    return broadcasting.broadcaster().audience(communes)
