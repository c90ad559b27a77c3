"""Makes the connector of a source from its settings."""

from collections.abc import Collection
from pathlib import Path

from django.conf import settings as site

from yici.apps.registry.connectors.files import FileConnector
from yici.apps.registry.connectors.protocol import Connector
from yici.apps.registry.connectors.rest import RestConnector
from yici.apps.registry.connectors.settings import DatabaseSettings, RestSettings, Settings, XRoadSettings
from yici.apps.registry.connectors.sql import DatabaseConnector, MariaDB, PostgreSQL
from yici.apps.registry.connectors.xroad import XRoadConnector


def connector_for(*, name: str, kind: str, settings: Settings, columns: Collection[str], most_each: int) -> Connector:
    """Return a connector; nothing is opened yet."""
    if isinstance(settings, DatabaseSettings):
        dialect = PostgreSQL(name, settings) if kind == "postgresql" else MariaDB(name, settings)
        return DatabaseConnector(dialect, settings, columns, most_each)
    if isinstance(settings, RestSettings):
        return RestConnector(name, settings, columns, most_each)
    if isinstance(settings, XRoadSettings):
        return XRoadConnector(name, settings, columns, most_each)
    return FileConnector(settings, columns, most_each, kept_in=Path(site.DATA_DIR) / "sources" / name)
