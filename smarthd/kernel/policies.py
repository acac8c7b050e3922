"""The one way to enforce a policy."""

from __future__ import annotations

from typing import Any

from smarthd.kernel.errors import NotAllowed


def require(allowed: bool, **facts: Any) -> None:  # noqa: FBT001 - the question is the argument
    """Raise NotAllowed unless ``allowed``."""
    if not allowed:
        raise NotAllowed(**facts)
