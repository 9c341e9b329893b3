"""The tables of the sources room: two per source, whatever its kind."""

from collections.abc import Iterable

from cdp_platform.shared.warehouse.table import Table
from cdp_platform.sources.config import Source
from cdp_platform.sources.names import column_of
from cdp_platform.sources.uses import personal, uses

LOADED = {
    "_loaded_at": "start (UTC) of the run that first brought the row as it is",
    "_source_file": "file that brought it so, relative to the company's `files` folder; else the name of the source",
    "_row_hash": "hash of the row's own columns",
}


def raw(source: Source, columns: Iterable[str] = ()) -> Table:
    """raw.<name>: rows as read. `columns` are those that the table has, to describe them by what they mean."""
    names = list(columns)
    meanings: dict[str, list[str]] = {}
    for path, purposes in uses(source).items():
        if place := column_of(path, names):
            meanings.setdefault(place[0], []).extend(purposes)
    described = {name: "means " + ", ".join(purposes) for name, purposes in meanings.items()}
    about = source.about or f"Rows of {source.name} as read."
    return Table(
        f"raw.{source.name}", about, described | LOADED, key=tuple(source.key), personal=personal(source, names)
    )


def rejected(source: Source) -> Table:
    """raw.<name>__rejected: rows that could not be read or do not stay."""
    return Table(
        f"raw.{source.name}__rejected",
        f"Rows of {source.name} that could not be read or do not stay, each with its reason.",
        {
            "file": "file, or the name of the source",
            "line": "line in the file; null where there are no lines",
            "text": "the line as it stands, or the row as JSON where it could be read",
            "reason": "why it is not in the table",
            "_loaded_at": "start (UTC) of the run that first met it",
        },
        personal=("text",),
    )
