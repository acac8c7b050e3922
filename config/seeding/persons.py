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
ONLY_BROWSES = 0.3  # of those without an account
IPHONES = 0.22
ASSISTED = 0.35  # of those with one, where teams have codes


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
    standalone: npt.NDArray[np.bool_]  # opened from the home screen; else only looked at in a browser
    team_code: list[str]


def moments(rng: np.random.Generator, day: Ints) -> Ints:
    """Return an instant of each local day (ordinals), between 6:00 and 22:00, mostly in the evening; microseconds since 1970."""
    hour = 6 + 16 * rng.beta(2.2, 1.6, len(day))
    return (day - _EPOCH) * DAY_MICROS - _LOCAL_MICROS + (hour * 3_600_000_000).astype(np.int64)


def _instants(
    rng: np.random.Generator, who: adoption.Persons, last_use: Ints | None, no_later_than: datetime | None
) -> tuple[Ints, Ints, Ints]:
    """Return when each person first opened the app, got an account (-1 without one), and was last seen.

    Nobody activates within the minute of the first open (ROLLOUT.md, "Integrity signals").
    """
    opened = moments(rng, who.installed_on)
    pause = (rng.integers(1, 25, len(who)) * 60 + rng.integers(0, 60, len(who))) * 1_000_000
    later = np.maximum(moments(rng, np.maximum(who.activated_on, who.installed_on)), opened + pause)
    activated = np.where(who.activated_on == who.installed_on, opened + pause, later)
    if no_later_than is not None:
        ceiling = copying.micros_of(no_later_than)
        activated = np.minimum(activated, ceiling)
        opened = np.minimum(opened, activated - pause)
    used = np.where(last_use > 0, moments(rng, last_use), 0) if last_use is not None else 0
    activated = np.where(who.activated_on == adoption.NEVER, -1, activated)
    seen = np.maximum(np.maximum(opened, activated), used)
    return opened, activated, seen if no_later_than is None else np.minimum(seen, ceiling)


def plant_persons(
    rng: np.random.Generator,
    who: adoption.Persons,
    atom: Ints,
    *,
    telephones: Sequence[str],
    names: list[str] | None = None,
    last_use: Ints | None = None,
    team_codes: Sequence[str] = (),
    all_counted: bool = False,
    no_later_than: datetime | None = None,
) -> Rows:
    """Write the persons' rows. ``atom`` is each person's unit (id); ``telephones`` (+84…) and ``names`` are theirs; citizens give no name.

    ``team_codes``, one a unit of ``who``, are those of the teams that helped some of them; ``no_later_than`` is now.
    """
    count, active = len(who), who.activated_on != adoption.NEVER
    opened, activated, seen = _instants(rng, who, last_use, no_later_than)
    install_uid = copying.uuids(rng, opened)
    standalone = active | (rng.random(count) >= ONLY_BROWSES)
    helped = active & (rng.random(count) < ASSISTED) if team_codes else np.zeros(count, dtype=bool)
    team_code = [team_codes[unit] if by_team else "" for unit, by_team in zip(who.unit, helped, strict=True)]
    install_id = plant(
        "people.Install",
        count,
        rng,
        uid=install_uid,
        platform=copying.words(
            [rules.Platform.ANDROID, rules.Platform.IOS], (rng.random(count) < IPHONES).astype(np.int64)
        ),
        first_opened_at=opened,
        standalone_at=copying.instant(opened, ~standalone),
        claimed_at=opened,
        atom_id=atom,
        atom_at=opened,
        team_code=team_code,
        team_code_at=copying.instant(opened, ~helped),
        last_seen_at=seen,
    )
    holders = np.flatnonzero(active)
    account_id = np.full(count, -1, dtype=np.int64)
    _plant_accounts(
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
    return Rows(
        who, atom, install_id, install_uid.values, account_id, opened, activated, counted, standalone, team_code
    )


def _plant_accounts(
    rng: np.random.Generator,
    holders: Ints,
    *,
    atom: Ints,
    activated: Ints,
    account_id: Ints,
    telephones: Sequence[str],
    names: list[str] | None,
) -> None:
    """Write the accounts of ``holders``, and set their ids in ``account_id``."""
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
