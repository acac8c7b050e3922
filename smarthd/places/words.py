"""Refusals of this context in Vietnamese sentences: what is wrong, where, how to mend it."""

from __future__ import annotations

from datetime import date

from smarthd.kernel.errors import Refusal

ROW_PROBLEMS = {
    "missing_column": "thiếu cột “{}”",
    "not_utf8": "tệp không phải UTF-8 ({}); hãy lưu lại dạng CSV UTF-8",
    "no_rows": "tệp không có dòng nào",
    "empty": "ô “{}” bỏ trống",
    "unknown_level": "cấp “{}” không có; chỉ nhận province, district, commune",
    "unknown_kind": "loại “{}” không hợp với cấp của đơn vị",
    "no_parent": "“{}” chưa ghi cấp trên",
    "bad_number": "“{}” không phải số hợp lệ",
    "half_a_centre": "“{}” chỉ có vĩ độ hoặc chỉ có kinh độ",
    "bad_date": "“{}” không phải ngày, viết như 2024-12-01",
    "unknown_confidence": "độ tin cậy “{}” không có",
    "unknown_part": "phần “{}” không có; chỉ nhận whole, main, part, area-only",
    "repeated_unit": "đơn vị “{}” lặp lại",
    "repeated_code": "mã “{}” lặp lại trong danh mục",
    "unknown_parent": "cấp trên “{}” không có trong tệp",
    "unknown_unit": "không biết đơn vị “{}”; hãy nhập danh mục trước",
    "does_not_end": "“{}” không kết thúc ngày này theo danh mục",
    "does_not_begin": "“{}” không bắt đầu ngày này theo danh mục",
    "shares": "các phần của đơn vị cộng lại bằng {}, phải bằng 1",
}

SENTENCES = {
    "EventUnknown": "Không có thay đổi này.",
    "UnitNotFound": "Không có đơn vị hành chính này.",
    "NoBoundariesThen": "Chưa có danh mục đơn vị hành chính cho ngày này; hãy chạy “smarthd places import-all”.",
    "BadPoint": "Tọa độ không hợp lệ: vĩ độ từ −90 đến 90, kinh độ từ −180 đến 180 (viết vĩ độ trước).",
    "BadCatalogueFile": "Tệp có dòng chưa đúng, chưa nhập gì:",
    "NotGeoJSON": "Tệp không phải GeoJSON dạng FeatureCollection: {what}. Chưa nhập gì.",
    "UnknownCRS": "Tệp dùng hệ tọa độ “{crs}”; hãy xuất lại theo WGS 84 (CRS84 hoặc EPSG:4326). Chưa nhập gì.",
    "SwappedAxes": "Tệp viết vĩ độ trước kinh độ (đối tượng {feature}); GeoJSON cần kinh độ trước. Chưa nhập gì.",
    "FarAway": "Tọa độ trong tệp nằm xa các đơn vị đã biết (đối tượng {feature}); kiểm tra lại hệ tọa độ. Chưa nhập gì.",
    "NothingMatched": "Không đối tượng nào trong tệp khớp với đơn vị của ngày này, theo mã hay theo tên. Chưa nhập gì.",
    "LaterEventStands": "Đã có thay đổi muộn hơn của chính đơn vị này; phải hoàn lại thay đổi ấy trước.",
    "OrphanedUnits": "Sau thay đổi này sẽ có đơn vị không còn cấp trên: {names}. Hãy nêu nơi chuyển đến của từng đơn vị.",
    "NotStandingThen": "Có đơn vị không tồn tại vào ngày có hiệu lực.",
    "AlreadyStanding": "Đơn vị định thành lập đã tồn tại vào ngày ấy.",
    "NeverStood": "Có đơn vị vừa thành lập vừa kết thúc trong cùng một ngày; hãy gộp hai thay đổi thành một.",
    "SharesDoNotAddUp": "Các phần của đơn vị bị chia cộng lại không bằng 1.",
    "WrongLevel": "Cấp trên phải cao hơn cấp dưới, và loại đơn vị phải đúng cấp.",
    "DayNotExplained": "Danh mục của ngày này được nhập mà chưa có bảng kế thừa; hãy nhập bảng kế thừa trước.",
    "DifferentDays": "Các thay đổi áp dụng cùng lúc phải có cùng ngày hiệu lực.",
    "NotAVillageOf": "Thôn phải có tên chưa dùng và thuộc một xã, phường đang tồn tại vào ngày ấy.",
}


FAULTS = {
    "no_geometry": "không có hình",
    "not_polygon": "không phải vùng khép kín",
    "bad_coordinates": "tọa độ không đọc được",
    "empty": "hình rỗng",
    "repaired: unclosed ring": "vòng chưa khép",
    "repaired: ring of too few points dropped": "bỏ vòng có dưới ba điểm",
    "repaired: Self-intersection": "đường ranh tự cắt",
    "repaired: Ring Self-intersection": "vòng tự cắt",
}


def fault(text: str) -> str:
    """Return a fault of a boundary feature in Vietnamese."""
    return ", ".join(FAULTS.get(part.strip(), part.strip()) for part in text.split(", "))


def day(value: date) -> str:
    """Return a day as officials write it: 1/12/2024."""
    return f"{value.day}/{value.month}/{value.year}"


def lines(refusal: Refusal) -> list[str]:
    """Return the sentences of a refusal; the faulty rows of a file follow one a line (the first fifty)."""
    sentence = SENTENCES.get(refusal.name, refusal.name)
    facts = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in refusal.facts.items()
    }
    found = [sentence.format_map(_Facts(facts))]
    problems = refusal.facts.get("problems")
    if isinstance(problems, list):
        for line, what, detail in problems[:50]:
            found.append(f"  dòng {line}: {ROW_PROBLEMS[what].format(detail)}")
        if len(problems) > 50:
            found.append(f"  … và {len(problems) - 50} lỗi nữa")
    return found


class _Facts(dict[str, object]):
    """Leave out facts a refusal did not bring."""

    def __missing__(self, key: str) -> str:
        return "…"
