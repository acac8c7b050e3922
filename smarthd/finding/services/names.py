"""Popular names: added and ended by people, heard by the index at once after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.finding import policies
from smarthd.finding.errors import NameKnown, NameSaysNothing, NameUnknown
from smarthd.finding.models import PopularName
from smarthd.finding.rules.popular import POPULAR
from smarthd.kernel import audit, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


@dataclass(frozen=True, slots=True)
class InForce:
    """The names in force as (said, folded meant)."""

    names: tuple[tuple[str, str], ...]

    def of(self, title: str) -> tuple[str, ...]:
        """Return what people say for a title: the names whose meant words stand in it, one after another."""
        folded = f" {text.fold(title)} "
        return tuple(said for said, meant in self.names if f" {meant} " in folded)


def in_force() -> InForce:
    """Return the names in force."""
    rows: Iterable[tuple[str, str]] = (
        PopularName.objects.filter(ended_at=None).order_by("id").values_list("said", "meant")
    )
    return InForce(tuple((said, text.fold(meant)) for said, meant in rows))


@transaction.atomic
def begin_with_popular(*, now: datetime) -> int:
    """Write the names the installation begins with, once: where none ever was. Return how many."""
    if PopularName.objects.exists():
        return 0
    made = [PopularName(said=said, said_folded=text.fold(said), meant=meant, added_at=now) for said, meant in POPULAR]
    PopularName.objects.bulk_create(made)
    return len(made)


@transaction.atomic
def add_name(said: str, meant: str, *, actor: Actor, now: datetime) -> UUID:
    """Let what people say find what offices write. Raises NotAllowed, NameSaysNothing, NameKnown."""
    require(policies.can_keep_names(actor))
    said, meant = text.nfc(said)[:80], text.nfc(meant)[:160]
    fields = {}
    if len(text.fold(said)) < 2:
        fields["said"] = "Ghi tên bà con hay gọi, ít nhất hai chữ cái."
    if len(text.fold(meant)) < 2:
        fields["meant"] = "Ghi những chữ có trong tên chính thức, ít nhất hai chữ cái."
    if fields:
        raise NameSaysNothing(fields=fields)
    if PopularName.objects.filter(said_folded=text.fold(said), meant=meant, ended_at=None).exists():
        raise NameKnown(said=said)
    name = PopularName.objects.create(
        said=said, said_folded=text.fold(said), meant=meant, added_at=now, added_by_id=actor.account_id
    )
    audit.record(actor, "finding.name_added", name, at=now, said=said, meant=meant)
    _heard()
    return name.uid


@transaction.atomic
def end_name(uid: UUID, *, actor: Actor, now: datetime) -> None:
    """Let a popular name find nothing any more. Raises NotAllowed, NameUnknown."""
    require(policies.can_keep_names(actor))
    name = PopularName.objects.select_for_update().filter(uid=uid, ended_at=None).first()
    if name is None:
        raise NameUnknown(uid=str(uid))
    name.ended_at = now
    name.save(update_fields=["ended_at"])
    audit.record(actor, "finding.name_ended", name, at=now, said=name.said, meant=name.meant)
    _heard()


def _heard() -> None:
    """Have every part written anew whose titles may hold the words."""
    from smarthd.finding.services import gathering, keeping  # they read the names

    for part in gathering.PARTS:
        keeping.ask(part)
