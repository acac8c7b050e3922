"""Builders: a small land with duty officers, and warnings brought to any state through the services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.contrib.auth import get_user_model

from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Kind, Role
from smarthd.alerts.models import Alert
from smarthd.alerts.rules.hazards import FACTS, Hazard
from smarthd.alerts.rules.messages import Certainty, Channel, Response, Severity, Status, Urgency
from smarthd.alerts.services import approving, composing
from smarthd.alerts.values import Draft
from smarthd.kernel.actor import Actor, system
from smarthd.places.tests import make as places_make
from smarthd.places.values import UnitView

NOW = datetime(2024, 9, 6, 19, 0, tzinfo=UTC)  # 2:00 on Saturday 7/9/2024 in Hải Dương: the storm comes up the river
SYSTEM = system("test")


@dataclass(frozen=True)
class Land:
    """Six communes; a province's committee with its duty officers; the committees of the first two communes."""

    units: dict[str, UnitView]
    province: int
    commune: int
    other: int
    author: Actor
    approver: Actor
    second: Actor
    commune_author: Actor
    commune_approver: Actor
    dispatcher: Actor
    other_dispatcher: Actor
    head: Actor
    auditor: Actor

    def at(self, *names: str) -> tuple[int, ...]:
        """Return the ids of communes."""
        return tuple(self.units[name].id for name in names)


def land(tmp_path: Path) -> Land:
    """Make the land and everybody's roles."""
    units = places_make.small_land(tmp_path)

    def found(kind: Kind, name: str, code: str, parent: int | None, place: str) -> int:
        new = agency_services.NewAgency(kind=kind, name=name, code=code, parent_id=parent, place_id=units[place].id)
        return agency_services.found_agency(new, valid_from=date(2024, 1, 1)).pk

    province = found(Kind.PROVINCE_COMMITTEE, "Ủy ban nhân dân tỉnh Nhà", "ubnd-1", None, "p")
    commune = found(Kind.COMMUNE_COMMITTEE, "Ủy ban nhân dân xã c0", "ubnd-100", province, "c0")
    other = found(Kind.COMMUNE_COMMITTEE, "Ủy ban nhân dân xã c1", "ubnd-101", province, "c1")
    return Land(
        units,
        province,
        commune,
        other,
        author=officer(province, Role.ALERT_AUTHOR),
        approver=officer(province, Role.ALERT_APPROVER),
        second=officer(province, Role.ALERT_APPROVER),
        commune_author=officer(commune, Role.ALERT_AUTHOR),
        commune_approver=officer(commune, Role.ALERT_APPROVER),
        dispatcher=officer(commune, Role.DISPATCHER),
        other_dispatcher=officer(other, Role.DISPATCHER),
        head=officer(province, Role.HEAD),
        auditor=officer(province, Role.AUDITOR),
    )


def account(home: int | None = None) -> int:
    """Return the id of a new account."""
    return int(get_user_model().objects.create(created_at=NOW - timedelta(days=100), home_id=home).pk)


def officer(agency_id: int, *roles: Role) -> Actor:
    """Return a new official holding roles at an agency, with a second factor."""
    account_id = account()
    for role in roles:
        agency_services.grant_role(
            account_id=account_id, agency_id=agency_id, role=role, actor=SYSTEM, now=NOW - timedelta(days=90)
        )
    return agencies.actor_for(account_id, NOW, second_factor=True)


def proving(actor: Actor, factor: str = "totp") -> Actor:
    """Return the actor as one who gave a factor for this very approval."""
    return actor.knowing(**{approving.PROOF: factor})


def draft(land: Land, **changes: object) -> Draft:
    """Return a flood warning for the first two communes, right in every way."""
    whole = Draft(
        hazard=Hazard.RIVER_FLOOD,
        status=Status.ACTUAL,
        level=3,
        urgency=Urgency.IMMEDIATE,
        severity=Severity.SEVERE,
        certainty=Certainty.OBSERVED,
        responses=(Response.EVACUATE,),
        headline_vi="Lũ sông Thái Bình lên nhanh: rời bãi ngoài đê ngay",
        description_vi="Mực nước lúc 1 giờ là 5,2 m, trên báo động 3, còn tiếp tục lên.",
        instruction_vi="Rời vùng bãi ngoài đê đến nhà văn hóa thôn. Cần cứu giúp gọi 112.",
        headline_en="Thai Binh river rising fast: leave land outside the dikes now",
        description_en="The river stood at 5.2 m at 01:00, above alarm level 3, and is rising.",
        instruction_en="Leave land outside the dikes for the village hall. For rescue call 112.",
        contact="0220 3 852 000",
        effective_at=NOW,
        expires_at=NOW + timedelta(hours=8),
        communes=land.at("c0", "c1"),
        channels=tuple(Channel),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def composed(land: Land, *, now: datetime = NOW, **changes: object) -> Alert:
    """Return a draft of the province's duty officer."""
    return composing.compose(draft(land, **changes), agency_id=land.province, actor=land.author, now=now)


def pending(land: Land, *, now: datetime = NOW, **changes: object) -> Alert:
    """Return a warning handed in for approval."""
    alert = composed(land, now=now, **changes)
    return composing.submit(alert.uid, version=alert.version, actor=land.author, now=now)


def issued(land: Land, *, now: datetime = NOW, **changes: object) -> Alert:
    """Return a warning in force."""
    alert = pending(land, now=now, **changes)
    return approving.approve_alert(alert.uid, content_hash=alert.content_hash, actor=proving(land.approver), now=now)


def levels_of(hazard: Hazard) -> bool:
    """Say whether a hazard has risk levels."""
    return FACTS[hazard].levels
