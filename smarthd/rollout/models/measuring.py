"""Campaigns and their bases, days of use, the projection of persons, roll-ups.

Rows of days and persons carry plain numbers where other tables have foreign keys: facts arrive by events, in any order, and a
projection may know an account before the event of its opening. Nothing here names a person.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from smarthd.kernel.ids import uuid7
from smarthd.rollout import rules


class DateSpells(models.Field):  # type: ignore[type-arg]  # Django has no field of this type
    """A set of days as disjoint spells (``datemultirange``): joined by union, so that a day told twice changes nothing."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 - the signature is Django's
        """Return PostgreSQL's type."""
        return "datemultirange"


class Campaign(models.Model):
    """One order carried out: its document, its days, its targets."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    document_number = models.CharField(max_length=60, blank=True)
    document_on = models.DateField(null=True)
    document_title = models.CharField(max_length=500, blank=True)
    issued_by = models.CharField(max_length=200, blank=True)
    opens_on = models.DateField()
    deadline_at = models.DateTimeField()
    cut_offs = models.JSONField(default=list)
    status = models.CharField(max_length=10, default=rules.CampaignStatus.DRAFT)
    coordinator = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    document_sha256 = models.CharField(max_length=64, blank=True)
    document_file = models.CharField(max_length=200, blank=True)
    document_size = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=list(rules.CampaignStatus)), name="rollout_campaign_status_known"
            ),
        ]


class Target(models.Model):
    """What one indicator shall reach (a share, 1.0 is 100%), for every agency or unit, or for one of them."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="targets")
    scope = models.CharField(max_length=8)
    indicator = models.CharField(max_length=40)
    value = models.FloatField()
    unit = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(scope__in=list(rules.Scope)), name="rollout_target_scope_known"),
            models.CheckConstraint(condition=Q(value__gt=0), name="rollout_target_positive"),
            models.CheckConstraint(
                condition=Q(scope="agency", unit=None) | Q(scope="unit", agency=None), name="rollout_target_whom"
            ),
            models.UniqueConstraint(
                fields=["campaign", "scope", "indicator", "unit", "agency"],
                name="rollout_target_once",
                nulls_distinct=False,
            ),
        ]


class Denominator(models.Model):
    """A counted or estimated base of a unit as of a day. Corrected by superseding, withdrawn with a reason, never overwritten."""

    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=20)
    value = models.PositiveIntegerField()
    source = models.CharField(max_length=300)
    as_of = models.DateField()
    method = models.CharField(max_length=300, blank=True)
    entered_by = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    withdrawn_by = models.BigIntegerField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    personal_data = ("entered_by", "withdrawn_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_reason="") | Q(superseded_at__isnull=False), name="denominator_withdrawn_is_over"
            ),
            models.CheckConstraint(condition=Q(measure__in=list(rules.Measure)), name="denominator_measure_known"),
            models.CheckConstraint(condition=~Q(source=""), name="denominator_has_source"),
            models.UniqueConstraint(
                fields=["measure", "unit", "as_of"], condition=Q(superseded_at=None), name="denominator_one_in_force"
            ),
        ]
        indexes: ClassVar = [  # asked with every figure, whether one was withdrawn since (selectors/memory.py)
            models.Index(fields=["superseded_at"], condition=~Q(withdrawn_reason=""), name="denominator_withdrawn"),
        ]


class ActivityDay(models.Model):
    """One account's use on one day at one atom: launched or not, and which value actions. No times, no trails."""

    pk = models.CompositePrimaryKey("account_id", "day", "atom_id")
    account_id = models.BigIntegerField()
    day = models.DateField()
    atom_id = models.BigIntegerField()
    launched = models.BooleanField()
    actions = models.IntegerField()

    personal_data = ("account_id", "day", "atom_id", "launched", "actions")

    class Meta:
        db_table = "rollout_activity_day"
        indexes: ClassVar = [
            # Rows come in the order of days, so ranges of pages know their days: the last weeks are found among years for 100 kB.
            BrinIndex(fields=["day"], name="activity_day_range", autosummarize=True, pages_per_range=32),
        ]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(actions__gte=0), name="activity_actions_bits")]


class InstallState(models.Model):
    """One app on one phone, counted as a device until a person stands on it."""

    install_uid = models.UUIDField(primary_key=True)
    standalone = models.BooleanField()
    atom_id = models.BigIntegerField(default=0)
    opened_on = models.DateField()
    account_id = models.BigIntegerField(null=True)
    bound_on = models.DateField(null=True)
    last_launch_on = models.DateField(null=True)

    personal_data = ("install_uid", "atom_id", "account_id")

    class Meta:
        db_table = "rollout_install_state"
        indexes: ClassVar = [
            models.Index(fields=["account_id"], name="install_state_account", condition=Q(account_id__isnull=False)),
        ]


class Participant(models.Model):
    """One person, whatever their devices: the dates at which rungs of the ladder were reached, and nothing about how.

    Every date only ever moves one way, so that events repeated or out of order end in the same row. ``home_id`` 0 is unknown.
    ``active_during`` and ``kept_during`` are a level and its dates (28 days from a use, 60 from a launch) for staff whose days of use are
    not kept; days up to ``forgotten_on`` were forgotten on the person's word and are not told again.
    """

    account_id = models.BigIntegerField(primary_key=True)
    home_id = models.BigIntegerField(default=0)
    home_said_at = models.DateTimeField(null=True)
    moved = models.BooleanField(default=False)
    installed_on = models.DateField(null=True)
    activated_on = models.DateField(null=True)
    first_used_on = models.DateField(null=True)
    used_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    retained_on = models.DateField(null=True)
    last_used_on = models.DateField(null=True)
    last_launch_on = models.DateField(null=True)
    active_during = DateSpells(null=True)
    kept_during = DateSpells(null=True)
    forgotten_on = models.DateField(null=True)
    team_code = models.CharField(max_length=24, blank=True, default="")
    is_test = models.BooleanField(default=False)
    test_said_at = models.DateTimeField(null=True)
    quarantined = models.BooleanField(default=False)
    erased_on = models.DateField(null=True)

    personal_data = (
        "home_id", "installed_on", "activated_on", "first_used_on", "last_used_on", "last_launch_on", "active_during", "kept_during",
    )  # fmt: skip

    class Meta:
        db_table = "rollout_participant"
        indexes: ClassVar = [
            models.Index(fields=["team_code"], condition=~Q(team_code=""), name="participant_team_code"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(erased_on=None)
                | Q(home_id=0, installed_on=None, activated_on=None, last_used_on=None, last_launch_on=None),
                name="participant_erased_is_empty",
            ),
        ]


class Residence(models.Model):
    """A person's word on where they live, one a day; it holds from that day, the first one from the beginning."""

    pk = models.CompositePrimaryKey("account_id", "said_on")
    account_id = models.BigIntegerField()
    said_on = models.DateField()
    said_at = models.DateTimeField()
    atom_id = models.BigIntegerField()

    personal_data = ("account_id", "atom_id")

    class Meta:
        db_table = "rollout_residence"


class StaffSeat(models.Model):
    """One person's place on an agency's roster in a period, as agencies told it; ``exempt`` with an approved exemption."""

    staff_id = models.BigIntegerField()
    agency_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    exempt = models.BooleanField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    personal_data = ("account_id",)

    class Meta:
        db_table = "rollout_staff_seat"
        indexes: ClassVar = [
            models.Index(fields=["agency_id", "valid_from"], name="staff_seat_agency"),
            models.Index(fields=["account_id"], name="staff_seat_account", condition=Q(account_id__isnull=False)),
            models.Index(fields=["staff_id"], name="staff_seat_staff"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="staff_seat_period"
            ),
        ]


class CitizenCounts(models.Model):
    """Persons of one atom, columns as in ``rules.metrics``: stocks and rolling windows as of the end of a day."""

    pk = models.CompositePrimaryKey("day", "atom_id")
    day = models.DateField()
    atom_id = models.BigIntegerField()
    installed = models.IntegerField(default=0)
    activated = models.IntegerField(default=0)
    assisted = models.IntegerField(default=0)
    used = models.IntegerField(default=0)
    reached_3 = models.IntegerField(default=0)
    reached_4 = models.IntegerField(default=0)
    retained = models.IntegerField(default=0)
    aged_7 = models.IntegerField(default=0)
    used_aged = models.IntegerField(default=0)
    aged_8 = models.IntegerField(default=0)
    returned_aged = models.IntegerField(default=0)
    aged_31 = models.IntegerField(default=0)
    retained_aged = models.IntegerField(default=0)
    active_1 = models.IntegerField(default=0)
    active_7 = models.IntegerField(default=0)
    active_28 = models.IntegerField(default=0)
    active_30 = models.IntegerField(default=0)
    devices = models.IntegerField(default=0)
    browsers = models.IntegerField(default=0)
    test = models.IntegerField(default=0)
    quarantined = models.IntegerField(default=0)

    class Meta:
        abstract = True


class CitizenDay(CitizenCounts):
    """The roll-up of citizens by day and atom; atom 0 gathers those whose home is unknown."""

    class Meta:
        db_table = "rollout_citizen_day"


class CitizenLedger(CitizenCounts):
    """What persons who are no longer in the raw rows changed in the counts of a day: numbers only, added up over persons."""

    class Meta:
        db_table = "rollout_citizen_ledger"


class StaffCounts(models.Model):
    """Staff of one agency's own roster as of the end of a day; ``_net`` leaves out approved exemptions."""

    pk = models.CompositePrimaryKey("day", "agency_id")
    day = models.DateField()
    agency_id = models.BigIntegerField()
    roster = models.IntegerField(default=0)
    exempt = models.IntegerField(default=0)
    installed = models.IntegerField(default=0)
    activated = models.IntegerField(default=0)
    used = models.IntegerField(default=0)
    reached_3 = models.IntegerField(default=0)
    reached_4 = models.IntegerField(default=0)
    retained = models.IntegerField(default=0)
    active_28 = models.IntegerField(default=0)
    lapsed = models.IntegerField(default=0)
    activated_net = models.IntegerField(default=0)
    used_net = models.IntegerField(default=0)
    active_28_net = models.IntegerField(default=0)

    class Meta:
        abstract = True


class StaffDay(StaffCounts):
    """The roll-up of staff by day and agency."""

    class Meta:
        db_table = "rollout_staff_day"


class StaffLedger(StaffCounts):
    """What persons who are no longer in the raw rows changed in the counts of a day: numbers only."""

    class Meta:
        db_table = "rollout_staff_ledger"


class DirtyDay(models.Model):
    """A day from which roll-ups no longer tell the raw rows. Appended by writers, taken away by the refresh that saw it."""

    day = models.DateField()

    class Meta:
        db_table = "rollout_dirty_day"


class RollupState(models.Model):
    """One row: which days the roll-ups cover and when they were last made."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    covers_from = models.DateField()
    covers_to = models.DateField()
    refreshed_at = models.DateTimeField()

    class Meta:
        db_table = "rollout_rollup_state"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="rollup_state_single")]
