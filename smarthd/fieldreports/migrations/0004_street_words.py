"""A followed street as it was typed, beside its folded form."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fieldreports", "0003_mail_links")]

    operations = [
        migrations.AddField(
            model_name="follow", name="street_words", field=models.CharField(blank=True, max_length=120)
        ),
    ]
