"""Obligations are held by who came after an ended agency; consolidations know the rows they were read from; a new term has its own reminders."""

from __future__ import annotations

from typing import ClassVar

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

# What is told of an older consolidation: the last step of each report up to its system time, as it was read then.
_BASIS = """
UPDATE rollout_consolidation c SET basis = COALESCE((
  SELECT jsonb_agg(jsonb_build_array(o.id,
      (SELECT s.id FROM rollout_reportstep s JOIN rollout_periodicreport r ON r.id = s.report_id
       WHERE r.obligation_id = o.id AND s.at <= c.as_of ORDER BY s.number DESC LIMIT 1),
      o.exempt_at IS NOT NULL AND o.exempt_at <= c.as_of, NULL) ORDER BY o.id)
  FROM rollout_obligation o JOIN rollout_period p ON p.id = o.period_id JOIN rollout_campaign k ON k.id = p.campaign_id
  WHERE o.period_id = c.period_id AND o.form_key = c.form_key
    AND (k.coordinator_id = c.agency_id OR o.superior_id = c.agency_id)), '[]'::jsonb)"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("agencies", "0003_mailbox"), ("rollout", "0006_base_lists")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="obligation",
            name="held_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.RunSQL("UPDATE rollout_obligation SET held_by_id = agency_id", migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="obligation",
            name="held_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.AddIndex(
            model_name="obligation", index=models.Index(fields=["held_by", "due_at"], name="obligation_holder")
        ),
        migrations.AddField(model_name="consolidation", name="basis", field=models.JSONField(default=list)),
        migrations.RunSQL(_BASIS, migrations.RunSQL.noop),
        migrations.AlterField(model_name="consolidation", name="basis", field=models.JSONField()),
        migrations.RemoveConstraint(model_name="reminder", name="reminder_once"),
        migrations.AddField(model_name="reminder", name="due_at", field=models.DateTimeField(null=True)),
        migrations.RunSQL(
            "UPDATE rollout_reminder r SET due_at = o.due_at FROM rollout_obligation o WHERE o.id = r.obligation_id",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(model_name="reminder", name="due_at", field=models.DateTimeField()),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("obligation", "due_at", "step"), name="reminder_once"),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func("began_at", "ended_at", function="tstzrange"),
                        django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS,
                    )
                ],
                name="outage_told_once",
            ),
        ),
    ]
