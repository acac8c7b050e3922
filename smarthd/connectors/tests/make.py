"""Builders: agencies, officials, a source mapped and published through services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model

from smarthd.agencies import selectors as agencies
from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Role
from smarthd.connectors.models import Run, Source
from smarthd.connectors.ports import Table
from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.mapping import Mapping, suggest
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.services import publishing, reading, sources
from smarthd.kernel.actor import Actor, system

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
SYSTEM = system("test")
COLUMNS = ("Mã", "Tên", "Giờ mở cửa")


def rows(count: int, *, start: int = 1, hours: str = "7h–21h") -> list[tuple[str, ...]]:
    return [(f"NT{n}", f"Nhà thuốc {n}", hours) for n in range(start, start + count)]


def table(found: Iterable[tuple[str, ...]], columns: tuple[str, ...] = COLUMNS, digest: str = "") -> Table:
    return Table(columns, [Line(number, row) for number, row in enumerate(found, start=2)], digest=digest)


def source(agency_id: int, kind: SourceKind = SourceKind.UPLOAD, **told: object) -> Source:
    new = sources.NewSource(title=str(told.pop("title", "Nhà thuốc")), agency_id=agency_id, kind=kind, **told)  # type: ignore[arg-type]
    return sources.make_source(new, actor=SYSTEM, now=NOW)


def mapped(made: Source, mapping: Mapping | None = None) -> Source:
    made.mapping = (mapping or suggest(COLUMNS, rows(5))).as_json()
    made.save(update_fields=["mapping"])
    return made


def read(made: Source, found: Table, *, now: datetime = NOW) -> Run:
    made.refresh_from_db()
    run = reading.begin(made, actor=SYSTEM, now=now)
    reading.finish(made, run, found, now=now)
    return run


def published(made: Source, found: Table, *, now: datetime = NOW) -> Source:
    run = read(made, found, now=now)
    publishing.publish(uid=made.uid, number=int(run.counts["version"]), actor=SYSTEM, now=now)
    made.refresh_from_db()
    return made


def official(agency_id: int, *roles: Role, second_factor: bool = True) -> Actor:
    account = get_user_model().objects.create(full_name="Trần Thị Bình", created_at=NOW)
    for role in roles:
        agency_services.grant_role(
            account_id=account.pk, agency_id=agency_id, role=role, actor=SYSTEM, now=NOW - timedelta(days=9)
        )
    return agencies.actor_for(account.pk, NOW, second_factor=second_factor)


def keys_of(made: Source) -> set[str]:
    from smarthd.connectors.models import DataRow

    return set(DataRow.objects.filter(source=made, until=None).values_list("key", flat=True))


NOBODY = UUID(int=0)
