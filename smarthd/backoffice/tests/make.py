"""Builders: officials signed in at the desk, a small province measured for a week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.kernel import actor as actors
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.places import services as places_services
from smarthd.rollout import rules as rollout_rules
from smarthd.rollout import services as rollout
from smarthd.rollout.tests import make as rollout_make

NOW = datetime(2024, 4, 20, 3, tzinfo=UTC)  # Saturday 20/4/2024, 10:00 in Hải Dương
TODAY = date(2024, 4, 20)
SYSTEM = actors.system("test")


def official(agency_id: int, *roles: Role) -> int:
    """Return the id of an account that holds roles at an agency."""
    account_id = int(get_user_model().objects.create(full_name="Nguyễn Văn An", created_at=NOW).pk)
    for role in roles:
        agencies.grant_role(
            account_id=account_id, agency_id=agency_id, role=role, actor=SYSTEM, now=NOW - timedelta(days=30)
        )
    return account_id


def signed_in(account_id: int, *, second_factor: bool = True) -> Client:
    """Return a browser in which the account is signed in, past the second factor or not."""
    client = Client(enforce_csrf_checks=False)
    client.force_login(get_user_model().objects.get(pk=account_id))
    if second_factor:
        session = client.session
        session["account_authentication_methods_user"] = str(account_id)
        session["account_authentication_methods"] = [{"method": "mfa", "at": NOW.timestamp()}]
        session.save()
    return client


def world() -> agencies_make.World:
    """Return the agencies of a small province."""
    return agencies_make.world()


def measured(world: agencies_make.World) -> None:
    """Plant the real units of 2024, twelve persons, a base, a campaign with its target; reckon a week."""
    places_services.import_all(actor=SYSTEM, now=NOW)
    commune = places.units_on(TODAY, "commune")[0]
    for _ in range(12):
        account_id = rollout_make.person(commune.id, TODAY - timedelta(days=9))
        rollout_make.use(account_id, TODAY - timedelta(days=8), TODAY - timedelta(days=2))
    rollout.set_denominators([rollout_make.base(commune.id, 10)], actor=SYSTEM, now=NOW)
    rollout.open_campaign(
        "thu",
        title="Cài đặt và sử dụng ứng dụng",
        opens_on=date(2024, 4, 1),
        deadline_at=clock.at_local(date(2024, 4, 19), 17),
        document_number="Công văn số 1038/UBND-VX",
        document_on=date(2024, 3, 26),
        actor=SYSTEM,
        now=NOW,
    )
    rollout.set_target("thu", scope=rollout_rules.Scope.UNIT, indicator="activated", value=1.0, actor=SYSTEM, now=NOW)
    rollout.rebuild_rollups(now=NOW)


assert settings.TESTING
