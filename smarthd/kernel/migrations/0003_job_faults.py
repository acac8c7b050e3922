"""Why jobs failed, and failed jobs found without reading those that went well (a partial index of our own on the queue's table)."""

from django.db import migrations, models

FORWARD = "CREATE INDEX kernel_failed_jobs ON procrastinate_jobs (id) WHERE status = 'failed'::procrastinate_job_status"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_append_only"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.CreateModel(
            "JobFault",
            [
                ("job_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("error", models.CharField(max_length=100)),
                ("place", models.CharField(max_length=200, blank=True)),
            ],
        ),
        migrations.RunSQL(FORWARD, "DROP INDEX kernel_failed_jobs"),
    ]
