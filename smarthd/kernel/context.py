"""How a context joins the process: its handlers and tasks are imported when Django is ready."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class ContextConfig(AppConfig):
    """Import the context's ``handlers`` (subscriptions); Procrastinate finds its ``tasks`` by itself."""

    default = False  # Django takes the one default config of an apps.py: the context's own, not this base beside it
    default_auto_field = "django.db.models.BigAutoField"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.default = True

    def ready(self) -> None:
        name = f"{self.name}.handlers"
        if find_spec(name) is not None:
            import_module(name)
