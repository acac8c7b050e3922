"""Ways from a draft to citizens: another person at once, or a reviewer and then who publishes."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """What one step of approval does."""

    BOTH = "both"
    REVIEW = "review"
    PUBLISH = "publish"


APPROVE_WORDS = {
    Part.BOTH: "Duyệt và đăng",
    Part.REVIEW: "Nội dung đúng, chuyển người đăng",
    Part.PUBLISH: "Đồng ý đăng",
}
STEP_NAMES = {
    Part.BOTH: "Người khác trong cơ quan duyệt",
    Part.REVIEW: "Người khác trong cơ quan soát nội dung",
    Part.PUBLISH: "Lãnh đạo cơ quan cho đăng",
}
ONE_STEP = (Part.BOTH,)
TWO_STEPS = (Part.REVIEW, Part.PUBLISH)
FLOW_NAMES = {ONE_STEP: "Duyệt thông báo", TWO_STEPS: "Soát rồi đăng"}
