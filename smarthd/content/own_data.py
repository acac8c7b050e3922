"""What this context keeps about a person, for that person's own eyes."""

from __future__ import annotations

from collections.abc import Iterator

from smarthd.content.models.ideas import Idea, IdeaSupport
from smarthd.content.models.surveys import SurveyResponse
from smarthd.content.rules import ideas
from smarthd.people.exports import Section, Value


def sections(account_id: int) -> Iterator[Section]:
    """Yield what one answered, proposed and supports."""
    yield from _surveys(account_id)
    yield from _ideas(account_id)


def _surveys(account_id: int) -> Iterator[Section]:
    """Yield the surveys answered under one's name; of anonymous ones nothing here knows whose they are."""
    rows = (
        SurveyResponse.objects.filter(account_id=account_id)
        .select_related("survey")
        .prefetch_related("answers__option")
    )
    told: list[dict[str, Value]] = [
        {
            "Việc được hỏi": row.survey.title,
            "Ngày trả lời": row.answered_on,
            "Trả lời": "; ".join(
                one.option.words if one.option else one.words or str(one.score) for one in row.answers.all()
            ),
        }
        for row in rows.order_by("id")
    ]
    if told:
        yield Section(
            key="surveys",
            title="Cuộc lấy ý kiến đã trả lời",
            why="Để mỗi người trả lời một lần và cơ quan biết ai đã góp ý, như đã nói trên trang hỏi.",
            how_long="Cho đến khi xóa tài khoản; khi ấy lời viết bị hủy, chỉ còn số đếm.",
            rows=told,
        )


def _ideas(account_id: int) -> Iterator[Section]:
    proposed: list[dict[str, Value]] = [
        {
            "Mã": row.code,
            "Ý tưởng": row.title,
            "Làm gì, vì sao": row.words,
            "Chỗ": row.spot,
            "Tên hiện ra": row.author_name,
            "Tình trạng": ideas.STATE_WORDS[ideas.State(row.state)],
            "Ngày gửi": row.submitted_at,
        }
        for row in Idea.objects.filter(author_id=account_id).order_by("id")
    ]
    if proposed:
        yield Section(
            key="ideas",
            title="Ý tưởng đã gửi",
            why="Để cơ quan xem xét, trả lời và báo lại cho người đề xuất.",
            how_long="Cho đến khi xóa tài khoản; ý tưởng đã đăng còn lại, không kèm tên.",
            rows=proposed,
        )
    supported: list[dict[str, Value]] = [
        {"Ý tưởng": row.idea.title, "Mã": row.idea.code, "Lúc": row.at}
        for row in IdeaSupport.objects.filter(account_id=account_id).select_related("idea").order_by("id")
    ]
    if supported:
        yield Section(
            key="idea-supports",
            title="Ý tưởng đang ủng hộ",
            why="Để mỗi người được tính một lần và được báo khi có trả lời.",
            how_long="Cho đến khi thôi ủng hộ hoặc xóa tài khoản.",
            rows=supported,
        )
