"""Letters to agencies without accounts: what they say, and that nothing a citizen wrote becomes a link in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from smarthd.fieldreports.rules import telling
from smarthd.fieldreports.rules.states import State

VALID = timedelta(days=30)
"""How long a link in a letter may be used."""
PURPOSE = "fieldreports.answer_by_mail"
"""What the signature of a link is bound to: a signature made for anything else opens nothing."""
BY_MAIL = "mail"
"""The road an answer came by, as its step notes it."""
WRITTEN_ON = frozenset(
    {"received", "rerouted", "assigned", "handed_back", "reopened", "overturned", "parted", "replied"}
)
"""Steps after which the agency that holds a report owes something new."""
ANSWERABLE = frozenset({State.RECEIVED, State.ACCEPTED, State.ASSIGNED, State.IN_PROGRESS, State.REOPENED})
MOST_WORDS = 2_000

_SCHEME = re.compile(r"([^\W\d_][\w+.-]*)://|\b(mailto|tel|sms|data|javascript|file|callto|zalo):", re.IGNORECASE)
_DOT = re.compile(r"(?<=\w)[.\u3002\uff0e\uff61](?=\w)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter is made of."""

    code: str
    category: str
    place: str
    words: str
    received_at: datetime
    due_at: datetime
    photos: int
    link: str
    expires_at: datetime


def unlinked(words: str) -> str:
    """Return words in which no mail program finds an address to make a link of: dots in names and schemes are drawn apart.

    Figures ("3.500 đồng", "8,5 km") stay as they are; whoever reads still sees what was written.
    """
    apart = _SCHEME.sub(lambda found: f"{found[1]}: //" if found[1] else f"{found[2]}: ", words)
    return re.sub(r"\S+", lambda found: found[0] if _NUMBER.fullmatch(found[0]) else _drawn_apart(found[0]), apart)


def _drawn_apart(word: str) -> str:
    return _DOT.sub(" . ", word).replace("@", " @ ") if _DOT.search(word) or "@" in word else word


def quoted(words: str) -> str:
    """Return a citizen's words as a letter quotes them: every line marked, shortened, without links."""
    kept = words if len(words) <= MOST_WORDS else words[:MOST_WORDS].rsplit(" ", 1)[0] + "…"
    lines = unlinked(kept).splitlines() or ["(gửi bằng ảnh hoặc lời nói)"]
    return "\n".join(f"> {line}" for line in lines)


def letter(facts: Facts) -> tuple[str, str]:
    """Return subject and body."""
    subject = f"{facts.code}: {facts.category}, trả lời trước {telling.instant(facts.due_at)}"
    photos = f"Kèm {facts.photos} ảnh, xem ở trang trả lời.\n" if facts.photos else ""
    body = f"""Kính gửi quý cơ quan,

Phản ánh {facts.code} của người dân đang ở quý cơ quan.

Lĩnh vực: {facts.category}
Nơi xảy ra: {unlinked(facts.place)}
Nhận lúc: {telling.instant(facts.received_at)}
Hạn trả lời: {telling.instant(facts.due_at)}

Người gửi viết:
{quoted(facts.words)}
{photos}
Trả lời kèm minh chứng, không cần tài khoản, tại:
{facts.link}

Liên kết trên chỉ dùng được một lần, đến {telling.instant(facts.expires_at)}, và chỉ dành cho quý cơ quan: xin không chuyển tiếp.
Câu trả lời được công khai cùng tên cơ quan. Địa chỉ do người gửi viết không thành liên kết trong thư này; xin không mở theo.

Smart-HaiDuong
"""
    return subject, body
