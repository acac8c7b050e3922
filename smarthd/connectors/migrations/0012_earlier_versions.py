"""Earlier versions may be taken away where their owner says so; those a going back took from the public stay taken back."""

from __future__ import annotations

from django.db import migrations, models

RECALLED = """
UPDATE connectors_version AS v SET recalled_at = r.published_at FROM connectors_version AS r
WHERE r.source_id = v.source_id AND r.restores IS NOT NULL AND r.published_at IS NOT NULL
AND v.number > r.restores AND v.number < r.number AND v.published_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("connectors", "0011_indexed")]

    operations = [
        migrations.AddField("source", "earlier_open", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("version", "recalled_at", models.DateTimeField(null=True)),
        migrations.RunSQL(RECALLED, migrations.RunSQL.noop),
    ]
