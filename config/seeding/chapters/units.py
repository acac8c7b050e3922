"""The map: the shipped catalogues and lineages, and villages for some communes."""

from __future__ import annotations

from datetime import date

import numpy as np

from config.seeding import story
from config.seeding.adoption import Ints
from config.seeding.demo import Stage
from smarthd.kernel.actor import system
from smarthd.places import selectors as places
from smarthd.places import services as place_services
from smarthd.places.services.villages import NewVillage
from smarthd.places.values import UnitView

ACTOR = system("seed-demo")
VILLAGE_WORDS = (
    "An Xá", "Đông Thôn", "Đoài Thôn", "Thượng", "Hạ", "Trung", "Phú Lộc", "Mỹ Xá", "Văn Thai", "Kim Đôi", "Bình Phiên", "Ngọc Lâu",
    "Vạn Tải", "Đồng Bào", "La Xá", "Quảng Đạt", "Tràng Kỹ", "Nghĩa Phú", "Cẩm Lý", "Lạc Dục",
)  # fmt: skip
COMMUNES_WITH_VILLAGES = 24
VILLAGES_EACH = (4, 8)
KNOWN_VILLAGE = 0.85  # share of persons who said in which village they live


def plant_map(stage: Stage) -> str:
    """Import what the product ships."""
    place_services.import_all(actor=ACTOR, now=stage.now)
    then, now = places.units_on(story.SPRING_FIRST, "commune"), places.units_on(stage.today, "commune")
    return f"{len(then)} xã, phường, thị trấn năm 2024; {len(now)} xã, phường, đặc khu hiện nay"


def plant_villages(stage: Stage) -> str:
    """Add villages under some communes of 2024; names are ordinary words, not those of real villages there."""
    communes = places.units_on(story.SPRING_FIRST, "commune")
    chosen = sorted(stage.rng.choice(len(communes), COMMUNES_WITH_VILLAGES, replace=False))
    villages = [
        NewVillage(communes[number].id, f"{_kind(communes[number].kind)} {name}", story.ROSTERS_FROM)
        for number in chosen
        for name in stage.rng.choice(VILLAGE_WORDS, int(stage.rng.integers(*VILLAGES_EACH)), replace=False)
    ]
    place_services.add_villages_bulk(villages, actor=ACTOR, now=stage.now)
    return f"{len(villages)} thôn, khu dân cư ở {len(chosen)} xã"


def _kind(commune_kind: str) -> str:
    return "Khu dân cư" if commune_kind in {"Phường", "Thị trấn"} else "Thôn"


def homes(rng: np.random.Generator, communes: list[UnitView], unit: Ints, on: date) -> Ints:
    """Return where persons live (ids): in a village of their commune where some are known, most of them; else in the commune."""
    below: dict[int | None, list[int]] = {}
    for village in places.units_on(on, "village"):
        below.setdefault(village.parent_id, []).append(village.id)
    home = np.array([commune.id for commune in communes], dtype=np.int64)[unit]
    for place, commune in enumerate(communes):
        if commune.id in below:
            there = np.flatnonzero((unit == place) & (rng.random(len(unit)) < KNOWN_VILLAGE))
            home[there] = rng.choice(sorted(below[commune.id]), len(there))
    return home
