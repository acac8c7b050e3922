"""What may be found, how it is called, how much it weighs, and whether news of it grow old."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What an entry is; the order is that of groups whose best answers are equally good."""

    HOTLINE = "hotline"  # số cần gọi
    SCREEN = "screen"  # mục của ứng dụng
    CATEGORY = "category"  # lĩnh vực phản ánh
    NOTICE = "notice"  # thông báo
    PROCEDURE = "procedure"  # thủ tục hành chính
    GUIDE = "guide"  # cẩm nang
    QUESTION = "question"  # hỏi đáp
    NEWS = "news"  # tin tức
    EVENT = "event"  # sự kiện
    DOCUMENT = "document"  # văn bản
    IDEA = "idea"  # hiến kế
    SURVEY = "survey"  # lấy ý kiến
    PLACE = "place"  # xã, phường, huyện cũ
    CONTACT = "contact"  # người phụ trách
    DATASET = "dataset"  # bảng dữ liệu


WORDS: dict[Kind, str] = {
    Kind.HOTLINE: "Số cần gọi",
    Kind.SCREEN: "Trong ứng dụng",
    Kind.CATEGORY: "Gửi phản ánh về",
    Kind.NOTICE: "Thông báo",
    Kind.PROCEDURE: "Thủ tục hành chính",
    Kind.GUIDE: "Cẩm nang",
    Kind.QUESTION: "Hỏi đáp",
    Kind.NEWS: "Tin tức",
    Kind.EVENT: "Sự kiện",
    Kind.DOCUMENT: "Văn bản",
    Kind.IDEA: "Hiến kế",
    Kind.SURVEY: "Đang lấy ý kiến",
    Kind.PLACE: "Xã, phường, huyện cũ",
    Kind.CONTACT: "Cán bộ phụ trách",
    Kind.DATASET: "Bảng tra cứu",
}
ROWS = "rows"
ROWS_WORD = "Địa điểm, dữ liệu tra cứu"
"""Rows of departments' datasets: asked beside the index, grouped like a kind."""
ICONS: dict[Kind, str] = {
    Kind.HOTLINE: "phone",
    Kind.SCREEN: "home",
    Kind.CATEGORY: "camera",
    Kind.NOTICE: "megaphone",
    Kind.PROCEDURE: "dossier",
    Kind.GUIDE: "info",
    Kind.QUESTION: "help",
    Kind.NEWS: "news",
    Kind.EVENT: "calendar",
    Kind.DOCUMENT: "document",
    Kind.IDEA: "heart",
    Kind.SURVEY: "edit",
    Kind.PLACE: "pin",
    Kind.CONTACT: "person",
    Kind.DATASET: "table",
}
PAGES = frozenset(
    {
        Kind.NOTICE,
        Kind.PROCEDURE,
        Kind.GUIDE,
        Kind.QUESTION,
        Kind.NEWS,
        Kind.EVENT,
        Kind.DOCUMENT,
        Kind.IDEA,
        Kind.SURVEY,
    }
)
"""Kinds an agency publishes and takes down."""
AGEING = frozenset({Kind.NOTICE, Kind.NEWS, Kind.EVENT, Kind.IDEA})
"""Kinds whose worth fades: last year's power cut is nobody's answer."""
WEIGHTS: dict[Kind, float] = {
    Kind.HOTLINE: 1.25,
    Kind.SCREEN: 1.1,
    Kind.CATEGORY: 0.95,
    Kind.NOTICE: 1.0,
    Kind.PROCEDURE: 1.15,
    Kind.GUIDE: 1.0,
    Kind.QUESTION: 1.0,
    Kind.NEWS: 0.9,
    Kind.EVENT: 0.9,
    Kind.DOCUMENT: 0.85,
    Kind.IDEA: 0.8,
    Kind.SURVEY: 0.95,
    Kind.PLACE: 1.05,
    Kind.CONTACT: 0.8,
    Kind.DATASET: 1.1,
}
