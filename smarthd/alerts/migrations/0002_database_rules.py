"""What Django cannot say: who had a hand in a text does not approve it, nothing handed in or sent out changes, history only grows."""

from django.db import migrations

FOUR_EYES = """
ALTER TABLE alerts_alert ADD CONSTRAINT alert_four_eyes CHECK (approver IS NULL OR NOT (approver = ANY (editors)));
ALTER TABLE alerts_alert ADD CONSTRAINT alert_review_by_a_third
  CHECK (reviewer IS NULL OR (reviewer <> approver AND NOT (reviewer = ANY (editors))));
"""
FOUR_EYES_BACK = """
ALTER TABLE alerts_alert DROP CONSTRAINT alert_four_eyes;
ALTER TABLE alerts_alert DROP CONSTRAINT alert_review_by_a_third;
"""

# Text and audience change only while a writer has the warning; what went out is never changed again nor deleted.
STAYS = """
CREATE FUNCTION alerts_content_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'warnings are never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state NOT IN ('draft', 'returned') AND
    (OLD.content_hash, OLD.kind, OLD.status, OLD.hazard, OLD.level, OLD.urgency, OLD.severity, OLD.certainty, OLD.responses,
     OLD.headline_vi, OLD.description_vi, OLD.instruction_vi, OLD.headline_en, OLD.description_en, OLD.instruction_en,
     OLD.contact, OLD.sender_name, OLD.effective_at, OLD.expires_at, OLD.communes, OLD.ring, OLD.channels, OLD.incident,
     OLD.replaces_id, OLD.agency_id, OLD.code)
    IS DISTINCT FROM
    (NEW.content_hash, NEW.kind, NEW.status, NEW.hazard, NEW.level, NEW.urgency, NEW.severity, NEW.certainty, NEW.responses,
     NEW.headline_vi, NEW.description_vi, NEW.instruction_vi, NEW.headline_en, NEW.description_en, NEW.instruction_en,
     NEW.contact, NEW.sender_name, NEW.effective_at, NEW.expires_at, NEW.communes, NEW.ring, NEW.channels, NEW.incident,
     NEW.replaces_id, NEW.agency_id, NEW.code) THEN
    RAISE EXCEPTION 'warning % was handed in: its content does not change', OLD.code USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.issued_at IS NOT NULL AND
    (OLD.identifier, OLD.issued_at, OLD.cap, OLD.approved_hash) IS DISTINCT FROM
    (NEW.identifier, NEW.issued_at, NEW.cap, NEW.approved_hash) THEN
    RAISE EXCEPTION 'warning % went out: it does not change', OLD.code USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER alert_content_stays BEFORE UPDATE OR DELETE ON alerts_alert
  FOR EACH ROW EXECUTE FUNCTION alerts_content_stays();
"""
STAYS_BACK = """
DROP TRIGGER alert_content_stays ON alerts_alert;
DROP FUNCTION alerts_content_stays();
"""

HISTORY = """
CREATE FUNCTION alerts_step_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.alert_id, OLD.act, OLD.state, OLD.at) IS NOT DISTINCT FROM (NEW.alert_id, NEW.act, NEW.state, NEW.at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER alert_step_stays BEFORE UPDATE OR DELETE ON alerts_alertstep
  FOR EACH ROW EXECUTE FUNCTION alerts_step_stays();
"""
HISTORY_BACK = """
DROP TRIGGER alert_step_stays ON alerts_alertstep;
DROP FUNCTION alerts_step_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial")]
    operations = [
        migrations.RunSQL(FOUR_EYES, FOUR_EYES_BACK),
        migrations.RunSQL(STAYS, STAYS_BACK),
        migrations.RunSQL(HISTORY, HISTORY_BACK),
    ]
