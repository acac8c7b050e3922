"""Tables of channels."""

from __future__ import annotations

from smarthd.channels.models.bulletins import Bulletin
from smarthd.channels.models.dispatches import Attempt, Dispatch, DispatchProof
from smarthd.channels.models.outlets import Outlet
from smarthd.channels.models.speeches import Speech

__all__ = ["Attempt", "Bulletin", "Dispatch", "DispatchProof", "Outlet", "Speech"]
