"""Rows as the values pages show."""

from __future__ import annotations

from collections.abc import Iterable

from smarthd.alerts.models import Alert
from smarthd.alerts.rules import levels, messages
from smarthd.alerts.rules.hazards import Hazard
from smarthd.alerts.rules.messages import Certainty, Kind, Response, Severity, Status, Urgency
from smarthd.alerts.rules.saying import Told
from smarthd.alerts.rules.states import OUT, State
from smarthd.alerts.values import AlertView
from smarthd.kernel import clock
from smarthd.places import selectors as places


def view(alert: Alert, *, replaced_by: str = "") -> AlertView:
    """Return one warning as it is shown; its communes as they stood on the day it went out."""
    day = clock.day_of(alert.issued_at or alert.drafted_at)
    units = sorted(places.views(alert.communes, day).values(), key=lambda unit: unit.code)
    severity, urgency = Severity(alert.severity), Urgency(alert.urgency)
    return AlertView(
        uid=alert.uid,
        code=alert.code,
        incident=alert.incident,
        state=State(alert.state),
        kind=Kind(alert.kind),
        status=Status(alert.status),
        hazard=Hazard(alert.hazard),
        level=alert.level,
        urgency=urgency,
        severity=severity,
        certainty=Certainty(alert.certainty),
        responses=tuple(Response(one) for one in alert.responses),
        headline_vi=alert.headline_vi,
        description_vi=alert.description_vi,
        instruction_vi=alert.instruction_vi,
        headline_en=alert.headline_en,
        description_en=alert.description_en,
        instruction_en=alert.instruction_en,
        contact=alert.contact,
        sender_name=alert.sender_name,
        agency_id=alert.agency_id,
        effective_at=alert.effective_at,
        expires_at=alert.expires_at,
        issued_at=alert.issued_at,
        ended_at=alert.ended_at,
        commune_ids=tuple(alert.communes),
        commune_codes=tuple(unit.code for unit in units),
        places=tuple(unit.full_name for unit in units),
        ring=tuple((lon, lat) for lon, lat in alert.ring or ()),
        identifier=alert.identifier,
        life=messages.is_life(severity, urgency),
        colour=levels.key_of(alert.level, severity),
        replaced_by=replaced_by,
    )


def told(alert: Alert | AlertView) -> Told:
    """Return what the renderings for push, loudspeaker and press need."""
    shown = alert if isinstance(alert, AlertView) else view(alert)
    return Told(
        status=shown.status,
        kind=shown.kind,
        headline_vi=shown.headline_vi,
        description_vi=shown.description_vi,
        instruction_vi=shown.instruction_vi,
        headline_en=shown.headline_en,
        description_en=shown.description_en,
        instruction_en=shown.instruction_en,
        level=shown.level,
        sender=shown.sender_name,
        contact=shown.contact,
        places=shown.places,
        effective=shown.effective_at.astimezone(clock.ZONE),
        expires=shown.expires_at.astimezone(clock.ZONE),
        code=shown.code,
    )


def successors(alerts: Iterable[Alert]) -> dict[int, str]:
    """Return the code of what replaced each of the warnings, by row id; one query."""
    ids = [alert.pk for alert in alerts]
    rows = Alert.objects.filter(replaces_id__in=ids, state__in=list(OUT)).values_list("replaces_id", "code")
    return {pk: code for pk, code in rows if pk is not None}
