"""Warnings of the last weeks: a storm that was warned of, updated and called off, with what people answered; a drill; one that waits for approval.

Nothing is in force at the end, so that the demonstration's pages begin calm. Told through the services, by the demonstration's own duty officers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from config.seeding import accounts
from config.seeding.demo import Stage
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.alerts.models import Alert
from smarthd.alerts.rules import templates
from smarthd.alerts.rules.hazards import FACTS, Hazard
from smarthd.alerts.rules.messages import Channel, Kind, Severity, Status, Urgency
from smarthd.alerts.rules.shelters import Stand
from smarthd.alerts.rules.shelters import Told as Shelter
from smarthd.alerts.rules.states import Answer
from smarthd.alerts.services import answering, approving, composing, helping, issuing, presets, publishing, sheltering
from smarthd.alerts.values import Draft, NewAnswer
from smarthd.kernel import clock, events
from smarthd.kernel.actor import Actor
from smarthd.people import selectors as people
from smarthd.people import services as people_services
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

ALONG = 9
FILLED = {
    "[tên]": "số 3 (dùng thử)",
    "[giờ]": "22 giờ",
    "[cấp]": "9",
    "[name]": "No. 3 (demonstration)",
    "[time]": "22:00",
    "[force]": "9",
    "[số]": "12",
    "[number]": "12",
    "[ngày]": "mai",
    "[date]": "tomorrow",
}
PLACES = ("Nhà văn hóa thôn 3", "Cạnh trạm bơm", "Nhà bà Tý cuối xóm", "Bãi ngoài đê", "Trường tiểu học")


def plant(stage: Stage) -> str:
    """Live through the weeks."""
    night = _Night(stage)
    night.presets()
    night.shelters()
    night.storm(clock.at_local(stage.today - timedelta(days=18), 14))
    night.drill(clock.at_local(stage.today - timedelta(days=40), 8))
    night.waiting()
    issuing.expire_due(now=stage.now)
    events.deliver_owed(limit=100_000)
    publishing.publish_all(now=stage.now)
    return f"{Alert.objects.count()} bản tin: một cơn bão, một lần diễn tập, một bản chờ duyệt"


class _Night:
    """Who writes, who approves, and where."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.author, self.approver = self._official(Role.ALERT_AUTHOR), self._official(Role.ALERT_APPROVER)
        self.dispatcher = self._official(Role.DISPATCHER)
        self.agency = self.author.grants[0].agency_id
        units = places.units_on(stage.today, "commune")
        self.home = next(unit for unit in units if unit.name == accounts.HOME)
        self.along = self._river(units)

    def _official(self, role: Role) -> Actor:
        account = next(one for one in accounts.ACCOUNTS if one.role == role)
        account_id = people.account_id_by_phone_index(people_services.phone_index(account.phone))
        actor = agencies.actor_for(account_id, self.stage.now, second_factor=True)
        return actor.knowing(**{approving.PROOF: "totp"})

    def _river(self, units: list[UnitView]) -> list[UnitView]:
        """Return the ward and its neighbours, from north to south: a stand-in for a river's course, and called so."""
        lat, lon = self.home.lat or 0.0, self.home.lon or 0.0
        near = sorted(
            (unit for unit in units if unit.lat is not None and unit.lon is not None),
            key=lambda unit: ((unit.lat or 0.0) - lat) ** 2 + ((unit.lon or 0.0) - lon) ** 2,
        )
        return sorted(near[:ALONG], key=lambda unit: -(unit.lat or 0.0))

    def presets(self) -> None:
        """Keep the communes along the river under a name."""
        presets.keep_preset(
            name="Ven sông Thái Bình (dùng thử)",
            communes=[unit.id for unit in self.along],
            along=True,
            agency_id=self.agency,
            actor=self.author,
            now=self.stage.now,
        )

    def shelters(self) -> None:
        """Name two places of each commune along the river where people may go; the second of the ward is full."""
        for unit in self.along[:4]:
            for number, (name, room) in enumerate((("Nhà văn hóa trung tâm", 250), ("Trường tiểu học", 400))):
                told = Shelter(
                    name=f"{name} (dùng thử)",
                    address="Gần trụ sở Ủy ban nhân dân",
                    lat=round((unit.lat or 0.0) + 0.004 * (number + 1), 5),
                    lon=round((unit.lon or 0.0) - 0.003 * (number + 1), 5),
                    capacity=room,
                    accessible=number == 0,
                    contact="Trực ban 0220 3 000 113 (số minh họa)",
                )
                row = sheltering.add_shelter(told, commune_id=unit.id, actor=self.author, now=self.stage.now)
                if unit.id == self.home.id:
                    stand = Stand.FULL if number else Stand.OPEN
                    sheltering.set_stand(row.uid, stand, actor=self.author, now=self.stage.now)

    def draft(self, hazard: Hazard, at: datetime, hours: int, **changes: object) -> Draft:
        """Return a warning with the template's words filled in."""
        words, facts = templates.TEMPLATES[hazard], FACTS[hazard]
        plain = Draft(
            hazard=hazard,
            status=Status.ACTUAL,
            level=3 if facts.levels else None,
            urgency=facts.urgency,
            severity=facts.severity,
            certainty=facts.certainty,
            responses=facts.responses,
            headline_vi=_filled(words.vi.headline),
            description_vi=_filled(words.vi.description),
            instruction_vi=_filled(words.vi.instruction),
            headline_en=_filled(words.en.headline),
            description_en=_filled(words.en.description),
            instruction_en=_filled(words.en.instruction),
            contact="Trực ban 0220 3 000 112 (số minh họa)",
            effective_at=at,
            expires_at=at + timedelta(hours=hours),
            communes=tuple(unit.id for unit in self.along),
            channels=tuple(Channel),
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

    def issue(self, draft: Draft, at: datetime) -> Alert:
        """Write, hand in, approve, send out."""
        alert = composing.compose(draft, agency_id=self.agency, actor=self.author, now=at)
        return self._approve(alert, at)

    def _approve(self, alert: Alert, at: datetime) -> Alert:
        alert = composing.submit(alert.uid, version=alert.version, actor=self.author, now=at + timedelta(minutes=6))
        return approving.approve_alert(
            alert.uid, content_hash=alert.content_hash, actor=self.approver, now=at + timedelta(minutes=9)
        )

    def storm(self, at: datetime) -> None:
        """Warn, hear answers, update, call off."""
        first = self.issue(self.draft(Hazard.STORM, at, 20), at)
        self.answers(first, at + timedelta(minutes=20))
        update_at = at + timedelta(hours=6)
        stronger = {"level": 4, "headline_vi": "Bão số 3 (dùng thử) mạnh thêm: không ra đường đến 6 giờ sáng"}
        self.change(first, Kind.UPDATE, update_at, lambda one: replace(one, **stronger))  # type: ignore[arg-type]
        end_at = at + timedelta(hours=15)
        latest = Alert.objects.filter(incident=first.incident, kind=Kind.UPDATE).get()
        over = {
            "headline_vi": "Đã an toàn: bão số 3 (dùng thử) đã qua",
            "headline_en": "All clear: storm No. 3 (demonstration) is over",
            "expires_at": end_at + timedelta(hours=6),
        }
        self.change(latest, Kind.CANCEL, end_at, lambda one: replace(one, **over))  # type: ignore[arg-type]

    def change(self, before: Alert, kind: Kind, at: datetime, made: Callable[[Draft], Draft]) -> None:
        """Begin a change of what is in force, write it, and send it out."""
        from smarthd.alerts.services import content

        alert = composing.draft_change(before.uid, kind=kind, actor=self.author, now=at)
        alert = composing.edit(alert.uid, made(content.draft_of(alert)), version=1, actor=self.author, now=at)
        self._approve(alert, at)

    def answers(self, alert: Alert, at: datetime) -> None:
        """Let phones answer: most are safe, some need help, and the ward's desk does something about it."""
        rng = self.stage.rng
        for number in range(60):
            unit = self.along[int(rng.integers(len(self.along)))]
            asks = number % 9 == 4
            new = NewAnswer(
                client_id=UUID(int=int.from_bytes(rng.bytes(16), "big")),
                code=alert.code,
                answer=Answer.HELP if asks else Answer.SAFE,
                commune_id=unit.id,
                lat=round((unit.lat or 0.0) + float(rng.normal(0, 0.004)), 5) if asks else None,
                lon=round((unit.lon or 0.0) + float(rng.normal(0, 0.004)), 5) if asks else None,
                place=PLACES[number % len(PLACES)] if asks else "",
                people=int(rng.integers(1, 6)) if asks else None,
                words="Nước vào nhà, có người già" if asks else "",
            )
            when = at + timedelta(minutes=number)
            row = answering.answer_alert(new, who=rng.bytes(32), account_id=None, address=f"demo-{number}", now=when)
            if asks and row.commune_id == self.home.id:
                helping.assign_help(row.uid, to="Đội xung kích phường", actor=self.dispatcher, now=when)

    def drill(self, at: datetime) -> None:
        """Rehearse a dike that breaks."""
        words = {
            "headline_vi": "Sự cố đê tả sông: sơ tán đến nhà văn hóa",
            "description_vi": "Giả định: đê tả bị sạt lúc 8 giờ, nước có thể tràn vào trong 60 phút.",
            "headline_en": "Dike failure, left bank: move to the village hall",
            "description_en": "Assumed: the left dike slipped at 08:00; water may come within 60 minutes.",
        }
        self.issue(self.draft(Hazard.DIKE, at, 3, status=Status.EXERCISE, **words), at)

    def waiting(self) -> None:
        """Leave one for the approver's desk."""
        at = self.stage.now - timedelta(minutes=25)
        draft = self.draft(Hazard.COLD, at, 60, severity=Severity.MODERATE, urgency=Urgency.FUTURE, level=1)
        alert = composing.compose(draft, agency_id=self.agency, actor=self.author, now=at)
        composing.submit(alert.uid, version=alert.version, actor=self.author, now=at + timedelta(minutes=5))


def _filled(words: str) -> str:
    for bracket, said in FILLED.items():
        words = words.replace(bracket, said)
    return words
