"""The province's Zalo account, for those who tell by it (alerts, channels)."""

from __future__ import annotations

from django.conf import settings

from smarthd.messaging.adapters.console import ConsoleZalo
from smarthd.messaging.adapters.zalo import ZaloAccount
from smarthd.messaging.ports import ZaloSender


def zalo() -> ZaloSender:
    """Return this installation's Zalo account: the one configured, else the server's terminal."""
    if settings.ZALO_TOKEN:
        return ZaloAccount(settings.ZALO_TOKEN, settings.ZALO_TEMPLATE)
    return ConsoleZalo()
