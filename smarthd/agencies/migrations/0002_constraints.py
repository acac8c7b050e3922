"""No two rows of one thing on one day. Ranges stand in for btree_gist, which the embedded server does not carry."""

from django.db import migrations

EXCLUSIONS = [
    ("agencies_agencyversion", "agencyversion_one_a_day", "int8range(agency_id, agency_id, '[]')", ""),
    (
        "agencies_agencyversion",
        "agencyversion_code_once_a_day",
        "int8range(hashtextextended(code, 0), hashtextextended(code, 0), '[]')",
        "",
    ),
    (
        "agencies_agencyedge",
        "agencyedge_one_superior_a_day",
        "int8range(child_id, child_id, '[]')",
        " WHERE (hierarchy = 'reporting')",
    ),
    (
        "agencies_agencyedge",
        "agencyedge_one_guide_a_day",
        "int8range(child_id, child_id, '[]')",
        " WHERE (hierarchy = 'professional')",
    ),
    (
        "agencies_staff",
        "staff_phone_once_a_day",
        "int8range(hashtextextended(encode(phone_index, 'hex'), 0), hashtextextended(encode(phone_index, 'hex'), 0), '[]')",
        " WHERE (phone_index IS NOT NULL)",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
            f"({key} WITH &&, daterange(valid_from, valid_to) WITH &&){where}",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )
        for table, name, key, where in EXCLUSIONS
    ]
