"""Which adapter reads which kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from smarthd.connectors.adapters import rest
from smarthd.connectors.adapters.dropped import FolderFile
from smarthd.connectors.adapters.fetched import Document
from smarthd.connectors.adapters.mssql import SqlServerTable
from smarthd.connectors.adapters.mysql import MySqlTable
from smarthd.connectors.adapters.ngsild import ContextBroker
from smarthd.connectors.adapters.oracle import OracleTable
from smarthd.connectors.adapters.postgres import PostgresTable
from smarthd.connectors.adapters.sensorthings import SensorThings
from smarthd.connectors.adapters.sftp import SftpFile
from smarthd.connectors.adapters.sitemaps import Sitemap
from smarthd.connectors.adapters.soap import SoapService
from smarthd.connectors.adapters.tables import DatabaseTable
from smarthd.connectors.adapters.web import Lookup, Web, lookup
from smarthd.connectors.adapters.wfs import FeatureService
from smarthd.connectors.ports import Connector
from smarthd.connectors.rules.sources import SourceKind

DATABASES: dict[SourceKind, type[DatabaseTable]] = {
    SourceKind.POSTGRES: PostgresTable,
    SourceKind.MYSQL: MySqlTable,
    SourceKind.MSSQL: SqlServerTable,
    SourceKind.ORACLE: OracleTable,
}


_SERVICES: dict[SourceKind, Callable[..., Connector]] = {
    SourceKind.API: rest.RestApi,
    SourceKind.CKAN: rest.ckan,
    SourceKind.WFS: FeatureService,
    SourceKind.SENSORTHINGS: SensorThings,
    SourceKind.NGSILD: ContextBroker,
    SourceKind.SOAP: SoapService,
    SourceKind.SITEMAP: Sitemap,
}


def connector(
    kind: SourceKind,
    place: Mapping[str, object],
    secret: Mapping[str, str],
    *,
    inside: Collection[str],
    look_up: Lookup = lookup,
    folder: Path | None = None,
) -> Connector:
    """Return what reads a source of a kind that is read; ``inside`` names hosts of our own network that may be reached,
    ``folder`` is where files for this source are put down."""
    if kind is SourceKind.FOLDER:
        return FolderFile(place, folder=folder)
    if kind is SourceKind.SFTP:
        return SftpFile(place, secret=secret, inside=inside, look_up=look_up)
    web = Web(inside=inside, look_up=look_up, per_minute=int(str(place.get("per_minute") or 0)))
    if service := _SERVICES.get(kind):
        return service(place, secret=secret, web=web)
    if database := DATABASES.get(kind):
        return database(place, secret=secret, inside=inside, look_up=look_up)
    return Document(kind, place, headers=rest.let_in(place, secret, web), web=web)
