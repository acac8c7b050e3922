"""Points in VN-2000, zones of three degrees by a province's meridian (Thông tư 973/2001/TT-TCĐC), to degrees in WGS 84.

The seven parameters are those of Quyết định 05/2007/QĐ-BTNMT, read from WGS 84's side.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from pyproj import Transformer

from smarthd.connectors.rules import fields
from smarthd.connectors.rules.fields import CellFault, Parser, Value

MERIDIANS: dict[str, str] = {
    "105.5": "VN-2000, kinh tuyến trục 105°30′ (Hải Dương cũ, Hưng Yên, Bắc Ninh)",
    "105.75": "VN-2000, kinh tuyến trục 105°45′ (Hải Phòng)",
    "105": "VN-2000, kinh tuyến trục 105°00′ (Hà Nội, Ninh Bình)",
    "107.75": "VN-2000, kinh tuyến trục 107°45′ (Quảng Ninh)",
}
"""Central meridian in degrees → how it is offered."""
_SHIFT = "-191.90441429,-39.30318279,-111.45032835,-0.00928836,0.01975479,-0.00427372,0.252906278"
_NORTH, _EAST = (850_000.0, 2_700_000.0), (100_000.0, 850_000.0)
Degrees = Callable[[float, float], tuple[float, float]]
"""(metres, metres, whichever comes first) → latitude, longitude, to seven places (a centimetre)."""


@lru_cache(maxsize=8)
def degrees_of(meridian: str) -> Degrees:
    """Return what turns metres into degrees. North and east never overlap in Vietnam, so X and Y may stand in either order."""
    told = f"+proj=tmerc +lat_0=0 +lon_0={float(meridian)} +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +towgs84={_SHIFT} +units=m +no_defs"
    transformer = Transformer.from_crs(told, "EPSG:4326", always_xy=True)

    def degrees(one: float, other: float) -> tuple[float, float]:
        lon, lat = transformer.transform(min(one, other), max(one, other))
        return round(lat, 7), round(lon, 7)

    return degrees


def metres_of(decimal: str) -> Parser:
    """Return what understands a cell in metres."""
    numbers = fields.read_number if decimal == "," else fields.read_machine_number

    def read(cell: str) -> Value:
        value = numbers(cell)
        if isinstance(value, (int, float)) and any(low <= value <= high for low, high in (_NORTH, _EAST)):
            return float(value)
        msg = (
            f"“{cell[:40]}” không phải tọa độ VN-2000 (mét). Viết như 2315000,5 và 586000,2; nếu là độ thì chọn WGS 84"
        )
        raise CellFault(msg)

    return read
