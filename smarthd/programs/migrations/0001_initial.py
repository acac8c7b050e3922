from __future__ import annotations

import django.contrib.postgres.fields
import smarthd.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keys move here from the public API with all their rows; what is taken away from open data is counted from now on."""

    initial = True

    dependencies = [("publicapi", "0001_api_keys")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="ApiKey",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uid", models.UUIDField(default=smarthd.kernel.ids.uuid7, editable=False, unique=True)),
                        ("name", models.CharField(max_length=100)),
                        ("hint", models.CharField(max_length=8)),
                        ("key_hash", models.BinaryField(max_length=32, unique=True)),
                        ("per_hour", models.PositiveIntegerField()),
                        (
                            "media_hosts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=253), default=list, size=None
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("last_used_on", models.DateField(null=True)),
                    ],
                    options={
                        "db_table": "publicapi_apikey",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("per_hour__gt", 0)), name="apikey_may_something"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at", None), ("ended_at__gte", models.F("made_at")), _connector="OR"
                                ),
                                name="apikey_runs_forward",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.AlterModelTable(name="ApiKey", table=None),
        migrations.CreateModel(
            name="CallCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=48)),
                ("hour", models.DateTimeField()),
                ("calls", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("mark", "hour"), name="calls_counted_once")],
            },
        ),
        migrations.CreateModel(
            name="DatasetUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dataset", models.CharField(max_length=60)),
                ("day", models.DateField()),
                ("kind", models.CharField(max_length=20)),
                ("calls", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("dataset", "day", "kind"), name="dataset_use_counted_once")
                ],
            },
        ),
    ]
