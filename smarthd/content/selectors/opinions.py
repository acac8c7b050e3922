"""The table of opinions and answers: as the drafting unit writes it, as everybody reads it, as a file."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from smarthd.content.models.surveys import Survey, SurveyAnswer
from smarthd.content.rules import opinions


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of opinions: ``people`` of the ``said`` who wrote about the same part say so."""

    uid: UUID
    paragraph: int | None
    paragraph_words: str
    summary: str
    people: int
    said: int
    stand: opinions.Stand
    answer: str

    @property
    def part(self) -> str:
        """Return which part it is about, in words."""
        return f"Đoạn {self.paragraph}" if self.paragraph else "Cả dự thảo"

    @property
    def stand_word(self) -> str:
        """Return what is done with it, in words."""
        return opinions.STAND_WORDS[self.stand]


def said_of(survey: Survey, paragraph: int | None) -> int:
    """Return how many people wrote about a paragraph, or anything at all."""
    rows = SurveyAnswer.objects.filter(response__survey=survey).exclude(words="")
    if paragraph is not None:
        rows = rows.filter(paragraph=paragraph)
    return rows.values("response_id").distinct().count()


def groups_of(survey: Survey) -> list[GroupView]:
    """Return the groups by paragraph, those of the whole draft last; a statement for each part that is spoken of."""
    rows = sorted(survey.groups.all(), key=lambda one: (one.paragraph is None, one.paragraph or 0, one.pk))
    said = {part: said_of(survey, part) for part in {one.paragraph for one in rows}}
    paragraphs = survey.paragraphs
    return [
        GroupView(
            uid=one.uid,
            paragraph=one.paragraph,
            paragraph_words=paragraphs[one.paragraph - 1] if one.paragraph else "",
            summary=one.summary,
            people=one.people,
            said=said[one.paragraph],
            stand=opinions.Stand(one.stand),
            answer=one.answer,
        )
        for one in rows
    ]


def table(survey: Survey) -> tuple[list[str], list[list[object]]]:
    """Return heads and one line a group, for the drafter's submission."""
    heads = [
        "Phần của dự thảo",
        "Nội dung dự thảo",
        "Ý kiến",
        "Số người",
        "Trên số người góp ý phần này",
        "Tiếp thu, giải trình",
        "Nội dung trả lời",
    ]
    return heads, [
        [one.part, one.paragraph_words, one.summary, one.people, one.said, one.stand_word, one.answer]
        for one in groups_of(survey)
    ]
