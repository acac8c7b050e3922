"""A text to a telephone where push did not arrive: how it reads, how often it is tried, by which way."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from enum import StrEnum

TEXT_WAITS = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
LONGEST_TEXT = 300
"""Two joined SMS of the GSM alphabet: without marks a warning costs half of what it costs with them."""


class TextState(StrEnum):
    """Where the text to one person stands."""

    WAITING = "waiting"  # chờ gửi
    SENT = "sent"  # nhà mạng, Zalo đã nhận
    FAILED = "failed"  # không gửi được
    DROPPED = "dropped"  # hủy, hết hiệu lực, hoặc người nhận không còn đồng ý


class Way(StrEnum):
    """How a text travels."""

    ZALO = "zalo"
    SMS = "sms"


def text_wait(tries: int) -> timedelta | None:
    """Return how long to wait after the ``tries``-th try; None when tries are used up."""
    return TEXT_WAITS[tries - 1] if tries <= len(TEXT_WAITS) else None


def sms_of(title: str, body: str, url: str) -> str:
    """Return the words of an SMS: without marks, cut between words, the address whole at the end."""
    room = LONGEST_TEXT - len(url) - 1
    said = " ".join(_bare(f"{title}. {body}").split())
    if len(said) > room:
        said = said[: room - 3].rsplit(" ", 1)[0] + "..."
    return f"{said} {url}"


def _bare(words: str) -> str:
    """Return words in the letters of the GSM alphabet."""
    plain = words.replace("đ", "d").replace("Đ", "D").replace("–", "-").replace("…", "...")
    return unicodedata.normalize("NFD", plain).encode("ascii", "ignore").decode()
