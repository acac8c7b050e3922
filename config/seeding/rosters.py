"""Rosters of the demonstration: everyone employed, entered through agencies' service, and the seats rollout keeps of them."""

from __future__ import annotations

from datetime import date

import numpy as np

from config.seeding import usage
from config.seeding.adoption import Ints
from config.seeding.bodies import post
from smarthd.agencies import services as agency_services
from smarthd.agencies.selectors import AgencyView


def enter(
    rng: np.random.Generator,
    bodies: list[AgencyView],
    agency: Ints,
    *,
    called: list[str],
    telephones: list[str],
    account: Ints,
    since: date,
) -> None:
    """Enter persons (rows of the arrays, sorted by their place in ``bodies``) from a day on; accounts of -1 are none."""
    rank = np.arange(len(agency)) - np.searchsorted(agency, agency)
    entered = agency_services.add_staff(
        (
            agency_services.NewStaff(
                agency_id=bodies[body].id,
                full_name=name,
                position=post(bodies[body].kind, int(row)),
                phone=phone,
                account_id=int(account_id) if account_id >= 0 else None,
            )
            for body, name, row, phone, account_id in zip(agency, called, rank, telephones, account, strict=True)
        ),
        valid_from=since,
    )
    usage.plant_seats(
        rng,
        np.array([row.pk for row in entered], dtype=np.int64),
        np.array([row.agency_id for row in entered], dtype=np.int64),
        account,
        since,
    )
