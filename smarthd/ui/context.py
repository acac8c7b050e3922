"""What every template may use about the reader's wishes and the installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def interface(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's display wishes (kept in one cookie) and what kind of installation this is."""
    wishes = request.COOKIES.get("smarthd_ui", "")
    return {
        "ui_large": "chu-to" in wishes,
        "ui_theme": "dark" if "toi" in wishes else "light" if "sang" in wishes else "",
        "ui_demo": settings.DEMO,
    }
