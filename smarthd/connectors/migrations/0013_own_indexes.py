"""Indexes are each table's own: those of small datasets begin with the source, those of a large dataset's table need not
(``services.partitions``); rows of a large one are found by their code, which is made of their key."""

from __future__ import annotations

from django.db import migrations

OWN = """
ALTER TABLE connectors_datarow DROP CONSTRAINT row_in_its_source, DROP CONSTRAINT connectors_datarow_source_id_fkey,
    DROP CONSTRAINT connectors_datarow_unit_id_fkey;
DROP INDEX row_public_once, row_in_order, row_by_code, row_of_a_commune, row_on_the_map, row_history;

ALTER TABLE connectors_datarow_small ADD CONSTRAINT row_in_its_source PRIMARY KEY (source_id, id),
    ADD CONSTRAINT of_a_source FOREIGN KEY (source_id) REFERENCES connectors_source (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT of_a_unit FOREIGN KEY (unit_id) REFERENCES places_unit (id) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX row_public_once ON connectors_datarow_small (source_id, key) WHERE until IS NULL;
CREATE INDEX row_in_order ON connectors_datarow_small (source_id, sort, id) WHERE until IS NULL;
CREATE INDEX row_by_code ON connectors_datarow_small (code, source_id) WHERE until IS NULL;
CREATE INDEX row_of_a_commune ON connectors_datarow_small (source_id, unit_id, sort, id) WHERE until IS NULL AND unit_id IS NOT NULL;
CREATE INDEX row_on_the_map ON connectors_datarow_small (source_id, lat, lon) WHERE until IS NULL AND lat IS NOT NULL;
CREATE INDEX row_history ON connectors_datarow_small (source_id, key, since) WHERE until IS NOT NULL;

DO $$
DECLARE own text;
BEGIN
    FOR own IN SELECT inhrelid::regclass FROM pg_inherits
        WHERE inhparent = 'connectors_datarow'::regclass AND inhrelid <> 'connectors_datarow_small'::regclass LOOP
        EXECUTE format('ALTER TABLE %1$s ADD CONSTRAINT of_a_source FOREIGN KEY (source_id) REFERENCES connectors_source (id) '
            'DEFERRABLE INITIALLY DEFERRED, ADD CONSTRAINT of_a_unit FOREIGN KEY (unit_id) REFERENCES places_unit (id) '
            'DEFERRABLE INITIALLY DEFERRED', own);
        EXECUTE format('CREATE INDEX IF NOT EXISTS %1$s_on_the_map ON %1$s (lat, lon) WHERE until IS NULL AND lat IS NOT NULL', own);
        EXECUTE format('CREATE INDEX IF NOT EXISTS %1$s_in_order ON %1$s (sort, id) WHERE until IS NULL', own);
        EXECUTE format('CREATE INDEX IF NOT EXISTS %1$s_of_a_commune ON %1$s (unit_id, sort, id) WHERE until IS NULL AND unit_id IS NOT NULL', own);
        EXECUTE format('CREATE UNIQUE INDEX IF NOT EXISTS %1$s_by_code ON %1$s (code) WHERE until IS NULL', own);
        EXECUTE format('CREATE UNIQUE INDEX IF NOT EXISTS %1$s_by_number ON %1$s (id)', own);
        EXECUTE format('CREATE INDEX IF NOT EXISTS %1$s_ended ON %1$s (until, sort, id) WHERE until IS NOT NULL', own);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("connectors", "0012_earlier_versions")]

    operations = [migrations.RunSQL(OWN, migrations.RunSQL.noop)]
