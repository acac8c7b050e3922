"""NGSI-LD context brokers (ETSI GS CIM 009): entities of a type, normalized or as key-values, as rows with a point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from smarthd.connectors.adapters import documents
from smarthd.connectors.adapters.rest import let_in, with_query
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.ports import FROM_THE_START, Offer, Reader, SourceRefused, State, Table

EACH_PAGE = 100
MOST_PAGES = 2_000
_GEOMETRIES = {"Point", "Polygon", "LineString", "MultiPoint", "MultiPolygon", "MultiLineString"}


class ContextBroker(Reader):
    """Reads a broker. ``place``: url (its root), type, form (keyValues, normalized), context (address of the @context), tenant."""

    def __init__(self, place: Mapping[str, object], *, secret: Mapping[str, str], web: Web) -> None:
        self._place, self._secret, self._web = place, secret, web

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return every entity of the type as one row."""
        return documents.json_table([entity_row(one) for one in self._entities()])

    def offers(self) -> list[Offer]:
        """Return the types of entities the broker holds."""
        told = documents.parsed_json(self._web.get(f"{self._root}/types", headers=self._headers()).body)
        listed = told.get("typeList") if isinstance(told, Mapping) else told
        names = [one if isinstance(one, str) else str(one.get("typeName") or one.get("id")) for one in listed or []]
        return [Offer("type", name) for name in names[:1_000]]

    @property
    def _root(self) -> str:
        base = str(self._place.get("url") or "").rstrip("/")
        return base if base.endswith("/ngsi-ld/v1") else f"{base}/ngsi-ld/v1"

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", **let_in(self._place, self._secret, self._web)}
        if context := str(self._place.get("context") or ""):
            headers["Link"] = f'<{context}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
        if tenant := str(self._place.get("tenant") or ""):
            headers["NGSILD-Tenant"] = tenant
        return headers

    def _entities(self) -> Iterator[Mapping[str, Any]]:
        asked = {"type": self._place.get("type") or "", "limit": EACH_PAGE}
        if (self._place.get("form") or "keyValues") == "keyValues":
            asked["options"] = "keyValues"
        headers, seen = self._headers(), 0
        for _page in range(MOST_PAGES):
            answer = self._web.get(with_query(f"{self._root}/entities", **asked, offset=seen), headers=headers)
            found = documents.records(documents.parsed_json(answer.body), "")
            yield from found
            seen += len(found)
            if len(found) < EACH_PAGE:
                return
            if seen > documents.MOST_ROWS:
                msg = f"nhiều hơn {documents.MOST_ROWS} mục"
                raise SourceRefused(msg)


def entity_row(entity: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entity as one flat object: ``id``, its attributes' values, when each was observed, and a point where it has a place."""
    row: dict[str, Any] = {"id": entity.get("id", "")}
    point = ("", "")
    for name, told in entity.items():
        if name in {"id", "type", "@context"}:
            continue
        value, more = _value(told)
        if isinstance(value, Mapping) and value.get("type") in _GEOMETRIES:
            if name == "location" or not point[0]:
                point = documents.point(value)
            continue
        row[name] = value
        row |= {f"{name}.{key}": one for key, one in more.items()}
    return {**row, "Vĩ độ": point[0], "Kinh độ": point[1]}


def _value(told: Any) -> tuple[Any, dict[str, Any]]:
    """Return an attribute's value, whichever way it is written, and what else is told of it."""
    if isinstance(told, list) and told and all(isinstance(one, Mapping) and "datasetId" in one for one in told[1:]) and isinstance(told[0], Mapping) and len(told) > 1:  # fmt: skip
        told = told[0]
    if not isinstance(told, Mapping):
        return told, {}
    if "@value" in told:
        return told["@value"], {}
    if told.get("type") in _GEOMETRIES:
        return told, {}
    for key in ("value", "object", "vocab"):
        if key in told:
            return _value(told[key])[0], {one: told[one] for one in ("observedAt", "unitCode") if one in told}
    if isinstance(told.get("languageMap"), Mapping):
        words = told["languageMap"]
        return words.get("vi") or next(iter(words.values()), ""), {}
    return told, {}
