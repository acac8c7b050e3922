"""The content version rises with pages, tiles and people to ask as it does with notices."""

from __future__ import annotations

from django.db import migrations

BUMP = """
CREATE TRIGGER content_article_seen AFTER UPDATE OF live, title, summary, body, topic, image_id, image_alt, agency_id, audience,
  language, source, source_url, checked_on, original_id, original_revision, steps, papers, fee, duration, legal_ground, place,
  service_level, link, number, issuer, issued_on, effective_on, ended_on, replaces_id, starts_at, ends_at, expire_at,
  first_published_at, last_published_at ON content_article
  FOR EACH ROW WHEN (OLD.live OR NEW.live) EXECUTE FUNCTION content_bump_version();
CREATE TRIGGER content_article_begun AFTER INSERT ON content_article
  FOR EACH ROW WHEN (NEW.live) EXECUTE FUNCTION content_bump_version();
CREATE TRIGGER content_article_gone AFTER DELETE ON content_article
  FOR EACH ROW WHEN (OLD.live) EXECUTE FUNCTION content_bump_version();
CREATE TRIGGER content_articleplace_seen AFTER INSERT OR UPDATE OR DELETE ON content_articleplace
  FOR EACH STATEMENT EXECUTE FUNCTION content_bump_version();
CREATE TRIGGER content_articlefile_seen AFTER INSERT OR UPDATE OR DELETE ON content_articlefile
  FOR EACH STATEMENT EXECUTE FUNCTION content_bump_version();
CREATE TRIGGER content_tile_seen AFTER INSERT OR UPDATE OR DELETE ON content_tile
  FOR EACH STATEMENT EXECUTE FUNCTION content_bump_version();
CREATE TRIGGER content_contact_seen AFTER INSERT OR UPDATE OR DELETE ON content_contact
  FOR EACH STATEMENT EXECUTE FUNCTION content_bump_version();
"""

UNBUMP = """
DROP TRIGGER content_article_seen ON content_article;
DROP TRIGGER content_article_begun ON content_article;
DROP TRIGGER content_article_gone ON content_article;
DROP TRIGGER content_articleplace_seen ON content_articleplace;
DROP TRIGGER content_articlefile_seen ON content_articlefile;
DROP TRIGGER content_tile_seen ON content_tile;
DROP TRIGGER content_contact_seen ON content_contact;
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0003_articles")]
    operations = [migrations.RunSQL(BUMP, UNBUMP)]
