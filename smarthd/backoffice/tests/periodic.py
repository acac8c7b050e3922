"""Builders: the small province of ``rollout.tests.reporting`` with a browser for each desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import NOW, TYPED, Desk

SOON = NOW + timedelta(minutes=30)
ANSWERS = {f"v-{key}": value for key, value in TYPED.items()} | {"v-remarks": ""}


@dataclass(frozen=True)
class Desks:
    """One browser for each part played, over one ``Desk``."""

    desk: Desk
    clerk: Client
    district: Client
    department: Client
    chief: Client
    auditor: Client
    neighbour: Client

    def at(self, view: str, agency_id: int | None = None) -> str:
        """Return the address of a page about one commune's report."""
        return reverse(f"backoffice:{view}", kwargs={"uid": self.desk.owed_by(agency_id or self.desk.world.commune_a)})

    def of(self, view: str) -> str:
        """Return the address of a page about the period."""
        return reverse(f"backoffice:{view}", kwargs={"uid": self.desk.period.uid})


def desks() -> Desks:
    """Open the campaign and sign everybody in."""
    desk = reporting.desk()
    return Desks(
        desk=desk,
        clerk=_browser(desk.clerk.account_id),
        district=_browser(desk.district.account_id),
        department=_browser(desk.department.account_id),
        chief=_browser(desk.department_chief.account_id),
        auditor=make.signed_in(make.official(desk.world.department, Role.AUDITOR)),
        neighbour=make.signed_in(make.official(desk.world.commune_b, Role.CLERK)),
    )


def _browser(account_id: int | None) -> Client:
    assert account_id is not None
    return make.signed_in(account_id)
