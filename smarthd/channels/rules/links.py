"""Where receivers and portals find a bulletin. The audience packages serve these addresses; a test holds the two together."""

from __future__ import annotations


def receiver(token: str) -> str:
    """Return the page of whoever was sent a bulletin."""
    return f"/kenh-phat/nhan/{token}/"


def recording(token: str) -> str:
    """Return the recording of a bulletin."""
    return f"/kenh-phat/nhan/{token}/loi-doc.mp3"


def embed(embed_key: str) -> str:
    """Return the frame of a portal."""
    return f"/nhung/ban-tin/{embed_key}/"
