"""Where a source lies: what each kind needs to know, and what is wrong with what somebody typed."""

from __future__ import annotations

from collections.abc import Mapping

from smarthd.connectors.rules.sources import SourceKind


def problems(kind: SourceKind, place: Mapping[str, object], secret: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with a place, by field; empty when it may be tried."""
    del kind, place, secret
    return {}
