"""Surveys of the demonstration that ask officials: one of the ward that is over, one of the coordinating department that waits for answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.seeding import accounts
from smarthd.agencies import selectors as agencies
from smarthd.content.models.surveys import Survey
from smarthd.content.rules.surveys import Form, Value
from smarthd.content.selectors import surveys as reads
from smarthd.content.services import surveys
from smarthd.kernel import actor, clock
from smarthd.people import selectors as people
from smarthd.people.services import phone_index

SEEDER = actor.system("seeding")


@dataclass(frozen=True)
class Asking:
    """One survey: what it asks why, and on which days from today it opens and closes."""

    title: str
    intro: str
    questions: tuple[tuple[Form, str, tuple[str, ...]], ...]
    opens: int
    closes: int


ROOM = Asking(
    "Phòng tiếp dân cần sửa gì",
    "Để phường lập dự toán năm sau.",
    (
        (Form.ONE, "Phòng tiếp dân nên sửa gì trước?", ("Ghế chờ", "Bảng chỉ dẫn", "Máy in, máy quét")),
        (Form.SCALE, "Anh, chị thấy nơi làm việc hiện nay thế nào?", ()),
    ),
    -12,
    -4,
)
APP = Asking(
    "Dùng ứng dụng trong công việc: còn vướng gì",
    "Để Sở xếp các buổi hướng dẫn quý tới.",
    (
        (Form.MANY, "Dùng ứng dụng trong công việc còn vướng gì?", ("Mất lớp bảo vệ thứ hai", "Mạng yếu", "Chưa được hướng dẫn", "Không vướng")),
        (Form.ONE, "Anh, chị muốn được hướng dẫn thêm cách nào?", ("Buổi tập trung", "Tổ công nghệ số tới tận nơi", "Video ngắn")),
    ),
    -5,
    10,
)  # fmt: skip


def plant(*, agency_id: int, now: datetime) -> str:
    """Ask the ward's officials and, by the coordinating department, those of all below it; who has a role to try has not answered yet."""
    today = clock.day_of(now)
    roles = {people.account_id_by_phone_index(phone_index(account.phone)) for account in accounts.ACCOUNTS}
    over = _asked(agency_id, ROOM, now)
    said = _answered(over, [agency_id], roles, 27, now)
    surveys.close_survey(over.pk, actor=SEEDER, now=over.closes_at)
    department = agencies.agency_by_code(accounts.COORDINATOR_NOW, today).id
    asking = _asked(department, APP, now)
    below = sorted(agencies.below([department], today))
    said += _answered(asking, [agency_id], roles, 14, now) + _answered(asking, below, roles, 40, now)
    return f"2 cuộc hỏi cán bộ, {said} người trả lời"


def _asked(agency_id: int, asking: Asking, now: datetime) -> Survey:
    at = now + timedelta(days=asking.opens)
    new = surveys.NewSurvey(
        agency_id=agency_id,
        title=asking.title,
        intro=asking.intro,
        opens_at=at,
        closes_at=clock.at_local(clock.day_of(now) + timedelta(days=asking.closes), 17),
        sample=True,
        staff_of=(agency_id,),
    )
    survey = surveys.draft_survey(new, actor=SEEDER, now=at)
    for form, words, options in asking.questions:
        surveys.add_question(survey.pk, surveys.NewQuestion(form, words, options), actor=SEEDER, now=at)
    surveys.open_survey(survey.pk, actor=SEEDER, now=at)
    survey.refresh_from_db()
    return survey


def _answered(survey: Survey, agency_ids: list[int], roles: set[int | None], most: int, now: datetime) -> int:
    """Have the first ``most`` officials of these rosters who use the app and have not answered yet answer; return how many did."""
    at = survey.opens_at + timedelta(days=1)
    asked = reads.asked_of(survey)
    done = 0
    for person in agencies.roster_on(agency_ids, clock.day_of(now)):
        if done == most:
            break
        account_id = person.account_id
        if account_id is None or account_id in roles or surveys.has_answered(survey, account_id):
            continue
        given = {one.position: _value(one.form, sorted(one.options), done) for one in asked}
        surveys.answer_survey(survey.slug, given=given, comments={}, account_id=account_id, now=at)
        done += 1
    return done


def _value(form: Form, options: list[int], number: int) -> Value:
    if form is Form.SCALE:
        return (4, 3, 5, 4, 2)[number % 5]
    chosen = options[(0, 0, 1, 2, 0, 1, 2)[number % 7] % len(options)]
    return (chosen,) if form is Form.MANY else chosen
