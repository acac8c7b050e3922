"""How the reader wishes to see pages: larger text, light or dark. Kept in one cookie without anything personal."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "smarthd_ui"
A_YEAR = 60 * 60 * 24 * 365
THEMES = ("", "sang", "toi")


@dataclass(frozen=True, slots=True)
class Wishes:
    """``theme`` is empty (as the device), ``sang`` (light) or ``toi`` (dark)."""

    large: bool = False
    theme: str = ""

    def __str__(self) -> str:
        return ".".join(part for part in ("chu-to" if self.large else "", self.theme) if part)


def parse(text: str) -> Wishes:
    """Read the cookie; what is not understood is not wished."""
    parts = text.split(".")
    return Wishes(large="chu-to" in parts, theme=next((theme for theme in THEMES[1:] if theme in parts), ""))


def of(request: HttpRequest) -> Wishes:
    """Return the wishes a request carries."""
    return parse(request.COOKIES.get(COOKIE, ""))


def keep(response: HttpResponse, wish: Wishes) -> None:
    """Keep the wishes for a year on this device. Scripts may change them too, so the cookie is theirs to read."""
    response.set_cookie(COOKIE, str(wish), max_age=A_YEAR, samesite="Lax", secure=settings.PRODUCTION)
