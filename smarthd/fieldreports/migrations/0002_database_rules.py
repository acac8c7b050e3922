"""What Django cannot say: the words searched, the point as a point, rules that never clash, changes of the map, a history that only grows."""

from django.db import migrations

SEARCH = """
CREATE FUNCTION fieldreports_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := to_tsvector('simple', NEW.folded);
  RETURN NEW;
END $$;
CREATE TRIGGER fieldreport_search BEFORE INSERT OR UPDATE OF folded ON fieldreports_report
  FOR EACH ROW EXECUTE FUNCTION fieldreports_search_words();
"""
SEARCH_BACK = """
DROP TRIGGER fieldreport_search ON fieldreports_report;
DROP FUNCTION fieldreports_search_words();
"""

POINT = """
CREATE INDEX fieldreport_point ON fieldreports_report USING gist (point(mx::float8, my::float8)) WHERE mx IS NOT NULL;
"""
POINT_BACK = "DROP INDEX fieldreport_point;"

# One place, category and hours has one answer at a time.
RULES = """
ALTER TABLE fieldreports_routingrule ADD CONSTRAINT routing_no_clash
    EXCLUDE USING gist (
        int8range(COALESCE(place_id, 0), COALESCE(place_id, 0), '[]') WITH &&,
        int8range(COALESCE(category_id, 0), COALESCE(category_id, 0), '[]') WITH &&,
        int8range(hashtext(hours)::bigint, hashtext(hours)::bigint, '[]') WITH &&,
        daterange(valid_from, valid_to) WITH &&);
"""
RULES_BACK = "ALTER TABLE fieldreports_routingrule DROP CONSTRAINT routing_no_clash;"

# Appended rows never wait for one another, as counters in shared cells would; a task folds them into the cells.
MAP = """
CREATE FUNCTION fieldreports_map_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.mx IS NOT NULL THEN
    INSERT INTO fieldreports_mapchange (mx, my, category_id, state, shown, change)
    VALUES (OLD.mx, OLD.my, OLD.category_id, OLD.state, OLD.visibility = 'public', -1);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.mx IS NOT NULL THEN
    INSERT INTO fieldreports_mapchange (mx, my, category_id, state, shown, change)
    VALUES (NEW.mx, NEW.my, NEW.category_id, NEW.state, NEW.visibility = 'public', 1);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER fieldreport_map_row AFTER INSERT OR DELETE ON fieldreports_report
  FOR EACH ROW EXECUTE FUNCTION fieldreports_map_change();
CREATE TRIGGER fieldreport_map_moved AFTER UPDATE OF mx, my, category_id, state, visibility ON fieldreports_report
  FOR EACH ROW WHEN ((OLD.mx, OLD.my, OLD.category_id, OLD.state, OLD.visibility)
    IS DISTINCT FROM (NEW.mx, NEW.my, NEW.category_id, NEW.state, NEW.visibility))
  EXECUTE FUNCTION fieldreports_map_change();
"""
MAP_BACK = """
DROP TRIGGER fieldreport_map_moved ON fieldreports_report;
DROP TRIGGER fieldreport_map_row ON fieldreports_report;
DROP FUNCTION fieldreports_map_change();
"""

# A step is appended; what may change later is only what erasing a person takes out of it.
HISTORY = """
CREATE FUNCTION fieldreports_step_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.report_id, OLD.number, OLD.act, OLD.state, OLD.at, OLD.holder_id)
      IS NOT DISTINCT FROM (NEW.report_id, NEW.number, NEW.act, NEW.state, NEW.at, NEW.holder_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER fieldreport_step_stays BEFORE UPDATE OR DELETE ON fieldreports_reportstep
  FOR EACH ROW EXECUTE FUNCTION fieldreports_step_stays();
"""
HISTORY_BACK = """
DROP TRIGGER fieldreport_step_stays ON fieldreports_reportstep;
DROP FUNCTION fieldreports_step_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("fieldreports", "0001_initial")]
    operations = [
        migrations.RunSQL(SEARCH, SEARCH_BACK),
        migrations.RunSQL(POINT, POINT_BACK),
        migrations.RunSQL(RULES, RULES_BACK),
        migrations.RunSQL(MAP, MAP_BACK),
        migrations.RunSQL(HISTORY, HISTORY_BACK),
    ]
