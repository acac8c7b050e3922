"""The ground of the story "the order of March 2024": a small part of the province as it stood, its officials, what people did with the app.

Run as a program it plants that into the database of its environment and prints, as JSON, a session for each official, so that the story
need not sign nine people in. Run with ``afterwards`` it does what happens later: a commune is merged away, a clerk is erased.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

SIGNED_ON = date(2024, 3, 26)
FOUNDED = date(2024, 1, 1)
PLANTED_AT = datetime(2024, 3, 25, 2, tzinfo=UTC)
MAILBOX = "thanhquang@haiduong.example"
COMMUNES = {"a": "Hợp Tiến", "b": "Nam Hưng", "c": "Thanh Quang"}
# key → agency, role, name, position
OFFICIALS = {
    "department": ("stttt", "administrator", "Đỗ Minh Khang", "Trưởng phòng Công nghệ thông tin"),
    "director": ("stttt", "head", "Ngô Thị Thu Hiền", "Giám đốc"),
    "leader": ("ubnd-tinh", "head", "Lê Quang Vinh", "Phó Chủ tịch"),
    "district": ("nam-sach", "head", "Trần Văn Hòa", "Phó Chủ tịch"),
    "district_clerk": ("nam-sach", "clerk", "Phạm Thị Lan", "Chuyên viên"),
    "clerk_a": ("a", "clerk", "Vũ Thị Nga", "Công chức Văn phòng - thống kê"),
    "head_a": ("a", "head", "Nguyễn Văn Thịnh", "Chủ tịch"),
    "clerk_b": ("b", "clerk", "Bùi Văn Nam", "Công chức Văn phòng - thống kê"),
    "clerk_c": ("c", "clerk", "Đặng Thị Hoa", "Công chức Văn phòng - thống kê"),
}
PERSONS_EACH, STAFF_EACH = 30, 10


def plant() -> dict[str, object]:
    """Plant everything; return what the story must know."""
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Role
    from smarthd.kernel import actor
    from smarthd.places import services as places

    system = actor.system("story")
    places.import_all(actor=system, now=PLANTED_AT)
    ids, homes = _agencies()
    accounts = {key: _account(name) for key, (_agency, _role, name, _position) in OFFICIALS.items()}
    for key, (agency, role, _name, _position) in OFFICIALS.items():
        agencies.grant_role(
            account_id=accounts[key], agency_id=ids[agency], role=Role(role), actor=system, now=PLANTED_AT
        )
    agencies.set_mailbox(ids["c"], address=MAILBOX, actor=system, now=PLANTED_AT)
    _rosters(ids, accounts)
    _use(homes)
    return {
        "cookies": dict(zip(accounts, _sessions(list(accounts.values())), strict=True)),
        "accounts": accounts,
        "agencies": ids,
    }


def _agencies() -> tuple[dict[str, int], dict[str, int]]:
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind
    from smarthd.places import selectors as places

    def found(kind: Kind, name: str, code: str, **more: Any) -> int:
        new = agencies.NewAgency(kind=kind, name=name, code=code, **more)
        return agencies.found_agency(new, valid_from=FOUNDED).pk

    province, *_others = places.units_on(SIGNED_ON, "province")
    district = next(one for one in places.units_on(SIGNED_ON, "district") if one.name == "Nam Sách")
    communes = {one.name: one for one in places.units_on(SIGNED_ON, "commune", under=district.id)}
    ids = {}
    top = ids["ubnd-tinh"] = found(
        Kind.PROVINCE_COMMITTEE, "Ủy ban nhân dân tỉnh Hải Dương", "ubnd-tinh", place_id=province.id
    )
    ids["stttt"] = found(Kind.DEPARTMENT, "Sở Thông tin và Truyền thông", "stttt", parent_id=top, short_name="Sở TTTT")
    middle = ids["nam-sach"] = found(
        Kind.DISTRICT_COMMITTEE, "Ủy ban nhân dân huyện Nam Sách", "ubnd-291", parent_id=top, place_id=district.id
    )
    homes = {}
    for key, name in COMMUNES.items():
        unit = communes[name]
        homes[key] = unit.id
        ids[key] = found(
            Kind.COMMUNE_COMMITTEE,
            f"Ủy ban nhân dân xã {name}",
            f"ubnd-{unit.code}",
            parent_id=middle,
            place_id=unit.id,
            short_name=f"UBND xã {name}",
        )
    return ids, homes


def _account(name: str) -> int:
    from django.contrib.auth import get_user_model

    return int(get_user_model().objects.create(full_name=name, created_at=PLANTED_AT).pk)


def _rosters(ids: dict[str, int], accounts: dict[str, int]) -> None:
    """Enter the officials and some colleagues into their rosters; a part of the staff has begun to use the app."""
    from smarthd.agencies import selectors as reading
    from smarthd.agencies import services as agencies
    from smarthd.kernel import clock
    from smarthd.rollout import services
    from smarthd.rollout.tests import make

    people = [
        agencies.NewStaff(agency_id=ids[agency], full_name=name, position=position, account_id=accounts[key])
        for key, (agency, _role, name, position) in OFFICIALS.items()
    ]
    for agency_id in ids.values():
        for number in range(STAFF_EACH):
            used = make.account() if number < STAFF_EACH // 2 else None
            people.append(
                agencies.NewStaff(
                    agency_id=agency_id, full_name=f"Cán bộ số {number + 1}", position="Công chức", account_id=used
                )
            )
    agencies.add_staff(people, valid_from=FOUNDED)
    services.sync_seats(list(ids.values()), day=SIGNED_ON, now=PLANTED_AT)
    for person in reading.roster_on(list(ids.values()), SIGNED_ON):
        if person.account_id is None or person.account_id in accounts.values():
            continue
        day = SIGNED_ON + timedelta(days=1 + person.id % 9)
        make.activate(person.account_id, None, day)
        services.link_staff(
            person.id, account_id=person.account_id, agency_id=person.agency_id, at=clock.at_local(day, 12)
        )
        make.use(person.account_id, day, day + timedelta(days=2))


def _use(homes: dict[str, int]) -> None:
    """Let citizens of each commune activate the app in the weeks after the order, and most of them use it."""
    from smarthd.rollout import services
    from smarthd.rollout.tests import make

    bases = [make.base(home, 2_000) for home in homes.values()]
    services.set_denominators(bases, actor=make.SYSTEM, now=PLANTED_AT)
    for home in homes.values():
        for number in range(PERSONS_EACH):
            day = SIGNED_ON + timedelta(days=1 + number % 12)
            person = make.person(home, day)
            if number % 3:
                make.use(person, day, day + timedelta(days=1))


def _sessions(account_ids: list[int]) -> list[str]:
    from bench import _desk

    return _desk.cookies_of(account_ids)


def afterwards(story: dict[str, dict[str, int]]) -> None:
    """Merge the third commune into the first, and erase the second commune's clerk."""
    from smarthd.agencies import services as agencies
    from smarthd.kernel import actor, clock, events
    from smarthd.people import services as people

    now = clock.now()
    agencies.merge_agencies(
        [story["agencies"]["c"]], into_id=story["agencies"]["a"], effective_on=clock.day_of(now),
        legal_document="Nghị quyết 12/NQ-HĐND", actor=actor.system("story"), now=now,
    )  # fmt: skip
    people.erase_account(story["accounts"]["clerk_b"], now=now)
    events.deliver_owed()


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1:2] == ["afterwards"]:
        afterwards(json.loads(sys.stdin.read()))
    else:
        from django.db import transaction

        with transaction.atomic():
            told = plant()
        print(json.dumps(told))
