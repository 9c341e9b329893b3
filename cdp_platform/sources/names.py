"""Names and texts as SQL writes them."""

from collections.abc import Iterable

META = ("_loaded_at", "_source_file", "_row_hash")
"""What a load adds to the columns of a source."""
RESERVED = (
    *META, "_line", "_path", "_name", "_first", "_known", "_rank_0", "_rank_1", "_empty", "_repeats", "_next",
    "_reason",
)  # fmt: skip
"""Names that a column of a source cannot have: a number is added to it."""


def quoted(name: str) -> str:
    """A column name between double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text between single quotes."""
    return "'" + text.replace("'", "''") + "'"


def listed(names: Iterable[str]) -> str:
    """Column names, quoted, with commas between."""
    return ", ".join(quoted(name) for name in names)


def pointer(keys: Iterable[str]) -> str:
    """A JSON pointer (RFC 6901); unlike a JSON path it takes keys with dots, blanks and quotes."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def usable(names: Iterable[str]) -> list[str]:
    """Column names that can stand in one table: not empty, not twice (case does not tell apart), not ours."""
    taken: set[str] = set(RESERVED)
    found: list[str] = []
    for position, said in enumerate(names, start=1):
        wanted = name = said.strip() or f"column_{position}"
        number = 2
        while name.casefold() in taken:
            name, number = f"{wanted}_{number}", number + 1
        taken.add(name.casefold())
        found.append(name)
    return found


def column_of(path: str, columns: Iterable[str]) -> tuple[str, tuple[str, ...]] | None:
    """The column that a dotted path starts at and the keys below it; None when there is no such column.

    A column whose own name holds the dots wins. Case does not tell columns apart.
    """
    by_name = {column.casefold(): column for column in columns}
    if path.casefold() in by_name:
        return by_name[path.casefold()], ()
    head, *rest = path.split(".")
    if rest and head.casefold() in by_name:
        return by_name[head.casefold()], tuple(rest)
    return None
