"""What people read when something about content is refused them: by the refusal's name, title, body, status (None: the family's)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, int | None]] = {
    "ArticleUnknown": (
        "Không có bài này",
        "Đường dẫn có thể đã cũ hoặc gõ nhầm. Xin tìm lại trong mục tương ứng.",
        None,
    ),
    "FileUnknown": ("Không có tệp này", "Tệp có thể đã được gỡ cùng bài viết.", None),
    "SectionUnknown": ("Không có mục này", "Mục nội dung không có, hoặc ngoài phạm vi của anh chị.", None),
    "PromiseFaulty": (
        "Lời hẹn chưa dùng được",
        "Số ngày từ 1 đến 730, người phụ trách phải đang biên tập hoặc lãnh đạo tại cơ quan này. Chưa có gì được ghi.",
        None,
    ),
}
