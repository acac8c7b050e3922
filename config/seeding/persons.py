"""Persons as rows of ``people``: installs, accounts, who is on which phone, what they agreed to.

What a row holds is what people.services would have written had each person opened the app, signed in and agreed on that day
(tests compare). Not made up: the audit trail and announcements of those acts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from config.seeding import adoption, copying
from config.seeding.planting import plant
from smarthd.kernel import sealing
from smarthd.people import rules
from smarthd.people import services as people
from smarthd.people.models import NAME, PHONE
from smarthd.people.services import consents

Ints = npt.NDArray[np.int64]
DAY_MICROS = 86_400_000_000
_LOCAL_MICROS = 7 * 3_600_000_000  # Asia/Ho_Chi_Minh is UTC+7 all year round
_EPOCH = 719_163  # date(1970, 1, 1).toordinal()
AGREES_TO_BE_COUNTED = 0.9


@dataclass(frozen=True)
class Rows:
    """The persons planted, in the order of ``who``: ids, instants in microseconds since 1970 (account columns: -1 without one)."""

    who: adoption.Persons
    atom: Ints
    install_id: Ints
    install_uid: npt.NDArray[np.void]
    account_id: Ints
    opened_at: Ints
    activated_at: Ints
    counted: npt.NDArray[np.bool_]
    phone_index: list[bytes]


def moments(rng: np.random.Generator, day: Ints) -> Ints:
    """Return an instant of each local day (ordinals), between 6:00 and 22:00, mostly in the evening; microseconds since 1970."""
    hour = 6 + 16 * rng.beta(2.2, 1.6, len(day))
    return (day - _EPOCH) * DAY_MICROS - _LOCAL_MICROS + (hour * 3_600_000_000).astype(np.int64)


def plant_persons(
    rng: np.random.Generator,
    who: adoption.Persons,
    atom: Ints,
    *,
    telephones: Sequence[str],
    names: list[str] | None = None,
    last_use: Ints | None = None,
    all_counted: bool = False,
    no_later_than: datetime | None = None,
) -> Rows:
    """Write the persons' rows. ``atom`` is each person's unit (id); ``telephones`` (+84…) and ``names`` are theirs; citizens give no name."""
    count = len(who)
    opened = moments(rng, who.installed_on)
    active = who.activated_on != adoption.NEVER
    same_day = who.activated_on == who.installed_on
    minutes = (rng.integers(1, 25, count) * 60 + rng.integers(0, 60, count)) * 1_000_000
    activated = np.where(same_day, opened + minutes, np.maximum(moments(rng, who.activated_on), opened + minutes))
    activated = np.where(active, activated, -1)
    seen = np.maximum(opened, activated)
    if last_use is not None:
        seen = np.maximum(seen, np.where(last_use > 0, moments(rng, last_use), 0))
    if no_later_than is not None:
        ceiling = copying.micros_of(no_later_than)
        opened, activated, seen = (np.minimum(instants, ceiling) for instants in (opened, activated, seen))
    install_uid = copying.uuids(rng, opened)
    install_id = plant(
        "people.Install",
        count,
        rng,
        uid=install_uid,
        platform=copying.words(
            [rules.Platform.ANDROID, rules.Platform.IOS], (rng.random(count) < 0.22).astype(np.int64)
        ),
        first_opened_at=opened,
        standalone_at=opened,
        claimed_at=opened,
        atom_id=atom,
        atom_at=opened,
        team_code="",
        team_code_at=None,
        last_seen_at=seen,
    )
    holders = np.flatnonzero(active)
    account_id = np.full(count, -1, dtype=np.int64)
    indexes = _plant_accounts(
        rng,
        holders,
        atom=atom,
        activated=activated,
        account_id=account_id,
        telephones=telephones,
        names=names,
    )
    counted = active & (all_counted | (rng.random(count) < AGREES_TO_BE_COUNTED))
    _plant_bindings(rng, holders, install_id, account_id, activated)
    _plant_consents(rng, np.flatnonzero(counted), account_id, activated)
    return Rows(who, atom, install_id, install_uid.values, account_id, opened, activated, counted, indexes)


def _plant_accounts(
    rng: np.random.Generator,
    holders: Ints,
    *,
    atom: Ints,
    activated: Ints,
    account_id: Ints,
    telephones: Sequence[str],
    names: list[str] | None,
) -> list[bytes]:
    """Write the accounts of ``holders``, set their ids in ``account_id``, and return the blind indexes of their numbers."""
    e164 = [telephones[person] for person in holders]
    indexes = [people.phone_index(number) for number in e164]
    account_id[holders] = plant(
        "people.Account",
        len(holders),
        rng,
        uid=copying.uuids(rng, activated[holders]),
        password="!" + "demo" * 10,  # as set_unusable_password: "!" and what nobody can hash to
        phone_sealed=copying.octets([sealing.seal(number, purpose=PHONE) for number in e164]),
        phone_index=copying.octets(indexes),
        full_name_sealed=copying.octets([sealing.seal(names[person], purpose=NAME) for person in holders])
        if names
        else None,
        home_id=atom[holders],
        verified_at=activated[holders],
        created_at=activated[holders],
        activated_at=activated[holders],
    )
    return indexes


def _plant_bindings(
    rng: np.random.Generator, holders: Ints, install_id: Ints, account_id: Ints, activated: Ints
) -> None:
    plant(
        "people.Binding",
        len(holders),
        rng,
        install_id=install_id[holders],
        account_id=account_id[holders],
        bound_at=activated[holders],
    )


def _plant_consents(rng: np.random.Generator, counted: Ints, account_id: Ints, activated: Ints) -> None:
    """Write the agreement to usage measuring, in the words in force on the day of each."""
    days = (activated[counted] + _LOCAL_MICROS) // DAY_MICROS + _EPOCH
    in_force = {
        int(day): rules.wording_in_force(rules.Purpose.USAGE, date.fromordinal(int(day))) for day in np.unique(days)
    }
    version = np.array([in_force[int(day)].version for day in days], dtype=np.int64)
    for words in {wording.version: wording for wording in in_force.values()}.values():
        rows = counted[version == words.version]
        plant(
            "people.Consent",
            len(rows),
            rng,
            account_id=account_id[rows],
            purpose=rules.Purpose.USAGE.value,
            wording_version=words.version,
            wording_sha256=consents.fingerprint(words),
            means=rules.Means.OWN_PHONE.value,
            evidence={},
            given_at=activated[rows],
        )
