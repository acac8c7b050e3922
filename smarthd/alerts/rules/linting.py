"""What must be right before a warning may go to approval, beyond the schema (docs/adr/0060-two-pairs-of-eyes.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from smarthd.alerts.rules.levels import LEVELS
from smarthd.alerts.rules.messages import Channel, Kind, Severity

HEADLINE = 140
DESCRIPTION = 2000
INSTRUCTION = 2000
LONGEST_LIFE = timedelta(days=14)
_BRACKET = re.compile(r"\[[^\]\n]{1,40}\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What of a warning is looked at."""

    kind: Kind
    headline_vi: str
    description_vi: str
    instruction_vi: str
    headline_en: str
    description_en: str
    instruction_en: str
    contact: str
    sender_name: str
    severity: Severity
    level: int | None
    levels: bool
    effective_at: datetime
    expires_at: datetime
    communes: int
    ring_problem: str
    channels: tuple[Channel, ...]


def problems(content: Content, *, now: datetime) -> dict[str, str]:
    """Return what is wrong, by field, in words; empty when it may go to approval."""
    found: dict[str, str] = {}
    for language in ("vi", "en"):
        found |= _texts(content, language)
    found |= _times(content, now)
    if content.communes < 1:
        found["communes"] = "Chọn ít nhất một xã, phường, hoặc vẽ vùng trên bản đồ."
    if content.ring_problem:
        found["ring"] = content.ring_problem
    if not content.contact.strip():
        found["contact"] = "Ghi số điện thoại trực để người dân gọi."
    if not content.sender_name.strip():
        found["sender_name"] = "Thiếu tên cơ quan phát cảnh báo."
    if content.level is not None and content.level not in LEVELS:
        found["level"] = "Cấp độ rủi ro từ 1 đến 5."
    if content.level is not None and not content.levels:
        found["level"] = "Loại này không có cấp độ rủi ro thiên tai. Xin bỏ trống."
    if content.severity is Severity.UNKNOWN and content.kind is not Kind.CANCEL:
        found["severity"] = "Chọn mức nguy hiểm."
    if Channel.APP not in content.channels:
        found["channels"] = "Cảnh báo luôn được đưa lên ứng dụng. Xin chọn lại kênh."
    return found


def _texts(content: Content, language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    limits = {"headline": HEADLINE - 1, "description": DESCRIPTION, "instruction": INSTRUCTION}
    texts = {name: str(getattr(content, f"{name}_{language}")).strip() for name in limits}
    for name, words in texts.items():
        field = f"{name}_{language}"
        if not words:
            found[field] = "Mục này còn trống."
        elif bracket := _BRACKET.search(words):
            found[field] = f"Còn chỗ chưa điền: {bracket.group()}."
        elif _CONTROL.search(words):
            found[field] = "Có ký tự không đọc được. Xin xóa đi rồi gõ lại."
        elif len(words) > limits[name]:
            found[field] = f"Dài {len(words)} chữ, nhiều nhất {limits[name]}."
    if "\n" in texts["headline"]:
        found[f"headline_{language}"] = "Tiêu đề viết trên một dòng."
    if texts["headline"] and texts["headline"].casefold() == texts["description"].casefold():
        found[f"description_{language}"] = "Nội dung phải nói thêm, không lặp lại tiêu đề."
    return found


def _times(content: Content, now: datetime) -> dict[str, str]:
    if content.expires_at <= content.effective_at:
        return {"expires_at": "Giờ hết hiệu lực phải sau giờ bắt đầu."}
    if content.expires_at <= now:
        return {"expires_at": "Giờ hết hiệu lực đã qua. Xin chọn giờ muộn hơn."}
    if content.expires_at - content.effective_at > LONGEST_LIFE:
        return {
            "expires_at": f"Một cảnh báo có hiệu lực nhiều nhất {LONGEST_LIFE.days} ngày; cần lâu hơn thì cập nhật."
        }
    return {}
