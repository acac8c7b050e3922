"""Open surveys are found too."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

KINDS = (
    "hotline", "screen", "category", "notice", "procedure", "guide", "question", "news", "event", "document", "idea", "survey",
    "place", "contact", "dataset",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies: ClassVar = [("finding", "0001_initial")]
    operations: ClassVar = [
        migrations.RemoveConstraint("entry", "entry_kind_known"),
        migrations.AddConstraint(
            "entry", models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="entry_kind_known")
        ),
    ]
