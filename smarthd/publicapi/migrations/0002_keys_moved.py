from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Keys are kept by ``programs`` from now on; their rows went with them."""

    dependencies = [("publicapi", "0001_api_keys"), ("programs", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="ApiKey")]),
    ]
