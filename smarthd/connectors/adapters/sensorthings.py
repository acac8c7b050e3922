"""OGC SensorThings 1.0 and 1.1: the latest observation of every datastream, or the observations of some days; pages by ``@iot.nextLink``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from smarthd.connectors.adapters import documents
from smarthd.connectors.adapters.rest import let_in, with_query
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.ports import FROM_THE_START, Reader, SourceRefused, State, Table
from smarthd.connectors.rules import increments
from smarthd.kernel import clock

MOST_PAGES = 1_000
LATEST = ("Mã", "Tên", "Trạm", "Đại lượng", "Giá trị", "Đơn vị", "Lúc", "Vĩ độ", "Kinh độ")
OBSERVED = ("Mã", "Mã chuỗi", "Tên", "Trạm", "Giá trị", "Đơn vị", "Lúc")
_LATEST = "Thing($expand=Locations),ObservedProperty,Observations($orderby=phenomenonTime desc;$top=1)"


class SensorThings(Reader):
    """Reads a service. ``place``: url (its root, as …/v1.1), what (latest, observations), days, filter."""

    def __init__(self, place: Mapping[str, object], *, secret: Mapping[str, str], web: Web) -> None:
        self._place, self._secret, self._web = place, secret, web

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return one row for each datastream, or one for each observation since the state."""
        if self._place.get("what") == "observations":
            return self._observations(state)
        return documents.table(LATEST, (_latest(one) for one in self._all("Datastreams", expand=_LATEST)))

    def _observations(self, state: State) -> Table:
        days = int(str(self._place.get("days") or 7))
        begin = clock.now().astimezone(UTC) - timedelta(days=days)
        mark = increments.start(state, column="phenomenonTime", highest=clock.now().astimezone(UTC))
        since = max(mark, begin) if isinstance(mark, datetime) else begin
        found = list(
            self._all(
                "Observations",
                expand="Datastream($expand=Thing)",
                where=f"phenomenonTime ge {since.isoformat(timespec='seconds').replace('+00:00', 'Z')}",
                order="phenomenonTime asc",
            )
        )
        rows = [_observation(one) for one in found]
        moments = [moment for one in found if (moment := _instant(one.get("phenomenonTime"))) is not None]
        highest = max(moments, default=mark if isinstance(mark, datetime) else None)
        kept = increments.state_of("phenomenonTime", highest)
        told = documents.table(OBSERVED, rows)
        return Table(told.columns, told.lines, whole=not isinstance(mark, datetime), state=kept)

    def _all(self, entity: str, *, expand: str, where: str = "", order: str = "") -> Iterator[Mapping[str, Any]]:
        own = str(self._place.get("filter") or "")
        condition = " and ".join(f"({one})" for one in (own, where) if one) if own and where else own or where
        told = {"$expand": expand, "$top": 100, "$filter": condition, "$orderby": order}
        base = str(self._place.get("url") or "").rstrip("/")
        url = with_query(f"{base}/{entity}", **{name: value for name, value in told.items() if value})
        headers = {"Accept": "application/json", **let_in(self._place, self._secret, self._web)}
        visited: set[str] = set()
        for _page in range(MOST_PAGES):
            visited.add(url)
            answer = documents.parsed_json(self._web.get(url, headers=headers).body)
            yield from documents.records(answer, "value")
            link = answer.get("@iot.nextLink")
            if not link:
                return
            onward = urljoin(url, str(link))
            if urlsplit(onward).netloc != urlsplit(url).netloc or onward in visited:
                msg = "liên kết trang sau dẫn sang máy chủ khác hoặc quay lại trang đã đọc"
                raise SourceRefused(msg)
            url = urlsplit(onward)._replace(scheme=urlsplit(url).scheme).geturl()
        msg = f"nhiều hơn {MOST_PAGES} trang"
        raise SourceRefused(msg)


def _latest(stream: Mapping[str, Any]) -> list[str]:
    thing = _object(stream.get("Thing"))
    seen = _object((stream.get("Observations") or [None])[0])
    lat, lon = _where(stream, thing)
    return [
        _text(stream.get("@iot.id")),
        _text(stream.get("name")),
        _text(thing.get("name")),
        _text(_object(stream.get("ObservedProperty")).get("name")),
        _text(seen.get("result")),
        _unit(stream),
        _moment(seen.get("phenomenonTime")),
        lat,
        lon,
    ]


def _observation(one: Mapping[str, Any]) -> list[str]:
    stream = _object(one.get("Datastream"))
    return [
        _text(one.get("@iot.id")),
        _text(stream.get("@iot.id")),
        _text(stream.get("name")),
        _text(_object(stream.get("Thing")).get("name")),
        _text(one.get("result")),
        _unit(stream),
        _moment(one.get("phenomenonTime")),
    ]


def _where(stream: Mapping[str, Any], thing: Mapping[str, Any]) -> tuple[str, str]:
    """Return where a thing stands: its location, a geometry or a feature; else the area its datastream observed."""
    for place in (*(thing.get("Locations") or []), {"location": stream.get("observedArea")}):
        told = _object(_object(place).get("location"))
        lat, lon = documents.point(told.get("geometry") if told.get("type") == "Feature" else told or None)
        if lat:
            return lat, lon
    return "", ""


def _unit(stream: Mapping[str, Any]) -> str:
    unit = _object(stream.get("unitOfMeasurement"))
    return _text(unit.get("symbol") or unit.get("name"))


def _object(told: Any) -> Mapping[str, Any]:
    return told if isinstance(told, Mapping) else {}


def _text(told: Any) -> str:
    return "" if told is None else documents.cell(told)


def _instant(told: Any) -> datetime | None:
    """Return an instant, or the end of an interval (ISO 8601 ``from/to``)."""
    written = str(told or "").rpartition("/")[2]
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _moment(told: Any) -> str:
    found = _instant(told)
    return found.isoformat(timespec="seconds") if found else str(told or "")
