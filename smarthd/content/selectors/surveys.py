"""Surveys as citizens and their askers see them; results always with their base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from smarthd.content import policies
from smarthd.content.models.surveys import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from smarthd.content.rules import surveys
from smarthd.content.selectors import pieces
from smarthd.content.selectors.reach import units_concerning
from smarthd.kernel import clock, errors, sealing
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places


class SurveyUnknown(errors.NotFound):
    """No such survey, or none this person may see."""


@dataclass(frozen=True, slots=True)
class SurveyCard:
    """A survey in a list; ``mine`` asks the reader's own unit."""

    uid: UUID
    slug: str
    title: str
    intro: str
    agency_name: str
    state: str
    state_word: str
    closes_at: datetime
    consultation: bool
    answers: int
    sample: bool
    of_staff: bool = False

    @property
    def path(self) -> str:
        """Return the address of its page."""
        return f"/y-kien/can-bo/{self.slug}/" if self.of_staff else f"/y-kien/{self.slug}/"


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer offered: how many gave it, as a share of those who answered the question (0..1)."""

    words: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Result:
    """A question's results: ``base`` answered it; hidden where so few did that they could be recognised."""

    position: int
    words: str
    form: str
    base: int
    shown: bool
    bars: tuple[Bar, ...]
    mean: float | None


@dataclass(frozen=True, slots=True)
class Results:
    """All results; ``base`` people answered, ``papers`` of them on paper. Communes are shown where enough of each answered.

    ``comments`` are (number, words, how many wrote about it) by paragraph; how many is None where it is too few to be told.
    """

    base: int
    papers: int
    shown: bool
    questions: tuple[Result, ...]
    communes: tuple[tuple[str, int], ...]
    comments: tuple[tuple[int, str, int | None], ...]


def _card(row: Survey, names: dict[int, str], now: datetime) -> SurveyCard:
    state = surveys.state_at(row.state, closes_at=row.closes_at, now=now)
    return SurveyCard(
        uid=row.uid,
        slug=row.slug,
        title=row.title,
        intro=row.intro,
        agency_name=names.get(row.agency_id, ""),
        state=state,
        state_word=surveys.STATE_WORDS[state],
        closes_at=row.closes_at,
        consultation=bool(row.draft_text),
        answers=getattr(row, "answered", 0),
        sample=row.sample,
        of_staff=row.of_staff,
    )


def public_list(unit_id: int | None, *, now: datetime, limit: int = 60) -> list[SurveyCard]:
    """Return surveys that are asked or over, for a person of a unit: those still open first, by their last hour."""
    near = units_concerning(unit_id, on=clock.day_of(now))
    rows = (
        Survey.objects.exclude(state=surveys.State.DRAFT)
        .filter(opens_at__lte=now, of_staff=False)
        .filter(Q(places=None) | Q(places__unit_id__in=near))
        .annotate(answered=Count("responses", distinct=True))
        .distinct()
        .order_by("-closes_at", "-id")[:limit]
    )
    cards = _cards(list(rows), now)
    return sorted(
        cards,
        key=lambda card: (
            card.state != surveys.State.OPEN,
            card.closes_at if card.state == surveys.State.OPEN else now - (card.closes_at - now),
        ),
    )


def cards_of(rows: Sequence[Survey], now: datetime) -> list[SurveyCard]:
    """Return surveys as lists show them, in the order given."""
    return _cards(list(rows), now)


def _cards(rows: list[Survey], now: datetime) -> list[SurveyCard]:
    names = pieces.agency_names({row.agency_id for row in rows}, clock.day_of(now))
    return [_card(row, names, now) for row in rows]


def desk_list(actor: Actor, *, now: datetime) -> list[SurveyCard]:
    """Return the surveys of the agencies the actor reads for, newest first."""
    rows = Survey.objects.filter(agency_id__in=policies.agencies_seen(actor))
    return _cards(list(rows.annotate(answered=Count("responses")).order_by("-id")[:200]), now)


def for_desk(actor: Actor, uid: UUID) -> Survey:
    """Return a survey of an agency the actor reads for, or raise SurveyUnknown."""
    found = Survey.objects.filter(uid=uid, agency_id__in=policies.agencies_seen(actor)).first()
    if found is None:
        raise SurveyUnknown(uid=str(uid))
    return found


def public(slug: str, *, now: datetime) -> tuple[Survey, SurveyCard]:
    """Return a survey of citizens that was opened, or raise SurveyUnknown."""
    found = (
        Survey.objects.filter(slug=slug, opens_at__lte=now, of_staff=False).exclude(state=surveys.State.DRAFT).first()
    )
    if found is None:
        raise SurveyUnknown(slug=slug)
    return found, _cards([found], now)[0]


def questions_of(survey: Survey) -> list[SurveyQuestion]:
    """Return a survey's questions with their options, in order."""
    return list(survey.questions.select_related("after__question").prefetch_related("options"))


def asked_of(survey: Survey) -> list[surveys.Asked]:
    """Return the questions as answers are checked against them."""
    return [
        surveys.Asked(
            position=question.position,
            form=surveys.Form(question.form),
            required=question.required,
            options=frozenset(option.pk for option in question.options.all()),
            after=(question.after.question.position, question.after.pk) if question.after else None,
        )
        for question in survey.questions.select_related("after__question").prefetch_related("options")
    ]


def voter_of(survey_uid: UUID, account_id: int) -> bytes:
    """Return the mark by which a person answers a survey once: keyed, of this survey only."""
    return sealing.blind_index(f"{survey_uid}:{account_id}", purpose="content.survey")


def has_answered(survey: Survey, voter: bytes) -> bool:
    """Say whether the mark has answered."""
    return survey.responses.filter(voter=voter).exists()


def results(survey: Survey, *, on_desk: bool = False) -> Results:
    """Return the results; citizens see none of fewer than FEWEST answers, the asker sees all counts.

    Of officials' answers nobody sees fewer, the asker neither, and nothing before the end: who counts along could tell who said what.
    """
    on_desk = on_desk and not survey.of_staff
    roads = Counter(survey.responses.values_list("road", flat=True))
    base, papers = roads.total(), roads[surveys.Road.PAPER]
    shown = (on_desk or surveys.published(base)) and (not survey.of_staff or is_over(survey))
    questions = tuple(_result(question, on_desk=on_desk) for question in questions_of(survey)) if shown else ()
    counts = Counter(unit for unit in survey.responses.values_list("unit_id", flat=True) if unit is not None)
    parts = surveys.shown_parts(counts) if shown else {}
    names = places.views(list(parts), clock.today()) if parts else {}
    communes = sorted(
        ((names[key].full_name, count) for key, count in parts.items()), key=lambda one: (-one[1], one[0])
    )
    said = Counter(
        SurveyAnswer.objects.filter(response__survey=survey).exclude(paragraph=None).values_list("paragraph", flat=True)
    )
    comments = tuple(
        (number, words, said[number] if on_desk or surveys.published(said[number]) else None)
        for number, words in enumerate(survey.paragraphs, start=1)
    )
    return Results(
        base=base,
        papers=papers,
        shown=shown,
        questions=questions,
        communes=tuple(communes),
        comments=comments if shown else (),
    )


def is_over(survey: Survey) -> bool:
    """Say whether a survey takes no more answers."""
    return surveys.state_at(survey.state, closes_at=survey.closes_at, now=clock.now()) is surveys.State.CLOSED


def exportable(survey: Survey) -> bool:
    """Say whether the answers may be taken away as a file: officials' ones once it is over, and from FEWEST on."""
    if not survey.of_staff:
        return survey.state != surveys.State.DRAFT
    return is_over(survey) and surveys.published(survey.responses.count())


def _few(survey: Survey) -> set[tuple[int | None, int | None]]:
    """Return the questions and paragraphs (question id, paragraph) so few officials answered that each could be known; none of citizens'."""
    if not survey.of_staff:
        return set()
    said = (
        SurveyAnswer.objects.filter(response__survey=survey)
        .values_list("question_id", "paragraph")
        .annotate(people=Count("response_id", distinct=True))
    )
    return {(question, paragraph) for question, paragraph, people in said if not surveys.published(people)}


def _result(question: SurveyQuestion, *, on_desk: bool) -> Result:
    answers = SurveyAnswer.objects.filter(question=question)
    base = answers.values("response_id").distinct().count()
    shown = on_desk or surveys.published(base)
    bars: list[Bar] = []
    mean = None
    if question.form == surveys.Form.SCALE:
        scores = Counter(answers.values_list("score", flat=True))
        bars = [Bar(str(score), scores[score], scores[score] / base if base else 0.0) for score in surveys.SCALE]
        mean = sum(score * count for score, count in scores.items() if score) / base if base else None
    elif question.form != surveys.Form.WORDS:
        chosen = Counter(answers.values_list("option_id", flat=True))
        bars = [
            Bar(one.words, chosen[one.pk], chosen[one.pk] / base if base else 0.0) for one in question.options.all()
        ]
    return Result(
        position=question.position,
        words=question.words,
        form=question.form,
        base=base,
        shown=shown,
        bars=tuple(bars) if shown else (),
        mean=mean if shown else None,
    )


def words_said(survey: Survey, *, limit: int = 300) -> list[tuple[str, str]]:
    """Return what people wrote, newest last, for the desk: (to what, words); never whose. Of officials what ``results`` would show."""
    few = _few(survey)
    if survey.of_staff and not exportable(survey):
        return []
    rows = (
        SurveyAnswer.objects.filter(response__survey=survey).exclude(words="").select_related("question").order_by("id")
    )
    return [
        (row.question.words if row.question else f"Đoạn {row.paragraph}", row.words)
        for row in rows[:limit]
        if (row.question_id, row.paragraph) not in few
    ]


def table(survey: Survey) -> tuple[list[str], Iterator[list[object]]]:
    """Return heads and one line a response for export; of an anonymous survey neither day nor commune (agency), in no order of coming."""
    few = {question for question, _paragraph in _few(survey)}
    questions = [one for one in questions_of(survey) if one.pk not in few]
    heads = [f"{one.position}. {one.words}" for one in questions]
    heads += [f"Góp ý đoạn {number}" for number in range(1, len(survey.paragraphs) + 1)]
    if not survey.anonymous:
        heads = ["Ngày", "Cơ quan" if survey.of_staff else "Xã, phường", *heads]
    heads = ["Cách trả lời", *heads]
    return heads, _lines(survey, questions)


def _lines(survey: Survey, questions: list[SurveyQuestion]) -> Iterator[list[object]]:
    rows: Any = SurveyResponse.objects.filter(survey=survey).prefetch_related("answers__option").order_by("voter")
    names = {
        key: view.full_name
        for key, view in places.views(list({row.unit_id for row in rows if row.unit_id}), clock.today()).items()
    }
    named = pieces.agency_names({row.agency_id for row in rows}, clock.today())
    for row in rows:
        told: dict[int, list[str]] = {}
        comments: dict[int, str] = {}
        for one in row.answers.all():
            if one.paragraph is not None:
                comments[one.paragraph] = one.words
            else:
                told.setdefault(one.question_id, []).append(
                    one.option.words if one.option else one.words or str(one.score)
                )
        line: list[object] = [surveys.ROAD_WORDS[surveys.Road(row.road)]]
        line += (
            []
            if survey.anonymous
            else [
                f"{row.answered_on:%d/%m/%Y}",
                named.get(row.agency_id, "") if survey.of_staff else names.get(row.unit_id, ""),
            ]
        )
        line += ["; ".join(told.get(question.pk, [])) for question in questions]
        line += [comments.get(number, "") for number in range(1, len(survey.paragraphs) + 1)]
        yield line
