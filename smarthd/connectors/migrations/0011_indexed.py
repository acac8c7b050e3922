"""Which cells of a large dataset readers choose by quickly."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("connectors", "0010_faults_known"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="indexed",
            field=models.JSONField(default=list),
        ),
    ]
