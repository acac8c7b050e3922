"""Lists the demonstration's commune sent, and who need not use the app: told through the services, each at its own step.

A list taken into the books three weeks ago, one given up, one that waits for its clerk with a faulty line in it; an exemption approved, one
refused, one that waits for the head; and a few at departments. Nobody in them is real, and every file and paper says so.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import xlsxwriter

from config.seeding import accounts, phones
from config.seeding.demo import Stage
from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.rules.exemptions import Reason
from smarthd.agencies.selectors import AgencyView, StaffView
from smarthd.kernel import clock, events
from smarthd.kernel.actor import Actor, system
from smarthd.people import selectors as people
from smarthd.people import services as people_services
from smarthd.places import selectors as places

ACTOR = system("seed-demo")
LABEL = "(dùng thử)"
HEADS = ("STT", "Họ và tên", "Chức vụ", "Số điện thoại", "Ghi chú")
CLERK, HEAD, DELEGATE = 2, 3, 4  # numbers of config.seeding.accounts
FIRST_NUMBER = 61  # of the reserved block: persons these lists bring
Line = tuple[str, str, str, str]


@dataclass(frozen=True)
class _Asked:
    """One request for an exemption at an agency: which of its persons (by place in the roster), why, on which paper, what became of it."""

    person: int
    reason: Reason
    evidence: str
    note: str
    decided: str  # approved, refused, or empty while it waits


AT_HOME = (
    _Asked(4, Reason.LONG_LEAVE, f"Quyết định 31/QĐ-UBND về nghỉ thai sản {LABEL}", "", "approved"),
    _Asked(6, Reason.NO_SMARTPHONE, f"Bản kê khai của cán bộ, đầu tháng này {LABEL}", "Đang dùng điện thoại phím bấm", "refused"),
    _Asked(7, Reason.SECONDED, f"Công văn cử đi học 112/SNV {LABEL}", "Học tập trung đến hết tháng sau", ""),
)  # fmt: skip
ELSEWHERE = (
    _Asked(1, Reason.RETIRING, f"Thông báo nghỉ hưu {LABEL}", "", "approved"),
    _Asked(3, Reason.LONG_LEAVE, f"Giấy ra viện, nghỉ ốm dài ngày {LABEL}", "", "approved"),
)


def plant(stage: Stage) -> str:
    """Send the commune's lists and ask for the exemptions."""
    home = _home(stage.today)
    clerk, head, delegate = (_official(number, stage.now) for number in (CLERK, HEAD, DELEGATE))
    roster = agencies.roster_on([home.id], stage.today)
    numbers = agencies.staff_phones(head, home.id, [person.id for person in roster])
    told = [(person.full_name, person.position, numbers.get(person.id, ""), "") for person in roster]
    _send(stage, home, clerk, _changed(told), days_ago=21, name="Danh sach can bo phuong", then="confirm")
    _send(stage, home, clerk, told[:3], days_ago=9, name="Danh sach nham", then="withdraw")
    _send(stage, home, clerk, [*_changed(told), *_newcomers()], days_ago=1, name="Danh sach bo sung", then="")
    asked = _exempt(stage, roster, AT_HOME, asks=clerk, decides=delegate)
    for code in ("hp-snnmt", accounts.COORDINATOR_NOW):
        body = agencies.agency_by_code(code, stage.today)
        asked += _exempt(stage, agencies.roster_on([body.id], stage.today), ELSEWHERE, asks=ACTOR, decides=ACTOR)
    events.deliver_owed()
    return f"3 danh sách, {asked} trường hợp miễn"


def _home(today: date) -> AgencyView:
    unit = next(unit for unit in places.units_on(today, "commune") if unit.name == accounts.HOME)
    return agencies.agencies_of_places([unit.id], today)[0]


def _official(number: int, now: datetime) -> Actor:
    phone = next(account.phone for account in accounts.ACCOUNTS if account.number == number)
    account_id = people.account_id_by_phone_index(people_services.phone_index(phone))
    return agencies.actor_for(account_id, now, second_factor=True)


def _changed(told: list[Line]) -> list[Line]:
    """Return the list as the office kept it: a name in capitals, another post, and one person new."""
    lines = list(told)
    name, post, phone, note = lines[-1]
    lines[-1] = (name.upper(), post, phone, note)
    name, _post, phone, note = lines[-2]
    lines[-2] = (name, "Công chức Văn hóa - xã hội", phone, note)
    return [*lines, ("Hà Thị Thu Ngân", "Công chức Địa chính", phones.role_phone(FIRST_NUMBER), "mới tuyển dụng")]


def _newcomers() -> list[Line]:
    """Return persons not yet in the books; one number is no number, one is missing."""
    return [
        ("Tạ Quang Vinh", "Công chức Tài chính", phones.role_phone(FIRST_NUMBER + 1), "từ phường khác về"),
        ("Mạc Thị Yến", "Người lao động", "113", "ghi thiếu số"),
        ("Cao Đình Phú", "Bảo vệ", "", "chưa có số"),
    ]


def _send(
    stage: Stage, home: AgencyView, clerk: Actor, lines: list[Line], *, days_ago: int, name: str, then: str
) -> None:
    at = _worked(stage, days_ago)
    upload = agency_services.preview_roster(
        workbook(home.name, lines),
        file_name=f"{name} {LABEL}.xlsx",
        agency_id=home.id,
        complete=False,
        as_of=clock.day_of(at),
        actor=clerk,
        now=at,
    )
    later = min(at + timedelta(minutes=20), stage.now)
    if then == "confirm":
        agency_services.confirm_roster(import_uid=upload.uid, actor=clerk, now=later)
    elif then == "withdraw":
        agency_services.withdraw_roster(import_uid=upload.uid, actor=clerk, now=later)


def _worked(stage: Stage, days_ago: int) -> datetime:
    """Return ten o'clock of the last working day on or before a day; never later than the planting itself."""
    day = calendar.working_calendar().previous_working_day(stage.today - timedelta(days=days_ago))
    return min(clock.at_local(day, 10), stage.now)


def workbook(office: str, lines: list[Line]) -> bytes:
    """Return a list as offices send it: title rows, a numbered header, numbers with dots, a signature below."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.merge_range(0, 0, 0, 4, f"{office.upper()} {LABEL}")
        sheet.merge_range(1, 0, 1, 4, "DANH SÁCH CÁN BỘ, CÔNG CHỨC, NGƯỜI LAO ĐỘNG")
        sheet.write_row(3, 0, HEADS)
        sheet.write_row(4, 0, [f"({number})" for number in range(1, len(HEADS) + 1)])
        for number, (name, post, phone, note) in enumerate(lines, start=1):
            written = phones.spoken(phone).replace(" ", ".") if phone.startswith("+84") else phone
            sheet.write_row(4 + number, 0, [number, name, post, written, note])
        sheet.write_string(6 + len(lines), 3, "NGƯỜI LẬP BẢNG")
    return out.getvalue()


def _exempt(stage: Stage, roster: list[StaffView], wanted: tuple[_Asked, ...], *, asks: Actor, decides: Actor) -> int:
    others = _others(roster)
    told = [(asked, others[asked.person]) for asked in wanted if asked.person < len(others)]
    for number, (asked, person) in enumerate(told):
        at = _worked(stage, 18 - 4 * number)
        made = agency_services.request_exemption(
            staff_uid=person.uid, reason=asked.reason, evidence=asked.evidence, note=asked.note, actor=asks, now=at
        )
        later = min(at + timedelta(hours=4), stage.now)
        if asked.decided == "approved":
            agency_services.approve_exemption(exemption_uid=made.uid, actor=decides, now=later)
        elif asked.decided == "refused":
            agency_services.refuse_exemption(
                exemption_uid=made.uid, actor=decides, now=later, note="Đơn vị đã bố trí máy dùng chung, tổ công nghệ số hướng dẫn."
            )  # fmt: skip
    return len(told)


def _others(roster: list[StaffView]) -> list[StaffView]:
    """Return persons who are none of the demonstration's own accounts: those sign in, and are counted like everybody."""
    own = {account.full_name for account in accounts.ACCOUNTS}
    return [person for person in roster if person.full_name not in own]
