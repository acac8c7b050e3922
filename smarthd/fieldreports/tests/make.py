"""Builders: a small land with its committees and officials, citizens with and without accounts, reports brought to states by services."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from PIL import Image

from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Kind, Role
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules.attachments import Kind as FileKind
from smarthd.fieldreports.rules.attachments import Part as FilePart
from smarthd.fieldreports.rules.intake import PlaceSource
from smarthd.fieldreports.rules.states import DeclineReason, Outcome, State
from smarthd.fieldreports.services import answering, categories, handling, intake, photos, speaking, uploads
from smarthd.fieldreports.services.intake import NewReport
from smarthd.fieldreports.values import Caller
from smarthd.kernel.actor import Actor, system
from smarthd.places.tests import make as places_make
from smarthd.places.values import UnitView

NOW = datetime(2024, 4, 8, 3, tzinfo=UTC)  # Monday 8/4/2024, 10:00 in Hải Dương; the next holiday is Thursday 18/4
TODAY = date(2024, 4, 8)
SOON = NOW + timedelta(hours=3)
SYSTEM = Caller(system("test"))
WORDS = "Đèn đường trước cổng chợ tắt đã một tuần, tối đến không nhìn thấy đường"


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@dataclass(frozen=True)
class Land:
    """A province of communes, their committees, a department, and an official each."""

    units: dict[str, UnitView]
    province: int
    department: int
    commune: int
    other: int
    dispatcher: Caller
    clerk: Caller
    chief: Caller
    leader: Caller
    department_clerk: Caller
    department_chief: Caller
    other_clerk: Caller
    other_chief: Caller
    administrator: Caller
    auditor: Caller

    @property
    def place(self) -> UnitView:
        """The first commune."""
        return self.units["c0"]


def land(tmp_path: Path) -> Land:
    """Make the land, the shipped categories, and everybody's roles."""
    units = places_make.small_land(tmp_path)
    categories.seed_categories(actor=system("test"), now=NOW)

    def found(kind: Kind, name: str, code: str, parent: int | None, place: str | None = None) -> int:
        new = agency_services.NewAgency(
            kind=kind, name=name, code=code, parent_id=parent, place_id=units[place].id if place else None
        )
        return agency_services.found_agency(new, valid_from=date(2024, 1, 1)).pk

    province = found(Kind.PROVINCE_COMMITTEE, "Ủy ban nhân dân tỉnh Nhà", "ubnd-1", None, "p")
    department = found(Kind.DEPARTMENT, "Sở Xây dựng", "sxd", province)
    commune = found(Kind.COMMUNE_COMMITTEE, "Ủy ban nhân dân xã c0", "ubnd-100", province, "c0")
    other = found(Kind.COMMUNE_COMMITTEE, "Ủy ban nhân dân xã c1", "ubnd-101", province, "c1")
    return Land(
        units,
        province,
        department,
        commune,
        other,
        dispatcher=officer(commune, Role.DISPATCHER),
        clerk=officer(commune, Role.CLERK),
        chief=officer(commune, Role.HEAD),
        leader=officer(province, Role.HEAD),
        department_clerk=officer(department, Role.CLERK),
        department_chief=officer(department, Role.HEAD),
        other_clerk=officer(other, Role.CLERK),
        other_chief=officer(other, Role.HEAD),
        administrator=officer(province, Role.ADMINISTRATOR),
        auditor=officer(province, Role.AUDITOR),
    )


def account() -> int:
    """Return the id of a new account."""
    return int(get_user_model().objects.create(created_at=NOW - timedelta(days=100)).pk)


def officer(agency_id: int, *roles: Role) -> Caller:
    """Return a new official holding roles at an agency, with a second factor."""
    account_id = account()
    for role in roles:
        agency_services.grant_role(
            account_id=account_id, agency_id=agency_id, role=role, actor=system("test"), now=NOW - timedelta(days=90)
        )
    return Caller(agencies.actor_for(account_id, NOW, second_factor=True))


def citizen() -> Caller:
    """Return somebody with an account and no role."""
    return Caller(Actor(account_id=account()))


def phone() -> Caller:
    """Return a telephone without an account."""
    return Caller(token=intake.new_token())


def new(land: Land, **changes: object) -> NewReport:
    """Return a report about a lamp in the first commune."""
    plain = NewReport(
        words=WORDS,
        category_key="den-duong",
        lat=land.place.lat,
        lon=land.place.lon,
        place_source=PlaceSource.PIN,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def sent(land: Land, caller: Caller | None = None, *, now: datetime = NOW, **changes: object) -> Report:
    """Send a report and return its row."""
    done = intake.send_report(new(land, **changes), caller=caller or citizen(), address="", now=now)
    return Report.objects.get(uid=done.uid)


def picture(width: int = 320, height: int = 240, colour: str = "grey") -> bytes:
    """Return a plain JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def upload(
    raw: bytes,
    caller: Caller,
    *,
    kind: FileKind = FileKind.PHOTO,
    part: FilePart = FilePart.CITIZEN,
    now: datetime = NOW,
) -> UUID:
    """Upload a file in pieces and return the attachment's uid, not yet processed."""
    view = uploads.begin_upload(kind=kind, size=len(raw), caller=caller, now=now)
    step = 1 << 20
    for offset in range(0, len(raw), step):
        uploads.append_piece(view.uid, offset=offset, raw=raw[offset : offset + step], caller=caller, now=now)
    return uploads.finish_upload(view.uid, part=part, caller=caller, now=now)


def proof(caller: Caller, *, now: datetime = NOW) -> UUID:
    """Return a processed photo from after the work."""
    uid = upload(picture(colour=f"#{uuid4().hex[:6]}"), caller, part=FilePart.AFTER, now=now)
    photos.process(uid, now=now)
    return uid


ANSWER = "Đã thay bóng đèn và kiểm tra cả tuyến, tối 9/4 đèn đã sáng trở lại."


def answered(land: Land, report: Report, *, by: Caller | None = None, now: datetime = SOON) -> Report:
    """Answer a report that is at work with a photo."""
    who = by or land.clerk
    answering.answer(
        report.code,
        words=ANSWER,
        outcome=Outcome.FIXED,
        caller=who,
        now=now,
        attachment_uids=[proof(who, now=now)],
    )
    report.refresh_from_db()
    return report


def brought_to(land: Land, state: State, *, reporter: Caller | None = None) -> tuple[Report, Caller]:
    """Return a report of the first commune in a state, by services alone, and who sent it."""
    who = reporter or citizen()
    report = sent(land, who)
    step = {
        State.RECEIVED: lambda: None,
        State.ACCEPTED: lambda: handling.accept(report.code, caller=land.clerk, now=NOW),
        State.DECLINED: lambda: handling.decline(
            report.code,
            reason=DeclineReason.NOT_COMPETENT,
            words="Tuyến đường này do Sở Xây dựng quản lý.",
            competent_id=land.department,
            caller=land.dispatcher,
            now=NOW,
        ),
        State.WITHDRAWN: lambda: speaking.withdraw(report.code, words="", caller=who, now=NOW),
    }
    if state in step:
        step[state]()
    elif state is State.CONTESTED:
        step[State.DECLINED]()
        speaking.contest(report.code, words="Đường này là đường thôn, không phải của Sở.", caller=who, now=NOW)
    elif state is State.MERGED:
        from smarthd.fieldreports.services import joining

        head = sent(land)
        joining.merge([report.code], into=head.code, words="Cùng một cột đèn", caller=land.dispatcher, now=NOW)
    else:
        handling.accept(report.code, caller=land.clerk, now=NOW)
        _on_from_accepted(land, state, report, who)
    report.refresh_from_db()
    assert report.state == state
    return report, who


def _on_from_accepted(land: Land, state: State, report: Report, who: Caller) -> None:
    handling.assign(report.code, to_id=land.commune, words="", caller=land.dispatcher, now=NOW)
    if state is State.ASSIGNED:
        return
    handling.start(report.code, caller=land.clerk, now=NOW)
    if state is State.WAITING:
        handling.ask(report.code, words="Cột đèn ấy số mấy, gần nhà ai?", caller=land.clerk, now=NOW)
    if state in {State.IN_PROGRESS, State.WAITING}:
        return
    answered(land, report)
    if state is State.REOPENED:
        answering.reopen(report.code, words="Đèn vẫn tắt, ảnh không phải chỗ này.", caller=who, now=NOW + hours(4))
    elif state is State.CONFIRMED:
        answering.confirm(report.code, caller=who, now=NOW + hours(4))
    elif state is State.CLOSED:
        from smarthd.fieldreports.services import closing

        closing.close_due(actor=system("test"), now=NOW + timedelta(days=20))


def calendar_of(report: Report):
    """Return the calendar terms are counted by."""
    from smarthd.agencies import calendar

    return calendar.working_calendar()


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
