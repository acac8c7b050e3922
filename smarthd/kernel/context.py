"""How a context joins the process: its handlers and tasks are imported when Django is ready."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class ContextConfig(AppConfig):
    """Import the context's ``handlers`` (subscriptions); Procrastinate finds its ``tasks`` by itself."""

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        name = f"{self.name}.handlers"
        if find_spec(name) is not None:
            import_module(name)
