"""Days that are not what their weekday says, and the hours an agency is open."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class CalendarDay(models.Model):
    """One day of the State's schedule: a holiday, a compensation, or one side of a swap of working days."""

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=("holiday", "compensation", "swapped_off", "swapped_on", "ordinary")),
                name="calendarday_kind",
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=("official", "reported", "expected", "proposed")),
                name="calendarday_confidence",
            ),
        ]


class OfficeHours(models.Model):
    """One opening of an agency on one weekday (0 is Monday), local wall-clock time."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="office_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="officehours_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="officehours_run_forward"),
            models.UniqueConstraint(fields=["agency", "weekday", "opens"], name="officehours_once"),
        ]
