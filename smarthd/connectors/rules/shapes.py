"""Whether a dataset can be shown in a shape: what each needs of its columns."""

from __future__ import annotations

from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.rules.sources import NAMED, Publication, Shape

_DATED = {Kind.DAY, Kind.MOMENT}


def problems(publication: Publication, mapped: Mapping) -> dict[str, str]:
    """Return what keeps a publication from working, by its part; empty when it works."""
    kinds = {one.key: one.kind for one in mapped.fields}
    found: dict[str, str] = {}
    for name in NAMED:
        key = getattr(publication, name)
        if key and key not in kinds:
            found[name] = "Cột này không còn. Xin chọn lại."
    if publication.shape is Shape.LOOKUP and publication.lookup not in kinds:
        found["lookup"] = "Chọn cột chứa mã mà người dân nhập."
    if publication.shape is Shape.CHART and not {publication.x, publication.y} <= kinds.keys():
        found["y"] = "Biểu đồ cần một cột thời gian và một cột số."
    if publication.shape is Shape.CALENDAR and kinds.get(publication.begins) not in _DATED:
        found["begins"] = "Lịch theo tháng cần một cột ngày hoặc ngày giờ."
    if publication.shape is Shape.TIMETABLE and kinds.get(publication.begins) is not Kind.TIME:
        found["begins"] = "Giờ chạy cần một cột giờ trong ngày."
    if publication.shape is Shape.MAP and not mapped.of_kind(Kind.LATITUDE, Kind.LONGITUDE):
        found["shape"] = "Bản đồ cần hai cột vĩ độ và kinh độ."
    if publication.push and not mapped.of_kind(Kind.UNIT):
        found["push"] = "Muốn báo theo xã, phường thì cần một cột xã, phường."
    return found
