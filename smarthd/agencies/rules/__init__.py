"""Decisions of this context as functions of values."""

from __future__ import annotations

from smarthd.agencies.rules.kinds import COMMITTEE_OF, Kind
from smarthd.agencies.rules.roles import Role, may_grant

__all__ = ["COMMITTEE_OF", "Kind", "Role", "may_grant"]
