"""Popular names as they are asked and kept."""

from __future__ import annotations

from smarthd.finding import policies
from smarthd.finding.models import Entry, PopularName
from smarthd.finding.values import PopularNameView
from smarthd.kernel import lexemes, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


def meant_by(said: str) -> str:
    """Return the official words a popular name stands for, "" where what is said is none. One statement."""
    found = PopularName.objects.filter(said_folded=text.fold(said)[:80], ended_at=None).order_by("id")
    return found.values_list("meant", flat=True).first() or ""


def names_for(actor: Actor) -> list[PopularNameView]:
    """Return the names in force with how many entries each finds; raises NotAllowed."""
    require(policies.can_keep_names(actor))
    return [
        PopularNameView(uid=one.uid, said=one.said, meant=one.meant, added_at=one.added_at, hits=_hits(one.meant))
        for one in PopularName.objects.filter(ended_at=None).order_by("said_folded", "meant")
    ]


def _hits(meant: str) -> int:
    told = lexemes.every(lexemes.words(meant), before="^")
    return Entry.objects.extra(where=["heads @@ %s::tsquery"], params=[told]).count() if told else 0
