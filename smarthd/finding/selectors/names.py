"""Popular names as they are asked and kept."""

from __future__ import annotations

from django.db import connection

from smarthd.finding import policies
from smarthd.finding.models import PopularName
from smarthd.finding.values import PopularNameView
from smarthd.kernel import lexemes, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


def meant_by(said: str) -> str:
    """Return the official words a popular name stands for, "" where what is said is none. One statement."""
    found = PopularName.objects.filter(said_folded=text.fold(said)[:80], ended_at=None).order_by("id")
    return found.values_list("meant", flat=True).first() or ""


def names_for(actor: Actor) -> list[PopularNameView]:
    """Return the names in force with how many entries each finds; raises NotAllowed. Two statements."""
    require(policies.can_keep_names(actor))
    rows = list(PopularName.objects.filter(ended_at=None).order_by("said_folded", "meant"))
    hits = _hits([lexemes.every(lexemes.words(one.meant), before="^") for one in rows])
    return [
        PopularNameView(uid=one.uid, said=one.said, meant=one.meant, added_at=one.added_at, hits=count)
        for one, count in zip(rows, hits, strict=True)
    ]


def _hits(asked: list[str]) -> list[int]:
    """Return how many entries answer each tsquery."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM finding_entry WHERE heads @@ told.q::tsquery) "
            "FROM unnest(%s::text[]) WITH ORDINALITY AS told(q, place) ORDER BY place",
            [asked],
        )
        return [int(count) for (count,) in cursor.fetchall()]
