"""Rows lie in partitions by source; the words they are found by, and the lines they came from, in tables of their own."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


PARTITIONED = """
ALTER TABLE connectors_datarow RENAME TO connectors_datarow_before;
CREATE SEQUENCE connectors_datarow_number AS bigint;
CREATE TABLE connectors_datarow (
    id bigint NOT NULL DEFAULT nextval('connectors_datarow_number'),
    source_id bigint NOT NULL REFERENCES connectors_source (id) DEFERRABLE INITIALLY DEFERRED,
    key text COLLATE "C" NOT NULL,
    code varchar(16) COLLATE "C" NOT NULL,
    digest bytea NOT NULL,
    since integer NOT NULL CHECK (since >= 0),
    until integer CHECK (until >= 0),
    sort varchar(80) COLLATE "C" NOT NULL,
    "values" jsonb NOT NULL,
    unit_id bigint REFERENCES places_unit (id) DEFERRABLE INITIALLY DEFERRED,
    lat double precision,
    lon double precision,
    CONSTRAINT row_in_its_source PRIMARY KEY (source_id, id)
) PARTITION BY LIST (source_id);
ALTER SEQUENCE connectors_datarow_number OWNED BY connectors_datarow.id;
CREATE TABLE connectors_datarow_small PARTITION OF connectors_datarow DEFAULT;
INSERT INTO connectors_datarow (id, source_id, key, code, digest, since, until, sort, "values", unit_id, lat, lon)
    SELECT id, source_id, key, code, digest, since, until, sort, "values", unit_id, lat, lon FROM connectors_datarow_before;
SELECT setval('connectors_datarow_number', greatest(max(id), 1)) FROM connectors_datarow;
DROP TABLE connectors_datarow_before;
CREATE UNIQUE INDEX row_public_once ON connectors_datarow (source_id, key) WHERE until IS NULL;
CREATE INDEX row_in_order ON connectors_datarow (source_id, sort, id) WHERE until IS NULL;
CREATE INDEX row_by_code ON connectors_datarow (source_id, code) WHERE until IS NULL;
CREATE INDEX row_of_a_commune ON connectors_datarow (source_id, unit_id, sort, id) WHERE until IS NULL AND unit_id IS NOT NULL;
CREATE INDEX row_history ON connectors_datarow (source_id, key, since) WHERE until IS NOT NULL;
ALTER TABLE connectors_manifestpart ALTER COLUMN marks SET STORAGE EXTERNAL, ALTER COLUMN rows SET STORAGE EXTERNAL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('connectors', '0001_initial'),
        ('places', '0002_constraints'),
    ]

    operations = [
        migrations.CreateModel(
            name='ManifestPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.PositiveIntegerField()),
                ('fingerprint', models.CharField(max_length=64)),
                ('marks', models.BinaryField()),
                ('rows', models.BinaryField()),
                ('others', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='RowWords',
            fields=[
                ('row_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name='datarow',
            name='row_of_a_commune',
        ),
        migrations.RemoveIndex(
            model_name='datarow',
            name='row_history',
        ),
        migrations.RemoveIndex(
            model_name='datarow',
            name='row_words',
        ),
        migrations.RemoveField(
            model_name='change',
            name='search',
        ),
        migrations.RemoveField(
            model_name='change',
            name='number',
        ),
        migrations.RemoveField(
            model_name='datarow',
            name='search',
        ),
        migrations.AddField(
            model_name='source',
            name='found_version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='version',
            name='staged',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='change',
            name='code',
            field=models.CharField(db_collation='C', max_length=16),
        ),
        migrations.AlterField(
            model_name='change',
            name='key',
            field=models.TextField(db_collation='C'),
        ),
        migrations.AlterField(
            model_name='change',
            name='sort',
            field=models.CharField(db_collation='C', max_length=80),
        ),
        migrations.AlterField(
            model_name='datarow',
            name='code',
            field=models.CharField(db_collation='C', max_length=16),
        ),
        migrations.AlterField(
            model_name='datarow',
            name='key',
            field=models.TextField(db_collation='C'),
        ),
        migrations.AlterField(
            model_name='datarow',
            name='sort',
            field=models.CharField(db_collation='C', max_length=80),
        ),
        migrations.AlterField(
            model_name='datarow',
            name='source',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='connectors.source'),
        ),
        migrations.AddIndex(
            model_name='datarow',
            index=models.Index(condition=models.Q(('until', None), models.Q(('unit', None), _negated=True)), fields=['source', 'unit', 'sort', 'id'], name='row_of_a_commune'),
        ),
        migrations.AddIndex(
            model_name='datarow',
            index=models.Index(condition=models.Q(('until', None), _negated=True), fields=['source', 'key', 'since'], name='row_history'),
        ),
        migrations.AddField(
            model_name='manifestpart',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connectors.version'),
        ),
        migrations.AddField(
            model_name='rowwords',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='connectors.source'),
        ),
        migrations.AddConstraint(
            model_name='manifestpart',
            constraint=models.UniqueConstraint(fields=('version', 'part'), name='manifest_part_once'),
        ),
        migrations.AddIndex(
            model_name='rowwords',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='row_words'),
        ),
        migrations.RunSQL(PARTITIONED, migrations.RunSQL.noop),
    ]
