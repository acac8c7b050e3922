"""How open data was taken in the last thirty days, and the key of one program: drawn for the demonstration."""

from __future__ import annotations

from datetime import timedelta

from config.seeding.demo import Stage
from smarthd.connectors.selectors import open_data, sources
from smarthd.connectors.services import earlier
from smarthd.kernel import actor as actors
from smarthd.kernel import events
from smarthd.programs import services

DAYS = 30
KINDS = (("json", 6), ("file.csv", 4), ("ogc", 3), ("rss", 2))
"""Formats and how many calls a day at most."""


def plant(stage: Stage) -> str:
    """Count calls day by day, let the river's earlier versions go, and issue a key whose secret nobody is told."""
    asker, counted = services.Asker("demo", 1_000_000), 0
    for shown in open_data.open_datasets(now=stage.now):
        for back in range(DAYS):
            for kind, most in KINDS:
                if kind == "ogc" and not shown.has_map:
                    continue
                for _call in range(int(stage.rng.integers(0, most + 1))):
                    services.count_call(asker, now=stage.now - timedelta(days=back), dataset=shown.key, kind=kind)
                    counted += 1
    # hours that are over go from the river's readings: their earlier versions are worth having
    river = sources.source_of_template("muc-nuoc-mua")
    earlier.allow_earlier(uid=river.uid, allowed=True, actor=actors.system("demo"), now=stage.now)
    services.issue("Ứng dụng Đô thị (dùng thử)", actor=actors.system("demo"), now=stage.now - timedelta(days=DAYS))
    events.deliver_owed()
    return f"{counted} lượt lấy dữ liệu mở, 1 khóa"
