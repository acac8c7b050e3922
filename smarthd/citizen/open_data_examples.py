"""Ready-made programs that take a dataset away: they run as they stand, with nothing to install beside their language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from smarthd.connectors.selectors.public import Dataset

_PYTHON = """import json
from urllib.request import urlopen

address = "{api}/rows?limit=1000"
rows = []
while address:
    with urlopen(address) as answer:
        page = json.load(answer)
    rows += page["rows"]
    address = page["next"]
print(len(rows))
"""
_R = """rows <- read.csv("{api}/file.csv", fileEncoding = "UTF-8-BOM")
nrow(rows)
"""
_CURL = "curl --compressed --output {key}.csv '{api}/file.csv'\n"


def examples(shown: Dataset, api: str, root: str) -> list[tuple[str, str]]:
    """Return programs, each with what it is; the last one is steps for QGIS where the dataset lies on the map."""
    told = [
        (_("curl: cả bộ thành một tệp"), _CURL),
        (_("Python: mọi mục, theo trang"), _PYTHON),
        (_("R: cả bộ thành một bảng"), _R),
    ]
    if shown.has_map:
        told.append((_("QGIS: thành một lớp bản đồ"), _qgis()))
    return [(words, text.format(api=api, key=shown.key, root=root, title=shown.title)) for words, text in told]


def _qgis() -> str:
    return _(
        "1. Lớp → Thêm lớp → Thêm lớp WFS / OGC API - Features → Mới.\n"
        "2. Địa chỉ: {root}/ogc/ ; phiên bản: OGC API - Features; bấm OK, Kết nối.\n"
        "3. Chọn “{title}”, bấm Thêm.\n"
    )
