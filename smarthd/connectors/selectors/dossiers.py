"""One-stop systems: what citizens may ask, what officials connected."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from smarthd.connectors import policies
from smarthd.connectors.errors import DossierDeskUnknown
from smarthd.connectors.models import DossierDesk, DossierFollow
from smarthd.connectors.rules import dossiers as rules
from smarthd.kernel import sealing
from smarthd.kernel.actor import Actor


def desks() -> list[DossierDesk]:
    """Return the systems that are asked, by name."""
    return list(DossierDesk.objects.filter(ended_at=None).order_by("title", "id"))


def desks_for(actor: Actor) -> list[DossierDesk]:
    """Return those within an official's reach."""
    return list(
        DossierDesk.objects.filter(ended_at=None, agency_id__in=policies.visible_agencies(actor)).order_by(
            "title", "id"
        )
    )


def desk_for(actor: Actor, uid: UUID) -> DossierDesk:
    """Return one; unseen is not found."""
    found = DossierDesk.objects.filter(uid=uid, ended_at=None).first()
    if found is None or not policies.can_see(actor, found.agency_id):
        raise DossierDeskUnknown(uid=str(uid))
    return found


def tails(follows: Iterable[DossierFollow]) -> list[tuple[DossierFollow, str]]:
    """Return each follow with the end of its code, for its owner's eyes."""
    return [(one, rules.tail(sealing.unseal(one.sealed_code, purpose="connectors.dossier-code"))) for one in follows]
