"""A small world in a database of its own, for programs that are run as processes: ``python -m tests.conformance.province``.

The real communes of April 2024, their committees, a closed campaign, a few bases and persons, counted.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

DAY = date(2024, 4, 19)
NOW = datetime(2024, 4, 20, 3, tzinfo=UTC)
CAMPAIGN = "lenh-2024"
OWNERS = 10


def plant() -> None:
    """Plant the world through the services."""
    from smarthd.agencies import services as agencies
    from smarthd.kernel.actor import system
    from smarthd.places import selectors as places
    from smarthd.places import services as place_services
    from smarthd.rollout import rules, services
    from smarthd.rollout.tests import make

    actor = system("test")
    place_services.import_all(actor=actor, now=NOW)
    agencies.establish_committees(on=date(2024, 3, 1), actor=actor, now=NOW)
    services.open_campaign(
        CAMPAIGN, title="Chiến dịch", opens_on=date(2024, 3, 26), deadline_at=NOW, cut_offs=(DAY,), actor=actor, now=NOW,
    )  # fmt: skip
    services.change_campaign_status(CAMPAIGN, to=rules.CampaignStatus.RUNNING, actor=actor, now=NOW)
    communes = places.units_on(DAY, "commune")
    services.set_denominators([make.base(unit.id, OWNERS) for unit in communes], actor=actor, now=NOW)
    for number, unit in enumerate(communes[:20]):
        make.use(make.person(unit.id, DAY - timedelta(days=number % 9 + 1)), DAY)
    services.rebuild_rollups(now=NOW)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    plant()
