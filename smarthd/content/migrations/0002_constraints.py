"""The content version rises in the transaction of every change a citizen could see, whoever makes it."""

from __future__ import annotations

from django.db import migrations

BUMP = """
CREATE FUNCTION content_bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO content_contentversion (id, value) VALUES (1, 1)
  ON CONFLICT (id) DO UPDATE SET value = content_contentversion.value + 1;
  RETURN NULL;
END $$;

CREATE TRIGGER content_notice_seen AFTER UPDATE OF live, title, summary, body, image_id, image_alt, agency_id, audience,
  urgency, language, source, expire_at, first_published_at, last_published_at ON content_notice
  FOR EACH ROW WHEN (OLD.live OR NEW.live) EXECUTE FUNCTION content_bump_version();
CREATE TRIGGER content_notice_begun AFTER INSERT ON content_notice
  FOR EACH ROW WHEN (NEW.live) EXECUTE FUNCTION content_bump_version();
CREATE TRIGGER content_notice_gone AFTER DELETE ON content_notice
  FOR EACH ROW WHEN (OLD.live) EXECUTE FUNCTION content_bump_version();
CREATE TRIGGER content_noticeplace_seen AFTER INSERT OR UPDATE OR DELETE ON content_noticeplace
  FOR EACH STATEMENT EXECUTE FUNCTION content_bump_version();
CREATE TRIGGER content_hotline_seen AFTER INSERT OR UPDATE OR DELETE ON content_hotline
  FOR EACH STATEMENT EXECUTE FUNCTION content_bump_version();
CREATE TRIGGER content_hotlinenumber_seen AFTER INSERT OR UPDATE OR DELETE ON content_hotlinenumber
  FOR EACH STATEMENT EXECUTE FUNCTION content_bump_version();
"""

UNBUMP = """
DROP TRIGGER content_notice_seen ON content_notice;
DROP TRIGGER content_notice_begun ON content_notice;
DROP TRIGGER content_notice_gone ON content_notice;
DROP TRIGGER content_noticeplace_seen ON content_noticeplace;
DROP TRIGGER content_hotline_seen ON content_hotline;
DROP TRIGGER content_hotlinenumber_seen ON content_hotlinenumber;
DROP FUNCTION content_bump_version();
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]
    operations = [migrations.RunSQL(BUMP, UNBUMP)]
