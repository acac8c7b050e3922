"""Surveys and consultations on drafts."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from smarthd.content.rules import surveys
from smarthd.kernel.ids import uuid7


class Survey(models.Model):
    """What an agency asks. With ``draft_text`` it is a consultation: people comment its paragraphs (one a line).

    ``of_staff``: the officials on the rosters of ``asked_agencies`` and of all below them are asked, and nobody else sees it.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    intro = models.TextField(max_length=2000)
    draft_text = models.TextField(max_length=40_000, blank=True)
    anonymous = models.BooleanField(default=True)
    of_staff = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=surveys.State.DRAFT)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    explained_at = models.DateTimeField(null=True, blank=True)
    sample = models.BooleanField(default=False)
    personal_data: ClassVar[tuple[str, ...]] = ("written_by",)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(surveys.State)), name="survey_state_known"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="survey_ends_after_it_begins"),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "-id"], name="survey_agency")]

    def __str__(self) -> str:
        return self.title

    @property
    def paragraphs(self) -> list[str]:
        """Return the paragraphs people may comment."""
        return [line.strip() for line in self.draft_text.splitlines() if line.strip()]


class SurveyPlace(models.Model):
    """One unit whose people are asked; none: everybody."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="places")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "unit"], name="survey_place_once")]


class SurveyAgency(models.Model):
    """One agency whose staff is asked, with that of every agency below it."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="asked_agencies")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "agency"], name="survey_agency_once")]


class SurveyQuestion(models.Model):
    """One question; its options stand in order. With ``after`` it is asked only of those who chose that option of an earlier one."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=8)
    words = models.CharField(max_length=300)
    required = models.BooleanField(default=True)
    after = models.ForeignKey("SurveyOption", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(form__in=list(surveys.Form)), name="survey_question_form_known"),
            models.UniqueConstraint(fields=["survey", "position"], name="survey_question_once"),
        ]


class SurveyOption(models.Model):
    """One answer offered."""

    question = models.ForeignKey(SurveyQuestion, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=160)
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["question", "position"], name="survey_option_once")]


class SurveyResponse(models.Model):
    """One person's answers. ``voter`` is a keyed mark of person and survey: it lets nobody answer twice and names nobody.

    Of a sheet of paper the mark is of the office and the sheet's number, and ``entered_by`` is who typed it in. ``unit`` is where a
    citizen lives, ``agency`` on whose roster an official stands.
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    voter = models.BinaryField(max_length=32)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    unit = models.ForeignKey("places.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField()
    road = models.CharField(max_length=8, default=surveys.Road.APP)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    personal_data: ClassVar[tuple[str, ...]] = ("account", "voter", "unit", "agency", "entered_by")

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "voter"], name="survey_answered_once"),
            models.CheckConstraint(condition=Q(road__in=list(surveys.Road)), name="survey_response_road_known"),
        ]


class SurveyAnswer(models.Model):
    """One answer: an option, a number, or words; a comment on a paragraph has ``paragraph`` and no question."""

    response = models.ForeignKey(SurveyResponse, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(SurveyQuestion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(SurveyOption, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    paragraph = models.PositiveSmallIntegerField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True, max_length=surveys.MAX_WORDS)
    personal_data: ClassVar[tuple[str, ...]] = ("words",)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(question__isnull=False) ^ Q(paragraph__isnull=False), name="survey_answer_to_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(option__isnull=False) | Q(score__isnull=False) | ~Q(words=""),
                name="survey_answer_says_something",
            ),
        ]
