"""What a public row is found by: the words of all that is shown, its title's spelling, its telephone numbers, its commune and its place on the map."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.mapping import Mapping
from smarthd.kernel import lexemes

_LONGEST_TOLD = 8_000
_TERM = re.compile(r"[a-z]{2,20}")


def facet_of_source(source_id: int) -> str:
    """Return the facet all rows of a dataset bear."""
    return f"@s{source_id}"


def facet_of_unit(unit_id: int) -> str:
    """Return the facet of what lies in a unit."""
    return f"@u{unit_id}"


def vector_of(
    mapping: Mapping, title: str, source_id: int, dataset: str
) -> Callable[[str, int | None, float | None, float | None], str]:
    """Return what tells the vector of a row: of its values as JSON, its unit, latitude and longitude.

    ``title`` names the field it is called by; ``dataset`` is what the dataset is called, by which its rows are found too.
    """
    others = [one.key for one in mapping.fields if one.shown and one.key != title]
    phones = [one.key for one in mapping.of_kind(Kind.PHONE) if one.shown]
    own = facet_of_source(source_id)

    def vector(written: str, unit_id: int | None, lat: float | None, lon: float | None) -> str:
        values = json.loads(written)
        facets = [own]
        if unit_id is not None:
            facets.append(facet_of_unit(unit_id))
        if lat is not None and lon is not None:
            facets.append(lexemes.cell(lat, lon))
        told = [dataset, *(str(values[key]) for key in others if values.get(key) is not None)]
        told += [
            str(values[key])[1:] for key in phones if values.get(key)
        ]  # a spreadsheet eats the first zero, and so do people
        called = str(values.get(title) or "")[:400]
        return lexemes.vector(titles=(called,), more=" ".join(told)[:_LONGEST_TOLD], facets=facets, rows=True)

    return vector


def terms_of(vector: str) -> Iterable[str]:
    """Return the words of a vector that may be meant when others are typed: letters alone, each once."""
    return {part for part in vector.split(" ") if _TERM.fullmatch(part)}
