"""Datasets of departments, one a shipped template: drawn for the demonstration, marked as such on every page, nobody's figures.

Each goes the way a department's does: a file of the kind it comes in, read, understood, published.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings

from config.seeding.demo import Stage
from config.seeding.departments import daily, files, living
from config.seeding.departments.files import File, Row
from config.seeding.departments.ground import Ground
from smarthd.agencies import selectors as agencies
from smarthd.connectors.adapters import play
from smarthd.connectors.rules import templates
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.rules.thresholds import Levels
from smarthd.connectors.selectors import public, sources
from smarthd.connectors.selectors.public import Query
from smarthd.connectors.services import dossiers, planting, sensors
from smarthd.connectors.services.sources import NewSource
from smarthd.kernel import actor as actors
from smarthd.places import selectors as places

SYSTEM = actors.system("demo")
PLACES = 60


@dataclass(frozen=True, slots=True)
class Set:
    """One dataset: the department that would keep it, the draw in its file; ``live`` is what is read on from the stations played.

    ``days_ago`` is when it was handed in last: one that is older than promised shows what citizens, its owner and the province see then.
    """

    owner: str
    make: Callable[[str, Ground], File]
    live: str = ""
    days_ago: int = 0


def _table(write: Callable[..., File], draw: Callable[[Ground], Iterable[Row]]) -> Callable[[str, Ground], File]:
    def make(key: str, ground: Ground) -> File:
        columns = tuple(one.header for one in templates.TEMPLATES[key].mapping.fields)
        return write(key, columns, draw(ground))

    return make


def _book(draw: Callable[[Ground], Iterable[Row]]) -> Callable[[str, Ground], File]:
    def make(key: str, ground: Ground) -> File:
        template = templates.TEMPLATES[key]
        columns = tuple(one.header for one in template.mapping.fields)
        return files.workbook(key, template.title, columns, draw(ground))

    return make


def _whole(draw: Callable[[Ground], File]) -> Callable[[str, Ground], File]:
    return lambda _key, ground: draw(ground)


def _measured(quantity: str, ground: Ground) -> File:
    return File(SourceKind.API, f"{quantity}.json", json.dumps(play.readings(quantity, ground.now)).encode())


_csv, _geojson, _json = (partial(_table, write) for write in (files.text_table, files.features, files.records))
SETS: dict[str, Set] = {
    "truong-hoc": Set("hp-sgddt", _book(daily.schools)),
    "nha-thuoc": Set("hp-syt", _book(daily.clinics)),
    "nha-thuoc-truc": Set("hp-syt", _book(daily.duty)),
    "gio-tram-y-te": Set("hp-syt", _csv(daily.stations)),
    "cat-dien-nuoc": Set("hp-sct", _csv(daily.cuts)),
    "tuyen-xe-buyt": Set("hp-sxd", _whole(daily.buses)),
    "lich-su-kien": Set("hp-svhttdl", _whole(daily.events)),
    "tram-sac-bai-do": Set("hp-sxd", _geojson(daily.parking)),
    "camera": Set("hp-sxd", _json(daily.cameras)),
    "du-lich-di-tich": Set("hp-svhttdl", _geojson(daily.sights)),
    "gia-cho": Set("hp-sct", _csv(living.prices)),
    "viec-lam": Set("hp-snv", _json(living.jobs)),
    "ocop": Set("hp-snnmt", _book(living.products)),
    "cung-cau": Set("hp-sct", _json(living.market), days_ago=5),
    "bang-gia-dat": Set("hp-snnmt", _book(living.land)),
    "quy-hoach": Set("hp-sxd", _geojson(living.planning)),
    "muc-phat": Set("hp-stp", _csv(living.fines)),
    "phi-le-phi": Set("hp-stc", _csv(living.fees)),
    "ho-so": Set("hp-vp-ubnd", _csv(living.dossiers)),
    "muc-nuoc-mua": Set("hp-snnmt", _whole(lambda ground: _measured("muc-nuoc", ground)), "muc-nuoc"),
    "luong-mua": Set("hp-snnmt", _whole(lambda ground: _measured("mua", ground)), "mua"),
    "khong-khi": Set("hp-snnmt", _whole(lambda ground: _measured("khong-khi", ground)), "khong-khi"),
    "noi-tranh-tru": Set("hp-snnmt", _book(living.shelters)),
}


def plant(stage: Stage) -> str:
    """Publish one dataset a template, by the department that would keep it."""
    units = [unit for unit in places.units_on(stage.today, "commune") if unit.lat is not None][:PLACES]
    owners = {view.code: view.id for view in agencies.agencies_on(stage.today)}
    ground = Ground(stage.rng, stage.today, stage.now, units, _play())
    drawn = 0
    for key, told in SETS.items():
        template = templates.TEMPLATES[key]
        file = told.make(key, ground)
        new = NewSource(
            title=template.title,
            summary=template.summary,
            agency_id=owners.get(told.owner) or next(iter(owners.values())),
            kind=file.kind,
            template=key,
            promise_hours=template.promise_hours,
            attribution="Dữ liệu dùng thử",
            illustrative=True,
            **_live(told),
        )
        then = stage.now - timedelta(days=told.days_ago)
        drawn += planting.publish_file(new, file.raw, file_name=file.name, actor=SYSTEM, now=then)
    _watch_the_river(stage)
    _connect_the_one_stop(owners, stage)
    return f"{len(SETS)} bộ dữ liệu, {drawn} mục"


def _live(told: Set) -> dict[str, Any]:
    """Return how a set of readings is read on; where nothing is played it stays as it was planted, and grows old visibly."""
    if not told.live or not settings.PLAY_PORT:
        return {}
    return {
        "place": {"url": f"{_play()}/tram/{told.live}.json"},
        "every_minutes": 15,
        "limits": {"removed": 100.0, "left": 0.0},  # hours that are over go: that is how readings are
    }


def _play() -> str:
    """Return the address of the server that plays departments' systems (connectors.adapters.play)."""
    return f"http://127.0.0.1:{settings.PLAY_PORT or 8790}"


def _connect_the_one_stop(owners: dict[str, int], stage: Stage) -> None:
    """Connect the one-stop system that is played on this machine."""
    dossiers.keep_desk(
        key="mot-cua-dung-thu",
        title="Một cửa (dùng thử)",
        agency_id=owners.get("hp-vp-ubnd") or next(iter(owners.values())),
        pattern=play.MASK,
        example=f"000.00.12.H31-{stage.today:%y%m%d}-0001",
        place={"url": f"{_play()}/ho-so/{{code}}", "auth": "bearer", **play.PATHS},
        secret={"token": play.TOKEN},
        illustrative=True,
        actor=SYSTEM,
        now=stage.now,
    )


def _watch_the_river(stage: Stage) -> None:
    """Set alarm levels on the stations of the river, by the department that keeps them; they hold for a day without new readings."""
    source = sources.source_of_template("muc-nuoc-mua")
    shown = public.dataset(source.key, now=stage.now)
    names = sorted({name for name, _at, _value in public.series(shown, Query(), now=stage.now)})
    communes = [unit.id for unit in places.units_on(stage.today, "commune")][:6]
    for number, name in enumerate(names):
        watch = sensors.Watch(
            name=name,
            quantity="Mực nước",
            measure="m",
            levels=Levels(2.2 + 0.3 * number, 2.8 + 0.3 * number, 3.4 + 0.3 * number, step=0.2),
            hazard="lu",
            agency_id=source.agency_id,
            communes=communes[2 * number : 2 * number + 2],
            stale_minutes=60 * 26,
        )
        sensors.keep_station(source.uid, watch, actor=SYSTEM, now=stage.now)
    sensors.watch(source.uid, now=stage.now)
