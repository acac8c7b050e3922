"""Every context joins the process: its own config is the one Django takes, so that its handlers are heard."""

from __future__ import annotations

from django.apps import apps

from smarthd.kernel.context import ContextConfig


def test_every_context_is_taken_with_its_own_config() -> None:
    ours = [config for config in apps.get_app_configs() if config.name.startswith("smarthd.")]
    strangers = [c.name for c in ours if not isinstance(c, ContextConfig) and c.name != "smarthd.kernel"]
    assert len(ours) > 10
    assert strangers == []
