"""Rows are found by facets and spelling too: their words are written anew by the queue (``tasks.find_owed_words``)."""

from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):

    dependencies = [
        ("connectors", "0007_sitemaps"),
    ]

    operations = [
        migrations.CreateModel(
            name='RowTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(db_collation='C', max_length=20)),
                ('rows', models.BigIntegerField()),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='connectors.source')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'word'), name='row_term_once')],
            },
        ),
        migrations.AlterField(
            model_name='rowwords',
            name='source',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='connectors.source'),
        ),
        migrations.AddIndex(
            model_name='rowwords',
            index=models.Index(fields=['source', 'row_id'], name='row_words_of_source'),
        ),
        migrations.RunSQL(
            "TRUNCATE connectors_rowwords; UPDATE connectors_source SET found_version = 0 WHERE found_version > 0",
            migrations.RunSQL.noop,
        ),
    ]
