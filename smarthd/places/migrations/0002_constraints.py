"""What Django cannot say: periods of one unit never overlap; the parts of a unit that ends add up to the whole."""

from django.db import migrations

NO_OVERLAP = """
ALTER TABLE places_unitversion ADD CONSTRAINT unit_version_no_overlap
    EXCLUDE USING gist (int8range(unit_id, unit_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE places_edge ADD CONSTRAINT edge_no_overlap
    EXCLUDE USING gist (
        int8range(child_id, child_id, '[]') WITH &&,
        int8range(hashtext(hierarchy)::bigint, hashtext(hierarchy)::bigint, '[]') WITH &&,
        daterange(valid_from, valid_to) WITH &&)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE places_boundary ADD CONSTRAINT boundary_no_overlap
    EXCLUDE USING gist (int8range(unit_id, unit_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
    DEFERRABLE INITIALLY DEFERRED;
"""
NO_OVERLAP_BACK = """
ALTER TABLE places_unitversion DROP CONSTRAINT unit_version_no_overlap;
ALTER TABLE places_edge DROP CONSTRAINT edge_no_overlap;
ALTER TABLE places_boundary DROP CONSTRAINT boundary_no_overlap;
"""

# A unit ends once, so the shares of one source over all applied events must add up to 1 on each basis named.
# enable_seqscan is off because the plan is cached while the tables are still empty.
SHARES = """
CREATE FUNCTION places_shares_of_unit_add_up(unit bigint) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE wrong record;
BEGIN
    SELECT l.basis, sum(l.share) AS total INTO wrong
    FROM places_lineage l JOIN places_event e ON e.id = l.event_id AND e.status = 'applied'
    WHERE l.from_unit_id = unit
    GROUP BY l.basis HAVING abs(sum(l.share) - 1) > 1e-6 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'shares of unit % on % add up to %', unit, wrong.basis, wrong.total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lineage_shares_add_up';
    END IF;
END $$;
CREATE FUNCTION places_lineage_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM places_shares_of_unit_add_up(NEW.from_unit_id);
    RETURN NULL;
END $$;
CREATE FUNCTION places_event_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM places_shares_of_unit_add_up(unit)
    FROM (SELECT DISTINCT from_unit_id AS unit FROM places_lineage WHERE event_id = NEW.id) AS ended;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lineage_shares_add_up AFTER INSERT OR UPDATE ON places_lineage
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION places_lineage_changed();
CREATE CONSTRAINT TRIGGER event_shares_add_up AFTER UPDATE OF status ON places_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION places_event_changed();
CREATE FUNCTION places_lineage_of_applied_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT status FROM places_event WHERE id = OLD.event_id) <> 'draft' THEN
        RAISE EXCEPTION 'lineage of an event that was applied is history'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lineage_is_history';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER lineage_is_history BEFORE DELETE ON places_lineage
    FOR EACH ROW EXECUTE FUNCTION places_lineage_of_applied_stands();
"""
SHARES_BACK = """
DROP TRIGGER lineage_is_history ON places_lineage;
DROP FUNCTION places_lineage_of_applied_stands();
DROP TRIGGER event_shares_add_up ON places_event;
DROP TRIGGER lineage_shares_add_up ON places_lineage;
DROP FUNCTION places_event_changed();
DROP FUNCTION places_lineage_changed();
DROP FUNCTION places_shares_of_unit_add_up(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [migrations.RunSQL(NO_OVERLAP, NO_OVERLAP_BACK), migrations.RunSQL(SHARES, SHARES_BACK)]
