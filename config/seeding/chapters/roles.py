"""The accounts everyone signs in with: one for every role, on a phone of its own, officials with a second factor."""

from __future__ import annotations

import numpy as np
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model

from config.seeding import accounts, cohorts, persons, story, usage
from config.seeding.accounts import ACCOUNTS, DemoAccount
from config.seeding.adoption import Ints, Persons
from config.seeding.demo import Stage
from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Role
from smarthd.agencies.selectors import AgencyView
from smarthd.kernel import events
from smarthd.kernel.actor import system
from smarthd.places import selectors as places

ACTOR = system("seed-demo")


def plant(stage: Stage) -> str:
    """Open the accounts, enter officials into their rosters, give them their roles and second factor."""
    home = next(unit for unit in places.units_on(stage.today, "commune") if unit.name == accounts.HOME)
    first, _ = story.running_campaign(stage.today)
    installed = np.full(len(ACCOUNTS), first.toordinal() + 2, dtype=np.int64)
    who = Persons(np.arange(len(ACCOUNTS)), installed, installed, np.full(len(ACCOUNTS), 0.8))
    cohort = cohorts.with_use(stage.rng, who, [(first, stage.today)])
    rows = persons.plant_persons(
        stage.rng,
        who,
        np.full(len(ACCOUNTS), home.id, dtype=np.int64),
        telephones=[account.phone for account in ACCOUNTS],
        names=[account.full_name for account in ACCOUNTS],
        last_use=cohort.last_use,
        all_counted=True,
        no_later_than=stage.now,
    )
    usage.plant_usage(stage.rng, rows, cohort.use)
    at_home = agencies.agencies_of_places([home.id], stage.today)[0]
    for account, account_id in zip(ACCOUNTS, rows.account_id, strict=True):
        if account.official:
            _make_official(stage, account, int(account_id), at_home)
    events.deliver_owed()
    return f"{len(ACCOUNTS)} tài khoản, xem bằng lệnh smarthd demo-accounts"


def _make_official(stage: Stage, account: DemoAccount, account_id: int, at_home: AgencyView) -> None:
    agency = at_home if account.agency == "commune" else agencies.agency_by_code(account.agency, stage.today)
    [staff] = agency_services.add_staff(
        [
            agency_services.NewStaff(
                agency_id=agency.id,
                full_name=account.full_name,
                position=account.position,
                phone=account.phone,
                account_id=account_id,
            )
        ],
        valid_from=story.JULY,
    )
    one: Ints = np.array([account_id], dtype=np.int64)
    usage.plant_seats(stage.rng, np.array([staff.pk]), np.array([agency.id]), one, story.JULY)
    agency_services.grant_role(
        account_id=account_id, agency_id=agency.id, role=Role(account.role), actor=ACTOR, now=stage.now
    )
    TOTP.activate(get_user_model().objects.get(pk=account_id), accounts.SECOND_FACTOR_SECRET)
