"""A survey of the demonstration that is asked now: a question that follows from another, answers by the app and on sheets of paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from config.seeding import accounts
from smarthd.agencies.selectors import actor_for
from smarthd.content.models.surveys import Survey
from smarthd.content.rules.surveys import Form, Value
from smarthd.content.selectors import surveys as reads
from smarthd.content.services import surveys
from smarthd.kernel import actor, clock
from smarthd.people import selectors as people
from smarthd.people.services import phone_index

SEEDER = actor.system("seeding")
CLERK = next(account for account in accounts.ACCOUNTS if account.role == "clerk")
WAYS = ("Có xe thu gom tới ngõ", "Tự mang ra điểm tập kết", "Tự chôn lấp, đốt ở vườn")
WHY = ("Xe không tới được ngõ nhà tôi", "Giờ xe tới tôi vắng nhà", "Chưa biết đăng ký ở đâu")
SORTED = ("Có", "Chưa")
PAPERS = 9
"""Sheets the hamlet heads brought in from people without a phone."""


def plant(*, agency_id: int, unit_id: int, living: list[int], now: datetime) -> str:
    """Ask how households' rubbish is collected; only who buries or burns it is asked why. Returns what to say."""
    opens = now - timedelta(days=6)
    new = surveys.NewSurvey(
        agency_id=agency_id,
        title="Thu gom rác tại nhà",
        intro="Ý kiến của bà con giúp phường xếp lại tuyến và giờ xe thu gom. Ai không dùng điện thoại thì trả lời trên phiếu giấy ở nhà văn hóa.",
        opens_at=opens,
        closes_at=clock.at_local(clock.day_of(now) + timedelta(days=12), 17),
        unit_ids=[unit_id],
        sample=True,
    )
    survey = surveys.draft_survey(new, actor=SEEDER, now=opens)
    _ask(survey, opens)
    surveys.open_survey(survey.pk, actor=SEEDER, now=opens)
    for number, account_id in enumerate(living[:34]):
        at = opens + timedelta(days=1 + number % 5)
        surveys.answer_survey(survey.slug, given=_given(survey, number), comments={}, account_id=account_id, now=at)
    papers = _type_in(survey, unit_id, now)
    return f"1 khảo sát đang hỏi, {papers} phiếu giấy"


def _ask(survey: Survey, at: datetime) -> None:
    def add(form: Form, words: str, options: tuple[str, ...] = (), **more: Any) -> None:
        surveys.add_question(survey.pk, surveys.NewQuestion(form, words, options, **more), actor=SEEDER, now=at)

    add(Form.ONE, "Rác nhà mình hiện được thu gom thế nào?", WAYS)
    buried = survey.questions.get(position=1).options.get(position=len(WAYS))
    add(Form.MANY, "Vì sao nhà mình chưa gửi xe thu gom?", WHY, after_id=buried.pk)
    add(Form.ONE, "Nhà mình đã phân loại rác chưa?", SORTED)
    add(Form.SCALE, "Bà con hài lòng thế nào với việc thu gom rác?", required=False)


def _given(survey: Survey, number: int) -> dict[int, Value]:
    """Return the answers of the ``number``-th household; what the first answer does not lead to is left out."""
    options = {one.position: sorted(one.options) for one in reads.asked_of(survey)}
    way = (0, 0, 1, 0, 2, 0, 1)[number % 7]
    given: dict[int, Value] = {
        1: options[1][way],
        3: options[3][number % 3 != 0],
        4: (5, 4, 3, 4, 2)[number % 5],
    }
    return given | ({2: (options[2][number % len(WHY)],)} if way == len(WAYS) - 1 else {})


def _type_in(survey: Survey, unit_id: int, now: datetime) -> int:
    """Have the ward's clerk type in the sheets; none where the ward has no clerk."""
    account_id = people.account_id_by_phone_index(phone_index(CLERK.phone))
    if account_id is None:
        return 0
    clerk = actor_for(account_id, now, second_factor=True)
    for number in range(1, PAPERS + 1):
        sheet = surveys.Sheet(f"P-{number:02}", unit_id, _given(survey, 3 * number + 1), {})
        surveys.enter_paper(survey.slug, sheet, actor=clerk, now=now)
    return PAPERS
