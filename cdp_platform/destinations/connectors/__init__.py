"""Every kind of destination."""

import os
from pathlib import Path

from cdp_platform.destinations.config import CsvDestination, PostgresDestination, Sync, WebhookDestination
from cdp_platform.destinations.connectors.base import Connector
from cdp_platform.destinations.connectors.csv import CsvChanges, CsvFile
from cdp_platform.destinations.errors import NotConfigured
from cdp_platform.shared.home import Home


def connector(sync: Sync, home: Home) -> Connector:
    """The connector of a sync. Raises NotConfigured when an environment variable that it names is not set."""
    to, fields = sync.destination, list(sync.mapping)
    match to:
        case CsvDestination():
            path: Path = home.folder / to.path
            kind = CsvFile if sync.mode == "mirror" else CsvChanges
            target = f"csv {to.path}" if sync.mode == "mirror" else f"csv {to.path} (changes)"
            return kind(path, fields, target=target, delimiter=to.delimiter, guard=to.spreadsheet_guard)
        case WebhookDestination():
            from cdp_platform.destinations.connectors.webhook import Webhook

            url = _environment(to.url_env)
            secret = _environment(to.secret_env) if to.secret_env else None
            return Webhook(
                url, secret, batch_size=to.batch_size, retries=to.retries, timeout_seconds=to.timeout_seconds
            )
        case PostgresDestination():
            try:
                from cdp_platform.destinations.connectors.postgres import Postgres
            except ModuleNotFoundError as missing:
                raise NotConfigured("its driver is missing: pip install 'cdp-platform[postgres]'") from missing
            url = _environment(to.url_env)
            return Postgres(
                url, to.table, sync.key, create=to.create, batch_size=to.batch_size, retries=to.retries
            )  # fmt: skip


def _environment(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise NotConfigured(f"not configured: set {name}")
    return value
