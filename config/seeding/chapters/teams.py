"""Community teams of the demonstration's own commune: three teams, their villages, codes, a market day, three weeks of visits.

The leader's account (number 10) leads the first team. What teams did is told through the services, as their phones would tell it.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from uuid import UUID

import numpy as np
from django.apps import apps
from PIL import Image, ImageDraw

from config.seeding import accounts, cohorts, names, persons, phones, story, usage
from config.seeding.accounts import ACCOUNTS
from config.seeding.adoption import Persons
from config.seeding.demo import Stage
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor, system
from smarthd.places import selectors as places
from smarthd.places import services as place_services
from smarthd.places.services.villages import NewVillage
from smarthd.places.values import UnitView
from smarthd.rollout.rules import teams as rules
from smarthd.rollout.selectors import scanning
from smarthd.rollout.services import teams_codes, teams_setup, teams_visits, teams_work

ACTOR = system("seed-demo")
MEMBERS_FIRST = 980_000  # phones.scattered_phone
VILLAGES, TEAMS, MEMBERS_EACH = 6, 3, 3
DAYS = 21
POSITIONS = ("Trưởng khu dân cư", "Bí thư chi đoàn", "Chi hội phụ nữ")
HOUSES = 140


def plant(stage: Stage) -> str:
    """Set the teams up and let them work."""
    home = next(unit for unit in places.units_on(stage.today, "commune") if unit.name == accounts.HOME)
    [body] = agencies.agencies_of_places([home.id], stage.today, kinds=[Kind.COMMUNE_COMMITTEE])
    villages = _villages(stage, home)
    started = stage.today - timedelta(days=DAYS + 7)
    members = _members(stage, home)
    visits = credited = 0
    helped = _helped_at(home.id)
    for number in range(TEAMS):
        team = teams_setup.establish_team(
            body.id,
            name=f"Tổ công nghệ số cộng đồng {villages[2 * number].full_name.lower()}, {villages[2 * number + 1].name.lower()}",
            decision_number=f"{41 + number}/QĐ-UBND",
            decision_on=started,
            actor=ACTOR,
            now=stage.now,
        )
        own = villages[2 * number : 2 * number + 2]
        teams_setup.cover_villages(team.uid, [view.id for view in own], on=started, actor=ACTOR, now=stage.now)
        stays = []
        for place, (full_name, phone) in enumerate(members[number * MEMBERS_EACH : (number + 1) * MEMBERS_EACH]):
            stays.append(
                teams_setup.join_member(
                    team.uid, full_name=full_name, phone=phone, position=POSITIONS[place], on=started, actor=ACTOR,
                    now=stage.now,
                )
            )  # fmt: skip
        teams_setup.appoint_leader(stays[0].uid, actor=ACTOR, now=stage.now)
        texts = [
            scanning.written(
                teams_codes.issue_code(
                    team.uid, member_uid=stay.uid if stay else None, valid_until=stage.today + timedelta(days=120),
                    actor=ACTOR, now=stage.now,
                )
            )
            for stay in [*stays, None]
        ]  # fmt: skip
        for stay in stays:
            visits += _visit(stage, stay.account_id or 0, own)
        for place, (account_id, at) in enumerate(helped[number::TEAMS]):
            text = team.code if place % 6 == 5 else texts[place % len(texts)]
            credited += bool(teams_codes.credit_person(account_id, text=text, at=at))
        teams_work.count_households(
            team.uid, {view.id: int(stage.rng.integers(95, HOUSES)) for view in own}, source="danh sách hộ của khu dân cư (dữ liệu dùng thử)",
            as_of=started, actor=ACTOR, now=stage.now,
        )  # fmt: skip
        if number == 0:
            visits += _twice(stage, [stay.account_id or 0 for stay in stays[:2]], own[0])
            _work(stage, team.uid, body.id, [stay.uid for stay in stays], stays[0].account_id or 0)
    return f"{TEAMS} tổ ở phường {accounts.HOME}, {visits} lần thăm hộ, {credited} người được hướng dẫn"


def _villages(stage: Stage, home: UnitView) -> list[UnitView]:
    """Return six villages of the commune, adding those that are missing."""
    known = places.units_on(stage.today, "village", under=home.id)
    fresh = [
        NewVillage(home.id, f"Khu dân cư số {number}", story.JULY)
        for number in range(1, VILLAGES + 1 - len(known[:VILLAGES]))
    ]
    if fresh:
        place_services.add_villages_bulk(fresh, actor=ACTOR, now=stage.now)
        known = places.units_on(stage.today, "village", under=home.id)
    return known[:VILLAGES]


def _members(stage: Stage, home: UnitView) -> list[tuple[str, str]]:
    """Return name and telephone of everyone in the teams; all have an account, the first is the demonstration's leader."""
    leader = next(account for account in ACCOUNTS if account.role == "team_leader")
    count = TEAMS * MEMBERS_EACH - 1
    first, _ = story.running_campaign(stage.today)
    installed = np.full(count, first.toordinal() + 1, dtype=np.int64)
    who = Persons(np.arange(count), installed, installed, np.full(count, 0.7))
    cohort = cohorts.with_use(stage.rng, who, [(first, stage.today)])
    called = names.full_names(stage.rng, count)
    numbers = phones.scattered_phones(MEMBERS_FIRST, count)
    rows = persons.plant_persons(
        stage.rng,
        who,
        np.full(count, home.id, dtype=np.int64),
        telephones=numbers,
        names=called,
        last_use=cohort.last_use,
        all_counted=True,
        no_later_than=stage.now,
    )
    usage.plant_usage(stage.rng, rows, cohort.use)
    return [(leader.full_name, leader.phone), *zip(called, numbers, strict=True)]


def _helped_at(home_id: int) -> list[tuple[int, datetime]]:
    """Return who of the commune was activated with a team's help, and a believable instant of that day."""
    rows = (
        apps.get_model("rollout", "Participant")
        .objects.filter(home_id=home_id, activated_on__isnull=False)
        .exclude(team_code="")
        .order_by("account_id")
        .values_list("account_id", "activated_on")
    )
    return [
        (account_id, clock.at_local(on, 8 + place % 10, place * 7 % 60))
        for place, (account_id, on) in enumerate(rows)
        if on is not None
    ]


def _visit(stage: Stage, account_id: int, villages: list[UnitView]) -> int:
    """Let one member's phone tell three weeks of visits, in batches as it came home to a network."""
    actor = Actor(account_id=account_id)
    device = UUID(int=int(stage.rng.integers(1, 2**62)))
    told = 0
    for back in range(DAYS, -1, -3):
        batch = []
        for day in (stage.today - timedelta(days=back - one) for one in range(3) if back - one >= 0):
            batch += [_told(stage, day, villages) for _ in range(int(stage.rng.integers(1, 4)))]
        batch = [visit for visit in batch if datetime.fromisoformat(str(visit["at"])) <= stage.now]
        if not batch:
            continue
        sent_at = max(datetime.fromisoformat(str(visit["at"])) for visit in batch) + timedelta(minutes=30)
        sent_at = min(sent_at, stage.now)
        answers = teams_visits.receive_visits(batch, device_uid=device, sent_at=sent_at, actor=actor, now=sent_at)
        told += sum(answer.receipt is not rules.Receipt.REFUSED for answer in answers)
    return told


def _twice(stage: Stage, account_ids: list[int], village: UnitView) -> int:
    """Let two phones tell of one household on one day: it waits for the leader's word."""
    day = stage.today - timedelta(days=2)
    for place, account_id in enumerate(account_ids):
        at = clock.at_local(day, 18, 10 + 25 * place)
        visit = _told(stage, day, [village]) | {
            "household": "Số 27", "outcome": "helped", "helped": 1, "reason": "", "consent": True, "adults": 3,
            "without_phone": 0, "at": at.isoformat(),
        }  # fmt: skip
        teams_visits.receive_visits(
            [visit], device_uid=UUID(int=7 + place), sent_at=at, actor=Actor(account_id=account_id), now=at
        )
    return len(account_ids)


_SHARES = {
    rules.Outcome.HELPED: 0.14,
    rules.Outcome.HAS_APP: 0.44,
    rules.Outcome.LATER: 0.18,
    rules.Outcome.NO_PHONE: 0.08,
    rules.Outcome.REFUSED: 0.05,
    rules.Outcome.ABSENT: 0.11,
}


def _told(stage: Stage, day: date, villages: list[UnitView]) -> dict[str, object]:
    rng = stage.rng
    outcome = list(_SHARES)[int(rng.choice(len(_SHARES), p=list(_SHARES.values())))]
    at = datetime.combine(day, time(int(rng.integers(17, 20)), int(rng.integers(0, 60))), tzinfo=clock.ZONE)
    adults = int(rng.integers(1, 5))
    without = adults if outcome is rules.Outcome.NO_PHONE else int(adults > 1 and rng.random() < 0.3)
    return {
        "uid": str(UUID(bytes=rng.bytes(16), version=4)),
        "village_uid": str(villages[int(rng.integers(0, len(villages)))].uid),
        "household": f"Số {int(rng.integers(1, HOUSES))}",
        "outcome": outcome.value,
        "reason": str(rng.choice(list(rules.WhyNot))) if outcome in rules.GIVES_REASON else "",
        "consent": outcome not in {rules.Outcome.REFUSED},
        "adults": 0 if outcome is rules.Outcome.ABSENT else adults,
        "without_phone": 0 if outcome is rules.Outcome.ABSENT else without,
        "helped": int(outcome is rules.Outcome.HELPED),
        "minutes": int(rng.choice([5, 10, 15, 20, 30])),
        "at": at.isoformat(),
    }


def _leaflet() -> io.BytesIO:
    """Draw a leaflet of three steps, so that there is a file to hand out."""
    picture = Image.new("RGB", (900, 640), (246, 245, 240))
    pen = ImageDraw.Draw(picture)
    for place, colour in enumerate(((12, 79, 91), (42, 118, 128), (239, 174, 69))):
        pen.rounded_rectangle((60 + 270 * place, 120, 300 + 270 * place, 520), 28, fill=colour)
        pen.ellipse((150 + 270 * place, 280, 210 + 270 * place, 340), fill=(255, 255, 255))
    out = io.BytesIO()
    picture.save(out, "PNG")
    out.seek(0)
    return out


def _work(stage: Stage, team_uid: UUID, agency_id: int, members: list[UUID], leader_account: int) -> None:
    """A market day next Sunday, a lesson last week with its materials, two expenses."""
    sunday = stage.today + timedelta(days=(6 - stage.today.weekday()) % 7 or 7)
    teams_work.declare_event(
        team_uid, kind=rules.EventKind.MARKET, place="Chợ Thanh Bình (dữ liệu dùng thử)",
        starts_at=clock.at_local(sunday, 6), ends_at=clock.at_local(sunday, 11), actor=ACTOR, now=stage.now,
    )  # fmt: skip
    teams_work.hold_lesson(
        agency_id, title="Hướng dẫn bà con cài ứng dụng và đọc cảnh báo", place="Nhà văn hóa khu dân cư",
        starts_at=clock.at_local(stage.today - timedelta(days=DAYS + 3), 14), minutes=90,
        materials=["Tờ rơi ba bước cài ứng dụng", "Câu hỏi bà con hay hỏi: mục Trợ giúp trong ứng dụng"],
        attendees=members, handed_out=[teams_work.NewMaterial("Ba bước cài ứng dụng (dữ liệu dùng thử).png", _leaflet())],
        actor=ACTOR, now=stage.now,
    )  # fmt: skip
    leader = Actor(account_id=leader_account)
    for kind, amount, back, note in (
        (rules.ExpenseKind.TRAVEL, 120_000, 12, "Đi thăm hai khu dân cư, một tuần"),
        (rules.ExpenseKind.PRINT, 85_000, 4, "In 20 áp phích khổ A4"),
    ):
        teams_work.note_expense(
            kind=kind,
            spent_on=stage.today - timedelta(days=back),
            amount=amount,
            note=note,
            actor=leader,
            now=stage.now,
        )
