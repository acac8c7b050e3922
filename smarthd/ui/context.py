"""What every template may use about the reader's wishes and the installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from smarthd.ui import wishes


def interface(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's display wishes and what kind of installation this is."""
    wish = wishes.of(request)
    return {"ui_large": wish.large, "ui_theme": wish.theme, "ui_demo": settings.DEMO}
