"""OGC WFS 1.0, 1.1 and 2.0: the features of a layer as GeoJSON where the server writes it, else as GML; by pages where it can.

Axes are told, not guessed. GeoJSON and WFS 1.0 are longitude first. From 1.1 on we ask by the URN of EPSG:4326, which is latitude first
(OGC 04-094): so is an answer that calls it ``EPSG:4326`` for short, as MapServer does; CRS84 and the ``epsg.xml#4326`` form are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import shapely
import shapely.geometry

from smarthd.connectors.adapters import documents, xmls
from smarthd.connectors.adapters.rest import let_in, with_query
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.ports import FROM_THE_START, Offer, Reader, SourceRefused, State, Table

EACH_PAGE = 1_000
MOST_PAGES = 500
VERSIONS = ("2.0.0", "1.1.0", "1.0.0")
_JSON = re.compile(r"json", re.IGNORECASE)
_SHORT = "EPSG:4326"
_LATITUDE_FIRST = re.compile(r"urn:(x-)?ogc:def:crs:EPSG:[\d.]*:4326|https?://www\.opengis\.net/def/crs/EPSG/0/4326")
_LONGITUDE_FIRST = re.compile(r".*epsg\.xml#4326|.*CRS84")
Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What a server says of itself."""

    layers: tuple[tuple[str, str], ...]
    json: str


class FeatureService(Reader):
    """Reads one layer. ``place``: url, layer, version (2.0.0, 1.1.0, 1.0.0)."""

    def __init__(
        self, place: Mapping[str, object], *, secret: Mapping[str, str], web: Web, each: int = EACH_PAGE
    ) -> None:
        self._place, self._web, self._each = place, web, each
        self._headers = let_in(place, secret, web)
        self._version = str(place.get("version") or VERSIONS[0])

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return the features: their properties, and a point that lies in each."""
        return documents.json_table(list(self._features(self._told())))

    def sample(self, most: int) -> Table:
        """Return the first features."""
        _total, found = self._page(self._told(), 0, most)
        return documents.json_table(found[:most])

    def offers(self) -> list[Offer]:
        """Return the layers of the service."""
        return [Offer("layer", name, title) for name, title in self._told().layers[:1_000]]

    # --- what the server can do ---
    def _told(self) -> Told:
        root = self._xml(self._asked("GetCapabilities"))
        layers = []
        for one in xmls.found(root, "FeatureType"):
            words = {xmls.name_of(child): (child.text or "").strip() for child in one}
            if words.get("Name"):
                layers.append((words["Name"], words.get("Title", "")))
        if not layers:
            msg = "địa chỉ không phải dịch vụ WFS, hoặc dịch vụ không có lớp nào"
            raise SourceRefused(msg)
        formats = [(one.text or "").strip() for one in xmls.found(root, "Value", "Format")]
        for one in xmls.found(root, "ResultFormat"):
            formats += [xmls.name_of(child) for child in one]
        return Told(tuple(layers), next((one for one in formats if _JSON.search(one)), ""))

    def _asked(self, request: str, **told: object) -> bytes:
        named = {"service": "WFS", "version": self._version, "request": request, **told}
        return self._web.get(
            with_query(str(self._place.get("url") or ""), **named), headers=self._headers, faults=True
        ).body

    def _xml(self, raw: bytes) -> Element:
        root = xmls.parsed(raw)
        if xmls.name_of(root) in {"ExceptionReport", "ServiceExceptionReport"}:
            raise SourceRefused(_refused(root))
        return root

    # --- features ---
    def _features(self, told: Told) -> Iterator[Feature]:
        seen: set[str] = set()
        count = 0
        for _page in range(MOST_PAGES):
            total, found = self._page(told, count, self._each)
            if count and found and _key(found[0]) in seen:
                if total is not None and count >= total:
                    return
                msg = "máy chủ bản đồ trả lại trang đã đọc: không đọc hết được lớp này"
                raise SourceRefused(msg)
            seen.update(map(_key, found))
            count += len(found)
            yield from found
            done = not found or self._version != "2.0.0" or (count >= total if total is not None else False)
            if done:
                return
            if count > documents.MOST_ROWS:
                break
        msg = f"nhiều hơn {documents.MOST_ROWS} đối tượng"
        raise SourceRefused(msg)

    def _page(self, told: Told, start: int, most: int) -> tuple[int | None, list[Feature]]:
        """Return how many match, where the server says, and the features from a place on."""
        layer = str(self._place.get("layer") or "")
        new = self._version == "2.0.0"
        asked: dict[str, object] = {"typeNames" if new else "typeName": layer}
        if new:
            asked |= {"startIndex": start, "count": most}
        else:
            asked["maxFeatures"] = documents.MOST_ROWS + 1 if most == self._each else most
        if told.json:
            raw = self._asked("GetFeature", **asked, outputFormat=told.json, srsName=_SHORT)
            if raw.lstrip()[:1] != b"<":
                return _json_page(raw)
            # a server may write GeoJSON for some layers only; what else is wrong shows when it is asked for GML
        raw = self._asked(
            "GetFeature", **asked, srsName=_SHORT if self._version == "1.0.0" else "urn:ogc:def:crs:EPSG::4326"
        )
        return _gml_page(self._xml(raw), short_swapped=self._version != "1.0.0")


def _refused(root: Element) -> str:
    one = xmls.first(root, "Exception", "ServiceException")
    told = {} if one is None else {name.lower().replace("exception", ""): value for name, value in one.attrib.items()}
    code, where = (re.sub(r"[^\w.:-]", "", told.get(key, ""))[:60] for key in ("code", "locator"))
    return f"máy chủ bản đồ báo lỗi {code}{f' ở {where}' if where else ''}".strip()


def _key(feature: Feature) -> str:
    return str(feature.get("id") or sorted(map(str, feature.items())))


# --- GeoJSON -----------------------------------------------------------------------------------------------------------
def _json_page(raw: bytes) -> tuple[int | None, list[Feature]]:
    told = documents.parsed_json(raw)
    found = documents.feature_rows(told)
    total = told.get("numberMatched", told.get("totalFeatures"))
    return (total if isinstance(total, int) else None), found


# --- GML ---------------------------------------------------------------------------------------------------------------
def _gml_page(root: Element, *, short_swapped: bool) -> tuple[int | None, list[Feature]]:
    if xmls.name_of(root) != "FeatureCollection":
        msg = "câu trả lời không phải FeatureCollection"
        raise SourceRefused(msg)
    members: list[Element] = []
    for child in root:
        if xmls.name_of(child) in {"member", "featureMember", "featureMembers"}:
            members += list(child)
    total = root.get("numberMatched", "")
    return (int(total) if total.isdigit() else None), [
        _gml_feature(one, short_swapped=short_swapped) for one in members
    ]


def _gml_feature(feature: Element, *, short_swapped: bool) -> Feature:
    own: Feature = {}
    for name, value in feature.attrib.items():
        if name.rpartition("}")[2] in {"id", "fid"}:
            own["id"] = value
    point = ("", "")
    for child in feature:
        geometry = next((one for one in child if "opengis.net/gml" in xmls.space_of(one)), None)
        if xmls.name_of(child) == "boundedBy":
            continue
        if geometry is not None:
            point = documents.point(_geojson(geometry, short_swapped=short_swapped))
        else:
            own |= dict(xmls.flat(child, f"{xmls.name_of(child)}.")) if len(child) else {
                xmls.name_of(child): (child.text or "").strip()
            }  # fmt: skip
    return {**own, "Vĩ độ": point[0], "Kinh độ": point[1]}


def _geojson(element: Element, *, short_swapped: bool) -> dict[str, Any]:
    """Return a GML geometry as GeoJSON, longitude first; refuses a reference system that is not WGS 84."""
    srs = next((one.get("srsName", "") for one in element.iter() if one.get("srsName")), "")
    swapped = bool(_LATITUDE_FIRST.fullmatch(srs)) or (srs in {"", _SHORT} and short_swapped)
    if not swapped and srs not in {"", _SHORT} and not _LONGITUDE_FIRST.fullmatch(srs):
        msg = f"máy chủ trả tọa độ theo hệ {srs[-40:]}; cần WGS 84 (EPSG:4326)"
        raise SourceRefused(msg)
    shapes = [shape for one in element.iter() if (shape := _shape(one, swapped=swapped))]
    if not shapes:
        return {}
    if len(shapes) == 1:
        return dict(shapely.geometry.mapping(shapes[0]))
    return dict(shapely.geometry.mapping(max(shapes, key=lambda one: (one.area, one.length))))


def _shape(element: Element, *, swapped: bool) -> Any:
    """Return the shape an element is by itself: a point, a line, a polygon's outer ring; None for what is made of those."""
    name = xmls.name_of(element)
    try:
        if name == "Point":
            return shapely.Point(_positions(element, swapped=swapped)[0])
        if name in {"LineString", "LineStringSegment"}:
            return shapely.LineString(_positions(element, swapped=swapped))
        if name in {"Polygon", "PolygonPatch"}:
            outer = xmls.first(element, "exterior", "outerBoundaryIs")
            return shapely.Polygon(_positions(outer, swapped=swapped)) if outer is not None else None
    except (ValueError, IndexError, shapely.errors.ShapelyError):
        return None
    return None


def _positions(element: Element, *, swapped: bool) -> list[tuple[float, float]]:
    """Return the positions inside: ``pos``, ``posList`` (GML 3) or ``coordinates`` (GML 2), longitude first."""
    found: list[tuple[float, float]] = []
    for one in xmls.found(element, "pos", "posList", "coordinates"):
        words = (one.text or "").split()
        if xmls.name_of(one) == "coordinates":
            pairs = [tuple(map(float, word.split(",")[:2])) for word in words]
        else:
            size = int(
                one.get("srsDimension")
                or element.get("srsDimension")
                or (len(words) if xmls.name_of(one) == "pos" else 2)
            )
            pairs = [tuple(map(float, words[at : at + 2])) for at in range(0, len(words) - 1, size)]
        found += [(pair[1], pair[0]) if swapped else (pair[0], pair[1]) for pair in pairs]
    return found
