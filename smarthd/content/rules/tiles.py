"""Tiles of the home page: which pictures they may bear and where they may lead."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from smarthd.kernel.errors import Invalid

ICONS = {
    "school": "Trường học",
    "hospital": "Y tế",
    "dossier": "Hồ sơ",
    "house": "Nhà đất",
    "bus": "Đi lại",
    "job": "Việc làm",
    "farm": "Nông nghiệp",
    "grandparent": "Người già",
    "heart": "Bảo trợ",
    "water": "Nước",
    "bolt": "Điện",
    "calendar": "Lịch",
    "document": "Văn bản",
    "news": "Tin tức",
    "help": "Hỏi đáp",
    "people": "Cộng đồng",
    "phone": "Gọi",
    "map": "Bản đồ",
    "table": "Dữ liệu",
    "services": "Dịch vụ",
    "megaphone": "Loa",
    "edit": "Góp ý",
}
_PATH = re.compile(r"/(?!/)[A-Za-z0-9/_.~%?=&#,+-]*")


class TileLeadsNowhere(Invalid):
    """A tile's address is neither a path of this site nor an https address."""


def target(given: str) -> str:
    """Return the checked address a tile leads to, or raise TileLeadsNowhere; officials' pages are no place for citizens."""
    bare = given.strip()
    if _PATH.fullmatch(bare):
        if bare.startswith(("/can-bo/", "/noi-dung-quan-tri/", "/api/")):
            raise TileLeadsNowhere(given=bare)
        return bare
    try:
        parts = urlsplit(bare)
    except ValueError:
        raise TileLeadsNowhere(given=bare) from None
    if parts.scheme == "https" and parts.hostname and "@" not in parts.netloc and not re.search(r"[\s\\]", bare):
        return bare
    raise TileLeadsNowhere(given=bare)
