"""Builders for the pages of citizens' reports: the small land of the context, its officials in browsers."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from smarthd.backoffice.tests import make as desk
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.values import Caller

SAID = "Đã xem tại chỗ, việc này làm xong trong tuần."


def browser(caller: Caller, *, second_factor: bool = True) -> Client:
    """Return a browser in which an official is signed in."""
    assert caller.actor.account_id is not None
    return desk.signed_in(caller.actor.account_id, second_factor=second_factor)


def url(name: str, **parts: object) -> str:
    return reverse(f"backoffice:{name}", kwargs=parts or None)


def act(client: Client, report: Report, name: str, **typed: object) -> Any:
    """Send one act's form."""
    return client.post(url("fieldreport_act", code=report.code), {"viec": name, "words": SAID, **typed})
