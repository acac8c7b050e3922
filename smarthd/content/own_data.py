"""What this context keeps about a person, for that person's own eyes."""

from __future__ import annotations

from collections.abc import Iterator

from smarthd.content.models.surveys import SurveyResponse
from smarthd.people.exports import Section, Value


def sections(account_id: int) -> Iterator[Section]:
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
