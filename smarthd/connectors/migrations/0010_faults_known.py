"""Faulty lines are known again by their marks, as sound ones are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connectors', '0009_row_codes_first'),
    ]

    operations = [
        migrations.AddField(
            model_name='manifestpart',
            name='faults',
            field=models.BinaryField(db_default=b'', default=b''),
        ),
    ]
